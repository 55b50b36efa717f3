"""Counts of residents, one pass over the columns; who is as before is not counted again."""

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
_BLOCK = 2048  # whole words
_WORD = 8
UNCOUNTED = -1
"""Age class of a run that nobody has counted yet."""

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
def _states(
    states: Codes, look: Codes, before: Codes, left: Codes, waiting: Mask, living: Codes, ability: Codes,
    home: Codes,
) -> None:  # fmt: skip
    """The state of each row, as its place in `STATE_SHAPE`, and at whom to look: other than before, or inside.

    Without branches, so that it runs on vectors.
    """
    for at in range(len(left)):
        state = np.uint8(
            (((left[at] != 0) * 2 + waiting[at]) * _LIVING + living[at]) * _ABILITY + ability[at]
        ) * np.uint8(2) + np.uint8(home[at] >= 0)
        states[at] = state
        look[at] = np.uint8(state ^ before[at]) | np.uint8(state & 1)


@njit(cache=True)
def tally(  # noqa: D417 - one pass over everybody; columns are told in groups
    month: int, runs: I64, birth: Codes, sex: Codes, district: Codes, ability: Codes,
    living: Codes, home: Codes, bed: Codes, waiting: Mask, left: Codes,
    classes: Codes, before: Codes, joint: I64, late: I64, occupied: I64,
) -> None:  # fmt: skip
    """Count everybody at the end of a month: from the columns, whoever is as before being counted already.

    Args:
        month: month index.
        runs: as `residents.runs`: neighbours in a run share district, sex and month of birth.
        birth .. left: columns.
        classes: (runs,) age class in which a run was counted, or `UNCOUNTED`; brought up to date.
        before: (rows of the runs,) state in which each was counted; brought up to date.
        joint: as `joint_counts` makes it, of the rows in runs as they were counted; brought up to date.
        late: the same of the rows in no run, added to.
        occupied: (homes, 2) residents of any age by home and bed kind, added to.
    """
    states, look = np.empty(_BLOCK, np.uint8), np.zeros(_BLOCK, np.uint8)
    words = look.view(np.uint64)
    run, last = 0, len(runs) - 1
    while run < last:
        first, was = runs[run], classes[run]
        d, s, age = district[first], sex[first], _age_class(month, birth[first])
        while run < last and (
            district[runs[run]] == d and sex[runs[run]] == s and classes[run] == was
            and _age_class(month, birth[runs[run]]) == age
        ):  # fmt: skip
            classes[run] = age
            run += 1
        for start in range(first, runs[run], _BLOCK):
            end = min(start + _BLOCK, runs[run])
            look[:] = 0
            _states(
                states, look, before[start:end], left[start:end], waiting[start:end], living[start:end],
                ability[start:end], home[start:end],
            )  # fmt: skip
            for word in range((end - start + _WORD - 1) // _WORD):
                if words[word] == 0 and was == age:
                    continue
                for at in range(word * _WORD, min((word + 1) * _WORD, end - start)):
                    row, state = start + at, states[at]
                    if was != age or state != before[row]:
                        if was != UNCOUNTED:
                            joint[d, s, was, before[row]] -= 1
                        joint[d, s, age, state] += 1
                        before[row] = state
                    if state % 2 == 1 and state < _GONE:
                        occupied[home[row], bed[row]] += 1
    for row in range(runs[-1], len(birth)):
        state = (
            (((left[row] != 0) * 2 + waiting[row]) * _LIVING + living[row]) * _ABILITY + ability[row]
        ) * 2 + (home[row] >= 0)
        late[district[row], sex[row], _age_class(month, birth[row]), state] += 1
        if state % 2 == 1 and state < _GONE:
            occupied[home[row], bed[row]] += 1
