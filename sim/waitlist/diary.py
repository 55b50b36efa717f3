"""The clock in exact days, and one diary for everything that is due later.

Withdrawals, live exits and beds in turnover are notes in one private heap that the process of the month looks
at, instead of a SimPy event each: with 50,000 people waiting SimPy's own queue keeps a handful of events, and
a cancelled note costs nothing when its day comes. A note still happens at its exact day.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any

import simpy
from simpy.events import URGENT, EventPriority

# Within one instant: the end of the replay (so that replays are half-open), then the offers of beds, last the
# month's process, which asks what is next. Written out, or ties would hang on the replay's cut.
STOP = URGENT
OFFERS = EventPriority(1)
LAST = EventPriority(2)

PAGE_DAYS = 30.0


class Clock(simpy.Environment):
    """SimPy's environment with absolute days: now + (day - now) may miss `day` by a rounding error."""

    def put(self, event: simpy.Event, day: float, priority: EventPriority) -> None:
        """Schedule a triggered event at exactly `day`."""
        heappush(self._queue, (day, priority, next(self._eid), event))

    @property
    def scheduled(self) -> list[Any]:
        """What is scheduled, as a heap that begins with its day; a live view."""
        scheduled: list[Any] = self._queue
        return scheduled

    def move_to(self, day: float) -> None:
        """Move on to a day before which nothing is scheduled."""
        self._now = day

    def play_until(self, day: float) -> None:
        """Run everything before `day` and nothing on it."""
        self.run(until=Moment(self, day, STOP))


class Moment(simpy.Event):
    """An event that occurs at an exact day."""

    def __init__(self, clock: Clock, day: float, priority: EventPriority) -> None:
        """Be scheduled at once."""
        super().__init__(clock)
        self._ok = True
        self._value = None
        clock.put(self, day, priority)


class Bell(simpy.Event):
    """An event that waits to be rung, and then occurs in the same instant, after all news."""

    def ring(self) -> None:
        """Let the bell occur now; ringing it twice does no more than once."""
        if not self.triggered:
            self._ok = True
            self._value = None
            self.env.schedule(self, OFFERS)


class Item:
    """Something that may be due once; `note` is the number of its note in the diary, 0 if none stands."""

    __slots__ = ("act", "due", "note")
    act: Callable[[Any], None]
    due: float
    note: int


Note = tuple[float, int, Any]
"""Day, number, item."""


class Diary:
    """Notes of what is due on which day.

    Notes within the current replay are in a heap; later ones lie in no order on pages of 30 days, which are
    looked at when a replay comes to them. So the heap stays small, however many people wait. A cancelled note
    (note = 0) is left where it is and dropped when it comes up.

    Attributes:
        notes: the heap of those within the current replay.
    """

    def __init__(self, clock: Clock) -> None:
        """Start empty."""
        self._clock = clock
        self._numbers = count(1)
        self._until: float = clock.now
        self.notes: list[Note] = []
        self._pages: defaultdict[float, list[Item]] = defaultdict(list)

    def write(self, day: float, item: Item) -> None:
        """Call item.act(item) at `day` (inf: never), unless cancelled before by setting item.note = 0."""
        if day == math.inf:
            return
        item.due = day
        item.note = number = next(self._numbers)
        if day >= self._until:
            self._pages[day // PAGE_DAYS].append(item)
        else:
            heappush(self.notes, (day, number, item))

    def open_until(self, until_day: float) -> None:
        """Make ready all that is due before `until_day`."""
        self._until = until_day
        for page in [page for page in self._pages if page * PAGE_DAYS < until_day]:
            for item in self._pages.pop(page):
                if item.note and item.due < until_day:
                    heappush(self.notes, (item.due, item.note, item))
                elif item.note:
                    self._pages[page].append(item)

    def clear(self) -> None:
        """Drop all notes."""
        self.notes.clear()
        self._pages.clear()

    def standing(self) -> int:
        """Count the notes that are neither done nor cancelled."""
        later = sum(bool(item.note) for page in self._pages.values() for item in page)
        return later + sum(bool(item.note) for _, _, item in self.notes)

    def do_due(self, now: float) -> None:
        """Do what is due by now."""
        notes = self.notes
        while notes and notes[0][0] <= now:
            item = heappop(notes)[2]
            if item.note:
                item.note = 0
                item.act(item)
