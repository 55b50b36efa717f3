"""The waiting list of a region: plays a month of events in day order, says who moved in, out or gave up."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable
from heapq import heappop
from itertools import count
from operator import itemgetter
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.waitlist.diary import LAST, Moment
from sim.waitlist.home import Home
from sim.waitlist.moving import Moving
from sim.waitlist.ranked import Entry, Place
from sim.waitlist.records import (
    FIRST_TIER,
    KINDS,
    Admission,
    Application,
    BedChange,
    Death,
    Departure,
    Event,
    ExitCause,
    ListCause,
    MonthLog,
    NeedChange,
    Offer,
    event_order,
)

F64 = NDArray[np.float64]
Codes = NDArray[np.integer]

# Looking up a member of an enumeration costs more than what is done with it.
_DIED, _MOVED = ExitCause.DIED, ExitCause.MOVED
_DIED_WAITING, _MOVED_WAITING = ListCause.DIED, ListCause.MOVED


class Waitlist(Moving):
    """Lists and admissions, from `start_day` on: add_home, settle and enlist, then replay month by month.

    A freed bed is offered `turnover_days` later. The state holds running generators and can't be pickled:
    send a worker what is needed to build it. After an error the list is half-way through a month and not to
    be used again.
    """

    def __init__(
        self, *, turnover_days: float = 0.0, start_day: float = 0.0, residents_change_beds: bool = False,
        repeats: bool = False,
    ) -> None:  # fmt: skip
        """Start with no homes and nobody waiting.

        Args:
            turnover_days: from a resident's leaving to the next offer of the bed.
            start_day: the day on which the list starts.
            residents_change_beds: whether who comes to need a nursing bed gets one in the same home, before
                anybody on the list; else residents keep their bed.
            repeats: whether who waits or lives in a home may apply again, without effect; else an error.
        """
        super().__init__(start_day, turnover_days, residents_change_beds=residents_change_beds)
        self._repeats = repeats
        self._serial = count()

    # Set up

    def add_home(self, home: int, beds: tuple[int, int]) -> None:
        """Add a home with this many free beds by kind; also between two replays."""
        if home in self._homes:
            raise ValueError(f"home {home} is there already")
        new = Home(
            home, self._clock, self._diary, turnover_days=self._turnover_days, offer=self._offer,
            move=self._move_inside,
        )  # fmt: skip
        for kind in KINDS:
            new.change(kind, beds[kind])
        self._homes[home] = new

    def hold(self, home: int, *, share: float = 0.0, beds: int = 0) -> None:
        """Hold free beds of each kind back for the first tier: a number, or a share of those open."""
        if not (0.0 <= share <= 1.0 and beds >= 0):
            raise ValueError(f"share ({share}) must be in 0 .. 1, beds ({beds}) must be >= 0")
        self._home(home).hold(share, beds)

    def settle(self, person: int, home: int, kind: int, exit_day: float, needs: int | None = None) -> None:
        """Let somebody live in a bed not among the free ones, until a live exit on that day (inf: never).

        `needs` is the kind of bed that the ability asks for; that lived in if not given.
        """
        if person in self._entries or person in self._stays:
            self._check_new(person, self._clock.now)
        if not exit_day >= self._clock.now:
            raise ValueError(f"person {person}: exit_day ({exit_day}) must be >= now ({self._clock.now})")
        where = self._home(home)
        where.open_beds[kind] += 1
        where.occupied[kind] += 1
        where.count_held(kind)
        stay = self._move_in(person, where, kind, exit_day)
        if needs is not None:
            self._change_inside(stay, needs)

    def settle_all(self, persons: Codes, homes: Codes, kinds: Codes, exit_days: F64, needs: Codes) -> None:
        """`settle` many at once, arrays of one length."""
        columns = (persons, homes, kinds, exit_days, needs)
        for person, home, kind, day, need in zip(*(column.tolist() for column in columns), strict=True):
            self.settle(person, home, kind, day, need)

    def enlist(self, application: Application) -> None:
        """Add somebody waiting since application.day; free beds are offered when the replay starts."""
        now, ends = self._clock.now, application.day + application.patience_days
        self._check_new(application.person, application.day)
        self._check(application)
        if not application.choices:
            raise ValueError(f"person {application.person} must wait for at least one home")
        if not application.day <= now <= ends:
            raise ValueError(
                f"person {application.person} waits from day {application.day} to {ends}, not on {now}"
            )
        entry = self._entries[application.person] = Entry(application)
        homes = [self._homes[home] for home, _ in application.choices]
        place = self._wait(entry)
        for home in homes:
            home.lists[application.kind].join_at_start(place)
            if home.free[application.kind]:
                home.wake(application.kind)

    # A month

    def replay(self, until_day: float, events: Iterable[Event]) -> MonthLog:
        """Play [now, until_day) with these events, in any order; return what happened."""
        now = self._clock.now
        if not until_day > now:
            raise ValueError(f"until_day ({until_day}) must be > now ({now})")
        ordered = sorted(events, key=itemgetter(0))  # the day, of every kind of event
        before, together = -math.inf, False
        for event in ordered:
            day = event.day
            if not now <= day < until_day:
                raise ValueError(f"{event} must be on a day in [{now}, {until_day})")
            together |= day == before
            before = day
        if together:
            ordered.sort(key=event_order)
        self._log = MonthLog()
        self._diary.open_until(until_day)
        self._clock.process(self._month(ordered))
        self._clock.play_until(until_day)
        return self._log

    def _month(self, events: list[Event]) -> Generator[simpy.Event, None, None]:
        """What is due and what the month brings, each at its day; on one day what is due comes first.

        Before the day moves on the homes make their offers, so that all who applied by then compete; an offer
        may write a note for the same day.
        """
        clock, diary = self._clock, self._diary
        scheduled, notes = clock.scheduled, diary.notes  # looked at some ten thousand times in a month
        bring: dict[type[Event], Callable[[Any], None]] = {
            Application: self._apply,
            NeedChange: self._change_need,
            BedChange: self._change_beds,
            Death: self._die,
            Departure: self._depart,
        }
        coming, now = iter(events), clock.now
        event = next(coming, None)
        while True:
            while notes and not notes[0][2].note:
                heappop(notes)
            due = notes[0][0] if notes else math.inf
            news = event.day if event is not None else math.inf
            day = due if due < news else news  # noqa: FURB136 - the built-in takes three times as long
            if day > now:
                if scheduled[0][0] <= now:
                    yield Moment(clock, now, LAST)
                    continue
                if day == math.inf:
                    return
                clock.move_to(day)
                now = day
            if due <= news:
                diary.do_due(now)
                continue
            while event is not None and event.day == news:
                bring[type(event)](event)
                event = next(coming, None)

    def _change_beds(self, event: BedChange) -> None:
        self._home(event.home).change(event.kind, event.beds)

    def _die(self, event: Death) -> None:
        self._remove(event.person, _DIED, _DIED_WAITING)

    def _depart(self, event: Departure) -> None:
        self._remove(event.person, _MOVED, _MOVED_WAITING)

    def _apply(self, application: Application) -> None:
        person = application.person
        if person in self._stays or person in self._entries:
            if not self._repeats:
                self._check_new(person, application.day)
            if person in self._stays:
                self._log.idle.append(application)
            return
        self._check(application)
        entry = self._entries[person] = Entry(application)
        self._seek(entry)

    def _change_need(self, event: NeedChange) -> None:
        old = self._entries.get(event.person)
        if old is None:
            if (stay := self._stays.get(event.person)) is not None:
                self._change_inside(stay, event.kind)
            return
        if event.choices is None:
            return
        old.live, old.note = False, 0
        tier = old.application.tier if event.tier is None else event.tier
        application = old.application._replace(kind=event.kind, choices=event.choices, tier=tier)
        self._check_choices(application)
        entry = self._entries[event.person] = Entry(application)
        self._seek(entry)

    def _seek(self, entry: Entry) -> None:
        """Try the homes in order of preference; wait for all that had no bed to offer."""
        day, _, identity, tier, not_entitled, kind, choices, _, _ = entry.application
        full: list[Home] = []
        for number, _ in choices:
            home = self._homes[number]
            if home.free[kind]:
                home.serve(kind, before=(tier, not_entitled, day, identity))
            if home.free[kind] <= (home.held[kind] if tier > FIRST_TIER else 0):
                full.append(home)
            elif self._offer(entry, home, kind):
                return
        if full:
            place = self._wait(entry)
            for home in full:
                home.lists[kind].join(place)
        elif not choices:
            self._leave(entry, ListCause.REFUSED_ALL)

    def _wait(self, entry: Entry) -> Place:
        """Write down when patience ends; return the place to take on the lists."""
        day, _, identity, tier, not_entitled, _, _, patience_days, _ = entry.application
        entry.act = self._withdrawal
        self._diary.write(day + patience_days, entry)
        return tier, not_entitled, day, identity, next(self._serial), entry

    def _offer(self, entry: Entry, home: Home, kind: int) -> bool:
        """Offer a free bed; who refuses no longer waits for that home, and leaves with the last one."""
        application, now = entry.application, self._clock.now
        person = application.person
        accepts = (home.number, True) in application.choices
        self._log.offers.append(Offer(now, person, home.number, accepts))
        if accepts:
            entry.live, entry.note = False, 0
            del self._entries[person]
            home.occupy(kind)
            self._log.admissions.append(
                Admission(now, person, home.number, kind, now - application.day, application.tier)
            )
            self._move_in(person, home, kind, now + application.stay_days)
        else:
            entry.refused += (home.number,)
            entry.open_homes -= 1
            if not entry.open_homes:
                self._leave(entry, ListCause.REFUSED_ALL)
        return accepts
