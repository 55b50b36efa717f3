"""A user's own list of homes, read from CSV with every fault at once."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sim.codes import Ownership
from sim.errors import TableError
from sim.scenario.bed_types import Stock
from sim.scenario.csvrows import read_lines

COLUMNS = (
    "id", "ownership", "district", "beds", "nursing_beds", "price_intact", "price_partly", "price_severe",
    "chain_integrated",
)  # fmt: skip
_PRICES = COLUMNS[5:8]
_YES_NO = {"true": True, "false": False, "1": True, "0": False}
"""In any case: Excel writes TRUE and FALSE."""


@dataclass(frozen=True)
class HomeRow:
    """One home of the list; prices in yuan per month for intact, mild or moderate, severe ability."""

    id: str
    ownership: Ownership
    district: str
    beds: int
    nursing_beds: int
    prices: tuple[float, float, float]
    chain_integrated: bool


def read_home_list(path: Path, districts: list[str], stock: Stock) -> list[HomeRow]:
    """Read a user's list of homes.

    Raises:
        UnicodeDecodeError: if the list is not UTF-8.
        TableError: with every fault at once, if columns, codes or numbers are wrong, or beds don't add up to
            the stock.
    """
    lines = [(line, cells) for line, cells, _ in read_lines(path)]
    for line, cells in lines:
        if line == lines[0][0] and tuple(cells) != COLUMNS:
            raise TableError([("table_value", f"{path.name}: {', '.join(cells)}", ", ".join(COLUMNS))])
        if len(cells) != len(COLUMNS):
            cells_of = (f"{path.name}:{line}: {len(cells)} cells", f"{len(COLUMNS)} cells")
            raise TableError([("table_value", *cells_of)])
    numbered = [(line, dict(zip(COLUMNS, cells, strict=True))) for line, cells in lines[1:]]
    if not numbered:
        raise TableError([("table_no_rows", "", "")])
    rows = [row for _, row in numbered]
    faults = [
        ("table_value", f"{path.name}:{line}: {column} = {row[column]!r}", allowed)
        for line, row in numbered
        for column, allowed in _faults(row, districts)
    ]
    times = Counter(row["id"] for row in rows)
    faults += [("table_twice", f"{path.name}: id {text!r}", "") for text, n in times.items() if n > 1]
    for column, total in (("beds", stock.beds), ("nursing_beds", stock.nursing_beds)):
        numbers = sum(int(row[column]) for row in rows if row[column].isdecimal())
        if total is not None and numbers != total:
            faults.append(("table_sum", f"{path.name}: {column} = {numbers}", str(total)))
    if faults:
        raise TableError(faults)
    return [_home(row) for row in sorted(rows, key=lambda row: row["id"])]


def _faults(row: dict[str, str], districts: list[str]) -> list[tuple[str, str]]:
    """Columns of one line that are wrong, with what is allowed."""
    choices = {
        "ownership": [ownership.name.lower() for ownership in Ownership],
        "district": districts,
        "chain_integrated": list(_YES_NO),
    }
    said = {**row, "chain_integrated": row["chain_integrated"].lower()}
    faults = [(name, ", ".join(allowed)) for name, allowed in choices.items() if said[name] not in allowed]
    if not row["id"]:
        faults.append(("id", "..."))
    whole = [column for column in ("beds", "nursing_beds") if not row[column].isdecimal()]
    faults += [(column, "0, 1, 2, ...") for column in whole]
    if not whole and int(row["nursing_beds"]) > int(row["beds"]):
        faults.append(("nursing_beds", f"<= {row['beds']}"))
    for column in _PRICES:
        try:
            price = float(row[column])
        except ValueError:
            price = math.nan
        if not 0 <= price < math.inf:
            faults.append((column, ">= 0"))
    return faults


def _home(row: dict[str, str]) -> HomeRow:
    intact, partly, severe = (float(row[column]) for column in _PRICES)
    return HomeRow(
        row["id"], Ownership[row["ownership"].upper()], row["district"], int(row["beds"]),
        int(row["nursing_beds"]), (intact, partly, severe), _YES_NO[row["chain_integrated"].lower()],
    )  # fmt: skip
