"""The rows of the start population: census counts, identities, and who turns 60 when."""

from __future__ import annotations

import numpy as np
import pytest

from sim.months import Month
from sim.population import rows
from sim.population.lifetable import FIRST_MONTHS, GRID
from sim.scenario.inputs import Census

START = Month.of(2020, 11)


def completed(people: rows.Rows) -> np.ndarray:
    """Completed months of age on 1 November 2020."""
    return START.index - 1 - people.birth.astype(np.int64)


@pytest.fixture(scope="module")
def people(yinchuan_cells):
    return rows.expand(yinchuan_cells, START, 50)


@pytest.fixture(scope="module")
def long_run(yinchuan_cells):
    months = Month.of(2040, 12).minus(START) + 1
    return rows.expand(yinchuan_cells, START, rows.first_age(months))


def test_counts_of_the_census(people, yinchuan_census):
    ages = yinchuan_census.age_from
    group = np.minimum((completed(people) // 12 - ages[0]) // 5, len(ages) - 1)
    counts = np.zeros(yinchuan_census.persons.shape, np.int64)
    np.add.at(counts, (people.district, people.sex, group), 1)
    fifty = int(np.flatnonzero(ages == 50)[0])
    assert (counts[:, :, fifty:] == yinchuan_census.persons[:, :, fifty:]).all()
    assert (completed(people) >= 60 * 12).sum() == 365_778
    assert (completed(people) >= 65 * 12).sum() == 251_960


def test_identities_are_unique_and_ordered(people):
    assert len(np.unique(people.id)) == len(people.id)
    key = np.lexsort((np.arange(len(people.id)), people.birth, people.sex, people.district))
    assert (key == np.arange(len(key))).all(), "by district, sex, month of birth; the oldest first"
    assert (np.diff(people.id.astype(object)) > 0).all()


def test_entrants_by_the_end_of_2021(people):
    """The small cohorts of 1959 to 1961: even splitting would give 40,400."""
    months = Month.of(2021, 12).minus(START) + 1
    turning = (completed(people) < 720) & (completed(people) >= 720 - months)
    assert turning.sum() == pytest.approx(23_900, rel=0.02)


def test_who_turns_60_in_a_month(people):
    """Born in the month m, one completes 60 years in the month m + 720."""
    turning = people.birth.astype(np.int64) + 720 == START.index
    assert (completed(people)[turning] == 719).all()


def test_a_long_run_has_everybody_who_turns_60(long_run, yinchuan_cells):
    months = Month.of(2040, 12).minus(START) + 1
    age = completed(long_run)
    for wait in (1, 120, 180, months):
        cell = 720 - wait - FIRST_MONTHS
        assert (age == 720 - wait).sum() == yinchuan_cells[:, :, cell].sum(), wait
    assert age.min() <= 720 - months
    assert yinchuan_cells[:, :, 720 - months - FIRST_MONTHS].sum() > 0


def test_the_longest_horizon_reaches_the_youngest_of_the_census():
    assert rows.first_age(300) == 35
    assert [rows.first_age(m) for m in (1, 62, 120, 121, 180, 181)] == [50, 50, 50, 45, 45, 40]


def test_identities_do_not_depend_on_the_horizon(people, long_run):
    older = completed(long_run) >= 600
    assert (long_run.id[older] == people.id).all()
    assert (long_run.birth[older] == people.birth).all()


def test_borders_of_age():
    """One person of each completed month of age around the borders lands in the right row."""
    by_month = np.zeros((1, 2, 70 * 12), np.int64)
    for age in (599, 600, 719, 720, 779, 780):
        by_month[0, 1, age - FIRST_MONTHS] = 1
    people = rows.expand(by_month, START, 50)
    assert sorted(completed(people)) == [600, 719, 720, 779, 780]
    assert people.birth.max() == START.index - 1 - 600
    assert set(people.sex) == {1}


def test_cells_add_up_and_follow_the_shape():
    ages = np.arange(35, 90, 5)
    census = Census(ages, np.full((2, 2, len(ages)), 1003))
    shape = np.ones((2, 70))
    shape[0, 10] = 0  # nobody aged 45
    shape[1, 15:20] = (1, 2, 3, 4, 0)
    cells = rows.cells(census, shape)
    assert cells.sum() == census.persons.sum()
    by_year = cells.reshape(2, 2, -1, 12).sum(axis=3)
    assert (by_year[:, 0, 10] == 0).all()
    assert by_year[0, 1, 15:20].tolist() == [100, 201, 301, 401, 0]
    assert (by_year[:, 0, 15:20].sum(axis=1) == 1003).all()
    spread = cells.reshape(2, 2, -1, 12)
    assert (spread.max(axis=3) - spread.min(axis=3) <= 1).all(), "months of a year evenly"


def test_ten_years_older_with_fewer_left():
    """The census of 2010 aged ten years: those of 55 are those of 45 then, less the deaths of ten years."""
    single = np.full((2, 76), 1000.0)
    hazards = np.full((2, GRID), 0.02)
    shape = rows.single_year_shape(single, hazards)
    assert shape[:, 20] == pytest.approx(1000 * np.exp(-0.2))
    assert shape[:, 5] == pytest.approx(1000 * np.exp(-0.1)), "below 35 deaths are left out"
    single[:, 30] = 7  # aged 55 in 2010, 65 in 2020
    assert rows.single_year_shape(single, hazards)[:, 30] == pytest.approx(7 * np.exp(-0.2))


def test_parts_of_an_identity_do_not_mix():
    one = np.array([0, 1])
    ids = {
        int(identity)
        for origin in (0, 1, 1463)
        for district in (0, 255)
        for sex in (0, 1)
        for birth in (0, 24_000)
        for identity in rows.pack(origin, np.full(2, district), np.full(2, sex), np.full(2, birth), one)
    }
    assert len(ids) == 3 * 2 * 2 * 2 * 2


@pytest.mark.parametrize(
    ("origin", "district", "sex", "birth", "serial"),
    [(1 << 14, 0, 0, 0, 0), (0, 256, 0, 0, 0), (0, 0, 2, 0, 0), (0, 0, 0, 1 << 16, 0), (0, 0, 0, 0, 1 << 25),
     (0, 0, 0, -1, 0)],
)  # fmt: skip
def test_a_part_that_does_not_fit_is_refused(origin, district, sex, birth, serial):
    with pytest.raises(ValueError, match=r"must fit|must be below"):
        rows.pack(origin, np.array([district]), np.array([sex]), np.array([birth]), np.array([serial]))
