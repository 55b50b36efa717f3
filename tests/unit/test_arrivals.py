"""Net migration: how many arrive, how old they are, who they are; where the rate is negative, who leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.codes import Group, Left, Living
from sim.months import Month
from sim.population.arrivals import Arriving, arrivals, expected_arrivals, leaving_probability
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.population.rows import Rows
from sim.population.step import PeopleStep
from sim.start import draw_people

FIRST = Month.of(2020, 11)
NO_APPLICATIONS = np.zeros((GRID, 4, 4))


def rate_of(yinchuan, value: float, **changes: float):
    rate = yinchuan.population.net_migration_per_year
    return rate.model_copy(update={"value": value, "low": None, "high": None, "changes": changes})


def with_rate(yinchuan, value: float):
    population = yinchuan.population.model_copy(update={"net_migration_per_year": rate_of(yinchuan, value)})
    return yinchuan.model_copy(update={"population": population})


def by_month(months: list[Arriving], seed: int) -> list[Rows]:
    found = arrivals(months, seed)
    columns = vars(found.rows)
    return [Rows(**{n: c[found.of(step)] for n, c in columns.items()}) for step in range(len(months))]


@pytest.fixture(scope="module")
def year(yinchuan, yinchuan_base):
    """Expected arrivals of the first twelve months, and those of 60 seeds."""
    rate = yinchuan.population.net_migration_per_year
    months = list(expected_arrivals(yinchuan_base, rate, FIRST, 12))
    return months, [by_month(months, seed) for seed in range(60)]


def test_expected_arrivals_without_deaths(yinchuan, yinchuan_base):
    """The rate on those who are there, month by month; those who arrived count too."""
    base = replace(yinchuan_base, mortality=np.zeros_like(yinchuan_base.mortality))
    months = list(expected_arrivals(base, rate_of(yinchuan, 0.012), FIRST, 3))
    here = base.expected[:, :, 240:300].sum()  # a cohort of 55-59 that ages into 240 + months
    for count, month in enumerate(months, 1):
        found = month.expected[:, :, 240 + count : 300 + count].sum()
        assert found == pytest.approx(here * 0.001 * 1.001 ** (count - 1))


def test_expected_arrivals_follow_deaths(yinchuan, yinchuan_base):
    month = next(expected_arrivals(yinchuan_base, rate_of(yinchuan, 0.012), FIRST, 1))
    for cell in (SIXTY, SIXTY + 200, SIXTY + 400):
        left = yinchuan_base.expected[:, :, cell - 1] * np.exp(-yinchuan_base.mortality[0, :, cell] / 12)
        assert month.expected[:, :, cell] == pytest.approx(left * 0.001)


def test_the_rate_is_dated(yinchuan, yinchuan_base):
    rate = rate_of(yinchuan, 0.0, **{"2021-01": 0.012})
    totals = [month.expected.sum() for month in expected_arrivals(yinchuan_base, rate, FIRST, 3)]
    assert totals[0] == totals[1] == 0
    assert totals[2] > 500


def test_as_many_as_expected(year):
    months, seeds = year
    expected = np.array([month.expected.sum(axis=2).reshape(-1) for month in months])
    found = np.array([
        [np.bincount(rows.district * 2 + rows.sex, minlength=12) for rows in of_seed] for of_seed in seeds
    ])  # fmt: skip
    z = (found - expected) / np.sqrt(expected)
    assert np.abs(z.sum(axis=(0, 1)) / np.sqrt(60 * 12)).max() < 4
    assert np.abs(z).max() < 5.5
    assert (z**2).mean() == pytest.approx(1, abs=4 * np.sqrt(2 / z.size)), "Poisson"


def test_ages_follow_the_expected_population(year):
    months, seeds = year
    month = months[0]
    by_age = month.expected.sum(axis=(0, 1)).reshape(-1, 60).sum(axis=1)  # five years each
    ages = (
        np.concatenate([FIRST.index - of_seed[0].birth.astype(np.int64) for of_seed in seeds]) - FIRST_MONTHS
    )
    found = np.bincount(ages // 60, minlength=len(by_age)).astype(float)
    kept = by_age > 5
    assert found[by_age == 0].sum() == 0
    expected = by_age[kept] / by_age[kept].sum() * found[kept].sum()
    assert stats.chisquare(found[kept], expected).pvalue > 1e-4


def test_identities(year, yinchuan_base):
    _, seeds = year
    ids = np.concatenate([rows.id for rows in seeds[0]])
    assert len(np.unique(ids)) == len(ids)
    assert not np.isin(ids, yinchuan_base.rows.id).any()


def test_a_month_knows_no_other_month(year):
    months, seeds = year
    again = arrivals([Arriving(months[5].month, months[5].expected)], 7)
    assert (again.rows.id == seeds[7][5].id).all()
    assert (again.month == months[5].month.index).all()
    assert len(arrivals([Arriving(FIRST, np.zeros((6, 2, GRID)))], 1).rows.id) == 0


def test_who_they_are(yinchuan, yinchuan_base):
    """Ability after the curve, nobody disabled below 60, groups and arrangements by the inputs' shares."""
    scenario = with_rate(yinchuan, 0.018)
    people, _ = draw_people(yinchuan_base, scenario, 3)
    step = PeopleStep(yinchuan_base, scenario, 3, NO_APPLICATIONS, people)
    rows, month = [], FIRST
    for count in range(24):
        month = FIRST.plus(count)
        at = step.arrive(month, people)
        new = np.arange(at.start, at.stop)
        age = month.index - people.birth[new].astype(np.int64) - FIRST_MONTHS
        rows.append(np.stack([new, np.minimum(age, GRID - 1)]))
    new, cell = np.concatenate(rows, axis=1)
    assert (people.ability[new[cell < SIXTY]] == 0).all()
    old, old_cell = new[cell >= SIXTY], cell[cell >= SIXTY]
    expected = yinchuan_base.tables.prevalence[people.sex[old], old_cell]
    z = (np.bincount(people.ability[old], minlength=4) - expected.sum(axis=0)) / np.sqrt(
        (expected * (1 - expected)).sum(axis=0)
    )
    assert np.abs(z).max() < 4
    n = len(new)
    for group, share in ((Group.DESTITUTE, 0.014), (Group.MINIMUM_ALLOWANCE, 0.053)):
        assert ((people.groups[new] & group) != 0).mean() == pytest.approx(share, abs=4 * np.sqrt(share / n))
    shares = yinchuan_base.living_shares[people.district[new]]
    for living in (Living.ALONE, Living.COUPLE, Living.OTHERS):
        spread = np.sqrt((shares[:, living] * (1 - shares[:, living])).sum())
        assert abs((people.living[new] == living).sum() - shares[:, living].sum()) < 4 * spread
    rural = yinchuan_base.rural_share[people.district[new]]
    assert abs(people.rural[new].sum() - rural.sum()) < 4 * np.sqrt((rural * (1 - rural)).sum())
    assert (people.home[new] == -1).all()
    assert (people.spouse[new] == -1).all()
    assert (people.left[new] == 0).all()


