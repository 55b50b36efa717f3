"""Who waits in one home for one kind of bed, in order of rank."""

from __future__ import annotations

from heapq import heappop, heappush

from sim.waitlist.diary import Item
from sim.waitlist.records import Application

Rank = tuple[int, int, float, int]


class Entry(Item):
    """Somebody waiting, on one or more lists. If not `live`, what is left on the lists means nothing."""

    __slots__ = ("application", "live", "open_homes", "refused")

    def __init__(self, application: Application) -> None:
        """Wait for all homes of the application."""
        self.note = 0
        self.application = application
        self.live = True
        self.open_homes = len(application.choices)
        self.refused: tuple[int, ...] = ()


# Rank, serial number (an old place of the same person may still be listed), who; one for all their lists.
Place = tuple[int, int, float, int, int, Entry]


class RankedList:
    """Newcomers are in a heap; those who waited at the start are sorted once and taken from the end.

    Taking the first from a heap walks through it, and with 50,000 people waiting that walk leaves the
    processor's cache; taking the last of a sorted list does not. Who left is dropped when their turn comes.
    """

    __slots__ = ("_at_start", "_newcomers", "_sorted")

    def __init__(self) -> None:
        """Start empty."""
        self._at_start: list[Place] = []
        self._newcomers: list[Place] = []
        self._sorted = True

    def __bool__(self) -> bool:
        """Say whether anybody may be waiting."""
        return bool(self._newcomers or self._at_start)

    def join(self, place: Place) -> None:
        """Put a newcomer on the list."""
        heappush(self._newcomers, place)

    def join_at_start(self, place: Place) -> None:
        """Put somebody on the list who waits at the start."""
        self._at_start.append(place)
        self._sorted = False

    def first(self) -> Place | None:
        """Return the first in rank who still waits."""
        newcomers, at_start = self._newcomers, self._at_start
        while newcomers and not newcomers[0][5].live:
            heappop(newcomers)
        if not at_start:
            return newcomers[0] if newcomers else None
        if not self._sorted:
            at_start.sort(reverse=True)
            self._sorted = True
        while at_start and not at_start[-1][5].live:
            at_start.pop()
        if newcomers and at_start:
            return min(newcomers[0], at_start[-1])
        return newcomers[0] if newcomers else at_start[-1] if at_start else None

    def remove_first(self, first: Place) -> None:
        """Take off the list whom `first` returned."""
        if self._newcomers and self._newcomers[0] is first:
            heappop(self._newcomers)
        else:
            self._at_start.pop()

    def waiting(self) -> list[Entry]:
        """List those who still wait, in no order."""
        return [place[5] for part in (self._at_start, self._newcomers) for place in part if place[5].live]
