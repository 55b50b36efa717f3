"""Indicators of a plan's sites by name: a few readers over a table of kinds; `sim.indicators.board` joins."""

from __future__ import annotations

from collections.abc import Callable

from sim.indicators import sites
from sim.indicators.state import State
from sim.scenario.bed_types import SiteKind
from sim.scenario.coverage_types import Coverage

Kinds = tuple[SiteKind, ...]
Reader = Callable[[State, str], float]

STOCKS: dict[str, Kinds] = {
    "standard_care_centres": ("standard_care_centre", "embedded_day_care_centre"),
    "embedded_day_care_centres": ("embedded_day_care_centre",),
    "home_care_network_points_upgraded": ("home_care_network_point",),
    "travel_residence_institutions": ("travel_residence_institution",),
    "eldercare_complex_count": ("eldercare_complex",),
}
"""Indicator -> kinds of site completed so far. An embedded day-care centre is one of the standard centres."""
UNPROMISED: dict[str, Kinds] = {
    "care_station_count": ("care_station",),
    "idle_destitute_home_reuse": ("reused_destitute_home",),
}
"""The same where a document wants them without a number: a scenario that lists none says nothing of them."""
IN_THE_YEAR: dict[str, Kinds] = {"rehab_nursing_facilities_opened_per_year": ("rehab_nursing_facility",)}
"""Indicator -> kinds of site completed in the calendar year."""
SHARES: dict[str, tuple[Kinds, Callable[[Coverage], tuple[float | None, float | None]]]] = {
    "community_facility_coverage_urban": (
        ("community_day_care_centre",),
        lambda c: (c.communities_covered, c.communities),
    ),
    "community_facility_coverage_rural": (
        ("care_station", "village_care_station", "rural_mutual_aid_home"),
        lambda c: (c.villages_covered, c.villages),
    ),
    "community_complex_coverage_urban": (
        ("community_service_complex",),
        lambda c: (_before(c, "community_service_complex"), c.communities),
    ),
    "meal_service_coverage_urban": (
        ("meal_service_point",),
        lambda c: (_before(c, "meal_service_point"), c.communities),
    ),
    "health_centres_integrated_share": (
        ("integrated_health_centre",),
        lambda c: (
            _before(c, "integrated_health_centre"),
            c.health_centres.value if c.health_centres else None,
        ),
    ),
}
"""Indicator -> kinds of site of which a unit needs one; units with one before the plan, and all units."""
_DESTITUTE: Kinds = ("destitute_support_home",)

COUNTED_KINDS: dict[str, tuple[str, ...]] = {
    **STOCKS, **UNPROMISED, **IN_THE_YEAR,
    **{name: kinds for name, (kinds, _) in SHARES.items()},
    "district_destitute_homes_per_district": _DESTITUTE,
    "facility_network_levels": tuple(sites.LEVEL_OF),
    "home_community_funding_cny": (
        "community_day_care_centre", "care_station", "rural_mutual_aid_home", "canteen_upgraded",
    ),
    "kaili_project_set": (*STOCKS["standard_care_centres"], *STOCKS["home_care_network_points_upgraded"]),
}  # fmt: skip
"""Indicator -> kinds of site that it counts."""


def _before(coverage: Coverage, kind: SiteKind) -> float | None:
    known = coverage.before.get(kind)
    return known.value if known else None


def _stock(kinds: Kinds) -> Reader:
    return lambda state, _: sites.completed(state.sites, kinds, state.month)


def _listed(kinds: Kinds) -> Reader:
    return lambda state, _: sites.listed(state.sites, kinds, state.month)


def _in_year(kinds: Kinds) -> Reader:
    return lambda state, _: sites.completed_in_year(state.sites, kinds, state.month)


def _share(kinds: Kinds, known: Callable[[Coverage], tuple[float | None, float | None]]) -> Reader:
    def covered(state: State, _: str) -> float:
        before, units = known(state.coverage)
        return sites.share_covered(before, state.site_count(kinds), units)

    return covered


def _fewest(state: State, _: str) -> float:
    return sites.fewest_per_district(state.sites, _DESTITUTE, state.districts, state.month)


def _levels(state: State, _: str) -> float:
    before = {level: known.value for level, known in state.coverage.level_before.items()}
    return sites.network_levels(state.sites, before, state.month)


SITE_INDICATORS: dict[str, Reader] = {
    **{name: _stock(kinds) for name, kinds in STOCKS.items()},
    **{name: _listed(kinds) for name, kinds in UNPROMISED.items()},
    **{name: _in_year(kinds) for name, kinds in IN_THE_YEAR.items()},
    **{name: _share(kinds, known) for name, (kinds, known) in SHARES.items()},
    "district_destitute_homes_per_district": _fewest,
    "facility_network_levels": _levels,
}
"""Indicator -> function of the state; the denominator is not asked."""
