"""Whatever is posted: parts equal totals to the fen, and no budget is exceeded."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sim.ledger import Ledger
from sim.months import Month, fiscal_year
from sim.policy.book import PolicyBook
from sim.policy.subsidies import within_budget
from tests.made_up_payers import PAYERS, shares

BOOK = PolicyBook.load(Path(__file__).parents[2] / "scenarios" / "policy" / "yinchuan.yaml")
FIRST, LAST = Month.parse("2022-06"), Month.parse("2026-05")

months = st.integers(0, LAST.minus(FIRST)).map(FIRST.plus)
amounts = st.integers(0, 10**12)
measures = st.sampled_from(sorted(BOOK.measures))


@st.composite
def ledgers(draw):
    """A ledger with postings and promises, settled to the end, and what was put into it."""
    begins = draw(st.integers(1, 12))
    ledger = Ledger("yinchuan", BOOK, draw(st.dictionaries(measures, shares())), (), begins)
    posted, promised = [], []
    for month, measure, amount in draw(st.lists(st.tuples(months, measures, amounts), max_size=12)):
        ledger.post(month, entry(ledger, measure, amount))
        posted.append((month, measure, amount))
    for month, later, measure, amount in draw(
        st.lists(st.tuples(months, st.integers(1, 40), measures, amounts), max_size=6)
    ):
        ledger.commit(month, month.plus(later), entry(ledger, measure, amount))
        promised.append((month, month.plus(later), measure, amount))
    back = draw(st.lists(st.tuples(months, measures), max_size=3))
    for step in range(LAST.minus(FIRST) + 1):
        month = FIRST.plus(step)
        for _, measure in (one for one in back if one[0] == month):
            ledger.cancel(month, measure, "all")
        ledger.settle(month)
    kept = [
        one for one in promised
        if not any(name == one[2] and one[0] <= month <= one[1] for month, name in back)
    ]  # fmt: skip
    return ledger, posted, promised, kept


def entry(ledger, measure, amount):
    return ledger.entry(
        measure, district="total", subject="all", quantity=1, rate_fen=amount, amount_fen=amount
    )


@given(ledgers())
def test_rows_and_lines_foot_exactly(made):
    ledger, posted, _, kept = made
    put_in = Counter()
    for month, measure, amount in posted:
        put_in[fiscal_year(month, ledger.fiscal_first_month), measure] += amount
    for _, due, measure, amount in kept:
        if due <= LAST:
            put_in[fiscal_year(due, ledger.fiscal_first_month), measure] += amount
    by_row = Counter()
    for row in ledger.rows(FIRST, LAST):
        by_row[row.year, row.measure] += row.amount_fen
    assert +by_row == +put_in
    assert ledger.total() == put_in.total()
    assert sum(ledger.total(payer=payer) for payer in (*PAYERS, "unassigned")) == ledger.total()
    assert sum(ledger.total(year=year) for year in range(FIRST.year - 1, LAST.year + 1)) == ledger.total()


@given(ledgers())
def test_what_was_promised_is_paid_outstanding_or_taken_back(made):
    ledger, posted, promised, kept = made
    everything = sum(amount for *_, amount in posted) + sum(amount for *_, amount in promised)
    taken_back = sum(amount for *_, amount in promised) - sum(amount for *_, amount in kept)
    assert ledger.total() + ledger.outstanding(LAST) + taken_back == everything
    rows = ledger.rows(FIRST, LAST)
    assert sum(row.cancelled_fen for row in rows) == ledger.taken_back() == taken_back
    last_year = [row.outstanding_fen for row in rows if row.year == ledger.year_of(LAST)]
    assert sum(last_year) == ledger.outstanding(LAST)


@given(st.lists(amounts, max_size=40), amounts, st.integers(0, 100))
def test_a_budget_is_never_exceeded_and_used_as_far_as_asked(asked, budget, spent_percent):
    spent = budget * spent_percent // 100
    due = within_budget(asked, budget, spent)
    assert due.amount_fen == min(sum(asked), budget - spent)
    assert due.quantity <= len(asked)
