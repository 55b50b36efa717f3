"""Months as values, and the days of a run."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.months import Calendar, Month


def test_parts_of_a_month():
    month = Month.of(2020, 11)
    assert (month.year, month.month, month.days, str(month)) == (2020, 11, 30, "2020-11")
    assert month.last_day() == date(2020, 11, 30)
    assert not month.is_december
    assert Month.of(2025, 12).is_december
    assert Month.of(2020, 1).index % 12 == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2023-09", (2023, 9)), ("2023-09-06", (2023, 9)), ("2024-02-29", (2024, 2)), ("2000-12", (2000, 12))],
)
def test_read(text, expected):
    assert Month.parse(text) == Month.of(*expected)


@pytest.mark.parametrize(
    "text",
    ["2023", "2023-13", "2023-00", "2023-9", "23-09", "2023/09", "2023-09-31", "2023-02-29", "2023-09-00",
     "2023-09-06-01", "-2023-09", "２０２３-09", "2023-0²", " 2023-09", "2023-09 ", "0000-01", ""],
)  # fmt: skip
def test_refuse_what_is_no_month(text):
    with pytest.raises(ValueError, match=r"month|days"):
        Month.parse(text)


@pytest.mark.parametrize("number", [0, 13, -1])
def test_refuse_numbers_that_are_no_month(number):
    with pytest.raises(ValueError, match="must be from 1 to 12"):
        Month.of(2023, number)


@settings(deadline=None)
@given(st.integers(1000 * 12, 9999 * 12 + 11), st.integers(-500, 500))
def test_arithmetic(index, months):
    month = Month(index)
    assert Month.parse(str(month)) == month
    assert Month.of(month.year, month.month) == month
    assert month.plus(months).minus(month) == months
    assert (month.plus(months) > month) == (months > 0)
    assert month.last_day().day == month.days


@pytest.mark.parametrize(
    ("text", "days"),
    [("2023-02", 28), ("2024-02", 29), ("2100-02", 28), ("2000-02", 29), ("2021-07", 31)],
)
def test_days(text, days):
    assert Month.parse(text).days == days


def test_days_of_a_run():
    calendar = Calendar(Month.of(2020, 11), 62)
    starts = calendar.start_days()
    assert starts[:4] == [0, 30, 61, 92]
    assert len(starts) == 63
    assert starts[-1] == (date(2026, 1, 1) - date(2020, 11, 1)).days
    assert calendar.month(61) == Month.of(2025, 12)
    assert Calendar(Month.of(2020, 11), 0).start_days() == [0]
