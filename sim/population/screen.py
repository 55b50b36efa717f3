"""To whom anything could happen in a month: a first look that spares most residents a decision.

Neighbours in the table have one sex and nearly one age, so their hazards hardly differ but for ability and
family. The look compares the draws that will decide with the highest hazards of a block of them, without
branches, so that it runs on vectors; `demography.month_events` then decides the few who remain. No result
changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.streams import draw_bits

_SIXTY = SIXTY
_WORD, _BLOCK = 8, 1024
_STATES = len(Ability)

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
    return np.zeros(-(-max(longest_run, _BLOCK) // _WORD) * _WORD, np.bool_)


@njit(inline="always")
def _phase(month: int, birth: int) -> int:
    """Before, in or after the month of the 60th birthday: -1, 0, 1."""
    cell = month - birth - FIRST_MONTHS
    return -1 if cell < _SIXTY else (1 if cell > _SIXTY else 0)


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
        runs: as `Residents.runs`; rows that are in no run are looked at one by one.
        ids .. ability: columns.
        dies, changes, asks: (2, GRID, 4), (2, GRID, 4), (GRID,) `bounds` of the highest probabilities.
        moving_out: probability of moving away.
        key_*: keys of the draws.
        maybe: as `buffer` makes it.
        rows: (rows,) filled with row numbers, ascending.

    Returns:
        How many of `rows` are filled.
    """
    words = maybe.view(np.uint64)
    leaves = np.uint64(np.ceil(moving_out * 2.0**53))
    die, change = np.empty(_STATES, np.uint64), np.empty(_STATES, np.uint64)
    found = 0
    run, last = 0, len(runs) - 1
    while run < last:
        first, s = runs[run], sex[runs[run]]
        phase = _phase(month, birth[first])
        ask = np.uint64(0)
        die[:] = 0
        change[:] = 0
        start = run
        while run < last:
            row = runs[run]
            if run > start and (
                runs[run + 1] - first > len(maybe) or sex[row] != s or _phase(month, birth[row]) != phase
            ):
                break
            cell = min(month - birth[row] - FIRST_MONTHS, GRID - 1)
            for state in range(_STATES):
                die[state] = max(die[state], dies[s, cell, state])
                change[state] = max(change[state], changes[s, cell, state])
            ask = max(ask, asks[cell])
            run += 1
        end = runs[run]
        own, flags = ids[first:end], maybe[: end - first]
        if phase > 0:
            _look(own, ability[first:end], flags, key_death, die, key_ability, change, key_apply, ask)
        else:
            flags[:] = phase == 0  # who turns 60 gets an ability
            _look_also(own, flags, key_death, die.max())
        if leaves > 0:
            _look_also(own, flags, key_move, leaves)
        for word in range((len(flags) + _WORD - 1) // _WORD):
            if words[word] != 0:
                for at in range(word * _WORD, min((word + 1) * _WORD, len(flags))):
                    if flags[at]:
                        rows[found] = first + at
                        found += 1
    for row in range(runs[-1], len(ids)):
        cell, state = min(month - birth[row] - FIRST_MONTHS, GRID - 1), ability[row]
        may = (cell == _SIXTY) | (draw_bits(key_death, ids[row]) < dies[sex[row], cell, state])
        may |= (cell > _SIXTY) & (draw_bits(key_ability, ids[row]) < changes[sex[row], cell, state])
        may |= (cell > _SIXTY) & (draw_bits(key_apply, ids[row]) < asks[cell])
        may |= (leaves > 0) & (draw_bits(key_move, ids[row]) < leaves)
        rows[found] = row  # overwritten by the next unless counted
        found += may
    return found


@njit(cache=True)
def _look(
    ids: U64, ability: Codes, flags: Mask, key_death: np.uint64, dies: U64, key_ability: np.uint64,
    changes: U64, key_apply: np.uint64, asks: np.uint64,
) -> None:  # fmt: skip
    """Flag whose draws of death or ability (by the one they have) or of applying are below the bounds."""
    die_0, die_1, die_2, die_3 = dies[0], dies[1], dies[2], dies[3]
    change_0, change_1, change_2, change_3 = changes[0], changes[1], changes[2], changes[3]
    for at in range(len(ids)):
        state = ability[at]
        able, first, third = state < 2, state == 1, state == 2  # noqa: PLR2004
        die = (die_1 if first else die_0) if able else (die_2 if third else die_3)
        change = (change_1 if first else change_0) if able else (change_2 if third else change_3)
        flags[at] = (
            (draw_bits(key_death, ids[at]) < die)
            | (draw_bits(key_ability, ids[at]) < change)
            | (draw_bits(key_apply, ids[at]) < asks)
        )


@njit(cache=True)
def _look_also(ids: U64, flags: Mask, draw_key: np.uint64, bound: np.uint64) -> None:
    """Beside those flagged already, flag whose draw is below the bound."""
    for at in range(len(ids)):
        flags[at] |= draw_bits(draw_key, ids[at]) < bound
