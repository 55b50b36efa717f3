"""Where the plans contradict themselves: data about clauses and keys that are there; shown, never a fault."""

from __future__ import annotations

import csv
import math

import pytest
import yaml
from typer.testing import CliRunner

from sim import store
from sim.cli import points
from sim.cli.main import app
from sim.errors import InputError
from sim.policy import contradictions
from sim.policy.book import PolicyBook
from sim.policy.facts import fact
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import resolve, resolved_yaml
from sim.tables import CONTRADICTIONS_COLUMNS

POLICY = scenarios_folder() / "policy"
PLACES = ("baotou", "haikou", "kaili", "shou", "yinchuan")


@pytest.fixture(scope="module")
def books():
    return {place: PolicyBook.load(POLICY / f"{place}.yaml") for place in PLACES}


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def point(book, *clauses):
    return next(one for one in book.contradictions if set(clauses) <= set(one.clauses))


def carecap(*words):
    return CliRunner().invoke(app, list(words))


def edited(folder, old, new, place="yinchuan"):
    text = (POLICY / f"{place}.yaml").read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path = folder / "law.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "clauses",
    [
        ("yinchuan.2.2.b", "yinchuan.2.2.c"), ("yinchuan.2.12.a", "yinchuan.2.12.b"), ("yinchuan.2.2.a",),
        ("kaili.2.5.b", "kaili.annex2.3.b"), ("kaili.1.4.b", "kaili.2.20.a"), ("kaili.1.4.c", "kaili.2.6.b"),
        ("kaili.2.9.a", "kaili.annex2.7.a"), ("shou.1.3.i", "shou.annex.10.b"),
        ("shou.1.3.f", "shou.annex.8.b"), ("shou.annex.7.a", "shou.annex.23.a"), ("shou.0.d",),
        ("baotou.3.1.e", "baotou.3.1.j"), ("baotou.3.1.a", "baotou.3.1.b"), ("baotou.3.1.l",),
        ("baotou.3.1.j",), ("haikou.2.15.b",), ("haikou.2.1.a",), ("haikou.2.18.b",), ("baotou.annex.a",),
        ("yinchuan.annex.a",), ("haikou.annex.a",),
    ],
)  # fmt: skip
def test_what_changes_results_is_among_them(books, clauses):
    assert point(books[clauses[0].partition(".")[0]], *clauses)


def test_yinchuans_share_of_nursing_beds_is_that_of_its_own_numbers(books):
    book = books["yinchuan"]
    beds = fact(book, "institution_beds_total", "beds")
    nursing = fact(book, "nursing_bed_share", "beds")
    (added,), (added_nursing,), (target,) = (
        [value.value for value in book.by_id[clause].marks]
        for clause in ("yinchuan.2.1.b", "yinchuan.2.2.b", "yinchuan.2.2.c")
    )
    after, nursing_after = beds + added, nursing + added_nursing
    needed = math.ceil(after * target / 100)
    share = f"{100 * nursing_after / after:.2f}"
    assert share == "56.66"
    numbers = [nursing_after, after, needed, needed - nursing, needed - nursing_after]
    numbers.append(math.floor(100 * nursing_after / target))
    assert numbers == [5886, 10388, 6233, 647, 347, 9810]
    found = point(book, "yinchuan.2.2.b", "yinchuan.2.2.c")
    chinese, english = (getattr(found.what, lang) + getattr(found.treatment, lang) for lang in ("zh", "en"))
    assert share in chinese
    assert share in english
    for number in numbers:
        assert f"{number:.0f}" in chinese
        assert f"{number:,.0f}" in english


def test_yinchuans_other_numbers_follow_from_the_plan_too(books):
    book = books["yinchuan"]
    beds = fact(book, "institution_beds_total", "beds") + book.by_id["yinchuan.2.1.b"].marks[0].value
    people = math.floor(1000 * beds / book.by_id["yinchuan.2.1.c"].marks[0].value)
    by_people = people * book.by_id["yinchuan.2.12.a"].marks[0].value / 1000
    by_beds = beds * book.by_id["yinchuan.2.12.b"].marks[0].value / 100
    told = point(book, "yinchuan.2.12.a", "yinchuan.2.12.b").what.en
    for number in (people, by_people, by_beds):
        assert f"{number:,.0f}" in told


@pytest.mark.parametrize("place", PLACES)
def test_each_says_what_is_wrong_and_what_is_done_in_both_languages(books, place):
    for one in books[place].contradictions:
        for words in (one.what, one.treatment):
            assert not words.en.isspace()
            assert words.zh.endswith("。")
            assert words.en.endswith((".", "?"))
            assert any("一" <= character <= "鿿" for character in words.zh)
            assert not any("一" <= character <= "鿿" for character in words.en)


