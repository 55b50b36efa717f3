"""Mortality hazards by sex and age in months, from published rates by five-year age group.

Ages run on a grid of months from 35 years on. Between the middles of the groups the logarithm of the rate is
linear; then each group is scaled so that its mean rate, weighted by survivors, is the published one.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR, Month
from sim.scenario.inputs import FIRST_AGE, GROUP_YEARS, Mortality

F64 = NDArray[np.float64]

LAST_AGE = 115
GRID = (LAST_AGE - FIRST_AGE) * MONTHS_PER_YEAR
"""Cells of the grid; cell j is the month in which a person completes `FIRST_MONTHS + j` months of age."""
FIRST_MONTHS = FIRST_AGE * MONTHS_PER_YEAR
FIFTY = (50 - FIRST_AGE) * MONTHS_PER_YEAR
"""Cell of the 50th birthday: migration rates are of those aged 50 or more."""
SIXTY = (60 - FIRST_AGE) * MONTHS_PER_YEAR
"""Cell of the 60th birthday."""
_ROUNDS = 6


def ages_years() -> F64:
    """Mean exact age of each cell of the grid, in years."""
    return FIRST_AGE + np.arange(GRID) / MONTHS_PER_YEAR


def survivors(rates: F64) -> F64:
    """Survivors at the start of each cell under hazards per year, along the last axis; 1 at the start."""
    steps = np.exp(-rates / MONTHS_PER_YEAR)
    return np.concatenate([np.ones_like(steps[..., :1]), np.cumprod(steps, axis=-1)[..., :-1]], axis=-1)


def monthly_grid(rates: F64, age_from: NDArray[np.int64]) -> F64:
    """Hazards per year on the grid, from rates of five-year groups.

    Args:
        rates: (groups,) deaths per person-year.
        age_from: (groups,) first ages in years; the last group is open.

    Returns:
        (GRID,) hazards whose survivor-weighted means over the groups are the rates (to 1e-6).
    """
    ages = ages_years()
    group = np.clip(np.searchsorted(age_from, ages, side="right") - 1, 0, len(age_from) - 1)
    middles = age_from + GROUP_YEARS / 2
    slope = np.log(rates[1] / rates[0]) / GROUP_YEARS
    log_rates = np.interp(ages, middles, np.log(rates))
    log_rates = np.where(ages < middles[0], np.log(rates[0]) + slope * (ages - middles[0]), log_rates)
    hazards = np.exp(log_rates)
    for _ in range(_ROUNDS):
        exposure = survivors(hazards)
        for index in range(len(age_from)):
            cells = group == index
            if cells.any():
                mean = (hazards[cells] * exposure[cells]).sum() / exposure[cells].sum()
                hazards[cells] *= rates[index] / mean
    return hazards


def hazards(mortality: Mortality, level_80plus: float) -> F64:
    """Hazards of death per year: (periods, 2, GRID).

    Args:
        mortality: published rates.
        level_80plus: factor on the rates from age 80 on.
    """
    factor = np.where(ages_years() >= 80, level_80plus, 1.0)  # noqa: PLR2004 - the parameter's own age
    grids = [[monthly_grid(by_sex, mortality.age_from) for by_sex in period] for period in mortality.rates]
    return np.array(grids) * factor


def period_of(mortality: Mortality, year: int) -> int:
    """Index of the period that a year belongs to; years outside take the nearest."""
    return max(bisect_right(mortality.period_from.tolist(), year) - 1, 0)


def completed(first: Month, birth: NDArray[np.integer]) -> NDArray[np.int64]:
    """Cells of the grid, from months of birth, of the age completed before a month; at its ends beyond it."""
    return np.clip(first.index - 1 - birth.astype(np.int64) - FIRST_MONTHS, 0, GRID - 1)
