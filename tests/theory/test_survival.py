"""The start population dies as the input life table says, and the life table is the published one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import Left
from sim.model import CareModel
from sim.months import Month
from sim.population import ability, lifetable
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.population.residents import Residents
from sim.population.step import PeopleStep
from sim.scenario import inputs

SEEDS = (2, 3, 4)
GROUPS = 8
"""50-54 to 80-84, and 85+, at the start."""
NO_APPLICATIONS = np.zeros((GRID, 4, 4))


def published() -> inputs.Mortality:
    """A made-up table with the shape of a real one."""
    ages = np.arange(35, 105, 5)
    rates = np.exp(-6.7 + 0.095 * (ages - 35))
    return inputs.Mortality(np.array([2020, 2025]), ages, np.array([[rates, rates * 0.6]] * 2))


def expected_survival(base, start: Month, months: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sex, five-year group and probability of living through so many months, of each row."""
    people = base.rows
    completed = start.index - 1 - people.birth.astype(np.int64)
    total = np.zeros(len(completed))
    for step in range(months):
        hazards = base.mortality[0 if start.plus(step).year < 2025 else 1]
        cell = np.minimum(completed + 1 + step - FIRST_MONTHS, GRID - 1)
        total += hazards[people.sex, cell] / 12
    return people.sex, np.minimum((completed // 12 - 50) // 5, GROUPS - 1), np.exp(-total)


def scores(base, start: Month, months: int, alive: np.ndarray) -> np.ndarray:
    """Standardised difference of survivors to expectation, by sex and age group."""
    sex, group, probability = expected_survival(base, start, months)
    cell = sex.astype(np.int64) * GROUPS + group
    mean = np.bincount(cell, probability, 2 * GROUPS)
    variance = np.bincount(cell, probability * (1 - probability), 2 * GROUPS)
    return (np.bincount(cell, alive, 2 * GROUPS) - mean) / np.sqrt(variance)


@pytest.fixture(scope="module")
def whole_model(yinchuan, yinchuan_base):
    """Who of the start population lives after 12 and after 60 months of the whole model."""
    model = CareModel(yinchuan, 1, 0, base=yinchuan_base)
    alive = {}
    for step in range(1, 61):
        model.step()
        if step in (12, 60):
            alive[step] = model.residents.left[: len(yinchuan_base.rows.id)] == 0
    return alive


@pytest.fixture(scope="module")
def people_alone(yinchuan, yinchuan_base):
    """The same without homes: only demography and ability, several seeds."""
    alive = {}
    rows = yinchuan_base.rows
    for seed in SEEDS:
        people = drawn_at_start(yinchuan_base, yinchuan.horizon.first, seed)
        step = PeopleStep(yinchuan_base, yinchuan, seed, NO_APPLICATIONS, people)
        for count in range(1, 61):
            month = yinchuan.horizon.first.plus(count - 1)
            step.settle(month, people, step.draw(month, people))
            if count in (12, 60):
                alive[seed, count] = people.left[: len(rows.id)] == 0
    return alive


def drawn_at_start(base, start: Month, seed: int) -> Residents:
    """Residents whose ability follows the curve, drawn here and not by the model."""
    rows = base.rows
    people = Residents(len(rows.id))
    people.id[:], people.birth[:], people.sex[:], people.district[:] = (
        rows.id,
        rows.birth,
        rows.sex,
        rows.district,
    )
    cell = np.clip(start.index - 1 - rows.birth.astype(np.int64) - FIRST_MONTHS, 0, GRID - 1)
    cumulated = np.cumsum(base.tables.prevalence[rows.sex, cell], axis=1)[:, :3]
    people.ability[:] = (np.random.default_rng(seed).random(len(cell))[:, None] >= cumulated).sum(axis=1)
    return people


@pytest.mark.parametrize("months", [12, 60])
def test_survivors_of_the_whole_model(yinchuan, yinchuan_base, whole_model, months):
    z = scores(yinchuan_base, yinchuan.horizon.first, months, whole_model[months])
    assert np.abs(z).max() < 4, z.round(1)


@pytest.mark.parametrize("months", [12, 60])
def test_survivors_over_seeds(yinchuan, yinchuan_base, people_alone, months):
    z = np.array(
        [scores(yinchuan_base, yinchuan.horizon.first, months, people_alone[s, months]) for s in SEEDS]
    )
    assert np.abs(z).max() < 4, z.round(1)
    assert np.abs(z.sum(axis=0) / np.sqrt(len(SEEDS))).max() < 4, "a bias common to the seeds"
    assert 0.4 < (z**2).mean() < 1.9, "differences must scatter as chance does"


def test_who_is_gone_died(yinchuan, yinchuan_base):
    model = CareModel(yinchuan, 5, 0, base=yinchuan_base)
    model.step()
    gone = model.residents.left != 0
    assert (model.residents.left[gone] == Left.DIED).all(), "net migration is above zero: nobody moves away"
    assert (model.residents.left_month[gone] == yinchuan.horizon.first.index).all()
    assert (model.residents.left_month[~gone] == -1).all()


@pytest.mark.parametrize("table", ["made up", "Yinchuan's"])
def test_the_grid_gives_the_published_rates(yinchuan, table):
    source = published() if table == "made up" else inputs.read_mortality(yinchuan.tables.mortality)
    grid = lifetable.hazards(source, 1.0)
    bounds = [*((source.age_from - 35) * 12), GRID]
    for period, sex in np.ndindex(grid.shape[:2]):
        hazard = grid[period, sex]
        living = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)[:-1]]) / 12)
        for group, rate in enumerate(source.rates[period, sex]):
            cells = slice(bounds[group], bounds[group + 1])
            mean = (hazard[cells] * living[cells]).sum() / living[cells].sum()
            assert mean == pytest.approx(rate, rel=1e-6), (period, sex, group)


