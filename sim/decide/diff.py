"""diff.csv and diff_waits.csv: beds, people and waits of two scenarios, paired by replication."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.decide.pairs import Pairs, directions
from sim.decide.sides import Side, common_years, of_years, points
from sim.ensemble import cells, summary, waits
from sim.tables import DIFF_COLUMNS, DIFF_WAITS_COLUMNS

_DAYS = ("mean_days", "p50_days", "p90_days", "share_over_30d", "share_over_90d")
_WAITS = (*waits.COUNTS, *_DAYS)
_UNIT_OF_DAYS = {name: "days" if name.endswith("days") else "share" for name in _DAYS}


def pairs_of_summary(base: Side, alt: Side) -> Pairs:
    """The indicators of summary.csv, by its keys."""
    years = common_years(base.frame, alt.frame)
    rows = [of_years(side.gathered.summary, years) for side in (base, alt)]
    order = {**summary.ORDER, "region_code": tuple(base.frame.regions)}
    return Pairs.of(rows[0], rows[1], summary.KEYS, base.frame.runs, order)


def table(base: Side, alt: Side) -> pa.Table:
    """diff.csv: every indicator of summary.csv."""
    pairs = pairs_of_summary(base, alt)
    metrics = pairs.keys["metric"]
    columns = {
        **_names(base, alt, len(metrics)),
        **pairs.keys,
        "unit": [summary.UNITS.get(str(name), "") for name in metrics],
        **pairs.columns(directions(metrics), points(base.frame, alt.frame)),
    }
    return pa.table({name: columns[name] for name in DIFF_COLUMNS})


def table_of_waits(base: Side, alt: Side) -> pa.Table:
    """diff_waits.csv: counts and days of waits.csv.

    Days are those of each replication, so a pair in which one has no admission has no difference in days, and
    means differ from those of waits.csv, which pools everybody who was admitted in any replication.
    """
    years = common_years(base.frame, alt.frame)
    rows = [_per_run(side, years) for side in (base, alt)]
    order = {**waits.ORDER, "region_code": tuple(base.frame.regions), "metric": _WAITS}
    keys = (*waits.KEYS, "metric")
    pairs = Pairs.of(rows[0], rows[1], keys, base.frame.runs, order)
    where = zip(*(pairs.keys[key] for key in keys), strict=True)
    known = {key: at for at, key in enumerate(where)}
    values = []
    for side, matrix in zip(rows, (pairs.base, pairs.alt), strict=True):
        there = np.zeros(matrix.shape, dtype=np.bool_)
        there[[metric not in _DAYS for metric in pairs.keys["metric"]]] = True
        listed = [side[key].to_pylist() for key in (*keys, "run")]
        for *key, run in zip(*listed, strict=True):
            there[known[tuple(key)], run] = True
        values.append(np.where(there, matrix, np.nan))
    pairs = Pairs(pairs.keys, values[0], values[1])
    metrics = pairs.keys["metric"]
    columns = {
        **_names(base, alt, len(metrics)),
        **pairs.keys,
        "unit": [_UNIT_OF_DAYS.get(str(name), "persons") for name in metrics],
        **pairs.columns(directions(metrics), points(base.frame, alt.frame)),
    }
    return pa.table({name: columns[name] for name in DIFF_WAITS_COLUMNS})


_LONG = pa.schema(
    [("year", pa.int64()), *[(key, pa.string()) for key in (*waits.KEYS[1:], "metric")],
     ("run", pa.int64()), ("value", pa.float64())]
)  # fmt: skip


def _per_run(side: Side, years: list[int]) -> pa.Table:
    """waits.csv of each replication alone, as rows of key, metric, run and value; without empty cells."""
    rows = of_years(side.gathered.waits, years)
    found = [_LONG.empty_table()]
    for run in cells.entering(side.frame.runs):
        own = rows.filter(pc.equal(rows["run"], run))
        own = own.set_column(own.schema.get_field_index("run"), "run", pa.array([0] * len(own), pa.int64()))
        made = of_years(waits.table(own, side.frame.of_one()), years)
        for metric in _WAITS:
            there = made.filter(pc.is_valid(made[metric]))
            if len(there):
                found.append(_long(there, metric, run))
    return pa.concat_tables(found)


def _long(rows: pa.Table, metric: str, run: int) -> pa.Table:
    columns = {
        **{key: rows[key] for key in waits.KEYS},
        "metric": pa.array([metric] * len(rows), pa.string()),
        "run": pa.array([run] * len(rows), pa.int64()),
        "value": rows[metric],
    }
    return pa.table(columns).cast(_LONG)


def _names(base: Side, alt: Side, rows: int) -> dict[str, list[str]]:
    return {"base": [base.name] * rows, "alt": [alt.name] * rows}
