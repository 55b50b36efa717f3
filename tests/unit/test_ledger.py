"""The ledger: lines per payer, rows per year, promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim import checks
from sim.errors import InvariantError
from sim.ledger import Ledger
from sim.model import CareModel
from sim.months import Month
from tests.places import stationary_place
from tests.unit.test_policy_book import FILE, LASTING, PolicyBook

FIRST, LAST = Month.parse("2020-11"), Month.parse("2025-12")
DECEMBER = Month.parse("2023-12")


@pytest.fixture
def ledger():
    return Ledger("yinchuan", PolicyBook.load(FILE))


def canteens(ledger, quantity, amount):
    return ledger.entry(
        "canteen_upgrade", district="total", subject="canteens", quantity=quantity,
        rate_fen=10_000_000, amount_fen=amount,
    )  # fmt: skip


def test_a_line_names_clause_unit_and_rate_status(ledger):
    (line,) = ledger.post(DECEMBER, canteens(ledger, 29, 290_000_000))
    assert (line.place, line.payer, line.amount_fen) == ("yinchuan", "unassigned", 290_000_000)
    assert (line.entry.clause_id, line.entry.unit) == ("yinchuan.2.4.a", "canteens")
    assert line.entry.rate_status == "not in document"


def test_every_measure_in_force_has_a_row_per_year_with_its_zeros(ledger):
    ledger.post(DECEMBER, canteens(ledger, 29, 290_000_000))
    rows = {
        (row.year, row.measure, row.payer): (row.quantity, row.amount_fen) for row in ledger.rows(FIRST, LAST)
    }
    zeros = {(year, name, "unassigned"): (0, 0) for year in (2023, 2024, 2025) for name in LASTING}
    assert rows == {**zeros, (2023, "canteen_upgrade", "unassigned"): (29, 290_000_000)}


def test_no_row_for_a_measure_that_begins_after_the_run(ledger):
    assert ledger.rows(FIRST, Month.parse("2023-08")) == []


def test_payers_of_the_scenario_split_an_uneven_amount_without_loss():
    payers = {"canteen_upgrade": {"city": 0.35, "district": 0.65}}
    ledger = Ledger("yinchuan", PolicyBook.load(FILE), payers)
    ledger.post(DECEMBER, canteens(ledger, 1, 10_000_001))
    parts = [ledger.total(payer=payer) for payer in ("city", "district")]
    assert parts == [3_500_000, 6_500_001]
    assert ledger.total(measure="canteen_upgrade", year=2023) == 10_000_001
    assert [row.payer for row in ledger.rows(DECEMBER, DECEMBER) if row.amount_fen] == ["city", "district"]
    assert {row.quantity for row in ledger.rows(DECEMBER, DECEMBER) if row.amount_fen} == {1}


def test_the_payer_named_last_takes_what_rounding_leaves():
    ledger = Ledger("yinchuan", PolicyBook.load(FILE), {"canteen_upgrade": {"city": 0.5, "district": 0.5}})
    ledger.post(DECEMBER, canteens(ledger, 1, 1))
    assert [ledger.total(payer=payer) for payer in ("city", "district")] == [1, 0]


def test_totals_by_year(ledger):
    ledger.post(DECEMBER, canteens(ledger, 1, 5))
    ledger.post(DECEMBER.plus(1), canteens(ledger, 1, 7))
    assert [ledger.total(year=year) for year in (2022, 2023, 2024)] == [0, 5, 7]
    assert ledger.total(measure="nursing_bed_premium") == 0
    # a payment after the measure has ended (a late instalment) keeps its row
    assert [r.amount_fen for r in ledger.rows(FIRST, LAST) if r.measure == "canteen_upgrade"] == [5, 7]


def test_a_promise_is_outstanding_from_its_month_until_it_falls_due(ledger):
    ledger.commit(DECEMBER, DECEMBER.plus(12), canteens(ledger, 1, 30))
    ledger.commit(DECEMBER, DECEMBER.plus(24), canteens(ledger, 1, 40))
    months = [DECEMBER.plus(step) for step in (-1, 0, 11, 12, 23, 24)]
    assert [ledger.outstanding(month) for month in months] == [0, 70, 70, 40, 40, 0]
    assert ledger.settle(DECEMBER.plus(11)) == []
    assert [line.amount_fen for line in ledger.settle(DECEMBER.plus(12))] == [30]
    assert ledger.settle(DECEMBER.plus(12)) == []  # once
    assert ledger.total() == 30
    rows = {
        row.year: row.outstanding_fen for row in ledger.rows(FIRST, LAST) if row.measure == "canteen_upgrade"
    }
    assert rows == {2023: 70, 2024: 40}


@pytest.mark.parametrize("late", [0, -1])
def test_a_promise_for_now_or_before_is_an_error(ledger, late):
    with pytest.raises(ValueError, match="must be after"):
        ledger.commit(DECEMBER, DECEMBER.plus(late), canteens(ledger, 1, 1))
    ledger.settle(DECEMBER.plus(5))
    with pytest.raises(ValueError, match="must be after"):
        ledger.commit(DECEMBER, DECEMBER.plus(5), canteens(ledger, 1, 1))


def test_the_rows_of_a_part_give_the_years_again(ledger):
    ledger.post(Month.parse("2023-10"), canteens(ledger, 10, 100))
    ledger.post(Month.parse("2023-11"), canteens(ledger, 19, 190))
    ledger.commit(DECEMBER, LAST.plus(1), canteens(ledger, 1, 5))
    sums = {}
    for month, metric, measure, clause_id, payer, value in ledger.part_rows(FIRST, LAST):
        assert clause_id == ledger.book.measures[measure].clause
        key = (month.year, measure, payer, metric)
        sums[key] = sums.get(key, 0) + value
    again = {}
    for row in ledger.rows(FIRST, LAST):
        key = (row.year, row.measure, row.payer)
        again[*key, "quantity"] = row.quantity
        again[*key, "amount_fen"] = row.amount_fen
        again[*key, "outstanding_fen"] = row.outstanding_fen
    assert sums == again
    assert again[2023, "canteen_upgrade", "unassigned", "amount_fen"] == 290
    # the measure ends with 2023; what it still owes stays in sight
    assert [
        again[year, "canteen_upgrade", "unassigned", "outstanding_fen"] for year in (2023, 2024, 2025)
    ] == [5] * 3


# ---- promises taken back


def promised(ledger):
    """Three yearly instalments of one home and one of another, promised in December 2023."""
    for years, amount in ((1, 30), (2, 30), (3, 40)):
        ledger.commit(DECEMBER, DECEMBER.plus(12 * years), canteens(ledger, 1, amount))
    other = ledger.entry(
        "canteen_upgrade", district="total", subject="another", quantity=1, rate_fen=7, amount_fen=7
    )
    ledger.commit(DECEMBER, DECEMBER.plus(24), other)


def test_closure_takes_back_what_was_promised_for_later_and_nothing_else(ledger):
    promised(ledger)
    assert [line.amount_fen for line in ledger.settle(DECEMBER.plus(12))] == [30]
    assert ledger.cancel(DECEMBER.plus(18), "canteen_upgrade", "canteens") == 70
    assert ledger.cancel(DECEMBER.plus(18), "canteen_upgrade", "canteens") == 0  # once
    assert [line.amount_fen for line in ledger.settle(DECEMBER.plus(36))] == [7]
    assert (ledger.total(), ledger.taken_back(), ledger.outstanding(DECEMBER.plus(36))) == (37, 70, 0)
    assert [ledger.outstanding(DECEMBER.plus(months)) for months in (0, 12, 17, 18, 24)] == [
        107,
        77,
        77,
        7,
        0,
    ]


def test_what_was_taken_back_stands_in_the_row_of_its_year(ledger):
    promised(ledger)
    ledger.settle(DECEMBER.plus(12))
    ledger.cancel(DECEMBER.plus(18), "canteen_upgrade", "canteens")
    ledger.settle(LAST)
    rows = {row.year: row for row in ledger.rows(FIRST, LAST) if row.measure == "canteen_upgrade"}
    assert {year: (r.amount_fen, r.outstanding_fen, r.cancelled_fen) for year, r in rows.items()} == {
        2023: (0, 107, 0), 2024: (30, 77, 0), 2025: (7, 0, 70),
    }  # fmt: skip
    parts = [
        (month, value)
        for month, metric, *_, value in ledger.part_rows(FIRST, LAST)
        if metric == "cancelled_fen"
    ]
    assert parts == [(DECEMBER.plus(18), 30.0), (DECEMBER.plus(18), 40.0)]


# ---- fiscal years


def test_years_of_the_ledger_are_fiscal_years():
    ledger = Ledger("yinchuan", PolicyBook.load(FILE), fiscal_first_month=4)
    for text, amount in (("2023-12", 1), ("2024-03", 10), ("2024-04", 100)):
        ledger.post(Month.parse(text), canteens(ledger, 1, amount))
    assert [ledger.total(year=year) for year in (2022, 2023, 2024)] == [0, 11, 100]
    rows = {row.year: row.amount_fen for row in ledger.rows(FIRST, LAST) if row.measure == "canteen_upgrade"}
    assert rows == {2023: 11, 2024: 100}
    ledger.commit(Month.parse("2024-02"), Month.parse("2024-05"), canteens(ledger, 1, 9))
    by_year = {row.year: row.outstanding_fen for row in ledger.rows(FIRST, LAST) if row.outstanding_fen}
    assert by_year == {2023: 9}  # at the end of March 2024
    ends = {month for month, metric, *_ in ledger.part_rows(FIRST, LAST) if metric == "outstanding_fen"}
    assert {str(month) for month in ends} == {"2024-03", "2025-03", "2025-12"}


# ---- the check of each month


def checked(ledger):
    promised(ledger)
    ledger.post(DECEMBER, canteens(ledger, 1, 5))
    ledger.settle(DECEMBER.plus(12))
    ledger.cancel(DECEMBER.plus(13), "canteen_upgrade", "canteens")
    checks.ledger(DECEMBER, ledger)


def test_a_sound_ledger_passes(ledger):
    checked(ledger)


def lose_a_line(ledger):
    ledger.lines.pop()


def pay_twice(ledger):
    ledger.lines.append(ledger.lines[-1])


def round_up(ledger):
    ledger.lines[0] = replace(ledger.lines[0], amount_fen=ledger.lines[0].amount_fen + 1)


def lose_a_promise(ledger):
    ledger.commitments.pop()


def settle_what_was_taken_back(ledger):
    ledger.lines.append(next(one.line for one in ledger.commitments if one.cancelled))


def another_measure(ledger):
    entry = replace(ledger.lines[0].entry, measure="free_bus")
    ledger.lines[0] = replace(ledger.lines[0], entry=entry)


def below_zero(ledger):
    line = ledger.lines[0]
    ledger.lines[0] = replace(line, amount_fen=line.amount_fen + 9)
    ledger.lines.append(replace(line, amount_fen=-9))


@pytest.mark.parametrize(
    "broken",
    [
        lose_a_line, pay_twice, round_up, lose_a_promise, settle_what_was_taken_back, another_measure,
        below_zero,
    ],
)  # fmt: skip
def test_a_ledger_that_was_tampered_with_raises(ledger, broken):
    checked(ledger)
    broken(ledger)
    with pytest.raises(InvariantError, match="ledger"):
        checks.ledger(DECEMBER, ledger)


def test_the_model_checks_its_ledger_each_month(tmp_path):
    model = CareModel(stationary_place(tmp_path, 10_000, 250, 150), 1, 0)
    model.step()
    model.ledger.entries.append(canteens(model.ledger, 1, 5))
    with pytest.raises(InvariantError, match="5 fen were due for canteen_upgrade, its lines hold 0"):
        model.step()
