"""A YAML file as a tree in which every value knows the file, line and column where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scalars import Scalar

TreePath = tuple[str | int, ...]
"""Keys and list positions from the root to a value."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands: absolute path of the file (or `COMMAND_LINE`), line and column from 1."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the tree: a scalar, a list or a dict of nodes; with its place and its key's place."""

    value: Scalar | list[Node] | dict[str, Node]
    at: Origin
    key_at: Origin

    def data(self) -> Any:
        """The value as plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.data() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.data() for child in self.value]
        return self.value

    def at_path(self, path: TreePath) -> Node:
        """The node at a path; the nearest one above where the path is not there."""
        node = self
        for part in path:
            inside = node.value
            if isinstance(inside, dict) and str(part) in inside:
                node = inside[str(part)]
            elif isinstance(inside, list) and isinstance(part, int) and part < len(inside):
                node = inside[part]
            else:
                break
        return node

    def walk(self, path: TreePath = ()) -> Iterator[tuple[TreePath, Node]]:
        """This node and all below it, each with its path."""
        yield path, self
        if isinstance(self.value, dict):
            for key, child in self.value.items():
                yield from child.walk((*path, key))
        elif isinstance(self.value, list):
            for index, child in enumerate(self.value):
                yield from child.walk((*path, index))


def dotted(path: TreePath) -> str:
    """A path as a user reads it: `pipeline[0].beds`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
