"""Beds of care homes: density, share of nursing beds, additions, and what a share would need."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]
NAN = float("nan")


def percent(part: float, whole: float) -> float:
    """100 x part / whole; NaN where there is no whole."""
    return 100 * part / whole if whole else NAN


def beds_per_1000(beds: int, persons: float) -> float:
    """Registered beds of homes per 1,000 persons (indicator `beds_per_1000_elderly`); NaN without persons.

    Args:
        beds: registered beds.
        persons: the denominator that the row names: residents or registered persons, 60+ or 65+.
    """
    return 1000 * beds / persons if persons else NAN


def nursing_bed_share(nursing_beds: int, beds: int) -> float:
    """Nursing beds in percent of registered beds (indicator `nursing_bed_share`)."""
    return percent(nursing_beds, beds)


def new_beds_net(beds_now: int, beds_at_baseline: int) -> int:
    """Beds opened less closed since the baseline: `new_institution_beds`, or `new_nursing_beds`.

    Both numbers are stocks, so converted beds count among the nursing beds. The baseline is the end of the
    month of the notice (`PolicyBook.notice`).
    """
    return beds_now - beds_at_baseline


def new_beds_gross(months: Ints, changes: Ints, baseline: int, now: int) -> int:
    """Beds opened since the baseline, closures left aside.

    Args:
        months: month index of each change of the stock.
        changes: beds opened (positive) or closed (negative), same shape.
        baseline: month index of the baseline; changes of that month belong to it.
        now: month index up to whose end changes count.
    """
    counted = (months > baseline) & (months <= now) & (changes > 0)
    return int(changes[counted].sum())


def nursing_bed_share_public_new(beds: Ints, nursing_beds: Ints, government_invested: Mask) -> float:
    """Nursing beds in percent of the beds of government-invested projects opened since the notice.

    Args:
        beds: beds that each project opens.
        nursing_beds: nursing beds among them.
        government_invested: which projects are meant. All of shape (projects,).

    Returns:
        NaN if there is no such project.
    """
    chosen = government_invested & (beds > 0)
    return percent(int(nursing_beds[chosen].sum()), int(beds[chosen].sum()))


def chain_integrated_homes(is_open: Mask, chain: Mask, integrated: Mask) -> int:
    """Open homes of a chain with integrated medical care; masks of shape (homes,).

    Where homes are not flagged one by one, the caller gives the scenario's count instead.
    """
    return int((is_open & chain & integrated).sum())


def nursing_beds_needed(total: int, nursing: int, share_percent: float) -> int:
    """Nursing beds by which `total` beds reach a share: 60 percent of 10,388 is 6,233; at least `nursing`."""
    return max(nursing, math.ceil(total * _share(share_percent)))


def nursing_beds_on_top(total: int, nursing: int, share_percent: float) -> int | None:
    """Fewest further beds, all of them nursing, by which the share is reached; None if no number will do."""
    share = _share(share_percent)
    missing = share * total - nursing
    if missing <= 0:
        return 0
    return None if share >= 1 else math.ceil(missing / (1 - share))


def _share(share_percent: float) -> Fraction:
    """A percentage without rounding, read by its decimal text."""
    return Fraction(str(share_percent)) / 100
