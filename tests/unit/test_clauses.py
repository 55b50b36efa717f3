"""Every clause in scope is implemented by something that can be imported, and nothing is left unused."""

from __future__ import annotations

import csv
import importlib
import io
import re
from collections import Counter
from datetime import date

import made_up
import pytest
from typer.testing import CliRunner

from sim import clauses, costs, store, words
from sim.cli.main import app
from sim.indicators import board
from sim.indicators.needs import NEEDS
from sim.messages import CATALOGUE
from sim.months import Month
from sim.policy import targets
from sim.policy.duties import duties
from sim.policy.verdict import Status
from sim.scenario.resolve import resolve, resolved_yaml
from sim.scenario.types import Scenario
from sim.typefaults import keys_at
from tests.unit.test_policy_book import FILE, PolicyBook

runner = CliRunner()
KINDS = {
    "target": 23, "subsidy": 5, "standard": 6, "eligibility": 1, "cost_share": 1, "baseline_fact": 3,
    "process": 4,
}  # fmt: skip
COMPUTED = {"simulated": 13, "planned": 17, "register": 13}
OPENS = "yinchuan.2.10.a"


@pytest.fixture(scope="module")
def book():
    return PolicyBook.load(FILE)


@pytest.fixture(scope="module")
def wired(book):
    return clauses.wired(book)


def test_all_forty_three_clauses_and_fifteen_passages_out_of_scope(book, wired):
    assert Counter(clause.kind for clause in book.clauses) == KINDS
    assert Counter(clause.computed for clause in book.clauses) == COMPUTED
    outside = [one for one in wired if one.kind == clauses.OUT_OF_SCOPE]
    assert (len(book.clauses), len(outside), len({one.id for one in wired})) == (43, 15, 58)
    assert all(one.reason for one in outside)


def test_every_clause_in_scope_is_implemented_by_something_that_can_be_imported(book, wired):
    paths = {one.id: one.implemented_by for one in wired if one.kind != clauses.OUT_OF_SCOPE}
    assert [clause_id for clause_id, path in paths.items() if not path] == []
    for path in paths.values():
        module, _, name = path.rpartition(".")
        assert module.startswith("sim.")
        assert callable(getattr(importlib.import_module(module), name))
    assert set(paths) == set(book.by_id)


def test_every_indicator_is_used_by_a_clause_and_every_tested_clause_has_one(book):
    used = {clause.indicator for one in clauses.books() for clause in one.clauses}
    assert set(board.INDICATORS) - used == set()
    tested = targets.evaluations(book, book.notice, Month.parse("2025-12"))
    assert {row.indicator for row in tested} - set(board.INDICATORS) == set()
    assert {row.clause_id for row in tested} >= {c.id for c in book.clauses if c.kind == "target"}


def test_every_measure_has_a_clause_and_code(book):
    assert set(costs.MEASURES) >= set(book.measures)
    assert {name for clause in book.clauses for name in clause.measures} == set(book.measures)


def test_a_clause_whose_indicator_has_no_code_is_told(book):
    clause = book.by_id["yinchuan.2.2.c"].model_copy(update={"indicator": "nobody_wrote_this"})
    assert clauses.implemented_by(clause) == ""
    subsidy = book.by_id["yinchuan.2.11.a"].model_copy(update={"measures": ("free_bus", "no_such_measure")})
    assert clauses.implemented_by(subsidy) == ""


def test_start_and_finish_are_tested_apart_and_conditions_are_no_marks(book):
    tested = targets.evaluations(book, book.notice, Month.parse("2023-12"))
    assert [row.denominator for row in tested if row.clause_id == OPENS] == ["start", "finish"]
    age = book.by_id["yinchuan.2.7.a"]
    assert [value.value for value in age.marks] == [80]
    assert book.by_id["yinchuan.2.3.d"].marks == ()
    assert targets.target_in_force(book, "share_within_15_min", 2025) is None


def test_yearly_and_undated_targets_are_tested_each_december(book):
    tested = targets.evaluations(book, Month.parse("2020-11"), Month.parse("2025-12"))
    for clause_id in ("yinchuan.2.9.a", "yinchuan.2.5.c", "yinchuan.2.3.a", "yinchuan.2.11.b"):
        months = [str(row.month) for row in tested if row.clause_id == clause_id]
        assert months == ["2023-12", "2024-12", "2025-12"]


