"""The list at the start: what is left of years of applications before the first month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.applicants import DAYS_PER_MONTH, Applicants, drawn_exits, stays
from sim.choice import HomesOnOffer, bed_kind
from sim.codes import Ability, BedKind, Group
from sim.policy.book import Law
from sim.population.base import Base
from sim.population.demography import applications_before
from sim.population.lifetable import completed
from sim.population.lifetimes import lifetimes_months
from sim.population.residents import Residents
from sim.quantiles import exponential
from sim.streams import START, Purpose, key, uniforms
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import Application, Death, Event, NeedChange

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_COUNTED = 0.75
"""Last part of the burn-in in which applications and admissions are counted."""
_MOST_REPEATS = 6
"""Applications of a person in a burn-in, at most."""
_BURN_IN = START - 1
"""The `month` of draws made in the burn-in; of earlier applications of a person, the numbers below it."""


class BurntIn(NamedTuple):
    """What a burn-in leaves: who waits, beds taken (homes, 2), and flows by kind of bed, (2,) each.

    Flows are who applied, and who came in, towards its end.
    """

    waiting: list[Application]
    taken: I64
    flows: tuple[F64, F64]


def burn_in(
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], free: I64, law: Law,
    *, months: float, hazard_per_month: F64, died: F64,
) -> BurntIn:  # fmt: skip
    """Who waits at the start: what a burn-in leaves on the list in which everybody applies at today's age.

    The list is played over the burn-in from filled homes; residents and applicants die, leave and come to
    need a nursing bed as they grow older. The homes themselves start as they were drawn; only the list is
    kept, and which beds are taken.

    Args:
        base: start population.
        applicants: make applications.
        homes: on offer.
        at_home: (residents,) who lives in a home.
        free: (homes, 2) free beds.
        law: in force.
        months: its length.
        hazard_per_month: (GRID, 4, 4) of applying.
        died: see `population.lifetimes.died_by`.
    """
    scenario, people, seed = applicants.scenario, applicants.residents, applicants.seed
    first_day = -months * DAYS_PER_MONTH
    moves = scenario.mechanisms.in_house_moves
    waitlist = Waitlist(
        turnover_days=scenario.waiting_list.turnover.value, start_day=first_day,
        residents_change_beds=moves, repeats=True,
    )  # fmt: skip
    for home in range(len(free)):
        waitlist.add_home(home, (int(free[home, 0]), int(free[home, 1])))
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    u = uniforms(key(seed, Purpose.STAY, _BURN_IN), people.id[inside])
    stay = stays(scenario, u, destitute, expected_exits=True)
    _settle(people, waitlist, inside, first_day + stay)
    applicants.hold_back(waitlist, homes, law)
    rows, days, events = _applications(applicants, homes, law, months, hazard_per_month)
    if moves:
        events += _needs(base, applicants, inside, first_day)
        events += _needs(base, applicants, rows, days)
    events += _deaths(applicants, died, inside, np.full(len(inside), first_day))
    events += _deaths(applicants, died, rows, days)
    log = waitlist.replay(0.0, events)
    since = first_day * _COUNTED
    asked = np.bincount(bed_kind(people.ability[rows[days >= since]]), minlength=len(BedKind))
    idle = np.bincount([one.kind for one in log.idle if one.day >= since], minlength=len(BedKind))
    came = np.bincount([one.kind for one in log.admissions if one.day >= since], minlength=len(BedKind))
    longer = drawn_exits(scenario)  # from now on families take back who they can
    left = [
        entry._replace(stay_days=entry.stay_days / longer if longer > 0 else np.inf)
        for entry in _by_others(applicants, homes, at_home, law, waitlist)
    ]
    taken = waitlist.all_taken()
    waitlist.dissolve()
    return BurntIn(left, taken, ((asked - idle).astype(np.float64), came.astype(np.float64)))


def _by_others(
    applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], law: Law, waitlist: Waitlist
) -> list[Application]:
    """Who waits after a burn-in; for who lives in a home at the start somebody else waits for such a bed.

    These others moved in during the burn-in and are outside at the start: as many, as frail. Only such
    as name full homes: who names another does not wait.
    """
    people, seed = applicants.residents, applicants.seed
    entries = [waitlist.entry(person) for person in sorted(waitlist.waiting)]
    kept = [entry for entry in entries if not at_home[entry.person]]
    inside = waitlist.living()
    rows = inside[~at_home[inside]]
    rows = rows[np.argsort(uniforms(key(seed, Purpose.APPLY_DAY, _BURN_IN), people.id[rows]), kind="stable")]
    ability = people.ability[rows].astype(np.int64)
    for kind in BedKind:
        gone = [entry for entry in entries if at_home[entry.person] and entry.kind == kind]
        others = rows[bed_kind(ability) == kind] if gone else rows[:0]
        asked = applicants.apply(
            homes, others, people.ability[others].astype(np.int64), np.zeros(len(others)), law,
            _BURN_IN - _MOST_REPEATS,
        )  # fmt: skip
        full = (one for one in asked if not any(waitlist.free(home, kind) for home, _ in one.choices))
        kept += [
            one._replace(day=entry.day, patience_days=entry.patience_days, stay_days=entry.stay_days)
            for entry, one in zip(gone, full, strict=False)
        ]
    return sorted(kept, key=lambda entry: entry.person)


def _applications(
    applicants: Applicants, homes: HomesOnOffer, law: Law, months: float, hazard_per_month: F64
) -> tuple[I64, F64, list[Event]]:
    """Applications of a burn-in: rows and days of all, and the events.

    Those who live in homes ask too: without effect as long as they do, but in the place of somebody like them
    once they have died or left. Else the homes would use up the frail, as no years bring new ones.
    """
    scenario, people, seed = applicants.scenario, applicants.residents, applicants.seed
    room = len(people) // 4 + _MOST_REPEATS
    rows, which, before = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room)
    keys = np.array([key(seed, Purpose.APPLY, _BURN_IN - n) for n in range(_MOST_REPEATS)], np.uint64)
    count = applications_before(
        scenario.horizon.first.index, months, people.id, people.birth, people.ability, people.left,
        people.groups, people.living, people.pressure, hazard_per_month, keys, rows, before, which,
    )  # fmt: skip
    rows, which, days = rows[:count], which[:count], -before[:count] * DAYS_PER_MONTH
    events: list[Event] = []
    for n in range(int(which.max(initial=-1)) + 1):
        these = which == n
        ability = people.ability[rows[these]].astype(np.int64)
        events += applicants.apply(
            homes, rows[these], ability, days[these], law, _BURN_IN - n, expected_exits=True
        )
    return rows, days, events


def _deaths(applicants: Applicants, died: F64, rows: I64, since: F64) -> list[Event]:
    """Deaths in the burn-in of people who ask or live in a home since a day; who asks again starts anew.

    `rows` may hold a person several times, latest day first.
    """
    people, first = applicants.residents, applicants.scenario.horizon.first
    again = np.zeros(len(rows), np.bool_)
    again[1:] = rows[1:] == rows[:-1]
    until = np.where(again, np.roll(since, 1), 0.0)
    drawn = key(applicants.seed, Purpose.DEATH_DAY, _BURN_IN)
    lives_on = lifetimes_months(
        died, people.sex[rows], completed(first, people.birth[rows]), people.ability[rows],
        uniforms(drawn, people.id[rows]),
    )  # fmt: skip
    day = since + lives_on * DAYS_PER_MONTH
    dies = day < until
    return [Death(at, row) for at, row in zip(day[dies].tolist(), rows[dies].tolist(), strict=True)]


def _settle(people: Residents, waitlist: Waitlist, rows: I64, exit_days: F64) -> None:
    """Tell the list of residents of homes, each until a live exit on a day."""
    waitlist.settle_all(rows, people.home[rows], people.bed[rows], exit_days, bed_kind(people.ability[rows]))


def _needs(base: Base, applicants: Applicants, rows: I64, since: F64 | float) -> list[Event]:
    """Who of some able people comes to need a nursing bed in the burn-in, after some day; once in a home."""
    people, scenario = applicants.residents, applicants.scenario
    monthly = base.stays.onset[people.sex[rows], completed(scenario.horizon.first, people.birth[rows])]
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
