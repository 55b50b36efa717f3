"""Families as agents: columns beside the residents they care for, and a light view that reads like one.

A family is that of one resident; two spouses are each other's family and share their children's hours.
Columns of `Residents` hold its state (children near and far, whether the main carer is ill, strain,
pressure). Only families of residents in care need (mild ability or worse) outside homes are looked at, so a
family is first known when care is first needed: children are drawn from keys, the same whenever that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Ability, Group, Living
from sim.months import MONTHS_PER_YEAR, Month
from sim.population import family_kernels as kernels
from sim.population.ability import AbilityTables
from sim.population.family_start import strain_now, strain_on_entry
from sim.population.lifetable import FIRST_MONTHS, GRID
from sim.population.residents import UNKNOWN, Residents
from sim.quantiles import exponential, poisson_of
from sim.scenario.family_types import Families as Inputs
from sim.scenario.family_types import StrainReference
from sim.scenario.mechanism_types import Mechanisms
from sim.streams import START, Purpose, key, pair_ids, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

SOURCES = ("spouse", "household", "children_near", "children_far")
"""Who gives care, in this order: what is needed is asked of the first before the next."""
_LONG = 240
"""Months after which nothing is left of strain."""
_IN_NEED = (Ability.MILD, Ability.MODERATE, Ability.SEVERE)


class Help(NamedTuple):
    """What services do for families in a month; arrays over the rows of `Families`.

    Attributes:
        off_unmet: hours a week that they take off unmet care; `off_family` off what the family gives.
        respite: whether the family has respite; `trained` whether a carer was trained.
    """

    off_unmet: F64
    off_family: F64
    respite: Mask
    trained: Mask

    @classmethod
    def none(cls, families: int) -> Help:
        """No service for any of so many families."""
        no, nobody = np.zeros(families), np.zeros(families, np.bool_)
        return cls(no, no, nobody, nobody)


@dataclass(frozen=True, slots=True)
class Family:
    """The family of one resident in care need, read through the columns."""

    residents: Residents
    row: int
    hours_needed: float
    hours_can_give: float
    hours_given: float

    @property
    def spouse(self) -> int | None:
        """Row of the spouse, if there is one and both are here."""
        row = int(self.residents.spouse[self.row])
        return row if row != NEVER and not self.residents.left[row] else None

    @property
    def children(self) -> tuple[int, int]:
        """Children near and far."""
        return int(self.residents.children_near[self.row]), int(self.residents.children_far[self.row])

    @property
    def strain(self) -> float:
        """From 0 to 1."""
        return float(self.residents.strain[self.row])

    @property
    def carer_ill(self) -> bool:
        """Whether the main carer can give no care for a time."""
        return bool(self.residents.carer_ill[self.row])


class Families:
    """The families of residents in care need outside homes.

    Attributes:
        rows: rows of the residents, ascending, as the latest month left them.
        needed: (rows,) hours of care a week.
        sources: (rows, 4) hours that the family can give, by `SOURCES`.
        given: (rows,) hours that it gives; `unmet` what is left, before services.
    """

    def __init__(
        self, inputs: Inputs, mechanisms: Mechanisms, residents: Residents, hazard_per_year: F64, seed: int
    ) -> None:
        """Take the inputs; nobody is looked at yet.

        Args:
            inputs: of the scenario.
            mechanisms: which of them are on.
            residents: the table.
            hazard_per_year: (GRID, 4, 4) hazard of applying at the reference, from `sim.choice`.
            seed: of the replication.
        """
        self._inputs, self._on, self._people, self._seed = inputs, mechanisms, residents, seed
        self._hazard = hazard_per_year / MONTHS_PER_YEAR
        needed = (getattr(inputs, f"hours_needed_{ability.name.lower()}").value for ability in _IN_NEED)
        self._needed = np.array([0.0, *needed])
        self._able = np.array([1.0, inputs.spouse_able_mild.value, inputs.spouse_able_moderate.value, 0.0])
        self._hours = np.array(
            [
                inputs.hours_given_spouse.value, inputs.hours_given_household.value,
                inputs.hours_given_child_near.value, inputs.hours_given_child_far.value,
            ]
        )  # fmt: skip
        self._reference = references(inputs.strain.reference)
        self.rows = np.zeros(0, np.int64)
        self._reckon()

    def __len__(self) -> int:
        """How many families are looked at."""
        return len(self.rows)

    def __getitem__(self, row: int) -> Family:
        """The family of a resident in care need outside homes.

        Raises:
            KeyError: if the resident of the row is none.
        """
        at = int(np.searchsorted(self.rows, row))
        if at == len(self.rows) or self.rows[at] != row:
            raise KeyError(f"row {row} is nobody in care need outside homes")
        return Family(
            self._people, row, float(self.needed[at]), float(self.sources[at].sum()), float(self.given[at])
        )

    @property
    def ask(self) -> bool:
        """Whether families must ask for services, see `Mechanisms.family_services`."""
        return self._on.family_services

    @property
    def in_need(self) -> Mask:
        """(residents,) of moderate ability or worse, or of mild with unmet hours outside homes."""
        people = self._people
        mask: Mask = (people.ability >= Ability.MODERATE) & (people.left == 0)
        mask[self.rows[self.unmet > 0]] = True
        return mask

    def begin(self, before: Month, tables: AbilityTables, period: int, leaving_per_year: float) -> None:
        """The families at the start, at the end of the month before the first: strain as it is in balance.

        A family whose resident needs care and lives in a home was as strained as can be on moving in and has
        rested since, so long as is exponential with the hazard of leaving the home. For the others see
        `family_start`.

        Args:
            before: the month.
            tables: monthly changes of life and ability.
            period: period of mortality.
            leaving_per_year: hazard of leaving a home alive.
        """
        people, strain = self._people, self._inputs.strain
        self._look(before)
        rows = self.rows
        if self._on.strain:
            months = strain.grows.value, strain.rests.value
            people.carer_ill[rows], ill = False, people.carer_ill[rows].copy()
            can = self._can_give(rows, at_home=False)[1].sum(axis=1)  # as it is most of the time
            people.carer_ill[rows] = ill
            level = np.stack([self._level(np.minimum(need, can), can) for need in self._needed], axis=1)
            cell = self._cell(before, rows)
            sex = people.sex[rows].astype(np.int64)
            entry, renewed = strain_on_entry(level, tables, period, sex, cell, months)
            at = np.arange(len(rows)), people.ability[rows]
            people.strain[rows] = strain_now(level[at], entry[at], self._elapsed(rows, renewed[at]), months)
            inside = self._found(before, inside=True)
            self._meet(inside)
            people.strain[inside] = people.ability[inside] >= Ability.MILD
            death = tables.death[period][
                people.sex[inside], self._cell(before, inside), people.ability[inside]
            ]
            elapsed = self._elapsed(inside, death + leaving_per_year / MONTHS_PER_YEAR)
            people.strain_month[inside] = before.index - np.minimum(elapsed, _LONG).astype(np.int64)
        people.strain_month[rows] = before.index
        self._press(np.zeros(len(rows)))

    def asks(self) -> Mask:
        """(residents,) who asks for care at home, day care, a family care bed, respite."""
        people = self._people
        mask = np.zeros(len(people), np.bool_)
        strained = people.strain[self.rows] >= self._inputs.strain.strained_from.value
        mask[self.rows[(self.unmet > 0) | strained]] = True
        return mask

    def apply(self, month: Month, given: Help) -> I64:
        """Strain of the month with what services give in it, and who of those in care need applies: rows.

        Args:
            month: the month.
            given: what services do for `rows`.
        """
        people, strain = self._people, self._inputs.strain
        if self._on.strain:
            eased = np.where(given.respite, strain.respite_factor.value, 1.0)
            eased *= np.where(given.trained, strain.training_factor.value, 1.0)
            level = self._level(self.given - given.off_family, self.sources.sum(axis=1), eased)
            kernels.strain_grows(
                month.index, self.rows, people.strain, people.strain_month, level, strain.grows.value,
                strain.rests.value,
            )  # fmt: skip
        else:
            people.strain_month[self.rows] = month.index
        self._press(given.off_unmet)
        applied = np.zeros(len(self.rows), np.int64)
        key_apply = key(self._seed, Purpose.APPLY, month.index)
        found = kernels.apply_in_need(
            month.index, self.rows, people.id, people.birth, people.ability, people.living, people.waiting,
            people.groups, people.pressure, self._hazard, key_apply, applied,
        )  # fmt: skip
        return applied[:found]

    def settle(self, month: Month) -> None:
        """After a month: who needs care now, what happened in the families, and which hours they can give."""
        people, before = self._people, self.rows
        gone = (people.ability[before] == Ability.INTACT) | (people.home[before] >= 0)
        people.pressure[before[gone]] = 1
        self._look(month)

    def strained(self) -> Mask:
        """(rows,) families as strained as `strained_from` or more."""
        return np.asarray(self._people.strain[self.rows] >= self._inputs.strain.strained_from.value)

    def given_by_source(self) -> F64:
        """(rows, 4) hours a week given, by `SOURCES`: the first give what is needed, the others the rest."""
        before = np.cumsum(self.sources, axis=1) - self.sources
        return np.clip(self.needed[:, None] - before, 0, self.sources)

    def taken_back(self, month: Month, per_year: float) -> I64:
        """Rows of residents of homes whose family takes them back in a month, ascending.

        Only a family that can give most of the hours does; its hazard falls with the strain that is left.

        Args:
            month: the month; homes are those when it begins.
            per_year: hazard at the reference.
        """
        rows, readiness = self.readiness(month.plus(-1))
        rate = per_year / MONTHS_PER_YEAR / self._inputs.strain.reference.take_back.value
        drawn = uniforms(key(self._seed, Purpose.TAKE_BACK, month.index), self._people.id[rows])
        return rows[drawn < 1 - np.exp(-rate * readiness)]

    def readiness(self, month: Month) -> tuple[I64, F64]:
        """Residents of homes at the end of a month, the destitute left out, and how ready their families are.

        0 where the family can't give most of the hours, else 1 less the strain that is left.
        """
        people, strain = self._people, self._inputs.strain
        rows = self._found(month, inside=True)
        rows = rows[(people.groups[rows] & Group.DESTITUTE) == 0]
        self._meet(rows)
        need, sources = self._can_give(rows, at_home=True)
        able = sources.sum(axis=1) >= strain.take_back_hours_share.value * need
        able &= sources[:, :2].sum(axis=1) > 0
        months = month.index - people.strain_month[rows].astype(np.int64)
        left = people.strain[rows] * np.exp(-months / strain.rests.value)
        return rows, np.where(able, 1.0 - left, 0.0)

    def raw_pressure(self, off_unmet: F64) -> F64:
        """(rows,) factor of strain and unmet hours on applying, 1 without either.

        Args:
            off_unmet: (rows,) hours a week that services take off unmet care.
        """
        strain = self._inputs.strain
        unmet = np.maximum(self.unmet - off_unmet, 0) / np.maximum(self.needed, 1e-9)
        by_strain = (strain.applies_when_strained.value - 1) * self._people.strain[self.rows]
        return np.asarray(1 + by_strain + (strain.applies_when_unmet.value - 1) * unmet)

    def hazards(self, month: Month) -> F64:
        """(rows,) hazard of applying per month at the reference."""
        people, rows = self._people, self.rows
        return np.asarray(self._hazard[self._cell(month, rows), people.ability[rows], people.living[rows]])

    def _elapsed(self, rows: I64, rate: F64) -> F64:
        """Months that a state has lasted: exponential, by a rate a month."""
        drawn = uniforms(key(self._seed, Purpose.STRAIN_AT_START, START), self._people.id[rows])
        return np.asarray(exponential(drawn, 1.0) / np.maximum(rate, 1e-9))

    def _cell(self, month: Month, rows: I64) -> I64:
        """Cells of the age completed at the end of a month."""
        age = month.index - self._people.birth[rows].astype(np.int64)
        return np.asarray(np.clip(age - FIRST_MONTHS, 0, GRID - 1))

    def _press(self, off_unmet: F64) -> None:
        if self._on.strain:
            people, rows = self._people, self.rows
            people.pressure[rows] = self.raw_pressure(off_unmet) / self._reference[
                people.living[rows], people.ability[rows]
            ]  # fmt: skip

    def _level(self, given: F64, can: F64, eased: F64 | None = None) -> F64:
        sustained = self._inputs.strain.sustained_share.value
        return kernels.strain_level(given, can, sustained, np.ones(len(can)) if eased is None else eased)

    def _look(self, month: Month) -> None:
        """Find who is in care need at the end of a month, let the month's events happen, reckon the hours."""
        people, inputs = self._people, self._inputs
        self.rows = self._found(month, inside=False)
        self._meet(self.rows)
        if self._on.family_events:
            near, leaves = inputs.near_share.value, inputs.child_moves_away_per_year.value / MONTHS_PER_YEAR
            kernels.family_events(
                month.index, self.rows, people.id, people.children_near, people.children_far,
                people.carer_ill, people.strain_month,
                leaves, leaves * near / (1 - near),
                inputs.carer_ill_per_year.value / MONTHS_PER_YEAR, min(1 / inputs.carer_ill.value, 1.0),
                key(self._seed, Purpose.CHILD_MOVES, month.index),
                key(self._seed, Purpose.CARER_ILL, month.index),
            )  # fmt: skip
        self._reckon()

    def _found(self, month: Month, *, inside: bool) -> I64:
        people = self._people
        buffer = np.zeros(len(people), np.int64)
        found = kernels.in_care_need(
            month.index, people.birth, people.ability, people.left, people.home, inside, buffer
        )
        return buffer[:found].copy()

    def _meet(self, rows: I64) -> None:
        """Draw the children of families that are not known yet."""
        people, inputs = self._people, self._inputs
        new = rows[people.children_near[rows] == UNKNOWN]
        if not len(new):
            return
        ids = people.id[new]
        drawn = uniforms(key(self._seed, Purpose.CHILDREN, START), ids)
        means = inputs.children_mean_rural.value, inputs.children_mean_urban.value
        children = np.where(people.rural[new], *(poisson_of(drawn, mean) for mean in means)).astype(np.int64)
        children = np.minimum(children, UNKNOWN - 1)
        near = np.zeros(len(new), np.int64)
        near_key = key(self._seed, Purpose.CHILD_NEAR, START)
        for child in range(int(children.max())):
            more = np.flatnonzero(children > child)
            lives_near = uniforms(near_key, pair_ids(ids[more], np.full(1, child, np.uint64)))
            near[more] += lives_near < inputs.near_share.value
        people.children_near[new], people.children_far[new] = near, children - near

    def _can_give(self, rows: I64, *, at_home: bool) -> tuple[F64, F64]:
        people = self._people
        need, sources = np.zeros(len(rows)), np.zeros((len(rows), len(SOURCES)))
        kernels.care_hours(
            rows, people.ability, people.living, people.spouse, people.left, people.home,
            people.children_near, people.children_far, people.carer_ill,
            self._needed, self._able, self._hours, at_home, sources, need,
        )  # fmt: skip
        return need, sources

    def _reckon(self) -> None:
        self.needed, self.sources = self._can_give(self.rows, at_home=False)
        self.given = np.minimum(self.needed, self.sources.sum(axis=1))
        self.unmet = self.needed - self.given


def references(inputs: StrainReference) -> F64:
    """(4 living, 4 ability) means of the factor of strain at the reference; 1 for the intact."""
    found = np.ones((len(Living), len(Ability)))
    for living in (Living.ALONE, Living.COUPLE, Living.OTHERS):
        for ability in _IN_NEED:
            name = f"{living.name}_{ability.name}".lower()
            found[living, ability] = getattr(inputs, name).value
    found[Living.COLLECTIVE] = found[Living.OTHERS]  # outside family households: as with others
    return found
