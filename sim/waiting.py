"""What those on the list wait for, as columns beside the table of residents, which says who waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.population.residents import Residents
from sim.waitlist.records import Application, NeedChange, event_order

I64 = NDArray[np.int64]


class Waiting:
    """First of the homes still waited for, bed kind and tier: the cells of who waits."""

    def __init__(self, residents: Residents) -> None:
        """Start with nobody waiting."""
        self._people = residents
        self._cells = np.zeros((len(residents), 3), np.int16)
        self._columns: tuple[I64, I64] | None = None

    def columns(self) -> tuple[I64, I64]:
        """Rows of who waits, ascending, and their cells: (n, 3). Looked up once a month."""
        if self._columns is None:
            rows = np.flatnonzero(self._people.waiting)
            self._columns = rows, self.cells(rows)
        return self._columns

    def leave(self, rows: I64) -> None:
        """Let some wait no more."""
        self._people.waiting[rows] = False
        self._columns = None

    def cells(self, rows: I64) -> I64:
        """(rows, 3) first choice, bed kind and tier of some who wait or did."""
        return self._cells[rows].astype(np.int64)

    def join(self, applications: Sequence[Application]) -> I64:
        """Let applicants wait from the days of their applications on; returns their cells."""
        people, self._columns = self._people, None
        if len(people) > len(self._cells):
            more = np.zeros((len(people) * 11 // 10 - len(self._cells), 3), np.int16)
            self._cells = np.concatenate([self._cells, more])
        rows = np.array([one.person for one in applications], np.int64)
        cells = [(one.choices[0][0], one.kind, one.tier) for one in applications]
        found = np.array(cells, np.int64).reshape(-1, 3)
        self._cells[rows] = found
        people.waiting[rows] = True
        people.waiting_since_day[rows] = [one.day for one in applications]
        return found

    def note(self, entry: Application) -> None:
        """Write down what somebody still waits for."""
        self._columns = None
        self._cells[entry.person] = entry.choices[0][0], entry.kind, entry.tier

    def change(self, needs: Iterable[NeedChange]) -> None:
        """Changed needs of those who wait; of several in a month the last counts."""
        self._columns = None
        mine = (need for need in needs if need.choices and self._people.waiting[need.person])
        for need in sorted(mine, key=event_order):
            tier = self._cells[need.person, 2] if need.tier is None else need.tier
            self._cells[need.person] = need.choices[0][0], need.kind, tier  # type: ignore[index]

    def by_person(self) -> dict[int, tuple[int, int, int]]:
        """Person -> first choice, bed kind and tier."""
        rows, cells = self.columns()
        return dict(zip(rows.tolist(), map(tuple, cells.tolist()), strict=True))
