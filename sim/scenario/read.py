"""Builds one tree from a scenario file, the files it extends, and what was set on the command line.

Nothing here knows what a scenario may hold: that is `types`. Faults are collected, never raised.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sim.errors import COMMAND_LINE, Fault, InputError, nearest
from sim.scenario import library
from sim.scenario.merge import ids, merge, nest
from sim.strictyaml import parse_value, read_file
from sim.yamltree import Node, Origin, TreePath, dotted

_MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?$")

KnownKeys = Callable[[TreePath], set[str]]
"""The keys that the types allow below a path (empty where any key is allowed)."""


@dataclass(slots=True)
class Reading:
    """What was read.

    Attributes:
        root: the merged tree; None if a file of the chain could not be used.
        faults: everything that is wrong so far.
        notices: what was accepted but should be known.
        files: absolute path -> SHA-256 of every file that entered, tables included.
    """

    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def is_file_key(path: TreePath) -> bool:
    """Whether the text at a path names a file: `policy`, any `file`, and whatever stands under `tables`."""
    return path == ("policy",) or path[-1:] == ("file",) or path[-2:-1] == ("tables",)


def file_hash(path: str) -> str:
    """SHA-256 of a file's content, hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def read(path: Path, overrides: Iterable[str] = (), known: KnownKeys = lambda _: set()) -> Reading:
    """Read a scenario file with all it extends, then apply `key.key=value` overrides.

    Args:
        path: the file, absolute.
        overrides: texts `a.b.c=value`.
        known: which keys the types allow at a path, for overrides of keys that stand in no file.
    """
    reading = Reading()
    root = _file(path, (), reading)
    if root is None or not isinstance(root.value, dict):
        return reading
    if "name" not in root.value:
        at = Origin(str(path), 1, 1)
        root = replace(root, value={"name": Node(path.stem, at, at), **root.value})
    taken: dict[TreePath, str] = {}
    for text in overrides:
        root = _override(root, text, known, taken, reading.faults)
    reading.root = _absolute_paths(root, (), reading)
    return reading


def _file(path: Path, chain: tuple[Path, ...], reading: Reading) -> Node | None:
    """The tree of one file over all that it extends; None if any of them can't be used."""
    document = read_file(path)
    reading.faults += document.faults
    reading.notices += document.notices
    root = document.root
    if root is None or not isinstance(root.value, dict):
        return None
    reading.files[str(path)] = file_hash(str(path))
    _duplicate_ids(root, reading.faults)
    own = {key: child for key, child in root.value.items() if key != "extends"}
    merged: Node | None = None
    whole = True
    for item in _extended(root.value.get("extends"), reading.faults):
        base = _base(item, path, (*chain, path), reading)
        if base is None:
            whole = False
        else:
            merged = merge(merged, base) if merged else base
    if not whole:
        return None
    top = replace(root, value=own)
    return merge(merged, top) if merged else top


def _extended(node: Node | None, faults: list[Fault]) -> list[Node]:
    """The items of `extends:`."""
    if node is None:
        return []
    items = node.value if isinstance(node.value, list) else [node]
    texts = [item for item in items if isinstance(item.value, str)]
    wrong = [item for item in items if not isinstance(item.value, str)]
    faults += [_at(item.at, "extends", "extends_form", found=str(item.data())) for item in wrong]
    return texts


def _base(item: Node, path: Path, chain: tuple[Path, ...], reading: Reading) -> Node | None:
    """The tree of an extended file, without its name."""
    try:
        base = library.locate(str(item.value), path.parent)
    except InputError as error:
        place = {"file": item.at.file, "line": item.at.line, "column": item.at.column, "key": "extends"}
        reading.faults += [replace(fault, **place) for fault in error.faults]  # type: ignore[arg-type]
        return None
    if base in chain:
        names = " -> ".join(file.name for file in (*chain[chain.index(base) :], base))
        reading.faults.append(_at(item.at, "extends", "extends_cycle", found=names))
        return None
    root = _file(base, chain, reading)
    if root is None or not isinstance(root.value, dict):
        return None
    return replace(root, value={key: child for key, child in root.value.items() if key != "name"})


