"""`carecap compare` from the command line, with a made-up model in the place of the real one."""

import functools
import json
import shutil
import sys
import types

import made_up
import pytest
from typer.testing import CliRunner

from sim import store
from sim.cli.compare import SHOWN_INPUTS
from sim.cli.main import app
from sim.decide import compare
from sim.ensemble.run import run_scenario
from sim.errors import RunError
from sim.months import Month
from sim.policy import targets
from sim.policy.book import PolicyBook
from sim.scenario.resolve import resolve
from sim.scenario.uncertain import drawn
from sim.tables import (
    ALL,
    DECOMPOSITION_COLUMNS,
    DIFF_COLUMNS,
    DIFF_COSTS_COLUMNS,
    DIFF_INPUTS_COLUMNS,
    DIFF_TARGETS_COLUMNS,
    DIFF_WAITS_COLUMNS,
    TOTAL,
)

FILES = {
    "diff": DIFF_COLUMNS, "diff_costs": DIFF_COSTS_COLUMNS, "diff_inputs": DIFF_INPUTS_COLUMNS,
    "diff_targets": DIFF_TARGETS_COLUMNS, "diff_waits": DIFF_WAITS_COLUMNS,
    "decomposition": DECOMPOSITION_COLUMNS,
}  # fmt: skip
YEAR = 2024
BOTH = """extends: yinchuan
name: both
title: {zh: 两项, en: Both}
families: {hours_given_child_near: 4}
pipeline: [{id: plan-beds, nursing_beds: 647}]
rates: {canteen_upgrade: 200000}
"""


book_of = functools.lru_cache(PolicyBook.load)


def simulate(scenario, seed, run):
    """A gap of 500 beds, less for nursing beds and for hours of families, and less than both for both."""
    beds = scenario.pipeline[0].nursing_beds - 300 if scenario.pipeline else 0
    hours = scenario.families.hours_given_child_near.value - 3
    gap = 500 + 7 * run - beds // 10 - 3 * hours * run + (beds > 0) * hours * run
    rows = []
    for month, metric, value in (
        (Month.of(YEAR, 12).index, "expressed_gap", gap),
        (Month.of(YEAR, 12).index, "waiting", gap + 50),
        (Month.of(YEAR, 12).index, "vacant_open_beds", 4000),
        (scenario.horizon.first.index, "residents_60plus", 1000),
    ):
        rows.append({"table": "summary", "month": month, "metric": metric, "region_code": TOTAL,
                     "bed_kind": ALL, "value": value})  # fmt: skip
    waited = {"table": "waits", "metric": "admitted", "month": Month.of(YEAR, 3).index, "ownership": "public",
              "region_code": "640104", "bed_kind": "nursing", "tier": "1"}  # fmt: skip
    rows += [{**waited, "value": days - beds // 100} for days in (100, 200)]
    book = book_of(scenario.policy)
    last = scenario.horizon.first.plus(scenario.horizon.months - 1)
    for month, clause, indicator, denominator in targets.evaluations(book, scenario.horizon.first, last):
        share = 60.0 if beds else 56.66
        value = share if indicator == "nursing_bed_share" else float("nan")
        rows.append({"table": "targets", "month": month.index, "clause_id": clause, "indicator": indicator,
                     "denominator": denominator, "value": value})  # fmt: skip
    rows.append({"table": "costs", "month": Month.of(2023, 12).index, "metric": "amount_fen",
                 "measure": "canteen_upgrade", "clause_id": "yinchuan.2.4.a", "payer": "city",
                 "value": 30 * 100 * scenario.rates["canteen_upgrade"].value})  # fmt: skip
    return made_up.part(rows)


@pytest.fixture(autouse=True)
def model(monkeypatch):
    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=simulate))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    path = tmp_path_factory.mktemp("both") / "both.yaml"
    path.write_text(BOTH, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def done(tmp_path_factory, both):
    """A comparison of five replications: what was printed, and the folder of all folders."""
    out = tmp_path_factory.mktemp("done")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=simulate))
        result = carecap(out, "yinchuan", both)
    assert result.exit_code == 0, result.output
    return out, result


def carecap(out, *words, runs=5, lang="en"):
    """Compare with chance alone: the numbers of the made-up model are known where no input is drawn."""
    options = ["-n", str(runs), "--jobs", "1", "--out", str(out), "--lang", lang, "--set", "uncertain=[]"]
    return CliRunner().invoke(app, ["compare", *words, *options])


