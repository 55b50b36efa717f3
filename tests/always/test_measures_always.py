"""Whatever the counts: a rate doubled doubles exactly its own lines; growth moves scenario rates alone."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import costs
from sim.codes import BedKind, Ownership
from sim.facilities.supply import BedChange
from sim.ledger import Ledger
from sim.money import fen
from sim.months import Month
from sim.policy.book import PolicyBook
from sim.scenario.quantity import Yuan
from sim.scenario.resolve import load_scenario

SCENARIO = load_scenario("yinchuan")
BOOK = PolicyBook.load(SCENARIO.policy)
NAMES = sorted(BOOK.measures)
FIRST, MONTHS = Month.parse("2023-07"), 18
HOMES = [
    SimpleNamespace(registered=np.array([20, 10]), spec=SimpleNamespace(ownership=ownership))
    for ownership in Ownership
]
counts = st.integers(0, 10**6)
# below half of what the canteens' budget allows for each, so that it does not bind even when doubled
yuan = st.decimals(0, 50_000, places=2).map(float)


def ledger(rates, persons, growth=0.0):
    """Eighteen months of the same counts, the notice among them."""
    money = SCENARIO.money
    per_year = money.price_growth_per_year.model_copy(update={"value": growth})
    given = SCENARIO.model_copy(
        update={
            "rates": {name: Yuan(value=rate, unit="yuan", status="assumption", source="test")
                      for name, rate in rates.items()},
            "money": money.model_copy(update={"price_growth_per_year": per_year}),
        }
    )  # fmt: skip
    made = Ledger("yinchuan", BOOK)
    for step in range(MONTHS):
        month = FIRST.plus(step)
        opened = [BedChange(month.index, home, BedKind.NURSING, 3, 2) for home in range(len(HOMES))]
        costs.post(made, given, BOOK.at(month), month, opened, HOMES, persons)
    return made


def by_line(made, measure=None):
    """Amount of each line by month, measure and subject."""
    found = Counter()
    for line in made.lines:
        if measure in (None, line.entry.measure):
            found[line.month, line.entry.measure, line.entry.subject] += line.amount_fen
    return found


@settings(deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys(NAMES, yuan)), st.builds(costs.Recipients, *[counts] * 4),
    st.sampled_from(NAMES),
)  # fmt: skip
def test_a_rate_doubled_doubles_its_own_lines_and_nothing_else(rates, persons, name):
    before = ledger(rates, persons)
    after = ledger(rates | {name: 2 * rates[name]}, persons)
    assert [line.entry.quantity for line in after.lines] == [line.entry.quantity for line in before.lines]
    wanted = {key: amount * (2 if key[1] == name else 1) for key, amount in by_line(before).items()}
    assert by_line(after) == wanted


@settings(deadline=None)
@given(st.sampled_from(NAMES), yuan, st.floats(0, 0.1), st.builds(costs.Recipients, *[counts] * 4))
def test_growth_moves_a_rate_from_its_base_year_on(name, rate, growth, persons):
    found = ledger({name: rate}, persons, growth)
    for line in found.lines:
        own = rate if line.entry.measure == name else 0
        factor = (1 + growth) ** (line.month.year - SCENARIO.money.price_base_year)
        assert line.entry.rate_fen == fen(own * factor)


def test_what_is_paid_when():
    made = ledger(dict.fromkeys(NAMES, 1.0), costs.Recipients(5, 6, 7, 8))
    months = {name: [line.month for line in made.lines if line.entry.measure == name] for name in NAMES}
    notice, last = BOOK.notice, FIRST.plus(MONTHS - 1)
    every = [notice.plus(step) for step in range(last.minus(notice) + 1)]
    for name in ("old_age_allowance", "nursing_subsidy", "free_bus", "care_worker_subsidy"):
        assert months[name] == every
    assert months["nursing_bed_premium"] == every[1:]
    assert months["quality_award"] == [Month.parse("2023-12"), Month.parse("2024-12")]
    assert months["canteen_upgrade"] == [Month.parse("2023-12")]
    per_month = {line.entry.measure: line.entry.quantity for line in made.lines if line.month == every[-1]}
    assert per_month == {
        "old_age_allowance": 5, "nursing_subsidy": 6, "free_bus": 7, "care_worker_subsidy": 8,
        "nursing_bed_premium": 3, "quality_award": 3 + 30 + 8,
    }  # fmt: skip


def test_every_measure_of_the_plan_has_its_function():
    assert set(costs.MEASURES) >= set(BOOK.measures)
