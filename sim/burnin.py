# Over 300 lines: who is in, who asks, whose need changes and who stands for whom are one burn-in.
"""The list at the start: what is left of years of applications before the first month."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.applicants import DAYS_PER_MONTH, Applicants, drawn_exits, stays
from sim.choice import HomesOnOffer, bed_kind
from sim.codes import Ability, BedKind, Group
from sim.policy.book import Law
from sim.population.base import Base, wishing
from sim.population.lifetable import SIXTY, completed
from sim.population.lifetimes import lifetimes_months
from sim.population.past import MOST_DEATHS, MOST_REPEATS, Past, look_back
from sim.population.past_tables import PastTables
from sim.population.residents import Residents
from sim.quantiles import exponential
from sim.streams import START, Purpose, key, pair_ids, uniforms
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import Application, Death, Event, MonthLog, NeedChange

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_COUNTED = 0.75
"""Last part of the burn-in in which applications and admissions are counted."""
_BURN_IN = START - 1
"""The `month` of draws made in the burn-in; of earlier ones for a person, the numbers below it."""
_BY_OTHERS = _BURN_IN - MOST_REPEATS
_POOR = MOST_DEATHS + 1
"""The copy of a destitute resident who lives in a home when the burn-in begins."""
_EVER = 1e6


class BurntIn(NamedTuple):
    """What a burn-in leaves: who waits, beds taken (homes, 2), and flows by kind of bed, (2,) each.

    Flows are who applied, and who came in, towards its end. `others` are the destitute among those who wait
    who stand for one who lives in a home at the start: that one's row, and theirs.
    """

    waiting: list[Application]
    taken: I64
    flows: tuple[F64, F64]
    others: list[tuple[int, int]]


class Looking(NamedTuple):
    """Tables of what replications of one base share.

    `died` and `past`: see `population.lifetimes.died_by`, `PastTables`. `like_others`: (GRID, 4) hazard of
    applying at the living arrangements of an age over that of residents outside family households: who
    stands for residents of homes that others have left lives as others do.
    """

    died: F32
    past: PastTables
    like_others: F64


def burn_in(
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], free: I64, law: Law,
    *, months: float, tables: Looking, trial: bool = False,
) -> BurntIn:  # fmt: skip
    """Who waits at the start: what a burn-in leaves on the list, see `population.past` for who applies in it.

    The list is played over the burn-in from filled homes. Residents of homes when it begins, as they were
    drawn for the start, die, leave and come to need a nursing bed as they grow older. Only the list is kept,
    and which beds are taken.

    Args:
        base: start population.
        applicants: make applications.
        homes: on offer.
        at_home: (residents,) who lives in a home.
        free: (homes, 2) free beds.
        law: in force.
        months: its length.
        tables: of lives to come and gone by.
        trial: only the flows are asked for; nobody waits.
    """
    scenario, people = applicants.scenario, applicants.residents
    first_day = -months * DAYS_PER_MONTH
    waitlist = Waitlist(
        turnover_days=scenario.waiting_list.turnover.value, start_day=first_day,
        residents_change_beds=scenario.mechanisms.in_house_moves, repeats=True,
    )  # fmt: skip
    for home in range(len(free)):
        waitlist.add_home(home, (int(free[home, 0]), int(free[home, 1])))
    events, left_day = _residents(base, applicants, waitlist, at_home, tables.died, first_day)
    applicants.hold_back(waitlist, homes, law)
    pressure, cell = people.pressure.copy(), completed(scenario.horizon.first, people.birth[at_home])
    pressure[at_home] *= tables.like_others[cell, people.ability[at_home]]
    past = look_back(
        tables.past, people, pressure, scenario.horizon.first.index, int(months), wishing(scenario.groups),
        applicants.seed, _BURN_IN,
    )  # fmt: skip
    poor = (people.groups & Group.DESTITUTE) != 0
    people.groups[poor] |= np.uint16(Group.WISH_COLLECTIVE)  # who of them asks wishes for a place
    applications = _applications(applicants, homes, law, past, left_day)
    events += applications
    events += _need_changes(applicants, homes, law, past, left_day, applications)
    persons = past.died_rows + len(people) * past.died_copies
    died = -past.died_months * DAYS_PER_MONTH
    events += map(Death, died.tolist(), persons.tolist())
    log = waitlist.replay(0.0, events)
    flows = _flows(people, past, left_day, log, first_day * _COUNTED)
    waiting, others = ([], []) if trial else _by_others(applicants, homes, at_home, law, waitlist)
    longer = drawn_exits(scenario)  # from now on families take back who they can
    left = [entry._replace(stay_days=entry.stay_days / longer if longer > 0 else np.inf) for entry in waiting]
    poor[[entry.person for entry in left]] = False
    people.groups[poor] &= ~np.uint16(Group.WISH_COLLECTIVE)
    taken = waitlist.all_taken()
    waitlist.dissolve()
    return BurntIn(left, taken, flows, others)


def _flows(people: Residents, past: Past, left_day: F64, log: MonthLog, since: float) -> tuple[F64, F64]:
    """Who applied and was not in a home already, and who came in, since a day; without the destitute.

    Who names no home counts among those who applied, and who waits already.
    """
    days = -past.months * DAYS_PER_MONTH
    outside = (past.copies > 0) | (days >= left_day[past.rows])
    poor = (people.groups & Group.DESTITUTE) != 0
    some = outside & (days >= since) & ~poor[past.rows]
    asked = np.bincount(bed_kind(past.ability[some]), minlength=len(BedKind)).astype(np.float64)

    def count(log_entries: list[Any]) -> F64:
        rows = np.array([one.person for one in log_entries if one.day >= since], np.int64) % len(people)
        kinds = np.array([one.kind for one in log_entries if one.day >= since], np.int64)
        return np.bincount(kinds[~poor[rows]], minlength=len(BedKind)).astype(np.float64)

    return asked - count(log.idle), count(log.admissions)


def _residents(
    base: Base, applicants: Applicants, waitlist: Waitlist, at_home: NDArray[np.bool_], died: F32,
    first_day: float,
) -> tuple[list[Event], F64]:  # fmt: skip
    """Settle who lives in homes when the burn-in begins.

    They are called by the rows of residents at the start, who were outside then: as long as they live in
    the home, what that resident did is of no effect, so that applications come from as many as are outside.
    Of the destitute all are counted who ever came to want a home, so theirs have an effect.

    Returns:
        Their deaths and needs; (residents,) the day since which what a resident did has an effect.
    """
    people, scenario, seed = applicants.residents, applicants.scenario, applicants.seed
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    u = uniforms(key(seed, Purpose.STAY, _BURN_IN), people.id[inside])
    leaves = first_day + stays(scenario, u, destitute, expected_exits=True)
    cell = completed(scenario.horizon.first, people.birth[inside])
    lives_on = lifetimes_months(
        died, people.sex[inside], cell, people.ability[inside],
        uniforms(key(seed, Purpose.DEATH_DAY, _BURN_IN), people.id[inside]),
    )  # fmt: skip
    dies = first_day + lives_on * DAYS_PER_MONTH
    persons = inside + np.where(destitute, _POOR * len(people), 0)
    kinds = bed_kind(people.ability[inside])
    waitlist.settle_all(persons, people.home[inside], people.bed[inside], leaves, kinds)
    dead = (dies < leaves) & (dies < 0)
    events: list[Event] = list(map(Death, dies[dead].tolist(), persons[dead].tolist()))
    gone = np.minimum(dies, leaves)
    if scenario.mechanisms.in_house_moves:
        days = _need_days(base, applicants, inside, first_day)
        needs = days < np.minimum(gone, 0)
        events += [
            NeedChange(day, person, int(BedKind.NURSING), None)
            for day, person in zip(days[needs].tolist(), persons[needs].tolist(), strict=True)
        ]
    since = np.full(len(people), first_day)
    since[inside[~destitute]] = gone[~destitute]
    return events, since


def _by_others(
    applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], law: Law, waitlist: Waitlist
) -> tuple[list[Application], list[tuple[int, int]]]:
    """Who waits after a burn-in; for who lives in a home at the start somebody else waits for such a bed.

    These others moved in during the burn-in and are outside at the start: as many, as frail. Only such
    as name full homes: who names another does not wait. For the destitute any destitute persons outside wait:
    in homes are as many as the scenario says.

    Returns:
        Who waits; of the destitute for whom another waits, their row and that of the other.
    """
    people, seed = applicants.residents, applicants.seed
    entries = [waitlist.entry(person) for person in sorted(waitlist.waiting)]
    kept = [entry for entry in entries if not at_home[entry.person]]
    inside = waitlist.living()
    inside = inside[inside < len(people)]
    rows = inside[~at_home[inside]]
    poor = (people.groups & Group.DESTITUTE) != 0
    outside = poor & ~at_home & (completed(applicants.scenario.horizon.first, people.birth) >= SIXTY)
    outside[[entry.person for entry in kept]] = False
    rows = np.concatenate([rows[~poor[rows]], np.flatnonzero(outside)])
    rows = rows[np.argsort(uniforms(key(seed, Purpose.APPLY_DAY, _BURN_IN), people.id[rows]), kind="stable")]
    ability = people.ability[rows].astype(np.int64)
    others: list[tuple[int, int]] = []
    for kind, destitute in product(BedKind, (False, True)):
        gone = [
            entry for entry in entries
            if at_home[entry.person] and entry.kind == kind and poor[entry.person] == destitute
        ]  # fmt: skip
        some = rows[(bed_kind(ability) == kind) & (poor[rows] == destitute)] if gone else rows[:0]
        full = _who_would_wait(applicants, homes, law, waitlist, some, 2 * len(gone))
        for entry, one in zip(gone, full, strict=False):
            kept.append(
                one._replace(day=entry.day, patience_days=entry.patience_days, stay_days=entry.stay_days)
            )
            if destitute:
                others.append((entry.person, one.person))
    return sorted(kept, key=lambda entry: entry.person), others


def _who_would_wait(
    applicants: Applicants, homes: HomesOnOffer, law: Law, waitlist: Waitlist, rows: I64, at_once: int
) -> Iterator[Application]:
    """Applications of these residents that no home named has a free bed for; so many are made at once."""
    ability = applicants.residents.ability[rows].astype(np.int64)
    for first in range(0, len(rows), max(at_once, 1)):
        some = slice(first, first + at_once)
        for one in applicants.apply(
            homes, rows[some], ability[some], np.zeros(len(rows[some])), law, _BY_OTHERS
        ):
            if not any(waitlist.free(home, one.kind) for home, _ in one.choices):
                yield one


def _persons(people: Residents, rows: I64, copies: I64) -> I64:
    """What the list calls residents and those who were like them."""
    return np.asarray(rows + len(people) * copies)


def _applications(
    applicants: Applicants, homes: HomesOnOffer, law: Law, past: Past, since: F64
) -> list[Application]:
    """Applications of a burn-in; `since`: see `_residents`."""
    people = applicants.residents
    days = -past.months * DAYS_PER_MONTH
    some = (past.copies > 0) | (days >= since[past.rows])
    rows, copies, numbers = past.rows[some], past.copies[some], past.numbers[some]
    return applicants.apply(
        homes, rows, past.ability[some], days[some], law, _BURN_IN, expected_exits=True,
        persons=_persons(people, rows, copies),
        draw_ids=pair_ids(people.id[rows], (copies * MOST_REPEATS + numbers).astype(np.uint64)),
    )  # fmt: skip


def _need_changes(
    applicants: Applicants, homes: HomesOnOffer, law: Law, past: Past, since: F64,
    applications: list[Application],
) -> list[Event]:  # fmt: skip
    """Changes of the kind of bed needed, of those who wait with the homes that they name then."""
    people = applicants.residents
    days = -past.changed_months * DAYS_PER_MONTH
    some = (past.changed_copies > 0) | (days >= since[past.changed_rows])
    rows, days, to = past.changed_rows[some], days[some], past.changed_to[some]
    persons = _persons(people, rows, past.changed_copies[some])
    asked = np.array([one.person for one in applications], np.int64)
    asked_on = np.array([one.day for one in applications])
    until = np.array([one.day + one.patience_days for one in applications])
    waits = _may_wait(persons, days, asked, asked_on, until)
    found = applicants.apply(
        homes, rows[waits], to[waits], days[waits], law, _BURN_IN, persons=persons[waits]
    )
    named = {(one.day, one.person): one for one in found}
    events: list[Event] = []
    kinds = bed_kind(to)
    for day, person, kind, may in zip(
        days.tolist(), persons.tolist(), kinds.tolist(), waits.tolist(), strict=True
    ):
        one = named.get((day, person))
        if one is not None:
            events.append(NeedChange(day, person, kind, one.choices, one.tier))
        else:  # who names no home any more leaves the list
            events.append(NeedChange(day, person, kind, () if may else None))
    return events


def _may_wait(persons: I64, days: F64, asked: I64, asked_on: F64, until: F64) -> NDArray[np.bool_]:
    """Which persons may wait on a day: who asked before, and whose patience lasts beyond it."""
    who = np.concatenate([asked, persons])
    order = np.lexsort((np.concatenate([asked_on, days]), who))
    number = np.cumsum(np.concatenate([[0], np.diff(who[order]) != 0]))
    ends = np.concatenate([np.minimum(until, 0.0), np.full(len(persons), -_EVER / 2)])[order] + number * _EVER
    last = np.maximum.accumulate(ends) - number * _EVER
    lasts = np.empty(len(who))
    lasts[order] = last
    return np.asarray(lasts[len(asked) :] > days)


def _settle(people: Residents, waitlist: Waitlist, rows: I64, exit_days: F64) -> None:
    """Tell the list of residents of homes, each until a live exit on a day."""
    waitlist.settle_all(rows, people.home[rows], people.bed[rows], exit_days, bed_kind(people.ability[rows]))


def _need_days(base: Base, applicants: Applicants, rows: I64, since: float) -> F64:
    """Days on which able people come to need a nursing bed, after some day; inf for the others."""
    people, scenario = applicants.residents, applicants.scenario
    monthly = base.stays.onset[people.sex[rows], completed(scenario.horizon.first, people.birth[rows])]
    drawn = uniforms(key(applicants.seed, Purpose.NEED_DAY, _BURN_IN), people.id[rows])
    hazard = np.maximum(-np.log1p(-monthly) / DAYS_PER_MONTH, 1e-12)
    return np.where(people.ability[rows] < Ability.MODERATE, since + exponential(drawn, 1.0) / hazard, np.inf)


def settle_residents(applicants: Applicants, waitlist: Waitlist, at_home: NDArray[np.bool_]) -> None:
    """Tell the list who lives where at the start, and when they leave alive: memoryless, so from day 0."""
    people, scenario = applicants.residents, applicants.scenario
    inside = np.flatnonzero(at_home)
    destitute = (people.groups[inside] & Group.DESTITUTE) != 0
    days = stays(scenario, uniforms(key(applicants.seed, Purpose.STAY, START), people.id[inside]), destitute)
    _settle(people, waitlist, inside, days)
