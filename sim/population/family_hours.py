"""Children, carers and hours of care of families, as compiled kernels.

Hours move only with what happens: with ability, the spouse, with whom somebody lives, children and carers.
So a month reckons anew the hours of those in whom any of that may have moved, and leaves the others alone;
`tests/unit/test_family_hours.py` compares with a reckoning of everybody. Draws are keyed by the resident
whom the family cares for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Living
from sim.population.family_rows import NEW
from sim.streams import draw, draw_bits, pair_id

_INTACT, _MILD = int(Ability.INTACT), int(Ability.MILD)
_ALONE, _COUPLE = int(Living.ALONE), int(Living.COUPLE)
_FEW_NEAR, _FEW_FAR = 4, 3
"""Families with more children, and those whose carer is ill, are watched: an event in them is likelier."""
_HAIR = 1e-12
_WORD = 8

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small numbers, see `residents.COLUMNS`."""


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
def look_for_events(  # noqa: D417 - columns are told in groups
    own: U64, watch: Mask, marks: Codes, key_events: np.uint64, below: np.uint64, from_: np.uint64
) -> None:  # fmt: skip
    """Mark in whose families something may happen in a month; nothing does in the others, see `_events`.

    Args:
        own, watch: (rows,) of `family_rows.Lines`.
        marks: (rows,) added to.
        key_events: of the draws.
        below, from_: bits of draws that matter in families that are not watched, see `bounds_of_events`.
    """
    for at in range(len(own)):
        bits = draw_bits(key_events, own[at])
        marks[at] |= (bits < below) | (bits >= from_) | watch[at]


def bounds_of_events(chances: F64) -> tuple[np.uint64, np.uint64]:
    """Bits of the draws below which, and from which, something may happen in a family that is not watched.

    A hair wider than the probabilities, as `_events` adds and subtracts them.

    Args:
        chances: see `month_of_families`.
    """
    leaves, comes, falls_ill, _ = chances.tolist()
    low = min((_FEW_NEAR * leaves + falls_ill) * (1 + _HAIR) + _HAIR, 1.0)
    high = max(1 - _FEW_FAR * comes * (1 + _HAIR) - _HAIR, 0.0)
    return np.uint64(np.ceil(low * 2.0**53)), np.uint64(np.floor(high * 2.0**53))


@njit(cache=True)
def month_of_families(  # noqa: D417 - columns are told in groups
    marks: Codes, ability: Codes, living: Codes, spouse: Codes, near: Codes, far: Codes,
    ill: Mask, happens: bool, chances: F64, key_events: np.uint64, able: F64, hours: F64,
    rows: I64, own: U64, kind: Codes, watch: Mask, can: F64,
) -> None:  # fmt: skip
    """The events of a month in families that are marked, and the hours a week that they can give then.

    A main carer who is ill gives none: the spouse of a couple, those in the household, one child near of who
    lives alone. Children share their hours between two parents in need. Of those who live with others one
    child is in the household, if there is any.

    Args:
        marks: whole words of eight, of no fewer than the rows: `family_rows.LOOK`; `NEW` for whose care
            need, or care at home, began in the month: their carers are ill as often as others'.
        ability .. ill: columns; children and the ill are written.
        happens: whether there are events.
        chances: (4,) probability in a month that a child near moves away, that one far comes nearer, that the
            main carer falls ill, that an ill one recovers.
        key_events: of the draws.
        able: (4,) hours of a spouse of each ability over those of an able one.
        hours: (4,) hours a week of an able spouse, a household, a child near, a child far.
        rows .. can: `family_rows.Lines`; of the marked the last three are written.
    """
    words = marks.view(np.uint64)
    for word in range((len(rows) + _WORD - 1) // _WORD):
        if words[word] == 0:
            continue
        for at in range(word * _WORD, min((word + 1) * _WORD, len(rows))):
            if marks[at] == 0:
                continue
            row = rows[at]
            if happens:
                _events(row, draw(key_events, own[at]), near, far, ill, marks[at] >= NEW, chances)
            one, two, three, four = _hours_of(row, ability, living, spouse, near, far, ill, able, hours)
            kind[at] = living[row] * 4 + ability[row]
            watch[at] = ill[row] or near[row] > _FEW_NEAR or far[row] > _FEW_FAR
            can[at] = one + two + three + four


@njit(cache=True)
def share_out(kind: Codes, can: F64, hours_needed: F64, needed: F64, given: F64, unmet: F64) -> None:
    """Hours a week that are needed, that families give of them, and that they leave unmet.

    Args:
        kind, can: (rows,) of `family_rows.Lines`.
        hours_needed: (4,) hours a week by ability.
        needed .. unmet: (rows,) filled.
    """
    for at in range(len(kind)):
        needed[at] = hours_needed[kind[at] & 3]
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
