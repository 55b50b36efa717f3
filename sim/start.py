"""The state at the start: people with ability and groups, homes filled, a list from a burn-in.

Homes do not start empty: residents are drawn where inflow and outflow balance (`population.equilibrium`), and
the list is what a burn-in leaves in which nobody ages. An empty start gives a number that looks right after
three years for the wrong reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.applicants import DAYS_PER_MONTH, Applicants, drawn_exits, stays
from sim.choice import Chooser, HomesOnOffer, apply_hazard, bed_kind
from sim.codes import NEVER, Ability, BedKind, Group, Living
from sim.facilities.carers import Carers, load_of
from sim.facilities.estate import Estate
from sim.months import MONTHS_PER_YEAR
from sim.policy.book import Law
from sim.population import base as population_base
from sim.population.base import Base
from sim.population.demography import first_applications, start_draws
from sim.population.families import Families
from sim.population.lifetable import FIRST_MONTHS, GRID, ages_years, period_of
from sim.population.residents import Residents
from sim.quantiles import exponential
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, uniforms
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import Application, Death, Event, NeedChange

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Staffed = tuple[Carers, I64] | None
"""Caregivers and the registered beds (homes, 2) of their homes; None where they limit no beds."""

_ROUNDS = 2
_CLOSE = 0.03
"""Shares of applications so close to each other are not worth another round."""
_ROOM = 1.5
"""The shared base has room for so many times the residents of homes that the first guess gives."""
_COUNTED = 0.75
"""Who applied in the middle of the burn-in is counted: between this part of it and the rest of it."""
_BURN_IN = START - 1
"""The `month` of draws made in the burn-in."""


def living_hazard(scenario: Scenario) -> F64:
    """Hazard of applying per year: (GRID, 4, 4)."""
    return apply_hazard(scenario.applying, ages_years())


def admission_hazard(scenario: Scenario, admitted: F64 | None = None) -> F64:
    """Hazard of admission per year, averaged over living arrangements: (GRID, 4).

    Args:
        scenario: hazard of applying.
        admitted: (2,) admissions over applications, of those who ask for an ordinary and a nursing bed; a
            first guess of the scenario if not given.
    """
    families = scenario.families
    shares = np.zeros(len(Living))
    shares[Living.ALONE] = families.alone_share.value
    shares[Living.COUPLE] = families.couple_share.value
    shares[Living.OTHERS] = 1 - shares.sum()
    guess = scenario.applying.admitted_per_application.value
    each = np.full(len(BedKind), guess) if admitted is None else admitted
    return np.asarray(living_hazard(scenario) @ shares) * each[bed_kind(np.arange(len(Ability)))]


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
    many applications end in an admission depends on the homes of this very run. So the start is made with a
    first guess, the burn-in shows what share was admitted, and if that is another, the start is made again
    with it.

    Args:
        base: what all replications share.
        scenario: the scenario.
        seed: of the replication.
        homes: what is on offer.
        open_beds: (homes, 2).
        law: in force.
        carers: of the homes, where they limit beds; they are at work afterwards.
    """
    admitted = np.full(len(BedKind), scenario.applying.admitted_per_application.value)
    for last in (False,) * (_ROUNDS - 1) + (True,):
        at_work = population_base.with_admissions(base, scenario, admission_hazard(scenario, admitted))
        people, at_home = draw_people(at_work, scenario, seed)
        central = scenario.waiting_list.allocation == "central"
        chooser = Chooser(scenario.choosing, seed, scenario.mechanisms, names_all=central)
        applicants = Applicants(scenario, people, chooser, seed)
        free = fill_homes(at_work, applicants, homes, at_home, open_beds, carers)
        families = Families(scenario.families, scenario.mechanisms, people, living_hazard(scenario), seed)
        begin_families(at_work, scenario, families)
        burnt_in = burn_in(at_work, applicants, homes, at_home, free, law)
        asked, came = burnt_in.flows
        found = np.where(asked > 0, came / np.maximum(asked, 1), admitted)
        if last or np.abs(found - admitted).max() < _CLOSE:
            break
        admitted = found
    return Begun(applicants, families, at_home, free, burnt_in.waiting)


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
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], open_beds: I64,
    staffed: Staffed,
) -> I64:  # fmt: skip
    """Give those who live in homes a home and a bed; returns (homes, 2) free beds.

    In keyed order each takes the home of highest utility that still has a bed of the kind. How long they have
    lived there is not drawn: stays are exponential, so the past of a stay says nothing about its rest. Where
    residents change beds, those who entered able chose as such, and who of them has come to need a nursing
    bed has one in that home if it has any left: residents go before newcomers.

    Args:
        base: with what need residents of homes entered.
        applicants: for the homes they would name.
        homes: the homes at the start.
        at_home: (residents,) who lives in a home; set to False where no bed is left.
        open_beds: (homes, 2).
        staffed: the caregivers of the homes, None where they limit no beds: a home takes whom they can care
            for. They are at work afterwards, and free beds are staffed ones.
    """
    people, seed = applicants.residents, applicants.seed
    rows = np.flatnonzero(at_home)
    order = uniforms(key(seed, Purpose.HOME_CHOICE_AT_START, START), people.id[rows])
    rows = rows[np.argsort(order, kind="stable")]
    ability = people.ability[rows].astype(np.int64)
    since = np.zeros(len(rows), np.bool_)
    if applicants.scenario.mechanisms.in_house_moves:
        ability, since = _at_entry(base, applicants, rows)
        first = np.argsort(bed_kind(ability), kind="stable")
        rows, ability, since = rows[first], ability[first], since[first]
    ranked, counts = applicants.chooser.order(homes, applicants.seekers(rows, ability))
    kinds = bed_kind(ability)
    needs = np.where(since, int(BedKind.NURSING), kinds)
    free = open_beds.copy()
    loads, room = np.zeros(len(rows)), np.full(len(open_beds), np.inf)
    if staffed is not None:
        loads, room = staffed[0].load[people.ability[rows]], staffed[0].at_start(staffed[1])
    found = np.full(len(rows), NEVER)
    _fill(ranked, counts, kinds, needs, loads, free, room, found)
    at_home[rows[found == NEVER]] = False
    people.home[rows] = found
    people.bed[rows] = np.where(found == NEVER, 0, kinds)
    if staffed is None:
        return free
    carers, registered = staffed
    inside = np.flatnonzero(at_home)
    need = load_of(carers.load, people.home[inside], people.ability[inside], len(open_beds))
    carers.begin(registered, open_beds, need)
    taken = open_beds - free
    return carers.usable(need, taken, open_beds) - taken


