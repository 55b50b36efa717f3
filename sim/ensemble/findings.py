"""What a run says in a sentence: gap, queue, vacancies, targets and money at the last 31 December."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sim.dues.case import SIZE_NOT_KNOWN
from sim.ensemble.costs import total_status
from sim.indicators.advice import NursingAdvice, nursing_advice
from sim.months import Month
from sim.policy import targets
from sim.policy.book import PolicyBook
from sim.tables import ALL, NOT_GIVEN, NOT_IN_DOCUMENT, TOTAL, of_place

_NURSING_SHARE = "nursing_bed_share"
_BY_CHANCE = ("met", "not met")
_NOT_MET = ("not met", "not met if delivered as planned")


@dataclass(frozen=True)
class Band:
    """Run 0, and the 10th to 90th percentile of the others."""

    run0: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Split:
    """The share of a variance that is chance, with its interval; all between 0 and 1."""

    chance: float
    low: float
    high: float


@dataclass(frozen=True)
class Findings:
    """The headline of a run.

    Attributes:
        first_month, last_month: of the run, and of the money.
        year: the last year whose 31 December is in the run; the state is of that day.
        tested_on: the last day on which targets were tested, empty if none was.
        carried_from: the year whose values were carried forward to that day, 0 if none were.
        gap: expressed gap in beds; `vacant` open beds beside it; `waiting` persons.
        by_median: whether chance enters a verdict, so that it is that of the median run.
        met: targets met; `counted` all in the pass count; `undecided` those that can't be tested.
        yuan: what was spent in all years, central parameters; `yuan_status` of the rates that it rests on, as
            a total of costs.csv has it.
        nursing: ways to a nursing-bed share that is not met; None if it is met or not asked for.
        nursing_share: that share in percent; `nursing_target` the target.
        not_in_document: measures whose rate the document does not give.
        not_given: measures whose rate nobody gives: totals lack them.
        size_not_known: measures paid for what is not known to be large enough.
        split: how much of the variance of the gap is chance; None where it is not known.
    """

    first_month: str
    last_month: str
    year: int
    tested_on: str
    carried_from: int
    gap: Band
    waiting: Band
    vacant: Band
    by_median: bool
    met: int
    counted: int
    undecided: int
    yuan: float
    yuan_status: str
    nursing: NursingAdvice | None
    nursing_share: float
    nursing_target: float
    not_in_document: tuple[str, ...]
    not_given: tuple[str, ...] = ()
    size_not_known: tuple[str, ...] = ()
    split: Split | None = None


def findings(tables: dict[str, pa.Table], part0: pa.Table, book: PolicyBook) -> Findings | None:
    """What the tables say; None if the run holds no 31 December.

    Args:
        tables: the result tables by name.
        part0: the part of run 0, for the beds in the month of the notice.
        book: the law.
    """
    years = tables["summary"].filter(pc.field("metric") == "expressed_gap")["year"].to_pylist()
    if not years:
        return None
    year = max(years)
    verdicts = tables["targets"].to_pandas()
    latest, day = _latest(verdicts, book)
    count = targets.pass_count(book, latest.assign(evaluated_on=day), day)
    advice, share, target = _nursing(tables, part0, book)
    months = part0["month"].to_pylist()
    costs = tables["costs"]
    spent = costs.filter((pc.field("measure") == TOTAL) & (pc.field("payer") == TOTAL))
    lines = costs.filter(pc.field("measure") != TOTAL)
    unstated = lines.filter(pc.field("rate_status") == NOT_IN_DOCUMENT)["measure"].to_pylist()
    unsure = lines.filter(pc.field("rate_status") == SIZE_NOT_KNOWN)["measure"].to_pylist()
    lacking = lines.filter(pc.field("rate_status") == NOT_GIVEN)["measure"].to_pylist()
    paid = lines.filter(pc.field("amount_yuan_run0") != 0)
    return Findings(
        first_month=str(Month(min(months))),
        last_month=str(Month(max(months))),
        year=year,
        tested_on=day,
        carried_from=_carried_from(latest),
        gap=_band(tables, "expressed_gap", year),
        waiting=_band(tables, "waiting", year),
        vacant=_band(tables, "vacant_open_beds", year),
        by_median=bool(latest["status"].isin(_BY_CHANCE).any()),
        met=len(count.met),
        counted=len(count.met) + len(count.not_met) + len(count.open),
        undecided=len(count.open),
        yuan=sum(spent["amount_yuan_run0"].to_pylist()),
        yuan_status=total_status(*(set(rows["rate_status"].to_pylist()) for rows in (lines, paid))),
        nursing=advice,
        nursing_share=share,
        nursing_target=target,
        not_in_document=tuple(dict.fromkeys(unstated)),
        not_given=tuple(dict.fromkeys(lacking)),
        size_not_known=tuple(dict.fromkeys(unsure)),
        split=_split(tables["uncertainty"], year),
    )


def _latest(verdicts: pd.DataFrame, book: PolicyBook) -> tuple[pd.DataFrame, str]:
    """The last test of each target, and the last day of all: floors of 2025 count in a run to 2030."""
    kinds = verdicts["clause_id"].map(lambda clause: book.by_id[clause].kind)
    tested = verdicts[kinds == "target"]
    last = tested.groupby("clause_id")["evaluated_on"].transform("max")
    return tested[tested["evaluated_on"] == last], max(tested["evaluated_on"], default="")


def _carried_from(latest: pd.DataFrame) -> int:
    """The latest year of a value that was carried forward beyond its due date; 0 if there is none."""
    old = latest[latest["basis_2025"] == "carried_forward"]
    rows = zip(old["due"].astype(str), old["evaluated_on"].astype(str), strict=True)
    return max((int(due[:4]) for due, day in rows if due[:4].isdigit() and due < day), default=0)


def _band(tables: dict[str, pa.Table], metric: str, year: int) -> Band:
    rows: list[dict[str, Any]] = of_place(tables["summary"], metric, year).to_pylist()
    row = rows[0] if rows else {"run0": 0.0, "p10": 0.0, "p90": 0.0}
    return Band(row["run0"], row["p10"], row["p90"])


def _split(uncertainty: pa.Table, year: int) -> Split | None:
    where = (pc.field("metric") == "expressed_gap") & (pc.field("year") == year)
    for row in uncertainty.filter(where).to_pylist():
        found = [row[name] for name in ("chance_share", "chance_low", "chance_high")]
        if None not in found:
            return Split(*found)
    return None


def _nursing(
    tables: dict[str, pa.Table], part0: pa.Table, book: PolicyBook
) -> tuple[NursingAdvice | None, float, float]:
    """Ways to the target of the nursing-bed share where its last test fails, the share, and the target."""
    tested = tables["targets"].filter(pc.field("indicator") == _NURSING_SHARE).to_pylist()
    tested = [row for row in tested if row["target"] is not None]
    last = max(tested, key=lambda row: str(row["evaluated_on"]), default=None)
    if last is None or last["status"] not in _NOT_MET:
        return None, 0.0, 0.0
    month = Month.parse(last["evaluated_on"])
    total, nursing = (_registered(part0, kind, month.index) for kind in (ALL, "nursing"))
    total_before, nursing_before = (_registered(part0, kind, book.notice.index) for kind in (ALL, "nursing"))
    advice = nursing_advice(total, nursing, total_before, nursing_before, last["target"])
    return advice, last["value_run0"], last["target"]


def _registered(part0: pa.Table, kind: str, month: int) -> int:
    where = (pc.field("table") == "summary") & (pc.field("metric") == "registered_beds")
    where &= (
        (pc.field("region_code") == TOTAL) & (pc.field("bed_kind") == kind) & (pc.field("month") == month)
    )
    beds: int = round(sum(part0.filter(where)["value"].to_pylist()))
    return beds
