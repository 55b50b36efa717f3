"""Room for care in housing estates: square metres per 100 households, estate by estate, and handover.

An estate counts from the month in which it is handed over; the figure of a place is that of its worst estate,
because the rule asks it of each. Areas are read by their decimal text, so a bare pass is a pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sim.indicators.beds import NAN, percent
from sim.months import Month
from sim.scenario.plan_types import Estate


def m2_per_100_households(care_m2: float, households: int) -> float:
    """Care floor area per 100 households of one estate."""
    return float(Fraction(str(care_m2)) * 100 / households)


def required_m2(per_100_households: float, households: int) -> float:
    """Care floor area that an estate needs: 430 households at 30 per hundred need 129."""
    return float(Fraction(str(per_100_households)) * households / 100)


def complies(care_m2: float, households: int, per_100_households: float) -> bool:
    """Whether an estate has the floor area that it needs."""
    return Fraction(str(care_m2)) * 100 >= Fraction(str(per_100_households)) * households


def care_area(estate: Estate, month: int) -> float:
    """Care floor area that is handed over by the end of a month (index), in m2.

    Without a month of its own it comes with the estate if that is new, and was always there if not.
    """
    given = estate.care_handover or estate.handover
    return estate.care_m2 if given is None or Month.parse(given).index <= month else 0.0


def handed_over(estates: Iterable[Estate], kind: str, month: int) -> list[Estate]:
    """Estates of a kind that are there by the end of a month; a new one without a month is still planned."""
    return [
        estate
        for estate in estates
        if estate.kind == kind
        and (Month.parse(estate.handover).index <= month if estate.handover else kind == "existing")
    ]


def worst_m2_per_100_households(estates: Iterable[Estate], kind: str, month: int) -> float:
    """The lowest area per 100 households among the estates of a kind; NaN if there is none.

    Indicators `new_estate_m2_per_100_households` and `old_estate_m2_per_100_households`.
    """
    there = handed_over(estates, kind, month)
    return min((m2_per_100_households(care_area(e, month), e.households) for e in there), default=NAN)


def compliance_rate(estates: Iterable[Estate], kind: str, month: int, per_100_households: float) -> float:
    """Estates of a kind with the floor area that they need, in percent of all; NaN if there is none."""
    there = handed_over(estates, kind, month)
    good = [e for e in there if complies(care_area(e, month), e.households, per_100_households)]
    return percent(len(good), len(there))


def four_synchronous(estates: Iterable[Estate], month: int) -> float:
    """New estates whose care premises were handed over no later than the homes, in percent; NaN if none.

    Indicator `new_estate_four_synchronous`; premises without a month count as not handed over.
    """
    there = handed_over(estates, "new", month)
    good = [e for e in there if _not_after(e.care_handover, e.handover)]
    return percent(len(good), len(there))


def _not_after(one: str | None, other: str | None) -> bool:
    return bool(one and other) and Month.parse(str(one)) <= Month.parse(str(other))
