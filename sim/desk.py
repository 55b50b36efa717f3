"""Between residents and list: what happened becomes events with a day, the log becomes columns again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.applicants import Applicants
from sim.choice import Choices, HomesOnOffer, bed_kind
from sim.codes import NEVER, Group
from sim.months import Month
from sim.policy import priority
from sim.policy.book import Law
from sim.population.destitute import note_wishes
from sim.population.step import Happened, live_with_child, part, reunite
from sim.streams import Purpose, key, uniforms
from sim.waiting import Waiting
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import (
    Application,
    BedChange,
    Death,
    Departure,
    Event,
    ExitCause,
    HomeExit,
    MonthLog,
    NeedChange,
)

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

_LIVE = ExitCause.LIVE  # to look up a member for each exit takes longer than all else

LIVE_CAUSES = ("family", "hospital", "elsewhere", "cannot_pay")


@dataclass(frozen=True)
class Span:
    """A month on the axis of days: it begins on `first_day` and has `days`."""

    month: Month
    first_day: float
    days: int

    @property
    def end(self) -> float:
        """The first day of the next month."""
        return self.first_day + self.days


class Settled(NamedTuple):
    """Live exits with their cause; first choice, bed kind and tier of who applied and who left the list.

    The cells are (n, 3), in the order of the applications and of `MonthLog.list_exits`.
    """

    left_alive: list[tuple[HomeExit, str]]
    applied: I64
    left_list: I64


@dataclass
class Desk:
    """Sends a month's events to the list and settles what comes back.

    Attributes:
        applicants: makes applications.
        waitlist: the list.
        willing: (4,) rank of the wish below which a destitute resident of an ability wants a home.
        causes: cumulated shares of `LIVE_CAUSES` in the exits drawn at admission.
        waiting: first of the homes still waited for, bed kind and tier of who waits.
    """

    applicants: Applicants
    waitlist: Waitlist
    willing: F64
    causes: F64
    _poor: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    _seen: int = 0
    _taken: dict[int, float] = field(default_factory=dict)
    waiting: Waiting = field(init=False)

    def __post_init__(self) -> None:
        """Start with nobody waiting."""
        self.waiting = Waiting(self.applicants.residents)

    def enlist(self, applications: list[Application]) -> None:
        """Put those on the list who waited before the start."""
        for application in applications:
            self.waitlist.enlist(application)
        self.waiting.join(applications)

    def events(
        self, span: Span, happened: Happened, homes: HomesOnOffer, law: Law, taken_back: I64 | None = None
    ) -> tuple[list[Event], list[Application]]:
        """Deaths, departures, changed needs and applications of a month, each on its day.

        Args:
            span: the month.
            happened: who it happened to.
            homes: what is on offer.
            law: the law in force.
            taken_back: rows of residents of homes whom their family takes back; none if not given.
        """
        self.applicants.hold_back(self.waitlist, homes, law)
        people = self.applicants.residents
        poor = self._willing_destitute(span.month)
        rows = np.concatenate([happened.applied, poor])
        apply_days = self._days(span, Purpose.APPLY_DAY, happened.applied)
        days = np.concatenate([apply_days, self._days(span, Purpose.PLACEMENT_DAY, poor)])
        asks = np.zeros(len(people), np.bool_)
        asks[rows] = True

        def known(some: I64) -> NDArray[np.bool_]:
            """Whom the list knows, or will in this month."""
            return np.asarray((people.home[some] != NEVER) | people.waiting[some] | asks[some])

        gone: dict[int, float] = {}
        events: list[Event] = []
        for kind_of, everybody, purpose in (
            (Death, happened.died, Purpose.DEATH_DAY),
            (Departure, happened.moved, Purpose.MOVE_DAY),
        ):
            who = everybody[known(everybody)]
            for row, day in zip(who.tolist(), self._days(span, purpose, who).tolist(), strict=True):
                events.append(kind_of(day, row))
                gone[row] = min(day, gone.get(row, np.inf))
        changed, to, change_days = self._changes(span, happened, known(happened.changed))
        ability = people.ability[rows].astype(np.int64)
        day_and_state = zip(change_days.tolist(), to.tolist(), strict=True)
        new = dict(zip(changed.tolist(), day_and_state, strict=True))
        here = np.ones(len(rows), np.bool_)
        for i, (row, day) in enumerate(zip(rows.tolist(), days.tolist(), strict=True)):
            if row in new and new[row][0] <= day:
                ability[i] = new[row][1]
            if row in gone and gone[row] <= day:
                here[i] = False
        applications = self.applicants.apply(
            homes, rows[here], ability[here], days[here], law, span.month.index
        )
        events += self._take_back(span, np.zeros(0, np.int64) if taken_back is None else taken_back)
        events += self._need_changes(changed, to, change_days, homes, gone)
        events += self._tier_changes(span, homes, law)
        return [*events, *applications], applications

    def _take_back(self, span: Span, rows: I64) -> list[Event]:
        """Residents of homes leave for their family on a keyed day; `settle` tells it from moving away."""
        days = self._days(span, Purpose.TAKE_BACK_DAY, rows)
        self._taken = dict(zip(rows.tolist(), days.tolist(), strict=True))
        return [Departure(day, row) for row, day in self._taken.items()]

    def _days(self, span: Span, purpose: Purpose, rows: I64) -> F64:
        ids = self.applicants.residents.id[rows]
        return span.first_day + span.days * uniforms(
            key(self.applicants.seed, purpose, span.month.index), ids
        )

    def _willing_destitute(self, month: Month) -> I64:
        """Destitute residents who want a home, have none and do not wait; sets the flag of the wish."""
        people = self.applicants.residents
        poor = self.poor_rows()
        unserved = np.zeros(len(poor), np.int64)
        found = note_wishes(
            month.plus(-1).index, poor, people.birth, people.left, people.ability, people.wish, people.home,
            people.waiting, people.groups, self.willing, unserved,
        )  # fmt: skip
        return unserved[:found]

    def poor_rows(self) -> I64:
        """Rows of the destitute, those who left included; only new rows are looked through."""
        people = self.applicants.residents
        if self._seen == len(people):
            return self._poor
        new = np.flatnonzero((people.groups[self._seen :] & Group.DESTITUTE) != 0) + self._seen
        self._poor = np.concatenate([self._poor, new])
        self._seen = len(people)
        return self._poor

    def _changes(self, span: Span, happened: Happened, known: NDArray[np.bool_]) -> tuple[I64, I64, F64]:
        """Changes of ability that change the bed kind needed, of those the list may know."""
        people = self.applicants.residents
        to = happened.changed_to.astype(np.int64)
        matters = known & (bed_kind(people.ability[happened.changed]) != bed_kind(to))
        rows = happened.changed[matters]
        return rows, to[matters], self._days(span, Purpose.ABILITY_DAY, rows)

    def _need_changes(
        self, rows: I64, to: I64, days: F64, homes: HomesOnOffer, gone: dict[int, float]
    ) -> list[Event]:
        """Who names no home at the new ability leaves the list by it; residents of homes name none."""
        outside = np.flatnonzero(self.applicants.residents.home[rows] == NEVER)
        chosen: list[Choices] = [() for _ in rows]
        for i, choices in zip(
            outside.tolist(), self.applicants.choices(homes, rows[outside], to[outside]), strict=True
        ):
            chosen[i] = choices
        columns = zip(days.tolist(), rows.tolist(), bed_kind(to).tolist(), chosen, strict=True)
        return [
            NeedChange(day, row, kind, choices)
            for day, row, kind, choices in columns
            if gone.get(row, np.inf) > day
        ]

    def _tier_changes(self, span: Span, homes: HomesOnOffer, law: Law) -> list[Event]:
        """Those waiting whose tier has changed, by the law or their state: ranked anew, same day of entry."""
        people = self.applicants.residents
        rows, waiting = self.waiting.columns()
        about = self.applicants.about(rows, span.month.index)
        now = priority.tiers(people.groups[rows], people.ability[rows], law, about)
        before = waiting[:, 2]
        ranked = priority.ranked_homes(homes.ownership.astype(np.uint8), law)
        events: list[Event] = []
        for row, tier in zip(rows[now != before].tolist(), now[now != before].tolist(), strict=True):
            entry = self.waitlist.entry(row)
            names_ranked = np.array([any(ranked[home] for home, _ in entry.choices)])
            tier_here = int(priority.of_applications(np.array([tier], np.int8), names_ranked)[0])
            if tier_here != entry.tier:
                events.append(NeedChange(span.first_day, row, entry.kind, entry.choices, tier_here))
        return events

    def settle(self, month: Month, log: MonthLog, events: list[Event]) -> Settled:
        """Write the log into the columns."""
        people, waiting = self.applicants.residents, self.waiting
        applied = waiting.join([event for event in events if type(event) is Application])
        waiting.change([event for event in events if type(event) is NeedChange])
        admitted = np.array([admission.person for admission in log.admissions], np.int64)
        people.home[admitted] = [admission.home for admission in log.admissions]
        people.bed[admitted] = [admission.kind for admission in log.admissions]
        waiting.leave(admitted)
        for move in log.moves:  # after the admissions: who moves was admitted before
            people.bed[move.person] = move.kind
        part(people, admitted)
        left = np.array([left.person for left in log.list_exits], np.int64)
        left_list = waiting.cells(left)
        waiting.leave(left)
        for person in {offer.person for offer in log.offers if not offer.accepted}:
            if people.waiting[person]:
                waiting.note(self.waitlist.entry(person))  # without the homes refused
        for at, gone in enumerate(log.home_exits):
            if gone.person in self._taken and self._is_taken(gone):
                log.home_exits[at] = gone._replace(cause=_LIVE)
        people.home[[gone.person for gone in log.home_exits]] = NEVER
        alive = [gone for gone in log.home_exits if gone.cause is _LIVE]
        rows = np.array([gone.person for gone in alive], dtype=np.int64)
        if len(rows):
            reunite(people, rows)
        taken = [self._is_taken(gone) for gone in alive]
        live_with_child(people, rows[np.array(taken, dtype=bool)])
        causes = [
            LIVE_CAUSES[0] if back else cause
            for back, cause in zip(taken, self._causes(month, rows), strict=True)
        ]
        return Settled(list(zip(alive, causes, strict=True)), applied, left_list)

    def _is_taken(self, gone: HomeExit) -> bool:
        """Whether an exit is that of somebody whom the family took back."""
        return gone.cause is not ExitCause.DIED and self._taken.get(gone.person) == gone.day

    def _causes(self, month: Month, rows: I64) -> list[str]:
        ids = self.applicants.residents.id[rows]
        drawn = uniforms(key(self.applicants.seed, Purpose.EXIT_CAUSE, month.index), ids)
        return [LIVE_CAUSES[i] for i in np.searchsorted(self.causes[:-1], drawn, side="right")]


def bed_events(changes: list[tuple[int, int, int]], day: float) -> list[Event]:
    """Changes of open beds as events: (home, kind, beds) on a day."""
    return [BedChange(day, home, kind, beds) for home, kind, beds in changes if beds]
