"""Counts of residents, one pass over the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.population.lifetable import FIRST_MONTHS, SIXTY

_YEAR = 12
_BAND = 60

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""


@njit(cache=True)
def tally(  # noqa: D417 - one pass over everybody; columns are told in groups
    month: int, birth: Codes, sex: Codes, district: Codes, ability: Codes, living: Codes, home: Codes,
    bed: Codes, waiting: Mask, left: Codes,
    counts: I64, ages: I64, occupied: I64, bands: I64, with_bands: bool,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Count residents aged 60+ at the end of a month.

    Args:
        month: month index.
        birth .. left: columns.
        counts: (districts, 4 living, 4 ability, 2 outside/in a home), added to.
        ages: (districts, 3) of 60+, 65+, 80+, added to.
        occupied: (homes, 2) residents by home and bed kind, added to.
        bands: (districts, 2, 6, 4 ability, 2) by sex, age band, ability, outside/in a home; if asked.
        with_bands: whether to fill `bands`.

    Returns:
        Rows that are here; who waits; who waits and lives in a home, or does either below 60; who left
        and still does one of these.
    """
    flat, old = counts.reshape(-1), ages.reshape(-1)
    four, two, three = np.uint64(4), np.uint64(2), np.uint64(3)
    here = waits = both = ghosts = 0
    for row in range(len(birth)):
        placed = home[row] >= 0
        if left[row] != 0:
            ghosts += 1 if placed or waiting[row] else 0
            continue
        here += 1
        over = month - birth[row] - FIRST_MONTHS - SIXTY
        if over < 0:
            both += 1 if placed or waiting[row] else 0
            continue
        d = np.uint64(district[row])
        inside = np.uint64(0)
        if placed:
            inside = np.uint64(1)
            occupied[home[row], bed[row]] += 1
        if waiting[row]:
            waits += 1
            both += 1 if placed else 0
        flat[((d * four + np.uint64(living[row])) * four + np.uint64(ability[row])) * two + inside] += 1
        # in which of the three age classes a resident is highest; they are added up below
        old[d * three + np.uint64((over >= 5 * _YEAR) + (over >= 20 * _YEAR))] += 1
        if with_bands:
            bands[d, sex[row], min(over // _BAND, 5), ability[row], inside] += 1
    ages[:, 1] += ages[:, 2]
    ages[:, 0] += ages[:, 1]
    return here, waits, both, ghosts
