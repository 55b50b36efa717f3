# Over 300 lines: kernels of one kind, each told with the columns that it reads and writes.
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
from sim.streams import draw, pair_id

_SIXTY = SIXTY
_INTACT, _MILD = int(Ability.INTACT), int(Ability.MILD)
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
def in_need_now(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, maybe: I64, ability: Codes, left: Codes, home: Codes, birth: Codes,
    ended: Codes, pressure: Codes, now: I64, new: Mask,
) -> int:  # fmt: skip
    """Who needs care outside homes at the end of a month: who still does, and whose care began in it.

    Args:
        month: month index, written into `ended` of those who no longer do.
        rows: of those who did a month ago, ascending.
        maybe: others whose care may have begun, and any of `rows`; ascending, some more than once.
        ability .. birth: columns.
        ended: column `care_ended`; `pressure` 1 again for who is not any more.
        now: buffer for rows, ascending.
        new: buffer, whether the care of each began in the month.

    Returns:
        How many of the buffers are filled.
    """
    found = at = 0
    for row in rows:
        while at < len(maybe) and maybe[at] < row:
            found = _join(month, maybe, at, ability, left, home, birth, now, new, found)
            at += 1
        while at < len(maybe) and maybe[at] == row:
            at += 1
        if ability[row] >= _MILD and home[row] < 0 and left[row] == 0:
            now[found], new[found] = row, False
            found += 1
        else:
            ended[row] = month
            pressure[row] = 1
    for rest in range(at, len(maybe)):
        found = _join(month, maybe, rest, ability, left, home, birth, now, new, found)
    return found


@njit(inline="always")
def _join(
    month: int, maybe: I64, at: int, ability: Codes, left: Codes, home: Codes, birth: Codes, now: I64,
    new: Mask, found: int,
) -> int:  # fmt: skip
    """Write one of `maybe` down, if care outside homes began; see `in_need_now`."""
    row = maybe[at]
    if (
        (at == 0 or maybe[at - 1] != row)
        and ability[row] >= _MILD
        and home[row] < 0
        and left[row] == 0
        and month - birth[row] - FIRST_MONTHS >= _SIXTY
    ):
        now[found], new[found] = row, True
        found += 1
    return found


@njit(cache=True)
def children_near(ids: U64, children: I64, share: float, key_near: np.uint64, near: I64) -> None:
    """Count the children who live near: a draw for each pair of resident and number of the child.

    Args:
        ids: (n,) of residents.
        children: (n,) how many they have.
        share: of the children near.
        key_near: of the draws.
        near: (n,) filled.
    """
    for at in range(len(ids)):
        near[at] = 0
        for child in range(children[at]):
            near[at] += draw(key_near, pair_id(ids[at], np.uint64(child))) < share


@njit(inline="always")
def _events(row: int, u: float, near: Codes, far: Codes, ill: Mask, new: bool, chances: F64) -> None:
    """A child who moves away or comes nearer, a carer who falls ill or recovers; one of these in a month."""
    away = near[row] * chances[0]
    if u < away:
        near[row] -= 1
        far[row] += 1
    elif u >= 1 - far[row] * chances[1]:
        near[row] += 1
        far[row] -= 1
    elif new:
        ill[row] = u - away < chances[2] / (chances[2] + chances[3])
    elif ill[row]:
        ill[row] = u - away >= chances[3]
    else:
        ill[row] = u - away < chances[2]


