"""YAML without guessing: every key and value keeps its line and column, and all faults come at once.

Stricter than YAML: no duplicate keys, no anchors, aliases, merge keys or tags, no words that programs read
differently (see `sim.scalars`), no empty values. Keys are text; dates and months stay text.

A document is a tree of `Node`; `Document.data` is the same as plain dicts, lists and scalars, and
`Document.places` says where each path stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.errors import COMMAND_LINE, Fault
from sim.scalars import Finding, Scalar, full_width, plain
from sim.textfile import as_gbk, not_utf8
from sim.yamlsyntax import full_width_before, syntax_faults
from sim.yamltree import Node, Origin, TreePath, dotted

_DEEPEST = 40
_KEPT = 64
"""Files that are kept as read: a chain of a scenario is six, and a scenario is often read more than once."""


@dataclass(slots=True)
class Document:
    """One file as read.

    Attributes:
        file: absolute path, or `COMMAND_LINE`.
        root: the tree; None if the file can't be read as a mapping at all.
        faults: everything that is wrong.
        notices: what was accepted but should be known.
    """

    file: str
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)

    @property
    def data(self) -> Any:
        """Plain dicts, lists and scalars."""
        return self.root.data() if self.root else {}

    @property
    def places(self) -> dict[TreePath, Origin]:
        """Where the value of each path stands."""
        return {path: node.at for path, node in self.root.walk()} if self.root else {}


def read_file(path: Path) -> Document:
    """Read a file: UTF-8 with or without byte order mark, or GBK with a notice.

    Raises nothing: what is wrong with the file is in the document's faults.
    """
    document = Document(str(path))
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        document.faults.append(Fault(document.file, code="no_such_file", found=path.name))
        return document
    except OSError as error:
        document.faults.append(Fault(document.file, code="not_readable", found=error.strerror or ""))
        return document
    at = not_utf8(raw)
    text = raw.decode("utf-8-sig") if at is None else as_gbk(raw)
    if text is None:
        document.faults.append(Fault(document.file, *(at or (0, 0)), code="not_text_file"))
        return document
    if at is not None:
        document.notices.append(Fault(document.file, *at, code="read_as_gbk"))
    return parse(text, document.file, document)


def parse(text: str, file: str, document: Document | None = None) -> Document:
    """Read a text whose top is a mapping.

    Args:
        text: YAML.
        file: path for the places.
        document: a document to fill, if one was begun.
    """
    document = document or Document(file)
    read = _as_read(text, document.file)
    document.root = read.root
    document.faults += read.faults
    document.notices += read.notices
    return document


@lru_cache(maxsize=_KEPT)
def _as_read(text: str, file: str) -> Document:
    """What stands in a text. Kept, for it depends on the text and the name alone: for reading only."""
    document = Document(file)
    tree = _compose(text, document)
    if tree is None:
        return document
    if not isinstance(tree, yaml.MappingNode):
        at = tree.start_mark
        fault = full_width_before(text.splitlines(), at.line, None, document.file)
        found = f"'{tree.value[:40]}'" if isinstance(tree, yaml.ScalarNode) else "[...]"
        top = Fault(document.file, at.line + 1, at.column + 1, "", "not_mapping_at_top", found)
        document.faults.append(fault or top)
        return document
    document.root = _Builder(document, text).node(tree, (), _origin(document, tree.start_mark))
    return document


def parse_value(text: str, key: str) -> Document:
    """Read the value of an option `key=value`: a scalar, `[...]` or `{...}`, from the command line."""
    document = Document(COMMAND_LINE)
    if not text.strip():
        document.faults.append(Fault(COMMAND_LINE, key=key, code="empty_value"))
        return document
    tree = _compose(text, document)
    at = Origin(COMMAND_LINE)
    if tree is not None:
        document.root = _Builder(document, text).node(tree, (key,), at)
    return document


class _Loader(yaml.SafeLoader):
    """Composes, and writes down anchors and aliases."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.refused: list[tuple[Any, str]] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            self.refused.append((event.start_mark, f"*{event.anchor}"))
        elif getattr(event, "anchor", None) is not None:
            self.refused.append((event.start_mark, f"&{event.anchor}"))
        return super().compose_node(parent, index)


def _origin(document: Document, mark: Any) -> Origin:
    if document.file == COMMAND_LINE:
        return Origin(COMMAND_LINE)
    return Origin(document.file, mark.line + 1, mark.column + 1)


