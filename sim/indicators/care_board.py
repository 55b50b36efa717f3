"""Indicators of services, residents and homes by name; `sim.indicators.board` joins them."""

from __future__ import annotations

from collections.abc import Callable

from sim.indicators import homes, people, services
from sim.indicators.homes import HomesNow
from sim.indicators.needs import SERVICE_OF
from sim.indicators.plan_board import PLAN_INDICATORS
from sim.indicators.site_board import SITE_INDICATORS
from sim.indicators.state import State

Reader = Callable[[State, str], float]


def _visited(name: str) -> Reader:
    def rate(state: State, which: str) -> float:
        months = state.month_rates.get(SERVICE_OF[name], ())
        return services.visiting_rate(months, mean=which == "mean_month")

    return rate


def _adapted(state: State, _: str) -> float:
    masks = state.all_month.get(SERVICE_OF["home_adaptation_coverage"], (None, None))
    return services.coverage_all_month(*masks)


def _adapted_in_year(state: State, _: str) -> float:
    return services.given(state.given_in_year.get(SERVICE_OF["home_adaptation_households_per_year"]))


def _family_beds(state: State, _: str) -> float:
    return services.given(state.services.get(SERVICE_OF["family_care_bed_households"], (None, None))[0])


def _trained(state: State, _: str) -> float:
    served = state.services.get(SERVICE_OF["family_carer_training_per_year"], (None, None))
    return services.per_carer(*served)


def _basic(state: State, _: str) -> float:
    return services.basic_service_coverage(state.reached)


def _persons(state: State, which: str) -> float:
    return people.counted(state.persons, which or "residents_60plus")


def _agreements(state: State, _: str) -> float:
    return homes.agreement_rate(*_about_homes(state, "medical_agreement_rate"))


def _clinics(state: State, _: str) -> float:
    return homes.clinic_compliance(*_about_homes(state, "in_house_clinic_compliance"))


def _units(state: State, _: str) -> float:
    return homes.unit_rate(*_about_homes(state, "in_house_medical_unit_rate"))


def _insured(state: State, _: str) -> float:
    return homes.insured_rate(*_about_homes(state, "liability_insurance_coverage"))


def _about_homes(state: State, indicator: str) -> tuple[HomesNow, homes.Features, homes.Conditions]:
    """The homes, what the scenario counts of them, and of whom the law asks it."""
    return state.homes, state.features, state.conditions.get(indicator, {})


def _integrated(state: State, _: str) -> float:
    return homes.count_with(state.features.get("integrated_medical_care"))


def _stars(star: int) -> Reader:
    return lambda state, _: homes.of_star(state.star_homes, star, state.month)


def _closed(state: State, _: str) -> float:
    return homes.closed(((item.beds, item.opens_month.index) for item in state.pipeline), state.month)


_SET: dict[str, tuple[str, str]] = {
    "model_institutions": ("integration_model_institutions", "model_institutions"),
    "three_star_homes": ("three_star_homes", ""),
    "standard_care_centres": ("standard_care_centres", ""),
    "network_points": ("home_care_network_points_upgraded", ""),
}
"""Label of a part of Kaili's set of projects -> the indicator that counts it, and its label there."""


def project_set(state: State, part: str) -> float:
    """A part of Kaili's set of projects (indicator `kaili_project_set`); NaN where it is not computable."""
    indicator, label = _SET[part]
    return {**PLAN_INDICATORS, **SITE_INDICATORS, **CARE_INDICATORS}[indicator](state, label)


CARE_INDICATORS: dict[str, Reader] = {
    "monthly_visiting_rate": _visited("monthly_visiting_rate"),
    "visiting_rate": _visited("visiting_rate"),
    "home_adaptation_coverage": _adapted,
    "home_adaptation_households_per_year": _adapted_in_year,
    "family_care_bed_households": _family_beds,
    "family_carer_training_per_year": _trained,
    "basic_service_coverage": _basic,
    "population_60plus_and_dependent_count": _persons,
    "medical_agreement_rate": _agreements,
    "in_house_clinic_compliance": _clinics,
    "in_house_medical_unit_rate": _units,
    "liability_insurance_coverage": _insured,
    "integrated_institutions": _integrated,
    "three_star_homes": _stars(3),
    "two_star_homes": _stars(2),
    "facilities_closed_building_test": _closed,
    "kaili_project_set": project_set,
}
"""Indicator -> function of the state and the denominator (or the label of one of several values)."""
