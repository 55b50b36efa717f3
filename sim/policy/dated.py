"""What holds from a month on: asking before the first month is an error, `null` ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sim.months import Month

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value with dated changes.

    Attributes:
        name: what it is, for the error.
        changes: month -> value from that month on, or None: it holds no longer. In the order of time.
    """

    name: str
    changes: tuple[tuple[Month, T | None], ...]

    @classmethod
    def of(cls, name: str, changes: Mapping[str, T | None]) -> Dated[T]:
        """From texts `YYYY-MM`, in any order.

        Raises:
            ValueError: if there is no change at all, or a text is no month.
        """
        if not changes:
            raise ValueError(f"{name} has no first month")
        return cls(name, tuple(sorted(((Month.parse(text), v) for text, v in changes.items()), key=_month)))

    @property
    def first(self) -> Month:
        """The first month."""
        return self.changes[0][0]

    def at(self, month: Month) -> T | None:
        """The value in a month; None once it has ended.

        Raises:
            LookupError: before the first month, where nothing is known (not even that it is zero).
        """
        if month < self.first:
            raise LookupError(f"{self.name} is asked for in {month}, before its first month {self.first}")
        return [value for start, value in self.changes if start <= month][-1]

    def holds(self, month: Month) -> bool:
        """True if the month is not before the first, and it has not ended."""
        return month >= self.first and self.at(month) is not None

    def holds_between(self, first: Month, last: Month) -> bool:
        """True if it holds in any month from `first` to `last`."""
        return any(self.holds(first.plus(step)) for step in range(last.minus(first) + 1))


def _month(change: tuple[Month, object]) -> Month:
    return change[0]
