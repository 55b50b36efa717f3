"""What is due to homes and facilities that run: by occupancy, by bed and year, by award."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import get_args

from sim.codes import Ownership
from sim.dues.case import Case, Dues, each
from sim.facilities.supply import pipeline_name
from sim.money import exact_fen, fen
from sim.months import Month
from sim.policy import awards, occupancy
from sim.policy.subsidies import Due
from sim.scenario.subsidy_types import AbilityName

_ABILITIES: tuple[AbilityName, ...] = get_args(AbilityName)
COMMUNITY = ("community_day_care_centre", "care_station")
"""Kinds of site that have the yearly award of community facilities."""


def quality_award(case: Case) -> Dues:
    """Once a year, in December: homes with beds, and sites of the plan that are complete."""
    if not case.month.is_december:
        return []
    homes = sum(1 for home in case.homes if home.registered.sum() > 0)
    sites = sum(item.sites for item in case.scenario.sites if item.completes_month <= case.month)
    return each("homes and sites", homes + sites, case)


def operating_subsidy(case: Case) -> Dues:
    """Each month: residents of homes of any ownership, as the scenario counts them.

    Where the scenario has amounts by ability: those who live there at the month's end, each by their own.
    """
    amounts = case.scenario.subsidies.operating_by_ability
    if amounts:
        persons = case.persons.in_homes
        return [
            (f"homes, {name}", Due(n, n * exact_fen(amounts[name].value)))
            for name, n in zip(_ABILITIES, persons, strict=False)
            if n and name in amounts
        ]
    counted = case.persons.by_home
    bed_months = sum(counted, Fraction(0))
    amount = occupancy.operating_fen(case.rate_fen, bed_months)
    return [("homes", Due(float(bed_months), amount))] if bed_months else []


def regional_operating_subsidy(case: Case) -> Dues:
    """Each month: residents of public-built, privately run homes, as the scenario counts them."""
    counted = zip(case.homes, case.persons.by_home, strict=False)  # nobody is counted where no rule asks
    built = (n for home, n in counted if home.spec.ownership == Ownership.PUBLIC_BUILT)
    bed_months = sum(built, Fraction(0))
    amount = occupancy.operating_fen(case.rate_fen, bed_months)
    return [("public-built homes", Due(float(bed_months), amount))] if bed_months else []


def smart_operating(case: Case) -> Iterator[tuple[str, Due]]:
    """Each month: residents of private smart homes; raised from the year after the standard is reached."""
    least = case.terms.least_uplift or 0.0
    given = case.scenario.subsidies.smart_uplift
    uplift = least if given is None else given.value
    positions = {home.spec.name: home.position for home in case.homes}
    for item in case.scenario.pipeline:
        home = positions.get(pipeline_name(item.id))
        if item.smart_from is None or item.ownership != "private" or home is None:
            continue
        bed_months = case.persons.by_home[home] if home < len(case.persons.by_home) else Fraction(0)
        reached = Month.parse(item.smart_from).year
        factor = occupancy.uplift_factor(uplift, least, reached, case.month.year)
        if bed_months:
            amount = occupancy.operating_fen(case.rate_fen, bed_months, factor)
            yield item.id, Due(float(bed_months), amount)


def liability_insurance(case: Case) -> Dues:
    """Once a year, in December: registered beds at the premium per bed.

    Beds of all homes, or those of the share of homes that the scenario counts as insured.
    """
    if not case.month.is_december:
        return []
    sizes = [int(home.registered.sum()) for home in case.homes if home.registered.sum() > 0]
    insured = case.scenario.homes.with_feature("liability_insurance", case.month.index)
    beds = sum(sizes)
    if insured is not None and sizes:
        beds = beds * min(insured, len(sizes)) // len(sizes)
    return each("homes", beds, case)


def community_facility_award(case: Case) -> Dues:
    """Once a year, in December: community facilities in operation, by their score; 0 while none is given."""
    if not case.month.is_december:
        return []
    scenario = case.scenario
    sites = sum(s.sites for s in scenario.sites if s.kind in COMMUNITY and s.completes_month <= case.month)
    facilities = sites + (scenario.coverage.communities_covered or 0)
    score = scenario.subsidies.award_score
    ends = (fen(case.terms.least_yuan or 0), fen(case.terms.most_yuan or 0))
    amount = 0 if score is None else awards.by_score(*ends, score.value)
    return [("community facilities", Due(facilities, facilities * amount))] if facilities else []


def smart_award(case: Case) -> Iterator[tuple[str, Due]]:
    """Once: homes that reach the standard of smart homes; never below the least of the law."""
    least = fen(case.terms.least_yuan or 0)
    amount = awards.at_least(case.rate_fen, least) if case.measure in case.scenario.rates else least
    for item in case.scenario.pipeline:
        if item.smart_from is not None and Month.parse(item.smart_from) == case.month:
            yield item.id, Due(1, amount)


def smart_public_private_award(case: Case) -> Iterator[tuple[str, Due]]:
    """Once: public-built, privately run homes that reach the standard."""
    for item in case.scenario.pipeline:
        reached = item.smart_from is not None and Month.parse(item.smart_from) == case.month
        if reached and item.ownership == "public_built":
            yield item.id, Due(1, case.rate_fen)


def star_award(case: Case) -> Iterator[tuple[str, Due]]:
    """Once: homes that reach a star grade, by the scenario's table; nothing without one."""
    table = {int(star): fen(amount.value) for star, amount in case.scenario.subsidies.star_awards.items()}
    for row in case.scenario.subsidies.star_homes:
        if row.reached_month == case.month:
            yield f"{row.star}-star homes", Due(row.homes, row.homes * awards.by_star(row.star, table))
