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
from sim.population.family_rows import EVENT, LOOK, NEW
from sim.population.residents import UNKNOWN
from sim.streams import draw, pair_id

_INTACT, _MILD = int(Ability.INTACT), int(Ability.MILD)
_ALONE, _COUPLE = int(Living.ALONE), int(Living.COUPLE)
_UNKNOWN = UNKNOWN
_WORD = 8

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small numbers, see `residents.COLUMNS`."""


@njit(cache=True)
def meet(  # noqa: D417 - columns are told in groups
    rows: I64, ids: U64, rural: Mask, in_town: F64, in_country: F64, share: float,
    key_children: np.uint64, key_near: np.uint64, near: Codes, far: Codes,
) -> None:  # fmt: skip
    """Draw the children of families that are not known yet, and for each of them whether they live near.

    Args:
        rows: of the residents; the known are left as they are.
        ids, rural: columns.
        in_town, in_country: distribution functions of the number of children, see `quantiles.poisson_table`.
        share: of the children near; a draw for each pair of resident and number of the child.
        key_children, key_near: of the draws.
        near, far: columns, written.
    """
    for row in rows:
        if near[row] != _UNKNOWN:
            continue
        u, below = draw(key_children, ids[row]), in_country if rural[row] else in_town
        children = close = 0
        while children < _UNKNOWN - 1 and children < len(below) and below[children] < u:
            children += 1
        for child in range(children):
            close += draw(key_near, pair_id(ids[row], np.uint64(child))) < share
        near[row], far[row] = close, children - close


@njit(cache=True)
def look_for_events(  # noqa: D417 - columns are told in groups
    own: U64, near: Codes, far: Codes, ill: Mask, chances: F64, key_events: np.uint64, marks: Codes
) -> None:  # fmt: skip
    """Mark in whose families an event of the month happens; `_events` says which.

    Args:
        own .. ill: (rows,) of `family_rows.Lines`.
        chances: see `month_of_families`.
        key_events: of the draws.
        marks: (rows,) added to.
    """
    leaves, comes, falls_ill, recovers = chances
    for at in range(len(own)):
        u = draw(key_events, own[at])
        of_carer = u - near[at] * leaves < (recovers if ill[at] else falls_ill)
        marks[at] |= (of_carer | (u >= 1 - far[at] * comes)) * EVENT


@njit(inline="always")
def _events(
    u: float, near: int, far: int, ill: bool, new: bool, chances: F64
) -> tuple[int, int, bool]:  # fmt: skip
    """A child who moves away or comes nearer, a carer who falls ill or recovers; one of these in a month.

    Returns:
        Children near and far, and whether the carer is ill, after it.
    """
    leaves, comes, falls_ill, recovers = chances
    away = near * leaves
    if u < away:
        return near - 1, far + 1, ill
    if u >= 1 - far * comes:
        return near + 1, far - 1, ill
    if new:
        return near, far, u - away < falls_ill / (falls_ill + recovers)
    if ill:
        return near, far, u - away >= recovers
    return near, far, u - away < falls_ill


@njit(inline="always")
def _hours_of(  # noqa: D417 - columns are told in groups
    living: int, partner: int, near: int, far: int, ill: bool, able: F64, hours: F64
) -> tuple[float, float, float, float]:  # fmt: skip
    """Hours that the spouse, the household, children near and far can give, see `month_of_families`.

    Args:
        living: code of the arrangement; `partner` ability of the spouse, of a couple.
        near .. hours: as in `month_of_families`, of one family.
    """
    children, distant, carer = float(near), float(far), not ill
    if living == _COUPLE:
        shared = 0.5 if partner >= _MILD else 1.0
        by_spouse = able[partner] * hours[0] * carer
        return by_spouse, 0.0, children * hours[2] * shared, distant * hours[3] * shared
    if living == _ALONE:
        children = max(children - (0.0 if carer else 1.0), 0.0)
        return 0.0, 0.0, children * hours[2], distant * hours[3]
    if children > 0:
        children -= 1
    elif distant > 0:
        distant -= 1
    return 0.0, hours[1] * carer, children * hours[2], distant * hours[3]


@njit(inline="always")
def _partner(row: int, living: int, spouse: Codes, ability: Codes) -> int:
    """Ability of the spouse of a couple: both are here and at home, else they would not live as one."""
    if living == _COUPLE and spouse[row] >= 0:  # who moved in has a spouse of no row
        return int(ability[spouse[row]])
    return _INTACT


@njit(cache=True)
def month_of_families(  # noqa: D417 - columns are told in groups
    marks: Codes, ability: Codes, living: Codes, spouse: Codes, near: Codes, far: Codes, ill: Mask,
    happens: bool, chances: F64, key_events: np.uint64, able: F64, hours: F64,
    rows: I64, own: U64, kind: Codes, near_now: Codes, far_now: Codes, ill_now: Mask, can: F64,
) -> None:  # fmt: skip
    """The events of a month in families that are marked, and the hours a week that they can give then.

    A main carer who is ill gives none: the spouse of a couple, those in the household, one child near of who
    lives alone. Children share their hours between two parents in need. Of those who live with others one
    child is in the household, if there is any.

    Args:
        marks: see `family_rows.EVENT`; whole words of eight, of no fewer than the rows. Carers of the new are
            ill as often as others'.
        ability .. ill: columns; children and the ill are written.
        happens: whether there are events.
        chances: (4,) probability in a month that a child near moves away, that one far comes nearer, that the
            main carer falls ill, that an ill one recovers.
        key_events: of the draws.
        able: (4,) hours of a spouse of each ability over those of an able one.
        hours: (4,) hours a week of an able spouse, a household, a child near, a child far.
        rows .. can: `family_rows.Lines`; of the marked all but the first two are written.
    """
    words = marks.view(np.uint64)
    for word in range((len(rows) + _WORD - 1) // _WORD):
        if words[word] == 0:
            continue
        for at in range(word * _WORD, min((word + 1) * _WORD, len(rows))):
            if marks[at] == 0:
                continue
            row, new = rows[at], marks[at] >= NEW
            if new:
                near_now[at], far_now[at], ill_now[at] = near[row], far[row], ill[row]
            if marks[at] >= LOOK:  # else what is told by the kind has not moved
                kind[at] = living[row] * 4 + ability[row]
            close, distant, sick = near_now[at], far_now[at], ill_now[at]
            if happens:
                close, distant, sick = _events(draw(key_events, own[at]), close, distant, sick, new, chances)
                if close != near_now[at] or sick != ill_now[at]:
                    near_now[at], far_now[at], ill_now[at] = close, distant, sick
                    near[row], far[row], ill[row] = close, distant, sick
            with_whom = kind[at] >> 2
            partner = _partner(row, with_whom, spouse, ability)
            one, two, three, four = _hours_of(with_whom, partner, close, distant, sick, able, hours)
            can[at] = one + two + three + four


@njit(cache=True)
def share_out(  # noqa: D417 - columns are told in groups
    kind: Codes, can: F64, by_ability: F64, needed: F64, given: F64, unmet: F64
) -> None:  # fmt: skip
    """Hours a week that are needed, that families give of them, and that they leave unmet.

    Args:
        kind, can: (rows,) of `family_rows.Lines`.
        by_ability: (4,) hours a week needed.
        needed .. unmet: (rows,) filled.
    """
    look_up(kind, np.concatenate((by_ability, by_ability, by_ability, by_ability)), needed)
    for at in range(len(can)):
        given[at] = min(needed[at], can[at])
        unmet[at] = needed[at] - given[at]


@njit(cache=True)
def look_up(kind: Codes, table: F64, found: F64) -> None:
    """Fill in a number for each kind, from a table of all; alone in its pass, so that it runs on vectors."""
    for at in range(len(kind)):
        found[at] = table[np.uint64(kind[at])]


@njit(cache=True)
def hours_by_source(  # noqa: D417 - columns are told in groups
    ability: Codes, spouse: Codes, rows: I64, kind: Codes, near: Codes, far: Codes, ill: Mask, able: F64,
    hours: F64, sources: F64,
) -> None:  # fmt: skip
    """Hours that families can give, by who can: spouse, household, children near, children far.

    Args:
        ability, spouse: columns.
        rows .. ill: `family_rows.Lines`.
        able, hours: as in `month_of_families`.
        sources: (rows, 4) filled.
    """
    for at in range(len(rows)):
        living = kind[at] >> 2
        partner = _partner(rows[at], living, spouse, ability)
        sources[at, 0], sources[at, 1], sources[at, 2], sources[at, 3] = _hours_of(
            living, partner, near[at], far[at], ill[at], able, hours
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
