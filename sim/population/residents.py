"""Residents as columns: one row per agent, and a light view that reads like one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Ability, BedKind, Group, Left, Living, Sex

COLUMNS: dict[str, type] = {
    "id": np.uint64,  # identity, see rows.pack
    "birth": np.int16,  # month index of birth
    "sex": np.uint8,  # codes.Sex
    "district": np.uint8,  # position in the scenario's list
    "rural": np.bool_,  # lives in the country
    "ability": np.uint8,  # codes.Ability
    "groups": np.uint16,  # bit flags of codes.Group
    "living": np.uint8,  # codes.Living: with whom
    "spouse": np.int32,  # row, -1 for none
    "home": np.int16,  # position of the home, -1 for none
    "bed": np.uint8,  # kind of the bed lived in
    "waiting": np.bool_,  # on the list of at least one home
    "waiting_since_day": np.float32,  # day 0 is the first day of the run
    "left": np.uint8,  # 0, or codes of Left
    "wish": np.float32,  # rank of the wish for collective support, among the destitute
    "left_month": np.int16,  # month index, -1 while here
    "children_near": np.uint8,  # of the family, see population.families; UNKNOWN until it is looked at
    "children_far": np.uint8,  # elsewhere than in the county
    "carer_ill": np.bool_,  # whether the main carer can give no care for a time
    "strain_at_end": np.float32,  # strain at `care_ended`, from 0 to 1; Families.strain while it cares
    "care_ended": np.int16,  # month index of the latest end of care at home; -1 for none, or while it goes on
    "pressure": np.float32,  # factor of strain and unmet hours on applying, 1 at the reference
}
UNKNOWN = 255
"""Children of a family that nobody has looked at yet."""
_DEFAULTS = {
    "spouse": NEVER, "home": NEVER, "left_month": NEVER, "children_near": UNKNOWN, "care_ended": NEVER,
    "pressure": 1,
}  # fmt: skip
_GROWTH = 1.1


class Residents:
    """A columnar agent set: rows never move and are never reused.

    Columns are attributes of length `len(self)`; people of 50-59 are dormant rows that turn 60.

    Attributes:
        rows_at_month_start: rows that were there when the month began.
        runs: first rows of neighbours with one district, sex and month of birth, and the row after the last
            of them; what came later is in no run.
    """

    id: NDArray[np.uint64]
    birth: NDArray[np.int16]
    sex: NDArray[np.uint8]
    district: NDArray[np.uint8]
    rural: NDArray[np.bool_]
    ability: NDArray[np.uint8]
    groups: NDArray[np.uint16]
    living: NDArray[np.uint8]
    spouse: NDArray[np.int32]
    home: NDArray[np.int16]
    bed: NDArray[np.uint8]
    waiting: NDArray[np.bool_]
    waiting_since_day: NDArray[np.float32]
    left: NDArray[np.uint8]
    wish: NDArray[np.float32]
    children_near: NDArray[np.uint8]
    children_far: NDArray[np.uint8]
    carer_ill: NDArray[np.bool_]
    strain_at_end: NDArray[np.float32]
    care_ended: NDArray[np.int16]
    pressure: NDArray[np.float32]
    left_month: NDArray[np.int16]

    def __init__(self, rows: int) -> None:
        """Make so many rows with default values."""
        self._rows = 0
        self.rows_at_month_start = rows
        self._store: dict[str, NDArray[Any]] = {name: np.zeros(0, dtype) for name, dtype in COLUMNS.items()}
        self.runs: NDArray[np.int64] = np.zeros(1, np.int64)
        self.append(rows)

    def __len__(self) -> int:
        """Number of rows, those who left included."""
        return self._rows

    def append(self, rows: int) -> slice:
        """Add rows with default values; returns where they are."""
        needed = self._rows + rows
        capacity = len(self._store["id"])
        if needed > capacity:
            grown = int(needed * _GROWTH)
            for name, dtype in COLUMNS.items():
                column: NDArray[Any] = np.zeros(grown, dtype)  # of memory that nobody has written to yet
                column[: self._rows] = self._store[name][: self._rows]
                if name in _DEFAULTS:
                    column[self._rows :] = _DEFAULTS[name]
                self._store[name] = column
        new = slice(self._rows, needed)
        self._rows = needed
        for name in COLUMNS:
            setattr(self, name, self._store[name][:needed])
        return new

    def find_runs(self) -> None:
        """Set `runs`, once the rows of the start are written."""
        new = np.zeros(max(self._rows - 1, 0), np.bool_)
        for column in (self.district, self.sex, self.birth):
            new |= column[1:] != column[:-1]
        self.runs = np.concatenate([[0], np.flatnonzero(new) + 1, [self._rows]])

    @property
    def longest_run(self) -> int:
        """Rows of the longest run."""
        return int(np.diff(self.runs).max(initial=0))

    def __getitem__(self, row: int) -> Resident:
        """The agent of a row.

        Raises:
            IndexError: if there is no such row.
        """
        if not 0 <= row < self._rows:
            raise IndexError(f"row(={row}) must be from 0 to {self._rows - 1}")
        return Resident(self, row)

    @property
    def nbytes(self) -> int:
        """Bytes of the columns, spare rows left out."""
        return sum(np.dtype(dtype).itemsize for dtype in COLUMNS.values()) * self._rows


@dataclass(frozen=True, slots=True)
class Resident:
    """One resident, read through the columns."""

    residents: Residents
    row: int

    def __getattr__(self, name: str) -> Any:
        """Any column by name."""
        if name in COLUMNS:
            return getattr(self.residents, name)[self.row]
        raise AttributeError(f"a resident has no {name!r}; there are {', '.join(COLUMNS)}")

    def age_years(self, month: int) -> float:
        """Completed months of age at the end of a month index, in years."""
        return float((month - int(self.birth)) / 12)

    def __str__(self) -> str:
        """A sentence for people."""
        where = f"home {self.home} ({BedKind(self.bed).name.lower()} bed)" if self.home >= 0 else "at home"
        gone = f", {Left(self.left).name.lower()}" if self.left else ""
        return (
            f"{Sex(self.sex).name.lower()}, {Ability(self.ability).name.lower()}, "
            f"lives {Living(self.living).name.lower()}, {where}, groups {Group(int(self.groups))!r}{gone}"
        )
