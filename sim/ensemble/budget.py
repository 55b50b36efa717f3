"""budget.csv: what each payer's fiscal year costs, how sure that is, and what was appropriated for it.

Quantiles are those of each replication's own total: sums of quantiles would overstate both ends.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.ensemble import cells
from sim.money import FEN_PER_YUAN, fen
from sim.months import MONTHS_PER_YEAR, fiscal_span
from sim.policy.verdict import FEWEST_RUNS, independent, jeffreys
from sim.scenario.plan_types import Money
from sim.tables import BUDGET_COLUMNS, TOTAL

PAYERS = (TOTAL, "centre", "region", "city", "district", "family")
_Key = tuple[int, str]


def table(rows: pa.Table, frame: cells.Frame, costs: pa.Table, money: Money) -> pa.Table:
    """One row per fiscal year and payer who pays, or has an appropriation; `total` first.

    Args:
        rows: reduced rows of the ledger of all replications, with a column `run`.
        frame: what all tables share.
        costs: costs.csv, for the years and for what is known of the rates behind a total.
        money: appropriations per payer; the budget of a year, if it is for all measures, is that of `total`.
    """
    begins = frame.fiscal_first_month
    statuses = _statuses(costs)
    granted = {(year, payer): money.appropriation(payer, year) for year in _years(costs) for payer in PAYERS}
    keys = sorted({*statuses, *(key for key, one in granted.items() if one)}, key=_place)
    fen_by_run = _totals(rows, frame.runs)
    nothing = np.zeros(frame.runs)
    values = np.array([fen_by_run.get(key, nothing) for key in keys]).reshape(len(keys), frame.runs)
    spread = cells.Spread.of(values / FEN_PER_YUAN, frame.points)
    columns: dict[str, Any] = {
        "place": [frame.place] * len(keys),
        "year": [year for year, _ in keys],
        "payer": [payer for _, payer in keys],
        **{f"amount_yuan_{name}": getattr(spread, name) for name in ("run0", "mean", "p10", "p50", "p90")},
        "n_runs": [spread.n_runs] * len(keys),
        "rate_status": [statuses.get(key, "") for key in keys],
        "year_begins": [str(fiscal_span(year, begins)[0]) for year, _ in keys],
        "months": [frame.months_of(year, begins) for year, _ in keys],
        "basis": [frame.basis(year, begins) for year, _ in keys],
    }
    told = [
        _against(granted.get(key), values[row], frame.months_of(key[0], begins), frame.points)
        for row, key in enumerate(keys)
    ]
    for place, name in enumerate(_AGAINST):
        kind = pa.string() if name == "appropriation_status" else pa.float64()
        columns[name] = pa.array([one[place] for one in told], kind)
    return pa.table({name: columns[name] for name in BUDGET_COLUMNS})


_AGAINST = (
    "appropriation_yuan", "appropriation_status", "prob_over", "prob_low", "prob_high", "over_yuan_p50",
)  # fmt: skip


def _against(granted: Any, fen_by_run: cells.Floats, months: int, points: cells.Ints) -> tuple[Any, ...]:
    """What is appropriated, the chance of more and its interval, and how much more in the median run."""
    if granted is None:
        return (None, "", None, None, None, None)
    limit = fen(granted.value)
    stated = (limit / FEN_PER_YUAN, granted.status)
    if months < MONTHS_PER_YEAR:  # a part of a year says nothing about the whole
        return (*stated, None, None, None, None)
    chosen = fen_by_run[cells.entering(len(fen_by_run))]
    over = float(np.median(chosen) - limit) / FEN_PER_YUAN
    if len(fen_by_run) < FEWEST_RUNS or not (fen_by_run != fen_by_run[0]).any():
        return (*stated, None, None, None, over)
    more = int((chosen > limit).sum())
    trials = independent(points.tolist())  # runs with the same parameters say less than independent ones
    share = more / len(chosen)
    return (*stated, share, *jeffreys(share * trials, trials), over)


def _totals(rows: pa.Table, runs: int) -> dict[_Key, cells.Floats]:
    """Fen by fiscal year and payer, and of all payers, in each replication."""
    amounts = rows.filter(pc.equal(rows["metric"].cast(pa.string()), "amount_fen"))
    found = cells.Cells.of(amounts, ("year", "payer"), runs)
    totals: dict[_Key, cells.Floats] = {}
    for (year, payer), row in found.index().items():
        for key in ((int(year), str(payer)), (int(year), TOTAL)):
            totals[key] = totals.get(key, np.zeros(runs)) + found.values[row]
    return totals


def _statuses(costs: pa.Table) -> dict[_Key, str]:
    """Year and payer of the totals of costs.csv -> on what rates they rest."""
    rows = costs.filter(pc.equal(costs["measure"], TOTAL)).select(["year", "payer", "rate_status"])
    return {(row["year"], row["payer"]): row["rate_status"] for row in rows.to_pylist()}


def _years(costs: pa.Table) -> list[int]:
    return sorted(set(costs["year"].to_pylist()))


def _place(key: _Key) -> tuple[int, int, str]:
    year, payer = key
    return year, PAYERS.index(payer) if payer in PAYERS else len(PAYERS), payer