def test_suspect_targets_are_outside_the_pass_count(book):
    suspect = {clause.id for clause in book.clauses if clause.suspect}
    assert suspect == {"yinchuan.2.12.a", "yinchuan.2.12.b"}
    assert not any(targets.in_pass_count(book.by_id[clause_id]) for clause_id in suspect)


def test_duties_are_a_calendar(book):
    found = duties(book, Month.parse("2023-11"))
    assert [(str(duty.begins), str(duty.due), duty.clause_id) for duty in found] == [
        ("2023-09-01", "2023-11-30", "yinchuan.1.2.b"),
        ("2023-09-06", "2023-09-25", "yinchuan.3.3.a"),
        ("2023-09-06", "2023-11-30", "yinchuan.3.3.b"),
        ("2023-10-01", "2023-10-25", "yinchuan.3.3.a"),
        ("2023-11-01", "2023-11-25", "yinchuan.3.3.a"),
    ]
    assert max(duty.due for duty in duties(book, Month.parse("2025-12"))) == date(2025, 12, 25)


def test_every_status_kind_and_force_has_a_sentence():
    names = [f"status_{status.name.lower()}" for status in Status]
    names += [f"kind_{kind}" for kind in (*KINDS, clauses.OUT_OF_SCOPE)] + ["force_must", "force_strive"]
    assert set(names) <= set(CATALOGUE)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_as_csv(book, lang):
    result = runner.invoke(app, ["clauses", "yinchuan", "--csv", "--lang", lang])
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8"))))
    assert tuple(rows[0]) == clauses.COLUMNS
    assert len(rows) == 58
    inside = [row for row in rows if row["kind"] != "out_of_scope"]
    assert [row["id"] for row in inside] == list(book.by_id)
    assert all(row["implemented_by"].startswith("sim.") and not row["reason"] for row in inside)
    assert all(row["reason"] for row in rows if row["kind"] == "out_of_scope")
    assert {row["document"] for row in rows} == {getattr(book.document.title, lang)}


@pytest.mark.parametrize("words", [[], ["yinchuan"], [str(FILE)]])
def test_the_list_as_a_table(words):
    result = runner.invoke(app, ["clauses", *words, "--lang", "en"])
    assert result.exit_code == 0
    assert "43 of 43 clauses in scope are implemented; 15 passages are out of scope" in result.stdout
    assert "yinchuan.3.4.a    Out of scope: review" in result.stdout


def test_one_clause_in_both_languages(book):
    rule = book.by_id["yinchuan.2.2.c"].rule
    texts = {
        lang: runner.invoke(app, ["clause", "yinchuan.2.2.c", "--lang", lang]).stdout for lang in ("zh", "en")
    }
    assert rule.zh in texts["zh"]
    assert rule.zh not in texts["en"]
    assert rule.en in texts["en"]
    assert "Value: >= 60 percent, due 2023-12-31" in texts["en"]
    assert "sim.indicators.beds.nursing_bed_share" in texts["en"]
    both = runner.invoke(app, ["clause", "yinchuan.2.2.c", "--both"]).stdout
    assert both == texts["zh"] + texts["en"]


def test_every_clause_and_every_passage_can_be_shown(wired):
    for one in wired:
        for lang in ("zh", "en"):
            result = runner.invoke(app, ["clause", one.id, "--lang", lang])
            assert result.exit_code == 0, result.output
            assert result.stdout.startswith(one.id)


URBAN = "community_facility_coverage_urban"


@pytest.fixture
def ran(tmp_path):
    """A run folder with the rows of two clauses."""
    folder = tmp_path / "yinchuan-00000000"
    columns = (
        "clause_id",
        "indicator",
        "denominator",
        "evaluated_on",
        "unit",
        "value_run0",
        "value_p10",
        "value_p90",
        "status",
    )
    planned = "not met if delivered as planned"
    store.write_csv(folder / "targets.csv", columns, [
        ("yinchuan.2.2.c", "any", "", "2023-12-31", "percent", 56.6615, 56.6615, 56.6615, planned),
        ("yinchuan.2.6.b", "any", "", "2023-12-31", "percent", 61.25, 58.0, 64.5, "met"),
        ("yinchuan.2.4.c", URBAN, "", "2023-12-31", "percent", None, None, None, "not computable"),
    ])  # fmt: skip
    canteens = "yinchuan.2.4.a"
    columns = ("year", "measure", "clause_id", "payer", "quantity", "unit", "amount_yuan_run0", "rate_status")
    store.write_csv(folder / "costs.csv", columns, [
        (2023, "canteen_upgrade", canteens, "unassigned", 29, "canteens", 2_900_000, "not in document"),
        (2023, "total", "", "total", None, "", 2_900_000, ""),
    ])  # fmt: skip
    return folder


