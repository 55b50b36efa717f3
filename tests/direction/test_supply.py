"""Beds of a plan move what they say and nothing else; nobody is put out where beds close."""

import numpy as np
import pytest

from sim.model import CareModel
from sim.scenario.resolve import load_scenario
from sim.scenario.uncertain import with_values
from tests.places import quantity, stationary_place

TEXT = """
extends: yinchuan
name: changed
horizon: {{end: 2024-04}}
pipeline:
  - {{id: item, opens: 2023-10, beds: {beds}, nursing_beds: {nursing}, converted_to_nursing: {converted},
      ownership: {ownership}, status: assumption, source: test}}
"""


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """The same with an item that adds nothing."""
    return _played(tmp_path_factory.mktemp("without"), 0, 0, 0, "private")


def _played(tmp_path, beds, nursing, converted, ownership):
    path = tmp_path / "changed.yaml"
    path.write_text(
        TEXT.format(beds=beds, nursing=nursing, converted=converted, ownership=ownership), encoding="utf-8"
    )
    model = CareModel(load_scenario(path), 2, 1)
    for _ in range(model.calendar.months):
        model.step()
    return model


@pytest.mark.parametrize(
    ("beds", "nursing", "converted", "ownership"),
    [
        (-1500, -900, 0, "private"),
        (-1500, -800, 0, "public"),
        (0, 0, 347, "private"),
        (0, 0, 347, "public_built"),
        (500, 500, 0, "public"),
    ],
)
def test_registered_beds_end_where_the_plan_says(without, tmp_path, beds, nursing, converted, ownership):
    changed = _played(tmp_path, beds, nursing, converted, ownership)
    difference = changed.estate.registered().sum(axis=0) - without.estate.registered().sum(axis=0)
    assert difference.tolist() == [beds - nursing - converted, nursing + converted]
    # a bed in which somebody still lives stays open until it is given up; nobody is put out
    still = changed.estate.open_now() - changed.estate.opened()
    assert (still >= 0).all()
    part = changed.part().to_pandas()
    tested = "table == 'targets' and metric == 'value' and indicator == 'nursing_bed_share'"
    planned = part.query(tested)["value"]
    assert len(planned) == 1
    assert np.allclose(planned, 100 * (5886 + nursing + converted) / (10_388 + beds))


def _item(name, opens, **what):
    item = {"id": name, "opens": opens, "beds": 0, "nursing_beds": 0, "converted_to_nursing": 0}
    return item | {"ownership": "private", "status": "assumption", "source": "test"} | what


@pytest.mark.parametrize(
    ("items", "more"),
    [
        # operators would open every bed, those under works too
        (
            [_item("works", "2023-10", converted_to_nursing=70)],
            {
                "operators": "responsive",
                "homes__operators__fixed_cost_per_open_bed": quantity(100, "yuan_per_month"),
            },
        ),
        # another item takes beds while works go on
        ([_item("works", "2023-10", converted_to_nursing=31), _item("fewer", "2023-07", beds=-40)], {}),
        # works would have to begin on beds that open later
        ([_item("more", "2023-08", beds=200), _item("works", "2023-10", converted_to_nursing=200)], {}),
    ],
    ids=["operators", "closing", "not there yet"],
)
def test_beds_under_works_are_nobody_elses(tmp_path, items, more):
    """The month raises if a home has more open beds than registered ones; registered beds follow the plan."""
    model = CareModel(
        stationary_place(
            tmp_path, 6_000, 300, 120, pipeline=items, horizon={"start": "2022-10", "end": "2023-12"}, **more
        ),
        1, 1,
    )  # fmt: skip
    for _ in range(model.calendar.months):
        model.step()
    beds, converted = (sum(item[key] for item in items) for key in ("beds", "converted_to_nursing"))
    assert model.estate.registered().sum(axis=0).tolist() == [180 + beds - converted, 120 + converted]
    assert (model.estate.in_service() == model.estate.registered()).all(), "no works are left over"
    paid = sum(line.entry.quantity for line in model.ledger.lines if line.entry.measure == "lever_conversion")
    assert paid == converted


@pytest.mark.parametrize("works", [True, False])
def test_a_run_that_has_drawn_fewer_beds_of_an_owner_keeps_the_arithmetic_of_the_plan(tmp_path, works):
    """What private homes lack then is taken from the others; run 0 has what the scenario was checked with."""
    item = _item("works", "2023-10", converted_to_nursing=70)
    scenario = stationary_place(
        tmp_path, 6_000, 300, 120, pipeline=[item], horizon={"start": "2022-10", "end": "2023-12"},
        mechanisms={"conversion_takes_time": works},
    )  # fmt: skip
    drawn = with_values(scenario, {("homes", "generator", "public_bed_share"): 0.8})
    model = CareModel(drawn, 1, 1)
    for _ in range(model.calendar.months):
        model.step()
    assert model.estate.registered().sum(axis=0).tolist() == [110, 190]
