"""The inputs of a scenario that are drawn: found by their paths, checked, and put in.

Where in its range each stands in a replication is decided elsewhere (`sim.ensemble.draws`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import ValidationError

from sim.errors import COMMAND_LINE, Fault, choices, nearest
from sim.quantiles import triangular
from sim.scenario.quantity import Frozen, Quantity, plainly
from sim.scenario.types import Scenario
from sim.scenario.uncertain_types import Uncertain
from sim.typefaults import keys_at
from sim.yamltree import Node, TreePath, dotted

_BETWEEN = 0.37
"""A place inside a range at which no whole number stands by chance."""


@dataclass(frozen=True)
class Input:
    """A quantity of a scenario.

    Attributes:
        name: dotted path with the ids of list items.
        path: the same with their positions.
        quantity: the quantity.
        distribution: how it is drawn.
        drawn_with: what keys its place in its range: its name, or the pattern of inputs drawn together.
    """

    name: str
    path: TreePath
    quantity: Quantity
    distribution: Literal["split_triangular", "triangular", "uniform", "fixed"] = "split_triangular"
    drawn_with: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value that can be drawn; an end that is not given is the value."""
        quantity = self.quantity
        return (
            quantity.value if quantity.low is None else quantity.low,
            quantity.value if quantity.high is None else quantity.high,
        )

    @property
    def varies(self) -> bool:
        """Whether its range is more than one value."""
        low, high = self.ends
        return low < high

    def quantile(self, u: float) -> float:
        """The value below which a part `u` of the draws lies."""
        low, high = self.ends
        if self.distribution == "uniform":
            return low + (high - low) * u
        value = self.quantity.value
        if self.distribution == "split_triangular" and low < value < high:
            below = u < 0.5  # noqa: PLR2004 - the median
            return (
                triangular(2 * u, low, value, value) if below else triangular(2 * u - 1, value, value, high)
            )
        return triangular(u, low, value, high)


def quantities(scenario: Scenario) -> dict[str, Input]:
    """Every quantity of a scenario by its name."""
    return {found.name: found for found in _quantities(scenario, (), ())}


def _quantities(part: object, names: tuple[str, ...], path: TreePath) -> Iterator[Input]:
    if isinstance(part, Quantity):
        yield Input(".".join(names), path, part)
    elif isinstance(part, Frozen):
        for name in type(part).model_fields:
            yield from _quantities(getattr(part, name), (*names, name), (*path, name))
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _quantities(value, (*names, str(name)), (*path, str(name)))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            name = getattr(value, "id", None) or str(index)
            yield from _quantities(value, (*names, name), (*path, index))


def drawn(scenario: Scenario) -> tuple[Input, ...]:
    """The inputs that vary between replications, by name; of several entries for one the last says how."""
    return tuple(_chosen(scenario)) if scenario.uncertain else ()


def _chosen(scenario: Scenario) -> Iterator[Input]:
    there = quantities(scenario)
    how = {
        found.name: entry for entry in scenario.uncertain for found in _meant(entry, there) if found.varies
    }
    for name in sorted(name for name, entry in how.items() if entry.distribution != "fixed"):
        entry, found = how[name], there[name]
        key = entry.path if entry.together else name
        yield Input(name, found.path, found.quantity, entry.distribution, key)


def _meant(entry: Uncertain, there: Mapping[str, Input]) -> list[Input]:
    if entry.names_many:
        pattern = "*" if entry.path == "all" else entry.path
        fitting = (found for name, found in there.items() if fnmatchcase(name, pattern))
        return [found for found in fitting if not type(found.quantity).WHOLE]
    return [there[entry.path]] if entry.path in there else []


