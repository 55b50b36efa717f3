"""In which month each pass mark of a plan is met for the first time, from the notice on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause, Operator
from sim.policy.verdict import met


class PassMark(NamedTuple):
    """A number that a clause asks for, and the denominator, label or reading that is meant."""

    clause_id: str
    indicator: str
    denominator: str
    operator: Operator
    value: float


class FirstMet:
    """Looks at the end of each month for the pass marks that have not been met yet."""

    def __init__(self, book: PolicyBook, readings: Callable[[Clause, str], list[str]]) -> None:
        """Take the targets of a plan.

        Args:
            book: the law.
            readings: (clause, denominator) -> the denominators under which its value is told.
        """
        self._notice = book.notice
        self._open = [
            PassMark(clause.id, clause.indicator, reading, clause.operator, value.value)
            for clause in book.clauses
            if clause.kind == "target" and clause.indicator and clause.operator is not None
            for denominator in clause.denominators_or_one
            for reading in readings(clause, denominator)
            for value in clause.marks
            if value.label in (None, denominator)
        ]

    def looks_at(self, month: Month) -> bool:
        """Whether there is anything left to look for at the end of a month."""
        return bool(self._open) and month >= self._notice

    def look(self, value: Callable[[str, str], float]) -> Iterator[PassMark]:
        """The pass marks that are met now and were not before; what can't be computed is not asked again.

        Args:
            value: (indicator, denominator) -> its value at the end of the month, NaN if not computable.
        """
        left = []
        for mark in self._open:
            found = value(mark.indicator, mark.denominator)
            if met(np.array([found]), mark.operator, mark.value)[0]:
                yield mark
            elif not np.isnan(found):
                left.append(mark)
        self._open = left
