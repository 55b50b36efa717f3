"""Which pass mark is in force in a year, and what is tested at the end of which month.

No target is tested before the notice; a value that was due before it is background. A target whose dates lie
before `document.carried_to` is tested again on that day as a floor ("carried forward").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause, Value

_TESTED = ("target", "standard", "funding_floor")


class Evaluation(NamedTuple):
    """Compute this indicator at the end of this month; `denominator` is empty where there is no choice.

    Where a clause has several values it is the label of one of them (`start`, `finish`).
    """

    month: Month
    clause_id: str
    indicator: str
    denominator: str


class InForce(NamedTuple):
    """A pass mark and the clause that sets it."""

    clause: Clause
    value: Value


def target_in_force(book: PolicyBook, indicator: str, year: int) -> InForce | None:
    """The value with the latest due date not after 31 December of a year; None if there is none yet.

    Undated values hold from the month of the notice on. Restated and suspect clauses are not asked.
    """
    end = Month.of(year, MONTHS_PER_YEAR)
    found: list[tuple[Month, InForce]] = [
        (since(book, value), InForce(clause, value))
        for clause in book.clauses
        if clause.kind == "target" and clause.indicator == indicator
        if not clause.restates and not clause.suspect
        for value in clause.marks
        if book.notice <= since(book, value) <= end
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def mark_at(book: PolicyBook, clause: Clause, month: Month, label: str = "") -> Value | None:
    """The value of a clause that is tested in a month: the latest that is due by then.

    Args:
        book: the law.
        clause: the clause.
        month: the month.
        label: which of its values, where they have labels; ignored where they have none.
    """
    due = [value for value in clause.marks if since(book, value) <= month and value.label in (None, label)]
    return max(due, key=lambda value: since(book, value), default=None)


def evaluations(book: PolicyBook, first: Month, last: Month) -> list[Evaluation]:
    """What to compute at the end of which month, in the order of time and of the file.

    A target at each of its due dates, and each December before the first, when only the distance is told; a
    carried-forward one also on the day `carried_to`; standing and yearly targets, standards, and processes
    and conditions of eligibility that are more than dates each December from the notice on, monthly ones
    each month. Nothing outside the horizon, nothing before the notice.
    A clause with `read_from` stands here once, with an empty denominator: the caller gives one row per
    possible value of the unknown input, with a denominator text for each (`40 before`, `41 before`).

    Args:
        book: the law.
        first: first month of the run.
        last: last month of the run.
    """
    rows = [
        Evaluation(month, clause.id, clause.indicator, denominator)
        for clause in book.clauses
        if clause.indicator and _is_tested(clause)
        for denominator in clause.denominators_or_one
        for month in _tested_in(book, clause, last, denominator)
        if max(first, book.notice) <= month <= last
    ]
    places = {clause_id: place for place, clause_id in enumerate(book.by_id)}
    return sorted(rows, key=lambda row: (row.month, places[row.clause_id]))


def _is_tested(clause: Clause) -> bool:
    """Facts and orders of admission are not; a process is if more of it can be computed than its dates.

    A condition of eligibility is if it is a register: who meets it is told by nobody else.
    """
    if clause.kind == "eligibility":
        return clause.computed == "register" and bool(clause.marks or clause.unit)
    return clause.kind in _TESTED or (clause.kind == "process" and not is_calendar(clause))


def is_calendar(clause: Clause) -> bool:
    """Whether a clause is only a date, or something to be done again and again: a row of the calendar."""
    counted = any(value.unit.endswith("_per_year") for value in clause.marks)
    dated = bool(clause.deadline or clause.recurrence or counted)
    return clause.kind == "process" and clause.computed == "register" and dated


def next_mark(book: PolicyBook, clause: Clause, month: Month, label: str = "") -> Value | None:
    """The value of a clause that falls due first after a month; None if none does."""
    later = [value for value in clause.marks if since(book, value) > month and value.label in (None, label)]
    return min(later, key=lambda value: since(book, value), default=None)


def since(book: PolicyBook, value: Value) -> Month:
    """The month from whose end a value is asked for: its due date, or the notice."""
    return Month.parse(value.due) if value.due else book.notice


def _tested_in(book: PolicyBook, clause: Clause, last: Month, label: str) -> Iterator[Month]:
    """Months at whose end a clause (or one of several values, by its label) is tested.

    Horizon and notice are left aside.
    """
    meant = [value for value in clause.numbers if not clause.labels or value.label in (None, label)]
    due = sorted({Month.parse(value.due) for value in meant if value.due})
    yield from due
    if due:
        before = [Month.of(year, MONTHS_PER_YEAR) for year in range(book.notice.year, due[0].year)]
        yield from (december for december in before if december < due[0])
    carried = Month.parse(book.document.carried_to)
    if clause.basis_2025 == "carried_forward" and due and due[-1] < carried:
        yield carried
    if not due:
        first = 1 if clause.recurrence == "monthly" else MONTHS_PER_YEAR
        for year in range(book.notice.year, last.year + 1):
            yield from (Month.of(year, month) for month in range(first, MONTHS_PER_YEAR + 1))
