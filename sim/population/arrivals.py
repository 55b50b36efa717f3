"""Net migration of residents aged 50+: who arrives, by a rate on the population expected from the inputs.

The number of arrivals rests on inputs alone, never on the simulated table, so one resident more or less
changes nobody's arrival. Arrivals of a month are Poisson by district and sex with a keyed draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR, Month
from sim.population.base import Base
from sim.population.lifetable import FIFTY, FIRST_MONTHS, GRID, period_of
from sim.population.rows import Rows, pack
from sim.quantiles import poisson
from sim.scenario.quantity import PerYear
from sim.streams import Purpose, key, uniforms

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Arriving:
    """Expected arrivals of a month: (districts, 2, GRID) by month of age, at a rate per month."""

    month: Month
    expected: F64


def expected_arrivals(base: Base, rate: PerYear, start: Month, months: int) -> Iterator[Arriving]:
    """Expected arrivals of every month, from the cohorts of the census, their mortality and the rate.

    A negative rate brings nobody: then residents leave, see `leaving_probability`.
    """
    here = base.expected.copy()
    surviving = np.exp(-base.mortality / MONTHS_PER_YEAR)
    for step in range(months):
        month = start.plus(step)
        monthly = rate.at(month) / MONTHS_PER_YEAR
        here[:, :, 1:] = here[:, :, :-1] * surviving[period_of(base.source, month.year), :, 1:]
        here[:, :, 0] = here[:, :, 1]  # the youngest of the grid are as many as those a month older
        moving = here * monthly
        moving[:, :, :FIFTY] = 0
        yield Arriving(month, np.maximum(moving, 0))
        here += moving


def leaving_probability(rate: PerYear, month: Month) -> float:
    """Probability per month of moving away, where the net rate is negative."""
    return float(1 - np.exp(min(rate.at(month), 0.0) / MONTHS_PER_YEAR))


def arrivals(arriving: Arriving, seed: int) -> Rows:
    """Those who arrive in a month, as identity columns; ages follow the expected population."""
    origin = arriving.month.index - _FIRST_ORIGIN
    draw_key = key(seed, Purpose.MOVE_IN_COUNT, arriving.month.index)
    age_key = key(seed, Purpose.MOVE_IN_BIRTH, arriving.month.index)
    totals = arriving.expected.sum(axis=2)
    cells = np.arange(totals.size, dtype=np.uint64)
    counts = poisson(uniforms(draw_key, cells), totals.reshape(-1)).astype(np.int64)
    district, sex = np.divmod(np.repeat(np.arange(totals.size), counts), 2)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    serial = np.arange(counts.sum()) - np.repeat(first, counts)
    u = uniforms(age_key, pack(origin, district, sex, np.zeros_like(serial), serial))
    birth = np.zeros(len(serial), dtype=np.int64)
    cumulated = np.cumsum(arriving.expected.reshape(-1, GRID), axis=1)
    for index in np.flatnonzero(counts):
        members = slice(first[index], first[index] + counts[index])
        ages = cumulated[index]
        cell = np.searchsorted(ages, u[members] * ages[-1], side="right")
        birth[members] = arriving.month.index - FIRST_MONTHS - np.minimum(cell, GRID - 1)
    return Rows(
        pack(origin, district, sex, birth, serial),
        birth.astype(np.int16),
        sex.astype(np.uint8),
        district.astype(np.uint8),
    )


_FIRST_ORIGIN = Month.of(1900, 1).index
"""Origin months count from here, so that origin 0 stays the start population."""
