"""The dated goals of a plan against what the runs give: the table of verdicts, and the pass count.

What is tested when is in `sim.policy.schedule`, one value against one pass mark in `sim.policy.verdict`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause
from sim.policy.schedule import Evaluation, InForce, evaluations, mark_at, next_mark, target_in_force
from sim.policy.verdict import FEWEST_RUNS, Status, Values, gap, independent, jeffreys, met, status
from sim.tables import TARGETS_COLUMNS

__all__ = [
    "Evaluation", "InForce", "PassCount", "Status", "evaluations", "in_pass_count", "pass_count", "table",
    "target_in_force",
]  # fmt: skip

NAN = float("nan")
_GOOD = (Status.MET, Status.MET_PLANNED)
_BAD = (Status.NOT_MET, Status.NOT_MET_PLANNED)


@dataclass(frozen=True)
class PassCount:
    """Targets by verdict on one day, each clause once.

    Attributes:
        met: clauses met.
        not_met: clauses not met.
        open: clauses undetermined or not computable.
        left_out: clauses that do not count: suspect, restated, denominator not picked, no pass mark, not
            due yet.
    """

    met: tuple[str, ...]
    not_met: tuple[str, ...]
    open: tuple[str, ...]
    left_out: tuple[str, ...]


def in_pass_count(clause: Clause, denominator: str = "") -> bool:
    """Whether a clause's row enters the pass count.

    Out are: what is no target or has no pass mark, suspect numbers, restated clauses, and rows of a
    denominator that the user has not picked where the document leaves the choice.
    """
    counts = clause.kind == "target" and bool(clause.marks)
    return counts and not clause.suspect and not clause.restates and _stated(clause, denominator)


def table(
    book: PolicyBook,
    place: str,
    values_per_run: pd.DataFrame,
    random: Callable[[str, str], bool],
    as_planned: Callable[[str], bool] = lambda _: True,
    points: Mapping[int, int] | None = None,
    first_met: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows of `targets.csv`.

    Args:
        book: the law.
        place: id of the place.
        values_per_run: columns run, month (index of `Month`), clause_id, indicator, denominator, value; NaN =
            not computable. Run 0 has the central parameters and enters quantiles only if it is alone. Where
            a clause has `read_from`, several denominator texts are readings of one unknown input: if their
            verdicts differ, all are undetermined.
        random: (indicator, denominator) -> whether chance enters. A value that differs between runs is taken
            as random whatever this says.
        as_planned: indicator -> whether all that it counts comes as the plan says.
        points: run -> number of its parameters, equal where runs share them; all differ if left out.
        first_met: columns run, month, clause_id, denominator, value: the first month from the notice on at
            whose end a pass mark (the value) was met; no row where it never was.

    Returns:
        columns `tables.TARGETS_COLUMNS`, in the order of the file, then denominator, then day. Text columns
        are empty and numbers NaN where they say nothing.

    Raises:
        ValueError: if a denominator is none of the clause's.
    """
    positions = {clause_id: position for position, clause_id in enumerate(book.by_id)}
    rows: list[tuple[tuple[int, int, str, int], dict[str, object]]] = []
    grouped = values_per_run.groupby(["clause_id", "denominator", "month"], sort=False, observed=True)
    reached = _first_months(first_met)
    for group, part in grouped:
        clause_id, denominator, month = str(group[0]), str(group[1]), int(part["month"].iloc[0])
        clause = book.by_id[clause_id]
        known = clause.denominators_or_one
        if denominator not in known and not clause.read_from:
            raise ValueError(f"{clause_id} has no denominator '{denominator}', only {known}")
        ordered = part.sort_values("run")
        row = _row(
            book, clause, Month(month),
            runs=ordered["run"].to_numpy(), values=ordered["value"].to_numpy(dtype=np.float64),
            label=denominator, random=random(clause.indicator or "", denominator),
            as_planned=as_planned(clause.indicator or ""), stated=_stated(clause, denominator),
            points=points or {},
        )  # fmt: skip
        if row["operator"] and clause.kind == "target":
            months = reached.get((clause_id, denominator, row["target"]), {})
            row |= _first(months, ordered["run"].tolist())
        place_in_list = known.index(denominator) if denominator in known else 0
        key = (positions[clause_id], place_in_list, denominator, month)
        rows.append((key, {"place": place, "denominator": denominator, **row}))
    ordered_rows = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
    _mark_undetermined(book, ordered_rows)
    return pd.DataFrame(ordered_rows, columns=list(TARGETS_COLUMNS))


def pass_count(book: PolicyBook, targets: pd.DataFrame, evaluated_on: str) -> PassCount:
    """Count the verdicts of one day, each clause once.

    Readings of one unknown must agree; of several values that a clause asks for, one that fails is enough.

    Args:
        book: the law.
        targets: as `table` returns it, of one place.
        evaluated_on: a day of its column `evaluated_on`.
    """
    found: dict[str, list[str]] = {"met": [], "not_met": [], "open": [], "left_out": []}
    verdicts: dict[str, list[str]] = {}
    day = targets[targets["evaluated_on"] == evaluated_on]
    for name, denominator, text in zip(day["clause_id"], day["denominator"], day["status"], strict=True):
        clause = book.by_id[name]
        if clause.kind == "target":
            counted = verdicts.setdefault(name, [])
            counted += [text] if in_pass_count(clause, denominator) else []
    for name, texts in verdicts.items():
        if not texts or Status.REPORT_ONLY in texts or Status.NOT_DUE in texts:
            kind = "left_out"
        elif all(text in _GOOD for text in texts):
            kind = "met"
        else:
            bad = [text in _BAD for text in texts]
            kind = "not_met" if all(bad) or (any(bad) and book.by_id[name].labels) else "open"
        found[kind].append(name)
    return PassCount(**{kind: tuple(names) for kind, names in found.items()})


