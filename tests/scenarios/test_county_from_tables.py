"""A sixth place: a census table and a number of beds, all else by national default, run as a user runs it."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.tables import TARGETS_COLUMNS
from tests.county import BEDS, RESIDENTS_60PLUS, write_county


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    path = write_county(folder)
    answer = CliRunner().invoke(
        app, ["run", str(path), "-n", "3", "--jobs", "1", "--lang", "en", "--out", str(folder / "out")]
    )
    assert answer.exit_code == 0, answer.output
    (run,) = (folder / "out").iterdir()
    return run, answer.output


@pytest.fixture(scope="module")
def tables(ran):
    return {
        path.stem: pd.read_csv(path, encoding="utf-8-sig", dtype={"region_code": str})
        for path in ran[0].glob("*.csv")
    }


def of_total(tables, metric, kind="all"):
    rows = tables["summary"].query(
        "metric == @metric and bed_kind == @kind and region_code == 'total'", engine="python"
    )
    return rows.set_index("year")["run0"]


def test_the_headline_tells_beds_and_no_plan(ran):
    _, output = ran
    assert re.search(
        r"End of 2025: [\d,]+ .*beds short where people queue, [\d,]+ .*people waiting, while", output
    )
    assert "no plan document is given, so there are no targets and no subsidies" in output
    assert "reconstructed" not in output, "without a notice nothing is before it"
    assert "yuan" not in output


def test_the_headline_in_chinese(tmp_path):
    answer = CliRunner().invoke(
        app,
        ["run", str(write_county(tmp_path)), "-n", "1", "--jobs", "1", "--lang", "zh", "--set",
         "horizon.end=2020-12", "--out", str(tmp_path / "out")],
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert "未给出方案文件" in answer.stdout


def test_all_tables_and_the_chart_are_there(ran, tables):
    folder, _ = ran
    assert {"summary", "targets", "costs", "waits", "population"} <= set(tables)
    assert (folder / "gap.png").stat().st_size > 10_000
    assert tables["targets"].columns.tolist() == list(TARGETS_COLUMNS)
    assert tables["targets"].empty
    assert tables["costs"].empty
    assert not tables["waits"].empty
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["notice"] is None


def test_everybody_of_the_table_is_there(ran, tables):
    manifest = json.loads((ran[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["residents_start"] == RESIDENTS_60PLUS
    persons = tables["population"].groupby("year")["persons_run0"].sum()
    residents = of_total(tables, "residents_60plus")
    districts = tables["population"].groupby(["year", "region_code"])["persons_run0"].sum()
    assert (districts.xs("990001", level="region_code") == residents).all()
    assert (persons >= residents).all()


def test_beds_and_their_use_make_sense(tables):
    assert set(of_total(tables, "registered_beds")) == {BEDS}
    open_beds = of_total(tables, "open_beds")
    occupied = of_total(tables, "occupied")
    assert (open_beds <= 0.82 * BEDS).all(), "operators open so many; caregivers limit how many can be used"
    assert (open_beds >= 0.5 * BEDS).all()
    assert (occupied <= open_beds).all()
    share = occupied / of_total(tables, "residents_60plus")
    assert share.between(0.005, 0.013).all(), "about 0.9 percent of those aged 60+ live in homes"
    assert (of_total(tables, "waiting") > 0).all()
