"""costs.csv: what each measure costs whom in which fiscal year, zero amounts included.

Quantity, `amount_yuan_run0`, `outstanding_yuan` and `cancelled_yuan` are those of run 0; they and
`amount_yuan_mean` add up.
Quantiles do not: those of the rows `total` come from the totals of each replication. A total has a rate
status too: that of the rates that it rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.dues.case import SIZE_NOT_KNOWN
from sim.ensemble import cells
from sim.money import FEN_PER_YUAN
from sim.months import fiscal_span, fiscal_year
from sim.policy.clauses import UNASSIGNED
from sim.tables import (
    COSTS_COLUMNS,
    IN_DOCUMENT,
    INCOMPLETE,
    NOT_GIVEN,
    NOT_IN_DOCUMENT,
    PARTLY,
    TOTAL,
)

KEYS = ("year", "measure", "clause_id", "payer")
_PAYERS = (TOTAL, "centre", "region", "city", "district", "family")
_METRICS = ("amount_fen", "quantity", "outstanding_fen", "cancelled_fen")
_MONEY = tuple(name for name in _METRICS if name != "quantity")
Key = tuple[int, str, str, str]
"""Fiscal year, measure, clause and payer of a row."""


@dataclass(frozen=True)
class CostLine:
    """A measure in force in a year, and who pays it.

    Attributes:
        year: fiscal year.
        measure: name of the measure.
        clause_id: clause of the document.
        payers: those who pay by the scenario; empty if nobody is named.
        unit: unit of the quantity.
        rate_status: where the rate comes from.
    """

    year: int
    measure: str
    clause_id: str
    payers: tuple[str, ...]
    unit: str
    rate_status: str


def reduce(rows: pa.Table, fiscal_first_month: int = 1) -> pa.Table:
    """The ledger of one replication by fiscal year; what is outstanding is that of its (or the run's) end."""
    shifted = pc.subtract(rows["month"], fiscal_first_month - 1)
    kept = rows.append_column("year", cells.year(shifted))
    owed = pc.equal(kept["metric"].cast(pa.string()), "outstanding_fen")
    ends = kept.filter(owed).group_by("year", use_threads=False).aggregate([("month", "max")])
    kept = kept.filter(pc.or_(pc.invert(owed), pc.is_in(kept["month"], ends["month_max"])))
    payer = kept["payer"].cast(pa.string())
    payer = pc.if_else(pc.equal(payer, ""), UNASSIGNED, payer)
    kept = kept.set_column(kept.schema.get_field_index("payer"), "payer", payer)
    keys = ["metric", *KEYS]
    summed = kept.group_by(keys, use_threads=False).aggregate([("value", "sum")])
    return summed.rename_columns([*keys, "value"])


def table(rows: pa.Table, frame: cells.Frame, lines: Sequence[CostLine]) -> pa.Table:
    """The table of all replications; each year begins with its totals.

    Args:
        rows: reduced rows with a column `run`.
        frame: what all tables share.
        lines: the measures in force, year by year; what was posted besides is listed too.
    """
    begins = frame.fiscal_first_month
    years = {fiscal_year(frame.calendar.month(step), begins) for step in range(frame.calendar.months)}
    metric = rows["metric"].cast(pa.string())
    posted = {name: _posted(rows.filter(pc.equal(metric, name)), frame.runs) for name in _METRICS}
    keys: set[Key] = {
        (line.year, line.measure, line.clause_id, payer)
        for line in lines
        if line.year in years
        for payer in line.payers or (UNASSIGNED,)
    }
    members = _with_totals(keys.union(*posted.values()))
    zero = np.zeros(frame.runs)
    fen, quantity, owed, back = (
        np.array([sum((posted[name].get(key, zero) for key in parts), zero) for parts in members.values()])
        for name in _METRICS
    )
    spread = cells.Spread.of(fen.reshape(len(members), frame.runs) / FEN_PER_YUAN, frame.points)
    about = {(line.year, line.measure, line.clause_id): line for line in lines}
    ended = {
        (line.measure, line.clause_id): line for line in lines
    }  # instalments of a measure that has ended
    known = [about.get(key[:3]) or ended.get(key[1:3]) for key in members]
    added_up = [key[1] == TOTAL for key in members]
    status = {
        key: line.rate_status for key, line in zip(members, known, strict=True) if line and key[1] != TOTAL
    }
    moved = {key for name in _MONEY for key, values in posted[name].items() if values.any()}
    columns = {
        **{name: [key[at] for key in members] for at, name in enumerate(KEYS)},
        "place": [frame.place] * len(members),
        "quantity": pa.array(quantity.reshape(-1, frame.runs)[:, 0], mask=np.array(added_up, dtype=np.bool_)),
        "unit": [line.unit if line else "" for line in known],
        "amount_yuan_run0": spread.run0,
        "amount_yuan_mean": spread.mean,
        "amount_yuan_p10": spread.p10,
        "amount_yuan_p50": spread.p50,
        "amount_yuan_p90": spread.p90,
        "outstanding_yuan": owed.reshape(-1, frame.runs)[:, 0] / FEN_PER_YUAN,
        "rate_status": [
            total_status(*_resting(parts, status, moved)) if added else status.get(parts[0], "")
            for parts, added in zip(members.values(), added_up, strict=True)
        ],
        "cancelled_yuan": back.reshape(-1, frame.runs)[:, 0] / FEN_PER_YUAN,
        "year_begins": [str(fiscal_span(key[0], begins)[0]) for key in members],
        "months": [frame.months_of(key[0], begins) for key in members],
        "basis": [frame.basis(key[0], begins) for key in members],
    }
    return pa.table({name: columns[name] for name in COSTS_COLUMNS})


def total_status(all_of: Collection[str], resting_on: Collection[str]) -> str:
    """The rate status of a total: what must be said beside it.

    Args:
        all_of: statuses of all rows that it adds up; one that nobody gave an amount leaves it incomplete.
        resting_on: statuses of those with an amount; of all, if none has any.

    Returns:
        `incomplete`, then the status of the rates that it rests on, with `partly ` if only some have it.
    """
    said = [INCOMPLETE] if NOT_GIVEN in all_of else []
    found = (set(resting_on) or set(all_of)) - {NOT_GIVEN}
    said += [
        status if found == {status} else PARTLY + status
        for status in (NOT_IN_DOCUMENT, SIZE_NOT_KNOWN)
        if status in found
    ]
    return "; ".join(said + [IN_DOCUMENT] * (found == {IN_DOCUMENT}))


def _resting(
    parts: Sequence[Key], status: Mapping[Key, str], moved: Collection[Key]
) -> tuple[set[str], set[str]]:
    """Statuses of some rows, and of those that have an amount."""
    return {status[p] for p in parts if p in status}, {status[p] for p in parts if p in status and p in moved}


def _posted(rows: pa.Table, runs: int) -> dict[Key, cells.Floats]:
    found = cells.Cells.of(rows, KEYS, runs)
    return {
        (int(year), str(measure), str(clause), str(payer)): found.values[row]
        for (year, measure, clause, payer), row in found.index().items()
    }


def _with_totals(keys: Iterable[Key]) -> dict[Key, list[Key]]:
    """Every row in output order -> the rows that it adds up; a plain row adds up itself."""
    members: dict[Key, list[Key]] = {}
    for key in sorted(keys):
        year, _, _, payer = key
        for row in (key, (year, TOTAL, "", payer), (year, TOTAL, "", TOTAL)):
            members.setdefault(row, []).append(key)
    return dict(sorted(members.items(), key=lambda item: place_in_table(item[0])))


def place_in_table(key: Key) -> tuple[int, bool, str, str, int, str]:
    """Where a row stands: by year, totals first, then measures; payers from the centre down."""
    year, measure, clause, payer = key
    rank = _PAYERS.index(payer) if payer in _PAYERS else len(_PAYERS)
    return (year, measure != TOTAL, measure, clause, rank, payer)
