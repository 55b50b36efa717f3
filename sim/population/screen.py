"""To whom anything could happen in a month: a first look that spares most residents a decision.

Neighbours in a run have one sex and birth month, so their hazards differ by ability and family alone. The
look compares the draws that will decide with the highest hazards of the run, without branches, so that it
runs on vectors; `demography.month_events` then decides the few who remain. No result changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.population.lifetable import FIFTY, FIRST_MONTHS, GRID, SIXTY
from sim.streams import draw_bits

_FIFTY, _SIXTY = FIFTY, SIXTY
_WORD = 8

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""


def bounds(probability: F64) -> U64:
    """Probabilities as bounds of a draw's 53 bits: `draw(...) < p` is `draw_bits(...) < bound`."""
    return np.ceil(np.clip(probability, 0.0, 1.0) * 2.0**53).astype(np.uint64)


def buffer(longest_run: int) -> Mask:
    """The buffer that `screen` needs: flags in whole words of eight."""
    return np.zeros(-(-longest_run // _WORD) * _WORD, np.bool_)


@njit(cache=True)
def screen(  # noqa: D417 - one pass over everybody; columns are told in groups
    month: int, runs: I64, ids: U64, birth: Codes, sex: Codes, ability: Codes,
    dies: U64, changes: U64, asks: U64, moving_out: float,
    key_death: np.uint64, key_ability: np.uint64, key_apply: np.uint64, key_move: np.uint64,
    maybe: Mask, rows: I64,
) -> int:  # fmt: skip
    """Find the rows to decide in a month.

    Args:
        month: month index.
        runs: as `Residents.runs`; rows that are in no run are all taken.
        ids .. ability: columns.
        dies, changes, asks: (2, GRID), (2, GRID, 4), (GRID,) `bounds` of the highest probabilities.
        moving_out: probability of moving away.
        key_*: keys of the draws.
        maybe: as `buffer` makes it.
        rows: (rows,) filled with row numbers, ascending.

    Returns:
        How many of `rows` are filled.
    """
    words = maybe.view(np.uint64)
    leaves = np.uint64(np.ceil(moving_out * 2.0**53))
    found = 0
    for run in range(len(runs) - 1):
        first, end = runs[run], runs[run + 1]
        cell = min(month - birth[first] - FIRST_MONTHS, GRID - 1)
        s, own, flags = sex[first], ids[first:end], maybe[: end - first]
        if cell > _SIXTY:
            _look(
                own, ability[first:end], flags, key_death, dies[s, cell], key_ability, changes[s, cell],
                key_apply, asks[cell],
            )  # fmt: skip
        else:
            flags[:] = cell == _SIXTY  # who turns 60 gets an ability
            _look_also(own, flags, key_death, dies[s, cell])
        if leaves > 0 and cell >= _FIFTY:
            _look_also(own, flags, key_move, leaves)
        for word in range((len(flags) + _WORD - 1) // _WORD):
            if words[word] != 0:
                for at in range(word * _WORD, min((word + 1) * _WORD, len(flags))):
                    if flags[at]:
                        rows[found] = first + at
                        found += 1
    for row in range(runs[-1], len(ids)):
        rows[found] = row
        found += 1
    return found


@njit(cache=True)
def _look(
    ids: U64, ability: Codes, flags: Mask, key_death: np.uint64, dies: np.uint64, key_ability: np.uint64,
    changes: U64, key_apply: np.uint64, asks: np.uint64,
) -> None:  # fmt: skip
    """Flag whose draws of death, ability or applying are below the bounds; `changes` (4,) is by ability."""
    intact, mild, moderate, severe = changes[0], changes[1], changes[2], changes[3]
    for at in range(len(ids)):
        state = ability[at]
        change = (mild if state == 1 else intact) if state < 2 else (moderate if state == 2 else severe)  # noqa: PLR2004
        flags[at] = (
            (draw_bits(key_death, ids[at]) < dies)
            | (draw_bits(key_ability, ids[at]) < change)
            | (draw_bits(key_apply, ids[at]) < asks)
        )


@njit(cache=True)
def _look_also(ids: U64, flags: Mask, draw_key: np.uint64, bound: np.uint64) -> None:
    """Beside those flagged already, flag whose draw is below the bound."""
    for at in range(len(ids)):
        flags[at] |= draw_bits(draw_key, ids[at]) < bound