def rows(folder, name, **keys):
    found = store.read_table(folder / f"{name}.csv").to_pylist()
    return [row for row in found if all(row[key] == value for key, value in keys.items())]


def test_the_finding_the_files_and_last_the_folder(done):
    out, result = done
    folder = out / "compare-yinchuan-both"
    lines = result.stdout.strip().split("\n")
    assert lines[-1] == str(folder)
    assert lines[0].startswith(f"both minus yinchuan, end of {YEAR}: -39 ± 1.3 (-41 to -37) beds short")
    assert "+3,000,000.00 yuan spent from 2020-11 to 2025-12" in lines[0]
    assert lines[1] == f"Fewer beds are short at the end of {YEAR} in 100% of 4 pairs of runs."
    assert (
        "capacity -34, family and services -7.5 ± 1.9 (-11 to -3.9), interaction +2.5 ± 0.65 (+1.3 to +3.7)"
        in lines[2]
    )
    assert lines[3].startswith("notice: ± is the Monte Carlo standard error of the mean difference")
    assert "8 in 10 of the 4 pairs" in lines[3]
    assert "yinchuan.2.2.c" in lines[4]
    assert "  capacity: pipeline.plan-beds.nursing_beds: 300 -> 647" in result.stdout
    assert "[yinchuan.2.1.b, yinchuan.2.2.b] (both.yaml:5)" in result.stdout
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.csv" for name in FILES), "comparison.json", "diff.png", "why",
    }  # fmt: skip
    for name, columns in FILES.items():
        raw = (folder / f"{name}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf" + ",".join(columns).encode() + b"\n")
    about = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert (about["n_runs"], about["base"]["scenario"], about["alt"]["scenario"]) == (5, "yinchuan", "both")
    assert all((out / about[side]["folder"] / "summary.csv").is_file() for side in ("base", "alt"))


def test_tables_hold_paired_differences(done):
    folder = done[0] / "compare-yinchuan-both"
    (gap,) = rows(folder, "diff", metric="expressed_gap", year=YEAR, region_code=TOTAL, bed_kind=ALL)
    assert (gap["base_mean"], gap["alt_mean"], gap["diff_mean"]) == (517.5, 478.5, -39)
    assert (gap["prob_better"], gap["n_pairs"], gap["unit"]) == (1, 4, "beds")
    assert gap["diff_se"] == 1.290994  # of -36, -38, -40, -42: their sd over the root of 4
    (people,) = [row for row in rows(folder, "diff", metric="vacant_open_beds") if row["year"] == YEAR]
    assert (people["diff_mean"], people["prob_better"], people["diff_se"]) == (0, 0, 0)
    (cost,) = rows(folder, "diff_costs", measure="canteen_upgrade", year=2023, payer="city")
    assert (cost["base_mean"], cost["alt_mean"], cost["diff_mean"]) == (3e6, 6e6, 3e6)
    (total,) = rows(folder, "diff_costs", measure=TOTAL, year=2023, payer=TOTAL)
    assert (total["diff_mean"], total["prob_better"], total["alt_rate_status"] != "") == (3e6, 0, True)
    (days,) = rows(folder, "diff_waits", metric="mean_days", year=YEAR, region_code=TOTAL, ownership=ALL,
                   bed_kind=ALL, tier=ALL)  # fmt: skip
    assert (days["base_mean"], days["diff_mean"], days["unit"], days["n_pairs"]) == (150, -3, "days", 4)
    (none,) = rows(folder, "diff_waits", metric="applications", year=YEAR, region_code=TOTAL, ownership=ALL,
                   bed_kind=ALL, tier=ALL)  # fmt: skip
    assert (none["diff_mean"], none["diff_se"]) == (0, 0)
    assert (cost["diff_se"], total["diff_se"], days["diff_se"]) == (0, 0, 0)
    why = {row["component"]: row["diff_se"] for row in rows(folder, "decomposition", metric="expressed_gap",
                                                            region_code=TOTAL, bed_kind=ALL)}  # fmt: skip
    assert (why["capacity"], why["total"], why["policy"]) == (0, gap["diff_se"], 0)
    assert why["interaction"] > 0
    share = rows(folder, "diff_targets", clause_id="yinchuan.2.2.c", evaluated_on="2024-12-31")
    share = share or rows(folder, "diff_targets", clause_id="yinchuan.2.2.c")
    assert (round(share[-1]["base_mean"], 2), share[-1]["alt_mean"]) == (56.66, 60)
    assert share[-1]["base_status"] == "not met if delivered as planned"
    assert share[-1]["alt_status"] == "met if delivered as planned"
    assert share[-1]["prob_better"] == 1


