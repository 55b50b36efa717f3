"""Ability among survivors stays on the curve: by expectation exactly, in the simulation within chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import fractional_matrix_power

from sim import start
from sim.population import ability, lifetable
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.population.step import PeopleStep
from sim.scenario import inputs

SCENARIOS = {"clhls_pooled": 0.073, "official_2021": 0.116, "fourth_survey_2015": 0.183}
"""Share of those aged 60+ with any loss of ability that the sources give."""
HUNDRED = SIXTY + 40 * 12
SEEDS = (1, 2, 3)
BANDS = 6


def tables_of(yinchuan, name: str) -> tuple[ability.AbilityTables, np.ndarray]:
    mortality = lifetable.hazards(inputs.read_mortality(yinchuan.tables.mortality), 1.0)
    curve = ability.prevalence_curve(*inputs.read_prevalence(yinchuan.tables.prevalence, name))
    return ability.solve(mortality, curve, yinchuan.population), curve


@pytest.mark.parametrize("name", SCENARIOS)
def test_prevalence_of_survivors_stays_on_the_curve(yinchuan, name):
    """Monthly matrices, no draws: within 2 percent at each age is asked, rounding is what is left."""
    tables, curve = tables_of(yinchuan, name)
    for period in range(len(tables.death)):
        for sex in range(2):
            persons = curve[sex, SIXTY].copy()
            for cell in range(SIXTY + 1, HUNDRED):
                persons = ability.step_expected(persons, tables, period, sex, cell)
                assert persons / persons.sum() == pytest.approx(curve[sex, cell], rel=1e-9), (
                    period,
                    sex,
                    cell,
                )


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_curve_goes_through_what_is_published(yinchuan, name):
    """The mean of the curve over a five-year group is the published share, up to the shape within."""
    ages, shares = inputs.read_prevalence(yinchuan.tables.prevalence, name)
    _, curve = tables_of(yinchuan, name)
    for group, age in enumerate(ages[:-1]):
        cells = slice((age - 35) * 12, (age + 5 - 35) * 12)
        assert curve[:, cells, 1:].mean(axis=1) == pytest.approx(shares[:, group], rel=0.08)
        middle = (age - 35) * 12 + 30
        assert curve[:, middle, 1:] == pytest.approx(shares[:, group], rel=1e-9)
    assert (curve[:, :SIXTY, 0] == 1).all()
    assert curve.sum(axis=-1) == pytest.approx(1)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_probability_lies_between_0_and_1(yinchuan, name):
    tables, _ = tables_of(yinchuan, name)
    for change in (tables.death, tables.worsen, tables.recover, tables.worsen + tables.recover):
        assert change.min() >= 0
        assert change.max() <= 1
    assert (tables.worsen[..., 3] == 0).all(), "nobody gets worse than severe"
    assert (tables.recover[..., 0] == 0).all(), "nobody gets better than intact"
    assert (tables.worsen[..., : SIXTY + 1, :] == 0).all(), "ability starts at 60"


def test_a_curve_that_no_changes_reproduce_is_refused(yinchuan):
    ages = np.array([60, 65, 70])
    shares = np.array([[[0.001] * 3, [0.3] * 3, [0.001] * 3]] * 2)
    curve = ability.prevalence_curve(ages, shares)
    curve[:, SIXTY + 60] = (0, 0, 0, 1)
    mortality = lifetable.hazards(inputs.read_mortality(yinchuan.tables.mortality), 1.0)
    with pytest.raises(ValueError, match="no monthly changes of ability"):
        ability.solve(mortality, curve, yinchuan.population)


@pytest.mark.parametrize(("name", "share"), SCENARIOS.items())
def test_level_among_those_aged_60_and_over(yinchuan, yinchuan_cells, name, share):
    """On Yinchuan's age structure; it is a little younger or older than the nation, hence 3 percent."""
    _, curve = tables_of(yinchuan, name)
    persons = np.zeros((2, GRID))
    persons[:, : yinchuan_cells.shape[2]] = yinchuan_cells.sum(axis=0)
    counts = (persons[:, SIXTY:, None] * curve[:, SIXTY:]).sum(axis=(0, 1))
    assert counts[1:].sum() / counts.sum() == pytest.approx(share, rel=0.03)


