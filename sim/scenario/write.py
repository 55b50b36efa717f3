"""Prints a resolved scenario as YAML that reads back the same, and hashes what it says.

The order of keys does not depend on the files; paths are printed without the machine, with the hash of what
the file holds. The hash leaves out names: of the scenario, of files, of the line where a value was set.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sim.scalars import plain
from sim.scenario.library import portable
from sim.scenario.read import file_hash, is_file_key
from sim.yamltree import TreePath

_FIRST = [
    "schema_version", "name", "title", "id", "zh", "en", "month",
    "distribution", "value", "low", "mode", "high", "as_planned", "unit", "status", "source",
    "date", "note", "changes",
]  # fmt: skip
_RANK = {key: rank for rank, key in enumerate(_FIRST)}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*$")
_ELSEWHERE = frozenset({"y", "n", "Y", "N"})
_SET_IN = re.compile(r"set (in .+:\d+|on the command line)$")

Comment = Callable[[TreePath], str]
"""What to print behind the value of a path; "" for nothing."""


def resolved_yaml(scenario_data: Mapping[str, Any], comment: Comment = lambda _: "") -> str:
    """The scenario as YAML with a stable order of keys.

    Args:
        scenario_data: plain data with absolute paths, as `Resolved.data`.
        comment: what to print behind each leaf; the default prints the hash of each file.
    """
    return "\n".join(_mapping(scenario_data, (), comment)) + "\n"


def fingerprint(scenario_data: Mapping[str, Any]) -> str:
    """SHA-256 of what the scenario says: independent of names, of order, and of where files lie."""
    said = {key: value for key, value in scenario_data.items() if key != "name"}
    text = json.dumps(_said(said, ()), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(value: Any, path: TreePath) -> Any:
    if isinstance(value, Mapping):
        return {key: _said(child, (*path, key)) for key, child in value.items()}
    if isinstance(value, list):
        return [_said(child, (*path, index)) for index, child in enumerate(value)]
    if isinstance(value, str) and is_file_key(path):
        return file_hash(value)
    if path[-1:] == ("source",) and isinstance(value, str) and _SET_IN.match(value):
        return "set"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _mapping(data: Mapping[str, Any], path: TreePath, comment: Comment) -> Iterator[str]:
    for key in sorted(data, key=lambda key: (_RANK.get(key, len(_RANK)), key)):
        below = (*path, key)
        head = _text(key) + ":"
        if _is_leaf(data[key]):
            yield f"{head} {_leaf(data[key], below, comment)}"
        else:
            yield head
            yield from ("  " + line for line in _lines(data[key], below, comment))


def _lines(value: Any, path: TreePath, comment: Comment) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value, path, comment)
        return
    for index, item in enumerate(value):
        below = (*path, index)
        lines = iter([_leaf(item, below, comment)]) if _is_leaf(item) else _lines(item, below, comment)
        yield "- " + next(lines)
        yield from ("  " + line for line in lines)


def _is_leaf(value: Any) -> bool:
    return not isinstance(value, Mapping | list) or not value


def _leaf(value: Any, path: TreePath, comment: Comment) -> str:
    notes = [comment(path)]
    if isinstance(value, str) and is_file_key(path):
        notes.append("sha256:" + file_hash(value))
        value = portable(value)
    note = ", ".join(filter(None, notes))
    return _scalar(value) + (f"  # {note}" if note else "")


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        text = repr(value)
        return f"{Decimal(text):f}" if "e" in text else text
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value)


def _text(text: str) -> str:
    """A text, in quotes unless every YAML reader takes it for text."""
    if _WORD.match(text) and plain(text) == (text, None) and text not in _ELSEWHERE:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
