"""Who lives in a home where inflow and outflow are in balance: by expectation, no draws.

A cohort is followed from its 60th birthday: it dies, changes ability, enters homes at the hazard of admission
and leaves them alive. The share of its survivors who live in a home, by sex, age and ability, is where the
residents of homes at the start are drawn from; so the stock starts in balance with its own flows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR
from sim.population.ability import STATES, AbilityTables, step_expected
from sim.population.lifetable import GRID, SIXTY

F64 = NDArray[np.float64]


def home_share(tables: AbilityTables, admission: F64, leaving_per_year: float, period: int = 0) -> F64:
    """Share of survivors who live in a home, when each month of age is completed: (2, GRID, 4).

    Args:
        tables: monthly changes of life and ability.
        admission: (GRID, 4) hazard of being admitted, per year, for those outside homes.
        leaving_per_year: hazard of leaving a home alive.
        period: period of mortality.
    """
    share = np.zeros((2, GRID, STATES))
    enter = 1 - np.exp(-admission / MONTHS_PER_YEAR)
    leave = 1 - np.exp(-leaving_per_year / MONTHS_PER_YEAR)
    for sex in range(2):
        outside = tables.prevalence[sex, SIXTY].copy()
        inside = np.zeros(STATES)
        for cell in range(SIXTY + 1, GRID):
            outside = step_expected(outside, tables, period, sex, cell)
            inside = step_expected(inside, tables, period, sex, cell)
            entering, leaving = outside * enter[cell], inside * leave
            outside += leaving - entering
            inside += entering - leaving
            share[sex, cell] = np.divide(inside, inside + outside, out=np.zeros(STATES), where=outside > 0)
    return share
