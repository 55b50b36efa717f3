"""What families do each month, as compiled kernels over the rows of those in care need outside homes.

The rows are some 7 to 12 percent of the residents. Draws are keyed by the resident whom the family cares for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Group, Living
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.streams import draw

_SIXTY = SIXTY
_MILD, _MODERATE, _SEVERE = int(Ability.MILD), int(Ability.MODERATE), int(Ability.SEVERE)
_ALONE, _COUPLE = int(Living.ALONE), int(Living.COUPLE)
_DESTITUTE = int(Group.DESTITUTE)

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small numbers, see `residents.COLUMNS`."""


@njit(cache=True)
def in_care_need(
    month: int, birth: Codes, ability: Codes, left: Codes, home: Codes, inside: bool, rows: I64
) -> int:  # fmt: skip
    """Find those aged 60+ of mild ability or worse who are here at the end of a month.

    Args:
        month: month index.
        birth: column.
        ability: column.
        left: column.
        home: column.
        inside: those in homes, of any ability; else those outside homes.
        rows: buffer for row numbers, ascending.

    Returns:
        How many were found.
    """
    found = 0
    for row in range(len(birth)):
        wanted = home[row] >= 0 if inside else ability[row] >= _MILD and home[row] < 0
        if wanted and left[row] == 0 and month - birth[row] - FIRST_MONTHS >= _SIXTY:
            rows[found] = row
            found += 1
    return found


@njit(cache=True)
def family_events(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, ids: U64, near: Codes, far: Codes, ill: Mask, last: Codes,
    leaves: float, returns: float, falls_ill: float, recovers: float,
    key_moves: np.uint64, key_ill: np.uint64,
) -> None:  # fmt: skip
    """Children who move away or come nearer, carers who fall ill or recover: written into the columns.

    Args:
        month: month index.
        rows: of those in care need.
        ids .. last: columns; `last` is `strain_month`. A family that was not looked at a month ago has an ill
            carer as often as the others.
        leaves, returns: probability for each child near, and far, in the month.
        falls_ill, recovers: probabilities of the main carer in the month.
        key_*: keys of the draws.
    """
    usually_ill = falls_ill / (falls_ill + recovers) if falls_ill > 0 else 0.0
    for row in rows:
        u = draw(key_moves, ids[row])
        away, back = near[row] * leaves, far[row] * returns
        if u < away:
            near[row] -= 1
            far[row] += 1
        elif u >= 1 - back:
            near[row] += 1
            far[row] -= 1
        u = draw(key_ill, ids[row])
        if last[row] != month - 1:
            ill[row] = u < usually_ill
        elif ill[row]:
            ill[row] = u >= recovers
        else:
            ill[row] = u < falls_ill


@njit(inline="always")
def _spouse_hours(
    spouse: int, ability: Codes, left: Codes, home: Codes, able: F64
) -> tuple[float, bool]:  # fmt: skip
    """Share of an able spouse's hours, and whether the spouse needs care too; a spouse of no row is able."""
    if spouse < 0:
        return able[0], False
    if left[spouse] != 0 or home[spouse] >= 0:
        return 0.0, False
    return able[ability[spouse]], ability[spouse] >= _MILD


