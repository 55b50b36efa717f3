"""Who is paid for in a month besides allowances: residents by home as a rule counts them, the poor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability, Group
from sim.dues.case import Recipients
from sim.facilities.home import Home
from sim.months import Month
from sim.policy import allowances
from sim.policy.book import Law
from sim.policy.occupancy import OccupancyRule
from sim.population.residents import Residents
from sim.scenario.types import Scenario
from sim.waitlist.records import Admission, HomeExit, MonthLog

I64 = NDArray[np.int64]
_HARDSHIP = int(Group.DESTITUTE | Group.MINIMUM_ALLOWANCE | Group.LOW_INCOME)
_SIXTY = 60
BY_OCCUPANCY = ("operating_subsidy", "regional_operating_subsidy", "smart_operating")
"""Measures that are paid by residents of homes."""


def complete(
    persons: Recipients,
    residents: Residents,
    law: Law,
    scenario: Scenario,
    homes: Sequence[Home],
    log: MonthLog,
    first_day: float,
) -> Recipients:
    """Add what the measures in force look at; what none of them does is left at nothing.

    Args:
        persons: the allowances.
        residents: the table after the month.
        law: the law in force.
        scenario: how residents are counted, and the age of the oldest old.
        homes: all homes.
        log: who came to homes and left them within the month.
        first_day: day of the axis of the list on which the month begins.
    """
    found, month = law.measures, law.month
    if "care_service_subsidy" in found:
        persons = replace(persons, hardship=_hardship(residents, month, _SIXTY, Ability.INTACT))
    if "free_health_check" in found:
        years = found["free_health_check"].from_age_years or _SIXTY
        persons = replace(persons, checked=int(_aged(residents, month, years).sum()))
    if "poor_dependent_supplement" in found:
        years = scenario.subsidies.oldest_old_from_years
        poor = _hardship(residents, month, years, Ability.MODERATE, in_home=True)
        persons = replace(persons, poor_dependent=poor)
    if any(measure in found for measure in BY_OCCUPANCY):
        inside = (residents.home >= 0) & (residents.left == 0)
        living = residents.home[inside].astype(np.int64)
        persons = replace(
            persons,
            in_homes=np.bincount(residents.ability[inside], minlength=len(Ability)).tolist(),
            by_home=by_home(
                np.bincount(living, minlength=len(homes)),
                np.array([int(home.registered.sum() + home.closing.sum()) for home in homes]),
                _within(log.admissions, first_day),
                _within(log.home_exits, first_day),
                days=month.days,
                rule=scenario.subsidies.occupancy_rule,
            ),
        )
    return persons


def by_home(
    at_end: I64, beds: I64, came: I64, left: I64, *, days: int, rule: OccupancyRule
) -> list[Fraction]:
    """Bed-months of each home that are paid, from its residents at the month's end and who came and left.

    Args:
        at_end: (homes,) residents at the end.
        beds: (homes,) beds; never more are paid.
        came: (persons, 2) home, and whole days from the beginning to the arrival.
        left: (persons, 2) the same to the departure; whoever came and left within the month is in both.
        days: length of the month.
        rule: as `sim.policy.occupancy.counted`, which this agrees with.
    """
    homes = len(at_end)
    if rule == "month_end_headcount":
        return [Fraction(min(int(n), int(b))) for n, b in zip(at_end, beds, strict=True)]
    if rule == "month_start_headcount":
        late = came[came[:, 1] > 0]
        gone = left[left[:, 1] > 0]
        start = at_end - np.bincount(late[:, 0], minlength=homes) + np.bincount(gone[:, 0], minlength=homes)
        return [Fraction(min(int(n), int(b))) for n, b in zip(start, beds, strict=True)]
    spent = at_end * days
    np.subtract.at(spent, came[:, 0], came[:, 1])
    np.add.at(spent, left[:, 0], left[:, 1])
    return [Fraction(min(int(n), int(b) * days), days) for n, b in zip(spent, beds, strict=True)]


def _within(moves: Iterable[Admission | HomeExit], first_day: float) -> I64:
    rows = [(move.home, int(np.floor(move.day - first_day))) for move in moves]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _aged(residents: Residents, month: Month, years: int) -> NDArray[np.bool_]:
    old = allowances.of_age(residents.birth.astype(np.int64), month.index, years)
    old &= residents.left == 0
    return old


def _hardship(
    residents: Residents, month: Month, years: int, ability_from: Ability, *, in_home: bool = False
) -> int:
    """Residents of an age and ability who are destitute, on minimum allowance or of low income."""
    found = _aged(residents, month, years) & ((residents.groups & np.uint16(_HARDSHIP)) != 0)
    found &= residents.ability >= ability_from
    return int((found & (residents.home >= 0)).sum() if in_home else found.sum())
