"""One care home: its beds by state, its list by bed kind, and the process that offers freed beds."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush

import simpy

from sim.waitlist.diary import Bell, Clock, Diary, Item
from sim.waitlist.ranked import Entry, Rank, RankedList
from sim.waitlist.records import FIRST_TIER, KINDS, NURSING


class Turnover(Item):
    """A bed being made ready for the next resident."""

    __slots__ = ("kind",)

    def __init__(self, kind: int) -> None:
        """Be a bed of this kind."""
        self.kind = kind


# Offers a free bed of a kind in a home to somebody; True if it was taken.
OfferBed = Callable[[Entry, "Home", int], bool]
# Moves a resident of a home to a free nursing bed in it.
MoveInside = Callable[["Stay"], None]


class Home:
    """Beds by kind: occupied, in turnover, free; `closing` of those not free close when given up.

    The last `held` free beds go to the first tier only.
    """

    def __init__(
        self, number: int, clock: Clock, diary: Diary, *, turnover_days: float, offer: OfferBed,
        move: MoveInside,
    ) -> None:  # fmt: skip
        """Start with no beds and an empty list."""
        self.number = number
        self.free = [0 for _ in KINDS]
        self.turnover = [0 for _ in KINDS]
        self.occupied = [0 for _ in KINDS]
        self.closing = [0 for _ in KINDS]
        self.open_beds = [0 for _ in KINDS]
        self.held = [0 for _ in KINDS]
        self.lists = [RankedList() for _ in KINDS]
        self.in_house: list[tuple[float, int, Stay]] = []
        self._clock = clock
        self._diary = diary
        self._turnover_days = turnover_days
        self._offer = offer
        self._move = move
        self._hold = (0.0, 0)
        self._bell = Bell(clock)
        clock.process(self._offer_when_woken())

    def _offer_when_woken(self) -> Generator[simpy.Event, None, None]:
        while True:
            yield self._bell
            self._bell = Bell(self._clock)
            for kind in KINDS:
                self.serve(kind)

    def wake(self, kind: int) -> None:
        """Have free beds offered at the end of this instant, if anybody may be waiting for them."""
        if self.free[kind] and (self.lists[kind] or (kind == NURSING and self.in_house)):
            self._bell.ring()

    def is_woken(self) -> bool:
        """Say whether offers are still to be made in this instant."""
        return self._bell.triggered

    def serve(self, kind: int, before: Rank | None = None) -> None:
        """Offer the free beds in the order of the list; with `before`, only to those who rank before it.

        Residents of the home who need a nursing bed come first of all.
        """
        waiting = self.lists[kind]
        if kind == NURSING and self.in_house:
            self._serve_residents()
        while self.free[kind]:
            first = waiting.first()
            if first is None or (before is not None and first[:4] > before):
                return
            if first[0] > FIRST_TIER and self.free[kind] <= self.held[kind]:
                return
            waiting.remove_first(first)
            self._offer(first[5], self, kind)

    def _serve_residents(self) -> None:
        while self.in_house and self.free[NURSING]:
            since, _, stay = heappop(self.in_house)
            if stay.needs_since == since:
                self._move(stay)

    def seek_inside(self, stay: Stay) -> None:
        """Let a resident wait for a nursing bed here: in order of the day of need, then of identity."""
        assert stay.needs_since is not None  # noqa: S101 - whoever calls has set it
        heappush(self.in_house, (stay.needs_since, stay.person, stay))
        self.wake(NURSING)

    def hold(self, share: float, beds: int) -> None:
        """Hold free beds of each kind back for the first tier: a number, or a share of those open.

        A share is rounded to the nearest bed, halves up; the larger of both holds.
        """
        self._hold = (share, beds)
        for kind in KINDS:
            self.count_held(kind)
            self.wake(kind)

    def count_held(self, kind: int) -> None:
        """Count anew, after the open beds have changed."""
        share, beds = self._hold
        self.held[kind] = max(beds, int(share * self.open_beds[kind] + 0.5))

    def occupy(self, kind: int) -> None:
        """Give a free bed to somebody."""
        self.free[kind] -= 1
        self.occupied[kind] += 1

    def vacate(self, kind: int) -> None:
        """Take a bed back: it closes if one is to close, is made ready, or is free."""
        self.occupied[kind] -= 1
        if self.closing[kind]:
            self.closing[kind] -= 1
        elif self._turnover_days:
            self.turnover[kind] += 1
            turnover = Turnover(kind)
            turnover.act = self._ready
            self._diary.write(self._clock.now + self._turnover_days, turnover)
        else:
            self.free[kind] += 1
            self.wake(kind)

    def _ready(self, turnover: Turnover) -> None:
        kind = turnover.kind
        self.turnover[kind] -= 1
        if self.closing[kind]:
            self.closing[kind] -= 1
        else:
            self.free[kind] += 1
            self.wake(kind)

    def change(self, kind: int, beds: int) -> None:
        """Open beds (an opening first calls off closings that are still to come) or close them."""
        if self.open_beds[kind] + beds < 0:
            raise ValueError(
                f"home {self.number} can't close {-beds} beds of kind {kind}: {self.open_beds[kind]} are open"
            )
        self.open_beds[kind] += beds
        self.count_held(kind)
        if beds >= 0:
            kept = min(beds, self.closing[kind])
            self.closing[kind] -= kept
            self.free[kind] += beds - kept
            self.wake(kind)
        else:
            at_once = min(-beds, self.free[kind])
            self.free[kind] -= at_once
            self.closing[kind] += -beds - at_once


class Stay(Item):
    """Somebody living in a home; `needs_since` the day since which a nursing bed is needed and missing."""

    __slots__ = ("home", "kind", "needs_since", "person")

    def __init__(self, person: int, home: Home, kind: int) -> None:
        """Live in a bed of this kind."""
        self.note = 0
        self.person = person
        self.home = home
        self.kind = kind
        self.needs_since: float | None = None