def test_the_second_time_nothing_runs_and_the_bytes_are_the_same(done, both, monkeypatch):
    """In another language, too: tables have none."""
    out, _ = done
    folder = out / "compare-yinchuan-both"
    before = {path.name: path.read_bytes() for path in folder.glob("*.*") if path.suffix != ".png"}
    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=made_up.simulate_wrong))
    again = carecap(out, "yinchuan", both, lang="zh")
    assert again.exit_code == 0
    after = {path.name: path.read_bytes() for path in folder.glob("*.*") if path.suffix != ".png"}
    assert after == before
    assert f"both 减 yinchuan，{YEAR}年底：排队处缺床 -39 ± 1.3（-41 至 -37） 张" in again.stdout
    assert "+300.00 万元" in again.stdout
    assert "供给能力 -34、家庭与服务 -7.5" in again.stdout


def test_a_run_with_more_replications_is_used_and_left_as_it_is(tmp_path):
    out = tmp_path / "out"
    run_scenario(resolve("yinchuan"), runs=6, out=out, jobs=1, simulate=simulate)
    (folder,) = out.iterdir()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert carecap(out, "yinchuan", "yinchuan-no-plan", runs=3).exit_code == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert rows(out / "compare-yinchuan-yinchuan-no-plan", "diff")[0]["n_pairs"] == 2


def test_several_alternatives_have_a_folder_each(tmp_path, both):
    done = carecap(tmp_path / "out", "yinchuan", "yinchuan-no-plan", both, "--no-why", runs=1)
    assert not (tmp_path / "out" / "compare-yinchuan-both" / "why").exists()
    assert "horizons differ" not in done.stdout
    folders = [tmp_path / "out" / f"compare-yinchuan-{name}" for name in ("yinchuan-no-plan", "both")]
    printed = [line for line in done.stdout.split("\n") if line.startswith(str(tmp_path))]
    assert printed == [str(folder) for folder in folders]
    assert all((folder / "comparison.json").is_file() for folder in folders)


def test_another_horizon_compares_common_years_and_explains_nothing(tmp_path):
    longer = tmp_path / "longer.yaml"
    longer.write_text("extends: yinchuan\nname: longer\nhorizon: {end: 2026-06}\n", encoding="utf-8")
    done = carecap(tmp_path / "out", "yinchuan", str(longer), runs=2)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "out" / "compare-yinchuan-longer"
    assert not (folder / "decomposition.csv").exists()
    assert max(row["year"] for row in rows(folder, "diff_costs")) == 2025
    assert "horizon: horizon.end: 2025-12 -> 2026-06" in done.stdout
    assert "notice: the horizons differ" in done.stdout or "no difference in any table" in done.stdout


def test_where_one_component_cannot_run_alone_the_difference_is_not_taken_apart(
    done, tmp_path, both, monkeypatch
):
    """The runs and all other tables are there all the same."""
    out = tmp_path / "out"
    for folder in done[0].glob("*both-*"):
        shutil.copytree(folder, out / folder.name)

    def fails_mixed(scenario, seed, run):
        if scenario.name == "yinchuan" and scenario.rates["canteen_upgrade"].value == 200_000:
            raise ValueError("does not go together")
        return simulate(scenario, seed, run)

    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=fails_mixed))
    told = carecap(out, "yinchuan", both)
    assert told.exit_code == 0, told.output
    assert "can't be run with the other scenario's price alone" in told.stdout
    folder = out / "compare-yinchuan-both"
    assert {path.stem for path in folder.glob("*.csv")} == set(FILES) - {"decomposition"}


