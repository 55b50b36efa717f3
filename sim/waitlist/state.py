"""What a waiting list holds: homes, those who wait, those who live in a home; questions and checks of it."""

from __future__ import annotations

from collections.abc import KeysView

import numpy as np
from numpy.typing import NDArray

from sim.waitlist.audit import audit
from sim.waitlist.diary import Clock, Diary
from sim.waitlist.home import Home, Stay
from sim.waitlist.ranked import Entry
from sim.waitlist.records import Application


class State:
    """The state of a list; `admissions.Waitlist` moves it on."""

    def __init__(self, start_day: float) -> None:
        """Start empty on a day."""
        self._clock = Clock(start_day)
        self._diary = Diary(self._clock)
        self._homes: dict[int, Home] = {}
        self._entries: dict[int, Entry] = {}
        self._stays: dict[int, Stay] = {}

    def dissolve(self) -> None:
        """Forget everybody, once the list is not played any more.

        Its parts point to each other, and while a replication runs no collector frees what does.
        """
        for home in self._homes.values():
            home.lists.clear()
            home.in_house.clear()
        self._entries.clear()
        self._stays.clear()
        self._diary.clear()

    # Questions

    @property
    def now(self) -> float:
        """The day up to which the list has been played."""
        return self._clock.now

    @property
    def waiting(self) -> KeysView[int]:
        """Persons waiting, each once, however many lists they are on; a live view."""
        return self._entries.keys()

    def entry(self, person: int) -> Application:
        """Return the application of somebody waiting, with the homes still waited for."""
        if person not in self._entries:
            raise ValueError(f"person {person} is not waiting on day {self._clock.now}")
        entry = self._entries[person]
        if not entry.refused:
            return entry.application
        left = tuple(choice for choice in entry.application.choices if choice[0] not in entry.refused)
        return entry.application._replace(choices=left)

    def occupied(self, home: int, kind: int) -> int:
        """Beds somebody lives in."""
        return self._home(home).occupied[kind]

    def free(self, home: int, kind: int) -> int:
        """Beds ready for somebody."""
        return self._home(home).free[kind]

    def turnover(self, home: int, kind: int) -> int:
        """Beds being made ready."""
        return self._home(home).turnover[kind]

    def closing(self, home: int, kind: int) -> int:
        """Beds, occupied or being made ready, that will close when they are given up."""
        return self._home(home).closing[kind]

    def all_closing(self) -> list[list[int]]:
        """`closing` of all homes in the order in which they were added, by kind."""
        return [home.closing for home in self._homes.values()]

    def all_taken(self) -> NDArray[np.int64]:
        """Beds lived in or being made ready, (homes, 2), in the order in which homes were added."""
        homes = self._homes.values()
        taken: NDArray[np.int64] = np.array([home.occupied for home in homes])
        taken += np.array([home.turnover for home in homes])
        return taken

    def living(self) -> NDArray[np.int64]:
        """Persons who live in a home, ascending."""
        return np.array(sorted(self._stays), dtype=np.int64)

    def all_occupied(self) -> list[list[int]]:
        """`occupied` of all homes in the order in which they were added, by kind."""
        return [home.occupied for home in self._homes.values()]

    # Checks

    def audit(self) -> None:
        """Raise RuntimeError with the numbers if beds, residents, lists and diary disagree."""
        audit(self._clock.now, self._homes.values(), self._entries, self._stays, self._diary)

    def _home(self, home: int) -> Home:
        if home not in self._homes:
            raise ValueError(f"home {home} is unknown on day {self._clock.now}")
        return self._homes[home]

    def _check(self, application: Application) -> None:
        self._check_choices(application)
        if not (application.patience_days >= 0.0 and application.stay_days >= 0.0):
            raise ValueError(f"{application}: patience_days and stay_days must be >= 0")

    def _check_choices(self, application: Application) -> None:
        choices, known = application.choices, self._homes
        for home, _ in choices:
            if home not in known:
                break
        else:
            if len(choices) < 2 or len(dict(choices)) == len(choices):  # noqa: PLR2004
                return
        raise ValueError(f"{application}: choices must name known homes, each once")

    def _check_new(self, person: int, day: float) -> None:
        if person in self._entries:
            raise ValueError(f"person {person} applies on day {day}, but is waiting already")
        if person in self._stays:
            raise ValueError(
                f"person {person} applies on day {day}, but lives in home {self._stays[person].home.number}"
            )
