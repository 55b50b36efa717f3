"""The wish of the destitute for collective support, and who of those who wish has no place yet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Group
from sim.population.lifetable import FIRST_MONTHS, SIXTY

_WISH = int(Group.WISH_COLLECTIVE)
_OLD = FIRST_MONTHS + SIXTY

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""


@njit(cache=True)
def note_wishes(  # noqa: D417 - columns are told in groups
    month: int, poor: I64, birth: Codes, left: Codes, ability: Codes, wish: NDArray[np.float32],
    home: Codes, waiting: NDArray[np.bool_], groups: Codes, willing: F64,
    unserved: I64,
) -> int:  # fmt: skip
    """Write the flag of the wish for all destitute residents aged 60+.

    Args:
        month: index of the month at whose end they are 60 or older.
        poor: rows of the destitute, those who left included.
        birth .. groups: columns; `groups` is written.
        willing: (4,) rank of the wish below which a resident of an ability wants a home.
        unserved: (poor,) buffer, filled with the rows of those who wish, live in no home and do not wait.

    Returns:
        How many rows of `unserved` are filled.
    """
    found = 0
    for row in poor:
        if left[row] != 0 or month - birth[row] < _OLD:
            continue
        if wish[row] < willing[ability[row]]:
            groups[row] |= _WISH
            if home[row] < 0 and not waiting[row]:
                unserved[found] = row
                found += 1
        else:
            groups[row] &= ~_WISH
    return found
