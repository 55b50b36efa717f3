"""Ability by age: the prevalence curve, and the monthly changes that reproduce it among survivors.

Published annual matrices of ability have no monthly root, so nothing is scaled or rooted. For each sex and
month of age the adjacent changes are solved: given recovery, the onset (intact to mild), the worsening (mild
to moderate) and the worsening (moderate to severe) are those that turn the survivors of a month, at the
prevalence of the month before, into the prevalence of this month. Deaths differ by ability; their hazard in
the intact state is m(x) / sum(prevalence x relative risk), fixed from the inputs.

Cell c is about the month in which c months of age (from 35 years on) are completed: the prevalence of c is
that of those who have just completed it, the changes of c lead there from the prevalence of c - 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR
from sim.population.lifetable import SIXTY, ages_years
from sim.scenario.inputs import GROUP_YEARS
from sim.scenario.people_types import Population

F64 = NDArray[np.float64]
STATES = 4
_LAST_GROUP_YEARS = 4
"""The open group 95+ stands at its first age plus half of this (mean age of those 95+ is about 97)."""


@dataclass(frozen=True)
class AbilityTables:
    """What happens to ability and life in a month, by sex, age cell and ability.

    Attributes:
        prevalence: (2, GRID, 4) shares at the end of the month; before 60 everybody is intact.
        death: (periods, 2, GRID, 4) probability of dying in the month, by ability at its beginning.
        worsen: (periods, 2, GRID, 4) probability of one level down in ability, for survivors.
        recover: (periods, 2, GRID, 4) probability of one level up, for survivors.
    """

    prevalence: F64
    death: F64
    worsen: F64
    recover: F64


def prevalence_curve(age_from: NDArray[np.int64], shares: F64) -> F64:
    """Shares of the four abilities on the grid of ages: (2, GRID, 4).

    Args:
        age_from: first ages of the groups; the last is open.
        shares: (2, groups, 3) of mild, moderate, severe.

    Between the middles of the groups the logit of each share against intact is linear; before the first
    middle the slope goes on, after the last the shares stay.
    """
    ages = ages_years()
    middles = age_from + GROUP_YEARS / 2
    middles[-1:] = age_from[-1] + _LAST_GROUP_YEARS / 2
    curve = np.zeros((2, len(ages), STATES))
    for sex in range(2):
        intact = 1 - shares[sex].sum(axis=1)
        odds = np.empty((len(ages), STATES - 1))
        for state in range(STATES - 1):
            logs = np.log(shares[sex, :, state] / intact)
            slope = (logs[1] - logs[0]) / (middles[1] - middles[0])
            line = np.interp(ages, middles, logs)
            odds[:, state] = np.exp(np.where(ages < middles[0], logs[0] + slope * (ages - middles[0]), line))
        total = 1 + odds.sum(axis=1)
        curve[sex, :, 0] = 1 / total
        curve[sex, :, 1:] = odds / total[:, None]
    curve[:, :SIXTY] = (1.0, 0.0, 0.0, 0.0)
    return curve


def solve(mortality: F64, prevalence: F64, population: Population) -> AbilityTables:
    """Solve the monthly changes for every period, sex and age.

    Args:
        mortality: (periods, 2, GRID) hazards of death per year of all abilities together.
        prevalence: (2, GRID, 4).
        population: relative risks and recovery.

    Raises:
        ValueError: if no changes in [0, 1] reproduce the curve.
    """
    risks = np.array(
        [
            1.0,
            population.relative_risk_mild.value,
            population.relative_risk_moderate.value,
            population.relative_risk_severe.value,
        ]
    )
    before_month = np.concatenate([prevalence[:, :1], prevalence[:, :-1]], axis=1)
    intact_hazard = mortality / (before_month @ risks)
    death = 1 - np.exp(-intact_hazard[..., None] * risks / MONTHS_PER_YEAR)
    left = before_month * (1 - death)
    share = left / left.sum(axis=-1, keepdims=True)
    recover = np.zeros_like(death)
    recover[..., 1:] = _monthly_recovery(population)[:, None]
    worsen = np.zeros_like(death)
    for state in (3, 2, 1):  # the inflow into each state from the one before it
        stays = share[..., state] * (1 - recover[..., state] - worsen[..., state])
        inflow = prevalence[..., state] - stays
        if state < STATES - 1:
            inflow = inflow - share[..., state + 1] * recover[..., state + 1]
        short = np.minimum(inflow, 0)  # the curve falls faster than recovery alone: more recover
        has = share[..., state] > 0
        recover[..., state] -= np.divide(short, share[..., state], out=np.zeros_like(short), where=has)
        before = share[..., state - 1]
        rise = np.maximum(inflow, 0)
        worsen[..., state - 1] = np.divide(rise, before, out=np.zeros_like(before), where=before > 0)
    for change in (worsen, recover):
        change[..., : SIXTY + 1, :] = 0  # at 60 everybody's first ability is drawn, not changed
    if not ((worsen >= 0) & (recover >= 0) & (worsen + recover <= 1)).all():
        raise ValueError("no monthly changes of ability between 0 and 1 reproduce the prevalence curve")
    return AbilityTables(prevalence, death, worsen, recover)


def _monthly_recovery(population: Population) -> F64:
    """Monthly probability of one level up, from the fitted annual curve: (GRID,)."""
    curve = population.recovery_log_intercept.value + population.recovery_slope_per_year.value * ages_years()
    annual = np.minimum(np.exp(curve), population.recovery_highest_per_year.value)
    return np.asarray(1 - (1 - annual) ** (1 / MONTHS_PER_YEAR))


def step_expected(persons: F64, tables: AbilityTables, period: int, sex: int, cell: int) -> F64:
    """The month in which a cohort completes the age of the cell, by expectation: (4,) persons by ability."""
    left: F64 = persons * (1 - tables.death[period, sex, cell])
    worse: F64 = left * tables.worsen[period, sex, cell]
    better: F64 = left * tables.recover[period, sex, cell]
    moved: F64 = left - worse - better
    moved[1:] += worse[:-1]
    moved[:-1] += better[1:]
    return moved
