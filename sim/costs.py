"""What is due in a month: the measures in force over what happened, as entries of the ledger.

One function per measure, by name in `MEASURES`, so that a clause can say which one posts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.codes import BedKind, Ownership
from sim.facilities.home import Home
from sim.facilities.supply import BedChange
from sim.ledger import Ledger
from sim.money import fen
from sim.months import Month
from sim.policy import subsidies
from sim.policy.book import Law
from sim.policy.clauses import Terms
from sim.policy.subsidies import Due
from sim.scenario.types import Scenario
from sim.tables import TOTAL


@dataclass(frozen=True)
class Recipients:
    """Persons for whom measures are paid, at the end of a month; all of them residents.

    Attributes:
        old_age: of the age of the old-age allowance.
        nursing: aged 60+, destitute or on minimum allowance or low income, of moderate ability or worse.
        bus: of the age of the free bus.
        care_workers: caregivers who qualify for an employment subsidy.
    """

    old_age: int
    nursing: int
    bus: int
    care_workers: int


@dataclass(frozen=True)
class Case:
    """What a measure may look at.

    Attributes:
        scenario: sites that complete.
        month: the month; `after_notice`: it is after that of the notice, which belongs to the baseline.
        terms: of the measure.
        rate_fen: amount per unit.
        spent_fen: spent for the measure in the calendar year before.
        changes: beds that opened or closed, in `homes`.
        persons: for whom allowances are paid.
    """

    scenario: Scenario
    month: Month
    after_notice: bool
    terms: Terms
    rate_fen: int
    spent_fen: int
    changes: Sequence[BedChange]
    homes: Sequence[Home]
    persons: Recipients


Dues = Iterable[tuple[str, Due]]
"""For whom or what, and what is due for it."""


def canteen_upgrade(case: Case) -> Iterator[tuple[str, Due]]:
    """Canteens that complete, each at the rate, never above the budget of the year."""
    spent = case.spent_fen
    for item in case.scenario.sites:
        if item.kind == "canteen_upgraded" and item.completes_month == case.month:
            due = subsidies.sites_due(item.sites, case.rate_fen, fen(case.terms.budget_yuan or 0), spent)
            spent += due.amount_fen
            yield item.id, due


def nursing_bed_premium(case: Case) -> Dues:
    """Nursing beds that private homes open or convert after the month of the notice, once each."""
    opened = sum(
        change.registered
        for change in case.changes
        if change.kind == BedKind.NURSING and case.homes[change.home].spec.ownership == Ownership.PRIVATE
    )
    return _each("private homes", opened if case.after_notice else 0, case)


def quality_award(case: Case) -> Dues:
    """Once a year, in December: homes with beds, and sites of the plan that are complete."""
    homes = sum(1 for home in case.homes if home.registered.sum() > 0)
    sites = sum(item.sites for item in case.scenario.sites if item.completes_month <= case.month)
    return _each("homes and sites", homes + sites if case.month.is_december else 0, case)


def old_age_allowance(case: Case) -> Dues:
    """Each month: residents of the age that the scenario sets."""
    return _each("oldest residents", case.persons.old_age, case)


def nursing_subsidy(case: Case) -> Dues:
    """Each month: residents in hardship with moderate ability or worse."""
    return _each("residents in hardship", case.persons.nursing, case)


def free_bus(case: Case) -> Dues:
    """Each month: residents of the age that the document sets."""
    return _each("bus passengers", case.persons.bus, case)


def care_worker_subsidy(case: Case) -> Dues:
    """Each month: caregivers who qualify."""
    return _each("caregivers", case.persons.care_workers, case)


MEASURES: dict[str, Callable[[Case], Dues]] = {
    "canteen_upgrade": canteen_upgrade,
    "nursing_bed_premium": nursing_bed_premium,
    "quality_award": quality_award,
    "old_age_allowance": old_age_allowance,
    "nursing_subsidy": nursing_subsidy,
    "free_bus": free_bus,
    "care_worker_subsidy": care_worker_subsidy,
}
"""Measure of a policy file -> the function that says what is due."""


def rate(scenario: Scenario, measure: str, terms: Terms, month: Month) -> int:
    """Fen per unit: the scenario's rate grown from its base year, else the document's as written, else 0."""
    if measure not in scenario.rates:
        return fen(terms.rate_yuan or 0)
    return fen(scenario.rates[measure].at(month) * scenario.money.price_factor(month.year))


def post(
    ledger: Ledger,
    scenario: Scenario,
    law: Law,
    month: Month,
    changes: Sequence[BedChange],
    homes: Sequence[Home],
    persons: Recipients,
) -> None:
    """Post what is due in a month.

    Args:
        ledger: takes the lines.
        scenario: sites that complete, and rates that the document does not give.
        law: the law in force.
        month: the month.
        changes: beds that opened or closed.
        homes: the homes that they belong to.
        persons: for whom allowances are paid.

    Raises:
        KeyError: if a measure in force has no function; the policy files are checked against `MEASURES`.
    """
    after_notice = month > law.book.notice
    for measure, terms in law.measures.items():
        rate_fen = rate(scenario, measure, terms, month)
        spent = ledger.total(measure=measure, year=month.year) if terms.budget_yuan is not None else 0
        case = Case(scenario, month, after_notice, terms, rate_fen, spent, changes, homes, persons)
        for subject, due in MEASURES[measure](case):
            entry = ledger.entry(
                measure,
                district=TOTAL,
                subject=subject,
                quantity=due.quantity,
                rate_fen=rate_fen,
                amount_fen=due.amount_fen,
            )
            ledger.post(month, entry)


def _each(subject: str, quantity: int, case: Case) -> Dues:
    """So much for each, nothing where there is nobody."""
    due = subsidies.per_unit(quantity, case.rate_fen)
    return [(subject, due)] if due.quantity else []