@njit(cache=True)
def _fill(
    ranked: I64, counts: I64, kinds: I64, needs: I64, loads: F64, free: I64, room: F64, found: I64
) -> None:
    """Each takes the first home in order that has a bed left, of the kind needed or else the one asked for.

    Args:
        ranked: (residents, homes).
        counts: how many of these count.
        kinds: of bed asked for.
        needs: the kind needed now.
        loads: caregivers that each takes.
        free: (homes, 2) beds left; taken from.
        room: caregivers left of each home; taken from.
        found: the home of each is written; `kinds` becomes the kind of bed.
    """
    for i in range(len(found)):
        for rank in range(counts[i]):
            home = ranked[i, rank]
            bed = needs[i] if free[home, needs[i]] > 0 else kinds[i]
            if free[home, bed] > 0 and room[home] >= loads[i]:
                free[home, bed] -= 1
                room[home] -= loads[i]
                found[i], kinds[i] = home, bed
                break


def _at_entry(base: Base, applicants: Applicants, rows: I64) -> tuple[I64, NDArray[np.bool_]]:
    """Ability at entry of residents of homes, as far as the kind of bed goes; and who came to need since."""
    people = applicants.residents
    ability = people.ability[rows].astype(np.int64)
    start = applicants.scenario.horizon.first
    cell = np.clip(start.index - 1 - people.birth[rows].astype(np.int64) - FIRST_MONTHS, 0, GRID - 1)
    bounds = base.stays.entered[people.sex[rows], cell, ability]
    drawn = uniforms(key(applicants.seed, Purpose.ENTERED_ABLE, START), people.id[rows])
    able = drawn < bounds[:, 1]
    entered = np.where(able, np.minimum(ability, Ability.MILD), np.maximum(ability, Ability.MODERATE))
    return entered, able & (drawn >= bounds[:, 0])


def begin_families(base: Base, scenario: Scenario, families: Families) -> None:
    """The families of those in care need at the start, once homes are filled."""
    first = scenario.horizon.first
    period = period_of(base.source, first.year)
    families.begin(first.plus(-1), base.tables, period, scenario.leaving.per_year.value)


def dying_per_day(base: Base, scenario: Scenario, people: Residents, rows: I64) -> F64:
    """Hazard of death per day of residents at the start."""
    start = scenario.horizon.first
    cell = np.clip(start.index - 1 - people.birth[rows].astype(np.int64) - FIRST_MONTHS, 0, GRID - 1)
    death = base.tables.death[
        period_of(base.source, start.year), people.sex[rows], cell, people.ability[rows]
    ]
    return np.asarray(-np.log1p(-death) / DAYS_PER_MONTH)


class BurntIn(NamedTuple):
    """Who waits after a burn-in; who applied in its middle and who of them came in, by kind of bed, (2,)."""

    waiting: list[Application]
    flows: tuple[F64, F64]


