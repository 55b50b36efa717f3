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
