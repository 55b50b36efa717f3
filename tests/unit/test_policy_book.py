"""A policy file is read completely or refused, and holds nothing before its notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.dated import Dated
from sim.policy.facts import fact

FILE = Path(__file__).parents[2] / "scenarios" / "policy" / "yinchuan.yaml"
MEASURES = [
    "nursing_bed_premium", "canteen_upgrade", "quality_award", "old_age_allowance", "nursing_subsidy",
    "free_bus", "care_worker_subsidy",
]  # fmt: skip
LASTING = [name for name in MEASURES if name != "canteen_upgrade"]


@pytest.fixture(scope="module")
def book():
    return PolicyBook.load(FILE)


def edited(folder, old, new):
    """The shipped file with one text replaced."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = folder / "law.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_day_of_the_notice(book):
    assert book.document.number is None
    assert book.notice == Month.parse("2023-09")


STANDING = {"yinchuan.2.3.d", "yinchuan.2.5.c", "yinchuan.2.9.a", "yinchuan.2.10.a"}


def test_every_dated_target_has_its_mark_due_at_the_end_of_2023_and_is_carried_forward(book):
    targets = [clause for clause in book.clauses if clause.kind == "target" and clause.id not in STANDING]
    marks = {c.indicator: (c.operator, c.numbers[0].value) for c in targets}
    assert marks == {
        "new_institution_beds": (">=", 700),
        "beds_per_1000_elderly": (">=", 36),
        "chain_integrated_homes": (">=", 3),
        "new_nursing_beds": (">=", 300),
        "nursing_bed_share": (">=", 60),
        "canteens_upgraded": (">=", 30),
        "community_facility_coverage_urban": ("=", 100),
        "community_facility_coverage_rural": (">=", 85),
        "subdistrict_care_centres_built": (">=", 8),
        "subdistrict_centre_coverage": (">=", 88),
        "destitute_dependent_collective_support_rate": (">=", 60),
        "destitute_willing_collective_support_rate": ("=", 100),
        "pension_insurance_rate": (">=", 95.4),
        "medical_insurance_rate": (">=", 96),
        "health_record_rate_65plus": (">=", 80),
        "health_management_rate_65plus": (">=", 71),
        "elderly_university_per_county": (">=", 1),
        "social_workers_per_1000_elderly": (">=", 30),
        "social_workers_per_100_beds": (">=", 12),
    }
    assert {value.due for clause in targets for value in clause.marks} == {"2023-12-31"}
    assert {clause.basis_2025 for clause in targets} == {"carried_forward"}


def test_standing_targets_have_no_date(book):
    standing = [book.by_id[clause_id] for clause_id in sorted(STANDING)]
    assert {value.due for clause in standing for value in clause.marks} == {None}
    assert [clause.basis_2025 for clause in standing].count("standing_recurring") == 1
    assert book.by_id["yinchuan.2.9.a"].recurrence == "yearly"


def test_facts_are_found_by_indicator_and_unit(book):
    assert fact(book, "institution_beds_total", "beds") == 9688
    assert fact(book, "nursing_bed_share", "beds") == 5586
    with pytest.raises(LookupError, match="no canteens_upgraded"):
        fact(book, "canteens_upgraded", "canteens")  # a target is no fact


def test_nothing_applies_before_the_month_of_the_notice(book):
    before, after = book.at(Month.parse("2023-08")), book.at(Month.parse("2023-09"))
    assert (before.in_force, before.admission, before.measures) == (False, None, {})
    assert after.in_force
    assert after.admission is not None
    assert set(after.measures) == set(MEASURES)
    assert after.measures["canteen_upgrade"].budget_yuan == 3_000_000


def test_a_measure_is_an_error_before_its_first_month_and_null_after_its_last(book):
    with pytest.raises(LookupError, match="before its first month 2023-09"):
        book.at(Month.parse("2023-08")).terms("canteen_upgrade")
    assert book.at(Month.parse("2023-12")).terms("canteen_upgrade") is not None
    assert book.at(Month.parse("2024-01")).terms("canteen_upgrade") is None
    assert set(book.at(Month.parse("2024-01")).measures) == set(LASTING)


@pytest.mark.parametrize(
    ("year", "measures"),
    [(2022, []), (2023, MEASURES), (2025, LASTING)],
)
def test_measures_of_a_year(book, year, measures):
    assert book.measures_of(year) == measures