def bands_of(birth: np.ndarray, month_index: int) -> np.ndarray:
    """Five-year band from 60 (0) to 85+ (5) at the end of a month; -1 below 60."""
    age = month_index - birth.astype(np.int64) - 720
    return np.where(age >= 0, np.minimum(age // 60, BANDS - 1), -1)


def scores(yinchuan_base, probability: np.ndarray, month_index: int, people) -> np.ndarray:
    """Standardised difference of the living by sex, band and ability: (2, 6, 4).

    Args:
        yinchuan_base: the start population.
        probability: (rows,) of being alive.
        month_index: at the end of this month.
        people: the columns.
    """
    rows = yinchuan_base.rows
    band = bands_of(rows.birth, month_index)
    old = band >= 0
    cell = np.minimum(month_index - rows.birth[old].astype(np.int64) - FIRST_MONTHS, GRID - 1)
    share = probability[old, None] * yinchuan_base.tables.prevalence[rows.sex[old], cell]
    place = rows.sex[old].astype(np.int64) * BANDS + band[old]
    z = np.zeros((2 * BANDS, 4))
    alive = people.left[: len(rows.id)][old] == 0
    state = people.ability[: len(rows.id)][old]
    for a in range(4):
        mean = np.bincount(place, share[:, a], 2 * BANDS)
        variance = np.bincount(place, share[:, a] * (1 - share[:, a]), 2 * BANDS)
        z[:, a] = (np.bincount(place, alive & (state == a), 2 * BANDS) - mean) / np.sqrt(variance)
    return z.reshape(2, BANDS, 4)


@pytest.fixture(scope="module")
def simulated(yinchuan, yinchuan_base):
    """Scores at the start and after 24 months, by seed: (seeds, 2 times, 2, 6, 4)."""
    base, first = yinchuan_base, yinchuan.horizon.first
    found = []
    for seed in SEEDS:
        people, _ = start.draw_people(base, yinchuan, seed)
        at_start = scores(base, np.ones(len(base.rows.id)), first.index - 1, people)
        step = PeopleStep(base, yinchuan, seed, np.zeros((GRID, 4, 4)), people)
        total = np.zeros(len(base.rows.id))
        for count in range(24):
            month = first.plus(count)
            step.settle(month, people, step.draw(month, people))
            cell = np.minimum(month.index - base.rows.birth.astype(np.int64) - FIRST_MONTHS, GRID - 1)
            period = lifetable.period_of(base.source, month.year)
            total += base.mortality[period, base.rows.sex, cell] / 12
        found.append((at_start, scores(base, np.exp(-total), first.index + 23, people)))
    return np.array(found)


@pytest.mark.parametrize("time", [0, 1])
def test_counts_of_the_simulation(simulated, time):
    z = simulated[:, time]
    assert np.abs(z).max() < 4, z.round(1)
    assert np.abs(z.sum(axis=0) / np.sqrt(len(SEEDS))).max() < 4, "a bias common to the seeds"
    assert 0.5 < (z**2).mean() < 1.6, "differences must scatter as chance does"


def test_those_who_turn_60(yinchuan, yinchuan_base):
    """In the month in which 60 years are completed everybody, and nobody else, gets a first ability."""
    base, first = yinchuan_base, yinchuan.horizon.first
    people, _ = start.draw_people(base, yinchuan, 1)
    step = PeopleStep(base, yinchuan, 1, np.zeros((GRID, 4, 4)), people)
    drawn = np.zeros(4)
    expected = np.zeros(4)
    for count in range(12):
        month = first.plus(count)
        here = people.left == 0
        turning = np.flatnonzero(here & (people.birth.astype(np.int64) + 720 == month.index))
        young = here & (people.birth.astype(np.int64) + 720 > month.index)
        happened = step.draw(month, people)
        assert (happened.turned_60 == turning).all()
        assert (people.ability[young] == 0).all()
        assert not np.isin(happened.changed, turning).any()
        drawn += np.bincount(people.ability[turning], minlength=4)
        expected += base.tables.prevalence[people.sex[turning], SIXTY].sum(axis=0)
        step.settle(month, people, happened)
    assert (np.abs(drawn - expected) < 4 * np.sqrt(expected)).all(), (drawn, expected)


def test_v13_a_cohort_in_a_matrix_that_has_a_monthly_root():
    """Validation case V13: this matrix, unlike those of China, has a monthly root; draws with it fit."""
    annual = np.array(
        [[0.90, 0.05, 0.01, 0.04], [0.10, 0.72, 0.09, 0.09], [0.01, 0.06, 0.70, 0.23], [0, 0, 0, 1.0]]
    )
    at_start = np.array([80_000, 15_000, 5_000, 0])
    printed = {
        1: (73_550, 15_100, 5_650, 5_700),
        5: (53_466.9, 13_290.8, 6_243.8, 26_998.6),
        10: (36_634.5, 9_898.3, 5_125.5, 48_341.7),
    }
    monthly = np.real(fractional_matrix_power(annual, 1 / 12))
    assert monthly.min() > -1e-12, "the root must be a matrix of probabilities"
    monthly = np.clip(monthly, 0, 1)
    cumulated = np.cumsum(monthly, axis=1)[:, :3]
    state = np.repeat(np.arange(4), at_start)
    draws = np.random.default_rng(13)
    for month in range(1, 121):
        state = (draws.random(len(state))[:, None] >= cumulated[state]).sum(axis=1)
        if month % 12 == 0 and month // 12 in printed:
            expected = np.array(printed[month // 12])
            assert at_start @ np.linalg.matrix_power(monthly, month) == pytest.approx(expected, abs=0.06)
            share = at_start[:, None] / 1e5 * np.linalg.matrix_power(monthly, month)
            deviation = np.sqrt(1e5 * (share * (1 - share)).sum(axis=0))
            assert (np.abs(np.bincount(state, minlength=4) - expected) < 4 * deviation).all()
