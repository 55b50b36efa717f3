"""How long people live from now on, with the ability that they have and may come to have."""

from __future__ import annotations

import numpy as np
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
    alive = np.zeros((2, GRID, STATES, STATES))
    alive[..., range(STATES), range(STATES)] = 1.0
    found = np.zeros((2, GRID, STATES, months + 1), np.float32)
    for month in range(1, months + 1):
        cell = np.minimum(np.arange(GRID) + month, GRID - 1)
        lives = alive * (1 - death[:, cell])[:, :, None]
        worse, better = lives * worsen[:, cell][:, :, None], lives * recover[:, cell][:, :, None]
        alive = lives - worse - better
        alive[..., 1:] += worse[..., :-1]
        alive[..., :-1] += better[..., 1:]
        found[..., month] = 1 - alive.sum(axis=-1)
    return found


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
