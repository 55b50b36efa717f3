"""Turns what pydantic says about a file into located faults in our own words."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.errors import Fault, first_told, nearest
from sim.messages import CATALOGUE
from sim.yamltree import Node, Origin, TreePath, dotted

_CODES = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "not_choice",
    "enum": "not_choice",
    "string_pattern_mismatch": "not_pattern",
    "path_not_file": "no_such_file",
    "file_path": "no_such_file",
    "too_short": "too_few",
    "too_long": "too_many",
    "string_too_short": "too_few",
    "string_too_long": "too_many",
}
_FAMILIES = {
    "int": "not_whole",
    "float": "not_number",
    "finite": "not_finite",
    "decimal": "not_number",
    "string": "not_text",
    "path": "not_text",
    "bool": "not_bool",
    "dict": "not_mapping",
    "mapping": "not_mapping",
    "model": "not_mapping",
    "list": "not_list",
    "tuple": "not_list",
    "greater": "out_of_bounds",
    "less": "out_of_bounds",
}
_SIGNS = {
    "ge": ">= ", "gt": "> ", "le": "<= ", "lt": "< ", "pattern": "", "expected": "",
    "min_length": ">= ", "max_length": "<= ",
}  # fmt: skip
_LONGEST = 60


PLACEHOLDER = "待填"
"""What stands where a value is still to be filled in; unlike null it is never right, at a key neither."""
Model = TypeVar("Model", bound=BaseModel)


def validate(root: Node, model: type[Model]) -> tuple[Model | None, list[Fault]]:
    """The tree as a model, or None; and every fault with its place."""
    unfilled, faults = not_filled(root), wrong_kinds(root, model)
    try:
        valid = model.model_validate(root.data())
    except ValidationError as error:
        return None, first_told(unfilled, faults + from_pydantic(error, root, model))
    return valid, first_told(unfilled, faults)


def not_filled(root: Node) -> list[Fault]:
    """The values and keys that are still to be filled in."""
    faults = []
    for path, node in root.walk():
        if node.value == PLACEHOLDER:
            faults.append(_at(node.at, path, "not_filled"))
        elif path[-1:] == (PLACEHOLDER,):
            faults.append(_at(node.key_at, path, "not_filled"))
    return faults


def from_pydantic(error: ValidationError, root: Node, model: type[BaseModel]) -> list[Fault]:
    """One fault per place of a validation error.

    Args:
        error: what pydantic raised for `root.data()`.
        root: the tree that was validated.
        model: the type that it was validated against.
    """
    faults: dict[tuple[Origin, str], Fault] = {}
    for item in error.errors(include_url=False):
        fault = _fault(dict(item), root, model)
        place = (Origin(fault.file, fault.line, fault.column), fault.key)
        faults.setdefault(place, fault)  # the branches of a union complain about one value: the first speaks
    return list(faults.values())


def wrong_kinds(root: Node, model: type[BaseModel]) -> list[Fault]:
    """Truth values and quoted texts where a number is needed: pydantic would silently convert them."""
    faults = []
    for path, node in root.walk():
        if not isinstance(node.value, bool | str):
            continue
        kinds = set(_kinds(model, path))
        if kinds & {int, float} and type(node.value) not in kinds and not _other_texts(kinds):
            faults.append(_at(node.at, path, "not_number", _found(node.value)))
    return faults


def keys_at(model: type[BaseModel], path: TreePath) -> set[str]:
    """The keys that a model allows at a path; empty where any key is allowed."""
    models = (kind for kind in _kinds(model, path) if isinstance(kind, type) and issubclass(kind, BaseModel))
    return {field.alias or name for kind in models for name, field in kind.model_fields.items()}


def _fault(item: dict[str, Any], root: Node, model: type[BaseModel]) -> Fault:
    kind = str(item["type"])
    context = item.get("ctx", {})
    parts = tuple(item["loc"])
    if "key" in context:
        parts = (*parts, *str(context["key"]).split("."))
    path, node, rest = _follow(root, parts)
    if kind == "missing":
        return _at(node.key_at, (*path, *rest[-1:]), "missing_key")
    if kind == "extra_forbidden":
        hint = nearest(str(path[-1]), sorted(keys_at(model, path[:-1])))
        return _at(node.key_at, path, "unknown_key", _found(path[-1]), hint=hint)
    below = isinstance(node.value, dict) and node.at.line != node.key_at.line
    at = node.key_at if below or rest[-1:] == ("[key]",) else node.at
    found = str(context.get("found", _found(item["input"])))
    allowed = str(context.get("allowed", "")) or _allowed(context)
    if kind in CATALOGUE:
        return _at(at, path, kind, found, allowed)
    if kind in ("value_error", "assertion_error"):
        text = str(context.get("error", item["msg"]))
        return _at(at, path, text if text in CATALOGUE else "plain", found if text in CATALOGUE else text)
    code = _CODES.get(kind) or _FAMILIES.get(kind.split("_", maxsplit=1)[0])
    if code is None:
        return (
            _at(at, path, "other", found, allowed)
            if "found" in context
            else _at(at, path, "plain", item["msg"])
        )
    choices = re.findall(r"'([^']+)'", allowed) if code == "not_choice" else []
    return _at(at, path, code, found, allowed, hint=nearest(str(item["input"]), choices))


def _follow(root: Node, parts: Iterable[Any]) -> tuple[TreePath, Node, tuple[Any, ...]]:
    """The longest path of a pydantic location in the tree, its node, and the parts not in the tree."""
    path: TreePath = ()
    rest: tuple[Any, ...] = ()
    node = root
    for part in parts:
        child: Node | None = None
        if isinstance(node.value, dict):
            child = node.value.get(str(part))
        elif isinstance(node.value, list) and str(part).isdecimal() and int(part) < len(node.value):
            part = int(part)  # noqa: PLW2901  (validators name a place as one dotted text)
            child = node.value[part]
        if child is None:
            rest = (*rest, part)  # a missing key, or the name of a union's branch
        else:
            path, node = (*path, part), child
    return path, node, rest


def _at(
    at: Origin, path: TreePath, code: str, found: str = "", allowed: str = "", *, hint: str = ""
) -> Fault:
    return Fault(at.file, at.line, at.column, dotted(path), code, found, allowed, hint)


def _found(value: object) -> str:
    """A value as the user wrote it, shortened."""
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, list):
        return f"[{len(value)}]" if value else "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _allowed(context: Mapping[str, Any]) -> str:
    limits = [sign + str(context[key]) for key, sign in _SIGNS.items() if key in context]
    return ", ".join(limits).replace(" or ", ", ")


def _other_texts(kinds: set[Any]) -> bool:
    """Whether a text may stand here besides a number."""
    return any(isinstance(kind, str) or kind is str for kind in kinds)


@lru_cache(maxsize=8192)
def _kinds(model: type[BaseModel], path: TreePath) -> tuple[Any, ...]:
    """Every type that may stand at a path."""
    if not path:
        return tuple(_flat(model))
    outer = _kinds(model, path[:-1])
    return tuple(flat for kind in outer for below in _below(kind, path[-1]) for flat in _flat(below))


def _flat(kind: Any) -> Iterator[Any]:
    """The branches of a union, without annotations."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _flat(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for branch in get_args(kind):
            yield from _flat(branch)
    else:
        yield kind


def _below(kind: Any, part: str | int) -> Iterator[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                yield field.annotation
        return
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    if arguments:
        yield arguments[-1]
