"""Whatever the counts: a rate doubled doubles exactly its own amounts; growth moves scenario rates alone.

Exact is the amount before it is rounded: quantity times rate, in fractions of a fen. Each entry is rounded
once, halves up, so a doubled entry may be a fen more or less than twice the entry; other entries don't move.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import costs
from sim.accounts import service_account
from sim.codes import BedKind, Ownership
from sim.facilities.supply import BedChange
from sim.ledger import Ledger
from sim.money import whole
from sim.months import Month, fiscal_year
from sim.policy.book import PolicyBook
from sim.scenario.quantity import Yuan
from sim.scenario.resolve import load_scenario
from tests.made_up_payers import shares
from tests.made_up_services import service
from tests.places import quantity

SCENARIO = load_scenario("yinchuan")
BOOK = PolicyBook.load(SCENARIO.policy)
NAMES = sorted(BOOK.measures)
COSTS = {"day_care": "yuan_per_hour", "respite": "yuan_per_person_month", "meals": "yuan_per_meal"}
ACCOUNTS = [service_account(name) for name in COSTS]
FIRST, MONTHS = Month.parse("2023-07"), 18
HOMES = [
    SimpleNamespace(registered=np.array([20, 10]), spec=SimpleNamespace(ownership=ownership))
    for ownership in Ownership
]
counts = st.integers(0, 10**6)
persons = st.builds(costs.Recipients, *[counts] * 4)
# below half of what the canteens' budget allows for each, so that it does not bind even when doubled
yuan = st.decimals(0, 40_000, places=3).map(float)
growths = st.decimals("-0.05", "0.1", places=3).map(float)
worlds = st.fixed_dictionaries(
    {
        "growth": growths,
        "begins": st.integers(1, 12),
        "payers": st.dictionaries(st.sampled_from(NAMES), shares(), max_size=3),
        "given": st.lists(st.tuples(counts, counts, st.floats(0, 1e6)), min_size=3, max_size=3),
        "paid_by": shares(),
    }
)


class Noting(Ledger):
    """A ledger that keeps the amount of each entry as it was before rounding."""

    def entry(self, measure, *, subject, amount_fen, **more):
        self.exact = [*getattr(self, "exact", []), (measure, subject, Fraction(amount_fen))]
        return super().entry(measure, subject=subject, amount_fen=amount_fen, **more)


def ledger(rates, persons, *, growth=0.0, begins=1, payers=None, given=(), paid_by=None):
    """Eighteen months of the same counts, the notice among them.

    Args:
        rates: account -> yuan; a service without one costs nothing.
        persons: for whom measures are paid.
        growth: of prices a year.
        begins: first month of a fiscal year.
        payers: of measures; `paid_by` of services.
        given: of each service: served, newly served, hours a week.
    """
    money = SCENARIO.money
    per_year = money.price_growth_per_year.model_copy(update={"value": growth})
    of_law = {name: rate for name, rate in rates.items() if name in BOOK.measures}
    scenario = SCENARIO.model_copy(
        update={
            "rates": {name: Yuan(value=rate, unit="yuan", status="assumption", source="test")
                      for name, rate in of_law.items()},
            "money": money.model_copy(update={"price_growth_per_year": per_year}),
        }
    )  # fmt: skip
    rows = [
        service(
            id=name, kind=name, unit="meals" if name == "meals" else "persons", capacity=1,
            cost={**quantity(rates.get(service_account(name), 0.0), unit), "payers": paid_by or {}},
        )
        for (name, unit), _ in zip(COSTS.items(), given, strict=False)
    ]  # fmt: skip
    made = Noting("yinchuan", BOOK, payers or {}, rows, begins)
    for step in range(MONTHS):
        month = FIRST.plus(step)
        opened = [BedChange(month.index, home, BedKind.NURSING, 3, 2) for home in range(len(HOMES))]
        costs.post(made, scenario, BOOK.at(month), month, opened, HOMES, persons)
        amounts = [(row, *amount) for row, amount in zip(rows, given, strict=True)]
        costs.post_services(made, scenario, month, amounts)
    return made


@settings(deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys([*NAMES, *ACCOUNTS], yuan)), persons, worlds,
    st.sampled_from([*NAMES, *ACCOUNTS]),
)  # fmt: skip
def test_a_rate_doubled_doubles_its_own_entries_and_nothing_else(rates, persons, world, name):
    before = ledger(rates, persons, **world)
    after = ledger(rates | {name: float(2 * Decimal(str(rates[name])))}, persons, **world)
    times = {entry.measure: 2 if entry.measure == name else 1 for entry in before.entries}
    assert after.exact == [(own, what, times[own] * amount) for own, what, amount in before.exact]
    for old, new in zip(before.entries, after.entries, strict=True):
        assert new.rate_fen == times[old.measure] * old.rate_fen
        assert new.quantity == old.quantity
        assert abs(new.amount_fen - times[old.measure] * old.amount_fen) <= times[old.measure] - 1
    others = [line for line in before.lines if line.entry.measure != name]
    assert others == [line for line in after.lines if line.entry.measure != name]


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys([*NAMES, *ACCOUNTS], yuan)), persons, worlds)
def test_every_entry_is_rounded_once_and_all_of_them_foot(rates, persons, world):
    made = ledger(rates, persons, **world)
    assert [entry.amount_fen for entry in made.entries] == [whole(amount) for *_, amount in made.exact]
    last = FIRST.plus(MONTHS - 1)
    posted = sum(entry.amount_fen for entry in made.entries)
    assert sum(row.amount_fen for row in made.rows(FIRST, last)) == made.total() == posted
    years = {fiscal_year(line.month, world["begins"]) for line in made.lines}
    assert sum(made.total(year=year) for year in years) == posted


@settings(deadline=None)
@given(st.sampled_from(NAMES), yuan, growths, persons)
def test_growth_moves_a_rate_from_its_base_year_on(name, rate, growth, persons):
    found = ledger({name: rate}, persons, growth=growth)
    for line in found.lines:
        own = 100 * Fraction(str(rate)) if line.entry.measure == name else 0
        factor = (1 + Fraction(str(growth))) ** (line.month.year - SCENARIO.money.price_base_year)
        assert line.entry.rate_fen == own * factor


def test_half_a_yuan_that_grows_doubles():
    """0.49 yuan at 3 percent were 50 fen when rates were rounded, and 101 when doubled."""
    persons = costs.Recipients(1000, 0, 0, 0)
    paid = [ledger({"old_age_allowance": rate}, persons, growth=0.03).total() for rate in (0.49, 0.98)]
    assert paid[1] == 2 * paid[0] > 0


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
