"""What goes into a waiting list (events) and what comes out of it (the log of a replay).

Days are floats on one axis that the caller chooses; a person and a home are integers that mean nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

ORDINARY, NURSING = 0, 1
KINDS = (ORDINARY, NURSING)
FIRST_TIER = 1
"""The tier for which a home may hold free beds back; who ranks before it (a lower number) has them too."""


class ExitCause(IntEnum):
    """Why a bed was given up."""

    DIED = 0
    LIVE = 1
    MOVED = 2


class ListCause(IntEnum):
    """Why somebody left the list without a bed."""

    WITHDRAWN = 0
    DIED = 1
    MOVED = 2
    REFUSED_ALL = 3


class Application(NamedTuple):
    """Somebody asks for a bed of one kind, at homes in order of preference.

    `choices` pairs a home with whether an offer there would be accepted. `id` only breaks the last tie.
    `patience_days` runs from `day` (inf: never withdraws), `stay_days` from admission to a live exit (inf:
    never).
    """

    day: float
    person: int
    id: int
    tier: int
    not_entitled: int
    kind: int
    choices: tuple[tuple[int, bool], ...]
    patience_days: float
    stay_days: float


class Death(NamedTuple):
    """Somebody died: waiting, in a home, or unknown here (then nothing happens)."""

    day: float
    person: int


class Departure(NamedTuple):
    """Somebody moved away from the region: waiting, in a home, or unknown here (then nothing happens)."""

    day: float
    person: int


class NeedChange(NamedTuple):
    """Somebody needs another kind of bed, or has another tier; who waits keeps day of entry, id, patience.

    Who lives in a home and now needs a nursing bed waits for one there, if residents change beds. Ignored for
    others. `tier` None: as before. `choices` None: of no concern to who still waits.
    """

    day: float
    person: int
    kind: int
    choices: tuple[tuple[int, bool], ...] | None
    tier: int | None = None


class BedChange(NamedTuple):
    """Beds open (+) or close (-); a closing takes free beds first, then beds as they are given up."""

    day: float
    home: int
    kind: int
    beds: int


Event = Application | Death | Departure | NeedChange | BedChange


class Admission(NamedTuple):
    """Somebody moved in."""

    day: float
    person: int
    home: int
    kind: int
    waited_days: float
    tier: int


class Move(NamedTuple):
    """Somebody moved to a bed of another kind in the same home, after so many days without it."""

    day: float
    person: int
    home: int
    kind: int
    waited_days: float


class HomeExit(NamedTuple):
    """Somebody gave up a bed."""

    day: float
    person: int
    home: int
    kind: int
    cause: ExitCause


class ListExit(NamedTuple):
    """Somebody left the list without a bed."""

    day: float
    person: int
    tier: int
    waited_days: float
    cause: ListCause


class Offer(NamedTuple):
    """A bed was offered."""

    day: float
    person: int
    home: int
    accepted: bool


@dataclass(slots=True)
class MonthLog:
    """What happened in one replay, each list in the order of events."""

    admissions: list[Admission] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    home_exits: list[HomeExit] = field(default_factory=list)
    list_exits: list[ListExit] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)


def event_order(event: Event) -> tuple[float, int, int, int, int]:
    """Sort key of a month: day, then beds, those who leave, changed needs, applications; then home or id.

    Beds come first so that an opening is there for whoever applies on its day; openings come before closings.
    """
    match event:
        case Application():
            return event.day, 3, event.id, 0, 0
        case NeedChange():
            return event.day, 2, event.person, 0, 0
        case BedChange():
            return event.day, 0, event.home, event.kind, -event.beds
        case _:
            return event.day, 1, event.person, 0, 0
