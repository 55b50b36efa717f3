"""Room for care that housing estates must have, from the numbers of the law; areas by their decimal text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.policy.book import PolicyBook


@dataclass(frozen=True, slots=True)
class AreaRules:
    """What a law asks of a kind of estates; None where it says nothing.

    Attributes:
        m2_per_100_households: floor area by households.
        least_m2: least floor area of an estate, however small.
        least_site_m2: least floor area of each site.
        outdoor_m2_per_100_households: open space by households.
        land_m2_per_resident: land by residents; not comparable with floor area without a plot ratio.
        small_below_households: estates with fewer are the ones that `least_m2` is written for.
        pooling: neighbouring estates may share a site.
    """

    m2_per_100_households: float | None = None
    least_m2: float | None = None
    least_site_m2: float | None = None
    outdoor_m2_per_100_households: float | None = None
    land_m2_per_resident: float | None = None
    small_below_households: float | None = None
    pooling: bool = False


def required_m2(rules: AreaRules, households: int) -> float:
    """Floor area that an estate needs, as a share of a pooled site or alone.

    The least site counts here only where estates may not pool: one that stands alone needs a whole site.
    """
    by_size = _times(rules.m2_per_100_households, households)
    least = [by_size, _exact(rules.least_m2)]
    if not rules.pooling:
        least.append(_exact(rules.least_site_m2))
    return float(max(least))


def required_outdoor_m2(rules: AreaRules, households: int) -> float:
    """Open space that an estate needs."""
    return float(_times(rules.outdoor_m2_per_100_households, households))


def required_land_m2(rules: AreaRules, residents: int) -> float:
    """Land for care that an estate needs."""
    return float(_exact(rules.land_m2_per_resident) * residents)


def land_m2_per_resident(land_m2: float, residents: int) -> float:
    """Land for care over residents of an estate."""
    return float(Fraction(str(land_m2)) / residents)


def site_complies(rules: AreaRules, site_m2: float, households: Sequence[int]) -> bool:
    """Whether one site does for the estates that it serves.

    Args:
        rules: of the law.
        site_m2: floor area of the site.
        households: of each estate served; several only where the law or the scenario lets them pool.

    Raises:
        ValueError: if several estates share a site that may not be pooled.
    """
    if len(households) > 1 and not rules.pooling:
        raise ValueError(f"{len(households)} estates share a site, but pooling is not allowed")
    needed = max(_shares(rules, households), _exact(rules.least_site_m2))
    return Fraction(str(site_m2)) >= needed


def _shares(rules: AreaRules, households: Sequence[int]) -> Fraction:
    """What the estates of a site need together: each its own area, none below the least of an estate."""
    own = (max(_times(rules.m2_per_100_households, one), _exact(rules.least_m2)) for one in households)
    return sum(own, Fraction(0))


def _times(per_100: float | None, households: int) -> Fraction:
    return _exact(per_100) * households / 100


def _exact(number: float | None) -> Fraction:
    return Fraction(str(number)) if number is not None else Fraction(0)


_FIELDS = {
    "new": {
        "new_estate_m2_per_100_households": ("m2_per_100_households", 1),
        "new_estate_min_m2_small": ("least_m2", 1),
        "new_estate_min_site_m2": ("least_site_m2", 1),
        "new_estate_land_m2_per_capita": ("land_m2_per_resident", 1),
    },
    "existing": {
        "old_estate_m2_per_100_households": ("m2_per_100_households", 1),
        "old_estate_indoor_m2_per_1000_households": ("m2_per_100_households", 10),
        "old_estate_outdoor_m2_per_1000_households": ("outdoor_m2_per_100_households", 10),
        "old_estate_min_site_m2": ("least_site_m2", 1),
    },
}
"""Kind of estate -> indicator of a clause -> the field that it fills, and what its number is divided by."""
_MAY_POOL = "pooled_estates_allowed"


def of_law(book: PolicyBook, kind: str, *, pooling: bool = False) -> AreaRules:
    """What a book asks of new or existing estates; restated clauses say the same and are left aside.

    Args:
        book: the law.
        kind: new or existing.
        pooling: whether the scenario lets estates share a site; a clause that allows it does so for
            existing ones.
    """
    asked: dict[str, float] = {}
    for clause in book.clauses:
        if clause.indicator in _FIELDS[kind] and clause.marks and not clause.restates:
            field, divisor = _FIELDS[kind][clause.indicator]
            asked[field] = float(Fraction(str(clause.marks[-1].value)) / divisor)
        small = [v.value for v in clause.numbers if v.unit == "households" and v.operator == "<"]
        if clause.indicator in _FIELDS[kind] and small:
            asked["small_below_households"] = small[0]
    allowed = kind == "existing" and any(clause.indicator == _MAY_POOL for clause in book.clauses)
    return AreaRules(**asked, pooling=pooling or allowed)
