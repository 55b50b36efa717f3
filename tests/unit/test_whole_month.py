"""Targets of 100 percent count who was eligible from the first day of the month to the last, nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from sim import month_end
from sim.codes import NEVER, Ability, Group, Left
from sim.indicators.people import destitute_unable_in_homes, destitute_willing_in_homes
from sim.model import CareModel
from sim.months import Month
from sim.population.residents import Residents
from tests.places import quantity, stationary_place

MONTH = Month.parse("2023-12")
END = 31.0
EVERYBODY = np.arange(6)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return stationary_place(tmp_path_factory.mktemp("county"), 20_000, 400, 200)


def six():
    """Six willing destitute residents of 80, unable, outside homes, on no list, here since long."""
    people = Residents(6)
    people.birth[:] = MONTH.index - 80 * 12
    people.groups[:] = Group.DESTITUTE | Group.WISH_COLLECTIVE
    people.ability[:] = Ability.SEVERE
    return people


def seen(people, scenario, before=None):
    return month_end.destitute(people, EVERYBODY[: len(people)], scenario, MONTH, END, before)


def test_who_is_here_all_month_counts(scenario):
    found = seen(six(), scenario)
    assert found.all_month.tolist() == [True] * 6
    assert found.unable.tolist() == [True] * 6


def test_who_turned_60_in_the_month_does_not_count_until_the_next(scenario):
    people = six()
    people.birth[:2] = MONTH.index - 60 * 12, MONTH.plus(-1).index - 60 * 12
    assert seen(people, scenario).all_month.tolist() == [False, True, True, True, True, True]


def test_who_is_younger_or_has_left_is_not_looked_at(scenario):
    people = six()
    people.birth[0] = MONTH.plus(1).index - 60 * 12
    people.left[1] = Left.DIED
    assert len(seen(people, scenario).all_month) == 4


def test_who_moved_in_during_the_month_does_not_count(scenario):
    people = six()
    people.rows_at_month_start = 4
    assert seen(people, scenario).all_month.tolist() == [True] * 4 + [False] * 2


def test_who_became_unable_or_able_during_the_month_is_not_unable_all_month(scenario):
    people = six()
    before = people.ability.copy()
    before[0] = Ability.MILD  # worsened
    people.ability[1] = Ability.MILD  # recovered
    before[2] = Ability.MODERATE  # worsened, unable before too
    assert seen(people, scenario, before).unable.tolist() == [False, False, True, True, True, True]


def test_ability_before_is_that_of_the_rows_that_were_there(scenario):
    people = six()
    people.left[0] = Left.MOVED
    before = np.array([0, 0, Ability.SEVERE, Ability.SEVERE], dtype=np.uint8)
    people.rows_at_month_start = 4
    found = seen(people, scenario, before)
    assert found.unable.tolist() == [False, True, True, True, True]
    assert found.all_month.tolist() == [True, True, True, False, False]


def test_days_waiting_run_to_the_end_of_the_month_and_are_none_off_the_list(scenario):
    people = six()
    people.waiting[:2] = True
    people.waiting_since_day[:2] = 1.0, 10.5
    days = seen(people, scenario).days_waiting
    assert days[:2].tolist() == [30.0, 20.5]
    assert np.isnan(days[2:]).all()


def test_one_not_eligible_all_month_moves_no_rate(scenario):
    people = six()
    people.home[:3] = 1
    people.home[3:] = NEVER
    people.birth[5] = MONTH.index - 60 * 12  # turned 60, in no home
    found = seen(people, scenario)
    assert destitute_unable_in_homes(found.unable, found.in_home, found.all_month) == 60
    assert (
        destitute_willing_in_homes(found.willing, found.in_home, found.all_month, found.days_waiting, 30)
        == 60
    )


def test_the_model_compares_with_the_ability_at_the_beginning_of_the_month(tmp_path):
    place = stationary_place(
        tmp_path, 20_000, 400, 200, groups__destitute=quantity(0.3, "share"),
        horizon={"start": "2023-11", "end": "2023-12"},
    )  # fmt: skip
    model = CareModel(place, 1, 1)
    model.step()
    rows = model.desk.poor_rows().copy()
    before = model.residents.ability[rows].copy()
    model.step()
    assert (model._poor_ability == before).all()
    after = model.residents.ability[rows]
    assert ((before < Ability.MODERATE) & (after >= Ability.MODERATE)).any()
    people = model.residents
    now = month_end.destitute(people, rows, place, MONTH, 61.0, before)
    wanted = destitute_unable_in_homes(now.unable, now.in_home, now.all_month)
    recorded = model.part().to_pandas()
    recorded = recorded[recorded.indicator == "destitute_dependent_collective_support_rate"].value
    assert recorded.tolist() == [wanted]
    at_the_end = month_end.destitute(people, rows, place, MONTH, 61.0)
    assert wanted != destitute_unable_in_homes(at_the_end.unable, at_the_end.in_home, at_the_end.all_month)