@njit(cache=True)
def care_hours(  # noqa: D417 - columns are told in groups
    rows: I64, ability: Codes, living: Codes, spouse: Codes, left: Codes, home: Codes, near: Codes,
    far: Codes, ill: Mask, needed: F64, able: F64, hours: F64, at_home: bool,
    sources: F64, need: F64,
) -> None:  # fmt: skip
    """Hours of care a week that are needed, and that the family can give, by who gives them.

    A main carer who is ill gives none: the spouse of a couple, those in the household, one child near of who
    lives alone. Children share their hours between two parents in need. Of those who live with others one
    child is in the household, if there is any.

    Args:
        rows: of residents.
        ability .. ill: columns.
        needed: (4,) hours a week by ability.
        able: (4,) hours of a spouse of each ability over those of an able one.
        hours: (4,) hours a week of an able spouse, a household, a child near, a child far.
        at_home: they are in homes now; what if a child near, or a spouse at home, took them in.
        sources: (rows, 4) filled with hours that can be given: spouse, household, children near, far.
        need: (rows,) filled.
    """
    for at in range(len(rows)):
        row = rows[at]
        need[at] = needed[ability[row]]
        children, distant, carer = float(near[row]), float(far[row]), not ill[row]
        sources[at, :] = 0.0
        shared = 1.0
        kind = living[row]
        if at_home:
            if spouse[row] >= 0:
                share, two = _spouse_hours(spouse[row], ability, left, home, able)
                sources[at, 0] = share * hours[0] * carer
            if children > 0 and sources[at, 0] == 0:
                sources[at, 1] = hours[1] * carer
                children -= 1
        elif kind == _COUPLE:
            share, two = _spouse_hours(spouse[row], ability, left, home, able)
            sources[at, 0] = share * hours[0] * carer
            shared = 0.5 if two else 1.0
        elif kind == _ALONE:
            children = max(children - (0.0 if carer else 1.0), 0.0)
        else:
            sources[at, 1] = hours[1] * carer
            if children > 0:
                children -= 1
            elif distant > 0:
                distant -= 1
        sources[at, 2] = children * hours[2] * shared
        sources[at, 3] = distant * hours[3] * shared


@njit(cache=True)
def strain_level(given: F64, can: F64, sustained: float, eased: F64) -> F64:
    """Where the strain of families goes: from 0 to 1, by hours given over hours that can be given.

    Args:
        given: (n,) hours a week that the family gives, less what services take off it.
        can: (n,) hours a week that it can give; who has nobody has no strain.
        sustained: share of them that can be given without strain.
        eased: (n,) factor by respite and training.
    """
    level = np.zeros(len(given))
    for at in range(len(given)):
        if can[at] > 0:
            load = (given[at] / can[at] - sustained) / (1 - sustained)
            level[at] = min(max(load, 0.0), 1.0) * eased[at]
    return level


@njit(cache=True)
def strain_grows(
    month: int, rows: I64, strain: Codes, last: Codes, level: F64, grows: float, rests: float
) -> None:  # fmt: skip
    """One month of strain towards its level; who was not looked at for months has rested in them.

    Args:
        month: month index, written into `last`.
        rows: of those in care need.
        strain: column.
        last: column `strain_month`.
        level: (rows,) of `strain_level`.
        grows: months after which two thirds of the way up are gone.
        rests: the same of the way down.
    """
    up, down = 1 - np.exp(-1 / grows), 1 - np.exp(-1 / rests)
    for at in range(len(rows)):
        row = rows[at]
        now = float(strain[row])
        if now > 0 and last[row] < month - 1:
            now *= np.exp(-(month - 1 - last[row]) / rests)
        strain[row] = now + (level[at] - now) * (up if level[at] > now else down)
        last[row] = month


@njit(cache=True)
def apply_in_need(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, ids: U64, birth: Codes, ability: Codes, living: Codes, waiting: Mask,
    groups: Codes, pressure: Codes, hazard: F64, key_apply: np.uint64, applied: I64,
) -> int:  # fmt: skip
    """Who of those in care need applies for a home in a month; the draw is that of `month_events`.

    Args:
        month: month index.
        rows: of those in care need outside homes when the month begins.
        ids .. pressure: columns.
        hazard: (GRID, 4, 4) hazard of applying per month at the reference, by age, ability, living.
        key_apply: of the draw.
        applied: buffer for row numbers.

    Returns:
        How many applied.
    """
    found = 0
    for row in rows:
        if waiting[row] or groups[row] & _DESTITUTE != 0:
            continue
        cell = min(month - birth[row] - FIRST_MONTHS, GRID - 1)
        rate = hazard[cell, ability[row], living[row]] * pressure[row]
        u = draw(key_apply, ids[row])
        if u < rate and u < 1 - np.exp(-rate):  # the first is the larger, and spares the exponential
            applied[found] = row
            found += 1
    return found
