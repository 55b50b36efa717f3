"""The numbers from which a list of homes is made: keyed draws, or the even spread of run 0.

A list that is drawn may by chance have its large homes in one district, or all cheap ones full. Run 0 has all
parameters in the middle, so its list is no draw: each attribute takes the midpoints of equal slices of its
distribution, each once, and the attributes are dealt out so that none goes with another (a Latin hypercube of
midpoints with little correlation, after Iman and Conover 1982, doi:10.1080/03610918208812265).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.streams import START, Purpose, key, text_id, uniforms

F64 = NDArray[np.float64]

Attribute = Literal[
    "size", "nursing", "price", "operator", "district", "opens", "country", "reputation", "integrated"
]
ATTRIBUTES: tuple[Attribute, ...] = get_args(Attribute)
_TRIES = 1000
"""Orders that are tried for each attribute of the even spread."""


@dataclass(frozen=True)
class ListDraws:
    """Where the numbers of a list come from.

    Attributes:
        seed: of a list that is drawn; None for the even spread of run 0.
    """

    seed: int | None

    def of(self, attribute: Attribute, names: list[str]) -> F64:
        """One number in (0, 1) for an attribute of each home: (homes,).

        Drawn numbers depend on the seed and each home's own name; those of the even spread on the place in
        the list.
        """
        if self.seed is None:
            return np.asarray(even_spread(len(names))[ATTRIBUTES.index(attribute)])
        ids = np.array([text_id(_identity(attribute, name)) for name in names], dtype=np.uint64)
        return uniforms(key(self.seed, Purpose.HOMES_GENERATED, START), ids)

    def start(self, word: str) -> float:
        """Where the systematic sampling of districts starts, as a part of its step: in [0, 1)."""
        if self.seed is None:
            return 0.5
        ids = np.array([text_id(f"{word}/district-start")], dtype=np.uint64)
        return float(uniforms(key(self.seed, Purpose.HOMES_GENERATED, START), ids)[0])


def _identity(attribute: Attribute, name: str) -> str:
    return name if attribute == "opens" else f"{name}/{attribute}"


@lru_cache(maxsize=8)
def even_spread(count: int) -> F64:
    """The midpoints of `count` equal slices of (0, 1), in another order for each attribute.

    Of some orders that are tried the one that goes least with the attributes before it is taken, by the sum
    of squared correlations.

    Returns:
        (attributes, count).
    """
    places = np.empty((len(ATTRIBUTES), count), np.int64)
    off = 2 * np.arange(count) + 1 - count  # twice the midpoints less their mean, in slices: whole numbers
    for row, attribute in enumerate(ATTRIBUTES):
        ids = np.array([text_id(f"{attribute}/{place}") for place in range(count)], dtype=np.uint64)
        best = None
        for number in range(_TRIES if row and count > 1 else 1):
            order = np.argsort(uniforms(key(number, Purpose.HOMES_GENERATED, START), ids), kind="stable")
            # many orders tie: whole numbers, so that every machine sees the ties and takes the first
            with_others = off[places[:row]] @ off[order]
            total = sum(int(each) ** 2 for each in with_others)
            if best is None or total < best:
                best, places[row] = total, order
    return (places + 0.5) / count
