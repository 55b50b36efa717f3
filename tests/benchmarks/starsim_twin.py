"""The demography of a place as a starsim model, with its common random numbers: `pip install carecap[bench]`.

Everybody of the start population ages, dies by sex, age and ability, changes ability and turns sixty with the
tables of carecap. No family, application, home, list, money or newcomer. Agents are columns: whoever died is
masked, since taking agents out of a starsim population costs far more than the months themselves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import starsim as ss

from sim.population.base import Base
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY, period_of
from sim.scenario.types import Scenario


class Demography(ss.Module):
    """One month of everybody."""

    def __init__(self, scenario: Scenario, base: Base) -> None:
        super().__init__(name="demography")
        self.place, self.base, self.first = scenario, base, scenario.horizon.first
        self.dying, self.changing, self.entering = (
            ss.random(name="dying"), ss.random(name="changing"), ss.random(name="entering")
        )  # fmt: skip
        self.define_states(ss.BoolState("here", default=True), ss.FloatArr("level", default=0.0))
        self.deaths = 0

    def at_entry(self, uids: ss.uids, cell: np.ndarray) -> None:
        """Ability drawn by the prevalence at an age."""
        shares = np.cumsum(self.base.tables.prevalence[self.base.rows.sex[uids], cell], axis=1)
        self.level[uids] = (self.entering.rvs(uids)[:, None] >= shares[:, :-1]).sum(axis=1)

    def cells(self, uids: ss.uids, month: int) -> np.ndarray:
        """Months of age since 35 that are completed in a month."""
        completed = month - self.base.rows.birth[uids].astype(np.int64) - FIRST_MONTHS
        return np.clip(completed, 0, GRID - 1)

    def init_post(self) -> None:
        """Abilities at the start."""
        super().init_post()
        uids = self.sim.people.auids
        cell = self.cells(uids, self.first.index - 1)
        old = cell >= SIXTY
        self.at_entry(uids[old], cell[old])

    def step(self) -> None:
        """Deaths, changes of ability, birthdays."""
        month = self.first.plus(self.ti)
        period, tables = period_of(self.base.source, month.year), self.base.tables
        uids = self.sim.people.auids
        uids = uids[self.here[uids]]
        cell, sex = self.cells(uids, month.index), self.base.rows.sex[uids]
        level = self.level[uids].astype(np.int64)
        died = self.dying.rvs(uids) < tables.death[period][sex, cell, level]
        self.here[uids[died]] = False
        self.deaths += int((died & (cell >= SIXTY)).sum())
        drawn = self.changing.rvs(uids)
        worse = tables.worsen[period][sex, cell, level]
        better = tables.recover[period][sex, cell, level]
        move = (drawn < worse).astype(np.int64) - ((drawn >= worse) & (drawn < worse + better))
        moving = (move != 0) & ~died
        self.level[uids[moving]] = (level + move)[moving]
        turned = (cell == SIXTY) & ~died
        self.at_entry(uids[turned], cell[turned])


@dataclass(frozen=True)
class Lived:
    """A run: processor seconds to make the model and to play the months, and what came of it."""

    make_seconds: float
    play_seconds: float
    residents_60plus: int
    deaths: int


def live(scenario: Scenario, base: Base, seed: int = 1) -> Lived:
    """Play all months of a scenario."""
    ss.options(verbose=0)
    started = time.process_time()
    module = Demography(scenario, base)
    months = scenario.horizon.months
    model = ss.Sim(
        n_agents=len(base.rows.id), dur=ss.months(months - 1), dt=ss.month, rand_seed=seed,
        modules=[module], copy_inputs=False, verbose=0,
    )  # fmt: skip
    model.init()
    made = time.process_time()
    model.run()
    played = time.process_time()
    done = model.modules["demography"] if "demography" in getattr(model, "modules", {}) else module
    uids = model.people.auids
    uids = uids[done.here[uids]]
    old = done.cells(uids, scenario.horizon.first.plus(months - 1).index) >= SIXTY
    return Lived(made - started, played - made, int(old.sum()), done.deaths)
