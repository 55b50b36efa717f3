# Over 300 lines: one agent set, its start, its month and what is asked of it share the index of rows.
"""Families as agents: columns beside the residents they care for, and a light view that reads like one.

A family is that of one resident; two spouses are each other's family and share their children's hours.
Columns of `Residents` hold its state (children near and far, whether the main carer is ill, strain,
pressure). Only families of residents in care need (mild ability or worse) outside homes are looked at, so a
family is first known when care is first needed: children are drawn from keys, the same whenever that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

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
from sim.streams import START, Purpose, key, uniforms

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

    def eased(self, respite_factor: float, training_factor: float) -> F64:
        """(rows,) factor on the level of strain."""
        eased = np.ones(len(self.respite))
        eased[self.respite] *= respite_factor
        eased[self.trained] *= training_factor
        return eased


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
        can: (rows,) hours that the family can give.
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
        self._hazard = (
            hazard_per_year.transpose(0, 2, 1).reshape(GRID, -1) / MONTHS_PER_YEAR
        )  # by living first
        self._highest = self._hazard.max(axis=0)
        needed = (getattr(inputs, f"hours_needed_{ability.name.lower()}").value for ability in _IN_NEED)
        self._needed = np.array([0.0, *needed])
        self._able = np.array([1.0, inputs.spouse_able_mild.value, inputs.spouse_able_moderate.value, 0.0])
        self._hours = np.array(
            [
                inputs.hours_given_spouse.value, inputs.hours_given_household.value,
                inputs.hours_given_child_near.value, inputs.hours_given_child_far.value,
            ]
        )  # fmt: skip
        self._reference = references(inputs.strain.reference).reshape(-1)
        near, leaves = inputs.near_share.value, inputs.child_moves_away_per_year.value / MONTHS_PER_YEAR
        falls_ill, recovers = inputs.carer_ill_per_year.value / MONTHS_PER_YEAR, 1 / inputs.carer_ill.value
        self._chances = np.array([leaves, leaves * near / (1 - near), falls_ill, min(recovers, 1.0)])
        self.rows = self._inside = np.zeros(0, np.int64)
        self._reserve(0)

    def _reserve(self, rows: int) -> None:
        """Make room for so many families and some more: fresh arrays each month cost more than they hold."""
        n = rows * 11 // 10
        types = {"own": np.uint64, "kind": np.uint8} | dict.fromkeys(
            ("needed", "can", "given", "unmet"), float
        )
        self._room: dict[str, NDArray[Any]] = {name: np.zeros(n, dtype) for name, dtype in types.items()}
        self._room |= {"none": np.zeros(n), "one": np.ones(n)}
        self._applied = np.zeros(n, np.int64)

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
        return Family(self._people, row, float(self.needed[at]), float(self.can[at]), float(self.given[at]))

    @property
    def in_homes(self) -> I64:
        """Rows of residents of homes, ascending, as the latest month or the start left them."""
        inside: I64 = self._inside[self._people.home[self._inside] != NEVER]
        return inside

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
        buffers = [np.zeros(len(people), np.int64) for _ in range(3)]
        counts = kernels.find(
            before.index,
            people.birth,
            people.ability,
            people.left,
            people.home,
            people.children_near,
            *buffers,
        )
        rows, inside, unknown = (buffer[:found] for buffer, found in zip(buffers, counts, strict=True))
        self.rows, self._inside = rows.copy(), inside.copy()
        self._meet(unknown)
        self._reckon(before, np.ones(len(rows), np.bool_))
        if self._on.strain:
            months = strain.grows.value, strain.rests.value
            can = self.sources(well=True).sum(axis=1)  # as it is most of the time
            sustained = strain.sustained_share.value
            level = [kernels.strain_levels(np.minimum(need, can), can, sustained) for need in self._needed]
            levels = np.stack(level, axis=1)
            sex = people.sex[rows].astype(np.int64)
            entry, renewed = strain_on_entry(levels, tables, period, sex, self._cell(before, rows), months)
            at = np.arange(len(rows)), people.ability[rows]
            people.strain[rows] = strain_now(levels[at], entry[at], self._elapsed(rows, renewed[at]), months)
            people.strain[inside] = people.ability[inside] >= Ability.MILD
            death = tables.death[period][
                people.sex[inside], self._cell(before, inside), people.ability[inside]
            ]
            elapsed = self._elapsed(inside, death + leaving_per_year / MONTHS_PER_YEAR)
            people.care_ended[inside] = before.index - np.minimum(elapsed, _LONG).astype(np.int64)
        self._press(None, 0.0, 0.0)

    def asks(self) -> Mask:
        """(residents,) who asks for care at home, day care, a family care bed, respite."""
        people = self._people
        mask = np.zeros(len(people), np.bool_)
        strained = people.strain[self.rows] >= self._inputs.strain.strained_from.value
        mask[self.rows[(self.unmet > 0) | strained]] = True
        return mask

    def apply(self, month: Month, given: Help | None = None) -> I64:
        """Strain of the month with what services give in it, and who of those in care need applies: rows.

        Args:
            month: the month.
            given: what services do for `rows`; nothing if not given.
        """
        people, strain = self._people, self._inputs.strain
        up, down = (1 - np.exp(-1 / months.value) for months in (strain.grows, strain.rests))
        self._press(given, up, down)
        applied, key_apply = self._applied, key(self._seed, Purpose.APPLY, month.index)
        found = kernels.apply_in_need(
            month.index, self.rows, self._own, self._kind, people.birth, people.waiting, people.groups,
            people.pressure, self._hazard, self._highest, key_apply, applied,
        )  # fmt: skip
        return applied[:found].copy()

    def settle(self, month: Month, maybe: I64, admitted: I64) -> None:
        """After a month: who needs care at home now, what happened in families, which hours they can give.

        Args:
            month: the month.
            maybe: rows whose ability changed, who turned 60, left a home or arrived: nobody else's care at
                home can have begun.
            admitted: rows of those who moved into homes.
        """
        people, strain = self._people, self._inputs.strain
        most = len(self.rows) + len(maybe)
        rows, is_new = np.empty(most, np.int64), np.empty(most, np.bool_)
        found = kernels.in_need_now(
            month.index, self.rows, np.sort(maybe), people.ability, people.left, people.home, people.birth,
            people.care_ended, people.pressure, rows, is_new,
        )  # fmt: skip
        self.rows, is_new = rows[:found], is_new[:found]
        new = self.rows[is_new]
        inside = _distinct(np.concatenate([self._inside, admitted]))
        self._inside = inside[(people.home[inside] != NEVER) & (people.left[inside] == 0)]
        self._meet(np.concatenate([new, admitted]))
        rest = month.index - people.care_ended[new].astype(np.int64)
        people.strain[new] *= np.exp(-rest / strain.rests.value)
        people.care_ended[new] = NEVER
        self._reckon(month, is_new)

    def by_district(self, districts: int, unmet: F64, given: F64) -> F64:
        """(districts, 5) of `family_kernels.tally_families`, with hours after services."""
        people, counts = self._people, np.zeros((districts, 5))
        kernels.tally_families(
            self.rows, people.district, people.ability, people.strain, unmet, given,
            self._inputs.strain.strained_from.value, counts,
        )  # fmt: skip
        return counts

    def sources(self, *, well: bool = False) -> F64:
        """(rows, 4) hours a week that each family can give, by `SOURCES`; `well` as if no carer were ill."""
        people, found = self._people, np.zeros((len(self.rows), len(SOURCES)))
        ill = np.zeros_like(people.carer_ill) if well else people.carer_ill
        kernels.hours_by_source(
            self.rows, people.ability, people.living, people.spouse, people.children_near,
            people.children_far, ill, self._able, self._hours, found,
        )  # fmt: skip
        return found

    def given_by_source(self) -> F64:
        """(rows, 4) hours a week given, by `SOURCES`: the first give what is needed, the others the rest."""
        can = self.sources()
        return np.clip(self.needed[:, None] - (np.cumsum(can, axis=1) - can), 0, can)

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
        """Residents of homes as the latest month left them, the destitute not, and how ready families are.

        Readiness is 0 where the family can't give most of the hours, else 1 less the strain that is left at
        the end of `month`.
        """
        people, strain, rows = self._people, self._inputs.strain, self._inside
        rows = rows[(people.groups[rows] & Group.DESTITUTE) == 0]
        can = np.zeros(len(rows))
        kernels.hours_if_taken_back(
            rows, people.ability, people.spouse, people.left, people.home, people.children_near,
            people.children_far, self._able, self._hours, can,
        )  # fmt: skip
        asked = strain.take_back_hours_share.value * self._needed[people.ability[rows]]
        months = month.index - people.care_ended[rows].astype(np.int64)
        left = people.strain[rows] * np.exp(-months / strain.rests.value)
        return rows, np.where((can > 0) & (can >= asked), 1.0 - left, 0.0)

    def raw_pressure(self) -> F64:
        """(rows,) factor of strain and unmet hours on applying without services, 1 without either."""
        strain, of = self._inputs.strain, self._people.strain[self.rows]
        by_strain = (strain.applies_when_strained.value - 1) * of
        by_unmet = (strain.applies_when_unmet.value - 1) * self.unmet / np.maximum(self.needed, 1e-9)
        return np.asarray(1 + by_strain + by_unmet)

    def hazards(self, month: Month) -> F64:
        """(rows,) hazard of applying per month at the reference."""
        return np.asarray(self._hazard[self._cell(month, self.rows), self._kind])

    def _elapsed(self, rows: I64, rate: F64) -> F64:
        """Months that a state has lasted: exponential, by a rate a month."""
        drawn = uniforms(key(self._seed, Purpose.STRAIN_AT_START, START), self._people.id[rows])
        return np.asarray(exponential(drawn, 1.0) / np.maximum(rate, 1e-9))

    def _cell(self, month: Month, rows: I64) -> I64:
        """Cells of the age completed at the end of a month."""
        age = month.index - self._people.birth[rows].astype(np.int64)
        return np.asarray(np.clip(age - FIRST_MONTHS, 0, GRID - 1))

    def _press(self, given: Help | None, up: float, down: float) -> None:
        if not self._on.strain:
            return
        people, strain = self._people, self._inputs.strain
        off_unmet, off_family, eased = self._none, self._none, self._one
        if given is not None:
            eased = given.eased(strain.respite_factor.value, strain.training_factor.value)
            off_unmet, off_family = given.off_unmet, given.off_family
        kernels.strain_and_pressure(
            self.rows, self._kind, self.needed, self.can, off_unmet, off_family, eased,
            strain.sustained_share.value, up, down, strain.applies_when_strained.value,
            strain.applies_when_unmet.value, self._reference, people.strain, people.pressure,
        )  # fmt: skip

    def _reckon(self, month: Month, new: Mask) -> None:
        """Let the month's events happen in the families of `rows` and reckon their hours."""
        people, n = self._people, len(self.rows)
        if n > len(self._room["own"]):
            self._reserve(n)
        self._own, self._kind, self.needed, self.can, self.given, self.unmet, self._none, self._one = (
            room[:n] for room in self._room.values()
        )
        kernels.month_of_families(
            self.rows, new, people.id, people.ability, people.living, people.spouse, people.children_near,
            people.children_far, people.carer_ill, self._on.family_events, self._chances,
            key(self._seed, Purpose.FAMILY_EVENT, month.index),
            self._needed, self._able, self._hours,
            self._own, self._kind, self.needed, self.can, self.given, self.unmet,
        )  # fmt: skip

    def _meet(self, rows: I64) -> None:
        """Draw the children of families that are not known yet."""
        people, inputs = self._people, self._inputs
        new = rows[people.children_near[rows] == UNKNOWN]
        if not len(new):
            return
        ids = people.id[new]
        drawn = uniforms(key(self._seed, Purpose.CHILDREN, START), ids)
        children = np.empty(len(new), np.int64)
        for rural, mean in ((True, inputs.children_mean_rural), (False, inputs.children_mean_urban)):
            there = people.rural[new] == rural
            children[there] = poisson_of(drawn[there], mean.value)
        children = np.minimum(children, UNKNOWN - 1)
        near, near_key = np.zeros(len(new), np.int64), key(self._seed, Purpose.CHILD_NEAR, START)
        kernels.children_near(ids, children, inputs.near_share.value, near_key, near)
        people.children_near[new], people.children_far[new] = near, children - near


def _distinct(rows: I64) -> I64:
    """Rows in ascending order, each once; for a few thousand several times as fast as `np.unique`."""
    rows = np.sort(rows)
    first = np.ones(len(rows), np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    return rows[first]


def references(inputs: StrainReference) -> F64:
    """(4 living, 4 ability) means of the factor of strain at the reference; 1 for the intact."""
    found = np.ones((len(Living), len(Ability)))
    for living in (Living.ALONE, Living.COUPLE, Living.OTHERS):
        for ability in _IN_NEED:
            name = f"{living.name}_{ability.name}".lower()
            found[living, ability] = getattr(inputs, name).value
    found[Living.COLLECTIVE] = found[Living.OTHERS]  # outside family households: as with others
    return found
