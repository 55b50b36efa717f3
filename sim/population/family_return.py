"""Families of residents of homes: how ready they are to take somebody back, and who does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Group
from sim.months import MONTHS_PER_YEAR, Month
from sim.population.family_hours import hours_if_taken_back
from sim.population.family_rows import distinct
from sim.population.family_terms import Terms
from sim.population.residents import Residents
from sim.streams import Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_HAIR = 1e-12


class Resting:
    """The families of residents of homes; they rest from the day of the move."""

    def __init__(self, terms: Terms, residents: Residents, seed: int) -> None:
        """Take the inputs; nobody is in a home yet.

        Args:
            terms: inputs about families.
            residents: the table.
            seed: of the replication.
        """
        self._terms, self._people, self._seed = terms, residents, seed
        self.inside: I64 = np.zeros(0, np.int64)

    @property
    def in_homes(self) -> I64:
        """Rows of residents of homes, ascending, as the latest month or the start left them."""
        inside: I64 = self.inside[self._people.home[self.inside] != NEVER]
        return inside

    def settle(self, admitted: I64) -> None:
        """After a month, in which some moved into homes."""
        people = self._people
        inside = distinct(np.concatenate([self.inside, admitted]))
        self.inside = inside[(people.home[inside] != NEVER) & (people.left[inside] == 0)]

    def taken_back(self, month: Month, per_year: float) -> I64:
        """Rows of residents of homes whose family takes them back in a month, ascending.

        Only a family that can give most of the hours does; its hazard falls with the strain that is left.

        Args:
            month: the month; homes are those when it begins.
            per_year: hazard at the reference.
        """
        rows = self._not_destitute()
        rate = per_year / MONTHS_PER_YEAR / self._terms.inputs.strain.reference.take_back.value
        drawn = uniforms(key(self._seed, Purpose.TAKE_BACK, month.index), self._people.id[rows])
        may = drawn < rate + _HAIR  # readiness is 1 at most, and a probability below its hazard
        rows, drawn = rows[may], drawn[may]
        return rows[drawn < 1 - np.exp(-rate * self._readiness(rows, month.plus(-1)))]

    def readiness(self, month: Month) -> tuple[I64, F64]:
        """Residents of homes as the latest month left them, the destitute not, and how ready families are.

        Readiness is 0 where the family can't give most of the hours, else 1 less the strain that is left at
        the end of `month`.
        """
        rows = self._not_destitute()
        return rows, self._readiness(rows, month)

    def _not_destitute(self) -> I64:
        rows: I64 = self.inside[(self._people.groups[self.inside] & Group.DESTITUTE) == 0]
        return rows

    def _readiness(self, rows: I64, month: Month) -> F64:
        people, terms, strain = self._people, self._terms, self._terms.inputs.strain
        can = np.zeros(len(rows))
        hours_if_taken_back(
            rows, people.ability, people.spouse, people.left, people.home, people.children_near,
            people.children_far, terms.able, terms.hours, can,
        )  # fmt: skip
        asked = strain.take_back_hours_share.value * terms.needed[people.ability[rows]]
        months = month.index - people.care_ended[rows].astype(np.int64)
        left = people.strain_at_end[rows] * np.exp(-months / strain.rests.value)
        return np.where((can > 0) & (can >= asked), 1.0 - left, 0.0)
