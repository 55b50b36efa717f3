"""Whose families are looked at: those of residents in care need outside homes, as dense columns.

They are some 7 to 12 percent of the residents, so what is looked at in all of them each month is kept side by
side, in the order of their rows, and not fetched from the columns of everybody. A month moves a few of them:
`join` writes the columns anew and marks in whose families something may be different now.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import NEVER, Ability
from sim.population.lifetable import FIRST_MONTHS, SIXTY
from sim.population.residents import UNKNOWN, Residents

_SIXTY = SIXTY
_MILD = int(Ability.MILD)
_UNKNOWN = UNKNOWN
_BEYOND = 1 << 62
"""A row after all others."""

EVENT, LOOK, NEW = 1, 2, 4
"""Marks of a family in a month: an event happens in it; ability, the spouse or with whom somebody lives may
have moved; care need, or care at home, began. Who has the later ones counts for the earlier too."""

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small numbers, see `residents.COLUMNS`."""

COLUMNS: dict[str, type] = {
    "rows": np.int64,  # row of the resident, ascending
    "own": np.uint64,  # identity of the resident, by which the family's draws are keyed
    "kind": np.uint8,  # living arrangement times 4 plus ability
    "near": np.uint8,  # as `children_near` of the resident
    "far": np.uint8,  # as `children_far`
    "ill": np.bool_,  # as `carer_ill`
    "can": np.float64,  # hours of care a week that the family can give
    "strain": np.float32,  # from 0 to 1
}
Lines = dict[str, NDArray[Any]]
"""Dense columns, one line for each family in care need outside homes, in the order of `COLUMNS`."""


def lines(room: int) -> Lines:
    """Dense columns with room for so many families."""
    return {name: np.zeros(room, dtype) for name, dtype in COLUMNS.items()}


def distinct(rows: I64) -> I64:
    """Rows in ascending order, each once; for a few thousand several times as fast as `np.unique`."""
    rows = np.sort(rows, kind="stable")  # which makes use of what is in order already
    first = np.ones(len(rows), np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    return rows[first]


def all_in_need(people: Residents, month: int) -> tuple[I64, I64, I64]:
    """Rows of those in care need outside homes, of residents of homes, and of either not known yet: `find`.

    Args:
        people: the residents.
        month: month index; they are those at its end.
    """
    buffers = [np.zeros(len(people), np.int64) for _ in range(3)]
    counts = find(
        month, people.birth, people.ability, people.left, people.home, people.children_near, *buffers
    )
    rows, inside, unknown = (buffer[:found].copy() for buffer, found in zip(buffers, counts, strict=True))
    return rows, inside, unknown


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
def join(  # noqa: D417 - columns are told in groups
    month: int, touched: I64, ids: U64, ability: Codes, left: Codes, home: Codes, birth: Codes, ended: Codes,
    strain_at_end: Codes, pressure: Codes, rested: F64,
    rows: I64, own: U64, kind: Codes, near: Codes, far: Codes, ill: Mask, can: F64, strain: Codes,
    rows_now: I64, own_now: U64, kind_now: Codes, near_now: Codes, far_now: Codes, ill_now: Mask,
    can_now: F64, strain_now: Codes, marks: Codes, joined: I64,
) -> tuple[int, int]:  # fmt: skip
    """Who needs care outside homes at the end of a month: who still does, and whose care began in it.

    Args:
        month: month index, written into `ended` of those who no longer do.
        touched: rows to whom anything happened that ends care at home or lets it begin, or that moves
            ability; ascending, each once.
        ids .. birth: columns.
        ended, strain_at_end, pressure: columns, written for those who are not in need any more; `ended` is
            `NEVER` for those who are again.
        rested: factor that so many months without care leave of strain.
        rows .. strain: `Lines` of those who were a month ago.
        rows_now .. strain_now: filled with those who are now; of who is new row, identity and strain only.
        marks: filled: 0, `LOOK` for the touched, `NEW` for the new.
        joined: buffer for the rows of the new.

    Returns:
        How many lines there are now, and how many of them are new.
    """
    last = len(rows)
    start = stop = found = new = 0
    marks[: last + len(touched)] = 0
    for at in range(len(touched) + 1):
        row = touched[at] if at < len(touched) else _BEYOND
        while stop < last and rows[stop] < row:
            stop += 1
        was = stop < last and rows[stop] == row
        ends = at == len(touched)
        needs = not ends and ability[row] >= _MILD and home[row] < 0 and left[row] == 0
        if was and needs:
            marks[found + stop - start] = LOOK
            continue
        begins = needs and month - birth[row] - FIRST_MONTHS >= _SIXTY
        if not (was or begins or ends):
            continue
        for line in range(start, stop):
            of, to = np.uint64(line), np.uint64(found + line - start)
            rows_now[to], own_now[to], kind_now[to] = rows[of], own[of], kind[of]
            near_now[to], far_now[to], ill_now[to] = near[of], far[of], ill[of]
            can_now[to], strain_now[to] = can[of], strain[of]
        found += stop - start
        start = stop
        if was:
            ended[row], strain_at_end[row], pressure[row] = month, strain[stop], 1
            start += 1
        elif begins:
            rows_now[found], own_now[found], marks[found] = row, ids[row], NEW
            strain_now[found] = strain_at_end[row] * rested[min(month - ended[row], len(rested) - 1)]
            ended[row] = NEVER
            joined[new] = row
            new += 1
            found += 1
    return found, new


@njit(cache=True)
def mark_spouses(  # noqa: D417 - columns are told in groups
    touched: I64, spouse: Codes, ability: Codes, left: Codes, home: Codes, rows: I64, marks: Codes
) -> None:  # fmt: skip
    """Mark those in need whose spouse was touched: whether there is one, and how able, moves their hours.

    Args:
        touched: rows, see `join`.
        spouse .. home: columns.
        rows: of those in need, ascending.
        marks: (rows,) added to.
    """
    for one in touched:
        row = spouse[one]
        if row >= 0 and ability[row] >= _MILD and left[row] == 0 and home[row] < 0:
            at = np.searchsorted(rows, row)
            if at < len(rows) and rows[at] == row:
                marks[at] |= LOOK
