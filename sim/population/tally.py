"""Counts of residents, one pass over the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Living, Sex
from sim.population.lifetable import FIRST_MONTHS, SIXTY

AGE_CLASSES = 7
"""Below 60, then five-year groups from 60-64 to 85+."""
_BAND = 60
_LIVING, _ABILITY = len(Living), len(Ability)
_STATES = 2 * 2 * _LIVING * _ABILITY * 2
STATE_SHAPE = (2, 2, _LIVING, _ABILITY, 2)
"""Here or left, waiting or not, living arrangement, ability, outside or in a home."""
_GONE = _STATES // 2
_BLOCK = 2048
_LANES = 4  # neighbours often share a state: counters side by side don't wait for each other

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""


def joint_counts(districts: int) -> I64:
    """An empty table for `tally`: (districts, 2 sexes, age classes, states)."""
    return np.zeros((districts, len(Sex), AGE_CLASSES, _STATES), np.int64)


@njit(inline="always")
def _age_class(month: int, birth: int) -> int:
    over = month - birth - FIRST_MONTHS - SIXTY
    return 0 if over < 0 else min(over // _BAND, AGE_CLASSES - 2) + 1


@njit(cache=True)
def _states(states: Codes, left: Codes, waiting: Mask, living: Codes, ability: Codes, home: Codes) -> None:
    """The state of each row, as its place in `STATE_SHAPE`. Without branches, so that it runs on vectors."""
    for at in range(len(left)):
        states[at] = (
            (((left[at] != 0) * 2 + waiting[at]) * _LIVING + living[at]) * _ABILITY + ability[at]
        ) * 2 + (home[at] >= 0)


@njit(cache=True)
def tally(  # noqa: D417 - one pass over everybody; columns are told in groups
    month: int, runs: I64, birth: Codes, sex: Codes, district: Codes, ability: Codes,
    living: Codes, home: Codes, bed: Codes, waiting: Mask, left: Codes,
    joint: I64, occupied: I64,
) -> None:  # fmt: skip
    """Count everybody at the end of a month.

    Args:
        month: month index.
        runs: as `residents.runs`: neighbours in a run share district, sex and month of birth.
        birth .. left: columns.
        joint: as `joint_counts` makes it, added to.
        occupied: (homes, 2) residents of any age by home and bed kind, added to.
    """
    lanes = np.zeros((_LANES, _STATES), np.int64)
    states = np.empty(_BLOCK, np.uint8)
    run, last = 0, len(runs) - 1
    while run < last:
        first = runs[run]
        d, s, age = district[first], sex[first], _age_class(month, birth[first])
        run += 1
        while run < last and (
            district[runs[run]] == d and sex[runs[run]] == s and _age_class(month, birth[runs[run]]) == age
        ):
            run += 1
        for start in range(first, runs[run], _BLOCK):
            end = min(start + _BLOCK, runs[run])
            _states(
                states, left[start:end], waiting[start:end], living[start:end], ability[start:end],
                home[start:end],
            )  # fmt: skip
            for at in range(end - start):
                state = states[at]
                lanes[at % _LANES, state] += 1
                if state % 2 == 1 and state < _GONE:
                    occupied[home[start + at], bed[start + at]] += 1
        for lane in range(_LANES):
            for state in range(_STATES):
                joint[d, s, age, state] += lanes[lane, state]
                lanes[lane, state] = 0
    for row in range(runs[-1], len(birth)):
        state = (
            (((left[row] != 0) * 2 + waiting[row]) * _LIVING + living[row]) * _ABILITY + ability[row]
        ) * 2 + (home[row] >= 0)
        joint[district[row], sex[row], _age_class(month, birth[row]), state] += 1
        if state % 2 == 1 and state < _GONE:
            occupied[home[row], bed[row]] += 1
