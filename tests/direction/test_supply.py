"""Beds of a plan move what they say and nothing else; nobody is put out where beds close."""

import pytest

from sim.model import CareModel
from sim.scenario.resolve import load_scenario

TEXT = """
extends: yinchuan
name: changed
horizon: {{end: 2021-12}}
pipeline:
  - {{id: item, opens: 2021-06, beds: {beds}, nursing_beds: {nursing}, converted_to_nursing: {converted},
      ownership: {ownership}, status: assumption, source: test}}
"""


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
        (500, 500, 0, "public"),
    ],
)
def test_registered_beds_end_where_the_plan_says(tmp_path, beds, nursing, converted, ownership):
    without = _played(tmp_path, 0, 0, 0, ownership)
    changed = _played(tmp_path, beds, nursing, converted, ownership)
    difference = changed.estate.registered().sum(axis=0) - without.estate.registered().sum(axis=0)
    assert difference.tolist() == [beds - nursing - converted, nursing + converted]
    # a bed in which somebody still lives stays on the books until it is given up
    still = changed.estate.registered_now().sum() - changed.estate.registered().sum()
    assert 0 <= still <= changed.estate.open_now().sum() - changed.estate.opened().sum()
    put_out = [exit_ for exit_ in changed.log.home_exits if exit_.cause.name not in ("DIED", "LIVE", "MOVED")]
    assert not put_out
