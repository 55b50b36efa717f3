"""Counts of residents, one pass over the columns."""

from __future__ import annotations

from numba import njit

from sim.population.lifetable import FIRST_MONTHS, SIXTY

_YEAR = 12
_BAND = 60


@njit(cache=True)  # type: ignore[untyped-decorator]
def tally(
    month, birth, sex, district, ability, living, home, bed, waiting, left, counts, ages, occupied, bands, with_bands
):  # noqa: ANN001, ANN201
    """Count residents aged 60+ at the end of a month.

    Args:
        month: month index.
        birth .. left: columns.
        counts: (districts, 4 living, 4 ability, 2 outside/in a home), added to.
        ages: (districts, 3) of 60+, 65+, 80+, added to.
        occupied: (homes, 2) residents by home and bed kind, added to.
        bands: (districts, 2, 6, 4 ability, 2) by sex, age band, ability, outside/in a home; added to if asked.
        with_bands: whether to fill `bands`.

    Returns:
        Rows that are here; who waits; who waits and lives in a home; who left and still does one of these.
    """
    here = waits = both = ghosts = 0
    for row in range(len(birth)):
        placed = home[row] >= 0
        if left[row] != 0:
            ghosts += 1 if placed or waiting[row] else 0
            continue
        here += 1
        if placed:
            occupied[home[row], bed[row]] += 1
        if waiting[row]:
            waits += 1
            both += 1 if placed else 0
        over = month - birth[row] - FIRST_MONTHS - SIXTY
        if over < 0:
            continue
        d = district[row]
        inside = 1 if placed else 0
        counts[d, living[row], ability[row], inside] += 1
        ages[d, 0] += 1
        if over >= 5 * _YEAR:
            ages[d, 1] += 1
            if over >= 20 * _YEAR:
                ages[d, 2] += 1
        if with_bands:
            bands[d, sex[row], min(over // _BAND, 5), ability[row], inside] += 1
    return here, waits, both, ghosts
