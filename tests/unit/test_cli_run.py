import itertools
import json
import sys
import types

import made_up
import pytest
from typer.testing import CliRunner

from sim import store
from sim.api import load_run
from sim.cli import wording
from sim.cli.main import app
from sim.ensemble.costs import total_status
from sim.ensemble.run import run_scenario
from sim.policy import targets
from sim.policy.book import PolicyBook
from sim.scenario.resolve import resolve
from sim.scenario.uncertain import drawn, quantities
from sim.tables import ALL, TOTAL

BEDS = {
    ("registered_beds", ALL): (9688, 10388), ("registered_beds", "nursing"): (5586, 5886),
    ("expressed_gap", ALL): (100, 560), ("waiting", ALL): (90, 700), ("vacant_open_beds", ALL): (4000, 4418),
    ("residents_60plus", ALL): (365000, 400000), ("entered_60", ALL): (300, 300),
    ("open_beds", ALL): (8000, 8518),
    ("bed_demand", ALL): (4000, 4800), ("occupied", ALL): (3900, 4100),
}  # fmt: skip


SHARES: dict[str, float] = {}
"""Nursing-bed share by month, where it is not that of the plan."""


def simulate(scenario, seed, run):
    first, months = scenario.horizon.first, scenario.horizon.months
    book = PolicyBook.load(scenario.policy)
    rows = []
    for month in range(first.index, first.index + months):
        for (metric, kind), (before, after) in BEDS.items():
            value = after if month > book.notice.index else before
            rows.append({"table": "summary", "month": month, "metric": metric, "region_code": TOTAL,
                         "bed_kind": kind, "value": value + run * (metric == "waiting")})  # fmt: skip
    for month, clause, indicator, denominator in targets.evaluations(book, first, first.plus(months - 1)):
        share = SHARES.get(str(month), 100 * 5886 / 10388)
        value = share if indicator == "nursing_bed_share" else float("nan")
        rows.append({"table": "targets", "month": month.index, "clause_id": clause, "indicator": indicator,
                     "denominator": denominator, "value": value})  # fmt: skip
    rows.append({"table": "costs", "month": first.plus(37).index, "metric": "amount_fen",
                 "measure": "canteen_upgrade", "clause_id": "yinchuan.2.4.a", "payer": "unassigned",
                 "value": 300_000_000})  # fmt: skip
    return made_up.part(rows)


@pytest.fixture(autouse=True)
def model(monkeypatch):
    """The made-up model in the place of the real one, in this process."""
    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=simulate))


def carecap(*words):
    return CliRunner().invoke(app, [*words, "--jobs", "1"])


