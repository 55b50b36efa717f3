"""A care home as an agent."""

from __future__ import annotations

from dataclasses import dataclass

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind, Ownership
from sim.streams import text_id


@dataclass(frozen=True)
class HomeSpec:
    """A home as a list or the generator gives it, at its full size.

    Attributes:
        name: text id, unique in the scenario.
        ownership: who owns and who runs it.
        district: position of its district.
        beds: registered beds, ordinary and nursing.
        prices: yuan per month by ability (4).
        chain_integrated: belongs to a chain and has integrated medical care.
        government_invested: built, rebuilt or extended with government money under the plan.
    """

    name: str
    ownership: Ownership
    district: int
    beds: tuple[int, int]
    prices: tuple[float, float, float, float]
    chain_integrated: bool = False
    government_invested: bool = False


class Home(mesa.Agent):  # type: ignore[misc]  # mesa has no types
    """A home of the model: registered and open beds by kind change with supply; residents live elsewhere.

    Who lives here is a column of the residents, who waits is in the list; the home holds neither. `closing`
    counts beds that were closed but still have a resident: nobody is put out.

    Attributes:
        spec: what the list or the generator says of it.
        position: its place among the homes, as in the column `home` of residents.
        key: identity for draws, from its text id.
        registered, open, closing: beds by kind.
    """

    def __init__(self, model: mesa.Model, spec: HomeSpec, position: int) -> None:
        """Make the home without beds; supply brings them."""
        super().__init__(model)
        self.spec = spec
        self.position = position
        self.key = text_id(spec.name)
        self.registered: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)
        self.open: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)
        self.closing: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)

    def change(self, kind: int, registered: int, opened: int) -> None:
        """Add registered and open beds of a kind (negative: take away).

        Raises:
            ValueError: if open beds would be below zero or above registered beds.
        """
        self.registered[kind] += registered
        self.open[kind] += opened
        if not 0 <= self.open[kind] <= self.registered[kind]:
            raise ValueError(
                f"{self.spec.name}: open(={self.open[kind]}) must be from 0 to "
                f"registered(={self.registered[kind]})"
            )
