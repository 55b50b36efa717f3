"""Services as rows, and the switches of mechanisms, from the types of the scenario."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.docs.markdown import code, codes, table
from sim.docs.parameters import resolved
from sim.docs.source import attributes
from sim.scenario.quantity import Quantity, plainly
from sim.scenario.service_types import Condition
from sim.scenario.types import Scenario

SECTION = "mechanisms"
"""The section of the scenario that has one switch for each mechanism."""


def services(scenario: str) -> str:
    """The services of a shipped scenario, in the order in which they take hours off."""
    head = (
        "Service", "Capacity a month", "Takes per person", "For whom", "Who comes first",
        "Hours relieved a week", "Lasts", "Cost", "Clauses", "Status",
    )  # fmt: skip
    return table(
        head,
        (
            (
                code(row.id),
                _quantity(row.capacity_per_month, "not known"),
                f"{plainly(row.units_per_person.value)} {row.unit}",
                " or ".join(_whom(condition) for condition in row.entitled),
                ", ".join(row.order),
                _quantity(row.hours_relieved_per_week),
                ("yes, renewed yearly" if row.renewed_yearly else "yes") if row.lasting else "no",
                _quantity(row.cost, "not given"),
                codes(row.clauses),
                row.status,
            )
            for row in resolved(scenario).scenario.services
        ),
    )


def _quantity(quantity: Quantity | None, none: str = "") -> str:
    if quantity is None:
        return none
    low, high = quantity.low, quantity.high
    span = "" if low is None or high is None else f" ({plainly(low)} to {plainly(high)})"
    return f"{plainly(quantity.value)}{span} {quantity.unit}"


def _whom(condition: Condition) -> str:
    """What a condition asks for, in words; whatever it leaves open is not said."""
    words = [f"aged {condition.age_from}+"]
    if condition.ability_from != "intact":
        words.append(f"ability {condition.ability_from} or worse")
    words += [f"living {'/'.join(condition.living_any)}"] if condition.living_any else []
    words += [f"in a group of {'/'.join(condition.groups_any)}"] if condition.groups_any else []
    words += ["in homes too"] if condition.in_home else []
    return ", ".join(words)


def mechanisms(scenario: str, kind: type[BaseModel] = Scenario) -> str:
    """The switches of the section `mechanisms` with what they mean and where they stand in a scenario."""
    field = kind.model_fields.get(SECTION)
    if field is None:
        return "No mechanism has a switch of its own yet."
    data = resolved(scenario).data.get(SECTION, {})
    return table(("Mechanism", "Stands at", "May be", "What it is"), switches(_model(field.annotation), data))


def switches(kind: type[BaseModel], data: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Each field of a section's type: name, value (the default where data has none), options, words."""
    said = attributes(kind.__doc__ or "")
    for name, field in kind.model_fields.items():
        value = data.get(name, field.get_default(call_default_factory=True))
        yield code(f"{SECTION}.{name}"), _word(value), _options(field.annotation), said.get(name, "")


def _model(annotation: Any) -> type[BaseModel]:
    """The type of the section, bare or one of several.

    Raises:
        ValueError: if the section is of no such type.
    """
    for one in (annotation, *typing.get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    raise ValueError(f"section ({SECTION}) must be of a pydantic type, not {annotation}")


def _options(annotation: Any) -> str:
    if annotation is bool:
        return "true, false"
    if typing.get_origin(annotation) is typing.Literal:
        return ", ".join(str(option) for option in typing.get_args(annotation))
    return getattr(annotation, "__name__", str(annotation))


def _word(value: Any) -> str:
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    return str(value).lower() if isinstance(value, bool) else str(value)
