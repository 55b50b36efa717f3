"""Rows of many replications as a matrix of cells x replications, and what is read from it.

Run 0 has central parameters. It enters mean and quantiles only if it is the only one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sim.ensemble.draws import points
from sim.months import MONTHS_PER_YEAR, Calendar, Month, fiscal_span
from sim.tables import ALL, PROJECTED, RECONSTRUCTED, TOTAL

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Key = str | int
"""A key of a table: text, or a year."""

FIRST = (ALL, TOTAL)
"""Values that come before all others where no order is given."""


def entering(runs: int) -> list[int]:
    """The replications that enter mean and quantiles."""
    return [0] if runs == 1 else list(range(1, runs))


def year(month: pa.Array) -> pa.Array:
    """Calendar year of month indices."""
    return pc.divide(month, MONTHS_PER_YEAR)


def is_december(month: pa.Array) -> pa.Array:
    """Where a month is a December."""
    return pc.equal(pc.subtract(month, pc.multiply(year(month), MONTHS_PER_YEAR)), MONTHS_PER_YEAR - 1)


@dataclass(frozen=True)
class Frame:
    """What all tables of a run share.

    Attributes:
        scenario: name of the scenario.
        place: id of the place.
        regions: region code -> its name, the place's total first, then the districts by code.
        calendar: the months of the run.
        runs: number of replications.
        fiscal_first_month: first month of a fiscal year, 1 to 12; for money.
        notice: month of the notice; None without a plan.
        vary: whether replications differ in their parameters, see `sim.ensemble.draws`.
    """

    scenario: str
    place: str
    regions: Mapping[str, str]
    calendar: Calendar
    runs: int
    fiscal_first_month: int = 1
    notice: Month | None = None
    vary: bool = False

    @property
    def points(self) -> Ints:
        """Which of the replications that enter share their parameters: one number for each."""
        return points([run for run in entering(self.runs) if run], vary=self.vary)

    def of_one(self) -> Frame:
        """The same for a single replication."""
        return replace(self, runs=1)

    @property
    def last_month(self) -> Month:
        """Last month of the run."""
        return self.calendar.month(self.calendar.months - 1)

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the run, the cut-off ones included."""
        return tuple(range(self.calendar.start.year, self.last_month.year + 1))

    def ended(self, year: int) -> bool:
        """Whether the run holds the 31 December of a year."""
        return Month.of(year, MONTHS_PER_YEAR) <= self.last_month

    def months_of(self, year: int, begins: int = 1) -> int:
        """How many months of a year that begins with a month (1 to 12) are in the run."""
        first, last = fiscal_span(year, begins)
        return max(0, min(last, self.last_month).minus(max(first, self.calendar.start)) + 1)

    def basis(self, year: int, begins: int = 1) -> str:
        """Whether what the run has of such a year ends before the month of the notice."""
        end = min(fiscal_span(year, begins)[1], self.last_month)
        return RECONSTRUCTED if self.notice is not None and end < self.notice else PROJECTED


@dataclass(frozen=True)
class Axis:
    """A key as numbers: `codes[i]` is the place of row i's value in `values`, which are in output order."""

    values: list[Key]
    codes: Ints

    @classmethod
    def of(cls, column: pa.ChunkedArray, order: Sequence[Key] = ()) -> Axis:
        """Encode a column; values named in `order` come first, in that order, the others after them."""
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        encoded = column.dictionary_encode().combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else None
        found = [] if encoded is None else encoded.dictionary.to_pylist()
        place = {value: rank for rank, value in enumerate([*order, *(f for f in FIRST if f not in order)])}
        values = sorted(found, key=lambda value: (place.get(value, len(place)), value))
        rank = {value: at for at, value in enumerate(values)}
        lookup = np.array([rank[value] for value in found], dtype=np.int64)
        codes = np.empty(0, np.int64) if encoded is None else lookup[encoded.indices.to_numpy()]
        return cls(values, codes)


@dataclass(frozen=True)
class Cells:
    """Values by key and replication.

    Attributes:
        keys: key -> its value in each cell.
        values: cells x replications; a cell that a replication lacks holds 0.
    """

    keys: dict[str, list[Key]]
    values: Floats

    @classmethod
    def of(
        cls,
        rows: pa.Table,
        keys: Sequence[str],
        runs: int,
        order: Mapping[str, Sequence[Key]] | None = None,
    ) -> Cells:
        """Sum the rows' `value` by keys and `run`; cells are sorted by the keys.

        Args:
            rows: columns `run`, `value`, and the keys.
            keys: columns that make a cell, the slowest first.
            runs: number of replications.
            order: key -> its values in output order.
        """
        axes = [Axis.of(rows[key], (order or {}).get(key, ())) for key in keys]
        where = np.zeros(len(rows), dtype=np.int64)
        for axis in axes:
            where = where * len(axis.values) + axis.codes
        found, cell = np.unique(where, return_inverse=True)
        values = np.zeros(len(found) * runs)
        if len(rows):
            at = cell * runs + rows["run"].to_numpy()
            values += np.bincount(at, rows["value"].to_numpy(), minlength=len(values))
        columns: dict[str, list[Key]] = {}
        for key, axis in zip(reversed(keys), reversed(axes), strict=True):
            size = max(1, len(axis.values))
            columns[key] = [axis.values[code] for code in found % size]
            found = found // size
        return cls({key: columns[key] for key in keys}, values.reshape(-1, runs))

    def index(self) -> dict[tuple[Key, ...], int]:
        """Key values of a cell -> its row."""
        return {key: row for row, key in enumerate(zip(*self.keys.values(), strict=True))}


@dataclass(frozen=True)
class Spread:
    """What the replications say of each cell. Quantiles don't add: take totals by replication first."""

    run0: Floats
    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    mcse: Floats
    n_runs: int

    @classmethod
    def of(cls, values: Floats, points: Ints) -> Spread:
        """Exact quantiles (linear), mean and its Monte Carlo standard error over the runs that enter.

        Args:
            values: cells x replications, run 0 first.
            points: which of the replications that enter share their parameters (`Frame.points`).
        """
        chosen = values[:, entering(values.shape[1])]
        n = chosen.shape[1]
        p10, p50, p90 = np.quantile(chosen, (0.1, 0.5, 0.9), axis=1)
        mcse = standard_error(chosen, points) if n > 1 else np.full(len(chosen), np.nan)
        return cls(values[:, 0], chosen.mean(axis=1), p10, p50, p90, mcse, n)


def standard_error(values: Floats, points: Ints) -> Floats:
    """Standard error of each row's mean, where replications with the same parameters are not independent.

    The sum of the deviations at each parameter point counts as one observation; where all points differ it is
    the standard deviation over the root of their number. That the points fill the ranges evenly makes the
    mean better than this says.

    Args:
        values: (cells, replications).
        points: (replications,) equal where parameters are.
    """
    number, member = np.unique(points, return_inverse=True)
    n, groups = values.shape[1], len(number)
    if groups < 2:  # noqa: PLR2004 - one point says nothing of its spread
        return np.full(len(values), np.nan)
    same = np.equal.outer(member, np.arange(groups)).astype(np.float64)
    sums = (values - values.mean(axis=1, keepdims=True)) @ same
    return np.asarray(np.sqrt((sums**2).sum(axis=1) * groups / (groups - 1)) / n)
