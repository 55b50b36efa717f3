"""Tables of looking back from the start, see `population.past`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.population.ability import STATES, AbilityTables
from sim.population.lifetable import GRID, SIXTY

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

_CELLS = GRID - SIXTY


@dataclass(frozen=True, eq=False)
class PastTables:
    """Looking back from an age of 60 or more, by sex, months since the 60th birthday and ability.

    Attributes:
        back: (2, CELLS, 4, 4) probability of the ability a month earlier, of those alive.
        earlier: (2, CELLS, 4, months + 1, 4) the same 0, 1, ... months earlier.
        asked: (2, CELLS, 4, 4, months + 1) expected applications in the last 0, 1, ... months, by living
            arrangement, of somebody with a pressure of 1.
        hazard: (CELLS, 4, 4) of applying per month, 0 in the month of the 60th birthday.
        dying: (2, CELLS, 4) hazard of death per month of those at this age.
    """

    back: F64
    earlier: F32
    asked: F32
    hazard: F64
    dying: F64


def past_tables(tables: AbilityTables, period: int, hazard_per_month: F64, months: int) -> PastTables:
    """The tables of looking back so many months.

    Args:
        tables: monthly changes of life and ability.
        period: of mortality, kept.
        hazard_per_month: (GRID, 4, 4) of applying, by age, ability and living arrangement.
        months: how far.
    """
    death, worsen, recover = (
        table[period][:, SIXTY:] for table in (tables.death, tables.worsen, tables.recover)
    )
    hazard = hazard_per_month[SIXTY:].copy()
    hazard[0] = 0.0
    before = tables.prevalence[:, SIXTY - 1 : -1] * (1 - death)
    joint = np.zeros((2, _CELLS, STATES, STATES))  # now, a month earlier
    at = np.arange(STATES)
    joint[..., at, at] = before * (1 - worsen - recover)
    joint[..., at[1:], at[:-1]] = (before * worsen)[..., :-1]
    joint[..., at[:-1], at[1:]] = (before * recover)[..., 1:]
    total = joint.sum(axis=-1, keepdims=True)
    back = np.divide(joint, total, out=np.zeros_like(joint), where=total > 0)
    back[:, 0] = np.eye(STATES)  # the ability at 60 is the first
    earlier = np.zeros((2, _CELLS, STATES, months + 1, STATES), np.float32)
    asked = np.zeros((2, _CELLS, STATES, hazard.shape[-1], months + 1), np.float32)
    _look_from_each_age(back, hazard, earlier, asked)
    dying = -np.log1p(-np.minimum(death, 1 - 1e-9))
    return PastTables(back, earlier, asked, hazard, np.concatenate([dying[:, 1:], dying[:, -1:]], axis=1))


@njit(cache=True)
def _look_from_each_age(back: F64, hazard: F64, earlier: F32, asked: F32) -> None:
    """Fill `earlier` and `asked`, zeros before, see `PastTables`."""
    months, living = asked.shape[-1] - 1, asked.shape[-2]
    state, prior = np.zeros(STATES), np.zeros(STATES)
    for s in range(2):
        for cell in range(back.shape[1]):
            for now in range(STATES):
                state[:] = 0.0
                state[now] = 1.0
                earlier[s, cell, now, 0, now] = 1.0
                for n in range(1, months + 1):
                    here = max(cell - n + 1, 0)
                    prior[:] = 0.0
                    for one in range(STATES):
                        for other in range(STATES):
                            prior[other] += state[one] * back[s, here, one, other]
                    for one in range(STATES):
                        state[one] = prior[one]
                        earlier[s, cell, now, n, one] = prior[one]
                    for home in range(living):
                        more = 0.0
                        for one in range(STATES):
                            more += state[one] * hazard[here, one, home]
                        asked[s, cell, now, home, n] = asked[s, cell, now, home, n - 1] + more
