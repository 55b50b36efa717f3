"""`carecap init`: what it writes, what is still to be filled in, and what it refuses."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.policy.book import PolicyBook
from sim.strictyaml import read_file
from sim.typefaults import PLACEHOLDER
from tests.starter import fill_tables, fill_yaml, switch_on

FILES = [
    "census.csv",
    "homes.csv",
    "households.csv",
    "mou-no-plan.yaml",
    "mou.yaml",
    "place.yaml",
    "policy.yaml",
]


def carecap(*words: str):
    return CliRunner().invoke(app, [*words, "--lang", "en"])


def refused(*words: str) -> list[str]:
    done = carecap(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    return done.stderr.splitlines()


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mou(here):
    done = carecap("init", "mou")
    assert done.exit_code == 0, done.output
    return here / "mou"


def places(text: str) -> set[tuple[str, int]]:
    """File and line of each fault."""
    return {(file, int(line)) for file, line in re.findall(r"^mou/([\w.-]+):(\d+):\d+: ", text, re.MULTILINE)}


def open_lines(folder, *names: str) -> set[tuple[str, int]]:
    """File and line of all that is to be filled in, comments and what is switched off left aside."""
    return {
        (name, number)
        for name in names
        for number, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1)
        if not line.startswith("#") and PLACEHOLDER in line.partition("  # ")[0]
    }


def test_it_says_what_was_written_and_what_comes_next(here):
    output = carecap("init", "mou").stdout
    assert sorted(path.name for path in (here / "mou").iterdir()) == FILES
    assert all(f"mou/{name} " in output for name in FILES)
    assert output.endswith(
        "  carecap check mou/mou.yaml\nWhen it says good:\n  carecap run mou/mou.yaml -n 20\n"
    )
    assert "普查人口表" in CliRunner().invoke(app, ["init", "b", "--lang", "zh"]).stdout


def test_another_folder_with_a_space_can_be_pasted(here):
    output = carecap("init", "mou", "--dir", "my places/x").stdout
    assert "  carecap check 'my places/x/mou.yaml'\n" in output
    assert (here / "my places" / "x" / "census.csv").is_file()


def test_all_that_is_to_be_filled_in_is_told_at_once_and_nothing_else(mou):
    lines = refused("check", "mou/mou.yaml")
    found = places("\n".join(lines))
    assert found == open_lines(mou, "place.yaml", "mou.yaml") | {("census.csv", 2)}
    assert all("not filled in yet" in line for line in lines)
    assert lines[0].endswith("persons: not filled in yet, from here to line 23: 22 cells")


def test_what_is_switched_on_is_told_too_the_plan_included(mou):
    switch_on(mou / "place.yaml", mou / "mou.yaml")
    lines = refused("check", "mou/mou.yaml")
    names = ("place.yaml", "mou.yaml", "policy.yaml")
    tables = {("census.csv", 2), ("households.csv", 2)}
    found = places("\n".join(line for line in lines if "homes.csv" not in line))
    assert found == open_lines(mou, *names) | tables
    assert sum("homes.listed.file: homes.csv:" in line for line in lines) == 2 * 5


@pytest.mark.parametrize("on", [False, True])
def test_what_was_written_is_good_once_it_is_filled_in(mou, on):
    if on:
        switch_on(mou / "place.yaml", mou / "mou.yaml")
    fill_tables(mou)
    for name in ("place.yaml", "mou.yaml", "policy.yaml"):
        fill_yaml(mou / name)
    done = carecap("check", "mou/mou.yaml", "mou/mou-no-plan.yaml")
    assert done.exit_code == 0, done.output
    assert "mou-no-plan: good" in done.output
    kinds = [clause.kind for clause in PolicyBook.load(mou / "policy.yaml").clauses]
    assert kinds == ["target", "subsidy", "standard", "process"]


def test_names_and_several_districts(here):
    done = carecap(
        "init", "mou", "--zh", "某市", "--en", 'The "Mou"', "--district", "990001", "--district", "N-2"
    )
    assert done.exit_code == 0, done.output
    rows = (here / "mou" / "census.csv").read_bytes()
    assert rows.startswith(b"\xef\xbb\xbfdistrict,sex,age_from,age_to,persons\n990001,male,35,39,\n")
    assert rows.count(b"\n990001,") == rows.count(b"\nN-2,") == 22
    text = (here / "mou" / "place.yaml").read_text(encoding="utf-8")
    assert '  zh: "某市"' in text
    assert r'  en: "The \"Mou\""' in text
    lines = refused("check", "mou/mou.yaml")
    assert lines[0].endswith("persons: not filled in yet, from here to line 45: 44 cells")
    assert [line for line in lines if "districts[1].zh" in line]
    assert not [line for line in lines if "place.zh" in line]


def test_nothing_is_overwritten(mou):
    (mou / "place.yaml").write_text("mine\n", encoding="utf-8")
    (mou / "census.csv").unlink()
    lines = refused("init", "mou")
    assert [line.partition(":")[0] for line in lines] == [f"mou/{name}" for name in FILES[1:]]
    assert all("is there already and is not overwritten" in line for line in lines)
    assert (mou / "place.yaml").read_text(encoding="utf-8") == "mine\n"
    assert not (mou / "census.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["两"], "command line: PLACE: '两' can't be an id; it may hold A-Z a-z 0-9 -"),
        (["a/b"], "PLACE: 'a/b' can't be an id"),
        (["../up"], "PLACE: '../up' can't be an id"),
        (["Yinchuan"], "PLACE: Yinchuan is a shipped place"),
        (["policy"], "PLACE: policy is the name of a file that is written beside it"),
        (["mou", "--district", "1_2"], "--district: '1_2' can't be an id"),
        (["mou", "--district", "1", "--district", "1"], "--district: '1' is given twice"),
        (["mou", "--zh", " "], "--zh: the name is empty"),
        (["mou", "--dir", "file/x"], "file: is a file, not a folder"),
    ],
)
def test_one_line_for_each_mistake(here, words, said):
    (here / "file").write_text("", encoding="utf-8")
    (line,) = refused("init", *words)
    assert said in line
    assert [path.name for path in here.rglob("*")] == ["file"]


def test_all_mistakes_at_once(here):
    assert len(refused("init", "a b", "--district", "1.2", "--zh", "", "--en", " ")) == 4


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
def test_a_starter_holds_no_figure(mou, name):
    switch_on(mou / name)
    root = read_file(mou / name).root
    numbers = {path: node.value for path, node in root.walk() if isinstance(node.value, int | float)}
    assert numbers == {("schema_version",): 1}


@pytest.mark.parametrize(("name", "keys"), [("census", 4), ("households", 1), ("homes", 3)])
def test_cells_that_the_user_fills_in_are_empty(mou, name, keys):
    rows = (mou / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert {cell for row in rows for cell in row.split(",")[keys:]} <= {"", "false"}


PLAN = {
    "an indicator": (
        "indicator: nursing_bed_share",
        "indicator: nursing_bed_shar",
        "did you mean 'nursing_bed_share'",
    ),
    "a measure": ("bed_construction_new", "bed_constructions_new", "nothing called 'bed_constructions_new'"),
    "a divisor": (
        "indicator: nursing_bed_share",
        "indicator: beds_per_1000_elderly",
        "there are registered_60plus",
    ),
    "payers": ("payers: {district: 1}", "payers: {district: 0.4, city: 0.5}", "the shares add up to 0.9"),
}


@pytest.mark.parametrize("name", PLAN)
def test_a_plan_that_no_run_could_follow_is_refused_before_it(mou, name):
    old, new, said = PLAN[name]
    fill_tables(mou)
    for file in ("place.yaml", "policy.yaml"):
        fill_yaml(mou / file)
    scenario, policy = mou / "mou.yaml", mou / "policy.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("#policy", "policy"), encoding="utf-8")
    assert carecap("check", "mou/mou.yaml").exit_code == 0
    text = policy.read_text(encoding="utf-8")
    assert old in text
    policy.write_text(text.replace(old, new), encoding="utf-8")
    for verb in ("check", "run"):
        (line,) = refused(verb, "mou/mou.yaml")
        assert line.startswith("mou/policy.yaml:")
        assert said in line


def test_a_clause_of_ones_own_plan_can_be_shown(mou):
    fill_yaml(mou / "policy.yaml")
    done = carecap("clause", "mou.2.1", "--policy", "mou/policy.yaml")
    assert done.exit_code == 0, done.output
    assert "Value: >= 30 percent, due 2025-12-31" in done.output
    (line,) = refused("clause", "mou.9", "--policy", "mou/policy.yaml")
    assert "mou.9" in line
