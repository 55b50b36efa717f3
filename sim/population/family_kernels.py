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
from sim.population.residents import UNKNOWN
from sim.streams import draw

_SIXTY = SIXTY
_MILD = int(Ability.MILD)
_ALONE, _COUPLE = int(Living.ALONE), int(Living.COUPLE)
_DESTITUTE = int(Group.DESTITUTE)
_UNKNOWN = UNKNOWN

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small numbers, see `residents.COLUMNS`."""


@njit(cache=True)
def find(  # noqa: D417 - one pass over everybody; columns are told in groups
    month: int, birth: Codes, ability: Codes, left: Codes, home: Codes, near: Codes,
    rows: I64, inside: I64, unknown: I64,
) -> tuple[int, int, int]:  # fmt: skip
    """Find those aged 60+ who are here at the end of a month and need care outside homes, or live in one.

    Args:
        month: month index.
        birth .. near: columns; `near` is `children_near`.
        rows: buffer for those of mild ability or worse outside homes, ascending.
        inside: buffer for those in homes, of any ability.
        unknown: buffer for those of either whose children are not known yet.

    Returns:
        How many of each buffer are filled.
    """
    n_rows = n_inside = n_unknown = 0
    for row in range(len(birth)):
        if ability[row] >= _MILD or home[row] >= 0:
            if left[row] != 0 or month - birth[row] - FIRST_MONTHS < _SIXTY:
                continue
            if home[row] >= 0:
                inside[n_inside] = row
                n_inside += 1
            else:
                rows[n_rows] = row
                n_rows += 1
            if near[row] == _UNKNOWN:
                unknown[n_unknown] = row
                n_unknown += 1
    return n_rows, n_inside, n_unknown


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


@njit(inline="always")
def _hours_of(
    row: int, ability: Codes, living: Codes, spouse: Codes, left: Codes, home: Codes, near: Codes,
    far: Codes, ill: Mask, able: F64, hours: F64, at_home: bool,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Hours that the spouse, the household, children near and far can give, see `care_hours`."""
    children, distant, carer = float(near[row]), float(far[row]), not ill[row]
    by_spouse, by_household, shared = 0.0, 0.0, 1.0
    kind = living[row]
    if at_home:
        if spouse[row] >= 0:
            by_spouse = _spouse_hours(spouse[row], ability, left, home, able)[0] * hours[0] * carer
        if children > 0 and by_spouse == 0:
            by_household = hours[1] * carer
            children -= 1
    elif kind == _COUPLE:
        share, two = _spouse_hours(spouse[row], ability, left, home, able)
        by_spouse = share * hours[0] * carer
        shared = 0.5 if two else 1.0
    elif kind == _ALONE:
        children = max(children - (0.0 if carer else 1.0), 0.0)
    else:
        by_household = hours[1] * carer
        if children > 0:
            children -= 1
        elif distant > 0:
            distant -= 1
    return by_spouse, by_household, children * hours[2] * shared, distant * hours[3] * shared


@njit(cache=True)
def care_hours(  # noqa: D417 - columns are told in groups
    rows: I64, ability: Codes, living: Codes, spouse: Codes, left: Codes, home: Codes, near: Codes,
    far: Codes, ill: Mask, able: F64, hours: F64, at_home: bool, can: F64,
) -> None:  # fmt: skip
    """Hours of care a week that families can give.

    A main carer who is ill gives none: the spouse of a couple, those in the household, one child near of who
    lives alone. Children share their hours between two parents in need. Of those who live with others one
    child is in the household, if there is any.

    Args:
        rows: of residents.
        ability .. ill: columns.
        able: (4,) hours of a spouse of each ability over those of an able one.
        hours: (4,) hours a week of an able spouse, a household, a child near, a child far.
        at_home: they are in homes now; what if a spouse at home, or else a child near, took them in.
        can: (rows,) filled.
    """
    for at in range(len(rows)):
        one, two, three, four = _hours_of(
            rows[at], ability, living, spouse, left, home, near, far, ill, able, hours, at_home
        )
        can[at] = one + two + three + four


