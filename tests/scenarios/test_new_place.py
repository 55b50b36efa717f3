"""A made-up county from its tables alone, through the command line: init, fill in, check, run."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from tests import starter
from tests.starter import BEDS, NEW, NEW_NURSING, NURSING, fill_tables, fill_yaml, switch_on


def carecap(*words):
    done = CliRunner().invoke(app, [*map(str, words), "--lang", "en"])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "mou"
    carecap("init", "mou", "--dir", folder, "--district", "North", "--district", "S-1")
    return folder


@pytest.fixture(scope="module")
def tables(folder):
    switch_on(folder / "place.yaml", folder / "mou.yaml")
    homes = (folder / "homes.csv").read_text(encoding="utf-8-sig").splitlines()
    north = [line for line in homes if ",S-1," not in line]
    (folder / "homes.csv").write_text("\n".join(north) + "\n", encoding="utf-8")
    fill_tables(folder)
    for name in ("place.yaml", "mou.yaml", "policy.yaml"):
        fill_yaml(folder / name)
    assert "mou: good; 2 districts, 800 beds in 2022-12" in carecap("check", folder / "mou.yaml")
    output = carecap("run", folder / "mou.yaml", "-n", "1", "--jobs", "1", "--out", folder / "out")
    run = output.splitlines()[-1]
    return {name: pd.read_csv(f"{run}/{name}.csv") for name in ("summary", "targets", "costs", "population")}


def test_the_target_of_the_plan_is_tested_against_what_the_plan_opens(tables):
    row = tables["targets"].query("clause_id == 'mou.2.1' and evaluated_on == '2025-12-31'").iloc[0]
    share = 100 * (NURSING + NEW_NURSING) / (BEDS + NEW)
    assert row["value_run0"] == pytest.approx(share, abs=1e-4)
    assert (row["target"], row["status"]) == (starter.NURSING_TARGET, "met if delivered as planned")
    assert share > starter.NURSING_TARGET


def test_the_standard_has_its_row_and_says_that_it_can_not_be_computed(tables):
    rows = tables["targets"].query("clause_id == 'mou.4.1'")
    assert set(rows["status"]) == {"not computable"}


def test_the_subsidy_is_paid_by_whom_the_plan_names(tables):
    rows = tables["costs"].query("measure == 'bed_construction_new' and amount_yuan_run0 > 0")
    (row,) = rows.to_dict("records")
    assert (row["year"], row["payer"], row["quantity"]) == (2024, "district", NEW)
    assert row["amount_yuan_run0"] == NEW * starter.YUAN_PER_BED
    total = tables["costs"].query("measure == 'total' and payer == 'total'")["amount_yuan_run0"].sum()
    assert total == NEW * starter.YUAN_PER_BED


def test_people_live_where_the_codes_of_the_user_say(tables):
    people = tables["population"].query("year == 2020").groupby("region_code")["persons_run0"].sum()
    assert set(people.index) == {"North", "S-1", "total"}
    start = 2 * 6 * starter.PERSONS
    assert people.to_dict() == pytest.approx({"North": start, "S-1": start, "total": 2 * start}, rel=0.05)


def test_the_county_without_its_plan_opens_nothing(folder, tables):
    output = carecap("run", folder / "mou-no-plan.yaml", "-n", "1", "--jobs", "1", "--out", folder / "out")
    costs = pd.read_csv(f"{output.splitlines()[-1]}/costs.csv")
    assert costs["amount_yuan_run0"].sum() == 0
    assert len(tables["costs"]) > 0
