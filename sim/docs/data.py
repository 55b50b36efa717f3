"""The data that a scenario rests on: its tables, and how many of its inputs have which status."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import get_args

from sim.docs.markdown import code, codes, table
from sim.docs.parameters import inputs, resolved
from sim.scenario import library
from sim.scenario.quantity import Status


def tables(scenario: str) -> str:
    """The CSV files of a shipped scenario: key, file, columns, rows."""
    rows = []
    for name, path in vars(resolved(scenario).scenario.tables).items():
        if path is None:
            continue
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            head, *lines = csv.reader(file)
        rows.append((code(f"tables.{name}"), code(library.portable(str(path))), codes(head), len(lines)))
    return table(("Key", "File", "Columns", "Rows"), rows)


def statuses(scenario: str) -> str:
    """Inputs of a shipped scenario by section and status; settings, which have none, are left out."""
    names = get_args(Status)
    counts: dict[str, Counter[str]] = {}
    for row in inputs(scenario):
        if row.status:
            counts.setdefault(str(row.path[0]), Counter())[row.status] += 1
    total = sum(counts.values(), Counter[str]())
    rows = [(code(name), *(found[status] for status in names)) for name, found in counts.items()]
    return table(("Section", *names), [*rows, ("all", *(total[status] for status in names))])