def _stated(clause: Clause, denominator: str) -> bool:
    """Whether it is settled that this denominator is meant."""
    return not clause.denominators or denominator == clause.picked_denominator


def _row(
    book: PolicyBook, clause: Clause, month: Month, *,
    runs: Values, values: Values, label: str, random: bool, as_planned: bool, stated: bool,
    points: Mapping[int, int],
) -> dict[str, object]:  # fmt: skip
    """One row without its place and denominator, before readings of unknown inputs are compared."""
    mark = mark_at(book, clause, month, label)
    later = next_mark(book, clause, month, label) if mark is None else None
    told = mark or later
    central, drawn = values[runs == 0], values[runs > 0]
    entering, who = (drawn, runs[runs > 0]) if len(drawn) else (values, runs)
    who = who[~np.isnan(entering)]
    entering = entering[~np.isnan(entering)]
    low, median, high = np.quantile(entering, (0.1, 0.5, 0.9)) if len(entering) else (NAN, NAN, NAN)
    row: dict[str, object] = {
        "clause_id": clause.id, "indicator": clause.indicator,
        "operator": clause.operator or "", "target": told.value if told else NAN,
        "unit": told.unit if told else clause.unit or "", "due": (told.due or "") if told else "",
        "evaluated_on": month.last_day().isoformat(), "basis_2025": clause.basis_2025 or "",
        "force": clause.force, "suspect": clause.suspect, "computed": clause.computed,
        "value_run0": float(central[0]) if len(central) else NAN,
        "value_p10": float(low), "value_p50": float(median), "value_p90": float(high),
        "prob_met": NAN, "prob_low": NAN, "prob_high": NAN, "gap_p50": NAN,
        "restates": " ".join(clause.restates),
        "first_met_run0": "", "first_met_p50": "", "expected_shortfall": NAN,
    }  # fmt: skip
    if later is not None and clause.operator is not None:
        distance = gap(float(median), clause.operator, later.value)
        return {**row, "gap_p50": distance, "status": str(Status.NOT_DUE)}
    if mark is None or clause.operator is None:
        return {**row, "status": str(Status.REPORT_ONLY)}
    if not len(entering):
        return {**row, "status": str(Status.NOT_COMPUTABLE)}
    chance = random or bool((values != values[0]).any())
    if chance and len(runs) >= FEWEST_RUNS:
        share = float(met(entering, clause.operator, mark.value).mean())
        trials = independent([points.get(run, -run) for run in who.tolist()])
        row["prob_met"] = share
        row["prob_low"], row["prob_high"] = jeffreys(share * trials, trials)
    row["gap_p50"] = gap(float(median), clause.operator, mark.value)
    missing = [gap(value, clause.operator, mark.value) for value in entering.tolist()]
    row["expected_shortfall"] = sum(max(one, 0.0) for one in missing) / len(missing)
    passed = bool(met(np.array([median]), clause.operator, mark.value)[0])
    planned = as_planned and not chance
    return {**row, "status": str(status(passed=passed, planned=planned, stated=stated))}


_Reached = dict[tuple[str, str, object], dict[int, int]]
"""(clause, denominator, pass mark) -> run -> month in which it was first met."""


def _first_months(rows: pd.DataFrame | None) -> _Reached:
    found: _Reached = defaultdict(dict)
    if rows is not None:
        names = ["clause_id", "denominator", "value", "run", "month"]
        for clause, denominator, value, run, month in rows[names].itertuples(index=False):
            found[clause, denominator, value][run] = month
    return found


def _first(months: Mapping[int, int], runs: list[int]) -> dict[str, object]:
    """First month met in run 0, and in the median run (the lower of two); empty where it is never met."""
    never = 10**9
    entering = sorted(months.get(run, never) for run in (runs if runs == [0] else [r for r in runs if r]))
    median = entering[(len(entering) - 1) // 2] if entering else never
    told = {"first_met_run0": months.get(0, never), "first_met_p50": median}
    return {name: "" if month == never else str(Month(month)) for name, month in told.items()}


def _mark_undetermined(book: PolicyBook, rows: list[dict[str, object]]) -> None:
    """Say so where readings of one unknown input disagree."""
    verdicts: dict[tuple[object, object], set[object]] = defaultdict(set)
    for row in rows:
        verdicts[row["clause_id"], row["evaluated_on"]].add(row["status"])
    for row in rows:
        differ = len(verdicts[row["clause_id"], row["evaluated_on"]]) > 1
        if differ and book.by_id[str(row["clause_id"])].read_from:
            row["status"] = str(Status.UNDETERMINED)
