"""From a name or a path to a checked scenario: reads, merges, validates, and tells every fault at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import Fault, InputError, first_told
from sim.policy.book import PolicyBook
from sim.scenario.law_joins import join_faults
from sim.scenario.law_keys import parameter_faults
from sim.scenario.library import locate
from sim.scenario.quantity import plainly
from sim.scenario.read import read
from sim.scenario.taken import TooMany, taken_too_many
from sim.scenario.types import Scenario
from sim.scenario.uncertain import uncertain_faults
from sim.scenario.write import fingerprint, resolved_yaml
from sim.typefaults import keys_at, validate
from sim.yamltree import Node, Origin, TreePath, dotted

__all__ = ["Resolved", "fingerprint", "load_scenario", "resolve", "resolved_yaml"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A scenario with where it comes from.

    Attributes:
        scenario: the checked scenario.
        data: the same as plain data, defaults included, paths absolute.
        origins: where the value of each path was written; a path that is not here is a default.
        files: absolute path -> SHA-256 of every file that entered, tables included.
        notices: what was accepted but should be known.
    """

    scenario: Scenario
    data: dict[str, Any]
    origins: dict[TreePath, Origin]
    files: dict[str, str] = field(default_factory=dict)
    notices: tuple[Fault, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the scenario says, without names and places of files."""
        return fingerprint(self.data)


def load_scenario(name_or_path: str | Path, overrides: Iterable[str] = ()) -> Scenario:
    """The checked scenario of a shipped name (`yinchuan`) or a file.

    Args:
        name_or_path: a bare name, or anything with a separator or `.yaml`.
        overrides: texts `a.b.c=value`, applied last.

    Raises:
        InputError: with every fault of all files at once.
    """
    return resolve(name_or_path, overrides).scenario


def resolve(name_or_path: str | Path, overrides: Iterable[str] = ()) -> Resolved:
    """As `load_scenario`, with data, origins and files.

    Raises:
        InputError: with every fault of all files at once.
    """
    reading = read(locate(name_or_path), overrides, lambda path: keys_at(Scenario, path))
    root = reading.root
    if root is None:
        raise InputError(reading.faults, reading.notices)
    scenario, faults = validate(root, Scenario)
    faults = first_told(reading.faults, faults)
    faults = first_told(faults, _below_types(scenario, root, faults))
    unsure: list[Fault] = []
    if scenario is not None and not faults:
        faults, unsure = uncertain_faults(scenario, root)
    notices = (*reading.notices, *unsure)
    if faults or scenario is None:
        raise InputError(faults, notices)
    data = _with_defaults(root.data(), scenario.model_dump(mode="json"))
    origins = {path: node.at for path, node in root.walk()}
    return Resolved(scenario, data, origins, reading.files, notices)


def _below_types(scenario: Scenario | None, root: Node, told: Sequence[Fault]) -> list[Fault]:
    """What is wrong inside the policy file and the tables, and, once all else is good, what does not join.

    Args:
        scenario: None if the tree is none.
        root: the tree.
        told: what is wrong with the scenario itself.
    """
    from sim.scenario.home_list import read_home_list  # noqa: PLC0415  (pandas is slow to import)
    from sim.scenario.table_faults import table_faults  # noqa: PLC0415

    faults: list[Fault] = []
    policy = root.at_path(("policy",)).value
    try:
        book = PolicyBook.load(Path(policy)) if isinstance(policy, str) and Path(policy).is_file() else None
        faults += parameter_faults(book, Path(str(policy))) if book else []
        faults += join_faults(scenario, book, root) if scenario and book and not told else []
    except InputError as error:
        faults += error.faults
    faults += table_faults(root, {fault.key for fault in told})
    if scenario and not faults and not told:
        listed, districts = scenario.homes.listed, [district.id for district in scenario.place.districts]
        faults += _family_faults(scenario, root)
        rows = read_home_list(listed.file, districts, scenario.homes.stock[-1]) if listed else None
        faults += _taken_faults(taken_too_many(scenario, rows), root)
    return faults


def _family_faults(scenario: Scenario, root: Node) -> Iterator[Fault]:
    """Shares of people alone or in couples that the households can't hold, with the tightest district."""
    from sim.scenario.household_counts import too_many  # noqa: PLC0415  (pandas is slow to import)

    tightest = dict(sorted(too_many(scenario), key=lambda one: -one[1][2]))
    for key, (district, share, most) in tightest.items():
        path: TreePath = ("families", key, "value")
        at = root.at_path(path).at
        allowed = f"0 .. {math.floor(1000 * most) / 1000:g} ({district})"
        yield Fault(at.file, at.line, at.column, dotted(path), "no_room", plainly(share), allowed)


def _taken_faults(found: Iterable[TooMany], root: Node) -> Iterator[Fault]:
    """Items of the pipeline that take away more beds than there are."""
    for one in found:
        path: TreePath = ("pipeline", one.index, one.key)
        at = root.at_path(path).at
        yield Fault(at.file, at.line, at.column, dotted(path), "takes_too_many", one.taken, str(one.there))


def _with_defaults(data: Any, dumped: Any) -> Any:
    """The data with the defaults of the types where no file gave a value."""
    if isinstance(data, Mapping) and isinstance(dumped, Mapping):
        missing = {key: value for key, value in dumped.items() if key not in data and _says_something(value)}
        return {key: _with_defaults(value, dumped.get(key)) for key, value in data.items()} | missing
    if isinstance(data, list) and isinstance(dumped, list):
        return [_with_defaults(one, other) for one, other in zip(data, dumped, strict=False)]
    return data


def _says_something(value: object) -> bool:
    return value is not None and value not in ([], {})