@pytest.mark.parametrize(
    ("clause_id", "lang", "words"),
    [
        ("yinchuan.2.2.c", "en", "2023-12-31: 56.66 percent; not met if delivered as planned"),
        ("yinchuan.2.2.c", "zh", "2023-12-31 检验：56.66%；按计划完成仍未达标"),
        ("yinchuan.2.6.b", "en", "61.25 percent (8 in 10 runs 58 to 64.5); met"),
        ("yinchuan.2.4.c", "en", "2023-12-31: —; not computable; not given: coverage.communities, cov"),
        ("yinchuan.2.4.c", "zh", "—；无法计算；缺少输入：coverage.communities、coverage.communities_covered"),
        ("yinchuan.2.4.a", "en", "nobody named: 29 canteens, 2,900,000.00 yuan; rate not in the document"),
        ("yinchuan.2.4.a", "zh", "由未指定方承担：29个食堂，290.00 万元；标准文件未规定"),
        ("yinchuan.3.3.a", "en", "no row: it is neither tested nor paid"),
    ],
)  # fmt: skip
def test_a_clause_in_a_run(ran, clause_id, lang, words):
    result = runner.invoke(app, ["clause", clause_id, "--run", str(ran), "--lang", lang])
    assert result.exit_code == 0, result.output
    assert words in result.stdout


def played(folder, *settings):
    """A run folder with the resolved scenario, and the services of its last December."""
    resolved = resolve("yinchuan", settings)
    store.write_text(folder / "scenario.resolved.yaml", resolved_yaml(resolved.data))
    december = {"table": "services", "month": Month.parse("2025-12").index}
    values = {"served": 300, "entitled": 5000, "served_all_month": 200, "entitled_all_month": 4000}
    rows = [
        {**december, "measure": "home_visit", "metric": metric, "value": value}
        for metric, value in {**values, "visits_required": 40_000}.items()
    ]
    store.write_part(made_up.part(rows), folder / "parts" / "run=000.parquet")


def test_the_services_of_a_clause_are_told_with_the_visits_required_or_what_is_missing(ran):
    played(ran)
    said = runner.invoke(app, ["clause", "yinchuan.2.11.b", "--run", str(ran), "--lang", "en"]).stdout
    assert (
        "  2025-12, Care at home by visits: 300 of 5000 persons entitled served; of those entitled all month "
        "5 percent; visits required 40000\n"
    ) in said
    assert "  Respite for family carers: not computable; not given: services.respite.capacity" in said
    said = runner.invoke(app, ["clause", "yinchuan.2.11.b", "--run", str(ran), "--lang", "zh"]).stdout
    assert "服务 300 人，有资格 5000 人；全月有资格者中占 5%；全部所需上门 40000 次" in said
    assert "无法计算；缺少输入：services.respite.capacity_per_month" in said


def test_a_clause_that_no_service_names_tells_of_none(ran):
    played(ran)
    said = runner.invoke(app, ["clause", "yinchuan.2.2.c", "--run", str(ran), "--lang", "en"]).stdout
    assert "services." not in said
    assert "Care at home" not in said


def test_what_an_indicator_needs_is_a_key_of_the_scenario(book):
    named = {key for keys in NEEDS.values() for key in keys}
    for key in named:
        path = tuple(key.split("."))
        if path[0] == "services":
            path = (path[0], 0, *path[2:])
        for depth in range(len(path)):
            allowed = keys_at(Scenario, path[:depth])
            assert path[depth] in allowed or not allowed or isinstance(path[depth], int), key
    assert set(NEEDS) <= {*board.INDICATORS, "model_place_application"}


def test_whatever_yinchuan_can_not_compute_says_what_is_missing(book):
    unknown = {c.indicator for c in book.clauses if c.computed == "register" and c.kind == "target"}
    assert unknown <= set(NEEDS)


def books():
    return [PolicyBook.load(path) for path in sorted(FILE.parent.glob("*.yaml"))]


