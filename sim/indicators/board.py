"""All indicators by name: the state of the region at the end of a month in, one number out."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from sim.codes import BedKind
from sim.indicators import beds, people, services
from sim.indicators.care_board import CARE_INDICATORS
from sim.indicators.estate_board import ESTATE_INDICATORS
from sim.indicators.plan_board import PLAN_INDICATORS
from sim.indicators.site_board import COUNTED_KINDS, SITE_INDICATORS
from sim.indicators.state import Destitute, State

__all__ = ["DELIVERED", "INDICATORS", "Destitute", "State", "is_random", "rests_on", "value"]


def _beds_per_1000(state: State, denominator: str) -> float:
    return beds.beds_per_1000(int(state.registered.sum()), state.persons[denominator])


def _nursing_share(state: State, _: str) -> float:
    return beds.nursing_bed_share(
        int(state.registered[:, BedKind.NURSING].sum()), int(state.registered.sum())
    )


def _new_beds(state: State, _: str) -> float:
    return beds.new_beds_net(int(state.registered.sum()), int(state.at_notice.sum()))


def _new_nursing(state: State, _: str) -> float:
    return beds.new_beds_net(
        int(state.registered[:, BedKind.NURSING].sum()), int(state.at_notice[BedKind.NURSING])
    )


def _chain(state: State, _: str) -> float:
    is_open = state.registered.sum(axis=1) > 0
    return beds.chain_integrated_homes(is_open, state.chain_integrated, state.chain_integrated)


def _public_new(state: State, _: str) -> float:
    opened = [p for p in state.pipeline if state.notice <= p.opens_month.index <= state.month]
    return beds.nursing_bed_share_public_new(
        np.array([p.beds for p in opened], dtype=np.int64),
        np.array([p.nursing_beds for p in opened], dtype=np.int64),
        np.array([p.government_invested for p in opened], dtype=bool),
    )


def _canteens(state: State, _: str) -> float:
    months, sites, _complete = state.sites_of("canteen_upgraded")
    return services.canteens_upgraded(months, sites, state.month)


def _centres(state: State, _: str) -> float:
    return services.centres_built(*state.sites_of("subdistrict_centre"), state.month)


def _centre_functions(state: State, _: str) -> float:
    return services.centre_functions(*state.sites_of("subdistrict_centre"), state.month)


def _centre_coverage(state: State, denominator: str) -> float:
    towns, before = state.coverage.towns, denominator.split(maxsplit=1)
    if towns is None or not before:
        return beds.NAN
    return services.centre_coverage(int(before[0]), state.centres(), int(towns.value))


def _unable_in_homes(state: State, _: str) -> float:
    d = state.destitute
    return people.destitute_unable_in_homes(d.unable, d.in_home, d.all_month)


def _willing_in_homes(state: State, _: str) -> float:
    d = state.destitute
    return people.destitute_willing_in_homes(
        d.willing, d.in_home, d.all_month, d.days_waiting, state.overdue_after_days
    )


INDICATORS: dict[str, Callable[[State, str], float]] = {
    "beds_per_1000_elderly": _beds_per_1000,
    "nursing_bed_share": _nursing_share,
    "new_institution_beds": _new_beds,
    "new_nursing_beds": _new_nursing,
    "chain_integrated_homes": _chain,
    "nursing_bed_share_public_new": _public_new,
    "canteens_upgraded": _canteens,
    "subdistrict_care_centres_built": _centres,
    "subdistrict_centre_functions": _centre_functions,
    "subdistrict_centre_coverage": _centre_coverage,
    "destitute_dependent_collective_support_rate": _unable_in_homes,
    "destitute_willing_collective_support_rate": _willing_in_homes,
    **PLAN_INDICATORS,
    **ESTATE_INDICATORS,
    **SITE_INDICATORS,
    **CARE_INDICATORS,
}
"""Indicator of a clause -> function of the state and the denominator."""


_PIPELINE, _CANTEENS, _CENTRES = ("pipeline",), ("canteen_upgraded",), ("subdistrict_centre",)
DELIVERED: dict[str, tuple[str, ...]] = {
    "beds_per_1000_elderly": _PIPELINE,
    "nursing_bed_share": _PIPELINE,
    "new_institution_beds": _PIPELINE,
    "new_nursing_beds": _PIPELINE,
    "nursing_bed_share_public_new": _PIPELINE,
    "social_workers_per_100_beds": _PIPELINE,
    "canteens_upgraded": _CANTEENS,
    "subdistrict_care_centres_built": _CENTRES,
    "subdistrict_centre_functions": _CENTRES,
    "subdistrict_centre_coverage": _CENTRES,
    "budget_execution_rate": _PIPELINE + _CANTEENS,
    "facilities_closed_building_test": _PIPELINE,
    **COUNTED_KINDS,
}
"""Indicator -> what it counts of the plan's deliveries: the pipeline of beds, or a kind of sites."""


_SIMULATED = (
    "destitute_dependent_collective_support_rate", "destitute_willing_collective_support_rate",
    "respite_service_coverage", "monthly_visiting_rate", "visiting_rate", "basic_service_coverage",
    "home_adaptation_coverage", "home_adaptation_households_per_year", "family_care_bed_households",
    "family_carer_training_per_year", "population_60plus_and_dependent_count", "in_house_clinic_compliance",
    "medical_agreement_rate", "in_house_medical_unit_rate",
)  # fmt: skip
"""Indicators of simulated residents, or of homes that are drawn anew in each run."""


def rests_on(indicator: str, delivered: Collection[str]) -> bool:
    """Whether an indicator counts deliveries of some kinds: `pipeline`, or kinds of sites."""
    return any(kind in delivered for kind in DELIVERED.get(indicator, ()))


def is_random(indicator: str, denominator: str) -> bool:
    """Whether chance enters an indicator if all is delivered as planned: with simulated residents."""
    if indicator in ("beds_per_1000_elderly", "social_workers_per_1000_elderly"):
        return (denominator or "residents").startswith("residents")
    return indicator in _SIMULATED


def value(state: State, indicator: str, denominator: str) -> float:
    """One indicator.

    Raises:
        KeyError: if there is no such indicator; the policy file is checked against this table.
    """
    return float(INDICATORS[indicator](state, denominator))
