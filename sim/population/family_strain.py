"""Strain of families, what it does to applying for a home, and who applies: compiled kernels.

They run over the dense lines of `family_rows`; passes over all of them have no branches, so that they run on
vectors, and leave the few to whom something may happen to be decided one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Group
from sim.population.lifetable import FIRST_MONTHS, GRID
from sim.streams import draw

_MILD = int(Ability.MILD)
_DESTITUTE = int(Group.DESTITUTE)
_WORD = 8

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small numbers, see `residents.COLUMNS`."""


@njit(inline="always")
def strain_level(given: float, can: float, sustained: float) -> float:
    """Where the strain of a family goes: from 0 to 1, by hours given over hours that can be given.

    Args:
        given: hours a week that the family gives, less what services take off it.
        can: hours a week that it can give; who has nobody has no strain.
        sustained: share of them that can be given without strain.
    """
    if can <= 0:
        return 0.0
    return min(max((given / can - sustained) / (1 - sustained), 0.0), 1.0)


@njit(cache=True)
def strain_levels(given: F64, can: F64, sustained: float) -> F64:
    """`strain_level` of many families."""
    level = np.zeros(len(given))
    for at in range(len(given)):
        level[at] = strain_level(given[at], can[at], sustained)
    return level


@njit(inline="always")
def raw_pressure(
    strain: float, needed: float, unmet: float, when_strained: float, when_unmet: float
) -> float:  # fmt: skip
    """Factor of strain and unmet hours on applying, 1 without either."""
    return 1 + (when_strained - 1) * strain + (when_unmet - 1) * (unmet / needed if needed > 0 else 0.0)


@njit(cache=True, error_model="numpy")
def strain_and_pressure(  # noqa: D417 - columns are told in groups
    needed: F64, can: F64, given: F64, unmet: F64, eased: F64, reference: F64,
    sustained: float, up: float, down: float, when_strained: float, when_unmet: float,
    strain: F32, pressure: F32,
) -> None:  # fmt: skip
    """One month of strain towards its level, and what it does to applying.

    Args:
        needed .. unmet: (rows,) hours a week that are needed, that the family can give, that it gives, and
            that nobody gives; the last two less what services take off, no less than nothing.
        eased: (rows,) factor of respite and training on the level of strain.
        reference: (rows,) mean of `raw_pressure` at the reference.
        sustained: see `strain_level`.
        up, down: share of the way to the level that is gone in a month.
        when_strained, when_unmet: hazard of applying at full strain, with all hours unmet, over that without.
        strain: (rows,) moved on.
        pressure: (rows,) filled.
    """
    for at in range(len(strain)):
        now = float(strain[at])
        level = strain_level(max(given[at], 0.0), can[at], sustained) * eased[at]
        now += (level - now) * (up if level > now else down)
        strain[at] = now
        raw = raw_pressure(now, needed[at], max(unmet[at], 0.0), when_strained, when_unmet)
        pressure[at] = raw / reference[at]


@njit(cache=True)
def write_pressure(rows: I64, pressure: F32, column: Codes) -> None:
    """Write the pressure of families into the column of residents."""
    for at in range(len(rows)):
        column[rows[at]] = pressure[at]


@njit(cache=True)
def tally_families(  # noqa: D417 - columns are told in groups
    rows: I64, district: Codes, kind: Codes, strain: F32, unmet: F64, given: F64, strained: float,
    counts: F64,
) -> None:  # fmt: skip
    """Add up families by district of the resident.

    Args:
        rows: of those in care need outside homes.
        district: column.
        kind, strain: (rows,) of `family_rows.Lines`.
        unmet, given: (rows,) hours a week, after services.
        strained: strain from which a family counts as strained.
        counts: (districts, 5) added to: persons of mild ability with unmet hours, unmet hours, hours given,
            families that give any, families that are strained.
    """
    at = 0
    while at < len(rows):  # neighbours share a district: their sums stay in registers
        here = district[rows[at]]
        into = counts[here]
        mild, missing, hours, caring, heavy = into[0], into[1], into[2], into[3], into[4]
        while at < len(rows) and district[rows[at]] == here:
            mild += (kind[at] & 3 == _MILD) and unmet[at] > 0
            missing += unmet[at]
            hours += given[at]
            caring += given[at] > 0
            heavy += strain[at] >= strained
            at += 1
        into[0], into[1], into[2], into[3], into[4] = mild, missing, hours, caring, heavy


@njit(cache=True)
def apply_in_need(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, own: U64, kind: Codes, pressure: F32, birth: Codes, waiting: Mask, groups: Codes,
    hazard: F64, highest: F64, key_apply: np.uint64, flags: Mask, applied: I64,
) -> int:  # fmt: skip
    """Who of those in care need applies for a home in a month; the draw is that of `month_events`.

    Args:
        month: month index.
        rows: of those in care need outside homes when the month begins.
        own, kind: (rows,) of `family_rows.Lines`; `pressure` of `strain_and_pressure`.
        birth .. groups: columns.
        hazard: (GRID, 16) hazard of applying per month at the reference, by age and `kind`.
        highest: (rows,) the highest over ages.
        key_apply: of the draw.
        flags: buffer of whole words of eight, of no fewer than the rows.
        applied: buffer for row numbers.

    Returns:
        How many applied.
    """
    _might_apply(own, pressure, highest, key_apply, flags)
    words, found = flags.view(np.uint64), 0
    for word in range((len(rows) + _WORD - 1) // _WORD):
        if words[word] == 0:
            continue
        for at in range(word * _WORD, min((word + 1) * _WORD, len(rows))):
            if not flags[at]:
                continue
            row = rows[at]
            age = min(month - birth[row] - FIRST_MONTHS, GRID - 1)
            asks = draw(key_apply, own[at]) < 1 - np.exp(-hazard[age, kind[at]] * pressure[at])
            if asks and not waiting[row] and groups[row] & _DESTITUTE == 0:
                applied[found] = row
                found += 1
    return found


@njit(cache=True)
def _might_apply(own: U64, pressure: F32, highest: F64, key_apply: np.uint64, flags: Mask) -> None:
    """Flag whose draw is below the highest hazard of their kind; a hazard is above its probability."""
    for at in range(len(own)):
        flags[at] = draw(key_apply, own[at]) < highest[at] * pressure[at]
