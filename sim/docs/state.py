"""State variables, records of the list, streams: from the sources."""

from __future__ import annotations

import ast
import re

from sim.docs import source
from sim.docs.markdown import code, codes, table
from sim.streams import Purpose

_ROOMS = ("population", "facilities")


def columns() -> str:
    """The columns of each columnar agent set: a module of people or facilities with a dict `COLUMNS`."""
    parts = []
    for module in source.modules(*_ROOMS):
        found = source.entries(module, "COLUMNS")
        if found:
            rows = ((code(one.name), one.type.removeprefix("np."), one.meaning) for one in found)
            parts.append(f"Of {code(module)}:\n\n" + table(("Column", "Type", "Meaning"), rows))
    return "\n".join(parts)


def fields(module: str, *names: str) -> str:
    """The fields of some classes of a module, each with what the class is."""
    parts = []
    for name in names:
        doc = ast.get_docstring(source.class_of(module, name)) or ""
        rows = ((code(one.name), code(one.type), one.meaning) for one in source.fields(module, name))
        parts.append(f"{code(name)}: {source.summary(doc)}\n\n" + table(("Field", "Type", "Meaning"), rows))
    return "\n".join(parts)


def records(module: str) -> str:
    """The records of a module (its named tuples): what each is, and its fields."""
    rows = []
    for node in source.tree(module).body:
        if isinstance(node, ast.ClassDef) and [ast.unparse(base) for base in node.bases] == ["NamedTuple"]:
            names = codes(one.name for one in source.fields(module, node.name))
            rows.append((code(node.name), names, source.summary(ast.get_docstring(node) or "")))
    return table(("Record", "Fields", "What it says"), rows)


def rules(module: str) -> str:
    """The numbered rules of a module's docstring."""
    doc = ast.get_docstring(source.tree(module)) or ""
    found = re.findall(r"^(\d+\. .+(?:\n {3,}.+)*)", doc, re.MULTILINE)
    return "\n".join(found)


def streams(*modules: str) -> str:
    """Purposes of draws by number, with the modules that draw for them; only what these draw, if named."""
    used: dict[str, list[str]] = {}
    for module in source.modules():
        for name in _drawn_for(module):
            used.setdefault(name, []).append(module)
    said = _said_of_purposes()
    rows = [
        (purpose.value, code(purpose.name), codes(used.get(purpose.name, [])) or "nobody", said[purpose.name])
        for purpose in Purpose
        if not modules or set(used.get(purpose.name, [])) & set(modules)
    ]
    return table(("Number", "Purpose", "Drawn by", "Note"), rows)


def _drawn_for(module: str) -> set[str]:
    """The purposes that a module names."""
    nodes = [node for node in ast.walk(source.tree(module)) if isinstance(node, ast.Attribute)]
    return {node.attr for node in nodes if ast.unparse(node.value) in ("Purpose", "streams.Purpose")}


def _said_of_purposes() -> dict[str, str]:
    """Purpose -> the comment behind its number."""
    said = source.comments("sim.streams")
    body = source.class_of("sim.streams", "Purpose").body
    numbers = [node for node in body if isinstance(node, ast.Assign)]
    return {ast.unparse(node.targets[0]): said.get(node.lineno, "") for node in numbers}
