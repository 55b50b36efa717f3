"""Who lives in a home where inflow and outflow are in balance: by expectation, no draws.

A cohort is followed from its 60th birthday: it dies, changes ability, enters homes at the hazard of admission
and leaves them alive. The share of its survivors who live in a home, by sex, age and ability, is where the
residents of homes at the start are drawn from; so the stock starts in balance with its own flows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability
from sim.months import MONTHS_PER_YEAR
from sim.population.ability import STATES, AbilityTables, step_expected
from sim.population.lifetable import GRID, SIXTY

F64 = NDArray[np.float64]


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
    nursing = np.arange(STATES) >= Ability.MODERATE
    for sex in range(2):
        outside = tables.prevalence[sex, SIXTY].copy()
        able, since, needing = np.zeros(STATES), np.zeros(STATES), np.zeros(STATES)
        for cell in range(SIXTY + 1, GRID):
            outside, able, since, needing = (
                step_expected(persons, tables, period, sex, cell)
                for persons in (outside, able, since, needing)
            )
            onset[sex, cell] = able[nursing].sum() / able.sum() if able.sum() > 0 else 0.0
            since += np.where(nursing, able, 0)
            able = np.where(nursing, 0, able)
            entering = outside * enter[cell]
            outside = outside - entering + (able + since + needing) * leave
            able, since, needing = (persons * (1 - leave) for persons in (able, since, needing))
            able += np.where(nursing, 0, entering)
            needing += np.where(nursing, entering, 0)
            inside = able + since + needing
            share[sex, cell] = np.divide(inside, inside + outside, out=np.zeros(STATES), where=outside > 0)
            for which, part in enumerate((able, able + since)):
                np.divide(part, inside, out=entered[sex, cell, :, which], where=inside > 0)
    return HomeStays(share, entered, onset)


def home_share(tables: AbilityTables, admission: F64, leaving_per_year: float, period: int = 0) -> F64:
    """Share of survivors who live in a home, when each month of age is completed: (2, GRID, 4)."""
    return home_stays(tables, admission, leaving_per_year, period).share
