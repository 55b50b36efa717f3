"""The state at the start: people with ability and groups, homes filled, a list from a burn-in.

Homes do not start empty: residents are drawn where inflow and outflow balance (`population.equilibrium`), and
the list is what a burn-in leaves in which nobody ages. An empty start gives a number that looks right after
three years for the wrong reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.applicants import DAYS_PER_MONTH, Applicants, stays
from sim.choice import HomesOnOffer, apply_hazard, bed_kind
from sim.codes import NEVER, BedKind, Group, Living
from sim.months import MONTHS_PER_YEAR
from sim.policy.book import Law
from sim.population import base as population_base
from sim.population.base import Base
from sim.population.demography import first_applications, start_draws
from sim.population.lifetable import FIRST_MONTHS, GRID, ages_years, period_of
from sim.population.residents import Residents
from sim.quantiles import exponential
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, uniforms
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import Application, Death

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

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


_IN_BASE = {
    "place", "horizon", "tables", "population", "families", "groups", "applying", "leaving",
}  # fmt: skip
"""Parts of a scenario that enter its base: with other prices alone a replication shares the last base."""


@dataclass(frozen=True)
class _Asked:
    """What a base is made from; `scenario` gives the same base as any other of the same key."""

    key: str
    files: tuple[tuple[int, int], ...]
    scenario: Scenario = field(compare=False)


@lru_cache(maxsize=2)
def _base_of(asked: _Asked) -> Base:
    return population_base.build(asked.scenario, admission_hazard(asked.scenario))


def base_of(scenario: Scenario) -> Base:
    """The base of a scenario, kept in a process until a table or input changes; no seed enters."""
    stats = [path.stat() for path in vars(scenario.tables).values() if path]
    files = tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)
    return _base_of(_Asked(scenario.model_dump_json(include=_IN_BASE), files, scenario))


def draw_people(base: Base, scenario: Scenario, seed: int) -> tuple[Residents, NDArray[np.bool_]]:
    """Residents at the start, and who of them lives in a home."""
    rows = base.rows
    people = Residents(len(rows.id))
    people.id[:], people.birth[:], people.sex[:], people.district[:] = (
        rows.id,
        rows.birth,
        rows.sex,
        rows.district,
    )
    people.find_runs()
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
        key(seed, Purpose.HOME_AT_START, START), key(seed, Purpose.DESTITUTE, START),
        key(seed, Purpose.ABILITY_AT_ENTRY, START), key(seed, Purpose.GROUPS, START),
        key(seed, Purpose.WISH, START),
        people.ability, people.groups, people.wish, at_home,
    )  # fmt: skip
    return people, at_home


def fill_homes(
    applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], open_beds: I64
) -> I64:
    """Give those who live in homes a home and a bed; returns (homes, 2) free beds.

    In keyed order each takes the home of highest utility that still has a bed of the kind. How long they have
    lived there is not drawn: stays are exponential, so the past of a stay says nothing about its rest.

    Args:
        applicants: for the homes they would name.
        homes: the homes at the start.
        at_home: (residents,) who lives in a home; set to False where no bed is left.
        open_beds: (homes, 2).
    """
    people, seed = applicants.residents, applicants.seed
    rows = np.flatnonzero(at_home)
    order = uniforms(key(seed, Purpose.HOME_CHOICE_AT_START, START), people.id[rows])
    rows = rows[np.argsort(order, kind="stable")]
    ability = people.ability[rows].astype(np.int64)
    named = applicants.choices(homes, rows, ability, at_most=_EVERY_HOME)
    kinds = bed_kind(ability)
    left = [open_beds[:, kind].tolist() for kind in BedKind]
    found = np.full(len(rows), NEVER)
    for i, (kind, choices) in enumerate(zip(kinds.tolist(), named, strict=True)):
        beds = left[kind]
        for home, _ in choices:
            if beds[home] > 0:
                beds[home] -= 1
                found[i] = home
                break
    at_home[rows[found == NEVER]] = False
    people.home[rows] = found
    people.bed[rows] = np.where(found == NEVER, 0, kinds)
    return np.array(left, dtype=open_beds.dtype).T.copy()


def dying_per_day(base: Base, scenario: Scenario, people: Residents, rows: I64) -> F64:
    """Hazard of death per day of residents at the start."""
    start = scenario.horizon.first
    cell = np.clip(start.index - 1 - people.birth[rows].astype(np.int64) - FIRST_MONTHS, 0, GRID - 1)
    death = base.tables.death[
        period_of(base.source, start.year), people.sex[rows], cell, people.ability[rows]
    ]
    return np.asarray(-np.log1p(-death) / DAYS_PER_MONTH)


def burn_in(
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], free: I64, law: Law
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
    applicants.hold_back(waitlist, homes, law)
    buffer, before = np.zeros(len(people), np.int64), np.zeros(len(people))
    count = first_applications(
        scenario.horizon.first.index, months, people.id, people.birth, people.ability, people.left, at_home,
        people.groups, people.living, living_hazard(scenario) / MONTHS_PER_YEAR,
        key(seed, Purpose.APPLY, _BURN_IN), buffer, before,
    )  # fmt: skip
    rows = buffer[:count]
    days = -before[:count] * DAYS_PER_MONTH
    events: list[Application | Death] = list(
        applicants.apply(homes, rows, people.ability[rows].astype(np.int64), days, law, _BURN_IN)
    )
    everyone = np.concatenate([inside, rows])
    lifetimes = exponential(uniforms(key(seed, Purpose.DEATH_DAY, _BURN_IN), people.id[everyone]), 1.0)
    death = first_day + lifetimes / dying_per_day(base, scenario, people, everyone)
    events += [Death(float(day), int(row)) for day, row in zip(death, everyone, strict=True) if day < 0]
    waitlist.replay(0.0, events)
    return [waitlist.entry(person) for person in sorted(waitlist.waiting)]


def settle_residents(applicants: Applicants, waitlist: Waitlist, at_home: NDArray[np.bool_]) -> None:
    """Tell the list who lives where at the start, and when they leave alive: memoryless, so from day 0."""
    people, scenario = applicants.residents, applicants.scenario
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    days = stays(scenario, uniforms(key(applicants.seed, Purpose.STAY, START), people.id[inside]), destitute)
    for row, day in zip(inside.tolist(), days.tolist(), strict=True):
        waitlist.settle(row, int(people.home[row]), int(people.bed[row]), day)
