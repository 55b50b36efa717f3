"""Beds that public homes hold back for tier 1: none by default; else tier 1 waits less, fewer others come."""

import numpy as np
import pytest

from sim import store
from sim.codes import Ownership
from sim.model import CareModel, simulate
from sim.policy import priority
from sim.policy.book import PolicyBook
from sim.scenario.resolve import load_scenario

SETTING = "waiting_list.held_for_tier_1={{value: {value}, unit: {unit}, status: assumption, source: test}}"
HELD = {"share": SETTING.format(value=0.05, unit="share"), "beds": SETTING.format(value=2, unit="beds")}
RUNS = (1, 2)
END = "horizon.end=2025-06"
SOON = "horizon.end=2023-12"
"""Three months after the notice: beds are held from it on."""


def days_waited(settings):
    """Days waited of those admitted from the second month of the plan on: by tier 1 or another.

    Of tier 1 without those who waited before the plan: how long they did says nothing of beds held in it.
    """
    scenario, days = load_scenario("yinchuan", [END, *settings]), {True: [], False: []}
    for run in RUNS:
        part = simulate(scenario, 1, run).to_pandas()
        since = PolicyBook.load(scenario.policy).notice.index + 1
        rows = part[(part.table == "waits") & (part.metric == "admitted") & (part.month >= since)]
        rows = rows[(rows.tier != "1") | (rows.value < 30 * (rows.month - since + 1))]
        for first in days:
            days[first] += rows[(rows.tier == "1") == first]["value"].tolist()
    return {first: np.array(values) for first, values in days.items()}


@pytest.fixture(scope="module")
def without():
    return days_waited([])


@pytest.mark.parametrize("unit", HELD)
def test_tier_1_waits_less_and_fewer_of_the_others_come_in(without, unit):
    """Of the others those who waited longest no longer come in: their mean wait says nothing."""
    held = days_waited([HELD[unit]])
    assert np.median(held[True]) < 0.7 * np.median(without[True])
    assert len(held[True]) >= 0.9 * len(without[True])
    assert len(held[False]) < 0.95 * len(without[False])


def test_only_homes_where_the_tiers_apply_hold_beds_and_only_from_the_notice_on():
    model = CareModel(load_scenario("yinchuan", [SOON, HELD["beds"]]), 2, 1)
    homes = model.desk.waitlist._homes
    while model.month < model.book.notice:
        model.step()
    assert not any(any(home.held) for home in homes.values())
    model.step()
    ranked = priority.ranked_homes(model.estate.ownership.astype(np.uint8), model.book)
    assert [home.held == [2, 2] for home in homes.values()] == ranked.tolist()
    assert (model.estate.ownership[~ranked] == Ownership.PRIVATE).all()
    model.desk.waitlist.audit()


def test_holding_no_bed_is_the_default_to_the_byte(tmp_path):
    for name, settings in (("default", []), ("none", [SETTING.format(value=0, unit="beds")])):
        part = simulate(load_scenario("yinchuan", [SOON, *settings]), 3, 1)
        store.write_part(part, tmp_path / name)
    assert (tmp_path / "default").read_bytes() == (tmp_path / "none").read_bytes()
