"""The month as a value, and the calendar of a run in days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 365.25
_FORM = re.compile(r"(?P<year>[1-9][0-9]{3})-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, counted from January of year 0.

    Attributes:
        index: months since January of year 0.
    """

    index: int

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        """The month with calendar number 1 to 12.

        Raises:
            ValueError: if the number is no month of the year.
        """
        if not 1 <= month <= MONTHS_PER_YEAR:
            raise ValueError(f"month(={month}) must be from 1 to 12")
        return cls(year * MONTHS_PER_YEAR + month - 1)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM` or `YYYY-MM-DD` (the day is dropped).

        Raises:
            ValueError: if the text has another form, or there is no such month or day.
        """
        match = _FORM.fullmatch(str(text))
        if not match:
            raise ValueError(f"'{text}' is not a month like 2023-09")
        month = cls.of(int(match["year"]), int(match["month"]))
        if match["day"] and not 1 <= int(match["day"]) <= month.days:
            raise ValueError(f"'{text}': {month} has {month.days} days")
        return month

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.index // MONTHS_PER_YEAR

    @property
    def month(self) -> int:
        """Calendar month, 1 to 12."""
        return self.index % MONTHS_PER_YEAR + 1

    @property
    def days(self) -> int:
        """Length in days."""
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def is_december(self) -> bool:
        """True for the month whose end is the state of the year."""
        return self.month == MONTHS_PER_YEAR

    def plus(self, months: int) -> Month:
        """The month so many months later."""
        return Month(self.index + months)

    def minus(self, other: Month) -> int:
        """Months from `other` to this one."""
        return self.index - other.index

    def last_day(self) -> date:
        """The date of the last day."""
        return date(self.year, self.month, self.days)

    def __str__(self) -> str:
        """`YYYY-MM`."""
        return f"{self.year:04d}-{self.month:02d}"


def fiscal_year(month: Month, first_month: int) -> int:
    """The fiscal year of a month, named by the calendar year in whose month (1 to 12) it begins."""
    return (month.index - first_month + 1) // MONTHS_PER_YEAR


def fiscal_span(year: int, first_month: int) -> tuple[Month, Month]:
    """First and last month of a fiscal year."""
    first = Month.of(year, first_month)
    return first, first.plus(MONTHS_PER_YEAR - 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a run, with the day on which each begins (day 0 = first day of the first month)."""

    start: Month
    months: int

    def month(self, step: int) -> Month:
        """The month of a step, counted from 0."""
        return self.start.plus(step)

    def start_days(self) -> list[int]:
        """First day of each month, and the day after the last: `months + 1` numbers."""
        days, at = [0], 0
        for step in range(self.months):
            at += self.month(step).days
            days.append(at)
        return days
