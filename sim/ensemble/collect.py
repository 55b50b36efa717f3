"""From the parts of a run to its result tables. Parts are read one after the other and reduced at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from sim import store
from sim.ensemble import cells, costs, population, summary, uncertainty, waits
from sim.errors import RunError

Targets = Callable[[pa.Table, pa.Table], pa.Table]
"""Values of targets, and months in which pass marks were first met, of all replications, with a column `run`
-> targets.csv."""


@dataclass(frozen=True)
class Gathered:
    """Reduced rows of all replications by table, each with a column `run`."""

    summary: pa.Table
    population: pa.Table
    waits: pa.Table
    costs: pa.Table
    targets: pa.Table
    first_met: pa.Table


def _targets(rows: pa.Table, *, first_met: bool) -> pa.Table:
    """Values of indicators, or the months in which pass marks were first met."""
    is_first = pc.equal(rows["metric"].cast(pa.string()), "first_met")
    rows = rows.filter(is_first if first_met else pc.invert(is_first))
    return rows.select(["month", "clause_id", "indicator", "denominator", "value"])


_REDUCE: dict[str, Callable[[pa.Table], pa.Table]] = {
    "summary": summary.reduce,
    "population": population.reduce,
    "waits": waits.reduce,
    "targets": partial(_targets, first_met=False),
}


def gather(folder: store.RunFolder, runs: int, fiscal_first_month: int = 1) -> Gathered:
    """Read and reduce the parts 0 to `runs` - 1; money by the fiscal year that begins with a month.

    Raises:
        RunError: if a part is missing or broken.
    """
    found: dict[str, list[pa.Table]] = {field.name: [] for field in fields(Gathered)}
    for run in range(runs):
        part = store.read_part(folder.part(run))
        if part is None:
            raise RunError("part_missing", {"path": folder.part(run)})
        for name, rows in reduced(part, fiscal_first_month).items():
            found[name].append(rows.append_column("run", pa.array([run] * len(rows), pa.int64())))
    return Gathered(**{name: pa.concat_tables(tables) for name, tables in found.items()})


def reduced(part: pa.Table, fiscal_first_month: int = 1) -> dict[str, pa.Table]:
    """The rows of one part by table, reduced to what the result tables need, keys as text."""
    which = part["table"].cast(pa.string())
    money = partial(costs.reduce, fiscal_first_month=fiscal_first_month)
    reducers: dict[str, Callable[[pa.Table], pa.Table]] = {**_REDUCE, "costs": money}
    rows = {name: part.filter(pc.equal(which, name)) for name in reducers}
    found = {name: reduce(rows[name]) for name, reduce in reducers.items()}
    found["first_met"] = _targets(rows["targets"], first_met=True)
    return {name: _as_text(table) for name, table in found.items()}


def _as_text(rows: pa.Table) -> pa.Table:
    """Dictionaries of different parts differ; text does not."""
    kept = [pa.field(f.name, f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in rows.schema]
    return rows.cast(pa.schema(kept)).replace_schema_metadata(None)


def tables(
    gathered: Gathered, frame: cells.Frame, lines: Sequence[costs.CostLine], targets: Targets
) -> dict[str, pa.Table]:
    """The result tables of the replications, by name.

    Args:
        gathered: reduced rows of all replications.
        frame: what all tables share.
        lines: the measures in force, year by year.
        targets: makes targets.csv; the rules of targets are the policy's.
    """
    return {
        "summary": summary.table(gathered.summary, frame),
        "targets": targets(gathered.targets, gathered.first_met),
        "costs": costs.table(gathered.costs, frame, lines),
        "waits": waits.table(gathered.waits, frame),
        "population": population.table(gathered.population, frame),
        "uncertainty": uncertainty.table(gathered.summary, gathered.costs, frame),
    }