def with_values(scenario: Scenario, values: Mapping[TreePath, float]) -> Scenario:
    """The scenario with other values of some quantities, checked; dated changes move by the same amount.

    Args:
        scenario: a checked scenario.
        values: path of the quantity, list positions in it -> its value.

    Raises:
        pydantic.ValidationError: if the values do not go together.
    """
    if not values:
        return scenario
    data = scenario.model_dump(mode="json")
    for path, value in values.items():
        at: Any = data
        part: Any = scenario
        for step in path:
            at = at[step]
            part = getattr(part, str(step)) if isinstance(part, Frozen) else part[step]
        kind = type(part)
        moved = value - at["value"]
        at["value"] = value
        at["changes"] = {
            month: min(max(later + moved, kind.LOWEST), kind.HIGHEST)
            for month, later in at["changes"].items()
        }
        at["low"] = at["high"] = None  # what is drawn is known
    return Scenario.model_validate(data)


def uncertain_faults(scenario: Scenario, root: Node) -> tuple[list[Fault], list[Fault]]:
    """What is wrong with the entries of `uncertain`, and what should be known of them.

    Args:
        scenario: the checked scenario.
        root: the tree that it was read from.

    Returns:
        Faults: a path that is not there, a pattern that finds nothing, a path twice, an input without a
        range, or that must be whole or can't take the ends of its range. Notices: inputs of an inherited
        list whose value was given anew without a range; they do not vary.
    """
    faults: list[Fault] = []
    notices: list[Fault] = []
    there, told = quantities(scenario), set()
    for index, entry in enumerate(scenario.uncertain):
        node = root.at_path(("uncertain", index))
        ours = node.at.file in (COMMAND_LINE, root.at.file)
        found = _meant(entry, there)
        if entry.names_many:
            if not any(one.varies for one in found):
                faults.append(_at(node, index, "uncertain_none", entry.path))
        elif not found:
            if ours or not _might_be(entry.path):
                known = choices(entry.path, there), nearest(entry.path, there)
                faults.append(_at(node, index, "no_such_input", entry.path, *known))
        elif entry.path in told and entry.distribution != "fixed":
            faults.append(_at(node, index, "uncertain_twice", entry.path))
        elif not found[0].varies and entry.distribution != "fixed":
            beside = root.at_path((*found[0].path, "value")).at.file == node.at.file
            (faults if ours or beside else notices).append(_at(node, index, "no_range", entry.path))
        told.add(entry.path)
    return (faults or list(_refused(scenario, root))), notices


def _might_be(name: str) -> bool:
    """Whether a scenario can have such an input: one that inherits a list may have removed it."""
    *above, last = name.split(".")
    return last in keys_at(Scenario, tuple(above))


def _refused(scenario: Scenario, root: Node) -> Iterator[Fault]:
    """Inputs that the scenario refuses at the ends of their ranges or between, alone or all together."""
    chosen = drawn(scenario)
    for u in (0.0, _BETWEEN, 1.0):
        if _says(scenario, chosen, u) is None:
            continue
        alone = [(one, why) for one in chosen if (why := _says(scenario, (one,), u)) is not None]
        for one, why in alone:
            node, index = _entry(scenario, root, one)
            yield _at(node, index, "uncertain_refused", f"{one.name} = {plainly(one.quantile(u))}", why)
        if not alone:
            node = root.at_path(("uncertain",))
            yield _at(node, None, "uncertain_together", _says(scenario, chosen, u) or "")
        return


def _says(scenario: Scenario, chosen: Sequence[Input], u: float) -> str | None:
    """Why a scenario refuses some inputs at a place in their ranges; None if it does not."""
    try:
        with_values(scenario, {one.path: one.quantile(u) for one in chosen})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return str(first.get("ctx", {}).get("allowed") or first["msg"])
    return None


def _entry(scenario: Scenario, root: Node, one: Input) -> tuple[Node, int]:
    """The last entry that names an input."""
    there = {one.name: one}
    index = max(at for at, entry in enumerate(scenario.uncertain) if _meant(entry, there))
    return root.at_path(("uncertain", index)), index


def _at(
    node: Node, index: int | None, code: str, found: str = "", allowed: str = "", hint: str = ""
) -> Fault:
    path: TreePath = ("uncertain",) if index is None else ("uncertain", index)
    return Fault(node.at.file, node.at.line, node.at.column, dotted(path), code, found, allowed, hint)
