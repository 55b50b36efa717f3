"""No number of a scenario is without bounds: what no place can have is refused where it stands."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, get_args

import annotated_types
import pytest
from pydantic import BaseModel

from sim.errors import InputError
from sim.model import simulate
from sim.scenario.delivery_types import Distribution
from sim.scenario.plan_types import RegisterValue
from sim.scenario.quantity import Quantity, add_up_to_one
from sim.scenario.resolve import load_scenario, resolve
from sim.scenario.types import Scenario
from tests.county import write_county

CHECKED = {
    "Scenario.payers": "shares that add up to one, see the broken files",
    **dict.fromkeys(
        (f"{lever}.payers" for lever in ("Lever", "OperatingSubsidy", "ResidentSubsidy", "Conversion")),
        "shares that add up to one",
    ),
    "Scenario.schema_version": "one choice",
    "RegisterValue.value": "by its unit, below",
}
"""Numbers that a validator of their own bounds."""


def models(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    if model not in seen:
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            for kind in kinds(field.annotation):
                if isinstance(kind, type) and issubclass(kind, BaseModel):
                    yield from models(kind, seen)


def kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from kinds(part)


ALL = list(models(Scenario, set()))
QUANTITIES = [model for model in ALL if issubclass(model, Quantity)]
DISTRIBUTIONS = [model for model in ALL if issubclass(model, Distribution)]
PLAIN = [
    (model, name)
    for model in ALL
    if not issubclass(model, Quantity | Distribution)
    for name, field in model.model_fields.items()
    if {int, float} & set(kinds(field.annotation)) and bool not in set(kinds(field.annotation))
]


def bounded(found: Any) -> bool:
    """Whether something has a lowest and a highest, itself or in an annotation below it."""
    marks = [*getattr(found, "metadata", ()), *getattr(found, "__metadata__", ())]
    for part in kinds(getattr(found, "annotation", found)):
        marks += getattr(part, "__metadata__", ())
    marks = [inner for mark in marks for inner in getattr(mark, "metadata", [mark])]
    low = any(isinstance(mark, annotated_types.Ge | annotated_types.Gt) for mark in marks)
    return low and any(isinstance(mark, annotated_types.Le | annotated_types.Lt) for mark in marks)


def test_there_is_much_to_look_at():
    assert len(QUANTITIES) > 25
    assert len(PLAIN) > 25


@pytest.mark.parametrize("model", [*QUANTITIES, *DISTRIBUTIONS], ids=lambda model: model.__name__)
def test_each_unit_has_a_lowest_and_a_highest(model):
    assert -math.inf < model.LOWEST < model.HIGHEST < math.inf
    assert model.UNIT


@pytest.mark.parametrize(("model", "name"), PLAIN, ids=lambda one: getattr(one, "__name__", one))
def test_each_bare_number_has_a_lowest_and_a_highest(model, name):
    if f"{model.__name__}.{name}" in CHECKED:
        return
    assert bounded(model.model_fields[name])


@pytest.mark.parametrize("value", [-0.1, 1e300, math.inf, math.nan])
@pytest.mark.parametrize("unit", ["percent", "facilities", "household_price", "whatever"])
def test_a_register_is_bounded_whatever_its_unit(unit, value):
    row = {"month": "2023-12", "unit": unit, "status": "assumption", "source": "test"}
    assert RegisterValue.model_validate({**row, "value": 1}).value == 1
    with pytest.raises(ValueError, match="out of bounds"):
        RegisterValue.model_validate({**row, "value": value})


@pytest.mark.parametrize("shares", [{"a": 1.5, "b": -0.5}, {"a": math.nan}, {"a": math.inf}])
def test_shares_lie_between_nothing_and_all(shares):
    with pytest.raises(ValueError, match="out of bounds"):
        add_up_to_one(shares)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("horizon.end=2030", "command line: horizon.end: 2030 is not a month; write YYYY-MM"),
        ("horizon.end=2030.5", "command line: horizon.end: 2030.5 is not a month; write YYYY-MM"),
        (
            "pipeline[0].opens=2999-01",
            "command line: pipeline[0].opens: '2999-01' is not a month; write YYYY-MM, 1900-01 .. 2199-12",
        ),
    ],
)
def test_a_year_is_no_month(setting, told):
    with pytest.raises(InputError) as caught:
        resolve("yinchuan", [setting])
    assert caught.value.text("en").splitlines() == [told]


def test_one_series_of_a_register_for_each_label():
    label = {"unit": "percent", "status": "assumption", "source": "test"}
    rows = [
        {"month": month, "value": 50, "label": name, **label}
        for name in ("national_system", "county_system")
        for month in ("2023-01", "2024-01")
    ]
    name = "information_system_use_rate"
    assert resolve("shou", [f"registers={json.dumps({name: rows})}"]).scenario.registers
    rows.append({"month": "2024-01-31", "value": 50, **label})  # of both
    with pytest.raises(InputError) as caught:
        resolve("shou", [f"registers={json.dumps({name: rows})}"])
    (fault,) = caught.value.faults
    assert (fault.key, fault.code, fault.found) == (f"registers.{name}[4].month", "month_twice", "2024-01")


def test_a_place_whose_first_home_opens_later_runs(tmp_path):
    words = {"status": "assumption", "source": "test"}
    item = {"id": "a", "opens": "2020-12", "beds": 40, "nursing_beds": 10, "ownership": "private", **words}
    path = write_county(
        tmp_path, homes={"stock": [{"month": "2020-10", "beds": 0, **words}]}, pipeline=[item],
        horizon={"start": "2020-11", "end": "2021-12"},
    )  # fmt: skip
    rows = simulate(load_scenario(path), 1, 0).to_pandas()
    beds = rows[(rows.table == "summary") & (rows.metric == "registered_beds")].groupby("month").value.max()
    assert beds.iloc[-1] == 40
    assert not rows[rows.table == "summary"].value.isna().any()
