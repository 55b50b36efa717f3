# Over 300 lines by a little: the trials of a start and what they share.
"""The state at the start: people with ability and groups, homes filled, a list from a burn-in.

Homes do not start empty: residents are drawn where inflow and outflow balance (`population.equilibrium`), and
the list is what a burn-in leaves in which nobody ages. An empty start gives a number that looks right after
three years for the wrong reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.applicants import Applicants
from sim.burnin import BurntIn, Looking, burn_in
from sim.choice import Chooser, HomesOnOffer, apply_hazard, bed_kind
from sim.codes import Ability, BedKind, Group, Living
from sim.facilities.estate import Estate
from sim.filling import Staffed, fill_homes
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.book import Law
from sim.population import base as population_base
from sim.population.base import Base
from sim.population.demography import start_draws
from sim.population.families import Families
from sim.population.lifetable import FIRST_MONTHS, GRID, ages_years, period_of
from sim.population.lifetimes import died_by
from sim.population.past_tables import past_tables
from sim.population.residents import Residents
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key
from sim.waitlist.records import Application

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_TRIAL = 0.4
"""Part of the burn-in that a trial of the start takes."""
_CLOSE = 0.12
"""Where a trial shows a share so near to the one assumed, a second one is not worth its time: what it shows
moves by a tenth of what is assumed, and by as much as that from chance."""
_GROUP_MONTHS = 5 * MONTHS_PER_YEAR
_FEW = 100
"""Residents of the oldest five-year group whose living arrangements tell something; older ones join it."""
_ROOM = 1.5
"""The shared base has room for so many times the residents of homes that the first guess gives."""


def living_hazard(scenario: Scenario) -> F64:
    """Hazard of applying per year: (GRID, 4, 4)."""
    return apply_hazard(scenario.applying, ages_years())


def admission_hazard(
    scenario: Scenario, admitted: F64 | None = None, living: F64 | None = None
) -> F64:  # fmt: skip
    """Hazard of admission per year, averaged over living arrangements: (GRID, 4).

    Args:
        scenario: hazard of applying.
        admitted: (2,) admissions over applications, of those who ask for an ordinary and a nursing bed; a
            first guess of the scenario if not given.
        living: (GRID, 4) shares of living arrangements at each age; those of all aged 60+ if not given.
    """
    families = scenario.families
    if living is None:
        shares = np.zeros((GRID, len(Living)))
        shares[:, Living.ALONE] = families.alone_share.value
        shares[:, Living.COUPLE] = families.couple_share.value
        shares[:, Living.OTHERS] = 1 - shares.sum(axis=1)
    else:
        shares = living
    guess = scenario.applying.admitted_per_application.value
    each = np.full(len(BedKind), guess) if admitted is None else admitted
    hazard = np.einsum("cal,cl->ca", living_hazard(scenario), shares)
    return np.asarray(hazard * each[bed_kind(np.arange(len(Ability)))])


@lru_cache(maxsize=1)
def _of_base(base: Base, first: Month, months: int, per_month: bytes) -> tuple[Looking, F64]:
    """What replications of one base and hazard of applying share: tables of months, and `living_by_age`.

    `per_month` is the hazard, (GRID, 4, 4).
    """
    period = period_of(base.source, first.year)
    hazard = np.frombuffer(per_month).reshape(GRID, len(Ability), len(Living))
    living = living_by_age(base, first)
    outside = hazard[:, :, Living.COLLECTIVE]
    like_others = np.divide(
        np.einsum("cal,cl->ca", hazard, living), outside, out=np.ones_like(outside), where=outside > 0
    )
    past = past_tables(base.tables, period, hazard, months)
    return Looking(died_by(base.tables, period, months), past, like_others), living


def living_by_age(base: Base, first: Month) -> F64:
    """(GRID, 4) shares of living arrangements at each month of age at the start, by five-year groups.

    Living alone rises with age, and so does applying: means of all ages would bring too few into homes.
    """
    age = first.index - 1 - base.rows.birth.astype(np.int64)
    group = np.clip(age - FIRST_MONTHS, 0, GRID - 1) // _GROUP_MONTHS
    counts = np.zeros((-(-GRID // _GROUP_MONTHS), len(Living)))
    inside = base.living != Living.COLLECTIVE
    cells = group[inside] * len(Living) + base.living[inside]
    counts += np.bincount(cells, minlength=counts.size).reshape(counts.shape)
    total = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    oldest = int(np.flatnonzero(total[:, 0] >= min(_FEW, total.max()))[-1])
    shares[oldest:] = counts[oldest:].sum(axis=0) / total[oldest:].sum()
    return np.repeat(shares, _GROUP_MONTHS, axis=0)[:GRID]


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
    scenario = asked.scenario
    most = min(_ROOM * scenario.applying.admitted_per_application.value, 1.0)
    return population_base.build(scenario, admission_hazard(scenario, np.full(len(BedKind), most)))


def on_offer(estate: Estate, off_the_charge: F64) -> HomesOnOffer:
    """What applicants see of the homes; (homes, 4) yuan a month are taken off the charges."""
    return HomesOnOffer(
        estate.keys, estate.ownership, estate.district, estate.prices - off_the_charge, estate.opened() > 0,
        estate.country, estate.integrated, estate.reputation,
    )  # fmt: skip


def base_of(scenario: Scenario) -> Base:
    """The base of a scenario, kept in a process until a table or input changes; no seed enters."""
    stats = [path.stat() for path in vars(scenario.tables).values() if path]
    files = tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)
    return _base_of(_Asked(scenario.model_dump_json(include=_IN_BASE), files, scenario))


@dataclass
class Begun:
    """The state at the start.

    Attributes:
        applicants: with the residents.
        families: of those in care need.
        at_home: (residents,) who lives in a home.
        free: (homes, 2) free beds.
        waiting: who waits.
    """

    applicants: Applicants
    families: Families
    at_home: NDArray[np.bool_]
    free: I64
    waiting: list[Application]


def begin(
    base: Base, scenario: Scenario, seed: int, homes: HomesOnOffer, open_beds: I64, law: Law, carers: Staffed
) -> Begun:
    """The state at the start, in balance with its own flows.

    Who lives in homes is drawn where inflow and outflow balance, and the inflow is what the list admits: how
    many applications end in an admission depends on the homes of this very run, and on how many live there.
    So a trial with a shorter burn-in, or a second one, shows what share is admitted, and the start is made
    with it. At last residents change places so that the beds are taken that the burn-in left taken:
    nobody waits for a bed that is free.

    Args:
        base: what all replications share.
        scenario: the scenario.
        seed: of the replication.
        homes: what is on offer.
        open_beds: (homes, 2).
        law: in force.
        carers: of the homes, where they limit beds; they are at work afterwards.
    """
    begin_with = _Beginning(base, scenario, seed, homes, open_beds, law, carers)
    guess = np.full(len(BedKind), scenario.applying.admitted_per_application.value)
    months = scenario.waiting_list.burn_in.value
    found = begin_with.admissions(guess, months * _TRIAL)
    if np.abs(found - guess).max() > _CLOSE:
        found = begin_with.admissions(found, months * _TRIAL)
    return begin_with.at(found, months)


@dataclass
class _Beginning:
    """Starts of one replication with one share of admissions after another."""

    base: Base
    scenario: Scenario
    seed: int
    homes: HomesOnOffer
    open_beds: I64
    law: Law
    carers: Staffed

    def __post_init__(self) -> None:
        months = math.ceil(self.scenario.waiting_list.burn_in.value)
        self._hazard = living_hazard(self.scenario)
        per_month = (self._hazard / MONTHS_PER_YEAR).tobytes()
        self._tables, self._living = _of_base(self.base, self.scenario.horizon.first, months, per_month)

    def admissions(self, admitted: F64, months: float) -> F64:
        """Admissions over applications by kind of bed, of a burn-in that starts with such a share."""
        asked, came = self._burnt_in(admitted, months, trial=True)[-1].flows
        return np.where(asked > 0, np.minimum(came / np.maximum(asked, 1), 1.0), admitted)

    def at(self, admitted: F64, months: float) -> Begun:
        """The start with such a share of admissions."""
        at_work, begun, burnt_in = self._burnt_in(admitted, months)
        applicants, at_home = begun.applicants, begun.at_home
        people = applicants.residents
        for inside, outside in burnt_in.others:  # who waits for a place wishes for one
            people.wish[outside] = people.wish[inside]
        waited = np.zeros(self.open_beds.shape, np.bool_)
        for entry in burnt_in.waiting:
            waited[[home for home, _ in entry.choices], entry.kind] = True
        left = burnt_in.taken, waited
        free = fill_homes(at_work, applicants, self.homes, at_home, self.open_beds, self.carers, left)
        return Begun(applicants, begun.families, at_home, free, burnt_in.waiting)

    def _burnt_in(
        self, admitted: F64, months: float, *, trial: bool = False
    ) -> tuple[Base, Begun, BurntIn]:  # fmt: skip
        scenario, seed = self.scenario, self.seed
        hazard = admission_hazard(scenario, admitted, self._living)
        at_work = population_base.with_admissions(self.base, scenario, hazard)
        people, at_home = draw_people(at_work, scenario, seed)
        central = scenario.waiting_list.allocation == "central"
        chooser = Chooser(scenario.choosing, seed, scenario.mechanisms, names_all=central)
        applicants = Applicants(scenario, people, chooser, seed)
        free = fill_homes(at_work, applicants, self.homes, at_home, self.open_beds, self.carers)
        families = Families(scenario.families, scenario.mechanisms, people, self._hazard, seed)
        begin_families(at_work, scenario, families)
        burnt_in = burn_in(
            at_work, applicants, self.homes, at_home, free, self.law, months=months,
            tables=self._tables, trial=trial,
        )  # fmt: skip
        return at_work, Begun(applicants, families, at_home, free, []), burnt_in


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


def begin_families(base: Base, scenario: Scenario, families: Families) -> None:
    """The families of those in care need at the start, once homes are filled."""
    first = scenario.horizon.first
    period = period_of(base.source, first.year)
    families.begin(first.plus(-1), base.tables, period, scenario.leaving.per_year.value)
