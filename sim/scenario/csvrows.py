"""Rows of a user's CSV table as a spreadsheet saves it, each with its line, and all that is wrong with them.

A byte order mark, blank lines, blank columns at the end, spaces around a cell and 69.0 for 69 are taken in
silence: spreadsheets leave them. Codes are text, so whoever counts by codes of their own may use any.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sim.errors import Fault, InputError, choices, nearest
from sim.typefaults import PLACEHOLDER

_WHOLE = re.compile(r"[0-9]+")
_WHOLE_AS_DECIMAL = re.compile(r"([0-9]+)\.0+")


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        file: path of the table.
        line: counted from 1, the header included.
        cells: column -> text, without spaces around it; "" if empty or still to be filled in.
        columns: column -> where its cell begins in the line, counted from 1.
    """

    file: str
    line: int
    cells: dict[str, str]
    columns: dict[str, int]

    def __getitem__(self, name: str) -> str:
        """The text of a cell."""
        return self.cells[name]

    def fault(self, name: str, code: str, allowed: str = "", hint: str = "") -> Fault:
        """What is wrong with a cell."""
        found = f"'{self.cells[name]}'"
        return Fault(self.file, self.line, self.columns[name], name, code, found, allowed, hint)


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a table that has exactly these columns, in this order.

    Raises:
        UnicodeDecodeError: if the table is not UTF-8.
        InputError: if it has other columns, or no row.
    """
    lines = list(read_lines(path))
    if not lines:
        raise InputError([Fault(str(path), 1, 1, "", "empty_file")])
    at, header, _ = lines[0]
    if header != list(columns):
        found = Fault(str(path), at, 1, "", "table_value", ", ".join(header), ", ".join(columns))
        raise InputError([found])
    rows = []
    for line, cells, places in lines[1:]:
        if len(cells) != len(columns):
            shape = (f"{len(cells)} cells", f"{len(columns)} cells")
            raise InputError([Fault(str(path), line, 1, "", "table_value", *shape)])
        named = {name: _plain(text) for name, text in zip(columns, cells, strict=False)}
        rows.append(Row(str(path), line, named, dict(zip(columns, places, strict=False))))
    if not rows:
        raise InputError([Fault(str(path), at + 1, 1, "", "table_no_rows")])
    return rows


def read_lines(path: Path) -> Iterator[tuple[int, list[str], list[int]]]:
    """Lines that are not blank: number, cells, and where each cell begins (1 where quotes hide that).

    Blank cells beyond the header are left out.

    Raises:
        UnicodeDecodeError: if the file is not UTF-8.
    """
    text = path.read_bytes().decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""))
    written = text.splitlines()
    width = 0
    for cells in reader:
        named = [cell.strip() for cell in cells]
        while named and not named[-1] and len(named) > width:
            named.pop()
        if not any(named):
            continue
        width = width or len(named)
        line = reader.line_num
        plain = line <= len(written) and written[line - 1] == ",".join(cells)
        starts = [1 + sum(len(cell) + 1 for cell in cells[:at]) if plain else 1 for at in range(len(named))]
        yield line, named, starts


def empty_cells(rows: Iterable[Row], name: str) -> list[Fault]:
    """The empty cells of a column: one fault for those in lines that follow each other."""
    empty = [row for row in rows if not row[name]]
    faults = []
    for _, group in groupby(enumerate(empty), key=lambda pair: pair[1].line - pair[0]):
        block = [row for _, row in group]
        code = "cell_empty" if len(block) == 1 else "cells_empty"
        first, last = block[0], block[-1]
        at = (first.line, first.columns[name])
        faults.append(Fault(first.file, *at, name, code, str(last.line), str(len(block))))
    return faults


def not_whole(rows: Iterable[Row], names: Sequence[str]) -> list[Fault]:
    """The cells of some columns that are empty, or no whole number."""
    listed = list(rows)
    faults = [fault for name in names for fault in empty_cells(listed, name)]
    wrong = [(row, name) for row in listed for name in names if row[name]]
    return faults + [row.fault(name, "not_whole") for row, name in wrong if not is_whole(row[name])]


def not_among(rows: Iterable[Row], name: str, known: Sequence[str]) -> list[Fault]:
    """The cells of a column that say none of some words."""
    return [
        row.fault(name, "not_choice", choices(row[name], known), nearest(row[name], known))
        for row in rows
        if row[name] not in known
    ]


def twice(rows: Iterable[Row], keys: Sequence[str]) -> list[Fault]:
    """The lines whose key stands in an earlier one."""
    seen: dict[tuple[str, ...], int] = {}
    faults = []
    for row in rows:
        key = tuple(row[name] for name in keys)
        if key in seen:
            at = (row.file, row.line, row.columns[keys[0]], keys[0])
            faults.append(Fault(*at, "table_twice_at", " ".join(key), str(seen[key])))
        seen.setdefault(key, row.line)
    return faults


def _plain(cell: str) -> str:
    """A cell as it is meant: nothing where it is still to be filled in, 69 where a program wrote 69.0."""
    whole = _WHOLE_AS_DECIMAL.fullmatch(cell)
    return "" if cell == PLACEHOLDER else whole[1] if whole else cell


def is_whole(text: str) -> bool:
    """Whether a text is a whole number in plain digits."""
    return _WHOLE.fullmatch(text) is not None
