"""All homes of a place, what is on offer, and what opens in a month."""

from __future__ import annotations

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind, Ownership
from sim.facilities import stock, supply
from sim.facilities.home import Home
from sim.months import Month
from sim.population.rake import largest_remainder
from sim.scenario.types import PipelineBeds, Scenario

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


class Estate:
    """The homes as agents, with the schedule of what opens.

    Attributes:
        homes: the agents, by position.
        keys: (homes,) identities; `ownership`, `district`: (homes,) codes; `prices`: (homes, 4) by ability.
    """

    def __init__(self, model: mesa.Model, scenario: Scenario, district_weights: F64, list_seed: int) -> None:
        """Make the homes of the list, open what the start has, and schedule the rest.

        Args:
            model: owner of the agents.
            scenario: stock, list or generator, pipeline.
            district_weights: (districts,) residents aged 60+.
            list_seed: seed of a generated list.
        """
        self._scenario = scenario
        districts = [district.id for district in scenario.place.districts]
        latest, generator = scenario.homes.stock[-1], scenario.homes.generator
        specs = (
            stock.read_homes(scenario.homes.listed.file, districts, latest)
            if scenario.homes.listed
            else stock.generate(generator, latest, district_weights, list_seed)
        )
        share = scenario.homes.open_share.value
        start = scenario.horizon.first
        at_start, self._changes = supply.plan(specs, scenario.homes.stock, start, share, list_seed)
        self._first_pipeline = len(specs)
        opening = [item for item in scenario.pipeline if item.beds > 0]
        prices = {ownership: stock.central_prices(ownership, generator) for ownership in Ownership}
        specs += supply.pipeline_homes(opening, districts, district_weights, prices)
        self._new_home = {item.id: self._first_pipeline + i for i, item in enumerate(opening)}
        self._pipeline = sorted(scenario.pipeline, key=lambda item: (item.opens, item.id))
        self.homes = [Home(model, spec, position) for position, spec in enumerate(specs)]
        self.keys = np.array([home.key for home in self.homes], dtype=np.uint64)
        self.ownership = np.array([int(spec.ownership) for spec in specs])
        self.district = np.array([spec.district for spec in specs])
        self.prices = np.array([spec.prices for spec in specs])
        opened = supply.open_at_start(at_start, share)
        for position, kind in np.ndindex(at_start.shape):
            self.homes[position].change(kind, int(at_start[position, kind]), int(opened[position, kind]))

    def registered(self) -> I64:
        """(homes, 2) registered beds."""
        return np.array([home.registered for home in self.homes])

    def opened(self) -> I64:
        """(homes, 2) open beds."""
        return np.array([home.open for home in self.homes])

    def supply(self, month: Month) -> list[supply.BedChange]:
        """What opens, closes and converts in a month; the registered and open beds are changed."""
        due = [change for change in self._changes if change.month <= month.index]
        self._changes = [change for change in self._changes if change.month > month.index]
        for item in [item for item in self._pipeline if item.opens_month <= month]:
            due += self._item(item, month)
            self._pipeline.remove(item)
        for change in due:
            self.homes[change.home].change(change.kind, change.registered, change.opened)
        return due

    def _item(self, item: PipelineBeds, month: Month) -> list[supply.BedChange]:
        """Changes of one item: a new home, closings or conversions over the homes of its ownership."""
        share = self._scenario.homes.open_share.value
        kinds = np.array([item.beds - item.nursing_beds, item.nursing_beds])
        changes: list[supply.BedChange] = []
        if item.beds > 0:
            new = self._new_home[item.id]
            changes += [supply.BedChange(month.index, new, k, int(n), 0) for k, n in enumerate(kinds) if n]
        if item.beds < 0 or item.converted_to_nursing:
            moved = np.array([-item.converted_to_nursing, item.converted_to_nursing])
            wanted = moved + (kinds if item.beds < 0 else 0)
            changes += self._spread(item, wanted, month)
        return supply.with_open_beds(changes, share)

    def _spread(self, item: PipelineBeds, wanted: I64, month: Month) -> list[supply.BedChange]:
        """Spread bed changes over the homes of an ownership, in proportion to their ordinary or nursing beds."""
        mine = self.ownership == Ownership[item.ownership.upper()]
        weights = self.registered() * mine[:, None]
        by_kind = np.zeros_like(weights)
        for kind in BedKind:
            base = weights[:, BedKind.ORDINARY] if wanted[kind] > 0 else weights[:, kind]
            number = min(abs(int(wanted[kind])), int(base.sum())) if wanted[kind] < 0 else int(wanted[kind])
            spread = largest_remainder(base.astype(np.float64), number)
            by_kind[:, kind] = -spread if wanted[kind] < 0 else spread
        if wanted.sum() == 0:
            by_kind[:, BedKind.NURSING] = -by_kind[:, BedKind.ORDINARY]
        return [
            supply.BedChange(month.index, int(home), int(kind), int(by_kind[home, kind]), 0)
            for home, kind in np.argwhere(by_kind != 0)
        ]

