"""Where a called name comes from, as far as imports and annotations say it."""

from __future__ import annotations

import ast
from functools import cache
from typing import NamedTuple

from sim.docs import source


class Named(NamedTuple):
    """A class or function of a module; `name` is "" for the module itself."""

    module: str
    name: str


@cache
def imported(module: str) -> dict[str, Named]:
    """Name in a module -> what it is: imported from the package, or defined at the top."""
    found: dict[str, Named] = {}
    known = set(source.modules())
    for node in ast.walk(source.tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                of = Named(whole, "") if whole in known else Named(node.module, alias.name)
                found[alias.asname or alias.name] = of
    for top in source.tree(module).body:
        if isinstance(top, ast.ClassDef | ast.FunctionDef):
            found[top.name] = Named(module, top.name)
    return found


def called(func: ast.expr, within: Named) -> Named | None:
    """The class, function or `Class.method` that an expression names inside a class; None if not known."""
    if isinstance(func, ast.Name):
        return imported(within.module).get(func.id)
    if not isinstance(func, ast.Attribute):
        return None
    if isinstance(func.value, ast.Name) and func.value.id != "self":
        owner = imported(within.module).get(func.value.id)
    else:
        owner = type_of(func.value, within)
    if owner is None:
        return None
    return Named(owner.module, f"{owner.name}.{func.attr}" if owner.name else func.attr)


def type_of(value: ast.expr, within: Named) -> Named | None:
    """The class of a value inside a class, as far as it is annotated or made by its class."""
    if isinstance(value, ast.Name):
        return within if value.id == "self" else None
    if isinstance(value, ast.Attribute):
        owner = type_of(value.value, within)
        return _attribute(owner, value.attr) if owner else None
    if isinstance(value, ast.Call):
        made = called(value.func, within)
        return _returned(made) if made else None
    return None


def _attribute(owner: Named, name: str) -> Named | None:
    """The class of an attribute: annotated in the body, or assigned to `self`."""
    for node in ast.walk(source.class_of(*owner)):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in (name, f"self.{name}"):
            return imported(owner.module).get(ast.unparse(node.annotation))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == f"self.{name}":
            return type_of(node.value, owner)
    return None


def _returned(made: Named) -> Named | None:
    """What a class or function makes: an instance of the class, or what the function says that it returns."""
    outer, _, method = made.name.partition(".")
    for node in source.tree(made.module).body:
        if isinstance(node, ast.ClassDef) and node.name == outer:
            if not method:
                return made
            return _annotated(made.module, source.methods(made.module, outer).get(method))
        if isinstance(node, ast.FunctionDef) and node.name == made.name:
            return _annotated(made.module, node)
    return None


def _annotated(module: str, function: ast.FunctionDef | None) -> Named | None:
    if function is None or function.returns is None:
        return None
    return imported(module).get(ast.unparse(function.returns))


def modules_used(function: ast.FunctionDef, within: Named) -> list[str]:
    """The other modules of the package whose functions a method calls, itself or through its class."""
    found: set[str] = set()
    seen: set[str] = set()
    open_functions = [function]
    while open_functions:
        current = open_functions.pop()
        seen.add(current.name)
        for node in ast.walk(current):
            who = called(node.func, within) if isinstance(node, ast.Call) else None
            if who is None:
                continue
            if who.module != within.module:
                found.add(who.module)
                continue
            inner = source.methods(*within).get(who.name.rpartition(".")[2])
            if inner is not None and inner.name not in seen:
                open_functions.append(inner)
    return sorted(found)
