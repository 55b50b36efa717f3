"""What an indicator needs from the scenario: where none of it is given, the indicator is not computable."""

from __future__ import annotations

from typing import get_args

from sim.scenario.plan_types import Register

ESTATES = (
    "new_estate_land_m2_per_capita", "new_estate_min_site_m2", "old_estate_min_site_m2",
    "new_estate_min_m2_small", "old_estate_indoor_m2_per_1000_households",
    "old_estate_outdoor_m2_per_1000_households", "new_estate_compliance_rate", "old_estate_compliance_rate",
    "estate_rectification_rate_since_2014", "pooled_estates_allowed", "new_estate_acceptance_block",
)  # fmt: skip
"""Indicators of `sim.indicators.estate_board`."""

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
    "visiting_rate": ("services.visiting.capacity_per_month",),
    "family_care_bed_households": ("services.family_care_bed.capacity_per_month",),
    "home_adaptation_coverage": ("services.home_adaptation.capacity_per_month",),
    "home_adaptation_households_per_year": ("services.home_adaptation.capacity_per_month",),
    "family_carer_training_per_year": ("services.carer_training.capacity_per_month",),
    "basic_service_coverage": (
        "services.home_visit.capacity_per_month",
        "services.day_care.capacity_per_month",
    ),
    "community_complex_coverage_urban": ("coverage.communities", "coverage.before"),
    "meal_service_coverage_urban": ("coverage.communities", "coverage.before"),
    "health_centres_integrated_share": ("coverage.health_centres", "coverage.before"),
    "facility_network_levels": ("coverage.level_before",),
    "care_station_count": ("sites",),
    "idle_destitute_home_reuse": ("sites",),
    "medical_agreement_rate": ("homes.features",),
    "in_house_clinic_compliance": ("homes.features",),
    "in_house_medical_unit_rate": ("homes.features",),
    "integrated_institutions": ("homes.features",),
    "liability_insurance_coverage": ("homes.features",),
    "two_star_homes": ("subsidies.star_homes",),
    "three_star_homes": ("subsidies.star_homes",),
    "lottery_share_eldercare": ("money.lottery",),
    "home_community_funding_cny": ("services",),
    **dict.fromkeys(ESTATES, ("estates",)),
    **{name: (f"registers.{name}",) for name in get_args(Register)},
}
"""Indicator -> keys of the scenario. `community_facility_radius_m` needs places: no input yet."""

SERVICE_OF = {
    "respite_service_coverage": "respite",
    "monthly_visiting_rate": "visiting",
    "visiting_rate": "visiting",
    "family_care_bed_households": "family_care_bed",
    "home_adaptation_coverage": "home_adaptation",
    "home_adaptation_households_per_year": "home_adaptation",
    "family_carer_training_per_year": "carer_training",
}
"""Indicator -> the service that it measures."""
