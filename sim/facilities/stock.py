"""The list of homes: a user's own table, or generated from proxies where no list is published.

Generated homes add up exactly to the published beds and nursing beds. They are a proxy: every replication but
run 0 draws them anew, so that no result rests on one invented list.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind, Ownership
from sim.facilities.home import HomeSpec
from sim.facilities.list_draws import ListDraws
from sim.population.rake import largest_remainder
from sim.quantiles import normal
from sim.scenario.bed_types import Generator, Stock
from sim.scenario.home_list import read_home_list

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_SMALLEST_HOME_BEDS = 10


def read_homes(path: Path, districts: list[str], stock: Stock) -> list[HomeSpec]:
    """A user's list of homes.

    Raises:
        ValueError: as `read_home_list`; a loaded scenario has been checked already.
    """
    specs = []
    for row in read_home_list(path, districts, stock):
        intact, partly, severe = row.prices
        kinds = (row.beds - row.nursing_beds, row.nursing_beds)
        place = districts.index(row.district)
        prices = (intact, partly, partly, severe)
        specs.append(HomeSpec(row.id, row.ownership, place, kinds, prices, row.chain_integrated))
    return specs


def generate(generator: Generator, stock: Stock, district_weights: F64, draws: ListDraws) -> list[HomeSpec]:
    """Generate homes that add up exactly to the beds and nursing beds of the stock.

    Sizes are lognormal around the mean of the ownership; the nursing share varies between homes around that
    of the ownership; districts follow the older residents; charges are lognormal around the ownership's.

    Args:
        generator: the proxies.
        stock: beds and nursing beds to add up to.
        district_weights: (districts,) residents aged 60+.
        draws: keyed by a seed, or the even spread of run 0.
    """
    public, private = (
        _homes(ownership, kinds, generator, district_weights, draws)
        for ownership, kinds in zip(
            (Ownership.PUBLIC, Ownership.PRIVATE), generator.split(stock), strict=True
        )
    )
    chains = round(generator.chain_integrated_homes.value)
    return public + [replace(spec, chain_integrated=i < chains) for i, spec in enumerate(private)]


def _homes(
    ownership: Ownership, total: tuple[int, int], generator: Generator, weights: F64, draws: ListDraws
) -> list[HomeSpec]:
    """The homes of an ownership with so many ordinary and nursing beds; public-built ones are public here."""
    beds, nursing = sum(total), total[BedKind.NURSING]
    public = ownership == Ownership.PUBLIC
    mean = (generator.beds_per_public_home if public else generator.beds_per_private_home).value
    word = ownership.name.lower()
    names = [f"{word}-{i + 1:03d}" for i in range(max(round(beds / mean), 1) if beds else 0)]
    sizes = _sizes(beds, np.exp(generator.size_log_sd.value * normal(draws.of("size", names))))
    country = _so_many_beds(
        sizes, generator.country_share.value * beds if public else 0.0, draws.of("country", names)
    )
    with_nursing = _with_nursing(sizes, country, nursing, generator, draws.of("country", names))
    weights_nursing = np.exp(generator.nursing_log_sd.value * normal(draws.of("nursing", names)))
    kinds = _nursing(sizes, nursing, np.where(with_nursing, weights_nursing, 0.0))
    built = _so_many_beds(
        sizes, generator.public_built_share.value * beds if public else 0.0, draws.of("operator", names)
    )
    integrated = draws.of("integrated", names) < generator.integrated_share.value
    reputation = normal(draws.of("reputation", names))
    places = _districts(draws.of("district", names), weights, draws.start(word))
    levels = np.exp(generator.price_log_sd.value * normal(draws.of("price", names)))
    intact, mild, moderate, severe = central_prices(ownership, generator)
    return [
        HomeSpec(
            name, Ownership.PUBLIC_BUILT if i in built else ownership, int(places[i]),
            (int(sizes[i] - kinds[i]), int(kinds[i])),
            (intact * level, mild * level, moderate * level, severe * level),
            country=i in country, reputation=float(reputation[i]),
            integrated=bool(integrated[i] and kinds[i]),
        )
        for i, (name, level) in enumerate(zip(names, levels.tolist(), strict=True))
    ]  # fmt: skip


def _sizes(beds: int, weights: F64) -> I64:
    """Beds of homes in proportion to weights, none very small, exact in total."""
    count = len(weights)
    floor = min(_SMALLEST_HOME_BEDS, beds // max(count, 1))
    return np.asarray(floor + largest_remainder(weights, beds - floor * count))


def _nursing(sizes: I64, total: int, weights: F64) -> I64:
    """Nursing beds of homes: shares spread around the mean, never above the size, exact in total."""
    nursing = np.zeros(len(sizes), dtype=np.int64)
    left = total
    while left > 0:
        room = sizes - nursing
        nursing += np.minimum(largest_remainder(np.where(room > 0, weights * sizes, 0), left), room)
        left = total - int(nursing.sum())
    return nursing


def _with_nursing(
    sizes: I64, country: set[int], nursing: int, generator: Generator, drawn: F64
) -> NDArray[np.bool_]:
    """Homes that have nursing beds: all in towns, and of country homes the last in the drawn order.

    More country homes have some where the others have not enough room.
    """
    has = np.array([i not in country for i in range(len(sizes))], dtype=np.bool_)
    order = sorted(country, key=lambda i: -drawn[i])
    some = round(generator.country_nursing_share.value * len(order))
    for rank, i in enumerate(order):
        if rank < some or sizes[has].sum() < nursing:
            has[i] = True
    return has


def _so_many_beds(sizes: I64, wanted: float, drawn: F64) -> set[int]:
    """Homes in the drawn order until so many beds are reached."""
    chosen = set()
    for i in np.argsort(drawn, kind="stable").tolist():
        if wanted < sizes[i] / 2:
            break
        chosen.add(i)
        wanted -= sizes[i]
    return chosen


def _districts(drawn: F64, weights: F64, start: float) -> I64:
    """District of each home: systematic sampling in the drawn order, so that districts get their share."""
    cumulated = np.cumsum(weights) / weights.sum()
    count = len(drawn)
    places = np.zeros(count, dtype=np.int64)
    for rank, i in enumerate(np.argsort(drawn, kind="stable")):
        places[i] = np.searchsorted(cumulated, (rank + start) / count, side="right")
    return np.minimum(places, len(weights) - 1)


def central_prices(ownership: Ownership, generator: Generator) -> tuple[float, float, float, float]:
    """Charges of an ownership by ability, yuan per month, without the spread between homes."""
    if ownership == Ownership.PRIVATE:
        partly = generator.price_private_partly.value
        return generator.price_private_intact.value, partly, partly, generator.price_private_severe.value
    dependent = generator.price_public_dependent.value
    return generator.price_public_intact.value, dependent, dependent, dependent
