"""What a comparison says in sentences: the last common 31 December, and the money of all common years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.decide.compare import Comparison
from sim.decide.sides import common_years
from sim.ensemble.costs import total_status
from sim.months import fiscal_span
from sim.tables import TOTAL, of_place


@dataclass(frozen=True)
class Change:
    """Mean difference, 10th and 90th percentile over the pairs, error of the mean; None for one pair."""

    mean: float
    p10: float
    p90: float
    error: float | None


@dataclass(frozen=True)
class Finding:
    """The headline of a comparison, alternative minus base.

    Attributes:
        year: the last year whose 31 December both runs hold.
        first_month, last_month: of the money: the fiscal years that both hold; empty if there is none.
        pairs: pairs of replications.
        gap: expressed gap in beds; `waiting` persons; `vacant` open beds.
        prob_better: share of the pairs in which fewer beds are short; None for a single pair.
        yuan: mean difference of what is spent in all common years; `yuan_status` of the rates behind either.
        why: components (and `interaction`) that move the gap, the largest first.
        verdicts: clauses whose verdict differs on the last day on which both test them.
        same: whether no table has any difference, pass marks and verdicts included.
    """

    year: int
    first_month: str
    last_month: str
    pairs: int
    gap: Change
    waiting: Change
    vacant: Change
    prob_better: float | None
    yuan: float
    yuan_status: str
    why: dict[str, Change]
    verdicts: tuple[str, ...]
    same: bool


def finding(one: Comparison) -> Finding | None:
    """What the tables say; None if the two runs have no 31 December in common."""
    diff = one.tables["diff"]
    years = diff.filter(pc.field("metric") == "expressed_gap")["year"].to_pylist()
    if not years:
        return None
    year = max(years)
    gap = _row(diff, year, "expressed_gap")
    first, last = _months_of_money(one)
    money = one.tables["diff_costs"]
    totals = money.filter((pc.field("measure") == TOTAL) & (pc.field("payer") == TOTAL)).to_pylist()
    return Finding(
        year=year,
        first_month=first,
        last_month=last,
        pairs=gap["n_pairs"],
        gap=_change(gap),
        waiting=_change(_row(diff, year, "waiting")),
        vacant=_change(_row(diff, year, "vacant_open_beds")),
        prob_better=gap["prob_better"],
        yuan=sum(row["diff_mean"] for row in totals),
        yuan_status=_status(money.filter(pc.field("measure") != TOTAL).to_pylist()),
        why=_why(one.tables.get("decomposition"), year),
        verdicts=_verdicts(one.tables["diff_targets"]),
        same=not any(_differs(table) for table in one.tables.values() if "diff_p90" in table.column_names)
        and not _judged_otherwise(one.tables["diff_targets"]),
    )


def _months_of_money(one: Comparison) -> tuple[str, str]:
    """First and last month of the fiscal years that both hold."""
    frame = one.base.frame
    begins = frame.fiscal_first_month
    years = common_years(frame, one.alt.frame, begins)
    if not years:  # no fiscal year of which both hold the same months
        return "", ""
    spans = [fiscal_span(year, begins) for year in (years[0], years[-1])]
    return str(max(frame.calendar.start, spans[0][0])), str(min(frame.last_month, spans[1][1]))


def _row(diff: pa.Table, year: int, metric: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = of_place(diff, metric, year).to_pylist()
    return rows[0] if rows else {"diff_mean": 0.0, "diff_p10": 0.0, "diff_p90": 0.0, "diff_se": 0.0}


def _change(row: dict[str, Any]) -> Change:
    return Change(row["diff_mean"], row["diff_p10"], row["diff_p90"], row["diff_se"])


def _status(lines: list[dict[str, Any]]) -> str:
    """What must be said beside the money: of what rates the amounts of either scenario are."""
    told = [(row[f"{side}_rate_status"], row[f"{side}_mean"]) for row in lines for side in ("base", "alt")]
    return total_status({one for one, _ in told if one}, {one for one, amount in told if one and amount})


def _why(table: pa.Table | None, year: int) -> dict[str, Change]:
    """What moves the gap of the place as a whole; nothing where nothing was decomposed."""
    if table is None:
        return {}
    moved = {
        row["component"]: _change(row)
        for row in of_place(table, "expressed_gap", year).to_pylist()
        if row["component"] != TOTAL and any((row["diff_mean"], row["diff_p10"], row["diff_p90"]))
    }
    return dict(sorted(moved.items(), key=lambda item: -abs(item[1].mean)))


def _verdicts(table: pa.Table) -> tuple[str, ...]:
    """Clauses whose last common test ends in another verdict."""
    both = [row for row in table.to_pylist() if row["base_status"] and row["alt_status"]]
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for row in both:
        key = (row["clause_id"], row["denominator"])
        if key not in last or row["evaluated_on"] > last[key]["evaluated_on"]:
            last[key] = row
    changed = [row["clause_id"] for row in last.values() if row["base_status"] != row["alt_status"]]
    return tuple(dict.fromkeys(changed))


def _differs(table: pa.Table) -> bool:
    columns = (table[name].to_pylist() for name in ("diff_mean", "diff_p10", "diff_p90"))
    return any(value for column in columns for value in column)


def _judged_otherwise(table: pa.Table) -> bool:
    """Whether a target has another pass mark, chance or verdict, or is tested in one of the two only."""
    return any(
        table[f"base_{name}"].to_pylist() != table[f"alt_{name}"].to_pylist()
        for name in ("target", "prob_met", "status")
    )
