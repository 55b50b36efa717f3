"""One month of everybody: what happens (drawn), and how it is written into the columns (settled)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Ability, Group, Left, Living
from sim.months import MONTHS_PER_YEAR, Month
from sim.population.arrivals import Newcomers, arrivals, expected_arrivals, leaving_probability
from sim.population.base import Base
from sim.population.demography import month_events
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY, period_of
from sim.population.residents import Residents
from sim.population.screen import bounds, buffer, screen
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]


@dataclass(frozen=True)
class Happened:
    """Rows to whom something happened in a month; `changed_to` is the new ability of `changed`.

    `applied` of a `PeopleStep` are the intact; whether those in care need apply is for their families to say.
    """

    died: I64
    changed: I64
    changed_to: NDArray[np.uint8]
    turned_60: I64
    moved: I64
    applied: I64


class PeopleStep:
    """Draws the month of everybody and settles it."""

    def __init__(
        self, base: Base, scenario: Scenario, seed: int, apply_per_year: F64, residents: Residents
    ) -> None:
        """Take the hazards; `apply_per_year` is (GRID, 4, 4) from `sim.choice`."""
        self._base, self._scenario, self._seed = base, scenario, seed
        self._apply = 1 - np.exp(-apply_per_year / MONTHS_PER_YEAR)
        self._rate = scenario.population.net_migration_per_year
        self._first = scenario.horizon.first
        self._shares = np.array(
            [
                scenario.groups.destitute.value, scenario.groups.minimum_allowance.value,
                scenario.groups.low_income.value, scenario.groups.special_family_planning.value,
                scenario.groups.entitled.value, 1.0,
            ]
        )  # fmt: skip
        expected = expected_arrivals(base, self._rate, self._first, scenario.horizon.months)
        self._newcomers = arrivals(list(expected), seed)
        self._described = self._describe(self._newcomers)
        self._asks = bounds(self._apply[:, Ability.INTACT].max(axis=1))
        self._bounds: dict[int, tuple[U64, U64]] = {}
        self._maybe = buffer(residents.longest_run)
        self._reserve(len(residents))

    def _reserve(self, rows: int) -> None:
        self._buffers = [np.empty(rows, np.int32) for _ in range(5)]  # of memory not written to before
        self._changed_to = np.empty(rows, np.uint8)
        self._rows = np.empty(rows, np.int64)

    def _highest(self, period: int) -> tuple[U64, U64]:
        """Bounds of dying and of a change, both (2, GRID, 4), in a period."""
        if period not in self._bounds:
            tables = self._base.tables
            self._bounds[period] = (
                bounds(tables.death[period]),
                bounds(tables.worsen[period] + tables.recover[period]),
            )
        return self._bounds[period]

    def draw(self, month: Month, residents: Residents) -> Happened:
        """What happens to everybody in a month; only the ability of those who turn 60 is written."""
        if len(residents) > len(self._changed_to):
            self._reserve(len(residents) * 11 // 10)
        tables, at = self._base.tables, month.index
        period = period_of(self._base.source, month.year)
        leaving = leaving_probability(self._rate, month)
        key_death, key_ability, key_move, key_apply = (
            key(self._seed, purpose, at)
            for purpose in (Purpose.DEATH, Purpose.ABILITY, Purpose.MOVE_OUT, Purpose.APPLY)
        )
        found = screen(
            at, residents.runs, residents.id, residents.birth, residents.sex, residents.ability,
            *self._highest(period), self._asks, leaving, key_death, key_ability, key_apply, key_move,
            self._maybe, self._rows,
        )  # fmt: skip
        died, changed, turned, moved, applied = self._buffers
        counts = month_events(
            at, self._rows[:found], residents.id, residents.birth, residents.sex, residents.ability,
            residents.left, residents.home, residents.waiting, residents.groups, residents.living,
            tables.death[period], tables.worsen[period], tables.recover[period], self._apply,
            tables.prevalence, leaving,
            key_death, key_ability, key(self._seed, Purpose.ABILITY_AT_ENTRY, START), key_move, key_apply,
            died, changed, self._changed_to, turned, moved, applied,
        )  # fmt: skip
        n_died, n_changed, n_turned, n_moved, n_applied = counts
        return Happened(
            _copy(died, n_died), _copy(changed, n_changed), self._changed_to[:n_changed].copy(),
            _copy(turned, n_turned), _copy(moved, n_moved), _copy(applied, n_applied),
        )  # fmt: skip

    def settle(self, month: Month, residents: Residents, happened: Happened) -> None:
        """Write deaths, departures, abilities and widowhood; homes and list are settled by others."""
        for rows, why in ((happened.died, Left.DIED), (happened.moved, Left.MOVED)):
            residents.left[rows] = why
            residents.left_month[rows] = month.index
        staying = residents.left[happened.changed] == 0
        residents.ability[happened.changed[staying]] = happened.changed_to[staying]
        part(residents, np.concatenate([happened.died, happened.moved]))

    def arrive(self, month: Month, residents: Residents) -> slice:
        """Append those who move in during the month, with ability, groups and family; returns their rows."""
        new = self._newcomers.of(month.minus(self._first))
        at = residents.append(new.stop - new.start)
        for name, column in self._described.items():
            getattr(residents, name)[at] = column[new]
        return at

    def _describe(self, newcomers: Newcomers) -> dict[str, NDArray[Any]]:
        """Columns of all who arrive in the run, as they are when they do."""
        rows = newcomers.rows

        def drawn(purpose: Purpose) -> F64:
            return uniforms(key(self._seed, purpose, START), rows.id)

        cell = np.minimum(newcomers.month - rows.birth.astype(np.int64) - FIRST_MONTHS, GRID - 1)
        shares = self._base.tables.prevalence[rows.sex, cell]
        flags = np.array(
            [
                Group.DESTITUTE, Group.MINIMUM_ALLOWANCE, Group.LOW_INCOME, Group.SPECIAL_FAMILY_PLANNING,
                Group.ENTITLED, 0,
            ], dtype=np.uint16,
        )  # fmt: skip
        bounds = np.cumsum(self._shares[:-1])
        return {
            "id": rows.id,
            "birth": rows.birth,
            "sex": rows.sex,
            "district": rows.district,
            "ability": by_share(shares, drawn(Purpose.ABILITY_AT_ENTRY)),
            "living": by_share(self._base.living_shares[rows.district], drawn(Purpose.LIVING)),
            "rural": drawn(Purpose.RURAL) < self._base.rural_share[rows.district],
            "groups": flags[np.searchsorted(bounds, drawn(Purpose.GROUPS), side="right")],
            "wish": drawn(Purpose.WISH).astype(np.float32),
        }


def sixty_or_more(month: Month, residents: Residents, rows: I64 | slice) -> NDArray[np.bool_]:
    """Which of these rows are here and aged 60 or more at the end of a month."""
    age = month.index - residents.birth[rows].astype(np.int64)
    return np.asarray((residents.left[rows] == 0) & (age >= FIRST_MONTHS + SIXTY))


def _copy(buffer: NDArray[np.int32], count: int) -> I64:
    return buffer[:count].astype(np.int64)


def by_share(shares: F64, u: F64) -> NDArray[np.uint8]:
    """Codes drawn by shares: (n, codes) shares that add up to one, (n,) draws."""
    return np.asarray((u[:, None] >= np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1), dtype=np.uint8)


def part(residents: Residents, rows: I64) -> None:
    """Spouses left behind by these rows live alone, if they lived as a couple only."""
    spouses = residents.spouse[rows]
    spouses = spouses[spouses != NEVER]
    spouses = spouses[residents.living[spouses] == Living.COUPLE]
    residents.living[spouses] = Living.ALONE


def reunite(residents: Residents, rows: I64) -> None:
    """Those who come back from a home live with their spouse again, if the spouse is at home."""
    spouses = residents.spouse[rows]
    back, spouses = rows[spouses != NEVER], spouses[spouses != NEVER]
    there = (residents.left[spouses] == 0) & (residents.home[spouses] == NEVER)
    there &= (residents.living[spouses] == Living.ALONE) & (residents.left[back] == 0)
    residents.living[back[there]] = Living.COUPLE
    residents.living[spouses[there]] = Living.COUPLE


def live_with_child(residents: Residents, rows: I64) -> None:
    """Those whom their family took back live in a child's household: no spouse is there, but a child near."""
    single = np.isin(residents.living[rows], (Living.ALONE, Living.COLLECTIVE))
    rows = rows[single & (residents.left[rows] == 0) & (residents.children_near[rows] > 0)]
    residents.living[rows] = Living.OTHERS