@pytest.mark.parametrize("place", PLACES)
def test_check_lists_them_as_notices_and_is_content(books, place):
    done = carecap("check", "yinchuan", "--set", f"policy={POLICY / place}.yaml", "--lang", "en")
    if place != "yinchuan":  # the rest of the scenario names clauses of its own plan
        assert done.exit_code == 2
        done = carecap("check", place, "--set", f"policy={POLICY / place}.yaml", "--lang", "en")
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    for one in books[place].contradictions:
        (line,) = (line for line in done.stderr.splitlines() if f"{one.what.en} Treatment: " in line)
        assert line.startswith("notice: ")
        assert f" {', '.join(one.clauses)}: " in line
        assert one.treatment.en in line
        assert all(key in line for key in one.parameters)


def test_without_a_plan_there_is_nothing_to_contradict():
    book = PolicyBook.load(scenarios_folder() / "national" / "no-policy.yaml")
    assert list(points.told(book, "en")) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_prints_them_behind_the_scenario_which_stays_what_it_is(books, lang):
    done = carecap("show", "yinchuan", "--lang", lang)
    assert done.exit_code == 0
    assert done.stdout.startswith(resolved_yaml(resolve("yinchuan").data))
    assert yaml.safe_load(done.stdout) == yaml.safe_load(resolved_yaml(resolve("yinchuan").data))
    comments = [line for line in done.stdout.splitlines() if line.startswith("# - ")]
    assert len(comments) == len(books["yinchuan"].contradictions)
    assert any("56.66" in line and "pipeline" in line for line in comments)
    assert any(("矛盾" if lang == "zh" else "contradiction") in line for line in comments)


def test_the_table_has_a_row_each_and_reads_back(books, tmp_path):
    path = tmp_path / "contradictions.csv"
    store.write_table(path, contradictions.table(books["kaili"].contradictions))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == CONTRADICTIONS_COLUMNS
    assert [row["id"] for row in rows] == [one.id for one in books["kaili"].contradictions]
    assert rows[0]["clause_ids"] == "kaili.2.5.a kaili.2.5.b kaili.annex2.3.a kaili.annex2.3.b"
    assert rows[0]["parameter"] == "subsidies.pool_small_estates estates"
    assert rows[0]["treatment_zh"] == books["kaili"].contradictions[0].treatment.zh


def test_without_any_the_table_has_its_columns():
    empty = contradictions.table(())
    assert (tuple(empty.column_names), len(empty)) == (CONTRADICTIONS_COLUMNS, 0)


def test_a_clause_that_is_not_there_is_a_fault_at_its_place(tmp_path):
    path = edited(tmp_path, "[yinchuan.2.12.a, yinchuan.2.12.b]", "[yinchuan.2.12.a, yinchuan.2.12.x]")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "2.12.x" in text)
    with pytest.raises(InputError) as caught:
        PolicyBook.load(path)
    (fault,) = caught.value.faults
    assert (fault.line, fault.key, fault.found) == (line, "contradictions[2].clauses[1]", "yinchuan.2.12.x")
    assert fault.hint.startswith("yinchuan.2.12.")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("id: yinchuan.contradiction.2\n", "id: yinchuan.contradiction.1\n", "contradictions[1].id"),
        ("id: yinchuan.contradiction.2\n", "id: haikou.contradiction.2\n", "contradictions[1].id"),
        ("kind: slip", "kind: typo", "contradictions[1].kind"),
        ("clauses: [yinchuan.2.12.a, yinchuan.2.12.b]", "clauses: []", "contradictions[2].clauses"),
        ('en: "The counts of beds are used."', 'en: ""', "contradictions[1].treatment.en"),
        ("parameters: [homes.stock]", "parameter: homes.stock", "contradictions[1].parameter"),
    ],
)
def test_other_faults_are_told_at_their_place(tmp_path, old, new, key):
    with pytest.raises(InputError) as caught:
        PolicyBook.load(edited(tmp_path, old, new))
    assert [fault.key for fault in caught.value.faults] == [key]
    assert all(fault.line for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("written", "wrong", "hint"),
    [
        ("pipelin", "pipelin", "pipeline"),
        ("homes.stok", "stok", "stock"),
        ("rates.canteen_upgrad", "canteen_upgrad", "canteen_upgrade"),
        ("homes.stock.beds.more", "beds", None),
    ],
)
def test_a_key_that_no_scenario_has_is_a_fault_of_the_policy_file(tmp_path, written, wrong, hint):
    path = edited(tmp_path, "parameters: [homes.stock]", f"parameters: [{written}]")
    done = carecap("check", "yinchuan", "--set", f"policy={path}", "--lang", "en")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    row = path.read_text(encoding="utf-8").splitlines().index(f"    parameters: [{written}]") + 1
    assert line.startswith(f"{path}:{row}:18: contradictions[1].parameters[0]: ")
    assert wrong in line
    assert hint is None or f"did you mean '{hint}'?" in line
