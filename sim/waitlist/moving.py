"""Moving in, moving within a home, moving out, and leaving the list without a bed."""

from __future__ import annotations

import math

from sim.waitlist.home import Home, Stay
from sim.waitlist.ranked import Entry
from sim.waitlist.records import NURSING, ExitCause, HomeExit, ListCause, ListExit, MonthLog, Move
from sim.waitlist.state import State

# Looking up a member of an enumeration costs more than what is done with it.
_LIVE, _WITHDRAWN = ExitCause.LIVE, ListCause.WITHDRAWN


class Moving(State):
    """What happens to who lives in a home or gives up waiting; `admissions.Waitlist` says when."""

    def __init__(self, start_day: float, turnover_days: float, *, residents_change_beds: bool) -> None:
        """Start with nobody, see `admissions.Waitlist`."""
        if not 0.0 <= turnover_days < math.inf:
            raise ValueError(f"turnover_days ({turnover_days}) must be >= 0 and finite")
        super().__init__(start_day)
        self._turnover_days = turnover_days
        self._residents_change_beds = residents_change_beds
        self._withdrawal, self._live_exit = self._withdraw, self._exit_alive  # bound once, not per note
        self._log = MonthLog()

    def dissolve(self) -> None:
        """Forget everybody and the latest log, see `State.dissolve`."""
        super().dissolve()
        self._log = MonthLog()

    def _move_in(self, person: int, home: Home, kind: int, exit_day: float) -> Stay:
        stay = self._stays[person] = Stay(person, home, kind)
        stay.act = self._live_exit
        self._diary.write(exit_day, stay)
        return stay

    def _change_inside(self, stay: Stay, needs: int) -> None:
        """A resident needs another kind of bed: waits for a nursing bed, or no longer; none is given back."""
        if not self._residents_change_beds:
            return
        if needs == NURSING and stay.kind != NURSING:
            if stay.needs_since is None:
                stay.needs_since = self._clock.now
                stay.home.seek_inside(stay)
        else:
            stay.needs_since = None

    def _move_inside(self, stay: Stay) -> None:
        now, home = self._clock.now, stay.home
        assert stay.needs_since is not None  # noqa: S101 - who needs no bed is not asked
        self._log.moves.append(Move(now, stay.person, home.number, NURSING, now - stay.needs_since))
        stay.needs_since = None
        home.occupy(NURSING)
        home.vacate(stay.kind)
        stay.kind = NURSING

    def _exit_alive(self, stay: Stay) -> None:
        self._move_out(stay, _LIVE)

    def _move_out(self, stay: Stay, cause: ExitCause) -> None:
        stay.note, stay.needs_since = 0, None
        del self._stays[stay.person]
        self._log.home_exits.append(
            HomeExit(self._clock.now, stay.person, stay.home.number, stay.kind, cause)
        )
        stay.home.vacate(stay.kind)

    def _withdraw(self, entry: Entry) -> None:
        self._leave(entry, _WITHDRAWN)

    def _leave(self, entry: Entry, cause: ListCause) -> None:
        entry.live, entry.note = False, 0
        day, person, _, tier, *_ = entry.application
        del self._entries[person]
        self._log.list_exits.append(ListExit(self._clock.now, person, tier, self._clock.now - day, cause))

    def _remove(self, person: int, out_of_home: ExitCause, off_list: ListCause) -> None:
        if (stay := self._stays.get(person)) is not None:
            self._move_out(stay, out_of_home)
        elif (entry := self._entries.get(person)) is not None:
            self._leave(entry, off_list)
