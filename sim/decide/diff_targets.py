"""diff_targets.csv: each dated goal in one scenario and in another, tested on the same day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sim.decide.pairs import Pairs
from sim.decide.sides import Side, points
from sim.months import Month
from sim.tables import DIFF_TARGETS_COLUMNS

_KEYS = ("clause_id", "indicator", "denominator", "evaluated_on")
_Key = tuple[str, str, str, str]
_BETTER = {">=": "more", "<=": "less", "<": "less"}


def table(base: Side, alt: Side) -> pa.Table:
    """Rows of targets.csv of either; what one of them does not test on that day is empty there.

    `prob_better` looks along the operator of the target: for `>=` more is better, for `<=` and `<` less.
    """
    sides = (base, alt)
    rows = [_rows(side) for side in sides]
    keys = list(dict.fromkeys([*rows[0], *rows[1]]))
    runs = base.frame.runs
    found = Pairs({}, *(_values(side, keys, runs) for side in sides))
    either = [rows[0].get(key) or rows[1][key] for key in keys]
    columns: dict[str, Any] = {
        "base": [base.name] * len(keys),
        "alt": [alt.name] * len(keys),
        **{name: [key[place] for key in keys] for place, name in enumerate(_KEYS)},
        "operator": [row["operator"] for row in either],
        "unit": [row["unit"] for row in either],
        **found.columns(
            [_BETTER.get(str(row["operator"]), "") for row in either], points(base.frame, alt.frame)
        ),
    }
    for side, listed in zip(("base", "alt"), rows, strict=True):
        known = [listed.get(key, {}) for key in keys]
        for name in ("target", "prob_met"):
            columns[f"{side}_{name}"] = pa.array(
                [row.get(name) for row in known], pa.float64(), from_pandas=True
            )
        columns[f"{side}_status"] = pa.array([row.get("status", "") for row in known], pa.string())
    return pa.table({name: columns[name] for name in DIFF_TARGETS_COLUMNS})


def _rows(side: Side) -> dict[_Key, Mapping[str, Any]]:
    """The rows of targets.csv by key."""
    listed = side.tables["targets"].to_pylist()
    return {tuple(str(row[name] or "") for name in _KEYS): row for row in listed}  # type: ignore[misc]


def _values(side: Side, keys: list[_Key], runs: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The value of each row in each replication; NaN where it is not tested or not computable."""
    values = np.full((len(keys), runs), np.nan)
    place = {key: row for row, key in enumerate(keys)}
    columns = ("clause_id", "indicator", "denominator", "month", "run", "value")
    listed = (side.gathered.targets[name].to_pylist() for name in columns)
    for clause, indicator, denominator, month, run, value in zip(*listed, strict=True):
        day = Month(month).last_day().isoformat()
        row = place.get((clause, indicator or "", denominator or "", day))
        if row is not None:
            values[row, run] = value
    return values
