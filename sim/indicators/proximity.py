"""The quarter-hour circle. Without coordinates there is only a proxy, and only if asked for."""

from __future__ import annotations

import math

from sim.indicators.beds import NAN

WALK_KM = 0.7
"""What an older person walks in a quarter of an hour at 0.78 m/s; the service radius of Yinchuan's plan."""


def share_within_15_min(facilities: float | None, built_up_km2: float | None) -> float:
    """Older residents within 15 minutes of a community facility, in percent (indicator of the same name).

    Facilities are taken to be strewn at random over the built-up area, residents evenly, distances straight:
    an assumption. NaN (not computable) unless the scenario gives both numbers.
    """
    if facilities is None or not built_up_km2:
        return NAN
    return 100 * (1 - math.exp(-facilities * math.pi * WALK_KM**2 / built_up_km2))


def community_facility_radius_m() -> float:
    """NaN: the radius served by each facility needs the places of facilities and homes."""
    return NAN
