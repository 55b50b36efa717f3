"""Two scenarios, replication by replication: what their differences say.

Replication r of both has the same random numbers, so its difference is the change and what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sim.ensemble import cells
from sim.tables import BETTER

Columns = dict[str, "cells.Floats | pa.Array"]


@dataclass(frozen=True)
class Pairs:
    """Values of the base and of the alternative.

    Attributes:
        keys: key -> its value in each cell.
        base, alt: cells x replications, run 0 first. NaN: there is no such value.
    """

    keys: Mapping[str, Sequence[cells.Key]]
    base: cells.Floats
    alt: cells.Floats

    @classmethod
    def of(
        cls,
        base: pa.Table,
        alt: pa.Table,
        keys: Sequence[str],
        runs: int,
        order: Mapping[str, Sequence[cells.Key]] | None = None,
    ) -> Pairs:
        """Sum the rows' `value` by keys and `run`; what one of the two lacks is 0.

        Args:
            base: columns `run`, `value`, and the keys, as text.
            alt: the same of the alternative.
            keys: columns that make a cell, the slowest first.
            runs: number of replications of each.
            order: key -> its values in output order.
        """
        columns = [*keys, "run", "value"]
        shifted = alt.set_column(
            alt.schema.get_field_index("run"), "run", pa.array(alt["run"].to_numpy() + runs, pa.int64())
        )
        both = pa.concat_tables([base.select(columns), shifted.select(columns)], promote_options="permissive")
        found = cells.Cells.of(both, keys, 2 * runs, order)
        return cls(found.keys, found.values[:, :runs], found.values[:, runs:])

    @property
    def differences(self) -> cells.Floats:
        """Alternative minus base of the pairs that enter, cells x pairs."""
        chosen = cells.entering(self.base.shape[1])
        difference: cells.Floats = self.alt[:, chosen] - self.base[:, chosen]
        return difference

    def columns(self, better: Sequence[str], points: cells.Ints) -> Columns:
        """The columns of a table of differences.

        Args:
            better: for each cell `less`, `more`, or empty where no direction is the better one.
            points: which pairs share their parameters, see `sim.decide.sides.points`.
        """
        chosen = cells.entering(self.base.shape[1])
        difference = self.differences
        there = ~np.isnan(difference)
        mean, p10, p90 = of_pairs(difference)
        sign = np.array([{"less": -1.0, "more": 1.0}.get(way, np.nan) for way in better])
        wins = (difference * sign[:, None] > 0).sum(axis=1)
        pairs = there.sum(axis=1)
        told = (pairs > 1) & ~np.isnan(sign)
        return {
            "base_mean": _numbers(_mean(self.base[:, chosen])),
            "alt_mean": _numbers(_mean(self.alt[:, chosen])),
            "diff_mean": _numbers(mean),
            "diff_p10": _numbers(p10),
            "diff_p90": _numbers(p90),
            "prob_better": _numbers(np.where(told, wins / np.maximum(pairs, 1), np.nan)),
            "n_pairs": pa.array(pairs),
            "diff_se": _numbers(error_of_pairs(difference, points)),
        }


def directions(metrics: Sequence[cells.Key]) -> list[str]:
    """Which direction of each metric is the better one; empty where none is."""
    return [BETTER.get(str(metric), "") for metric in metrics]


def of_pairs(difference: cells.Floats) -> tuple[cells.Floats, cells.Floats, cells.Floats]:
    """Mean, 10th and 90th percentile (linear) of each row over the pairs that have a value; NaN without."""
    mean, p10, p90 = (np.full(len(difference), np.nan) for _ in range(3))
    there = ~np.isnan(difference)
    whole = there.all(axis=1)
    if difference.shape[1]:
        mean[whole] = difference[whole].mean(axis=1)
        p10[whole], p90[whole] = np.quantile(difference[whole], (0.1, 0.9), axis=1)
    for row in np.flatnonzero(there.any(axis=1) & ~whole):
        values = difference[row, there[row]]
        mean[row] = values.mean()
        p10[row], p90[row] = np.quantile(values, (0.1, 0.9))
    return mean, p10, p90


def error_of_pairs(difference: cells.Floats, points: cells.Ints) -> cells.Floats:
    """Standard error of each row's mean over the pairs that have a value, as `cells.standard_error` has it.

    Args:
        difference: cells x pairs; NaN: no value.
        points: (pairs,) equal where a pair has the parameters of another; nothing for run 0 alone.

    Returns:
        0 where all pairs agree; NaN where fewer than two of them have a value, or parameters of their own.
    """
    error = np.full(len(difference), np.nan)
    if difference.shape[1] < 2:  # noqa: PLR2004 - one pair has no spread
        return error
    there = ~np.isnan(difference)
    whole = there.all(axis=1)
    error[whole] = cells.standard_error(difference[whole], points)
    for row in np.flatnonzero(there.any(axis=1) & ~whole):
        error[row] = cells.standard_error(difference[row : row + 1, there[row]], points[there[row]])[0]
    same = whole & (difference == difference[:, :1]).all(axis=1) & ~np.isnan(error)
    error[same] = 0.0  # not what rounding of the mean leaves
    return error


def _mean(values: cells.Floats) -> cells.Floats:
    return of_pairs(values)[0]


def _numbers(values: cells.Floats) -> pa.Array:
    return pa.array(values, from_pandas=True)
