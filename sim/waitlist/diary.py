"""The clock in exact days, and one diary for everything that is due later.

Withdrawals, live exits and beds in turnover are notes in one private heap with a single alarm in SimPy,
instead of a SimPy event each: with 50,000 people waiting SimPy's own queue keeps a handful of events, and a
cancelled note costs nothing when its day comes. A note still happens at its exact day.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

import simpy
from simpy.events import URGENT, EventPriority

# Within one instant: the end of the replay (so that replays are half-open), what was due, what the month
# brings, and last the offers of beds, so that all who applied by then compete. Written out, or ties would
# hang on the replay's cut.
STOP = URGENT
DUE = EventPriority(1)
NEWS = EventPriority(2)
OFFERS = EventPriority(3)


class Clock(simpy.Environment):
    """SimPy's environment with absolute days: now + (day - now) may miss `day` by a rounding error."""

    def put(self, event: simpy.Event, day: float, priority: EventPriority) -> None:
        """Schedule a triggered event at exactly `day`."""
        heappush(self._queue, (day, priority, next(self._eid), event))

    def skip_to(self, day: float) -> bool:
        """Move on to `day` if no event is scheduled until then, on that day included."""
        if self._queue[0][0] > day:
            self._now = day
            return True
        return False

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
    """Something that can have one note in the diary; `note` is its number, 0 if there is none."""

    __slots__ = ("note",)

    def __init__(self) -> None:
        """Have no note."""
        self.note = 0


ItemT = TypeVar("ItemT", bound=Item)


class Diary:
    """Notes of what is due on which day; a cancelled one stays in the heap until it comes up."""

    def __init__(self, clock: Clock) -> None:
        """Start empty."""
        self._clock = clock
        self._numbers = count(1)
        self._notes: list[tuple[float, int, Any, Callable[[Any], None]]] = []
        self._alarm = math.inf

    def write(self, day: float, item: ItemT, act: Callable[[ItemT], None]) -> None:
        """Call act(item) at `day`, unless it is infinite or cancelled before by setting item.note = 0."""
        if day == math.inf:
            return
        item.note = number = next(self._numbers)
        heappush(self._notes, (day, number, item, act))
        if day < self._alarm:
            self._set_alarm(day)

    def pending(self) -> int:
        """Count the notes that are neither done nor cancelled."""
        return sum(item.note == number for _, number, item, _ in self._notes)

    def _set_alarm(self, day: float) -> None:
        self._alarm = day
        callbacks = Moment(self._clock, day, DUE).callbacks
        callbacks.append(self._ring)

    def _ring(self, _alarm: simpy.Event) -> None:
        """Do what is due; set the alarm to the next note that stands. An overtaken alarm does nothing."""
        now: float = self._clock.now
        notes = self._notes
        while notes and (notes[0][0] <= now or self._clock.skip_to(notes[0][0])):
            now, number, item, act = heappop(notes)
            if item.note == number:
                item.note = 0
                act(item)
        if self._alarm <= now:
            self._alarm = math.inf
        while notes and notes[0][2].note != notes[0][1]:
            heappop(notes)
        if notes and notes[0][0] < self._alarm:
            self._set_alarm(notes[0][0])
