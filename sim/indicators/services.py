"""Sites near home: canteens, centres of sub-districts and towns, coverage by community facilities."""

from __future__ import annotations

from collections.abc import Iterable

from sim.indicators.beds import NAN, Ints, Mask, percent


def canteens_upgraded(completed: Ints, sites: Ints, now: int) -> int:
    """Canteens upgraded by the end of a month (cumulative).

    Args:
        completed: month index in which each pipeline item completes.
        sites: sites of each item, same shape.
        now: month index.
    """
    return int(sites[completed <= now].sum())


def centres_built(completed: Ints, sites: Ints, complete_set: Mask, now: int) -> int:
    """Centres with all required functions completed by a month's end: `subdistrict_care_centres_built`.

    Args:
        completed: month index in which each pipeline item completes.
        sites: sites of each item.
        complete_set: whether an item has them, see `has_functions`. All of shape (items,).
        now: month index.
    """
    return int(sites[complete_set & (completed <= now)].sum())


def centre_functions(completed: Ints, sites: Ints, complete_set: Mask, now: int) -> float:
    """Completed centres with all required functions, in percent: `subdistrict_centre_functions`.

    NaN if none was completed; arguments as for `centres_built`.
    """
    return percent(centres_built(completed, sites, complete_set, now), int(sites[completed <= now].sum()))


def has_functions(functions: Iterable[str], required: Iterable[str]) -> bool:
    """Whether a site has all functions that the clause requires (`Clause.requires`)."""
    return set(required) <= set(functions)


def centre_coverage(before: int, built: int, towns: int) -> float:
    """Sub-districts and towns with a centre, in percent (`subdistrict_centre_coverage`); at most all of them.

    Each new centre is taken to stand where there was none. Where `before` is uncertain, call once per value:
    in Yinchuan 40 and 41 of 55 give 87.27 and 89.09 percent after 8 more.
    """
    return percent(min(before + built, towns), towns)


def community_coverage(covered: int | None, units: int | None) -> float:
    """Communities or villages with a facility, in percent; NaN (not computable) unless both are known."""
    return NAN if covered is None or units is None else percent(covered, units)


def coverage(served: int | None, entitled: int | None) -> float:
    """Persons served in percent of those entitled; NaN (not computable) where the capacity is not known."""
    return NAN if served is None or entitled is None else percent(served, entitled)


def respite_service_coverage(served: int | None, entitled: int | None) -> float:
    """Members of the groups who can get respite, in percent of all members: `respite_service_coverage`.

    Args:
        served: persons for whom there is a place in the month; None where the capacity is not known.
        entitled: persons of the groups that the clause names.
    """
    return coverage(served, entitled)


def monthly_visiting_rate(visited: Mask | None, eligible_all_month: Mask | None) -> float:
    """Persons visited in the month in percent of those eligible for all of it: `monthly_visiting_rate`.

    NaN where the capacity is not known, or nobody is eligible. Beside it stand the visits that all of them
    would take (`visits_required` of table `services`).

    Args:
        visited: (residents,) who had their visits.
        eligible_all_month: (residents,) who was eligible from the first day to the last.
    """
    if visited is None or eligible_all_month is None:
        return NAN
    return percent(int((visited & eligible_all_month).sum()), int(eligible_all_month.sum()))
