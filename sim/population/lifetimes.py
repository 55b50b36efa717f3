"""How long people live from now on, with the ability that they have and may come to have."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.population.ability import STATES, AbilityTables
from sim.population.lifetable import GRID

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def died_by(tables: AbilityTables, period: int, months: int) -> F32:
    """Probability of having died after 0, 1, ... months: (2, GRID, 4, months + 1).

    By sex, month of age completed and ability at the beginning. Age and ability move on meanwhile, so the
    hazard rises as somebody grows older and falls ill; with that of the first month they would live too long.

    Args:
        tables: monthly changes of life and ability.
        period: period of mortality, kept.
        months: how far.
    """
    death, worsen, recover = (table[period] for table in (tables.death, tables.worsen, tables.recover))
    found = np.zeros((2, GRID, STATES, months + 1), np.float32)
    _live_on(death, worsen, recover, found)
    return found


@njit(cache=True)
def _live_on(death: F64, worsen: F64, recover: F64, found: F32) -> None:
    """Fill `found`, zeros before, see `died_by`."""
    lives, moved = np.zeros(STATES), np.zeros(STATES)
    for s in range(2):
        for age in range(GRID):
            for first in range(STATES):
                lives[:] = 0.0
                lives[first] = 1.0
                for month in range(1, found.shape[-1]):
                    cell = min(age + month, GRID - 1)
                    moved[:] = 0.0
                    for state in range(STATES):
                        lives[state] *= 1 - death[s, cell, state]
                        worse = lives[state] * worsen[s, cell, state]
                        better = lives[state] * recover[s, cell, state]
                        moved[state] += lives[state] - worse - better
                        if state < STATES - 1:
                            moved[state + 1] += worse
                        if state > 0:
                            moved[state - 1] += better
                    for state in range(STATES):
                        lives[state] = moved[state]
                    found[s, age, first, month] = 1 - lives.sum()


def lifetimes_months(
    died: F32, sex: NDArray[np.integer], cell: I64, ability: NDArray[np.integer], u: F64
) -> F64:
    """Months until death by the table of `died_by`, evenly within a month; inf beyond its end.

    Args:
        died: (2, GRID, 4, months + 1).
        sex: (persons,) codes.
        cell: (persons,) month of age completed.
        ability: (persons,) codes.
        u: (persons,) draws.
    """
    by = died[sex, cell, ability]
    month = (by <= u[:, None]).sum(axis=1)
    within = np.minimum(month, by.shape[1] - 1)
    at = np.arange(len(u))
    before, after = by[at, within - 1], by[at, within]
    part = np.divide(u - before, after - before, out=np.zeros(len(u)), where=after > before)
    return np.where(month < by.shape[1], within - 1 + part, np.inf)