@pytest.mark.parametrize("book", books(), ids=lambda book: book.document.place)
def test_every_unit_and_label_has_a_chinese_word(book):
    units = {value.unit for clause in book.clauses for value in clause.numbers}
    units |= {clause.unit for clause in book.clauses if clause.unit}
    units |= {measure.unit for measure in book.measures.values()}
    assert units - set(words.UNITS) == set(), "name them in sim/words.py"
    labels = {value.label for clause in book.clauses for value in clause.numbers if value.label}
    dated = [terms for measure in book.measures.values() for terms in measure.in_force.values() if terms]
    labels |= {grade for terms in dated for grade in terms.rate_by_yuan}
    assert {name for terms in dated for name in terms.stated} - set(words.TERMS) == set(), (
        "name it in sim/words"
    )
    labels |= {name for clause in book.clauses for name in clause.denominators}
    assert labels - set(words.LABELS) == set(), "name them in sim/words.py"


@pytest.mark.parametrize("book", books(), ids=lambda book: book.document.place)
def test_numbers_stand_in_words_and_in_full_in_english_too(book):
    """What follows the colon of a line of numbers: no underscore, no 3e+06, no plural after `per`."""
    for clause in book.clauses:
        said = runner.invoke(app, ["clause", clause.id, "--lang", "en"]).stdout
        told = ("Value: ", "Condition: ", "  in the document from ")
        lines = [line for line in said.splitlines() if line.startswith(told)]
        assert [line for line in lines if re.search(r"_|\de\+|\b\d{5}", line)] == []
    for measure in book.measures.values():
        assert not words.unit_word(measure.unit, "en").endswith("s")


def test_no_clause_is_implemented_by_something_private():
    private = [
        (one.id, one.implemented_by)
        for book in books()
        for one in clauses.wired(book)
        if any(part.startswith("_") for part in one.implemented_by.split("."))
    ]
    assert private == []


IDENTIFIER = re.compile(r"\b[a-z]+(_[a-z0-9]+)*\b")


def test_chinese_lines_of_numbers_hold_no_identifiers(book):
    for clause in book.clauses:
        said = runner.invoke(app, ["clause", clause.id, "--lang", "zh"]).stdout
        told = ("数值", "条件", "措施", "  文件")
        lines = [line for line in said.splitlines() if line.startswith(told)]
        assert [line for line in lines if IDENTIFIER.search(line)] == []


@pytest.mark.parametrize(
    ("number", "unit", "lang", "said"),
    [
        ("60", "percent", "zh", "60%"),
        ("60", "percent", "en", "60 percent"),
        ("700", "beds", "zh", "700张"),
        ("36", "beds_per_1000_elderly", "en", "36 beds per 1,000 elderly"),
        ("5", "person_months", "en", "5 person-months"),
        ("3", "of_a_new_kind", "zh", "3of_a_new_kind"),
    ],
)
def test_a_number_with_its_unit(number, unit, lang, said):
    assert words.with_unit(number, unit, lang) == said


def test_terms_of_a_measure():
    assert words.term("budget_yuan", 3_000_000.0, "zh") == "年度预算 3000000元"
    assert words.term("budget_yuan", 3_000_000.0, "en") == "budget of the year 3,000,000 yuan"
    grades = {"junior": 100, "senior": 500}
    assert words.term("rate_by_yuan", grades, "zh") == "分级标准 初级 100元、高级 500元"
    assert words.term("rate_by_yuan", grades, "en") == "rate by grade junior 100 yuan, senior 500 yuan"


def test_labels_and_signs():
    assert words.label_word("40 before", "zh") == "原有 40 个"
    assert words.label_word("residents_60plus", "zh") == "60岁及以上常住老年人"
    assert words.label_word("residents_60plus", "en") == "residents aged 60+"
    assert words.label_word("40 before", "en") == "40 before"
    assert [words.sign(">=", lang) for lang in ("zh", "en")] == ["≥", ">="]


def test_measures_have_their_chinese_names_in_the_chinese_list():
    said = {lang: runner.invoke(app, ["clauses", "yinchuan", "--lang", lang]).stdout for lang in ("zh", "en")}
    assert "高龄津贴、困难老年人护理补贴、老年人免费乘车" in said["zh"]
    assert "old_age_allowance nursing_subsidy free_bus" in said["en"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clause", "yinchuan.2.1.x"], "there is no clause 'yinchuan.2.1.x'"),
        (["clauses", "yinchaun"], "did you mean 'yinchuan'?"),
        (["clauses", "nowhere/law.yaml"], "there is no file 'nowhere/law.yaml'"),
        (["clause", "yinchuan.2.2.c", "--run", "nowhere"], "'nowhere' is no folder of a finished run"),
    ],
)
def test_what_is_not_there_is_one_clear_error(words, said):
    result = runner.invoke(app, [*words, "--lang", "en"])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