def _compose(text: str, document: Document) -> yaml.Node | None:
    """The YAML tree, or None and a fault."""
    lines = text.splitlines()
    try:
        loader = _Loader(text)
        tree = loader.get_single_node()
        for mark, anchor in loader.refused:
            _add(document, mark, "anchor", anchor)
        if loader.refused:
            return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        opened = error.context_mark.line + 1 if error.context_mark else 0
        problem = (error.problem or "", error.context or "", opened)
        document.faults += syntax_faults(lines, line, column, problem, document.file)
        return None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        found = f"U+{ord(text[error.position]):04X}"
        document.faults.append(Fault(document.file, line, column, "", "syntax", found))
        return None
    except RecursionError:
        document.faults.append(Fault(document.file, 1, 1, "", "too_deep"))
        return None
    if tree is None:
        document.faults.append(Fault(document.file, 1, 1, "", "empty_file"))
    return tree


def _add(document: Document, mark: Any, code: str, found: str = "", *, key: str = "") -> None:
    at = _origin(document, mark)
    document.faults.append(Fault(document.file, at.line, at.column, key, code, found))


class _Builder:
    """Turns PyYAML's nodes into ours and writes down what is refused."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.text = text

    def node(self, tree: yaml.Node, path: TreePath, key_at: Origin, *, in_list: bool = False) -> Node:
        """The node of a YAML node."""
        at = _origin(self.document, tree.start_mark)
        if len(path) > _DEEPEST:
            _add(self.document, tree.start_mark, "too_deep", key=dotted(path[:3]))
            return Node(None, at, key_at)
        if isinstance(tree, yaml.MappingNode):
            self._tag(tree, "map", path)
            return Node(self._mapping(tree, path), at, key_at)
        if isinstance(tree, yaml.SequenceNode):
            self._tag(tree, "seq", path)
            flow = bool(tree.flow_style)
            items = [
                self.node(item, (*path, index), _origin(self.document, item.start_mark), in_list=flow)
                for index, item in enumerate(tree.value)
            ]
            return Node(items, at, key_at)
        return Node(self._scalar(tree, path, in_list=in_list), at, key_at)

    def _mapping(self, tree: yaml.MappingNode, path: TreePath) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key_tree, value_tree in tree.value:
            key = self._key(key_tree, path)
            if key is None:
                continue
            key_at = _origin(self.document, key_tree.start_mark)
            if key in found:
                line = str(found[key].key_at.line)
                _add(self.document, key_tree.start_mark, "duplicate_key", line, key=dotted((*path, key)))
                continue
            found[key] = self.node(value_tree, (*path, key), key_at)
        return found

    def _key(self, tree: yaml.Node, path: TreePath) -> str | None:
        if not isinstance(tree, yaml.ScalarNode) or tree.value == "":
            _add(self.document, tree.start_mark, "key_not_text", key=dotted(path))
            return None
        if tree.style is None:
            if tree.value == "<<":
                _add(self.document, tree.start_mark, "anchor", "<<", key=dotted(path))
                return None
            value, finding = plain(tree.value)
            if value is None or isinstance(value, bool):
                _add(self.document, tree.start_mark, "key_not_text", key=dotted(path))
            finding = finding or full_width(tree.value, key=True)
            if finding:
                self._found(tree, finding, (*path, str(tree.value)))
        return str(tree.value)

    def _scalar(self, tree: Any, path: TreePath, *, in_list: bool) -> Scalar:
        text = str(tree.value)
        if tree.style is not None:
            if tree.tag != "tag:yaml.org,2002:str":
                _add(self.document, tree.start_mark, "tag", tree.tag, key=dotted(path))
            return text
        if tree.end_mark.index - tree.start_mark.index == 0 and text == "":
            _add(self.document, tree.start_mark, "empty_value", key=dotted(path))
            return None
        if self.text[tree.start_mark.index] == "!":
            _add(self.document, tree.start_mark, "tag", tree.tag, key=dotted(path))
            return text
        value, finding = plain(text)
        finding = finding or full_width(text, in_list=in_list)
        if finding:
            self._found(tree, finding, path)
        return value

    def _tag(self, tree: yaml.Node, kind: str, path: TreePath) -> None:
        if tree.tag != f"tag:yaml.org,2002:{kind}":
            _add(self.document, tree.start_mark, "tag", tree.tag, key=dotted(path))

    def _found(self, tree: yaml.Node, finding: Finding, path: TreePath) -> None:
        """Write down a finding, at its character where the scalar stands in one line."""
        at = _origin(self.document, tree.start_mark)
        offset = finding.offset if tree.start_mark.line == tree.end_mark.line and at.line else 0
        self.document.faults.append(
            Fault(
                self.document.file, at.line, at.column + offset, dotted(path),
                finding.code, finding.found, finding.allowed,
            )
        )  # fmt: skip
