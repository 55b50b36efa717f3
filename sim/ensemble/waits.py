"""waits.csv: applications, admissions and days waited, by year, district, ownership, kind of bed and tier.

Numbers are means over the replications that enter; days are pooled over all admitted of those replications.
Region and ownership are those of the first choice, for the admitted those of the admitting home; so the
numbers balance for the place as a whole. `withdrawn` holds everyone who left the list other than by admission
or death: withdrew, moved away, refused all offers.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.ensemble import cells
from sim.tables import ALL, TOTAL, WAITS_COLUMNS

KEYS = ("year", "region_code", "ownership", "bed_kind", "tier")
COUNTS = {
    "applications": ("applied",),
    "admitted": ("admitted",),
    "withdrawn": ("withdrawn", "moved_waiting", "refused_all"),
    "died_waiting": ("died_waiting",),
    "waiting_end": ("waiting_end",),
}
"""Column -> the events that it counts."""

_ROLLED = {"region_code": TOTAL, "ownership": ALL, "bed_kind": ALL, "tier": ALL}
ORDER = {
    "ownership": (ALL, "public", "public_built", "private"),
    "bed_kind": (ALL, "ordinary", "nursing"),
    "tier": (ALL, "1", "2", "3"),
}
_LONG_DAYS = (30, 90)


def reduce(rows: pa.Table) -> pa.Table:
    """The event rows of one replication, with their year; what is rolled up already is left out."""
    kept = rows.select(["month", "metric", *KEYS[1:], "value"])
    for key, whole in _ROLLED.items():
        kept = kept.filter(pc.not_equal(kept[key].cast(pa.string()), whole))
    ends = pc.equal(kept["metric"].cast(pa.string()), "waiting_end")
    kept = kept.filter(pc.or_(pc.invert(ends), cells.is_december(kept["month"])))
    return kept.append_column("year", cells.year(kept["month"])).select(["metric", *KEYS, "value"])


def table(rows: pa.Table, frame: cells.Frame) -> pa.Table:
    """The table of all replications; a year that the run cuts off has no `waiting_end`.

    Args:
        rows: reduced rows with a column `run`.
        frame: what all tables share.
    """
    chosen = cells.entering(frame.runs)
    rows = rows.filter(pc.is_in(rows["run"], pa.array(chosen, rows["run"].type)))
    axes = _axes(rows, frame)
    shape = tuple(len(axis.values) for axis in axes)
    metric = rows["metric"].cast(pa.string())
    value = rows["value"].to_numpy()
    counts = {}
    for column, events in COUNTS.items():
        at = np.flatnonzero(pc.is_in(metric, pa.array(events)).to_numpy())
        weights = value[at] if column == "waiting_end" else np.ones(len(at))
        counts[column] = _counted(axes, shape, at, weights) / len(chosen)
    admitted = np.flatnonzero(pc.equal(metric, "admitted").to_numpy())
    days = _durations(axes, shape, admitted, value[admitted])
    shown = np.any([count > 0 for count in counts.values()], axis=0).reshape(shape)
    shown[:, : len(frame.regions), 0, 0, 0] = True
    at = np.flatnonzero(shown)
    columns: dict[str, list[cells.Key] | pa.Array] = {"place": [frame.place] * len(at)}
    for name, axis, codes in zip(KEYS, axes, np.unravel_index(at, shape), strict=True):
        columns[name] = [axis.values[code] for code in codes]
    for name, numbers in {**counts, **days}.items():
        columns[name] = pa.array(numbers[at], from_pandas=True)
    ended = pa.array([frame.ended(int(year)) for year in columns["year"]], pa.bool_())
    columns["waiting_end"] = pc.if_else(ended, columns["waiting_end"], None)
    columns["months"] = [frame.months_of(int(year)) for year in columns["year"]]
    columns["basis"] = [frame.basis(int(year)) for year in columns["year"]]
    return pa.table({name: columns[name] for name in WAITS_COLUMNS})


def _axes(rows: pa.Table, frame: cells.Frame) -> list[cells.Axis]:
    """The keys as numbers; every axis but the year begins with its whole."""
    orders: dict[str, tuple[cells.Key, ...]] = {
        "year": frame.years,
        "region_code": tuple(frame.regions),
        **ORDER,
    }
    axes = []
    for key in KEYS:
        axis = cells.Axis.of(rows[key], orders[key])
        values = [*orders[key], *(value for value in axis.values if value not in orders[key])]
        lookup = np.array([values.index(value) for value in axis.values], dtype=np.int64)
        axes.append(cells.Axis(values, lookup[axis.codes] if len(lookup) else axis.codes))
    return axes


def _levels(axes: list[cells.Axis], shape: tuple[int, ...], at: cells.Ints) -> list[cells.Ints]:
    """The cell of each row at every level of rolling up: any of its keys replaced by the whole."""
    found = []
    for keep in product((0, 1), repeat=len(axes) - 1):
        codes = [axes[0].codes[at]] + [axis.codes[at] * k for axis, k in zip(axes[1:], keep, strict=True)]
        found.append(np.ravel_multi_index(tuple(codes), shape).astype(np.int64))
    return found


def _counted(
    axes: list[cells.Axis], shape: tuple[int, ...], at: cells.Ints, weights: cells.Floats
) -> cells.Floats:
    size = int(np.prod(shape))
    total = np.zeros(size)
    for cell in _levels(axes, shape, at):
        total += np.bincount(cell, weights, minlength=size)
    return total


def _durations(
    axes: list[cells.Axis], shape: tuple[int, ...], at: cells.Ints, days: cells.Floats
) -> dict[str, cells.Floats]:
    """Mean, median, 90th percentile, and shares above 30 and 90 days, in every cell with an admission."""
    size = int(np.prod(shape))
    by_days = np.argsort(days, kind="stable")
    at, days = at[by_days], days[by_days]
    names = ("mean_days", "p50_days", "p90_days", *(f"share_over_{long}d" for long in _LONG_DAYS))
    found = {name: np.full(size, np.nan) for name in names}
    for cell in _levels(axes, shape, at):
        order = np.argsort(cell, kind="stable")
        cell_sorted, sorted_days = cell[order], days[order]
        cells_here, first, count = np.unique(cell_sorted, return_index=True, return_counts=True)
        if not len(cells_here):
            continue
        found["mean_days"][cells_here] = np.add.reduceat(sorted_days, first) / count
        for name, share in (("p50_days", 0.5), ("p90_days", 0.9)):
            found[name][cells_here] = _quantile(sorted_days, first, count, share)
        for long in _LONG_DAYS:
            over = np.add.reduceat((sorted_days > long).astype(np.float64), first)
            found[f"share_over_{long}d"][cells_here] = over / count
    return found


def _quantile(ordered: cells.Floats, first: cells.Ints, count: cells.Ints, share: float) -> cells.Floats:
    """Linear quantile of each group; groups lie one after the other, ordered inside."""
    place = (count - 1) * share
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, count - 1)
    below, above = ordered[first + low], ordered[first + high]
    quantile: cells.Floats = below + (above - below) * (place - low)
    return quantile
