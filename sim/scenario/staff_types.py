"""Inputs about the caregivers of homes: whom one can care for, posts, hiring, leaving, training."""

from __future__ import annotations

from sim.scenario.quantity import (
    Factor,
    Frozen,
    PerYear,
    Quantity,
    Share,
    SomeYuanPerMonth,
)


class ResidentsPerCarer(Quantity):
    """Residents that one caregiver can care for."""

    UNIT = "residents_per_caregiver"
    LOWEST = 0.1
    HIGHEST = 1_000.0


class BedsPerPost(Quantity):
    """Registered beds for each post of a caregiver."""

    UNIT = "beds_per_post"
    LOWEST = 0.1
    HIGHEST = 1_000.0


class MonthsToFill(Quantity):
    """Mean months until a vacant post is filled."""

    UNIT = "months"
    LOWEST = 0.1
    HIGHEST = 120.0


class ByAbilityCarers(Frozen):
    """Residents for each caregiver, by their ability."""

    intact: ResidentsPerCarer
    mild: ResidentsPerCarer
    moderate: ResidentsPerCarer
    severe: ResidentsPerCarer


class HomeStaff(Frozen):
    """Caregivers of homes, see `sim.facilities.carers`.

    Attributes:
        residents_per_carer: whom one can care for.
        public_beds_per_post: registered beds of a public home for each of its posts.
        months_to_fill_a_post: in public homes.
        leaving_per_year: hazard of leaving a home's service.
        hired_per_month: whom a private home can find for new beds, over the caregivers of all its open beds;
            one at least.
        trained_per_year: hazard of an untrained caregiver to be trained.
        wage: of a caregiver.
        leaving_elasticity: percent fewer of them leave by a percent more pay.
    """

    residents_per_carer: ByAbilityCarers
    public_beds_per_post: BedsPerPost
    months_to_fill_a_post: MonthsToFill
    leaving_per_year: PerYear
    hired_per_month: Share
    trained_per_year: PerYear
    wage: SomeYuanPerMonth
    leaving_elasticity: Factor
