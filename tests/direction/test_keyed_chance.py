"""Chance is keyed: nobody's luck depends on who else is there, on names, or on what a scenario left alone."""

from dataclasses import replace

import numpy as np
import pytest

from sim import start
from sim.model import CareModel, simulate
from sim.population.rows import Rows
from sim.scenario.resolve import load_scenario
from tests.places import stationary_place

MONTHS = 18


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    return stationary_place(folder, residents_60plus=40_000, beds=900, nursing_beds=500, beds_unlimited=True)


def _one_more(base):
    """The base with one more resident: next serial in the cell of somebody, appended after synthesis."""
    rows = base.rows
    cell = rows.id >> np.uint64(25)
    like = int(np.flatnonzero(rows.sex == 1)[1000])
    same = rows.id[cell == cell[like]]
    more = Rows(
        np.append(rows.id, same.max() + np.uint64(1)),
        *(np.append(column, column[like]) for column in (rows.birth, rows.sex, rows.district)),
    )
    grown = {
        name: np.append(getattr(base, name), getattr(base, name)[like])
        for name in ("rural", "living", "may_be_home")
    }
    return replace(base, rows=more, spouse=np.append(base.spouse, np.int32(-1)), **grown)


def _fates(model):
    for _ in range(MONTHS):
        model.step()
    people = model.residents
    order = np.argsort(people.id)
    names = (
        "id",
        "ability",
        "groups",
        "living",
        "home",
        "bed",
        "waiting",
        "waiting_since_day",
        "left",
        "left_month",
        "birth",
    )
    return {name: np.asarray(getattr(people, name))[order] for name in names}


def test_one_more_resident_changes_nobody_else(place):
    base = start.base_of(place)
    more = _one_more(base)
    without, with_one = (_fates(CareModel(place, 5, 1, base=b)) for b in (base, more))
    assert len(with_one["id"]) == len(without["id"]) + 1
    others = np.isin(with_one["id"], without["id"])
    assert others.sum() == len(without["id"])
    for name, column in without.items():
        np.testing.assert_array_equal(with_one[name][others], column, err_msg=name)
    assert (without["home"] >= 0).sum() > 200, "nothing happened: the test would see nothing"


def test_another_seed_changes_fates(place):
    base = start.base_of(place)
    first, second = (_fates(CareModel(place, seed, 1, base=base)) for seed in (5, 6))
    n = min(len(first["id"]), len(second["id"]))
    assert (first["home"][:n] != second["home"][:n]).sum() > 100


def test_null_change_is_exactly_zero(tmp_path):
    twin = tmp_path / "twin.yaml"
    twin.write_text("extends: yinchuan\nname: twin\nhorizon: {end: 2021-12}\n", encoding="utf-8")
    base = load_scenario("yinchuan", ["horizon.end=2021-12"])
    assert simulate(base, 3, 1).equals(simulate(load_scenario(twin), 3, 1))


@pytest.fixture(scope="module")
def with_and_without():
    """The parts of Yinchuan with and without its plan, to a year after its beds open."""
    names = ("yinchuan", "yinchuan-no-plan")
    return [simulate(load_scenario(name, ["horizon.end=2024-12"]), 3, 1).to_pandas() for name in names]


def test_scenarios_differ_only_from_the_change_on(with_and_without):
    """Without the plan everything is the same until the month in which its beds open."""
    plan, no_plan = with_and_without
    opening = 2023 * 12 + 11
    before = [
        frame[(frame.month < opening) & frame.table.isin(["summary", "waits"])] for frame in (plan, no_plan)
    ]
    np.testing.assert_array_equal(before[0].value.to_numpy(), before[1].value.to_numpy())
    where = "table == 'summary' and metric == 'registered_beds' and region_code == 'total'"
    where += " and bed_kind == 'all'"
    total = [
        frame.query(where).set_index("month").value
        for frame in (plan, no_plan)
    ]  # fmt: skip
    assert (total[0] - total[1]).loc[opening:].tolist() == [700] * 13


def test_people_do_not_depend_on_beds(with_and_without):
    """Deaths, moves and ages are the same with and without the plan; only who lives in homes may differ."""
    plan, no_plan = with_and_without
    for metric in ("residents_60plus", "residents_80plus", "died_60plus", "entered_60", "moved_in"):
        values = [
            frame[(frame.table == "summary") & (frame.metric == metric)].value.to_numpy()
            for frame in (plan, no_plan)
        ]
        np.testing.assert_array_equal(*values, err_msg=metric)