def test_what_cannot_be_compared_is_exit_2_all_at_once(tmp_path, both):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("extends: yinchuan\nname: wrong\npipelne: []\n", encoding="utf-8")
    out = tmp_path / "out"
    done = carecap(out, "yinchuan", str(wrong), "no-such-place", "--seed", "-1")
    assert done.exit_code == 2
    for words in ("wrong.yaml:3:1: pipelne", "no-such-place", "--seed"):
        assert words in done.output
    other = carecap(out, "yinchuan", "kaili")
    assert other.exit_code == 2
    assert "place.id: is kaili, but yinchuan in the scenario that is compared with" in other.output
    same = carecap(out, "yinchuan", "yinchuan")
    assert same.exit_code == 2
    assert "two of the scenarios are called yinchuan" in same.output
    assert not out.exists()


def test_a_failing_replication_is_exit_1_and_keeps_what_was_there(done, tmp_path, both, monkeypatch):
    out = shutil.copytree(done[0], tmp_path / "out")
    (part,) = out.glob("both-*/parts/run=002.parquet")
    part.unlink()
    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=made_up.simulate_wrong))
    failed = carecap(out, "yinchuan", both)
    assert failed.exit_code == 1
    assert "finished replications are kept" in failed.output
    assert "Traceback" not in failed.output
    assert rows(out / "compare-yinchuan-both", "diff") == rows(done[0] / "compare-yinchuan-both", "diff")


@pytest.mark.parametrize("end", ["2020-11", "2020-12"])
def test_runs_without_a_common_december_have_no_state_to_compare(tmp_path, end):
    """Nothing falls over: neither where no 31 December is in the run, nor where no year is common."""
    short = tmp_path / "short.yaml"
    short.write_text("extends: yinchuan\nname: short\nhorizon: {end: 2020-11}\n", encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(f"extends: yinchuan\nname: other\nhorizon: {{end: {end}}}\n", encoding="utf-8")
    done = carecap(tmp_path / "out", str(short), str(other), runs=2)
    assert done.exit_code == 0, done.output
    assert "have no 31 December in common" in done.stdout
    assert not (tmp_path / "out" / "compare-short-other" / "diff.png").exists()


def test_another_pass_mark_is_a_difference_though_no_number_moves(tmp_path):
    law = resolve("yinchuan").scenario.policy
    text = law.read_text(encoding="utf-8")
    at = text.index("id: yinchuan.2.2.c")
    assert "value: 60" in text[at : at + 600]
    (tmp_path / "law.yaml").write_text(
        text[:at] + text[at:].replace("value: 60", "value: 55", 1), encoding="utf-8"
    )
    eased = tmp_path / "eased.yaml"
    eased.write_text("extends: yinchuan\nname: eased\npolicy: law.yaml\n", encoding="utf-8")
    done = carecap(tmp_path / "out", "yinchuan", str(eased), "--no-why", runs=2)
    assert done.exit_code == 0, done.output
    assert "no difference in any table" not in done.stdout
    assert "Another verdict on the last day of test (diff_targets.csv): yinchuan.2.2.c" in done.stdout


def test_runs_with_a_common_december_but_no_common_fiscal_year(tmp_path, monkeypatch):
    """From July to June: one run ends in March, so it has less of that year than the other."""
    monkeypatch.setattr(sys.modules[__name__], "YEAR", 2020)
    files = []
    for name, end in (("march", "2021-03"), ("june", "2021-06")):
        files.append(tmp_path / f"{name}.yaml")
        hours = {"march": 3, "june": 4}[name]
        files[-1].write_text(
            f"extends: yinchuan\nname: {name}\nhorizon: {{end: {end}}}\n"
            f"money: {{fiscal_year_first_month: 7}}\nfamilies: {{hours_given_child_near: {hours}}}\n",
            encoding="utf-8",
        )
    done = carecap(tmp_path / "out", *map(str, files), runs=2)
    assert done.exit_code == 0, done.output
    assert "june minus march, end of 2020: -3 beds short" in done.stdout
    assert "no fiscal year of which both hold the same months, so no money is compared" in done.stdout


def test_what_other_draws_move_is_interaction_and_said_to_be(tmp_path, both, monkeypatch):
    """Also where a single component differs: it then has a run of its own."""
    drawn = tmp_path / "drawn.yaml"
    drawn.write_text(
        "extends: yinchuan\nname: drawn\nuncertain: [applying.k_per_year]\n"
        "pipeline: [{id: plan-beds, nursing_beds: 647}]\n", encoding="utf-8",
    )  # fmt: skip
    base = tmp_path / "base.yaml"
    base.write_text("extends: yinchuan\nname: base\nuncertain: []\n", encoding="utf-8")
    central = resolve("yinchuan").scenario.applying.k_per_year.value

    def by_k(scenario, seed, run):
        shift = 0 if scenario.applying.k_per_year.value == central else 11
        part = simulate(scenario, seed, run).to_pandas()
        part.loc[part.metric == "expressed_gap", "value"] += shift
        return made_up.part(part.to_dict("records"))

    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=by_k))
    words = ["compare", str(base), str(drawn), "-n", "3", "--jobs", "1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert done.exit_code == 0, done.output
    why = {
        row["component"]: row["diff_mean"]
        for row in rows(tmp_path / "out" / "compare-base-drawn", "decomposition", metric="expressed_gap",
                        region_code=TOTAL, bed_kind=ALL)
    }  # fmt: skip
    assert (why["capacity"], why["interaction"], why["total"]) == (-34, 11, -23)
    assert "the scenarios name other inputs as uncertain" in done.stdout
    assert "  inputs that are drawn: uncertain" in done.stdout
    assert "  horizon: uncertain" not in done.stdout


def compared_with(tmp_path, given, *, runs=3, lang="en", more=()):
    """Yinchuan with its draws beside an heir that writes the hours of a child near anew."""
    heir = tmp_path / "heir.yaml"
    heir.write_text(f"extends: yinchuan\nname: heir\n{given}\n", encoding="utf-8")
    words = ["compare", "yinchuan", str(heir), "-n", str(runs), "--jobs", "1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, [*words, "--lang", lang, "--no-why", *more])
    assert done.exit_code == 0, done.output
    return done.stdout


BARE = "families: {hours_given_child_near: 8}"


TOLD = {
    "en": (
        "drawn from a range in yinchuan, the same in all runs of heir: families.hours_given_child_near; so",
        "write families.hours_given_child_near in heir with value, low and high",
    ),
    "zh": (
        "在 yinchuan 中按范围抽取，而在 heir 各次模拟中取同一值：families.hours_given_child_near；",
        "请在 heir 中为 families.hours_given_child_near 写明 value、low、high",
    ),
}


@pytest.mark.parametrize("lang", TOLD)
def test_a_number_without_a_range_is_told_with_what_it_does_to_the_pairs(tmp_path, lang):
    """The inherited range, 1 to 7, does not hold it: the base draws the input, the heir does not."""
    said = compared_with(tmp_path, BARE, lang=lang)
    for words in TOLD[lang]:
        assert words in said
    assert "--set uncertain=[]" in said


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ("families: {hours_given_child_near: {value: 8, low: 4, high: 12}}", {}),
        ("families: {hours_given_child_near: 5}", {}),
        (BARE, {"more": ("--set", "uncertain=[]")}),
        (BARE, {"runs": 1}),
    ],
)
def test_the_ways_out_that_are_named_keep_pairs_together(tmp_path, given, options):
    assert "drawn from a range" not in compared_with(tmp_path, given, **options)


