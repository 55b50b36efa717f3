"""Caregivers and social workers: stocks, what is needed, and the ratios of the plans."""

from __future__ import annotations

from sim.indicators.beds import NAN, percent


def social_workers_per_1000(in_homes: float | None, community: float | None, persons: float) -> float:
    """All social workers per 1,000 older persons (indicator `social_workers_per_1000_elderly`).

    NaN unless both numbers are known: half a count would be read as a bad result.
    """
    if in_homes is None or community is None or not persons:
        return NAN
    return 1000 * (in_homes + community) / persons


def social_workers_per_100_beds(in_homes: float | None, beds: int) -> float:
    """Social workers of homes per 100 registered beds; NaN if unknown, or without beds."""
    return NAN if in_homes is None else percent(in_homes, beds)


def caregivers_needed(residents: float, residents_per_caregiver: float) -> float:
    """Caregivers whom so many residents of homes need by a norm; parts of a person are left in."""
    return residents / residents_per_caregiver


def caregivers_present(
    known: float | None, residents_at_start: float, residents_per_caregiver: float
) -> float:
    """The stock of caregivers: as counted, else what the residents at the start had by the ratio then."""
    return residents_at_start / residents_per_caregiver if known is None else known


def qualified_caregivers(present: float, qualified_share: float) -> int:
    """Caregivers who meet the conditions of an employment subsidy, whole persons."""
    return round(present * qualified_share)
