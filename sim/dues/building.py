"""What is due when something is built: beds of the pipeline, sites of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from sim.codes import BedKind, Ownership
from sim.dues.case import Case, Dues, each
from sim.money import Exact, fen, whole
from sim.months import Month
from sim.policy import awards, instalments, subsidies
from sim.policy.clauses import Terms
from sim.policy.subsidies import Due
from sim.scenario.bed_types import PipelineBeds, SiteKind
from sim.scenario.types import Scenario

SITES_OF: dict[str, SiteKind] = {
    "rural_home_construction": "rural_mutual_aid_home",
    "day_care_centre_construction": "community_day_care_centre",
    "care_station_construction": "care_station",
}
"""Measure -> the kind of site that it pays for."""
BEDS_OF: dict[str, str] = {"bed_construction_new": "new", "bed_construction_rebuilt": "rebuilt"}
"""Measure -> how the private beds that it pays for are built."""


def rests_on_unknown_size(scenario: Scenario, measure: str, terms: Terms) -> bool:
    """Whether a measure is paid for something whose size (area, households) is asked for and not given."""
    if not scenario.subsidies.area_unknown_qualifies:
        return False
    kind, built = SITES_OF.get(measure), BEDS_OF.get(measure)
    some_sites = [item for item in scenario.sites if kind and item.kind == kind and item.new_build]
    beds = [item for item in scenario.pipeline if item.ownership == "private" and item.beds > 0]
    if terms.least_m2_per_bed is not None and any(i.built == built and i.area_m2 is None for i in beds):
        return True
    if terms.least_households is not None:
        return any(item.households is None for item in some_sites)
    return terms.least_m2 is not None and any(item.area_m2 is None for item in some_sites)


def canteen_upgrade(case: Case) -> Iterator[tuple[str, Due]]:
    """Canteens that complete, each at the rate, never above the budget of the year."""
    spent = case.spent_fen
    for item in case.scenario.sites:
        if item.kind == "canteen_upgraded" and item.completes_month == case.month:
            due = subsidies.sites_due(item.sites, case.rate_fen, fen(case.terms.budget_yuan or 0), spent)
            spent += whole(due.amount_fen)
            yield item.id, due


def nursing_bed_premium(case: Case) -> Dues:
    """Nursing beds that private homes open or convert after the month of the notice, once each."""
    opened = sum(
        change.registered
        for change in case.changes
        if change.kind == BedKind.NURSING and case.homes[change.home].spec.ownership == Ownership.PRIVATE
    )
    return each("private homes", opened if case.after_notice else 0, case)


def bed_construction_new(case: Case) -> Dues:
    """Beds of new private homes with enough area per bed; paid in instalments where the law has them."""
    return _beds(case)


def bed_construction_rebuilt(case: Case) -> Dues:
    """Beds of rebuilt or extended private homes with enough area per bed."""
    return _beds(case)


def smart_home_construction(case: Case) -> Iterator[tuple[str, Due]]:
    """Beds of private smart homes, at a multiple of the base."""
    for item in _private_items(case):
        if item.smart_from is not None:
            amount = instalments.multiplied(item.beds, case.rate_fen, case.terms.factor or 1.0)
            yield item.id, Due(item.beds, amount)


def rural_home_construction(case: Case) -> Dues:
    """New rural mutual-aid homes of enough households, once each."""
    return _sites(case)


def day_care_centre_construction(case: Case) -> Dues:
    """New community day-care centres of enough area, once each."""
    return _sites(case)


def care_station_construction(case: Case) -> Dues:
    """New care stations of enough area, once each."""
    return _sites(case)


def _beds(case: Case) -> Iterator[tuple[str, Due]]:
    for item in _private_items(case):
        if item.built == BEDS_OF[case.measure]:
            beds = _eligible(item, case)
            yield item.id, subsidies.per_unit(beds, case.rate_fen)


def _private_items(case: Case) -> Iterator[PipelineBeds]:
    """Private beds that open in the month, if what opens by then is paid at all."""
    from_month = case.scenario.subsidies.eligible_opened_from
    first = Month.parse(from_month) if from_month else case.notice
    for item in case.scenario.pipeline:
        if item.opens_month == case.month >= first and item.ownership == "private" and item.beds > 0:
            yield item


def _eligible(item: PipelineBeds, case: Case) -> int:
    """Beds of an item that have the area asked for."""
    least, rules = case.terms.least_m2_per_bed, case.scenario.subsidies
    if least is None:
        return item.beds
    if item.area_m2 is None:
        return item.beds if rules.area_unknown_qualifies else 0
    return instalments.eligible_beds(item.beds, item.area_m2, least, rules.area_rule)


def _sites(case: Case) -> Iterator[tuple[str, Due]]:
    """New sites of the measure's kind that complete in the month and are large enough."""
    for item in case.scenario.sites:
        if item.kind != SITES_OF[case.measure] or item.completes_month != case.month or not item.new_build:
            continue
        least = case.terms.least_households or case.terms.least_m2
        size = item.households if case.terms.least_households else item.area_m2
        amount: Exact
        if least is None:
            amount = case.rate_fen
        elif size is None:
            amount = case.rate_fen if case.scenario.subsidies.area_unknown_qualifies else 0
        else:
            amount = awards.flat(case.rate_fen, size, least)
        enough = amount > 0 or (case.rate_fen == 0 and (size is None or least is None or size >= least))
        yield item.id, Due(item.sites if enough else 0, item.sites * amount)
