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
        country: a home of a town or township, made for its destitute; else in a built-up area.
        reputation: in standard deviations; 0 for a middling home, and where it is not known.
        integrated: has integrated medical care.
    """

    name: str
    ownership: Ownership
    district: int
    beds: tuple[int, int]
    prices: tuple[float, float, float, float]
    chain_integrated: bool = False
    government_invested: bool = False
    country: bool = False
    reputation: float = 0.0
    integrated: bool = False


class Home(mesa.Agent):  # type: ignore[misc]  # mesa has no types
    """A home of the model: registered and open beds by kind change with supply; residents live elsewhere.

    Who lives here is a column of the residents, who waits is in the list; the home holds neither. `decided`
    are the beds that the operator has decided to open, `open` those of them that are staffed. `closing`
    counts beds that were closed but still have a resident: nobody is put out.

    Attributes:
        spec: what the list or the generator says of it.
        position: its place among the homes, as in the column `home` of residents.
        key: identity for draws, from its text id.
        registered, decided, open, closing: beds by kind.
    """

    def __init__(self, model: mesa.Model, spec: HomeSpec, position: int) -> None:
        """Make the home without beds; supply brings them."""
        super().__init__(model)
        self.spec = spec
        self.position = position
        self.key = text_id(spec.name)
        self.registered: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)
        self.decided: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)
        self.open: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)
        self.closing: NDArray[np.int64] = np.zeros(len(BedKind), dtype=np.int64)

    def change(self, kind: int, registered: int, opened: int) -> None:
        """Add registered beds, and beds that the operator opens, of a kind (negative: take away).

        What the operator opens or closes is open or closed at once, until `staff` says what is staffed.

        Raises:
            ValueError: if open beds would be below zero or above registered beds.
        """
        self.registered[kind] += registered
        self.decided[kind] += opened
        self.open[kind] = min(max(self.open[kind] + opened, 0), self.decided[kind])
        if not 0 <= self.decided[kind] <= self.registered[kind]:
            raise ValueError(
                f"{self.spec.name}: open(={self.decided[kind]}) must be from 0 to "
                f"registered(={self.registered[kind]})"
            )
