"""The dense columns of families, written anew each month from one half of the room into the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.population import family_rows
from sim.population.family_rows import NEW, Lines
from sim.population.residents import Residents

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_WORD = 8
_SPARE = 1.5
"""Fresh arrays each month would cost more than what is done with them."""


class Table:
    """Those in care need outside homes, a line each.

    Attributes:
        now: the columns, see `family_rows.Lines`.
        needed, given, unmet: (lines,) hours a week, see `Families`.
        pressure: (lines,) factor on applying, 1 until it is written.
        of_kind: (lines,) to look something up for each kind; `one` ones.
        marks, flags: whole words of eight, no fewer than the lines: see `family_rows.EVENT`, and for any use.
        found: buffer of no fewer than the lines.
    """

    now: Lines
    needed: F64
    given: F64
    unmet: F64
    of_kind: F64
    one: F64
    pressure: NDArray[np.float32]

    def __init__(self) -> None:
        """Hold nobody yet."""
        self._lines, self._spare = family_rows.lines(0), family_rows.lines(0)
        self._make_room(0)
        self._view(0)

    def _make_room(self, most: int) -> None:
        """Make room for so many lines and some more, if there is less; `now` stays until the next `_view`."""
        if 0 < most <= len(self._spare["rows"]):
            return
        room = (int(most * _SPARE) // _WORD + 1) * _WORD
        self._lines, self._spare = family_rows.lines(room), family_rows.lines(room)
        self._buffers: dict[str, NDArray[Any]] = {
            name: np.zeros(room) for name in ("needed", "given", "unmet", "of_kind")
        }
        self._buffers |= {"one": np.ones(room), "pressure": np.ones(room, np.float32)}
        self.marks, self.flags = np.zeros(room, np.uint8), np.zeros(room, np.bool_)
        self.found = np.zeros(room, np.int64)

    def _view(self, n: int) -> None:
        """Look at so many lines."""
        self.now = {name: line[:n] for name, line in self._lines.items()}
        for name, buffer in self._buffers.items():
            setattr(self, name, buffer[:n])

    def begin(self, people: Residents, rows: I64) -> None:
        """Hold these rows, all of them new."""
        n = len(rows)
        self._make_room(n)
        self._lines["rows"][:n], self._lines["own"][:n], self.marks[:n] = rows, people.id[rows], NEW
        self._view(n)

    def join(self, people: Residents, month: int, touched: I64, rested: F64) -> I64:
        """Hold those who are in need now, and mark in whom something may have moved, see `family_rows.join`.

        Args:
            people: the residents.
            month: month index.
            touched: ascending, each once.
            rested: factor that so many months without care leave of strain.

        Returns:
            Rows of the new.
        """
        self._make_room(len(self.now["rows"]) + len(touched))
        lines = (*self.now.values(), *self._spare.values(), self.marks, self.found)
        found, new = family_rows.join(
            month, touched, people.id, people.ability, people.left, people.home, people.birth,
            people.care_ended, people.strain_at_end, people.pressure, rested, *lines,
        )  # fmt: skip
        self._lines, self._spare = self._spare, self._lines
        self._view(found)
        family_rows.mark_spouses(
            touched, people.spouse, people.ability, people.left, people.home, self.now["rows"], self.marks
        )
        return self.found[:new]