def test_a_value_may_change_end_and_begin_again():
    rate = Dated.of("rate", {"2024-03": None, "2023-01": 5, "2025-01": 7})
    at = {text: rate.at(Month.parse(text)) for text in ("2023-01", "2024-02", "2024-03", "2025-01")}
    assert at == {"2023-01": 5, "2024-02": 5, "2024-03": None, "2025-01": 7}
    assert not rate.holds_between(Month.parse("2024-03"), Month.parse("2024-12"))
    assert rate.holds_between(Month.parse("2024-03"), Month.parse("2025-01"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("force: fact", "forse: fact", "clauses[0].forse: unknown key"),
        ("    force: fact\n", "", "clauses[0].force: this key is missing"),
        ("value: 9688", 'value: "9688"', "clauses[2].values[0].value"),
        ("due: 2023-12-31".replace("2", '"2', 1).replace("31", '31"'), 'due: "2023-13-31"', "YYYY-MM-DD"),
        (
            "id: yinchuan.2.1.b",
            "id: yinchuan.2.1.a",
            "clauses[3].id: id 'yinchuan.2.1.a' stands twice; the first is",
        ),
        ("id: yinchuan.2.1.b", "id: haikou.2.1.b", "clause haikou.2.1.b; allowed: yinchuan."),
        (
            "measures: [nursing_bed_premium]",
            "measures: [premium]",
            "clauses[10].measures[0]: nothing is called premium; there are",
        ),
        ("    basis_2025: carried_forward\n", "", "yinchuan.2.1.b has no basis_2025"),
        ("groups_any: [destitute", "groups_any: [destitut", "'destitut' is not one of destitute"),
        (
            "    clause: yinchuan.2.2.e",
            "    clause: yinchuan.2.2.z",
            "measures.nursing_bed_premium.clause: noth",
        ),
        ("picked_denominator: null", "picked_denominator: everybody", "picks 'everybody'"),
        ("- tier: 2", "- tier: 1", "tiers [1, 1]"),
        ('"2024-01": null', '"2024-1x": null', "YYYY-MM"),
        ("{id: yinchuan.0.a", "{id: yinchuan.2.1.a", "out_of_scope[0].id: id 'yinchuan.2.1.a' stands twice"),
        ('condition, operator: ">=", label: free_bus', "condition", "an operator for a condition"),
        ("    plan_input: payers\n", "", "yinchuan.2.11.c names none or several"),
        (
            "old_age_allowance, nursing_subsidy",
            "old_age_allowance",
            "measures.nursing_subsidy: clause yinchuan.2.11.a does not name nurs",
        ),
        (
            "  clause: yinchuan.2.6.a",
            "  clause: yinchuan.2.6.z",
            "admission.clause: nothing is called yinchuan.2.6.z",
        ),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path, old, new, words):
    with pytest.raises(InputError) as caught:
        PolicyBook.load(edited(tmp_path, old, new))
    assert words in caught.value.text("en")
    assert all(fault.line > 0 for fault in caught.value.faults)


def test_a_fault_stands_at_its_line(tmp_path):
    path = edited(tmp_path, "value: 9688", "valu: 9688")
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "valu: 9688" in text)
    with pytest.raises(InputError) as caught:
        PolicyBook.load(path)
    assert {fault.line for fault in caught.value.faults} == {line}
    assert {fault.code for fault in caught.value.faults} == {"unknown_key", "missing_key"}


def several(folder, *pairs):
    """The shipped file with several texts replaced, and the lines of the new ones."""
    text = FILE.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "law.yaml"
    path.write_text(text, encoding="utf-8")
    lines = text.splitlines()
    return path, [next(n for n, line in enumerate(lines, 1) if new in line) for _, new in pairs]


def places(path):
    with pytest.raises(InputError) as caught:
        PolicyBook.load(path)
    return {(fault.line, fault.code) for fault in caught.value.faults}, caught.value.text("en")


def test_all_faults_of_the_types_are_told_at_once_each_at_its_column(tmp_path):
    path, lines = several(
        tmp_path,
        ("value: 9688", 'value: "9688"'),
        ("value: 36, unit", "value: 36, unitt"),
        ("force: fact", "force: facts"),
        ("tie_break_entitled: false", "tie_break_entitled: 3"),
    )
    found, text = places(path)
    wanted = zip(lines, ("not_number", "unknown_key", "not_choice", "not_bool"), strict=True)
    assert found == {*wanted, (lines[1], "missing_key")}
    assert f"{path}:{lines[0]}:22: clauses[2].values[0].value: '9688' is not a number" in text
    assert "did you mean 'unit'?" in text
    assert "did you mean 'fact'?" in text


def test_all_names_that_lead_nowhere_are_told_at_once(tmp_path):
    path, lines = several(
        tmp_path,
        ("measures: [quality_award]", "measures: [quality_awards]"),
        ("  clause: yinchuan.2.6.a", "  clause: yinchuan.2.6.z"),
        ("- {id: yinchuan.0.b,", "- {id: yinchuan.0.a,  "),
    )
    found, text = places(path)
    end = next(
        n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if "quality_award:" in line
    )
    assert {line for line, _ in found} == {*lines, end + 1}
    assert {code for _, code in found} == {"unknown_name", "duplicate_id", "other"}
    assert "did you mean 'quality_award'?" in text


def test_a_policy_file_in_gbk_is_read_and_its_faults_come_with_the_notice(tmp_path):
    path = tmp_path / "law.yaml"
    text = FILE.read_text(encoding="utf-8")
    path.write_bytes(text.encode("gb18030"))
    assert PolicyBook.load(path) == PolicyBook.load(FILE)
    path.write_bytes(text.replace("force: fact", "forse: fact", 1).encode("gb18030"))
    with pytest.raises(InputError) as caught:
        PolicyBook.load(path)
    assert [notice.code for notice in caught.value.notices] == ["read_as_gbk"]


def test_the_book_can_not_be_changed(book):
    with pytest.raises(ValueError, match="frozen"):
        book.clauses[0].force = "must"


def test_a_book_is_read_anew_when_its_file_has_changed(tmp_path):
    path = tmp_path / "law.yaml"
    text = FILE.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    book = PolicyBook.load(path)
    assert PolicyBook.load(path) is book
    path.write_text(text.replace("schema_version: 1", "schema_version: 2"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputError):
            PolicyBook.load(path)
