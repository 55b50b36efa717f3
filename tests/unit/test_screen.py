"""The first look at everybody spares decisions and changes none; the count of joint states loses nobody."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from sim.codes import NEVER, Ability, Living
from sim.months import Month
from sim.population.census import count
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.population.screen import bounds, screen
from sim.population.step import PeopleStep
from sim.start import draw_people, living_hazard
from sim.streams import draw, key, uniforms

ALL_ALONE = np.zeros(1, np.int64)
"""No runs: every row is looked at and counted by itself."""


@pytest.fixture
def moving(yinchuan):
    """Yinchuan, with residents who move away."""
    rate = yinchuan.population.net_migration_per_year.model_copy(
        update={"value": -0.02, "low": None, "high": None}
    )
    return yinchuan.model_copy(
        update={"population": yinchuan.population.model_copy(update={"net_migration_per_year": rate})}
    )


@pytest.mark.parametrize("year", [2020, 2024])
def test_the_first_look_changes_no_decision(moving, yinchuan_base, year, monkeypatch):
    def spare_nobody(*given):
        rows = given[-1]
        people = len(given[2])
        rows[:people] = np.arange(people)
        return people

    seen = []
    for look, runs in ((screen, None), (screen, ALL_ALONE), (spare_nobody, None)):
        monkeypatch.setattr("sim.population.step.screen", look)
        people, _ = draw_people(yinchuan_base, moving, 5)
        people.append(7)  # who came later is in no run
        for name in ("id", "birth", "sex", "district", "ability"):
            getattr(people, name)[-7:] = getattr(people, name)[100_000:100_007]
        people.id[-7:] += np.uint64(10**6)
        people.runs = people.runs if runs is None else runs
        step = PeopleStep(yinchuan_base, moving, 5, 300 * living_hazard(moving), people)
        happened = step.draw(Month.of(year, 12), people)
        seen.append([*astuple(happened), people.ability.copy()])
    for screened, alone, decided in zip(*seen, strict=True):
        assert len(decided) > 100
        np.testing.assert_array_equal(screened, decided)
        np.testing.assert_array_equal(alone, decided)


def test_bounds_are_exact():
    """A draw is below a probability exactly if its bits are below the bound."""
    drawn = uniforms(key(3, 1, 7), np.arange(50, dtype=np.uint64))
    for u in drawn:
        assert int(bounds(np.array([u]))[0]) == int(u * 2**53)  # u < u is false: its bits are not below
        assert int(bounds(np.array([np.nextafter(u, 1)]))[0]) > int(u * 2**53)
    assert bounds(np.array([0.0, 1.0, 1.5, -1.0])).tolist() == [0, 2**53, 2**53, 0]
    assert draw(key(3, 1, 7), np.uint64(9)) == drawn[9]


def test_the_count_is_that_of_plain_masks(yinchuan, yinchuan_base):
    people, at_home = draw_people(yinchuan_base, yinchuan, 2)
    rng = np.random.default_rng(1)
    month = Month.of(2022, 12)
    people.left[rng.random(len(people)) < 0.1] = 1
    people.home[at_home] = rng.integers(0, 9, at_home.sum())
    people.bed[at_home] = rng.integers(0, 2, at_home.sum())
    people.waiting[rng.random(len(people)) < 0.01] = True
    whole = count(people, month, 6, 9)
    people.runs = ALL_ALONE
    single = count(people, month, 6, 9)
    for one, other in zip(astuple(whole), astuple(single), strict=True):
        np.testing.assert_array_equal(one, other)

    age = month.index - people.birth.astype(int)
    here, old, inside = people.left == 0, age >= FIRST_MONTHS + SIXTY, people.home != NEVER
    assert whole.counted.here == here.sum()
    assert whole.counted.waiting == (here & old & people.waiting).sum()
    assert (
        whole.counted.both == (here & (inside & people.waiting | ~old & (inside | people.waiting))).sum() > 0
    )
    assert whole.counted.ghosts == (~here & (inside | people.waiting)).sum() > 0
    for district in range(6):
        lives = here & old & (people.district == district)
        assert whole.ages[district].tolist() == [
            (lives & (age >= 12 * years)).sum() for years in (60, 65, 80)
        ]
        for ability in Ability:
            for living in Living:
                some = lives & (people.ability == ability) & (people.living == living)
                assert whole.living[district, living, ability].tolist() == [
                    (some & ~inside).sum(), (some & inside).sum(),
                ]  # fmt: skip
            some = (
                lives & (people.sex == 1) & (age >= 12 * 70) & (age < 12 * 75) & (people.ability == ability)
            )
            assert whole.bands[district, 1, 2, ability].sum() == some.sum()
    for home in range(9):
        for bed in range(2):
            assert whole.occupied[home, bed] == (here & (people.home == home) & (people.bed == bed)).sum()


def test_runs_are_of_one_district_sex_and_birth(yinchuan, yinchuan_base):
    people, _ = draw_people(yinchuan_base, yinchuan, 2)
    assert people.runs[0] == 0
    assert people.runs[-1] == len(people)
    first = people.runs[:-1]
    keys = np.stack([people.district[first], people.sex[first], people.birth[first].astype(int)])
    assert len(np.unique(keys, axis=1).T) == len(first) > 12 * (GRID // 4)
    lengths = np.diff(people.runs)
    for column in (people.district, people.sex, people.birth):
        np.testing.assert_array_equal(np.repeat(column[first], lengths), column)