def test_the_level_of_the_oldest_is_a_factor_from_80_on(yinchuan):
    source = inputs.read_mortality(yinchuan.tables.mortality)
    ratio = lifetable.hazards(source, 0.85) / lifetable.hazards(source, 1.0)
    eighty = (80 - 35) * 12
    assert ratio[..., :eighty] == pytest.approx(1)
    assert ratio[..., eighty:] == pytest.approx(0.85)


def test_hazards_weighted_by_the_prevalence_are_the_life_table(yinchuan, yinchuan_base):
    """The bar of the model: frail residents die more, all together as the table says."""
    tables, mortality = yinchuan_base.tables, yinchuan_base.mortality
    population = yinchuan.population
    risks = [1.0, *(getattr(population, f"relative_risk_{a}").value for a in ("mild", "moderate", "severe"))]
    hazards = -np.log1p(-tables.death) * 12
    before = tables.prevalence[:, :-1]
    assert (before * hazards[:, :, 1:]).sum(axis=-1) == pytest.approx(mortality[:, :, 1:], rel=1e-9)
    assert hazards[..., SIXTY + 1 :, :] / hazards[..., SIXTY + 1 :, :1] == pytest.approx(
        np.broadcast_to(risks, hazards[..., SIXTY + 1 :, :].shape), rel=1e-9
    )


def test_a_cohort_by_expectation_survives_as_the_life_table(yinchuan_base):
    """The mixture over abilities loses in a month what the table says, to the second order of the hazard."""
    tables, mortality = yinchuan_base.tables, yinchuan_base.mortality
    for sex in range(2):
        persons = tables.prevalence[sex, SIXTY].copy()
        for cell in range(SIXTY + 1, SIXTY + 45 * 12):
            before = persons.sum()
            persons = ability.step_expected(persons, tables, 0, sex, cell)
            table = mortality[0, sex, cell] / 12
            assert -np.log(persons.sum() / before) == pytest.approx(table, rel=1e-4 + 0.15 * table)


def test_periods_follow_the_year(yinchuan):
    source = inputs.read_mortality(yinchuan.tables.mortality)
    assert [lifetable.period_of(source, year) for year in (2010, 2020, 2024, 2025, 2060)][:4] == [0, 0, 0, 1]
    assert lifetable.period_of(source, 2060) == len(source.period_from) - 1
