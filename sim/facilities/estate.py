"""All homes of a place, what is on offer, and what opens in a month."""

from __future__ import annotations

from collections.abc import Iterator

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind, Ownership
from sim.facilities import stock
from sim.facilities.home import Home
from sim.facilities.list_draws import ListDraws
from sim.facilities.supply import BedChange, open_at_start, pipeline_homes, plan, with_open_beds
from sim.months import Month
from sim.population.rake import largest_remainder
from sim.scenario.bed_types import PipelineBeds
from sim.scenario.types import Scenario

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

_LISTED_SEED = 0
"""Seed of the opening months of listed homes in run 0: the same whatever the seed of the run."""


class Estate:
    """The homes as agents, with the schedule of what opens.

    Attributes:
        homes: the agents, by position.
        keys: (homes,) identities; `ownership`, `district`: (homes,) codes; `prices`: (homes, 4) by ability.
        country, integrated, reputation: (homes,) as in `HomeSpec`.
        converted: beds converted into nursing beds in the latest month without works before.
    """

    def __init__(
        self, model: mesa.Model, scenario: Scenario, district_weights: F64, list_seed: int | None
    ) -> None:
        """Make the homes of the list, open what the start has, and schedule the rest.

        Args:
            model: owner of the agents.
            scenario: stock, list or generator, pipeline.
            district_weights: (districts,) residents aged 60+.
            list_seed: seed of the list, and of the order in which homes opened; None for run 0.
        """
        self._scenario = scenario
        districts = [district.id for district in scenario.place.districts]
        listed = scenario.homes.listed
        # homes of a user's list keep their own draw of the opening month, whoever else is on the list
        draws = ListDraws(_LISTED_SEED if listed and list_seed is None else list_seed)
        generator = scenario.homes.generator
        specs = (
            stock.read_homes(listed.file, districts, scenario.homes.stock[-1])
            if listed
            else stock.generate(generator, scenario.homes.latest, district_weights, draws)
        )
        share = scenario.homes.open_share.value
        start = scenario.horizon.first
        at_start, self._changes = plan(specs, scenario.homes.stock, start, share, draws)
        self._first_pipeline = len(specs)
        opening = [item for item in scenario.pipeline if item.beds > 0]
        prices = {ownership: stock.central_prices(ownership, generator) for ownership in Ownership}
        specs += pipeline_homes(opening, districts, district_weights, prices)
        self.converted = 0
        self._works: dict[str, list[tuple[int, int, int]]] = {}
        self._new_home = {item.id: self._first_pipeline + i for i, item in enumerate(opening)}
        self._pipeline = sorted(scenario.pipeline, key=lambda item: (item.opens, item.id))
        self.homes = [Home(model, spec, position) for position, spec in enumerate(specs)]
        # one table of all homes, of which each home has its rows: the month reads it as a whole
        tables = np.zeros((4, len(specs), len(BedKind)), np.int64)
        self._registered, self._decided, self._open, self._closing = tables
        for position, home in enumerate(self.homes):
            home.registered, home.decided, home.open, home.closing = tables[:, position]
        self.keys = np.array([home.key for home in self.homes], dtype=np.uint64)
        self.ownership = np.array([int(spec.ownership) for spec in specs])
        self.district = np.array([spec.district for spec in specs])
        self.prices = np.array([spec.prices for spec in specs])
        self.country = np.array([spec.country for spec in specs], dtype=np.bool_)
        self.integrated = np.array([spec.integrated for spec in specs], dtype=np.bool_)
        self.reputation = np.array([spec.reputation for spec in specs])
        opened = open_at_start(at_start, share)
        for position, kind in np.ndindex(at_start.shape):
            self.homes[position].change(kind, int(at_start[position, kind]), int(opened[position, kind]))

    def registered(self) -> I64:
        """(homes, 2) registered beds as decided."""
        return self._registered.copy()

    def in_service(self) -> I64:
        """(homes, 2) registered beds that are not closed for works."""
        free = self._registered.copy()
        for works in self._works.values():
            for home, beds, _ in works:
                free[home, BedKind.ORDINARY] -= beds
        return free

    def decided(self) -> I64:
        """(homes, 2) beds that operators have decided to open."""
        return self._decided.copy()

    def opened(self) -> I64:
        """(homes, 2) open beds: of those decided, the staffed ones."""
        return self._open.copy()

    def staff(self, usable: I64) -> None:
        """Open those beds of the decided ones that are staffed: (homes, 2)."""
        self._open[:] = np.minimum(usable, self._decided)

    def note_closing(self, closing: I64) -> None:
        """Beds that close only when their resident leaves: (homes, 2). Nobody is put out."""
        self._closing[:] = closing

    def open_now(self) -> I64:
        """(homes, 2) open beds, and those closed that still have a resident."""
        return self._open + self._closing

    def operate(self, decided: I64) -> None:
        """Operators open or close registered beds: (homes, 2) that they have decided to open now."""
        for home, kind in np.argwhere(decided != self.decided()):
            self.homes[home].change(kind, 0, int(decided[home, kind] - self.homes[home].decided[kind]))

    def begin_works(self, month: Month) -> int:
        """Close the beds that are to be converted some months from now; returns how many are begun.

        Works on beds that are not there yet wait for them.
        """
        begun = 0
        for item in self._pipeline:
            starts = item.opens_month.plus(-round(self._scenario.homes.conversion.months.value))
            if not item.converted_to_nursing or item.id in self._works or month < starts:
                continue
            spread, missing = self._spread(item, BedKind.ORDINARY, item.converted_to_nursing)
            if missing:
                continue
            begun += item.converted_to_nursing
            share = self._scenario.homes.open_share.value
            closing = [BedChange(month.index, home, BedKind.ORDINARY, -beds, 0) for home, beds in spread]
            closing = with_open_beds(closing, share, (self.in_service(), self.decided()))
            self._works[item.id] = [(one.home, -one.registered, -one.opened) for one in closing]
            for one in closing:
                self.homes[one.home].change(one.kind, 0, one.opened)
        return begun

    def supply(self, month: Month) -> list[BedChange]:
        """What opens, closes and converts in a month; the registered and open beds are changed.

        Raises:
            ValueError: if more beds are to close or convert than there are.
        """
        self.converted = 0
        due = [change for change in self._changes if change.month <= month.index]
        self._changes = [change for change in self._changes if change.month > month.index]
        self._apply(due)
        for item in [item for item in self._pipeline if item.opens_month <= month]:
            self._pipeline.remove(item)
            if item.id not in self._works:
                self.converted += item.converted_to_nursing
            for changes in self._item(item, month):
                self._apply(changes)
                due += changes
        return due

    def _apply(self, changes: list[BedChange]) -> None:
        for change in changes:
            self.homes[change.home].change(change.kind, change.registered, change.opened)

    def _item(self, item: PipelineBeds, month: Month) -> Iterator[list[BedChange]]:
        """Changes of one item: closings and conversions in homes of its ownership, then its new home."""
        share = self._scenario.homes.open_share.value
        kinds = (item.beds - item.nursing_beds, item.nursing_beds)
        if item.beds < 0:
            changes = [
                BedChange(month.index, home, kind, -beds, 0)
                for kind in BedKind
                for home, beds in self._taken(item, kind, -kinds[kind])
            ]
            yield with_open_beds(changes, share, (self.in_service(), self.decided()))
        if item.id in self._works:
            yield [
                BedChange(month.index, home, kind, beds * sign, opened)
                for home, beds, closed in self._works.pop(item.id)
                for kind, sign, opened in ((BedKind.ORDINARY, -1, 0), (BedKind.NURSING, 1, closed))
            ]
        elif item.converted_to_nursing:
            changes = [
                BedChange(month.index, home, kind, beds * sign, 0)
                for home, beds in self._taken(item, BedKind.ORDINARY, item.converted_to_nursing)
                for kind, sign in ((BedKind.ORDINARY, -1), (BedKind.NURSING, 1))
            ]
            yield with_open_beds(changes, share, (self.in_service(), self.decided()))
        if item.beds > 0:
            new = self._new_home[item.id]
            changes = [BedChange(month.index, new, kind, beds, 0) for kind, beds in enumerate(kinds) if beds]
            yield with_open_beds(changes, share)

    def _spread(
        self, item: PipelineBeds, kind: BedKind, beds: int, *, anywhere: bool = False
    ) -> tuple[list[tuple[int, int]], int]:
        """Beds taken from homes of an ownership in proportion to their beds of a kind: (home, beds).

        Which public homes a private operator runs is not known, so what these lack in this run's list is
        taken from the other public homes; and with `anywhere`, from any home, since a run may have drawn
        fewer beds of an ownership than the scenario was checked with: the plan's arithmetic holds in every
        run. Beds under works are promised already. Returned beside it: how many beds are missing.
        """
        owner, there = Ownership[item.ownership.upper()], self.in_service()[:, kind]
        mine = self.ownership == owner
        others = ~mine & (self.ownership != Ownership.PRIVATE) & (owner != Ownership.PRIVATE)
        taken = np.zeros_like(there)
        left = beds
        for homes in (mine, others, *((~mine & ~others,) if anywhere else ())):
            here = min(left, int(there[homes].sum()))
            taken[homes] = largest_remainder(there[homes].astype(np.float64), here)
            left -= here
        return [(int(home), int(taken[home])) for home in np.flatnonzero(taken)], left

    def _taken(self, item: PipelineBeds, kind: BedKind, beds: int) -> list[tuple[int, int]]:
        """Beds that an item takes now.

        Raises:
            ValueError: if there are fewer.
        """
        spread, missing = self._spread(item, kind, beds, anywhere=True)
        if missing:
            raise ValueError(f"{item.id}: takes {beds} {kind.name.lower()} beds, there are {beds - missing}")
        return spread
