"""The rows of the start population: one per resident of the census from 50 on, no chance in it.

Those of 50-59 are spouses and those who will turn 60; a long horizon brings younger ones too.

Five-year groups are split by single years with the national shape of the census of 2010 aged ten years (even
splitting would miss the small cohorts of 1959 to 1961), single years by months of birth evenly. Counts per
district, sex and group stay those of the census.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR, Month
from sim.population.lifetable import GRID, survivors
from sim.population.rake import largest_remainder
from sim.scenario.inputs import FIRST_AGE, GROUP_YEARS, Census

F64 = NDArray[np.float64]
U64 = NDArray[np.uint64]

YEARS_BETWEEN_CENSUSES = 10
YOUNGEST_SPOUSE = 50
_ORIGIN_BITS, _DISTRICT_BITS, _SEX_BITS, _BIRTH_BITS, _SERIAL_BITS = 14, 8, 1, 16, 25


@dataclass(frozen=True)
class Rows:
    """Identity columns of residents, ordered by district, sex, month of birth and serial.

    Attributes:
        id: identity, see `pack`.
        birth: month index of birth.
        sex: codes of `Sex`; `district`: position in the scenario's list.
    """

    id: U64
    birth: NDArray[np.int16]
    sex: NDArray[np.uint8]
    district: NDArray[np.uint8]


def pack(
    origin: int | NDArray[np.int64],
    district: NDArray[np.int64],
    sex: NDArray[np.int64],
    birth: NDArray[np.int64],
    serial: NDArray[np.int64],
) -> U64:
    """Identity of residents: origin month (0 = start), district, sex, month of birth, serial in the cell.

    Raises:
        ValueError: if a part does not fit its bits.
    """
    parts = ((district, _DISTRICT_BITS), (sex, _SEX_BITS), (birth, _BIRTH_BITS), (serial, _SERIAL_BITS))
    if np.size(origin) and not (np.min(origin) >= 0 and np.max(origin) < 1 << _ORIGIN_BITS):
        raise ValueError(f"origin(={origin}) must fit {_ORIGIN_BITS} bits")
    identity = np.full(np.shape(serial), origin, dtype=np.uint64)
    for part, bits in parts:
        if np.size(part) and not (np.min(part) >= 0 and np.max(part) < 1 << bits):
            raise ValueError(f"a part of an identity is {np.max(part)}, must be below {1 << bits}")
        identity = (identity << np.uint64(bits)) | np.asarray(part).astype(np.uint64)
    return identity


def single_year_shape(single_2010: F64, mortality: F64) -> F64:
    """Shape of the population by single year at the start: (2, years from 35).

    Args:
        single_2010: (2, ages from 25) national counts of the census of 2010, the last age open.
        mortality: (2, GRID) hazards per year; below 35 the deaths of ten years are left out (they hardly
            differ within a five-year group).
    """
    living = survivors(mortality)
    years = single_2010.shape[1]
    aged = np.zeros((2, years))
    for index in range(years):
        start = min(max((index - YEARS_BETWEEN_CENSUSES) * MONTHS_PER_YEAR, 0), GRID - 1)
        end = min(max(index, 0) * MONTHS_PER_YEAR, GRID - 1)
        aged[:, index] = single_2010[:, index] * living[:, end] / living[:, start]
    return aged


def cells(census: Census, shape: F64) -> NDArray[np.int64]:
    """Residents by district, sex and completed age in months from 35 years: (districts, 2, months).

    Args:
        census: counts by five-year group.
        shape: (2, years from 35) weights of single years.
    """
    districts = census.persons.shape[0]
    last = shape.shape[1]
    by_month = np.zeros((districts, 2, last * MONTHS_PER_YEAR), dtype=np.int64)
    bounds = [*(census.age_from - FIRST_AGE), last]
    for district, sex, group in np.ndindex(census.persons.shape):
        years = slice(bounds[group], bounds[group + 1])
        counts = largest_remainder(shape[sex, years], int(census.persons[district, sex, group]))
        months = np.arange(MONTHS_PER_YEAR)
        split = (
            counts[:, None] * (months + 1) // MONTHS_PER_YEAR - counts[:, None] * months // MONTHS_PER_YEAR
        )
        at = slice(bounds[group] * MONTHS_PER_YEAR, bounds[group + 1] * MONTHS_PER_YEAR)
        by_month[district, sex, at] = split.reshape(-1)
    return by_month


def first_age(horizon_months: int) -> int:
    """Youngest completed age in years at the start that a run needs: spouses, and all who will turn 60.

    Whole five-year groups, so that the spouses within a group are the same whatever the horizon.
    """
    needed = 60 - -(-horizon_months // MONTHS_PER_YEAR)
    return max(min(YOUNGEST_SPOUSE, needed // GROUP_YEARS * GROUP_YEARS), FIRST_AGE)


def expand(by_month: NDArray[np.int64], start: Month, youngest: int) -> Rows:
    """One row per resident of the cells aged `youngest` or more; births are counted back from the start.

    A person who has completed `a` months of age at the start was born `a + 1` months before the first month.
    """
    kept = by_month.copy()
    kept[:, :, : (youngest - FIRST_AGE) * MONTHS_PER_YEAR] = 0
    counts = kept[:, :, ::-1].reshape(-1)  # the oldest first: births ascend
    months = by_month.shape[2]
    district, rest = np.divmod(np.arange(len(counts)), 2 * months)
    sex, position = np.divmod(rest, months)
    birth = start.index - 1 - (FIRST_AGE * MONTHS_PER_YEAR + months - 1 - position)
    most = np.maximum(counts - 1, 0)
    ids = np.repeat(pack(0, district, sex, birth, most) - most.astype(np.uint64), counts)
    # of a million people: whole columns of 64 bits, one for each step, would be the most memory a run takes
    ids += np.arange(len(ids), dtype=np.uint64)
    ids -= np.repeat((np.cumsum(counts) - counts).astype(np.uint64), counts)
    return Rows(
        ids,
        np.repeat(birth.astype(np.int16), counts),
        np.repeat(sex.astype(np.uint8), counts),
        np.repeat(district.astype(np.uint8), counts),
    )
