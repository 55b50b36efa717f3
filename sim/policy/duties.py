"""What a document asks to be done on days: periods, dates and monthly dates of its processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause

DAY_OF_MONTH = "day_of_month"
"""Unit of a number that is the day of each month before which something is to be done."""


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
    days = [int(value.value) for value in clause.numbers if value.unit == DAY_OF_MONTH]
    if days and clause.recurrence == "monthly":
        for step in range(last.minus(book.notice) + 1):
            month = book.notice.plus(step)
            due = date(month.year, month.month, min(days[0], month.days))
            if due >= notice:
                yield Duty(max(notice, due.replace(day=1)), due, clause.id)