def test_inputs_that_only_one_names_are_listed_and_the_rest_counted(tmp_path):
    said = compared_with(tmp_path, "uncertain: [applying.k_per_year, homes.conversion.cost_per_bed]")
    assert "drawn from a range in yinchuan, the same in all runs of heir: applying.doubling_age, " in said
    count = len(drawn(resolve("yinchuan").scenario)) - 1 - SHOWN_INPUTS
    assert f", and {count} more; so differences of pairs" in said
    assert "in all runs of yinchuan: homes.conversion.cost_per_bed;" in said
    assert "name the same inputs under 'uncertain' in both" in said


def test_a_full_disk_is_no_fault_of_the_mix(done, tmp_path, both, monkeypatch):
    out = tmp_path / "out"
    for folder in done[0].glob("*both-*"):
        shutil.copytree(folder, out / folder.name)

    def full(scenario, seed, run):
        if scenario.name == "yinchuan" and scenario.rates["canteen_upgrade"].value == 200_000:
            raise OSError(28, "No space left on device")
        return simulate(scenario, seed, run)

    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=full))
    told = carecap(out, "yinchuan", both)
    assert told.exit_code == 1
    assert "No space left" in told.output


def test_drawn_values_that_a_mix_refuses_are_its_fault_and_a_dead_worker_is_not():
    assert compare._of_the_mix(RunError("drawn_refused"))
    assert not compare._of_the_mix(RunError("worker_died"))
