"""Indicators of estates under the rules of a law, by name; `sim.indicators.board` joins them."""

from __future__ import annotations

from collections.abc import Callable

from sim.indicators import estate_rules, estates
from sim.indicators.state import State


def _land(state: State, _: str) -> float:
    return estate_rules.worst_land_m2_per_resident(state.estates, state.month)


def _new_site(state: State, _: str) -> float:
    return estate_rules.smallest_site_m2(state.estates, "new", state.month)


def _old_site(state: State, _: str) -> float:
    return estate_rules.smallest_site_m2(state.estates, "existing", state.month)


def _small(state: State, _: str) -> float:
    below = state.new_estates.small_below_households
    return estate_rules.least_m2_of_small(state.estates, state.month, below)


def _indoor(state: State, _: str) -> float:
    return estate_rules.worst_per_1000_households(state.estates, state.month, outdoor=False)


def _outdoor(state: State, _: str) -> float:
    return estate_rules.worst_per_1000_households(state.estates, state.month, outdoor=True)


def _new_compliance(state: State, _: str) -> float:
    since = state.notice
    return estate_rules.compliance_rate(state.estates, "new", state.month, state.new_estates, since)


def _old_compliance(state: State, _: str) -> float:
    return estate_rules.compliance_rate(state.estates, "existing", state.month, state.existing_estates)


def _rectified(state: State, _: str) -> float:
    return estate_rules.rectification_rate(state.estates, state.month, state.new_estates)


def _pooled(state: State, _: str) -> float:
    return estate_rules.pooled_sites(state.estates, state.month)


def _acceptance(state: State, _: str) -> float:
    return estates.four_synchronous(state.estates, state.month)


ESTATE_INDICATORS: dict[str, Callable[[State, str], float]] = {
    "new_estate_land_m2_per_capita": _land,
    "new_estate_min_site_m2": _new_site,
    "old_estate_min_site_m2": _old_site,
    "new_estate_min_m2_small": _small,
    "old_estate_indoor_m2_per_1000_households": _indoor,
    "old_estate_outdoor_m2_per_1000_households": _outdoor,
    "new_estate_compliance_rate": _new_compliance,
    "old_estate_compliance_rate": _old_compliance,
    "estate_rectification_rate_since_2014": _rectified,
    "pooled_estates_allowed": _pooled,
    "new_estate_acceptance_block": _acceptance,
}
"""Indicator -> function of the state; the denominator is not asked."""