@njit(inline="always")
def _hours_of(
    row: int, ability: Codes, living: Codes, spouse: Codes, near: Codes, far: Codes, ill: Mask, able: F64,
    hours: F64,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Hours that the spouse, the household, children near and far can give, see `month_of_families`."""
    children, distant, carer = float(near[row]), float(far[row]), not ill[row]
    kind = living[row]
    if kind == _COUPLE:  # both are here and at home: else they would not live as a couple
        partner = ability[spouse[row]] if spouse[row] >= 0 else _INTACT  # who moved in has a spouse of no row
        shared = 0.5 if partner >= _MILD else 1.0
        by_spouse = able[partner] * hours[0] * carer
        return by_spouse, 0.0, children * hours[2] * shared, distant * hours[3] * shared
    if kind == _ALONE:
        children = max(children - (0.0 if carer else 1.0), 0.0)
        return 0.0, 0.0, children * hours[2], distant * hours[3]
    if children > 0:
        children -= 1
    elif distant > 0:
        distant -= 1
    return 0.0, hours[1] * carer, children * hours[2], distant * hours[3]


@njit(cache=True)
def month_of_families(  # noqa: D417 - columns are told in groups
    rows: I64, new: Mask, ids: U64, ability: Codes, living: Codes, spouse: Codes, near: Codes, far: Codes,
    ill: Mask, happens: bool, chances: F64, key_events: np.uint64, hours_needed: F64, able: F64, hours: F64,
    own: U64, cell: Codes, needed: F64, can: F64, given: F64, unmet: F64,
) -> None:  # fmt: skip
    """The events of a month in families, and the hours of care a week that they can give then.

    A main carer who is ill gives none: the spouse of a couple, those in the household, one child near of who
    lives alone. Children share their hours between two parents in need. Of those who live with others one
    child is in the household, if there is any.

    Args:
        rows: of those in care need outside homes.
        new: (rows,) whose care need, or care at home, began in the month: their carers are ill as often as
            others'.
        ids .. ill: columns; children and the ill are written.
        happens: whether there are events.
        chances: (4,) probability in a month that a child near moves away, that one far comes nearer, that the
            main carer falls ill, that an ill one recovers.
        key_events: of the draws.
        hours_needed: (4,) hours a week by ability.
        able: (4,) hours of a spouse of each ability over those of an able one.
        hours: (4,) hours a week of an able spouse, a household, a child near, a child far.
        own .. unmet: (rows,) filled: identity; living arrangement times 4 plus ability; hours a week needed,
            that can be given, are given, and are not.
    """
    for at in range(len(rows)):
        row = rows[at]
        own[at] = ids[row]
        if happens:
            _events(row, draw(key_events, own[at]), near, far, ill, new[at], chances)
        one, two, three, four = _hours_of(row, ability, living, spouse, near, far, ill, able, hours)
        cell[at] = living[row] * 4 + ability[row]
        needed[at] = hours_needed[ability[row]]
        can[at] = one + two + three + four
        given[at] = min(needed[at], can[at])
        unmet[at] = needed[at] - given[at]


@njit(cache=True)
def hours_by_source(  # noqa: D417 - columns are told in groups
    rows: I64, ability: Codes, living: Codes, spouse: Codes, near: Codes, far: Codes, ill: Mask, able: F64,
    hours: F64, sources: F64,
) -> None:  # fmt: skip
    """Hours that families can give, by who can: spouse, household, children near, children far.

    Args:
        rows: of those in care need outside homes.
        ability .. ill: columns.
        able, hours: as in `month_of_families`.
        sources: (rows, 4) filled.
    """
    for at in range(len(rows)):
        sources[at, 0], sources[at, 1], sources[at, 2], sources[at, 3] = _hours_of(
            rows[at], ability, living, spouse, near, far, ill, able, hours
        )


@njit(cache=True)
def hours_if_taken_back(  # noqa: D417 - columns are told in groups
    rows: I64, ability: Codes, spouse: Codes, left: Codes, home: Codes, near: Codes, far: Codes, able: F64,
    hours: F64, can: F64,
) -> None:  # fmt: skip
    """Hours a week that the families of residents of homes could give: a spouse at home, else a child near.

    Args:
        rows: of residents of homes.
        ability .. far: columns.
        able, hours: as in `month_of_families`.
        can: (rows,) filled; 0 where there is nobody to live with.
    """
    for at in range(len(rows)):
        row = rows[at]
        children, partner = float(near[row]), spouse[row]
        main = 0.0
        if partner >= 0 and left[partner] == 0 and home[partner] < 0:
            main = able[ability[partner]] * hours[0]
        if main == 0 and children > 0:
            main = hours[1]
            children -= 1
        can[at] = main + children * hours[2] + far[row] * hours[3] if main > 0 else 0.0


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


@njit(cache=True)
def strain_and_pressure(  # noqa: D417 - columns are told in groups
    rows: I64, cell: Codes, needed: F64, can: F64, off_unmet: F64, off_family: F64, eased: F64,
    sustained: float, up: float, down: float, when_strained: float, when_unmet: float, reference: F64,
    strain: Codes, pressure: Codes,
) -> None:  # fmt: skip
    """One month of strain towards its level, and what it does to applying: written into the columns.

    Args:
        rows: of those in care need.
        cell: (rows,) living arrangement times 4 plus ability; `needed`, `can` hours a week.
        off_unmet, off_family: (rows,) hours a week that services take off unmet care, and off the family.
        eased: (rows,) factor of respite and training on the level of strain.
        sustained: see `strain_level`.
        up, down: share of the way to the level that is gone in a month.
        when_strained, when_unmet: hazard of applying at full strain, with all hours unmet, over that without.
        reference: (16,) mean of `raw_pressure` at the reference, by `cell`.
    """
    for at in range(len(rows)):
        row = rows[at]
        now = float(strain[row])
        given = max(min(needed[at], can[at]) - off_family[at], 0.0)
        level = strain_level(given, can[at], sustained) * eased[at]
        now += (level - now) * (up if level > now else down)
        strain[row] = now
        unmet = max(needed[at] - can[at], 0.0) - off_unmet[at]
        raw = raw_pressure(now, needed[at], max(unmet, 0.0), when_strained, when_unmet)
        pressure[row] = raw / reference[cell[at]]


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
    at = 0
    while at < len(rows):  # neighbours share a district: their sums stay in registers
        here = district[rows[at]]
        into = counts[here]
        mild, missing, hours, caring, heavy = into[0], into[1], into[2], into[3], into[4]
        while at < len(rows) and district[rows[at]] == here:
            row = rows[at]
            mild += ability[row] == _MILD and unmet[at] > 0
            missing += unmet[at]
            hours += given[at]
            caring += given[at] > 0
            heavy += strain[row] >= strained
            at += 1
        into[0], into[1], into[2], into[3], into[4] = mild, missing, hours, caring, heavy


@njit(cache=True)
def apply_in_need(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, own: U64, cell: Codes, birth: Codes, waiting: Mask, groups: Codes,
    pressure: Codes, hazard: F64, highest: F64, key_apply: np.uint64, applied: I64,
) -> int:  # fmt: skip
    """Who of those in care need applies for a home in a month; the draw is that of `month_events`.

    Args:
        month: month index.
        rows: of those in care need outside homes when the month begins.
        own, cell: (rows,) identity; living arrangement times 4 plus ability.
        birth .. pressure: columns.
        hazard: (GRID, 16) hazard of applying per month at the reference, by age and `cell`.
        highest: (16,) the highest over ages.
        key_apply: of the draw.
        applied: buffer for row numbers.

    Returns:
        How many applied.
    """
    found = 0
    for at in range(len(rows)):
        row, u = rows[at], draw(key_apply, own[at])
        if u >= highest[cell[at]] * pressure[row]:  # a hazard is above its probability: nothing is lost
            continue
        if waiting[row] or groups[row] & _DESTITUTE != 0:
            continue
        age = min(month - birth[row] - FIRST_MONTHS, GRID - 1)
        if u < 1 - np.exp(-hazard[age, cell[at]] * pressure[row]):
            applied[found] = row
            found += 1
    return found
