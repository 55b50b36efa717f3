"""What is due for each measure in a month: one function per measure of the policy files, by name."""

from __future__ import annotations

from collections.abc import Callable

from sim.dues import building, persons, running
from sim.dues.case import Case, Dues

_FUNCTIONS: tuple[Callable[[Case], Dues], ...] = (
    building.canteen_upgrade,
    building.nursing_bed_premium,
    building.bed_construction_new,
    building.bed_construction_rebuilt,
    building.rural_home_construction,
    building.day_care_centre_construction,
    building.care_station_construction,
    building.smart_home_construction,
    running.quality_award,
    running.operating_subsidy,
    running.regional_operating_subsidy,
    running.smart_operating,
    running.liability_insurance,
    running.community_facility_award,
    running.smart_award,
    running.smart_public_private_award,
    running.star_award,
    persons.old_age_allowance,
    persons.nursing_subsidy,
    persons.free_bus,
    persons.care_service_subsidy,
    persons.free_health_check,
    persons.poor_dependent_supplement,
    persons.care_worker_subsidy,
    persons.caregiver_post_allowance,
    persons.caregiver_grade_pay,
    persons.staff_social_insurance_subsidy,
)
MEASURES: dict[str, Callable[[Case], Dues]] = {
    **{function.__name__: function for function in _FUNCTIONS},
    **dict.fromkeys(persons.COUNTED, persons.counted),
}
"""Measure of a policy file -> the function that says what is due."""
