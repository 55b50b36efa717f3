"""The state at the start: people with ability and groups, homes filled, a list from a burn-in.

Homes do not start empty: residents are drawn where inflow and outflow balance (`population.equilibrium`), and
the list is what a burn-in leaves in which nobody ages. An empty start gives a number that looks right after
three years for the wrong reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.choice import Chooser, Choices, HomesOnOffer, apply_hazard, bed_kind, means_yuan_per_month
from sim.codes import Ability, Group, Living
from sim.months import DAYS_PER_YEAR, MONTHS_PER_YEAR
from sim.policy import priority
from sim.policy.book import Law
from sim.population import base as population_base
from sim.population.base import Base
from sim.population.demography import first_applications, start_draws
from sim.population.lifetable import FIRST_MONTHS, GRID, ages_years, period_of
from sim.population.residents import Residents
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, uniforms
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import Application, Death, Event

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR
_EVERY_HOME = 10_000
_BURN_IN = START - 1
"""The `month` of draws made in the burn-in."""


def living_hazard(scenario: Scenario) -> F64:
    """Hazard of applying per year: (GRID, 4, 4)."""
    return apply_hazard(scenario.applying, ages_years())


def admission_hazard(scenario: Scenario) -> F64:
    """Hazard of admission per year, averaged over living arrangements: (GRID, 4)."""
    families = scenario.families
    shares = np.zeros(len(Living))
    shares[Living.ALONE] = families.alone_share.value
    shares[Living.COUPLE] = families.couple_share.value
    shares[Living.OTHERS] = 1 - shares.sum()
    return np.asarray(living_hazard(scenario) @ shares) * scenario.applying.admitted_per_application.value


@lru_cache(maxsize=2)
def _base_of(text: str) -> Base:
    scenario = Scenario.model_validate_json(text)
    return population_base.build(scenario, admission_hazard(scenario))


def base_of(scenario: Scenario) -> Base:
    """The base of a scenario; made once in a process, since it does not depend on the seed."""
    return _base_of(scenario.model_dump_json())


@dataclass
class Applicants:
    """Makes applications: tier, homes named, patience and stay, all from keyed draws."""

    scenario: Scenario
    residents: Residents
    chooser: Chooser
    seed: int

    def means(self, rows: I64) -> F64:
        """What residents can pay, yuan per month."""
        families = self.scenario.families
        mean = (families.children_mean_urban.value, families.children_mean_rural.value)
        people = self.residents
        return means_yuan_per_month(self.scenario.means, mean, self.seed, people.id[rows], people.rural[rows])

    def choices(self, homes: HomesOnOffer, rows: I64, ability: I64, at_most: int | None = None) -> list[Choices]:
        """Homes that residents name at an ability."""
        people = self.residents
        destitute = (people.groups[rows] & Group.DESTITUTE) != 0
        return self.chooser.rank(
            homes, people.id[rows], ability, people.district[rows].astype(np.int64), self.means(rows), destitute,
            at_most=at_most,
        )  # fmt: skip

    def apply(
        self, homes: HomesOnOffer, rows: I64, ability: I64, days: F64, law: Law, month: int
    ) -> list[Application]:
        """Applications of residents on days of the axis of the list; who names no home applies nowhere."""
        if not len(rows):
            return []
        people = self.residents
        ids = people.id[rows]
        chosen = self.choices(homes, rows, ability)
        destitute = (people.groups[rows] & Group.DESTITUTE) != 0
        patience = _exponential(uniforms(key(self.seed, Purpose.PATIENCE, month), ids), 1.0)
        patience *= self.scenario.waiting_list.patience.value * DAYS_PER_MONTH
        patience[destitute] = np.inf
        stay = stays(self.scenario, uniforms(key(self.seed, Purpose.STAY, month), ids), destitute)
        ranked = priority.ranked_homes(homes.ownership.astype(np.uint8), law)
        names_ranked = np.array([any(ranked[home] for home, _ in choice) for choice in chosen], dtype=bool)
        tiers = priority.of_applications(priority.tiers(people.groups[rows], ability.astype(np.uint8), law), names_ranked)
        behind = priority.not_entitled(people.groups[rows], law)
        kinds = bed_kind(ability)
        return [
            Application(
                float(days[i]), int(rows[i]), int(ids[i]), int(tiers[i]), int(behind[i]), int(kinds[i]), chosen[i],
                float(patience[i]), float(stay[i]),
            )
            for i in range(len(rows))
            if chosen[i]
        ]  # fmt: skip


def stays(scenario: Scenario, u: F64, destitute: NDArray[np.bool_]) -> F64:
    """Days from admission to a live exit, exponential; the destitute stay."""
    rate = scenario.leaving.per_year.value / DAYS_PER_YEAR
    days = _exponential(u, 1 / rate) if rate > 0 else np.full(len(u), np.inf)
    return np.where(destitute, np.inf, days)


def _exponential(u: F64, mean: float) -> F64:
    return np.asarray(-np.log1p(-u) * mean)


def draw_people(base: Base, scenario: Scenario, seed: int) -> tuple[Residents, NDArray[np.bool_]]:
    """Residents at the start, and who of them lives in a home."""
    rows = base.rows
    people = Residents(len(rows.id))
    people.id[:], people.birth[:], people.sex[:], people.district[:] = rows.id, rows.birth, rows.sex, rows.district
    people.rural[:], people.living[:], people.spouse[:] = base.rural, base.living, base.spouse
    groups = scenario.groups
    shares = {
        Group.MINIMUM_ALLOWANCE: groups.minimum_allowance.value,
        Group.LOW_INCOME: groups.low_income.value,
        Group.SPECIAL_FAMILY_PLANNING: groups.special_family_planning.value,
        Group.ENTITLED: groups.entitled.value,
    }
    unable = population_base.unable_mask(groups)
    in_homes = np.where(unable, groups.in_homes_unable_at_start.value, groups.in_homes_able_at_start.value)
    at_home = np.zeros(len(people), dtype=np.bool_)
    start_draws(
        scenario.horizon.first.index, people.id, people.birth, people.sex, base.may_be_home,
        base.homes.destitute, base.homes.ability, in_homes,
        np.cumsum(list(shares.values())) / (1 - groups.destitute.value),
        np.array([int(group) for group in shares], dtype=np.uint16),
        *(key(seed, purpose, START) for purpose in (
            Purpose.HOME_AT_START, Purpose.DESTITUTE, Purpose.ABILITY_AT_ENTRY, Purpose.GROUPS, Purpose.WISH)),
        people.ability, people.groups, people.wish, at_home,
    )  # fmt: skip
    return people, at_home


def fill_homes(
    applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], open_beds: I64, leaving: F64
) -> I64:
    """Give those who live in homes a home, a bed and a day of admission; returns free beds: (homes, 2).

    In keyed order each takes the home of highest utility that still has a bed of the kind. Elapsed stays are
    drawn from the residual distribution: exponential with the resident's own hazard of leaving.

    Args:
        applicants: for the homes they would name.
        homes: the homes at the start.
        at_home: (residents,) who lives in a home; set to False where no bed is left.
        open_beds: (homes, 2).
        leaving: (residents,) hazard per day of dying or leaving.
    """
    people, seed = applicants.residents, applicants.seed
    rows = np.flatnonzero(at_home)
    order = uniforms(key(seed, Purpose.HOME_CHOICE_AT_START, START), people.id[rows])
    rows = rows[np.argsort(order, kind="stable")]
    free = open_beds.copy()
    ability = people.ability[rows].astype(np.int64)
    named = applicants.choices(homes, rows, ability, at_most=_EVERY_HOME)
    kinds = bed_kind(ability)
    elapsed = _exponential(uniforms(key(seed, Purpose.STAY_AT_START, START), people.id[rows]), 1.0) / leaving[rows]
    for i, row in enumerate(rows):
        kind = kinds[i]
        home = next((home for home, _ in named[i] if free[home, kind] > 0), None)
        if home is None:
            at_home[row] = False
            continue
        free[home, kind] -= 1
        people.home[row], people.bed[row], people.since_day[row] = home, kind, -elapsed[i]
    return free


def leaving_hazard(base: Base, scenario: Scenario, people: Residents) -> tuple[F64, F64]:
    """Hazard of death per day of everybody at the start, and of death or leaving a home."""
    start = scenario.horizon.first
    cell = np.clip(start.index - 1 - people.birth.astype(np.int64) - FIRST_MONTHS, 0, GRID - 1)
    death = base.tables.death[period_of(base.source, start.year), people.sex, cell, people.ability]
    dying = -np.log1p(-death) / DAYS_PER_MONTH
    destitute = (people.groups & Group.DESTITUTE) != 0
    return dying, dying + np.where(destitute, 0.0, scenario.leaving.per_year.value / DAYS_PER_YEAR)


def burn_in(
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], free: I64, law: Law, dying: F64
) -> list[Application]:
    """Who waits at the start: what a burn-in with demography frozen leaves on the list.

    The list is played over the burn-in from filled homes; residents and applicants die and leave at their
    hazards, nobody ages. The homes themselves start as they were drawn; only the list is kept.
    """
    scenario, people, seed = applicants.scenario, applicants.residents, applicants.seed
    months = scenario.waiting_list.burn_in.value
    first_day = -months * DAYS_PER_MONTH
    waitlist = Waitlist(turnover_days=scenario.waiting_list.turnover.value, start_day=first_day)
    for home in range(len(free)):
        waitlist.add_home(home, (int(free[home, 0]), int(free[home, 1])))
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    stay = stays(scenario, uniforms(key(seed, Purpose.STAY, _BURN_IN), people.id[inside]), destitute)
    for row, days in zip(inside.tolist(), stay.tolist(), strict=True):
        waitlist.settle(row, int(people.home[row]), int(people.bed[row]), first_day + days)
    buffer, before = np.zeros(len(people), np.int64), np.zeros(len(people))
    count = first_applications(
        scenario.horizon.first.index, months, people.id, people.birth, people.ability, people.left, at_home,
        people.groups, people.living, living_hazard(scenario) / MONTHS_PER_YEAR,
        key(seed, Purpose.APPLY, _BURN_IN), buffer, before,
    )  # fmt: skip
    rows = buffer[:count]
    days = -before[:count] * DAYS_PER_MONTH
    events: list[Event] = list(
        applicants.apply(homes, rows, people.ability[rows].astype(np.int64), days, law, _BURN_IN)
    )
    everyone = np.concatenate([inside, rows])
    death = first_day + _exponential(uniforms(key(seed, Purpose.DEATH_DAY, _BURN_IN), people.id[everyone]), 1.0) / dying[everyone]
    events += [Death(float(day), int(row)) for day, row in zip(death, everyone, strict=True) if day < 0]
    waitlist.replay(0.0, events)
    return [waitlist.entry(person) for person in sorted(waitlist.waiting)]


def ability_of_arrivals(prevalence: F64, u: F64) -> NDArray[np.uint8]:
    """Ability by the prevalence at age and sex: u1 codes.

    Args:
        prevalence: (n, 4) shares.
        u: (n,) draws.
    """
    return (u[:, None] >= np.cumsum(prevalence, axis=1)[:, : len(Ability) - 1]).sum(axis=1).astype(np.uint8)
