"""uncertainty.csv: how much of the spread of each figure is chance, and how much the parameters.

By the law of total variance: what replications with the same parameters differ by on average is chance
(people, the homes that nobody lists, deliveries); the rest is what the inputs in `uncertain` do. Chance is
measured where two replications share one parameter point (`sim.ensemble.draws`): half their squared
difference, unbiased whatever the model. The interval is a delete-one-point jackknife of the logarithm of the
ratio, with Student's t; below 30 runs nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import stdtrit

from sim.ensemble import cells, summary
from sim.policy.verdict import FEWEST_RUNS, LEVEL
from sim.tables import ALL, TOTAL, UNCERTAINTY_COLUMNS

_YUAN = "yuan"
"""The metric of the money of a fiscal year; all other metrics are those of summary.csv."""


@dataclass(frozen=True)
class Shares:
    """Per cell: the share of the variance that is chance, and the ends of its interval; NaN: not known."""

    chance: cells.Floats
    low: cells.Floats
    high: cells.Floats


def shares(values: cells.Floats, points: cells.Ints) -> Shares:
    """How much of each cell's variance is chance.

    Args:
        values: (cells, replications) without run 0.
        points: (replications,) equal where parameters are.

    Returns:
        (cells,) each; NaN where the cell does not vary, or where fewer than two points come twice.
    """
    first, second = _pairs(points)
    nothing = np.full(len(values), np.nan)
    if len(first) < 2:  # noqa: PLR2004 - a jackknife leaves one out
        return Shares(nothing, nothing, nothing)
    half_squares = (values[:, first] - values[:, second]) ** 2 / 2
    member = np.unique(points, return_inverse=True)[1]
    log_ratio = _log_ratio(half_squares, values, member)
    left_out = []
    for point in range(member.max() + 1):
        kept = member != point
        pairs = member[first] != point
        left_out.append(_log_ratio(half_squares[:, pairs], values[:, kept], member[kept]))
    n = len(left_out)
    with np.errstate(invalid="ignore"):  # no chance at all: the logarithm of 0 has no spread
        spread = np.array(left_out) - np.mean(left_out, axis=0)
        error = np.sqrt((spread**2).sum(axis=0) * (n - 1) / n)
    reach = stdtrit(len(first) - 1, (1 + LEVEL) / 2) * error
    return Shares(*(_share(log_ratio + move) for move in (0.0, -reach, reach)))


def _pairs(points: cells.Ints) -> tuple[cells.Ints, cells.Ints]:
    """Places of the two replications of each point that comes twice."""
    order = np.argsort(points, kind="stable")
    same = np.flatnonzero(points[order][1:] == points[order][:-1])
    return order[same], order[same + 1]


def _log_ratio(half_squares: cells.Floats, values: cells.Floats, member: cells.Ints) -> cells.Floats:
    """Logarithm of the variance by chance over that by parameters and chance together."""
    chance = half_squares.mean(axis=1)
    sizes = np.bincount(member)
    n = values.shape[1]
    # the sample variance sees less of what replications with the same parameters share
    seen = (n**2 - (sizes**2).sum()) / (n * (n - 1))
    parameters = (values.var(axis=1, ddof=1) - chance) / seen
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(chance / np.maximum(chance + parameters, 0)))


def _share(log_ratio: cells.Floats) -> cells.Floats:
    return np.minimum(np.exp(log_ratio), 1.0)


def table(rows: pa.Table, money: pa.Table, frame: cells.Frame) -> pa.Table:
    """The table: the whole place, all kinds of beds, by year and metric; and the money of each fiscal year.

    Args:
        rows: reduced rows of `summary` with a column `run`.
        money: reduced rows of `costs` with a column `run`.
        frame: what all tables share.
    """
    whole = rows.filter((pc.field("region_code") == TOTAL) & (pc.field("bed_kind") == ALL))
    spent = money.filter(pc.field("metric") == "amount_fen").select(["year", "run", "value"])
    spent = spent.set_column(2, "value", pc.divide(spent["value"], 100.0))
    spent = spent.append_column("metric", pa.array([_YUAN] * len(spent), pa.string()))
    names = ["year", "metric", "run", "value"]
    both = pa.concat_tables([_plain(whole.select(names)), _plain(spent.select(names))])
    order = {"metric": (*summary.UNITS, _YUAN)}
    found = cells.Cells.of(both, ("year", "metric"), frame.runs, order)
    chosen = found.values[:, cells.entering(frame.runs)]
    n = chosen.shape[1]
    split = shares(chosen, frame.points)
    if frame.runs < FEWEST_RUNS or not frame.vary:
        split = shares(chosen[:, :0], np.empty(0, np.int64))
    spread = chosen.std(axis=1, ddof=1) if n > 1 else np.full(len(chosen), np.nan)
    begins = [frame.fiscal_first_month if name == _YUAN else 1 for name in found.keys["metric"]]
    years = [(int(year), first) for year, first in zip(found.keys["year"], begins, strict=True)]
    columns = {
        **found.keys,
        "scenario": [frame.scenario] * len(chosen),
        "unit": [summary.UNITS.get(str(name), _YUAN) for name in found.keys["metric"]],
        "mean": chosen.mean(axis=1),
        "sd": pa.array(spread, from_pandas=True),
        "chance_share": pa.array(split.chance, from_pandas=True),
        "chance_low": pa.array(split.low, from_pandas=True),
        "chance_high": pa.array(split.high, from_pandas=True),
        "parameter_share": pa.array(1 - split.chance, from_pandas=True),
        "n_runs": np.full(len(chosen), n),
        "n_pairs": np.full(len(chosen), len(_pairs(frame.points)[0]) if frame.vary else 0),
        "months": [frame.months_of(*year) for year in years],
        "basis": [frame.basis(*year) for year in years],
    }
    return pa.table({name: columns[name] for name in UNCERTAINTY_COLUMNS})


def _plain(rows: pa.Table) -> pa.Table:
    kinds = {"year": pa.int64(), "metric": pa.string(), "run": pa.int64(), "value": pa.float64()}
    return rows.cast(pa.schema(list(kinds.items())))
