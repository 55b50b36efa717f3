"""Yinchuan at full scale, as a planner runs it: the numbers of its plan and the bars of the model."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.policy.book import PolicyBook
from sim.scenario.resolve import load_scenario
from sim.store import TABLES

SCENARIO = load_scenario("yinchuan")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Two runs of two replications with one seed: one job and two jobs."""
    folders, outputs = [], []
    for jobs in (1, 2):
        out = tmp_path_factory.mktemp(f"jobs{jobs}")
        answer = CliRunner().invoke(
            app, ["run", "yinchuan", "-n", "2", "--seed", "4", "--jobs", str(jobs), "--out", str(out)]
        )
        assert answer.exit_code == 0, answer.output
        (folder,) = out.iterdir()
        folders.append(folder)
        outputs.append(answer.stdout)
    return folders, outputs


@pytest.fixture(scope="module")
def tables(ran):
    return {
        path.stem: pd.read_csv(path, encoding="utf-8-sig", dtype={"region_code": str})
        for path in ran[0][0].glob("*.csv")
    }


def test_same_bytes_with_one_and_with_two_jobs(ran):
    one, two = ran[0]
    files = sorted(
        path.relative_to(one)
        for path in one.rglob("*")
        if path.is_file() and path.suffix in (".parquet", ".csv")
    )
    assert len(files) == 2 + len(TABLES)
    for file in files:
        assert (one / file).read_bytes() == (two / file).read_bytes(), file
    assert one.name == two.name


def test_the_last_line_is_the_folder(ran):
    for folder, output in zip(*ran, strict=True):
        assert output.rstrip().splitlines()[-1] == str(folder)


def test_everybody_of_the_census_is_there(ran):
    manifest = json.loads((ran[0][0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["residents_start"] == 365_778


def test_nursing_share_of_the_plan_as_written(tables):
    rows = tables["targets"].query("clause_id == 'yinchuan.2.2.c' and evaluated_on == '2023-12-31'")
    assert rows["value_run0"].round(2).tolist() == [56.66]
    assert rows["status"].tolist() == ["not met if delivered as planned"]
    assert rows["prob_met"].isna().all()


def test_the_headline_tells_three_ways_to_sixty_percent(ran):
    for output in ran[1]:
        assert "647 nursing beds among the 700" in output
        assert "347 more by conversion" in output
        assert "867 more nursing beds on top" in output


def test_every_target_has_a_row_and_a_status(tables):
    book = PolicyBook.load(SCENARIO.policy)
    wanted = {clause.id for clause in book.clauses if clause.kind == "target"}
    assert wanted <= set(tables["targets"]["clause_id"])
    assert tables["targets"]["status"].str.len().gt(0).all()
    assert (tables["targets"]["evaluated_on"] >= book.document.date).all()
    denominators = tables["targets"].query("clause_id == 'yinchuan.2.1.c' and evaluated_on == '2023-12-31'")
    assert len(denominators) == 4
    assert denominators["status"].str.startswith("denominator not in document").all()


def test_share_in_homes_at_the_end_of_2022(tables):
    summary = tables["summary"].query("year == 2022 and region_code == 'total' and bed_kind == 'all'")
    values = summary.set_index("metric")["run0"]
    assert 0.007 <= values["occupied"] / values["residents_60plus"] <= 0.012


def test_stocks_of_the_plan(tables):
    total = tables["summary"].query("region_code == 'total' and metric == 'registered_beds'")
    beds = total.pivot_table(index="year", columns="bed_kind", values="run0")
    assert beds.loc[2023, ["all", "nursing"]].tolist() == [10_388, 5_886]
    assert beds.loc[2025, ["all", "nursing"]].tolist() == [10_388, 5_886]
    assert beds.loc[2020, "all"] < beds.loc[2022, "all"] < 9_688


def test_summary_foots(tables):
    """Districts add up to the total, kinds to all; demand is residents and waiting.

    A table holds six decimals: seven rounded numbers may miss by seven halves of the last one.
    """
    rounding = 7 * 0.5e-6
    summary = tables["summary"]
    by_region = summary.pivot_table(
        index=["year", "metric", "bed_kind"], columns="region_code", values="run0"
    )
    assert ((by_region.drop(columns="total").sum(axis=1) - by_region["total"]).abs() <= rounding).all()
    kinds = summary.pivot_table(
        index=["year", "metric", "region_code"], columns="bed_kind", values="run0"
    ).dropna()
    assert ((kinds["ordinary"] + kinds["nursing"] - kinds["all"]).abs() <= rounding).all()
    wide = summary[summary.bed_kind == "all"].pivot_table(
        index=["year", "region_code"], columns="metric", values="run0"
    )
    assert (wide["bed_demand"] == wide["occupied"] + wide["waiting"]).all()
    assert (wide["vacant_open_beds"] == wide["open_beds"] - wide["occupied"]).all()
    assert (wide["expressed_gap"] >= wide["bed_demand"] - wide["open_beds"]).all()
    assert (wide["open_beds"] <= wide["registered_beds"]).all()


def test_costs_foot_and_name_their_clause(tables):
    costs = tables["costs"]
    lines = costs[costs.measure != "total"]
    total = costs[(costs.measure == "total") & (costs.payer == "total")].set_index("year")["amount_yuan_run0"]
    assert (lines.groupby("year")["amount_yuan_run0"].sum() == total).all()
    by_measure = lines.groupby(["year", "measure"])["amount_yuan_run0"].sum()
    assert by_measure[2023, "canteen_upgrade"] == 3_000_000
    assert by_measure[2023, "old_age_allowance"] == 0  # no rate in the document, none given
    assert lines["clause_id"].str.startswith("yinchuan.").all()
    given = lines["amount_yuan_run0"] > 0
    assert set(lines.loc[given, "measure"]) == {"canteen_upgrade"}
    assert set(lines.loc[given, "rate_status"]) == {"not in document"}
    assert set(lines.loc[lines["measure"] != "canteen_upgrade", "rate_status"]) == {"not given"}


def test_population_adds_up_to_the_residents(tables):
    persons = tables["population"].groupby(["year", "region_code"])["persons_run0"].sum()
    residents = (
        tables["summary"].query("metric == 'residents_60plus'").set_index(["year", "region_code"])["run0"]
    )
    assert (persons == residents.loc[persons.index]).all()


@pytest.mark.parametrize("name", ["yinchuan", "yinchuan-no-plan"])
def test_every_shipped_scenario_runs_to_2040_by_one_line(name):
    assert load_scenario(name, ["horizon.end=2040-12"]).horizon.months == 242
