"""diff_inputs.csv: every value in which two resolved scenarios differ, where it was written, and its clause.

Values of the law are listed too, by clause and measure. Names, sources and notes are no values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.decide.components import Path as KeyPath
from sim.decide.components import component_of
from sim.errors import COMMAND_LINE
from sim.policy.book import PolicyBook
from sim.scenario.library import portable
from sim.scenario.quantity import plainly
from sim.scenario.read import file_hash, is_file_key
from sim.scenario.resolve import Resolved
from sim.strictyaml import read_file
from sim.tables import DIFF_INPUTS_COLUMNS
from sim.yamltree import Origin

_ABOUT = frozenset(
    {"schema_version", "name", "title", "id", "zh", "en", "status", "source", "note", "date", "clauses"}
)
_ABOUT_LAW = _ABOUT - {"date", "clauses"} | {"document", "out_of_scope", "contradictions", "quote", "rule"}
_ABSENT = object()

Where = Callable[[KeyPath], Origin | None]


@dataclass(frozen=True)
class Difference:
    """One value that differs.

    Attributes:
        component: what it belongs to, see `sim.decide.components`; empty for the horizon.
        key: as a user writes it: `pipeline.plan-beds.nursing_beds`.
        base_value, alt_value: as text; empty where there is none.
        unit: unit of the value, or empty.
        clauses: ids of the clauses that it rests on.
        base_origin, alt_origin: `file:line`; empty for a default.
        base_status, alt_status: published, derived, proxy or assumption, where it says so.
    """

    component: str
    key: str
    base_value: str
    alt_value: str
    unit: str
    clauses: tuple[str, ...]
    base_origin: str
    alt_origin: str
    base_status: str
    alt_status: str


def differences(base: Resolved, alt: Resolved) -> list[Difference]:
    """All differences, by component and key; empty for scenarios that differ in names only."""
    books = [PolicyBook.load(side.scenario.policy) for side in (base, alt)]
    found = _walk(_Sides(base.data, alt.data, base.origins.get, alt.origins.get, books[0], books[1]), _ABOUT)
    policies = [Path(side.scenario.policy) for side in (base, alt)]
    if file_hash(str(policies[0])) != file_hash(str(policies[1])):
        found += _of_law(policies, books)
    return sorted(found, key=lambda one: (one.component, one.key))


def table(found: list[Difference], base: str, alt: str) -> pa.Table:
    """diff_inputs.csv of two scenarios by name."""
    columns = {
        "base": [base] * len(found),
        "alt": [alt] * len(found),
        "component": [one.component for one in found],
        "clause_ids": [" ".join(one.clauses) for one in found],
        **{
            name: [getattr(one, name) for one in found]
            for name in DIFF_INPUTS_COLUMNS
            if name not in ("base", "alt", "component", "clause_ids")
        },
    }
    return pa.table({name: pa.array(columns[name], pa.string()) for name in DIFF_INPUTS_COLUMNS})


@dataclass(frozen=True)
class _Sides:
    """Two trees of plain data, and where each value was written."""

    base: Any
    alt: Any
    base_at: Where
    alt_at: Where
    base_book: PolicyBook
    alt_book: PolicyBook
    above: KeyPath = ()


@dataclass(frozen=True)
class _At:
    """A place in both trees: the key as written, the path in each, and what stands around it."""

    key: tuple[str, ...]
    base_path: KeyPath
    alt_path: KeyPath
    base_around: Any
    alt_around: Any
    clauses: tuple[str, ...] = ()

    def below(
        self, name: str, steps: tuple[str | int | None, str | int | None], sides: tuple[Any, Any]
    ) -> _At:
        """The place of a key or an item inside this one."""
        paths = [
            path if step is None else (*path, step)
            for path, step in zip((self.base_path, self.alt_path), steps, strict=True)
        ]
        return _At((*self.key, name), paths[0], paths[1], sides[0], sides[1], self.clauses)


def _walk(sides: _Sides, about: frozenset[str]) -> list[Difference]:
    top = _At((), (), (), sides.base, sides.alt)
    return list(_compared(sides, about, top, sides.base, sides.alt))


def _compared(sides: _Sides, about: frozenset[str], at: _At, one: Any, other: Any) -> Iterator[Difference]:
    """The differences below a place."""
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        one, other = (side if isinstance(side, Mapping) else {} for side in (one, other))
        named = tuple(dict.fromkeys([*_clauses(one), *_clauses(other)])) or at.clauses
        at = _At(at.key, at.base_path, at.alt_path, one, other, named)
        for key in dict.fromkeys([*one, *other]):
            if key not in about:
                inside = at.below(key, (key, key), (one, other))
                yield from _compared(sides, about, inside, one.get(key, _ABSENT), other.get(key, _ABSENT))
        return
    if _holds_mappings(one) or _holds_mappings(other):
        yield from _items(sides, about, at, one, other)
        return
    texts = [_text(value, at.base_path) for value in (one, other)]
    if texts[0] != texts[1] and not _default_alone(sides, at, one, other):
        yield _difference(sides, at, texts[0], texts[1])


def _default_alone(sides: _Sides, at: _At, one: Any, other: Any) -> bool:
    """Whether only one of the two has a value here, and nobody wrote it."""
    written = [where(path) is not None for where, path in _written(sides, at)]
    return (one is _ABSENT and not written[1]) or (other is _ABSENT and not written[0])


def _items(sides: _Sides, about: frozenset[str], at: _At, one: Any, other: Any) -> Iterator[Difference]:
    """The differences of two lists of items, matched by id where they have one, else by position."""
    lists = [side if isinstance(side, list) else [] for side in (one, other)]
    named = [{_name(item, index): index for index, item in enumerate(items)} for items in lists]
    for name in dict.fromkeys([*named[0], *named[1]]):
        steps = (named[0].get(name), named[1].get(name))
        values = [
            items[step] if step is not None else _ABSENT for items, step in zip(lists, steps, strict=True)
        ]
        inside = at.below(name, steps, (values[0], values[1]))
        yield from _compared(sides, about, inside, values[0], values[1])


def _name(item: Any, index: int) -> str:
    return str(item.get("id", index)) if isinstance(item, Mapping) else str(index)


def _holds_mappings(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _clauses(item: Mapping[str, Any]) -> list[str]:
    """Clauses that an item says it rests on."""
    listed = item.get("clauses")
    named = [item["clause"]] if isinstance(item.get("clause"), str) else []
    texts = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return named + texts


def _difference(sides: _Sides, at: _At, base: str, alt: str) -> Difference:
    around = [side if isinstance(side, Mapping) else {} for side in (at.base_around, at.alt_around)]
    unit = next((str(side["unit"]) for side in around if "unit" in side and at.key[-1] != "unit"), "")
    status = [str(side.get("status", "")) for side in around]
    key = at.key[:-1] if at.key[-1] == "value" and len(at.key) > 1 else at.key
    origins = [_shown(_origin(where, path)) for where, path in _written(sides, at)]
    return Difference(
        component_of(sides.above or at.key),
        ".".join((*(str(part) for part in sides.above), *key)),
        base, alt, unit, _of_measure(sides, at),
        origins[0] if base else "", origins[1] if alt else "",
        status[0] if base else "", status[1] if alt else "",
    )  # fmt: skip


def _written(sides: _Sides, at: _At) -> tuple[tuple[Where, KeyPath], tuple[Where, KeyPath]]:
    return (sides.base_at, at.base_path), (sides.alt_at, at.alt_path)


def _origin(where: Where, path: KeyPath) -> Origin | None:
    """Where a value was written, or the nearest thing above it that was."""
    for length in range(len(path), 0, -1):
        if (found := where(path[:length])) is not None:
            return found
    return None


def _shown(at: Origin | None) -> str:
    if at is None:
        return ""
    name = at.file if at.file == COMMAND_LINE else portable(at.file)
    return f"{name}:{at.line}" if at.line else name


def _of_measure(sides: _Sides, at: _At) -> tuple[str, ...]:
    """Clauses of a difference: those that it names, else those of the measure that it is about."""
    if at.clauses:
        return at.clauses
    words = set(at.key)
    books = (sides.base_book, sides.alt_book)
    return tuple(
        dict.fromkeys(m.clause for book in books for name, m in book.measures.items() if name in words)
    )


def _text(value: Any, path: KeyPath) -> str:
    """A value as a user writes it; a file by name and content."""
    if value is _ABSENT or value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plainly(value)
    if isinstance(value, str) and is_file_key(path):
        return f"sha256:{file_hash(value)[:12]}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of_law(policies: list[Path], books: list[PolicyBook]) -> list[Difference]:
    """Differences of two policy files, clause by clause and measure by measure."""
    roots = [read_file(path).root for path in policies]
    data = [root.data() if root else {} for root in roots]
    places = [{path: node.at for path, node in root.walk()} if root else {} for root in roots]
    sides = _Sides(data[0], data[1], places[0].get, places[1].get, books[0], books[1], ("policy",))
    found = []
    for one in _walk(sides, frozenset(_ABOUT_LAW)):
        words = one.key.split(".", 2)
        clauses = one.clauses
        if words[1] == "clauses":  # a clause's own id has points in it
            ids = [str(item["id"]) for side in data for item in side.get("clauses", [])]
            own = [each for each in ids if one.key.startswith(f"policy.clauses.{each}.")]
            clauses = (max(own, key=len),) if own else clauses
        found.append(Difference(**{**vars(one), "clauses": clauses}))
    return found