def test_run_prints_the_finding_and_last_the_folder(tmp_path):
    done = carecap("run", "yinchuan", "-n", "3", "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 0, done.output
    lines = done.stdout.strip().split("\n")
    (folder,) = tmp_path.iterdir()
    assert lines[-1] == str(folder)
    assert lines[0].startswith(
        "End of 2025: 560 beds short where people queue, 700 (701 to 702) people waiting, "
        "while 4,418 open beds stand empty; 0 of "
    )
    told = (
        "3,000,000.00 yuan spent from 2020-11 to 2025-12 (incomplete: some amounts are not given; at rates "
        "that are not in the document)."
    )
    assert lines[0].endswith(told)
    assert "647 nursing beds among the 700 new ones, or 347 more by conversion, or 867 more" in done.stdout
    assert "figures before 2023-09-06 are reconstructed" in done.stdout
    assert folder.name.startswith("yinchuan-")
    assert sorted(path.name for path in folder.iterdir()) == [
        "budget.csv", "charges.csv", "contradictions.csv", "costs.csv", "draws.csv", "drivers.csv", "gap.png",
        "manifest.json", "parts", "population.csv", "scenario.resolved.yaml", "summary.csv", "targets.csv",
        "uncertainty.csv", "waits.csv",
    ]  # fmt: skip
    points = store.read_table(folder / "contradictions.csv").to_pylist()
    assert "56.66%" in points[0]["zh"]
    assert f"on {len(points)} points; how each is treated: contradictions.csv" in done.stdout
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "contradictions.csv" in manifest["outputs"]
    assert "━" not in done.output  # no progress bar without a terminal


@pytest.mark.parametrize(
    ("end", "shares", "advised"),
    [("2024-12", {}, True), ("2025-12", {"2025-12": 61.0}, False), ("2023-06", {}, False)],
)
def test_advice_follows_the_last_test_of_the_share(tmp_path, monkeypatch, end, shares, advised):
    monkeypatch.setattr(sys.modules[__name__], "SHARES", shares)
    done = carecap(
        "run", "yinchuan", "-n", "1", "--out", str(tmp_path), "--lang", "en", "--set", f"horizon.end={end}"
    )
    assert done.exit_code == 0
    assert ("647 nursing beds among the 700" in done.stdout) is advised


def test_manifest_says_what_was_run(tmp_path):
    carecap(
        "run", "yinchuan", "-n", "2", "--seed", "7", "--out", str(tmp_path), "--set", "horizon.end=2024-12"
    )
    (folder,) = tmp_path.iterdir()
    manifest = store.read_manifest(folder)
    assert manifest["command"] == [
        "carecap",
        "run",
        "yinchuan",
        "-n",
        "2",
        "--seed",
        "7",
        "--set",
        "horizon.end=2024-12",
    ]
    assert (manifest["seed"], manifest["n_runs"], manifest["runs_made_now"]) == (7, 2, 2)
    assert manifest["residents_start"] == 365000 - 300
    assert manifest["horizon"]["end"] == "2024-12"
    assert folder.name == f"yinchuan-{manifest['key'][:8]}"
    assert {"carecap", "numba", "numpy", "pyarrow"} <= set(manifest["versions"])
    census = next(one for one in manifest["inputs"] if one["file"].endswith("census.csv"))
    assert census["rows"] > 0
    assert len(census["sha256"]) == 64
    assert not [one for one in manifest["inputs"] if one["file"].startswith("/")]
    assert set(manifest["outputs"]) >= {"summary.csv", "parts/run=001.parquet", "scenario.resolved.yaml"}
    for name, digest in manifest["outputs"].items():
        assert store.file_hash(folder / name) == digest


def test_second_run_finds_all_parts_and_gives_the_same_tables(tmp_path):
    words = ("run", "yinchuan", "-n", "2", "--out", str(tmp_path))
    carecap(*words)
    (folder,) = tmp_path.iterdir()
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    (folder / "summary.csv").write_text("spoilt")
    assert carecap(*words).exit_code == 0
    assert store.read_manifest(folder)["runs_made_now"] == 0
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before
    assert len(list(tmp_path.iterdir())) == 1


def test_more_runs_keep_the_earlier_parts_and_fewer_use_only_theirs(tmp_path):
    carecap("run", "yinchuan", "-n", "2", "--out", str(tmp_path))
    (folder,) = tmp_path.iterdir()
    two = (folder / "summary.csv").read_bytes()
    carecap("run", "yinchuan", "-n", "4", "--out", str(tmp_path))
    assert store.read_manifest(folder)["runs_made_now"] == 2
    assert (folder / "summary.csv").read_bytes() != two
    carecap("run", "yinchuan", "-n", "2", "--out", str(tmp_path))
    assert (folder / "summary.csv").read_bytes() == two


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_status_of_a_total_has_its_words(lang):
    kinds = [{"in document"}, {"not in document"}, {"size not known"}, {"not given"}]
    for statuses in (set().union(*some) for n in range(5) for some in itertools.combinations(kinds, n)):
        said = wording.rates(total_status(statuses, statuses), lang)
        assert bool(said) == bool(statuses - {"in document"})


def test_chinese(tmp_path):
    done = carecap("run", "yinchuan", "-n", "1", "--out", str(tmp_path), "--lang", "zh")
    assert "2025年底：排队处缺床 560 张，等候 700 人，同时空置开放床位 4418 张" in done.stdout
    assert "300.00 万元（不完整：部分金额未给出；标准文件未规定）。" in done.stdout
    assert "新增的 700 张床位中护理型应有 647 张" in done.stdout


@pytest.mark.parametrize(
    "words", [("no-such-place",), ("yinchuan", "-n", "0"), ("yinchuan", "--set", "x.y=1")]
)
def test_invalid_input_is_exit_2_and_leaves_nothing(tmp_path, words):
    assert carecap("run", *words, "--out", str(tmp_path)).exit_code == 2
    assert not list(tmp_path.iterdir())


def test_failing_replication_is_exit_1(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=made_up.simulate_wrong))
    done = carecap("run", "yinchuan", "-n", "3", "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 1
    assert "made up" in done.output
    assert "2 of 3 replications are kept" in done.output
    assert "Traceback" not in done.output


def test_interrupted_is_exit_130_and_goes_on(tmp_path, monkeypatch):
    words = ("run", "yinchuan", "-n", "5", "--out", str(tmp_path), "--lang", "en")
    real = sys.modules["sim.model"]
    monkeypatch.setitem(
        sys.modules, "sim.model", types.SimpleNamespace(simulate=made_up.simulate_interrupted)
    )
    done = carecap(*words)
    assert done.exit_code == 130
    assert "3 of 5 replications are kept" in done.output
    monkeypatch.setitem(sys.modules, "sim.model", real)
    assert carecap(*words).exit_code == 0
    (folder,) = tmp_path.iterdir()
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["runs_made_now"] == 2


def test_the_headline_names_the_months_of_its_money(tmp_path):
    """A run that ends in June has a state of the December before and money of all its months."""
    done = carecap("run", "yinchuan", "--set", "horizon.end=2024-06", "--out", str(tmp_path), "--lang", "en")
    headline = done.stdout.split("\n")[0]
    assert headline.startswith("End of 2023: ")
    assert "3,000,000.00 yuan spent from 2020-11 to 2024-06" in headline
    assert "(last tested by 2023-12-31)" in headline


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--until-mcse", "soon"), "'soon' is not a share of the mean; write 1% or 0.01"),
        (("--until-mcse", "1%", "-n", "20"), "20 replications are too few to stop by an error"),
        (("--until-mcse", "1%", "--set", "horizon.end=2020-11"), "the run holds no 31 December"),
    ],
)
def test_options_that_stop_a_run_are_checked(tmp_path, words, told):
    done = carecap("run", "yinchuan", *words, "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 2
    assert told in done.output
    assert not list(tmp_path.iterdir())


def test_a_run_stops_by_itself_and_says_so(tmp_path):
    """The made-up gap is the same in every run, so 30 are enough."""
    done = carecap("run", "yinchuan", "--until-mcse", "1%", "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "stopped after 30 replications: the standard error of beds short is 0% of its mean" in done.stdout
    (folder,) = tmp_path.iterdir()
    assert store.read_manifest(folder)["n_runs"] == 30
    assert len(list(folder.glob("parts/*"))) == 30


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "the exit code is 3: goal not reached"), ("zh", "结果表均已写出；退出码为 3")],
)
def test_a_goal_that_is_not_reached_is_exit_3_with_all_results(tmp_path, monkeypatch, lang, told):
    def wobbling(scenario, seed, run):
        part = simulate(scenario, seed, run).to_pandas()
        part.loc[part.metric == "expressed_gap", "value"] += 10 * (run % 7)
        return made_up.part(part.to_dict("records"))

    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=wobbling))
    words = ("run", "yinchuan", "-n", "31", "--out", str(tmp_path), "--lang", lang, "--set", "uncertain=[]")
    done = carecap(*words, "--until-mcse", "0.1%")
    assert done.exit_code == 3, done.output
    assert told in done.stdout
    (folder,) = tmp_path.iterdir()
    assert done.stdout.strip().split("\n")[-1] == str(folder)
    assert store.read_manifest(folder)["n_runs"] == 31
    assert (folder / "summary.csv").is_file()
    assert carecap(*words).exit_code == 0
    assert carecap(*words, "--until-mcse", "50%").exit_code == 0


