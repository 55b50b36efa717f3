"""What a measure may look at, and the shape of what it says is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.facilities.home import Home
from sim.facilities.supply import BedChange
from sim.money import Exact
from sim.months import Month
from sim.policy import subsidies
from sim.policy.clauses import Terms
from sim.policy.subsidies import Due
from sim.scenario.types import Scenario

Dues = Iterable[tuple[str, Due]]
"""For whom or what, and what is due for it."""


SIZE_NOT_KNOWN = "size not known"
"""Rate status of what is paid although the area or households that the law asks for are not given."""


@dataclass(frozen=True)
class Recipients:
    """Persons for whom measures are paid, at the end of a month; all of them residents.

    Attributes:
        old_age: of the age of the old-age allowance.
        nursing: aged 60+, destitute or on minimum allowance or low income, of moderate ability or worse.
        bus: of the age of the free bus.
        care_workers: caregivers who qualify for an employment subsidy.
        caregivers: all of them.
        hardship: aged 60+, destitute or on minimum allowance or low income.
        checked: of the age of free check-ups.
        poor_dependent: residents of homes, in hardship, among the oldest old, of moderate ability or worse.
        in_homes: residents of homes by ability (`codes.Ability`).
        by_home: bed-months of each home that are paid by occupancy, as the scenario counts them.
    """

    old_age: int
    nursing: int
    bus: int
    care_workers: int
    caregivers: int = 0
    hardship: int = 0
    checked: int = 0
    poor_dependent: int = 0
    in_homes: Sequence[int] = ()
    by_home: Sequence[Fraction] = ()


@dataclass(frozen=True)
class Case:
    """What a measure may look at.

    Attributes:
        measure: its name.
        scenario: what the plan opens and completes, and readings of the rules.
        month: the month.
        notice: the month of the notice, which belongs to the baseline.
        terms: of the measure.
        rate_fen: amount per unit, exact.
        spent_fen: posted for the measure in the calendar year of the month, before this month's dues; what a
            budget of the year is compared with.
        changes: beds that opened or closed, in `homes`.
        homes: all homes.
        persons: for whom allowances are paid.
    """

    measure: str
    scenario: Scenario
    month: Month
    notice: Month
    terms: Terms
    rate_fen: Exact
    spent_fen: int
    changes: Sequence[BedChange]
    homes: Sequence[Home]
    persons: Recipients

    @property
    def after_notice(self) -> bool:
        """Whether the month is after that of the notice."""
        return self.month > self.notice


def each(subject: str, quantity: int, case: Case) -> Dues:
    """So much for each, nothing where there is nobody."""
    due = subsidies.per_unit(quantity, case.rate_fen)
    return [(subject, due)] if due.quantity else []
