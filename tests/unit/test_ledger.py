"""The ledger: lines per payer, rows per year, promises."""

from __future__ import annotations

import pytest

from sim.ledger import Ledger
from sim.months import Month
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