def test_what_was_drawn_is_written_with_the_same_bytes_however_it_was_run(tmp_path):
    """In one go, or fewer runs first in another order; every value is the one that the model was given."""
    seen = {}

    def noting(scenario, seed, run):
        seen[run] = quantities(scenario)
        return simulate(scenario, seed, run)

    for out, rounds in ((tmp_path / "at-once", (6,)), (tmp_path / "bit-by-bit", (2, 6))):
        for runs in rounds:
            result = run_scenario(resolve("yinchuan"), seed=3, runs=runs, out=out, jobs=1, simulate=noting)
        (out / "draws").write_bytes(result.folder.table("draws").read_bytes())
    raw = (tmp_path / "at-once" / "draws").read_bytes()
    assert raw == (tmp_path / "bit-by-bit" / "draws").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfrun,key,value,unit\n0,applying.")
    assert b"\n0,applying.family_alone,2.4,factor\n" in raw
    scenario = resolve("yinchuan").scenario
    rows = load_run(result.folder.path).draws
    assert len(rows) == 6 * len(drawn(scenario))
    assert [str(kind) for kind in rows.dtypes[["run", "value"]]] == ["int64", "float64"]
    for run, key, value, unit in rows.itertuples(index=False):
        assert value == seen[run][key].quantity.value
        assert unit == seen[run][key].quantity.unit
    wide = rows.pivot_table(index="run", columns="key", values="value")
    assert (wide.loc[3] == wide.loc[4]).all()
    assert (wide.loc[2] != wide.loc[3]).all()
    manifest = store.read_manifest(result.folder.path)
    assert manifest["outputs"]["draws.csv"] == store.file_hash(result.folder.table("draws"))


def test_where_nothing_is_drawn_the_table_of_draws_has_no_row(tmp_path):
    carecap("run", "yinchuan", "-n", "2", "--out", str(tmp_path), "--set", "uncertain=[]")
    (folder,) = tmp_path.iterdir()
    assert (folder / "draws.csv").read_bytes() == b"\xef\xbb\xbfrun,key,value,unit\n"
    assert load_run(folder).draws.empty


@pytest.mark.parametrize("verb", [("run", "yinchuan"), ("compare", "yinchuan", "yinchuan-no-plan")])
@pytest.mark.parametrize("address", ["", "somewhere", "tcp://127.0.0.1:1", "tcp://127.0.0.1", "http://x:1"])
def test_a_cluster_that_is_none_is_one_clear_line(tmp_path, monkeypatch, verb, address):
    pytest.importorskip("distributed", reason="Dask is not installed: the extra [cluster]")
    monkeypatch.setattr("sim.ensemble.cluster._CONNECT_SECONDS", 0.2)
    done = carecap(*verb, "--cluster", address, "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 2, done.output
    assert "--cluster" in done.output
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_system_without_a_file_names_none(tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.ensemble.run.run_scenario", full)
    done = carecap("run", "yinchuan", "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 1
    assert done.output.strip().endswith("failed: No space left on device")
