"""Result tables and their metrics, from `sim.tables`; versions, from the package's own files."""

from __future__ import annotations

import re
import tomllib

from sim import tables
from sim.docs.markdown import code, codes, table
from sim.docs.source import notes
from sim.scenario import library

_MODULE = "sim.tables"


def result_tables() -> str:
    """Each CSV of a run folder: its columns, and what is to be said of them."""
    said = notes(_MODULE)
    return table(
        ("File", "Columns", "Note"),
        (
            (code(name.removesuffix("_COLUMNS").lower() + ".csv"), codes(value), said.get(name, ""))
            for name, value in vars(tables).items()
            if name.endswith("_COLUMNS")
        ),
    )


def metrics() -> str:
    """The metrics of `summary.csv`."""
    rows = (
        (code(metric.name), metric.unit, metric.kind, "yes" if metric.by_bed_kind else "no")
        for metric in tables.METRICS
    )
    return table(("Metric", "Unit", "Kind", "By kind of bed"), rows)


def part() -> str:
    """What a part, the long table of one replication, holds beside the metrics of `summary.csv`."""
    said = notes(_MODULE)
    rows = [
        (codes(value), said.get(name, ""))
        for name, value in vars(tables).items()
        if name.endswith(("_EVENTS", "_METRICS"))
    ]
    return table(("Metrics", "What they are"), [(codes(tables.KEYS), "The keys of a row."), *rows])


def versions() -> str:
    """Python and the libraries that a run needs, and the versions that the results were made with.

    Reads `pyproject.toml` and `constraints.txt` of the clone.
    """
    root = library.root()
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (root / "constraints.txt").read_text(encoding="utf-8").split("\n")
    pinned = dict(line.split("==") for line in lines if "==" in line)
    needs = [re.match(r"([\w-]+)(.*)", line) for line in project["dependencies"]]
    rows = [(code(need[1]), need[2], pinned[need[1].lower()]) for need in needs if need]
    return table(("Library", "Needed", "Made with"), [("Python", project["requires-python"], ""), *rows])
