"""Estates against the rules of a law: land, least areas, sites that several share, compliance, corrections.

An estate that lacks a number which a rule asks for makes the figure "not computable": the worst of the known
ones would be no worst.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from sim.indicators.beds import NAN, percent
from sim.indicators.estates import care_area, handed_over
from sim.months import Month
from sim.policy.estates_rules import AreaRules, land_m2_per_resident, required_m2, required_outdoor_m2
from sim.scenario.plan_types import Estate


def worst_land_m2_per_resident(estates: Iterable[Estate], month: int) -> float:
    """Least land for care over planned residents among new estates.

    Indicator `new_estate_land_m2_per_capita`; NaN without estates, or where land or residents are unknown.
    """
    there = handed_over(estates, "new", month)
    known = [
        land_m2_per_resident(estate.land_m2, estate.residents)
        for estate in there
        if estate.land_m2 is not None and estate.residents is not None
    ]
    return min(known) if there and len(known) == len(there) else NAN


def smallest_site_m2(estates: Iterable[Estate], kind: str, month: int) -> float:
    """Floor area of the smallest site; estates that name one site add up to it.

    Indicators `new_estate_min_site_m2` and `old_estate_min_site_m2`; NaN without estates.
    """
    sites: dict[str, Fraction] = defaultdict(Fraction)
    for estate in handed_over(estates, kind, month):
        sites[estate.site or f"own of {estate.id}"] += Fraction(str(care_area(estate, month)))
    return float(min(sites.values())) if sites else NAN


def least_m2_of_small(estates: Iterable[Estate], month: int, below_households: float | None) -> float:
    """Least floor area among new estates of fewer households than the law says.

    Indicator `new_estate_min_m2_small`; NaN if there is none.
    """
    small = [
        care_area(estate, month)
        for estate in handed_over(estates, "new", month)
        if below_households is not None and estate.households < below_households
    ]
    return min(small, default=NAN)


def worst_per_1000_households(estates: Iterable[Estate], month: int, *, outdoor: bool) -> float:
    """Least indoor or outdoor area per 1,000 households among existing estates; NaN where it is unknown.

    Indicators `old_estate_indoor_m2_per_1000_households` and `old_estate_outdoor_m2_per_1000_households`.
    """
    there = handed_over(estates, "existing", month)
    areas = [estate.outdoor_m2 if outdoor else care_area(estate, month) for estate in there]
    known = [
        float(Fraction(str(area)) * 1000 / estate.households)
        for area, estate in zip(areas, there, strict=True)
        if area is not None
    ]
    return min(known) if there and len(known) == len(there) else NAN


def compliance_rate(
    estates: Iterable[Estate], kind: str, month: int, rules: AreaRules, since: int | None = None
) -> float:
    """Estates of a kind that have what the law asks, in percent; NaN if there is none, or something unknown.

    Indicators `new_estate_compliance_rate` and `old_estate_compliance_rate`. Where a law asks no area of
    existing estates, what counts is that a day-care centre serves them.

    Args:
        estates: of the scenario.
        kind: new or existing.
        month: month index.
        rules: what the law asks of the kind.
        since: leave out estates handed over before this month.
    """
    there = [
        estate
        for estate in handed_over(estates, kind, month)
        if since is None or estate.handover is None or Month.parse(estate.handover).index >= since
    ]
    return _share([_complies(estate, month, rules) for estate in there])


def rectification_rate(estates: Iterable[Estate], month: int, new: AreaRules) -> float:
    """Estates once found wanting that have by now what the law asks of new ones, in percent.

    Indicator `estate_rectification_rate_since_2014`; NaN if none was found wanting.
    """
    wanting = [estate for estate in estates if estate.found_deficient]
    return _share([_complies(estate, month, new) for estate in wanting])


def pooled_sites(estates: Iterable[Estate], month: int) -> float:
    """Sites that several existing estates share (indicator `pooled_estates_allowed`, reported).

    NaN where no existing estate is listed.
    """
    there = handed_over(estates, "existing", month)
    names = [estate.site for estate in there if estate.site]
    if not there:
        return NAN
    return float(sum(1 for name in set(names) if names.count(name) > 1))


def _complies(estate: Estate, month: int, rules: AreaRules) -> bool | None:
    """Whether an estate has what it needs; None where that is not known."""
    asks_area = rules.m2_per_100_households is not None or rules.least_m2 is not None
    if not asks_area and rules.land_m2_per_resident is None and rules.outdoor_m2_per_100_households is None:
        return estate.day_care_centre
    verdicts: list[bool | None] = []
    if asks_area:
        enough = Fraction(str(required_m2(rules, estate.households)))
        verdicts.append(Fraction(str(care_area(estate, month))) >= enough)
    if rules.outdoor_m2_per_100_households is not None:
        outdoor = estate.outdoor_m2
        needed = Fraction(str(required_outdoor_m2(rules, estate.households)))
        verdicts.append(None if outdoor is None else Fraction(str(outdoor)) >= needed)
    if rules.land_m2_per_resident is not None:
        known = estate.land_m2 is not None and estate.residents is not None
        verdicts.append(_land_does(estate, rules) if known else None)
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _land_does(estate: Estate, rules: AreaRules) -> bool:
    per_resident = land_m2_per_resident(estate.land_m2 or 0, estate.residents or 1)
    return per_resident >= (rules.land_m2_per_resident or 0)


def _share(verdicts: Sequence[bool | None]) -> float:
    if None in verdicts:
        return NAN
    return percent(sum(1 for verdict in verdicts if verdict), len(verdicts))
