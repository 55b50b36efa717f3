"""Months as a scenario writes them: their form, and one value for each month of a series."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from sim.months import Month

FIRST_YEAR, LAST_YEAR = 1900, 2199


def _month(found: Any) -> Any:
    """A bare year is a number to YAML: it is no month, rather than no text."""
    if not isinstance(found, str | int | float):
        return found
    allowed = f"YYYY-MM, {FIRST_YEAR}-01 .. {LAST_YEAR}-12"
    try:
        good = FIRST_YEAR <= Month.parse(str(found)).year <= LAST_YEAR
    except ValueError:
        good, allowed = False, "YYYY-MM"
    if not good:
        raise PydanticCustomError(
            "month", "{found} is not a month", {"found": repr(found), "allowed": allowed}
        )
    return found


MonthText = Annotated[str, BeforeValidator(_month)]
"""A month written `YYYY-MM`, or a date of which the day is dropped."""


def once_each_in_order(months: Iterable[tuple[str, str]], *, ordered: bool = True) -> None:
    """Of one series each month stands once, and in the order of time.

    Args:
        months: key of each month below the series, and the month; 2022-01 and 2022-01-15 are one month.
        ordered: whether the order of writing matters (a mapping has none).
    """
    seen: list[Month] = []
    for key, text in months:
        month = Month.parse(text)
        if month in seen:
            raise PydanticCustomError("month_twice", "twice", {"found": str(month), "key": key})
        if ordered and seen and month < seen[-1]:
            context = {"found": text, "allowed": f"> {seen[-1]}", "key": key}
            raise PydanticCustomError("month_order", "not in order", context)
        seen.append(month)
