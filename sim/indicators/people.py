"""Residents whom a plan promises a place: the destitute in collective support.

All arrays have the shape (residents,). A month counts those who were eligible from its first day to its last
(`eligible_all_month`): else a promise of 100 percent would fail by whoever became destitute yesterday.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.indicators.beds import NAN, Mask, percent


def destitute_unable_in_homes(unable: Mask, in_home: Mask, eligible_all_month: Mask) -> float:
    """Destitute residents unable to care for themselves who live in a home, in percent of all such residents.

    Indicator `destitute_dependent_collective_support_rate`; NaN if there is nobody.
    """
    counted = unable & eligible_all_month
    return percent(int((counted & in_home).sum()), int(counted.sum()))


def destitute_willing_in_homes(
    willing: Mask,
    in_home: Mask,
    eligible_all_month: Mask,
    days_waiting: npt.NDArray[np.floating],
    overdue_after_days: float,
) -> float:
    """Willing destitute residents who are served, in percent of all willing ones.

    Served is who lives in a home, or has been on the list for at most `overdue_after_days`. Who is neither in
    a home nor on a list is unmet. Indicator `destitute_willing_collective_support_rate`; NaN if none.

    Args:
        willing: destitute and wishing to live in a home.
        in_home: lives in a home.
        eligible_all_month: willing and here from the first day to the last.
        days_waiting: days on the list so far; NaN for who is on none.
        overdue_after_days: scenario value.
    """
    counted = willing & eligible_all_month
    served = in_home | (days_waiting <= overdue_after_days)
    return percent(int((counted & served).sum()), int(counted.sum()))


def counted(persons: Mapping[str, float], which: str) -> float:
    """Persons of a kind (indicator `population_60plus_and_dependent_count`); NaN if nobody counts them."""
    return persons.get(which, NAN)