def _duplicate_ids(root: Node, faults: list[Fault]) -> None:
    for path, node in root.walk():
        first = ids(node)
        if not first or not isinstance(node.value, list):
            continue
        for index, item in enumerate(node.value):
            name = item.value["id"] if isinstance(item.value, dict) else item
            if first[str(name.value)] != index:
                line = str(node.value[first[str(name.value)]].at.line)
                key = dotted((*path, index, "id"))
                faults.append(_at(name.at, key, "duplicate_id", f"'{name.value}'", line))


def _at(at: Origin, key: str, code: str, found: str = "", allowed: str = "") -> Fault:
    return Fault(at.file, at.line, at.column, key, code, found, allowed)


def _override(
    root: Node, text: str, known: KnownKeys, taken: dict[TreePath, str], faults: list[Fault]
) -> Node:
    """The tree with one `a.b.c=value` applied; `taken` are the values set before, by path."""
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        faults.append(Fault(COMMAND_LINE, code="set_form", found=f"'{text}'"))
        return root
    path = _path(root, key.strip(), known, faults)
    document = parse_value(value, key.strip())
    faults += document.faults
    if path is None or document.root is None:
        return root
    if path in taken:
        faults.append(Fault(COMMAND_LINE, 0, 0, key.strip(), "set_twice", taken[path], value))
        return root
    taken[path] = value
    return merge(root, nest(root, path, document.root))


def _path(root: Node, key: str, known: KnownKeys, faults: list[Fault]) -> TreePath | None:
    """The path that a dotted key means: keys, ids of list items, or list positions; None if there is none."""
    path: TreePath = ()
    node: Node | None = root
    for part in re.sub(r"\[(\w+)\]", r".\1", key).split("."):
        if node is not None and isinstance(node.value, list):
            names = ids(node)
            index = names.get(part, int(part) if part.isdecimal() else len(node.value))
            step: str | int | None = index if index < len(node.value) else None
            siblings = list(names)
        else:
            children = node.value if node is not None and isinstance(node.value, dict) else {}
            siblings = sorted({*children, *known(path)})
            dated = bool(_MONTH.match(part)) and path[-1:] == ("changes",)
            step = part if part in siblings or dated else None
        if step is None:
            hint = nearest(part, siblings)
            allowed = ", ".join(siblings) or "-"
            faults.append(Fault(COMMAND_LINE, 0, 0, key, "no_such_path", f"'{part}'", allowed, hint))
            return None
        path = (*path, step)
        node = _child(node, step)
    return path


def _child(node: Node | None, step: str | int) -> Node | None:
    if node is None:
        return None
    if isinstance(node.value, list) and isinstance(step, int):
        return node.value[step]
    return node.value.get(str(step)) if isinstance(node.value, dict) else None


def _absolute_paths(node: Node, path: TreePath, reading: Reading) -> Node:
    """The tree with every named file as an absolute path: beside its namer, or else in the library."""
    if isinstance(node.value, dict):
        below = {key: _absolute_paths(child, (*path, key), reading) for key, child in node.value.items()}
        return replace(node, value=below)
    if isinstance(node.value, list):
        items = [_absolute_paths(child, (*path, at), reading) for at, child in enumerate(node.value)]
        return replace(node, value=items)
    if not isinstance(node.value, str) or not is_file_key(path):
        return node
    folder = Path.cwd() if node.at.file == COMMAND_LINE else Path(node.at.file).parent
    file = (folder / node.value).resolve()
    if not file.is_file() and (library.root() / node.value).is_file():
        file = (library.root() / node.value).resolve()
    if file.is_file():
        reading.files[str(file)] = file_hash(str(file))
    elif file.is_dir():
        named = library.folder_fault(str(node.value), file)
        reading.faults.append(_at(node.at, dotted(path), named.code, named.found, named.allowed))
    else:
        beside = [other.name for other in file.parent.iterdir()] if file.parent.is_dir() else []
        fault = _at(node.at, dotted(path), "no_such_file", f"'{node.value}'")
        reading.faults.append(replace(fault, hint=nearest(file.name, beside)))
    return replace(node, value=str(file))
