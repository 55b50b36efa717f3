"""Sites that a plan completes, counted by kind: in all, within a year, over units, by district, by level.

What came before the plan is not a site of it: where a count needs it, the caller gives it, and None is "not
known", which makes the figure "not computable".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sim.indicators.beds import NAN, percent
from sim.months import MONTHS_PER_YEAR
from sim.scenario.bed_types import Level, PipelineSites, SiteKind

LEVEL_OF: dict[SiteKind, Level] = {
    "destitute_support_home": "district",
    "subdistrict_centre": "town",
    "canteen_upgraded": "community",
    "community_day_care_centre": "community",
    "care_station": "community",
    "village_care_station": "community",
    "rural_mutual_aid_home": "community",
    "community_service_complex": "community",
    "home_care_network_point": "community",
    "embedded_day_care_centre": "community",
    "meal_service_point": "community",
}
"""Level of a kind of site in a network of facilities; others have one only if the scenario says so."""
LEVELS: tuple[Level, ...] = ("city", "district", "town", "community")


def completed(sites: Iterable[PipelineSites], kinds: Collection[str], month: int) -> int:
    """Sites of some kinds completed by the end of a month (index): a stock, never asked for again."""
    return sum(item.sites for item in sites if item.kind in kinds and item.completes_month.index <= month)


def listed(sites: Iterable[PipelineSites], kinds: Collection[str], month: int) -> float:
    """As `completed`, but NaN where the scenario lists no such site: of a count that no plan promises."""
    some = [item for item in sites if item.kind in kinds]
    return completed(some, kinds, month) if some else NAN


def completed_in_year(sites: Iterable[PipelineSites], kinds: Collection[str], month: int) -> int:
    """Sites of some kinds completed in the calendar year of a month, up to its end."""
    year = month // MONTHS_PER_YEAR
    within = [item for item in sites if item.completes_month.index // MONTHS_PER_YEAR == year]
    return completed(within, kinds, month)


def share_covered(before: float | None, built: int, units: float | None) -> float:
    """Units that have a site, in percent, at most all; NaN where units or the sites before are not known.

    Each new site is taken to stand in a unit that had none.
    """
    return NAN if before is None or units is None else percent(min(before + built, units), units)


def fewest_per_district(
    sites: Iterable[PipelineSites], kinds: Collection[str], districts: Sequence[str], month: int
) -> int:
    """Completed sites of some kinds in the district that has the fewest.

    A site whose district is not given goes where there are fewest of them, as such a plan intends.
    """
    there = [item for item in sites if item.kind in kinds and item.completes_month.index <= month]
    counts = Counter(dict.fromkeys(districts, 0))
    anywhere = 0
    for item in there:
        if item.district is not None and item.district in counts:
            counts[item.district] += item.sites
        else:
            anywhere += item.sites
    for _ in range(anywhere):
        counts[min(districts, key=lambda name: counts[name])] += 1
    return min(counts.values(), default=0)


def network_levels(sites: Iterable[PipelineSites], before: Mapping[Level, float], month: int) -> float:
    """Levels of the network that have a facility; NaN while it is not known whether some level has one.

    Args:
        sites: of the plan.
        before: facilities of a level before the plan, where known.
        month: month index.
    """
    there = [item for item in sites if item.sites and item.completes_month.index <= month]
    new = {item.level or LEVEL_OF.get(item.kind) for item in there}
    known = [level for level in LEVELS if level in new or level in before]
    if len(known) < len(LEVELS):
        return NAN
    return sum(1 for level in LEVELS if level in new or before[level] > 0)