def test_with_arrivals_the_population_is_the_expected_one(yinchuan, yinchuan_base):
    """After 60 months, aged 60+: the census lived forward with the rate, within chance."""
    people, _ = draw_people(yinchuan_base, yinchuan, 4)
    step = PeopleStep(yinchuan_base, yinchuan, 4, NO_APPLICATIONS, people)
    here = yinchuan_base.expected
    for count in range(60):
        month = FIRST.plus(count)
        step.settle(month, people, step.draw(month, people))
        step.arrive(month, people)
    months = list(expected_arrivals(yinchuan_base, yinchuan.population.net_migration_per_year, FIRST, 60))
    monthly = 0.009 / 12
    here = months[-1].expected / monthly * (1 + monthly)
    age = FIRST.index + 59 - people.birth.astype(np.int64) - FIRST_MONTHS
    found = ((people.left == 0) & (age >= SIXTY)).sum()
    expected = here[:, :, SIXTY:].sum()
    started = yinchuan_base.expected[:, :, SIXTY - 60 :].sum()
    assert abs(found - expected) < 4 * np.sqrt(started - expected + 0.09 * started), (found, expected)


def test_a_negative_rate_moves_residents_away(yinchuan, yinchuan_base):
    scenario = with_rate(yinchuan, -0.024)
    assert leaving_probability(scenario.population.net_migration_per_year, FIRST) == pytest.approx(
        0.001998, abs=1e-6
    )
    assert leaving_probability(rate_of(yinchuan, 0.02), FIRST) == 0
    people, _ = draw_people(yinchuan_base, scenario, 3)
    step = PeopleStep(yinchuan_base, scenario, 3, NO_APPLICATIONS, people)
    happened = step.draw(FIRST, people)
    n = len(people)
    assert len(happened.moved) == pytest.approx(n * 0.001998, abs=4 * np.sqrt(n * 0.002) + n * 3e-5)
    assert not np.isin(happened.moved, happened.died).any()
    step.settle(FIRST, people, happened)
    assert (people.left[happened.moved] == Left.MOVED).all()
    assert step.arrive(FIRST, people) == slice(n, n)
