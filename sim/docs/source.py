"""What the sources say of themselves: docstrings, comments, fields, and where a name comes from.

Modules are read as text and named with dots (`sim.desk`); nothing is imported, so no kernel is compiled.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import sim

PACKAGE = Path(sim.__file__).parent
_ENTRY = re.compile(r"(?P<names>\w+(?:, \w+)*): (?P<text>.*)")


class Field(NamedTuple):
    """A field of a class or an entry of a table: name, type as it is written, meaning ("" where none is)."""

    name: str
    type: str
    meaning: str


def file_of(module: str) -> Path:
    """The file of a module; a package's is its `__init__`.

    Raises:
        ValueError: if there is no such module below `sim`.
    """
    path = PACKAGE.joinpath(*module.split(".")[1:])
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    raise ValueError(f"module ({module}) must be one of the package")


@cache
def text_of(module: str) -> str:
    """The text of a module."""
    return file_of(module).read_text(encoding="utf-8")


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(text_of(module))


@cache
def comments(module: str) -> dict[int, str]:
    """Line -> the comment on it, without its sign."""
    tokens = tokenize.generate_tokens(io.StringIO(text_of(module)).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def class_of(module: str, name: str) -> ast.ClassDef:
    """The definition of a class.

    Raises:
        ValueError: if the module has none of that name.
    """
    for node in tree(module).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    raise ValueError(f"class ({name}) must be one of {module}")


def methods(module: str, name: str) -> dict[str, ast.FunctionDef]:
    """The methods of a class by name."""
    return {node.name: node for node in class_of(module, name).body if isinstance(node, ast.FunctionDef)}


def attributes(doc: str) -> dict[str, str]:
    """Name -> text of the section `Attributes:` of a docstring; `a, b: text` is of both."""
    _, _, section = inspect.cleandoc(doc).partition("\nAttributes:\n")
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section.split("\n"):
        if not line.startswith("    "):
            break
        entry = _ENTRY.match(line[4:])
        if entry:
            names = entry["names"].split(", ")
        for name in names:
            found[name] = entry["text"] if entry else f"{found[name]} {line.strip()}"
    return found


def summary(doc: str) -> str:
    """A docstring up to its first section, on one line."""
    text = re.split(r"\n\n\w+:\n", inspect.cleandoc(doc))[0]
    return " ".join(text.split())


def fields(module: str, name: str) -> list[Field]:
    """The fields of a class: those in its body, then what `__init__` sets, private ones left out."""
    node = class_of(module, name)
    said = attributes(ast.get_docstring(node) or "")
    found: dict[str, Field] = {}
    for one, of, line in _assigned(node):
        if not one.startswith("_") and one not in found:
            found[one] = Field(one, of, said.get(one, comments(module).get(line, "")))
    return list(found.values())


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, str, int]]:
    """Name, type and line of what a class and its `__init__` assign."""
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.target.id, ast.unparse(part.annotation), part.lineno
        if not isinstance(part, ast.FunctionDef) or part.name != "__init__":
            continue
        given = {arg.arg: arg.annotation for arg in [*part.args.args, *part.args.kwonlyargs]}
        for line in ast.walk(part):
            if not isinstance(line, ast.Assign | ast.AnnAssign):
                continue
            for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
                if not isinstance(target, ast.Attribute) or ast.unparse(target.value) != "self":
                    continue
                of = line.annotation if isinstance(line, ast.AnnAssign) else None
                if of is None and isinstance(line.value, ast.Name):
                    of = given.get(line.value.id)
                yield target.attr, ast.unparse(of) if of else "", line.lineno


def entries(module: str, name: str) -> list[Field]:
    """Key, value and comment of each entry of a dict at the top of a module; none without such a dict."""
    for node in tree(module).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            if ast.unparse(node.target) != name:
                continue
            pairs = zip(node.value.keys, node.value.values, strict=True)
            said = comments(module)
            return [
                Field(str(ast.literal_eval(key)), ast.unparse(value), said.get(value.lineno, ""))
                for key, value in pairs
                if key is not None
            ]
    return []


def notes(module: str) -> dict[str, str]:
    """Name -> the text that stands below its assignment at the top of a module."""
    body = tree(module).body
    found = {}
    for node, after in pairwise(body):
        if isinstance(node, ast.Assign) and isinstance(after, ast.Expr):
            text = after.value.value if isinstance(after.value, ast.Constant) else None
            if isinstance(text, str):
                found[ast.unparse(node.targets[0])] = " ".join(text.split())
    return found


def modules(*rooms: str) -> list[str]:
    """All modules of the rooms (of the package, if none is named), in order."""
    files = sorted(PACKAGE.rglob("*.py"))
    names = [".".join(("sim", *file.relative_to(PACKAGE).with_suffix("").parts)) for file in files]
    names = [name.removesuffix(".__init__") for name in names]
    wanted = [f"sim.{room}" for room in rooms]
    return [n for n in names if not rooms or any(n == w or n.startswith(f"{w}.") for w in wanted)]
