"""Net migration of residents aged 50+: who arrives, by a rate on the population expected from the inputs.

The number of arrivals rests on inputs alone, never on the simulated table, so one resident more or less
changes nobody's arrival. Arrivals of a month are Poisson by district and sex with a keyed draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR, Month
from sim.population.base import Base
from sim.population.lifetable import FIFTY, FIRST_MONTHS, GRID, period_of
from sim.population.rows import Rows, pack
from sim.quantiles import poisson
from sim.scenario.quantity import PerYear
from sim.streams import Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


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


@dataclass(frozen=True)
class Newcomers:
    """Those who arrive over some months, month by month.

    Attributes:
        rows: identity columns of all of them.
        month: (rows,) month index of the arrival.
        first: (months + 1,) first row of each month, and the row after the last.
    """

    rows: Rows
    month: I64
    first: I64

    def of(self, step: int) -> slice:
        """The rows of a month, counted from 0."""
        return slice(int(self.first[step]), int(self.first[step + 1]))


def arrivals(arriving: Sequence[Arriving], seed: int) -> Newcomers:
    """Those who arrive in some months; ages follow the expected population.

    No month knows another: all are drawn at once because that is cheap, not because they belong together.
    """
    months = np.array([one.month.index for one in arriving], dtype=np.int64)
    totals = np.stack([one.expected.sum(axis=2).reshape(-1) for one in arriving])
    cells = np.arange(totals.shape[1])
    drawn = uniforms(_keys(seed, Purpose.MOVE_IN_COUNT, months)[:, None], cells.astype(np.uint64))
    counts = poisson(drawn, totals).astype(np.int64)
    persons = counts.sum(axis=1)
    cell = np.repeat(np.tile(cells, len(months)), counts.reshape(-1))
    month = np.repeat(months, persons)
    serial = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts.reshape(-1), counts.reshape(-1))
    district, sex = np.divmod(cell, 2)
    origin = month - _FIRST_ORIGIN
    age_keys = np.repeat(_keys(seed, Purpose.MOVE_IN_BIRTH, months), persons)
    u = uniforms(age_keys, pack(origin, district, sex, np.zeros_like(serial), serial))
    first = np.concatenate([[0], np.cumsum(persons)])
    age = np.zeros(len(cell), np.int64)
    for step, one in enumerate(arriving):
        members = slice(first[step], first[step + 1])
        _ages(one.expected.reshape(-1, GRID), cell[members], u[members], age[members])
    birth = month - FIRST_MONTHS - age
    rows = Rows(
        pack(origin, district, sex, birth, serial),
        birth.astype(np.int16),
        sex.astype(np.uint8),
        district.astype(np.uint8),
    )
    return Newcomers(rows, month, first)


def _keys(seed: int, purpose: Purpose, months: I64) -> NDArray[np.uint64]:
    """(months,) keys of a purpose."""
    return np.array([key(seed, purpose, month) for month in months.tolist()], dtype=np.uint64)


@njit(cache=True)
def _ages(expected: F64, cells: I64, u: F64, ages: I64) -> None:
    """Ages of newcomers in cells of the grid, by the expected population of their district and sex.

    Args:
        expected: (districts and sexes, GRID).
        cells: (newcomers,) district and sex, ascending.
        u: (newcomers,) draws.
        ages: (newcomers,) that is written.
    """
    before = -1
    cumulated = np.empty(GRID)
    for at in range(len(cells)):
        if cells[at] != before:
            before = cells[at]
            cumulated[:] = np.cumsum(expected[before])
        ages[at] = min(np.searchsorted(cumulated, u[at] * cumulated[-1], side="right"), GRID - 1)


_FIRST_ORIGIN = Month.of(1900, 1).index
"""Origin months count from here, so that origin 0 stays the start population."""
