"""The twin: the demography of a place alone, as one would write it with plain Mesa.

One `mesa.Agent` per person of the census aged 50 or more, and `AgentSet.do("step")` every
month: everybody ages, dies by sex, age and ability at the hazards of the model, changes ability (without it
there would be other deaths: mortality depends on it), turns sixty; newcomers arrive at the scenario's rate.
The draws come from the model's own generator. No family, application, homes, list or money.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import mesa
import numpy as np

from sim.population.arrivals import expected_arrivals, leaving_probability
from sim.population.base import Base
from sim.population.lifetable import FIFTY, FIRST_MONTHS, GRID, SIXTY, period_of
from sim.scenario.types import Scenario

TURNS_SIXTY = FIRST_MONTHS + SIXTY


class Person(mesa.Agent):
    """Somebody aged 50 or more; age in completed months."""

    def __init__(self, model: Twin, sex: int, age: int, district: int) -> None:
        super().__init__(model)
        self.sex = sex
        self.ability = model.ability_at(sex, age)
        self.age = age
        self.district = district

    def step(self) -> None:
        """Grow a month older; live or die; change ability."""
        self.age += 1
        cell = self.age - FIRST_MONTHS
        if self.random.random() < self.model.dying[self.sex][cell][self.ability]:
            self.model.deaths += self.age >= TURNS_SIXTY
            self.remove()
        elif self.age == TURNS_SIXTY:
            self.model.turned_sixty += 1
            self.ability = self.model.ability_at(self.sex, self.age)
        elif self.age > TURNS_SIXTY:
            worse = self.model.worsening[self.sex][cell][self.ability]
            drawn = self.random.random()
            if drawn < worse:
                self.ability += 1
            elif drawn < worse + self.model.recovering[self.sex][cell][self.ability]:
                self.ability -= 1


class MayLeave(Person):
    """As `Person`, where the net rate of moves is negative: somebody may move away."""

    def step(self) -> None:
        """Move away, or live the month."""
        if self.random.random() < self.model.leaving:
            self.remove()
        else:
            super().step()


class WithoutAbility(Person):
    """As `Person`, without ability: deaths by sex and age alone. Another demography, for the record."""

    def step(self) -> None:
        """Grow a month older; live or die."""
        self.age += 1
        if self.random.random() < self.model.dying[self.sex][self.age - FIRST_MONTHS][0]:
            self.model.deaths += self.age >= TURNS_SIXTY
            self.remove()
        elif self.age == TURNS_SIXTY:
            self.model.turned_sixty += 1


class Twin(mesa.Model):
    """Demography by plain agents."""

    def __init__(self, scenario: Scenario, base: Base, seed: int, person: type[Person] = Person) -> None:
        super().__init__(seed=seed)
        self.base = base
        self.person = person
        self.month = scenario.horizon.first
        self.deaths = self.turned_sixty = 0
        self.prevalence = base.tables.prevalence.tolist()
        self.rate = scenario.population.net_migration_per_year
        self.arrivals = expected_arrivals(base, self.rate, self.month, scenario.horizon.months)
        cells = base.expected[:, :, FIFTY:].astype(int)  # everybody of the census aged 50 or more
        for (district, sex, age), persons in np.ndenumerate(cells):
            for _ in range(persons):
                person(self, sex, age + FIRST_MONTHS + FIFTY, district)

    def ability_at(self, sex: int, age: int) -> int:
        """Ability drawn by the prevalence at an age in months."""
        if age < TURNS_SIXTY:
            return 0
        shares = self.prevalence[sex][min(age - FIRST_MONTHS, GRID - 1)]
        drawn, ability = self.random.random(), 0
        while ability < len(shares) - 1 and drawn >= shares[ability]:
            drawn -= shares[ability]
            ability += 1
        return ability

    def step(self) -> None:
        """One month."""
        period = period_of(self.base.source, self.month.year)
        tables = self.base.tables
        self.dying = tables.death[period].tolist()
        self.worsening, self.recovering = tables.worsen[period].tolist(), tables.recover[period].tolist()
        self.leaving = leaving_probability(self.rate, self.month)
        self.agents.do("step")
        self.arrive()
        self.month = self.month.plus(1)

    def arrive(self) -> None:
        """Newcomers by district, sex and age."""
        expected = next(self.arrivals).expected.ravel()
        if not expected.any():
            return
        number = self.rng.poisson(expected.sum())
        for cell in self.rng.choice(expected.size, number, p=expected / expected.sum()).tolist():
            district_sex, age = divmod(cell, GRID)
            self.person(self, district_sex % 2, age + FIRST_MONTHS, district_sex // 2)

    def sixty_plus(self) -> int:
        """How many are 60 or older."""
        return sum(person.age >= TURNS_SIXTY for person in self.agents)


@dataclass(frozen=True)
class Lived:
    """A run of the twin: processor seconds to make the agents and to play the months, and what came of it."""

    make_seconds: float
    play_seconds: float
    agents_at_start: int
    residents_60plus: int
    deaths: int
    turned_sixty: int


def live(scenario: Scenario, base: Base, seed: int = 1, person: type[Person] = Person) -> Lived:
    """Play all months of the scenario."""
    started = time.process_time()
    twin = Twin(scenario, base, seed, person)
    agents = len(twin.agents)
    made = time.process_time()
    for _ in range(scenario.horizon.months):
        twin.step()
    played = time.process_time()
    lived = Lived(made - started, played - made, agents, twin.sixty_plus(), twin.deaths, twin.turned_sixty)
    mesa.Agent._ids.pop(twin, None)  # Mesa 3.3 keeps every model alive otherwise
    return lived
