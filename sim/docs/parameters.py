"""All inputs of a scenario as rows: path, value, range, unit, status, source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sim.docs.markdown import code, table
from sim.scenario import library
from sim.scenario.quantity import plainly
from sim.scenario.read import is_file_key, read
from sim.scenario.resolve import Resolved, resolve
from sim.yamltree import Node, TreePath

NATIONAL = "national/defaults.yaml"
_HEAD = ("Parameter", "Value", "Low to high", "Unit", "Status", "Source")
_NOT_SHOWN = frozenset(
    {"value", "low", "high", "unit", "status", "source", "date", "note", "changes", "id", "title", "zh", "en",
     "clauses", "clause"}
)  # fmt: skip
_WORDS = frozenset({"schema_version", "name", "title", "place"})
"""Sections that name things and hold no input."""


class Row(NamedTuple):
    """One input; `path` as in the tree, `shown` as `--set` takes it. What has no status is a setting."""

    path: TreePath
    shown: str
    value: str
    low_high: str = ""
    unit: str = ""
    status: str = ""
    source: str = ""


def rows(data: Any, path: TreePath = (), shown: str = "") -> Iterator[Row]:
    """The inputs of plain data, in its order: what has a status and a source, and settings without."""
    if isinstance(data, Mapping):
        stated = "status" in data and "source" in data
        if stated:
            yield _stated(data, path, shown)
        for key, value in data.items():
            below, name = (*path, key), f"{shown}.{key}".lstrip(".")
            if f"{key}_status" in data:
                said = (data[f"{key}_{end}"] for end in ("status", "source"))
                yield Row(below, name, _text(value), "", "", *said)
            elif _is_part(value, key) if stated else not _of_neighbour(data, key):
                yield from rows(value, below, name)
    elif isinstance(data, list) and _nested(data) and path[-1] != "uncertain":
        for index, item in enumerate(data):
            own = item.get("id", index) if isinstance(item, Mapping) else index
            yield from rows(item, (*path, index), f"{shown}.{own}")
    elif path[-1] not in _NOT_SHOWN:
        yield Row(path, shown, _text(data, path))


def _is_part(value: Any, key: str) -> bool:
    """Whether an entry of something with a status has inputs of its own (the cost of a service)."""
    return isinstance(value, Mapping) and key not in _NOT_SHOWN


def _of_neighbour(data: Mapping[str, Any], key: str) -> bool:
    """Whether a key is the status or source of another (`centres_before_status`)."""
    return any(key.endswith(end) and key.removesuffix(end) in data for end in ("_status", "_source"))


def _stated(data: Mapping[str, Any], path: TreePath, shown: str) -> Row:
    low, high = data.get("low"), data.get("high")
    span = "" if low is None and high is None else f"{_text(low)} to {_text(high)}"
    if "value" in data:
        value = _text(data["value"])
        value += "".join(f"; from {month}: {_text(of)}" for month, of in (data.get("changes") or {}).items())
    else:
        said = {key: of for key, of in data.items() if key not in _NOT_SHOWN and not _nested(of)}
        value = ", ".join(f"{key} {_text(of, (*path, key))}" for key, of in said.items())
    return Row(path, shown, value, span, data.get("unit", ""), data["status"], data["source"])


def _nested(value: Any) -> bool:
    some = value if isinstance(value, list) else [value]
    return any(isinstance(item, Mapping) for item in some)


def _text(value: Any, path: TreePath = ()) -> str:
    if isinstance(value, list):
        return "/".join(_text(item) for item in value) or "none"
    if isinstance(value, Mapping):  # an entry of `uncertain`, or an empty one: others have rows of their own
        return " ".join(key if of is True else str(of) for key, of in value.items() if of) or "none"
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return plainly(value)
    return library.portable(str(value)) if path and is_file_key(path) else str(value)


@lru_cache(maxsize=4)
def resolved(name: str) -> Resolved:
    """A shipped scenario, read once."""
    return resolve(name)


@lru_cache(maxsize=1)
def _national() -> tuple[Node, frozenset[str]]:
    """The national defaults as they are written, and the files that they come from.

    Raises:
        ValueError: if a file of them can't be read.
    """
    reading = read(library.scenarios_folder() / NATIONAL)
    if reading.root is None or reading.faults:
        raise ValueError(f"{NATIONAL}: {'; '.join(fault.text('en') for fault in reading.faults)}")
    return reading.root, frozenset(reading.files)


def national(*sections: str) -> str:
    """The inputs of the national defaults."""
    return _table(_of(_national()[0].data(), sections))


def inputs(scenario: str, *sections: str) -> list[Row]:
    """All inputs of a shipped scenario, of some sections or all."""
    return _of(resolved(scenario).data, sections)


def whole(scenario: str, *sections: str) -> str:
    """As `inputs`, as a table."""
    return _table(inputs(scenario, *sections))


def own(scenario: str, *sections: str) -> str:
    """The inputs that a scenario has of its own: written in other files than the national ones."""
    found, files = resolved(scenario), _national()[1]
    elsewhere = {path for path, at in found.origins.items() if at.file not in files}
    return _table([row for row in _of(found.data, sections) if _written(row.path, elsewhere)])


def unwritten(scenario: str) -> str:
    """The inputs that no file of a scenario gives: the types of the scenario do."""
    written = set(resolved(scenario).origins)
    return _table([row for row in inputs(scenario) if not _written(row.path, written)])


def _written(path: TreePath, places: set[TreePath]) -> bool:
    """Whether a row, or something that it shows, was written at one of these places."""
    return path in places or any((*path, key) in places for key in ("value", "status", "source"))


def _of(data: Mapping[str, Any], sections: tuple[str, ...]) -> list[Row]:
    kept = {key: of for key, of in data.items() if (key in sections if sections else key not in _WORDS)}
    missing = set(sections) - kept.keys()
    if missing:
        raise ValueError(f"sections ({', '.join(sorted(missing))}) must be in the scenario")
    return list(rows(kept))


def _table(found: list[Row]) -> str:
    return table(_HEAD, ([code(row.shown), *row[2:5], row.status or "setting", row.source] for row in found))
