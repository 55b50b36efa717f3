"""Families as agents: columns beside the residents they care for, and a light view that reads like one.

A family is that of one resident; two spouses are each other's family and share their children's hours.
Only families of residents in care need (mild ability or worse) outside homes are looked at, so a family is
first known when care is first needed: children are drawn from keys, the same whenever that is. What all of
them are asked each month stands in dense columns (`family_table`). Each room has its own kernels:
`family_rows` who is in need, `family_hours` hours and events, `family_strain` strain and applying,
`family_return` the families of residents of homes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability
from sim.months import MONTHS_PER_YEAR, Month
from sim.population import family_hours, family_rows, family_start, family_strain
from sim.population.ability import AbilityTables
from sim.population.family import Family, Help
from sim.population.family_return import Resting
from sim.population.family_start import age_cells
from sim.population.family_table import Table
from sim.population.family_terms import Terms
from sim.population.lifetable import GRID
from sim.population.residents import Residents
from sim.scenario.family_types import Families as Inputs
from sim.scenario.mechanism_types import Mechanisms
from sim.streams import Purpose, key

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

SOURCES = ("spouse", "household", "children_near", "children_far")
"""Who gives care, in this order: what is needed is asked of the first before the next."""


class Families:
    """The families of residents in care need outside homes."""

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
        self._terms = Terms.of(inputs)
        self._resting = Resting(self._terms, residents, seed)
        self._hazard = (
            hazard_per_year.transpose(0, 2, 1).reshape(GRID, -1) / MONTHS_PER_YEAR
        )  # by living first
        self._highest = self._hazard.max(axis=0)
        self._table = Table()

    @property
    def rows(self) -> I64:
        """Rows of the residents, ascending, as the latest month left them."""
        return self._table.now["rows"]

    @property
    def needed(self) -> F64:
        """(rows,) hours of care a week."""
        return self._table.needed

    @property
    def can(self) -> F64:
        """(rows,) hours that the family can give."""
        return self._table.now["can"]

    @property
    def given(self) -> F64:
        """(rows,) hours that it gives, before services."""
        return self._table.given

    @property
    def unmet(self) -> F64:
        """(rows,) hours that it leaves unmet, before services."""
        return self._table.unmet

    @property
    def strain(self) -> NDArray[np.float32]:
        """(rows,) from 0 to 1; of those whose care has ended `strain_at_end` of `Residents` keeps it."""
        return self._table.now["strain"]

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
        needed, can, given, strain = (
            float(column[at]) for column in (self.needed, self.can, self.given, self.strain)
        )
        return Family(self._people, row, needed, can, given, strain)

    @property
    def in_homes(self) -> I64:
        """Rows of residents of homes, ascending, as the latest month or the start left them."""
        return self._resting.in_homes

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

        Args:
            before: the month.
            tables: monthly changes of life and ability.
            period: period of mortality.
            leaving_per_year: hazard of leaving a home alive.
        """
        people = self._people
        rows, inside, unknown = family_rows.all_in_need(people, before.index)
        self._table.begin(people, rows)
        self._resting.inside = inside
        family_start.meet(people, self._inputs, self._seed, unknown)
        self._reckon(before)
        if self._on.strain:
            start = family_start.Start(before, tables, period, self._seed)
            can = self.sources(well=True).sum(axis=1)  # as it is most of the time
            self.strain[:] = start.strain_outside(people, self._terms, rows, can)
            start.rest_in_homes(people, inside, leaving_per_year / MONTHS_PER_YEAR)
        self._press(None, 0.0, 0.0)

    def asks(self) -> Mask:
        """(residents,) who asks for care at home, day care, a family care bed, respite."""
        mask = np.zeros(len(self._people), np.bool_)
        strained = self.strain >= self._inputs.strain.strained_from.value
        mask[self.rows[(self.unmet > 0) | strained]] = True
        return mask

    def apply(self, month: Month, given: Help | None = None) -> I64:
        """Strain of the month with what services give in it, and who of those in care need applies: rows.

        Args:
            month: the month.
            given: what services do for `rows`; nothing if not given.
        """
        people, strain, table = self._people, self._inputs.strain, self._table
        up, down = (float(1 - np.exp(-1 / months.value)) for months in (strain.grows, strain.rests))
        self._press(given, up, down)
        now, highest = table.now, table.of_kind
        family_hours.look_up(now["kind"], self._highest, highest)
        found = family_strain.apply_in_need(
            month.index, self.rows, now["own"], now["kind"], table.pressure, people.birth, people.waiting,
            people.groups, self._hazard, highest, key(self._seed, Purpose.APPLY, month.index), table.flags,
            table.found,
        )  # fmt: skip
        return table.found[:found].copy()

    def settle(self, month: Month, touched: I64, admitted: I64) -> None:
        """After a month: who needs care at home now, what happened in families, which hours they can give.

        Args:
            month: the month.
            touched: rows whose ability changed, who turned 60, died, moved away, left a home or arrived:
                nobody else's care at home can have begun or ended but that of `admitted`, and nobody's
                hours have moved but theirs and those of their spouses.
            admitted: rows of those who moved into homes.
        """
        people = self._people
        touched = family_rows.distinct(np.concatenate([touched, admitted]))
        new = self._table.join(people, month.index, touched, self._terms.rested)
        self._resting.settle(admitted)
        for rows in (new, admitted):
            family_start.meet(people, self._inputs, self._seed, rows)
        self._reckon(month)

    def by_district(self, districts: int, unmet: F64, given: F64) -> F64:
        """(districts, 5) of `family_strain.tally_families`, with hours after services."""
        counts = np.zeros((districts, 5))
        family_strain.tally_families(
            self.rows, self._people.district, self._table.now["kind"], self.strain, unmet, given,
            self._inputs.strain.strained_from.value, counts,
        )  # fmt: skip
        return counts

    def sources(self, *, well: bool = False) -> F64:
        """(rows, 4) hours a week that each family can give, by `SOURCES`; `well` as if no carer were ill."""
        people, now, found = self._people, self._table.now, np.zeros((len(self), len(SOURCES)))
        family_hours.hours_by_source(
            people.ability, people.spouse, self.rows, now["kind"], now["near"], now["far"],
            np.zeros_like(now["ill"]) if well else now["ill"], self._terms.able, self._terms.hours, found,
        )  # fmt: skip
        return found

    def taken_back(self, month: Month, per_year: float) -> I64:
        """Rows of residents of homes whose family takes them back, see `Resting.taken_back`."""
        return self._resting.taken_back(month, per_year)

    def readiness(self, month: Month) -> tuple[I64, F64]:
        """Residents of homes and how ready their families are, see `Resting.readiness`."""
        return self._resting.readiness(month)

    def raw_pressure(self) -> F64:
        """(rows,) factor of strain and unmet hours on applying without services, 1 without either."""
        strain = self._inputs.strain
        by_strain = (strain.applies_when_strained.value - 1) * self.strain
        by_unmet = (strain.applies_when_unmet.value - 1) * self.unmet / np.maximum(self.needed, 1e-9)
        return np.asarray(1 + by_strain + by_unmet)

    def hazards(self, month: Month) -> F64:
        """(rows,) hazard of applying per month at the reference."""
        return np.asarray(self._hazard[age_cells(month, self._people, self.rows), self._table.now["kind"]])

    def _press(self, help_: Help | None, up: float, down: float) -> None:
        """Move strain on a month, and write what it and unmet hours do to applying."""
        if not self._on.strain:
            return
        strain, table = self._inputs.strain, self._table
        given, unmet, eased, reference = table.given, table.unmet, table.one, table.of_kind
        if help_ is not None:
            eased = help_.eased(strain.respite_factor.value, strain.training_factor.value)
            given, unmet = given - help_.off_family, unmet - help_.off_unmet
        family_hours.look_up(table.now["kind"], self._terms.reference, reference)
        family_strain.strain_and_pressure(
            table.needed, self.can, given, unmet, eased, reference, strain.sustained_share.value, up, down,
            strain.applies_when_strained.value, strain.applies_when_unmet.value, self.strain, table.pressure,
        )  # fmt: skip
        family_strain.write_pressure(self.rows, table.pressure, self._people.pressure)

    def _reckon(self, month: Month) -> None:
        """Let the month's events happen and reckon the hours of those who are marked, or have one."""
        people, terms, table, now = self._people, self._terms, self._table, self._table.now
        happens, key_events = self._on.family_events, key(self._seed, Purpose.FAMILY_EVENT, month.index)
        if happens:
            family_hours.look_for_events(
                now["own"], now["near"], now["far"], now["ill"], terms.chances, key_events, table.marks
            )
        lines = (now[name] for name in ("rows", "own", "kind", "near", "far", "ill", "can"))
        family_hours.month_of_families(
            table.marks, people.ability, people.living, people.spouse, people.children_near,
            people.children_far, people.carer_ill, happens, terms.chances, key_events, terms.able,
            terms.hours, *lines,
        )  # fmt: skip
        family_hours.share_out(now["kind"], self.can, terms.needed, table.needed, table.given, table.unmet)