def burn_in(
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], free: I64, law: Law
) -> BurntIn:
    """Who waits at the start: what a burn-in with demography frozen leaves on the list.

    The list is played over the burn-in from filled homes; residents and applicants die and leave at their
    hazards, and come to need a nursing bed; nobody ages. The homes themselves start as they were drawn; only
    the list is kept.
    """
    scenario, people, seed = applicants.scenario, applicants.residents, applicants.seed
    months = scenario.waiting_list.burn_in.value
    first_day = -months * DAYS_PER_MONTH
    moves = scenario.mechanisms.in_house_moves
    waitlist = Waitlist(
        turnover_days=scenario.waiting_list.turnover.value, start_day=first_day, residents_change_beds=moves
    )
    for home in range(len(free)):
        waitlist.add_home(home, (int(free[home, 0]), int(free[home, 1])))
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    u = uniforms(key(seed, Purpose.STAY, _BURN_IN), people.id[inside])
    stay = stays(scenario, u, destitute, expected_exits=True)
    _settle(people, waitlist, inside, first_day + stay)
    applicants.hold_back(waitlist, homes, law)
    buffer, before = np.zeros(len(people), np.int64), np.zeros(len(people))
    count = first_applications(
        scenario.horizon.first.index, months, people.id, people.birth, people.ability, people.left, at_home,
        people.groups, people.living, people.pressure, living_hazard(scenario) / MONTHS_PER_YEAR,
        key(seed, Purpose.APPLY, _BURN_IN), buffer, before,
    )  # fmt: skip
    rows = buffer[:count]
    days = -before[:count] * DAYS_PER_MONTH
    events: list[Event] = list(
        applicants.apply(
            homes, rows, people.ability[rows].astype(np.int64), days, law, _BURN_IN, expected_exits=True
        )
    )
    if moves:
        events += _needs(base, applicants, inside, first_day)
        events += _needs(base, applicants, rows, days)
    everyone = np.concatenate([inside, rows])
    lifetimes = exponential(uniforms(key(seed, Purpose.DEATH_DAY, _BURN_IN), people.id[everyone]), 1.0)
    death = first_day + lifetimes / dying_per_day(base, scenario, people, everyone)
    events += [Death(float(day), int(row)) for day, row in zip(death, everyone, strict=True) if day < 0]
    log = waitlist.replay(0.0, events)
    counted = np.flatnonzero((days >= first_day * _COUNTED) & (days < first_day * (1 - _COUNTED)))
    kinds = bed_kind(people.ability[rows[counted]])
    asked = np.bincount(kinds, minlength=len(BedKind)).astype(np.float64)
    kind_of = np.full(len(people), NEVER)
    kind_of[rows[counted]] = kinds
    came = kind_of[np.array([one.person for one in log.admissions], dtype=np.int64)]
    admitted = np.bincount(came[came != NEVER], minlength=len(BedKind)).astype(np.float64)
    longer = drawn_exits(scenario)  # from now on families take back who they can
    left = [
        entry._replace(stay_days=entry.stay_days / longer if longer > 0 else np.inf)
        for entry in map(waitlist.entry, sorted(waitlist.waiting))
    ]
    return BurntIn(left, (asked, admitted))


def _settle(people: Residents, waitlist: Waitlist, rows: I64, exit_days: F64) -> None:
    """Tell the list of residents of homes, each until a live exit on a day."""
    waitlist.settle_all(rows, people.home[rows], people.bed[rows], exit_days, bed_kind(people.ability[rows]))


def _needs(base: Base, applicants: Applicants, rows: I64, since: F64 | float) -> list[Event]:
    """Who of some able people comes to need a nursing bed in the burn-in, after some day; once in a home."""
    people, scenario = applicants.residents, applicants.scenario
    cell = scenario.horizon.first.index - 1 - people.birth[rows].astype(np.int64) - FIRST_MONTHS
    monthly = base.stays.onset[people.sex[rows], np.clip(cell, 0, GRID - 1)]
    drawn = uniforms(key(applicants.seed, Purpose.NEED_DAY, _BURN_IN), people.id[rows])
    hazard = np.maximum(-np.log1p(-monthly) / DAYS_PER_MONTH, 1e-12)
    days = np.asarray(since + exponential(drawn, 1.0) / hazard)
    falls = (people.ability[rows] < Ability.MODERATE) & (days < 0)
    return [
        NeedChange(day, row, int(BedKind.NURSING), None)
        for day, row in zip(days[falls].tolist(), rows[falls].tolist(), strict=True)
    ]


def settle_residents(applicants: Applicants, waitlist: Waitlist, at_home: NDArray[np.bool_]) -> None:
    """Tell the list who lives where at the start, and when they leave alive: memoryless, so from day 0."""
    people, scenario = applicants.residents, applicants.scenario
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    days = stays(scenario, uniforms(key(applicants.seed, Purpose.STAY, START), people.id[inside]), destitute)
    _settle(people, waitlist, inside, days)
