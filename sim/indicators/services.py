"""Sites near home: canteens, centres of sub-districts and towns, coverage by community facilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def visiting_rate(months: Sequence[float], *, mean: bool = False) -> float:
    """Persons visited in percent of those eligible all month: in the worst month of the year so far.

    Indicators `monthly_visiting_rate` and `visiting_rate`; NaN where the capacity is not known, or nobody is
    eligible. Beside it stand the visits that all of them would take (`visits_required` of table `services`).

    Args:
        months: the rates of the months.
        mean: their mean instead, which is told beside it.
    """
    if not months:
        return NAN
    return sum(months) / len(months) if mean else min(months)


def coverage_all_month(served: Mask | None, entitled_all_month: Mask | None) -> float:
    """Persons served in percent of those entitled for all of the month; NaN where the capacity is not known.

    Args:
        served: (residents,) who has the service.
        entitled_all_month: (residents,) who was entitled from the first day to the last.
    """
    if served is None or entitled_all_month is None:
        return NAN
    return percent(int((served & entitled_all_month).sum()), int(entitled_all_month.sum()))


def given(persons: int | None) -> float:
    """Persons or households that have a service, or got it in a year; NaN if the capacity is unknown."""
    return NAN if persons is None else persons


def per_carer(trained: int | None, carers: int | None) -> float:
    """Trainings per family carer in the year, each carer once at most; NaN if the capacity is unknown.

    Args:
        trained: carers who had their training in the year.
        carers: all of them.
    """
    return NAN if trained is None or not carers else trained / carers


def basic_service_coverage(reached: tuple[int, int] | None) -> float:
    """Residents in need who have a place in a home or any service, in percent of those in need.

    Args:
        reached: who has, and all in need; None where no capacity of any service is known.
    """
    return NAN if reached is None else percent(*reached)
