"""What an indicator needs from the scenario: where none of it is given, the indicator is not computable."""

from __future__ import annotations

from typing import get_args

from sim.scenario.plan_types import Register

NEEDS: dict[str, tuple[str, ...]] = {
    "community_facility_coverage_urban": ("coverage.communities", "coverage.communities_covered"),
    "community_facility_coverage_rural": ("coverage.villages", "coverage.villages_covered"),
    "subdistrict_centre_functions": ("sites",),
    "nursing_bed_share_public_new": ("pipeline",),
    "new_estate_m2_per_100_households": ("estates",),
    "old_estate_m2_per_100_households": ("estates",),
    "new_estate_four_synchronous": ("estates",),
    "share_within_15_min": ("proximity.facilities", "proximity.built_up"),
    "social_workers_per_1000_elderly": ("staff.social_workers_in_homes", "staff.social_workers_community"),
    "social_workers_per_100_beds": ("staff.social_workers_in_homes",),
    "budget_execution_rate": ("money.budgets",),
    "central_project_on_time_rate": ("central_projects",),
    "respite_service_coverage": ("services.respite.capacity_per_month",),
    "monthly_visiting_rate": ("services.visiting.capacity_per_month",),
    **{name: (f"registers.{name}",) for name in get_args(Register)},
}
"""Indicator -> keys of the scenario. `community_facility_radius_m` needs places: no input yet."""

SERVICE_OF = {"respite_service_coverage": "respite", "monthly_visiting_rate": "visiting"}
"""Indicator -> the service that it measures."""
