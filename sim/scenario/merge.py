"""How a later file changes what it extends: maps merge, lists replace, ids match, null removes.

A number given without a source, over a value that has one, is the writer's own assumption and says so:
a published source never stands beside a number that it does not give.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.errors import COMMAND_LINE
from sim.yamltree import Node, Origin, TreePath

_QUANTITY = frozenset({"value", "unit", "status", "source"})
_SOURCED = frozenset({"status", "source"})
_RANGE = ("low", "high")
_DISTRIBUTION = frozenset({"distribution", "unit", "status", "source"})
_NUMBERS = frozenset({"value", "low", "mode", "high", "as_planned"})
"""Numbers of a distribution: another distribution has its own."""
_ABOUT = frozenset(
    {"id", "low", "high", "status", "source", "note", "date", "zh", "en", "clauses", "delivery"}
)
"""Keys that may change while what the source gives stays as it is."""


def merge(base: Node, over: Node) -> Node:
    """The inherited node as changed by a later one; every leaf keeps the place where it was written."""
    if isinstance(base.value, dict):
        if isinstance(over.value, dict):
            return _mappings(base, base.value, over, over.value)
        if _is_quantity(base.value) and not isinstance(over.value, list) and over.value is not None:
            return _set_value(base.value, over, {"value": over})
        if base.value.keys() >= _DISTRIBUTION and isinstance(over.value, int | float):
            return _mappings(base, base.value, over, _fixed(over))
    old, new = ids(base), ids(over)
    if old and new and isinstance(base.value, list) and isinstance(over.value, list):
        items = list(base.value)
        for name, at in new.items():
            if name in old:
                items[old[name]] = merge(items[old[name]], over.value[at])
            else:
                items.append(over.value[at])
        return replace(over, value=items)
    return over


def ids(node: Node) -> dict[str, int]:
    """Position of each id in a list whose items all have one; empty for anything else."""
    found: dict[str, int] = {}
    if not isinstance(node.value, list):
        return {}
    for index, item in enumerate(node.value):
        name = item.value.get("id") if isinstance(item.value, dict) else None
        if name is None or isinstance(name.value, (list, dict)):
            return {}
        found.setdefault(str(name.value), index)
    return found


def nest(node: Node | None, path: TreePath, leaf: Node) -> Node:
    """A tree that holds only a new leaf at a path of another tree, to be merged over it.

    List positions in the path must exist in `node`.
    """
    if not path:
        return leaf
    head, rest = path[0], path[1:]
    if isinstance(head, int) and node is not None and isinstance(node.value, list):
        item = node.value[head]
        below = nest(item, rest, leaf)
        if ids(node) and isinstance(item.value, dict) and isinstance(below.value, dict):
            return Node([replace(below, value={"id": item.value["id"], **below.value})], leaf.at, leaf.at)
        items = list(node.value)
        items[head] = merge(item, below)
        return replace(node, value=items)
    child = node.value.get(str(head)) if node is not None and isinstance(node.value, dict) else None
    return Node({str(head): nest(child, rest, leaf)}, leaf.at, leaf.at)


def _is_quantity(mapping: dict[str, Node]) -> bool:
    return mapping.keys() >= _QUANTITY


def _mappings(base: Node, old: dict[str, Node], over: Node, new: dict[str, Node]) -> Node:
    if _is_quantity(old) and "value" in new:
        return _set_value(old, over, new)
    merged = dict(old)
    about = _ABOUT
    if old.keys() >= _DISTRIBUTION:
        about = _ABOUT - _NUMBERS
        if "distribution" in new and new["distribution"].value != old["distribution"].value:
            merged = {key: child for key, child in old.items() if key not in _NUMBERS}
    for key, child in new.items():
        if key in merged and child.value is None:
            del merged[key]
        else:
            merged[key] = merge(merged[key], child) if key in merged else child
    if old.keys() >= _SOURCED:
        changed = [key for key in new if key in merged and key not in about and _differ(key, old, merged)]
        if changed:
            merged |= {key: node for key, node in _own(new[changed[0]]).items() if key not in new}
    if over.at.file == COMMAND_LINE:
        return replace(base, value=merged)
    return replace(over, value=merged)


def _fixed(value: Node) -> dict[str, Node]:
    """A number in the place of a distribution: fixed at it."""
    return {"distribution": replace(value, value="fixed"), "value": value}


def _set_value(old: dict[str, Node], over: Node, new: dict[str, Node]) -> Node:
    """A quantity with a new value: what the writer did not say about it is filled in honestly."""
    value = new["value"]
    stated = {**_own(value), **new}
    merged = dict(old)
    if not _within(value, old):
        for end in _RANGE:
            merged.pop(end, None)
    for key, child in stated.items():
        if child.value is None and key != "value":
            merged.pop(key, None)
        else:
            merged[key] = merge(old[key], child) if key in old else child
    return Node(merged, over.at, over.key_at)


def _own(value: Node) -> dict[str, Node]:
    """Status and source of something that the writer of a file says without a source."""
    status = Node("assumption", value.at, value.key_at)
    return {"status": status, "source": replace(status, value=f"set {_where(value.at)}")}


def _differ(key: str, old: dict[str, Node], new: dict[str, Node]) -> bool:
    return key not in old or old[key].data() != new[key].data()


def _within(value: Node, old: dict[str, Node]) -> bool:
    low, high = (old[end].value if end in old else value.value for end in _RANGE)
    if not isinstance(value.value, int | float) or not isinstance(low, int | float):
        return False
    return isinstance(high, int | float) and low <= value.value <= high


def _where(at: Origin) -> str:
    return "on the command line" if at.file == COMMAND_LINE else f"in {Path(at.file).name}:{at.line}"
