"""What differs between two scenarios: old and new value, unit, where it was written, and by which clause."""

import pytest

from sim.decide.inputs import differences, table
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import resolve
from sim.tables import DIFF_INPUTS_COLUMNS


@pytest.fixture(scope="module")
def yinchuan():
    return resolve("yinchuan")


def by_key(base, alt):
    return {one.key: one for one in differences(base, alt)}


def test_old_and_new_value_unit_origin_clauses_and_component(yinchuan):
    settings = ["pipeline.plan-beds.nursing_beds=647", "rates.canteen_upgrade=120000"]
    found = by_key(yinchuan, resolve("yinchuan", settings))
    assert set(found) == {"pipeline.plan-beds.nursing_beds", "rates.canteen_upgrade"}
    beds, rate = found["pipeline.plan-beds.nursing_beds"], found["rates.canteen_upgrade"]
    assert (beds.base_value, beds.alt_value, beds.component) == ("300", "647", "capacity")
    assert beds.clauses == ("yinchuan.2.1.b", "yinchuan.2.2.b")
    assert beds.base_origin.startswith("scenarios/yinchuan.yaml:")
    assert (beds.alt_origin, beds.alt_status) == ("command line", "assumption")
    assert (rate.base_value, rate.alt_value, rate.unit) == ("100000", "120000", "yuan")
    assert (rate.component, rate.clauses) == ("price", ("yinchuan.2.4.a",))
    assert (rate.base_status, rate.alt_status) == ("derived", "assumption")
    line = int(beds.base_origin.rpartition(":")[2])
    text = (scenarios_folder() / "yinchuan.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert "300" in text


def test_an_item_that_one_lacks_is_told_without_its_defaults(yinchuan):
    found = by_key(yinchuan, resolve("yinchuan-no-plan"))
    assert found["pipeline.plan-beds.beds"].alt_value == ""
    assert found["pipeline.plan-beds.beds"].base_value == "700"
    assert "pipeline.plan-beds.built" not in found
    assert {one.component for one in found.values()} == {"capacity"}


def test_names_and_sources_are_no_differences(yinchuan, tmp_path):
    twin = tmp_path / "twin.yaml"
    twin.write_text(
        "extends: yinchuan\nname: twin\ntitle: {zh: 孪生, en: A twin}\n"
        "rates: {canteen_upgrade: {source: read again, status: derived}}\n",
        encoding="utf-8",
    )
    assert differences(yinchuan, resolve(twin)) == []


def test_another_law_is_told_clause_by_clause(yinchuan, tmp_path):
    law = (scenarios_folder() / "policy" / "yinchuan.yaml").read_text(encoding="utf-8")
    assert law.count("value: 60") >= 1
    (tmp_path / "law.yaml").write_text(law.replace("value: 60", "value: 55", 1), encoding="utf-8")
    (tmp_path / "other.yaml").write_text("extends: yinchuan\npolicy: law.yaml\n", encoding="utf-8")
    found = differences(yinchuan, resolve(tmp_path / "other.yaml"))
    assert {one.component for one in found} == {"policy"}
    changed = [one for one in found if one.key.startswith("policy.clauses.")]
    assert [(one.base_value, one.alt_value) for one in changed] == [("60", "55")]
    assert changed[0].clauses[0].startswith("yinchuan.")
    assert f"policy.clauses.{changed[0].clauses[0]}." in changed[0].key
    assert changed[0].alt_origin.startswith("law.yaml:")


def test_the_table_has_a_row_for_each(yinchuan):
    found = differences(yinchuan, resolve("yinchuan-no-plan"))
    made = table(found, "a", "b")
    assert tuple(made.column_names) == DIFF_INPUTS_COLUMNS
    assert len(made) == len(found) > 3
    assert made["clause_ids"].to_pylist()[0].startswith("yinchuan.")
