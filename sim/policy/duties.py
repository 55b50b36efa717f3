"""What a document asks to be done on days: periods, dates and monthly dates of its processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause

DAY_OF_MONTH = "day_of_month"
"""Unit of a number that is the day of each month before which something is to be done."""

MONTH_OF_YEAR = "month_of_year"
"""Unit of a number that is the month of each year in which something is done; else the period's last."""
_MONTHS = {"every_two_years": 24, "yearly": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}


class Duty(NamedTuple):
    """Something to be done from `begins` (the day of the notice where none is given) to `due`."""

    begins: date
    due: date
    clause_id: str


def duties(book: PolicyBook, last: Month) -> list[Duty]:
    """The calendar of a document from its notice to the end of a month, by day.

    Args:
        book: the law.
        last: the last month; of what is done again and again nothing later is listed.
    """
    return sorted(duty for clause in book.clauses for duty in _of(book, clause, last))


def _of(book: PolicyBook, clause: Clause, last: Month) -> Iterator[Duty]:
    notice = date.fromisoformat(book.document.date)
    if clause.deadline:
        begins = date.fromisoformat(clause.begins) if clause.begins else notice
        yield Duty(begins, date.fromisoformat(clause.deadline), clause.id)
    numbers = {value.unit: value.value for value in clause.numbers}
    for length in sorted(set(_periods(clause))):
        for step in range(last.minus(book.notice) + 1):
            month = book.notice.plus(step)
            if month.index % length != (int(numbers.get(MONTH_OF_YEAR, 0)) - 1) % length:
                continue
            due = date(month.year, month.month, min(int(numbers.get(DAY_OF_MONTH, month.days)), month.days))
            if due >= notice:
                first = month.plus(1 - length)
                yield Duty(max(notice, date(first.year, first.month, 1)), due, clause.id)


def _periods(clause: Clause) -> Iterator[int]:
    """Lengths in months of the periods within which something is done each time.

    So many times a year that twelve months do not divide evenly (weekly, daily) is no calendar of months.
    """
    if clause.kind != "process" or clause.computed != "register":
        return
    counts = [value for value in clause.marks if value.unit.endswith("_per_year")]
    for value in counts:
        if value.value and not MONTHS_PER_YEAR % value.value:
            yield int(MONTHS_PER_YEAR // value.value)
    if clause.recurrence and not counts:
        yield _MONTHS[clause.recurrence]