@njit(cache=True)
def hours_by_source(  # noqa: D417 - as `care_hours`
    rows: I64, ability: Codes, living: Codes, spouse: Codes, left: Codes, home: Codes, near: Codes,
    far: Codes, ill: Mask, able: F64, hours: F64, at_home: bool, sources: F64,
) -> None:  # fmt: skip
    """`care_hours` by who can give them: (rows, 4) spouse, household, children near, children far."""
    for at in range(len(rows)):
        sources[at, 0], sources[at, 1], sources[at, 2], sources[at, 3] = _hours_of(
            rows[at], ability, living, spouse, left, home, near, far, ill, able, hours, at_home
        )


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


@njit(cache=True)
def strain_grows(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, strain: Codes, last: Codes, needed: F64, can: F64, off_family: F64, eased: F64,
    sustained: float, grows: float, rests: float,
) -> None:  # fmt: skip
    """One month of strain towards its level; who was not looked at for months has rested in them.

    Args:
        month: month index, written into `last`.
        rows: of those in care need.
        strain, last: columns `strain` and `strain_month`.
        needed, can: (rows,) hours a week.
        off_family: (rows,) hours a week that services take off the family.
        eased: (rows,) factor of respite and training on the level.
        sustained: see `strain_level`.
        grows, rests: months after which two thirds of the way up, and down, are gone.
    """
    up, down = 1 - np.exp(-1 / grows), 1 - np.exp(-1 / rests)
    for at in range(len(rows)):
        row = rows[at]
        now = float(strain[row])
        if now > 0 and last[row] < month - 1:
            now *= np.exp(-(month - 1 - last[row]) / rests)
        given = max(min(needed[at], can[at]) - off_family[at], 0.0)
        level = strain_level(given, can[at], sustained) * eased[at]
        strain[row] = now + (level - now) * (up if level > now else down)
        last[row] = month


@njit(inline="always")
def raw_pressure(
    strain: float, needed: float, unmet: float, when_strained: float, when_unmet: float
) -> float:  # fmt: skip
    """Factor of strain and unmet hours on applying, 1 without either."""
    return 1 + (when_strained - 1) * strain + (when_unmet - 1) * (unmet / needed if needed > 0 else 0.0)


@njit(cache=True)
def press(  # noqa: D417 - columns are told in groups
    rows: I64, ability: Codes, living: Codes, strain: Codes, needed: F64, can: F64, off_unmet: F64,
    when_strained: float, when_unmet: float, reference: F64, pressure: Codes,
) -> None:  # fmt: skip
    """Write the pressure of families: `raw_pressure` over its mean at the reference.

    Args:
        rows: of those in care need.
        ability .. strain: columns.
        needed, can: (rows,) hours a week.
        off_unmet: (rows,) hours a week that services take off unmet care.
        when_strained, when_unmet: hazard of applying at full strain, with all hours unmet, over that with none.
        reference: (4 living, 4 ability).
        pressure: the column that is written.
    """
    for at in range(len(rows)):
        row = rows[at]
        unmet = max(needed[at] - can[at], 0.0) - off_unmet[at]
        raw = raw_pressure(strain[row], needed[at], max(unmet, 0.0), when_strained, when_unmet)
        pressure[row] = raw / reference[living[row], ability[row]]


@njit(cache=True)
def tally_families(  # noqa: D417 - columns are told in groups
    rows: I64, district: Codes, ability: Codes, strain: Codes, unmet: F64, given: F64, strained: float,
    counts: F64,
) -> None:  # fmt: skip
    """Add up families by district of the resident.

    Args:
        rows: of those in care need outside homes.
        district .. strain: columns.
        unmet, given: (rows,) hours a week, after services.
        strained: strain from which a family counts as strained.
        counts: (districts, 5) added to: persons of mild ability with unmet hours, unmet hours, hours given,
            families that give any, families that are strained.
    """
    for at in range(len(rows)):
        row = rows[at]
        into = counts[district[row]]
        into[0] += ability[row] == _MILD and unmet[at] > 0
        into[1] += unmet[at]
        into[2] += given[at]
        into[3] += given[at] > 0
        into[4] += strain[row] >= strained


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
