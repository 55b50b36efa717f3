"""Subsidies by occupied bed: how residents of a month are counted. Three readings of one rule.

Residents of one home are two columns of days on one calendar: day of arrival and day of departure
(`math.inf` while they stay). The day of arrival counts, the day of departure does not.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.money import Exact

F64 = NDArray[np.float64]
OccupancyRule = Literal["month_end_headcount", "month_start_headcount", "resident_days"]


def resident_days(arrived: F64, departed: F64, begin: int, days: int, beds: int) -> int:
    """Days that residents spend in a home within a month, never more than its beds can hold.

    Args:
        arrived: day of arrival, one per resident.
        departed: day of departure.
        begin: first day of the month.
        days: its length.
        beds: beds of the home.
    """
    first = np.maximum(np.floor(arrived), begin)
    end = np.minimum(np.floor(departed), begin + days)
    spent = int(np.maximum(end - first, 0).sum())
    return min(spent, beds * days)


def headcount(arrived: F64, departed: F64, day: int, beds: int) -> int:
    """Residents present on a day, never more than the beds."""
    there = (np.floor(arrived) <= day) & (np.floor(departed) > day)
    return min(int(there.sum()), beds)


def counted(
    arrived: F64, departed: F64, *, begin: int, days: int, beds: int, rule: OccupancyRule
) -> Fraction:
    """Residents of a month for whom a home is paid, as an exact number of bed-months.

    Args:
        arrived: day of arrival, one per resident of the home.
        departed: day of departure.
        begin: first day of the month.
        days: its length.
        beds: beds of the home; capacity is a ceiling, never the base.
        rule: on the last day, on the first day, or all days over the days of the month.

    Raises:
        ValueError: if the rule is unknown.
    """
    if rule == "month_end_headcount":
        return Fraction(headcount(arrived, departed, begin + days - 1, beds))
    if rule == "month_start_headcount":
        return Fraction(headcount(arrived, departed, begin, beds))
    if rule == "resident_days":
        return Fraction(resident_days(arrived, departed, begin, days, beds), days)
    raise ValueError(f"occupancy_rule(={rule!r}) must be one of the three counting rules")


def operating_fen(rate_fen: Exact, bed_months: Fraction | int, factor: float = 1.0) -> Fraction:
    """Fen for the bed-months of a month; exact.

    Args:
        rate_fen: per occupied bed and month.
        bed_months: as `counted` returns it.
        factor: of an uplift, as `uplift_factor` returns it.
    """
    return rate_fen * Fraction(bed_months) * Fraction(str(factor))


def uplift_factor(uplift: float, least: float, reached_year: int | None, year: int) -> float:
    """By what an operating subsidy is raised: from 1 January of the year after the standard was reached.

    Args:
        uplift: share by which the scenario raises it.
        least: the law's lower bound.
        reached_year: year in which the home reached the standard; None if it did not.
        year: of the month that is paid.

    Raises:
        ValueError: if the uplift is below the bound.
    """
    if uplift < least:
        raise ValueError(f"uplift(={uplift:g}) is below the lower bound {least:g}")
    return float(1 + Fraction(str(uplift))) if reached_year is not None and year > reached_year else 1.0
