"""decomposition.csv: why the gap differs between two scenarios.

For each component in which they differ (`sim.decide.components`) the base is run once more with the values of
the alternative for that component alone, and with the same random numbers. What it moves is the component;
`interaction` is what is left of the whole difference: what the components do together and not one by one.
So the rows add up exactly, in every pair; a component that does not differ is exactly zero without a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.decide.components import COMPONENTS
from sim.decide.pairs import Pairs, error_of_pairs, of_pairs
from sim.ensemble import cells, summary
from sim.ensemble.footing import exact_means
from sim.tables import DECOMPOSITION_COLUMNS, INTERACTION, TOTAL

METRICS = ("expressed_gap", "vacant_open_beds", "waiting")
ROWS = (*COMPONENTS, INTERACTION, TOTAL)


def effects(
    base: cells.Floats, mixed: Mapping[str, cells.Floats], alt: cells.Floats
) -> dict[str, cells.Floats]:
    """What each component moves, what they move together, and the whole; each cells x pairs.

    Args:
        base: values of the base, cells x pairs: beds or people, whole numbers.
        mixed: component -> values of the base with that component of the alternative; others do not differ.
        alt: values of the alternative.
    """
    whole = np.asarray(alt - base)
    found = {name: mixed[name] - base if name in mixed else np.zeros_like(whole) for name in COMPONENTS}
    found[INTERACTION] = whole - sum(found.values())
    found[TOTAL] = whole
    return found


def of_metrics(rows: pa.Table, years: Iterable[int]) -> pa.Table:
    """The reduced rows of the summary that are decomposed."""
    where = pc.is_in(rows["metric"], pa.array(METRICS))
    return rows.filter(pc.and_(where, pc.is_in(rows["year"], pa.array(list(years), rows["year"].type))))


def table(base: pa.Table, mixed: Mapping[str, pa.Table], alt: pa.Table, names: tuple[str, str],
          points: cells.Ints, runs: int, regions: Iterable[str]) -> pa.Table:  # fmt: skip
    """decomposition.csv.

    Args:
        base: reduced rows of the summary, with a column `run`; see `of_metrics`.
        mixed: component -> the same of the base with that component of the alternative.
        alt: the same of the alternative.
        names: of base and alternative.
        points: which pairs share their parameters.
        runs: number of replications of each.
        regions: codes of the regions in output order.
    """
    chosen = cells.entering(runs)
    order = {**summary.ORDER, "region_code": tuple(regions), "metric": METRICS}
    ends = Pairs.of(base, alt, summary.KEYS, runs, order)
    moved = {
        name: _like(ends, Pairs.of(base, rows, summary.KEYS, runs, order))[:, chosen]
        for name, rows in mixed.items()
    }
    parts = effects(ends.base[:, chosen], moved, ends.alt[:, chosen])
    means = exact_means(parts, TOTAL, INTERACTION)
    cell = [at for at in range(len(ends.base)) for _ in ROWS]
    row = [name for _ in range(len(ends.base)) for name in ROWS]
    errors = {name: error_of_pairs(values, points) for name, values in parts.items()}
    spread = {name: of_pairs(values) for name, values in parts.items()}
    columns = {
        "base": [names[0]] * len(row),
        "alt": [names[1]] * len(row),
        **{key: [values[at] for at in cell] for key, values in ends.keys.items()},
        "unit": [summary.UNITS[str(ends.keys["metric"][at])] for at in cell],
        "component": row,
        "diff_mean": [float(means[name][at]) for name, at in zip(row, cell, strict=True)],
        "diff_p10": [spread[name][1][at] for name, at in zip(row, cell, strict=True)],
        "diff_p90": [spread[name][2][at] for name, at in zip(row, cell, strict=True)],
        "n_pairs": [len(chosen)] * len(row),
        "diff_se": pa.array([errors[name][at] for name, at in zip(row, cell, strict=True)], from_pandas=True),
    }
    return pa.table({name: columns[name] for name in DECOMPOSITION_COLUMNS})


def _like(ends: Pairs, mixed: Pairs) -> cells.Floats:
    """The values of a mixed scenario in the cells of the two ends."""
    found = np.zeros_like(ends.base)
    at = {key: row for row, key in enumerate(zip(*mixed.keys.values(), strict=True))}
    for row, key in enumerate(zip(*ends.keys.values(), strict=True)):
        if key in at:
            found[row] = mixed.alt[at[key]]
    return found
