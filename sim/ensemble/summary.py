"""summary.csv: indicators by year, district and kind of bed.

A stock is the state of 31 December, a flow the sum over the year's months that lie in the run; a last year
without December has no stocks.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.ensemble import cells
from sim.tables import ALL, METRICS, SUMMARY_COLUMNS

KEYS = ("year", "region_code", "bed_kind", "metric")
_FLOWS = pa.array([metric.name for metric in METRICS if metric.kind == "flow"])
UNITS = {metric.name: metric.unit for metric in METRICS}
ORDER = {"metric": tuple(UNITS), "bed_kind": (ALL, "ordinary", "nursing")}


def reduce(rows: pa.Table) -> pa.Table:
    """The rows of one replication that count: Decembers of stocks, every month of flows, summed by year."""
    counts = pc.or_(pc.is_in(rows["metric"].cast(pa.string()), _FLOWS), cells.is_december(rows["month"]))
    kept = rows.filter(counts)
    kept = kept.append_column("year", cells.year(kept["month"]))
    summed = kept.group_by(list(KEYS), use_threads=False).aggregate([("value", "sum")])
    return summed.rename_columns([*KEYS, "value"])


def table(rows: pa.Table, frame: cells.Frame) -> pa.Table:
    """The table of all replications.

    Args:
        rows: reduced rows with a column `run`.
        frame: what all tables share.
    """
    found = cells.Cells.of(rows, KEYS, frame.runs, {**ORDER, "region_code": tuple(frame.regions)})
    spread = cells.Spread.of(found.values, frame.points)
    n = len(found.values)
    columns = {
        **found.keys,
        "scenario": [frame.scenario] * n,
        "region_name": [frame.regions.get(str(code), str(code)) for code in found.keys["region_code"]],
        "unit": [UNITS.get(str(name), "") for name in found.keys["metric"]],
        "run0": spread.run0,
        "mean": spread.mean,
        "p10": spread.p10,
        "p50": spread.p50,
        "p90": spread.p90,
        "n_runs": np.full(n, spread.n_runs),
        "mcse": pa.array(spread.mcse, from_pandas=True),
        "months": [frame.months_of(int(year)) for year in found.keys["year"]],
        "basis": [frame.basis(int(year)) for year in found.keys["year"]],
    }
    return pa.table({name: columns[name] for name in SUMMARY_COLUMNS})
