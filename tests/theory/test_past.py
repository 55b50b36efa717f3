"""Looking back from the start: paths and applications are those of a population that does not change."""

import numpy as np
import pytest

from sim.codes import Group
from sim.population.base import wishing
from sim.population.lifetable import FIRST_MONTHS, SIXTY
from sim.population.past import look_back
from sim.population.past_tables import past_tables
from sim.start import base_of, draw_people, living_hazard
from tests.places import stationary_place

MONTHS = 24


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    scenario = stationary_place(
        tmp_path_factory.mktemp("past"), residents_60plus=60_000, beds=1200, nursing_beds=700
    )
    base = base_of(scenario)
    tables = past_tables(base.tables, 0, living_hazard(scenario) / 12, MONTHS)
    return scenario, base, tables


def _past(place, people):
    scenario, _, tables = place
    start = scenario.horizon.first.index
    return look_back(tables, people, people.pressure, start, MONTHS, wishing(scenario.groups), 5, -2)


def test_survivors_come_from_the_prevalence_of_the_ages_before(place):
    _, base, tables = place
    before = base.tables.prevalence[:, SIXTY:-1] * (1 - base.tables.death[0][:, SIXTY + 1 :])
    before /= before.sum(axis=-1, keepdims=True)
    now = base.tables.prevalence[:, SIXTY + 1 :]
    found = np.einsum("scj,scji->sci", now, tables.back[:, 1:])
    assert found == pytest.approx(before, abs=1e-9)
    assert tables.earlier.sum(axis=-1) == pytest.approx(1.0, abs=1e-5)


def test_as_many_apply_in_each_half_of_the_past_as_the_hazard_of_today_says(place):
    scenario, base, tables = place
    people, _ = draw_people(base, scenario, 5)
    past = _past(place, people)
    cell = scenario.horizon.first.index - people.birth.astype(int) - FIRST_MONTHS - SIXTY
    asks = (cell > 0) & ((people.groups & Group.DESTITUTE) == 0)
    cell = np.minimum(cell[asks], len(tables.hazard) - 1)
    expected = MONTHS / 2 * tables.hazard[cell, people.ability[asks], people.living[asks]].sum()
    months = past.months[(people.groups[past.rows] & Group.DESTITUTE) == 0]
    for late in (months < MONTHS / 2, months >= MONTHS / 2):
        # of a month of death only who dies after applying in it is missing: a hundredth
        assert abs(late.sum() / expected - 1.0) <= 0.02 + 4 / np.sqrt(expected)


def test_nobody_is_left_out_where_nearly_all_have_applied(place):
    """Then there are far more applications than there is room for at first."""
    scenario, base, tables = place
    people, _ = draw_people(base, scenario, 5)
    people.pressure[:] = 200
    past = _past(place, people)
    cell = scenario.horizon.first.index - 1 - people.birth.astype(int) - FIRST_MONTHS - SIXTY
    asks = np.flatnonzero((cell >= 0) & ((people.groups & Group.DESTITUTE) == 0))
    cell = np.minimum(cell[asks], len(tables.hazard) - 1)
    asked = tables.asked[people.sex[asks], cell, people.ability[asks], people.living[asks], MONTHS]
    expected = (1 - np.exp(-200.0 * asked)).sum()
    residents = (past.copies == 0) & ((people.groups[past.rows] & Group.DESTITUTE) == 0)
    found = len(np.unique(past.rows[residents]))
    assert len(past.rows) > len(people) // 4 + 100
    assert found == pytest.approx(expected, abs=5 * np.sqrt(len(asks)) / 2)


def test_whose_past_is_drawn_does_not_hang_on_who_else_is_there(place):
    scenario, base, _ = place
    people, _ = draw_people(base, scenario, 5)
    whole = _past(place, people)
    gone = int(whole.rows[0])
    people.left[gone] = 1
    rest = _past(place, people)
    others = whole.rows != gone
    for name in ("rows", "copies", "numbers", "months", "ability"):
        assert (getattr(whole, name)[others] == getattr(rest, name)).all()
