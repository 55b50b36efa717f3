"""Who lives in a home where inflow and outflow are in balance: by expectation, no draws.

A cohort is followed from its 60th birthday: it dies, changes ability, enters homes at the hazard of admission
and leaves them alive. The share of its survivors who live in a home, by sex, age and ability, is where the
residents of homes at the start are drawn from; so the stock starts in balance with its own flows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability
from sim.months import MONTHS_PER_YEAR
from sim.population.ability import STATES, AbilityTables
from sim.population.lifetable import GRID, SIXTY

F64 = NDArray[np.float64]

_NEEDING = int(Ability.MODERATE)
"""Least ability that needs a nursing bed."""


@dataclass(frozen=True)
class HomeStays:
    """Residents of homes in balance, by sex, month of age completed and ability.

    Attributes:
        share: (2, GRID, 4) of survivors who live in a home.
        entered: (2, GRID, 4, 2) of these, cumulated: who entered without need of a nursing bed and never had
            it; these and who came to need one since. The others entered with it.
        onset: (2, GRID) of the first of these, who comes to need a nursing bed within the month.
    """

    share: F64
    entered: F64
    onset: F64


def home_stays(tables: AbilityTables, admission: F64, leaving_per_year: float, period: int = 0) -> HomeStays:
    """Residents of homes in balance, with the need that they entered with.

    Args:
        tables: monthly changes of life and ability.
        admission: (GRID, 4) hazard of being admitted, per year, for those outside homes.
        leaving_per_year: hazard of leaving a home alive.
        period: period of mortality.
    """
    share, onset = np.zeros((2, GRID, STATES)), np.zeros((2, GRID))
    entered = np.ones((2, GRID, STATES, 2))
    enter = 1 - np.exp(-admission / MONTHS_PER_YEAR)
    leave = 1 - np.exp(-leaving_per_year / MONTHS_PER_YEAR)
    monthly = (tables.death[period], tables.worsen[period], tables.recover[period])
    _follow(tables.prevalence, *monthly, enter, leave, share, entered, onset)
    return HomeStays(share, entered, onset)


@njit(cache=True)
def _live_a_month(death: F64, worsen: F64, recover: F64, persons: F64, moved: F64) -> None:
    """Deaths and changes of ability of each part of a cohort; `moved` is room for one part.

    Single numbers in loops: expressions of arrays would compile for seconds.
    """
    for part in range(4):
        for a in range(STATES):
            moved[a] = 0.0
        for a in range(STATES):
            lives = persons[part, a] * (1 - death[a])
            worse, better = lives * worsen[a], lives * recover[a]
            moved[a] += lives - worse - better
            if a < STATES - 1:
                moved[a + 1] += worse
            if a > 0:
                moved[a - 1] += better
        for a in range(STATES):
            persons[part, a] = moved[a]


@njit(cache=True)
def _follow(  # noqa: D417 - tables are told in groups
    prevalence: F64, death: F64, worsen: F64, recover: F64, enter: F64, leave: float,
    share: F64, entered: F64, onset: F64,
) -> None:  # fmt: skip
    """Follow a cohort of each sex from 60 on: outside, and inside by the need at entry and since.

    Args:
        prevalence .. enter: as `home_stays`, per month.
        share, entered, onset: are written.
    """
    persons, moved = np.zeros((4, STATES)), np.zeros(STATES)  # outside; inside: able, needing since, at entry
    for sex in range(2):
        for part in range(4):
            for a in range(STATES):
                persons[part, a] = prevalence[sex, SIXTY, a] if part == 0 else 0.0
        for cell in range(SIXTY + 1, GRID):
            _live_a_month(death[sex, cell], worsen[sex, cell], recover[sex, cell], persons, moved)
            able = needing = 0.0
            for a in range(STATES):
                able += persons[1, a]
                if a >= _NEEDING:
                    needing += persons[1, a]
            onset[sex, cell] = needing / able if able > 0 else 0.0
            for a in range(STATES):
                if a >= _NEEDING:
                    persons[2, a] += persons[1, a]
                    persons[1, a] = 0.0
                entering = persons[0, a] * enter[cell, a]
                persons[0, a] -= entering
                for part in range(1, 4):
                    persons[0, a] += persons[part, a] * leave
                    persons[part, a] *= 1 - leave
                persons[3 if a >= _NEEDING else 1, a] += entering
                inside = persons[1, a] + persons[2, a] + persons[3, a]
                whole = inside + persons[0, a]
                share[sex, cell, a] = inside / whole if whole > 0 else 0.0
                if inside > 0:
                    entered[sex, cell, a, 0] = persons[1, a] / inside
                    entered[sex, cell, a, 1] = (persons[1, a] + persons[2, a]) / inside


def home_share(tables: AbilityTables, admission: F64, leaving_per_year: float, period: int = 0) -> F64:
    """Share of survivors who live in a home, when each month of age is completed: (2, GRID, 4)."""
    return home_stays(tables, admission, leaving_per_year, period).share
