"""Keys of the scenario that a policy file names: what changes a reading of the law must be there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.errors import Fault, choices, nearest
from sim.policy.book import PolicyBook
from sim.scenario.types import Scenario
from sim.strictyaml import read_file
from sim.typefaults import keys_at
from sim.yamltree import TreePath, dotted

_BY_MEASURE = ("rates", "payers")
"""Sections of the scenario whose keys are measures of the law."""


def parameter_faults(book: PolicyBook, file: Path) -> Iterator[Fault]:
    """Parameters of contradictions that are no key of a scenario.

    Args:
        book: the law.
        file: where it was read from, for the places.
    """
    found: list[tuple[TreePath, str, set[str]]] = []
    for index, point in enumerate(book.contradictions):
        for place, key in enumerate(point.parameters):
            if (wrong := _wrong(key, book)) is not None:
                found.append((("contradictions", index, "parameters", place), *wrong))
    root = read_file(file).root if found else None
    for path, word, known in found:
        at = root.at_path(path).at if root else None
        where = (at.file, at.line, at.column) if at else (str(file), 0, 0)
        yield Fault(
            *where, dotted(path), "unknown_name", word, choices(word, sorted(known)), nearest(word, known)
        )


def _wrong(key: str, book: PolicyBook) -> tuple[str, set[str]] | None:
    """The part of a dotted key that a scenario does not have, and what it has there; None if all is there."""
    parts = key.split(".")
    for depth, part in enumerate(parts):
        above = tuple(parts[:depth])
        by_measure = above in [(section,) for section in _BY_MEASURE]
        known = set(book.measures) if by_measure else keys_at(Scenario, above)
        if part not in known:
            return part, known
    return None
