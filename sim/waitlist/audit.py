"""What can never be false of a waiting list: no bed counted twice, nobody in two places, nobody forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from sim.waitlist.diary import Diary
from sim.waitlist.home import Home, Stay
from sim.waitlist.ranked import Entry
from sim.waitlist.records import FIRST_TIER, KINDS, NURSING


def audit(
    day: float, homes: Collection[Home], entries: Mapping[int, Entry], stays: Mapping[int, Stay], diary: Diary
) -> None:
    """Raise RuntimeError with the numbers if beds, residents, lists and diary disagree. Slow."""
    lived_in = Counter((stay.home.number, stay.kind) for stay in stays.values())
    for home in homes:
        for kind in KINDS:
            _audit_beds(
                f"day {day}, home {home.number}, kind {kind}", home, kind, lived_in[home.number, kind]
            )
    _audit_lists(day, homes, entries)
    both = entries.keys() & stays.keys()
    if both:
        raise RuntimeError(f"day {day}: {len(both)} persons wait and live in a home, such as {min(both)}")
    notes = sum(bool(entry.note) for entry in entries.values()) + sum(
        bool(stay.note) for stay in stays.values()
    )
    notes += sum(sum(home.turnover) for home in homes)
    if notes != diary.standing():
        raise RuntimeError(f"day {day}: {diary.standing()} notes in the diary, {notes} expected")


def _audit_beds(where: str, home: Home, kind: int, residents: int) -> None:
    occupied, free, turnover = home.occupied[kind], home.free[kind], home.turnover[kind]
    closing, open_beds, waiting = home.closing[kind], home.open_beds[kind], len(home.lists[kind].waiting())
    if residents != occupied:
        raise RuntimeError(f"{where}: {residents} residents, {occupied} occupied beds")
    if occupied + turnover + free != open_beds + closing:
        raise RuntimeError(
            f"{where}: occupied {occupied} + turnover {turnover} + free {free} "
            f"!= open {open_beds} + closing {closing}"
        )
    if min(occupied, turnover, free, open_beds, closing) < 0:
        raise RuntimeError(f"{where}: negative among {occupied, turnover, free, open_beds, closing}")
    if free and closing:
        raise RuntimeError(f"{where}: {free} free beds, yet {closing} still to close")
    first = any(entry.application.tier <= FIRST_TIER for entry in home.lists[kind].waiting())
    residents_waiting = sum(stay.needs_since == since for since, _, stay in home.in_house)
    if kind == NURSING and free and residents_waiting and not home.is_woken():
        raise RuntimeError(f"{where}: {free} free beds, yet {residents_waiting} residents need them")
    if free > (0 if first else home.held[kind]) and waiting and not home.is_woken():
        raise RuntimeError(f"{where}: {free} free beds, yet {waiting} wait for them")


def _audit_lists(day: float, homes: Collection[Home], entries: Mapping[int, Entry]) -> None:
    listed = Counter(
        (entry.application.person, home.number, kind)
        for home in homes
        for kind in KINDS
        for entry in home.lists[kind].waiting()
    )
    expected = Counter(
        (person, home, entry.application.kind)
        for person, entry in entries.items()
        for home, _ in entry.application.choices
        if home not in entry.refused
    )
    if listed != expected:
        wrong = min((listed - expected) + (expected - listed))
        raise RuntimeError(
            f"day {day}: {listed.total()} places on lists, {expected.total()} expected; "
            f"(person, home, kind) {wrong} differs"
        )
