"""The list of homes: a user's own table, or generated from proxies where no list is published.

Generated homes add up exactly to the published beds and nursing beds. They are a proxy: every replication but
run 0 draws them anew, so that no result rests on one invented list.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ownership
from sim.facilities.home import HomeSpec
from sim.population.rake import largest_remainder
from sim.quantiles import normal
from sim.scenario.bed_types import Generator, Stock
from sim.scenario.home_list import read_home_list
from sim.streams import START, Purpose, key, text_id, uniform

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_NURSING_SPREAD = 0.8
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


def generate(generator: Generator, stock: Stock, district_weights: F64, seed: int) -> list[HomeSpec]:
    """Generate homes that add up exactly to the beds and nursing beds of the stock.

    Sizes are lognormal around the mean of the ownership; the nursing share varies between homes around that
    of the ownership; districts follow the older residents; charges are lognormal around the ownership's.

    Args:
        generator: the proxies.
        stock: beds and nursing beds to add up to.
        district_weights: (districts,) residents aged 60+.
        seed: of the list (not of the run: run 0 has its own fixed list).
    """
    nursing_total = stock.nursing_beds or 0
    public_beds = round(generator.public_bed_share.value * stock.beds)
    private_beds = stock.beds - public_beds
    sizes = {
        Ownership.PUBLIC: _sizes(
            "public", public_beds, generator.beds_per_public_home.value, generator, seed
        ),
        Ownership.PRIVATE: _sizes(
            "private", private_beds, generator.beds_per_private_home.value, generator, seed
        ),
    }
    share = generator.public_nursing_share_factor.value * nursing_total / max(stock.beds, 1)
    nursing_public = max(min(round(share * public_beds), public_beds), nursing_total - private_beds)
    nursing = {
        Ownership.PUBLIC: _nursing("public", sizes[Ownership.PUBLIC], nursing_public, seed),
        Ownership.PRIVATE: _nursing(
            "private", sizes[Ownership.PRIVATE], nursing_total - nursing_public, seed
        ),
    }
    specs = []
    chain_left = round(generator.chain_integrated_homes.value)
    for ownership, beds in sizes.items():
        word = ownership.name.lower()
        built = _public_built(word, beds, generator, seed) if ownership == Ownership.PUBLIC else []
        places = _districts(word, len(beds), district_weights, seed)
        for i, size in enumerate(beds):
            chain = ownership == Ownership.PRIVATE and chain_left > 0
            chain_left -= chain
            specs.append(
                HomeSpec(
                    f"{word}-{i + 1:03d}", Ownership.PUBLIC_BUILT if i in built else ownership,
                    int(places[i]), (int(size - nursing[ownership][i]), int(nursing[ownership][i])),
                    _prices(ownership, f"{word}-{i + 1:03d}", generator, seed), bool(chain),
                )
            )  # fmt: skip
    return specs


def _drawn(what: str, text: str, seed: int) -> float:
    """One keyed number for one attribute of one generated home."""
    return uniform(key(seed, Purpose.HOMES_GENERATED, START), text_id(f"{text}/{what}"))


def _normal(what: str, text: str, seed: int) -> float:
    return float(normal(_drawn(what, text, seed)))


def _sizes(word: str, beds: int, mean: float, generator: Generator, seed: int) -> I64:
    count = max(round(beds / mean), 1) if beds else 0
    if not count:
        return np.zeros(0, dtype=np.int64)
    sd = generator.size_log_sd.value
    weights = np.array([np.exp(sd * _normal("size", f"{word}-{i + 1:03d}", seed)) for i in range(count)])
    floor = min(_SMALLEST_HOME_BEDS, beds // count)
    return floor + largest_remainder(weights, beds - floor * count)


def _nursing(word: str, sizes: I64, total: int, seed: int) -> I64:
    """Nursing beds of homes: shares spread around the mean, never above the size, exact in total."""
    nursing = np.zeros(len(sizes), dtype=np.int64)
    weights = np.array(
        [np.exp(_NURSING_SPREAD * _normal("nursing", f"{word}-{i + 1:03d}", seed)) for i in range(len(sizes))]
    )
    left = total
    while left > 0:
        room = sizes - nursing
        nursing += np.minimum(largest_remainder(np.where(room > 0, weights * sizes, 0), left), room)
        left = total - int(nursing.sum())
    return nursing


def _public_built(word: str, beds: I64, generator: Generator, seed: int) -> set[int]:
    """Public homes that a private operator runs: in keyed order until their share of the beds is reached."""
    order = sorted(range(len(beds)), key=lambda i: _drawn("operator", f"{word}-{i + 1:03d}", seed))
    wanted, chosen = generator.public_built_share.value * beds.sum(), set()
    for i in order:
        if wanted < beds[i] / 2:
            break
        chosen.add(i)
        wanted -= beds[i]
    return chosen


def _districts(word: str, count: int, weights: F64, seed: int) -> I64:
    """District of each home: systematic sampling in keyed order, so that districts get their share."""
    cumulated = np.cumsum(weights) / weights.sum()
    order = sorted(range(count), key=lambda i: _drawn("district", f"{word}-{i + 1:03d}", seed))
    start = _drawn("district-start", word, seed)
    places = np.zeros(count, dtype=np.int64)
    for rank, i in enumerate(order):
        places[i] = np.searchsorted(cumulated, (rank + start) / count, side="right")
    return np.minimum(places, len(weights) - 1)


def central_prices(ownership: Ownership, generator: Generator) -> tuple[float, float, float, float]:
    """Charges of an ownership by ability, yuan per month, without the spread between homes."""
    if ownership == Ownership.PRIVATE:
        partly = generator.price_private_partly.value
        return generator.price_private_intact.value, partly, partly, generator.price_private_severe.value
    dependent = generator.price_public_dependent.value
    return generator.price_public_intact.value, dependent, dependent, dependent


def _prices(
    ownership: Ownership, text: str, generator: Generator, seed: int
) -> tuple[float, float, float, float]:
    level = float(np.exp(generator.price_log_sd.value * _normal("price", text, seed)))
    intact, mild, moderate, severe = central_prices(ownership, generator)
    return intact * level, mild * level, moderate * level, severe * level
