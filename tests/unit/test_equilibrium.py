"""The share in homes where inflow and outflow balance, for a made-up and for Yinchuan's hazards."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.population.ability import STATES, AbilityTables
from sim.population.base import joint_homes, unable_mask
from sim.population.equilibrium import home_share
from sim.population.lifetable import GRID, SIXTY
from sim.start import admission_hazard

NINETY = SIXTY + 30 * 12


def still_tables(death: float = 0.01) -> AbilityTables:
    """Nobody changes ability; the same death for all."""
    prevalence = np.zeros((2, GRID, STATES))
    prevalence[:, :SIXTY, 0] = 1
    prevalence[:, SIXTY:] = (0.7, 0.1, 0.1, 0.1)
    none = np.zeros((1, 2, GRID, STATES))
    return AbilityTables(prevalence, np.full_like(none, death), none, none)


def test_the_balance_holds_month_by_month(yinchuan, yinchuan_base):
    """Homes of a stationary cohort: those of an age are those a month younger, moved on one month."""
    tables = yinchuan_base.tables
    admission, leaving = admission_hazard(yinchuan), yinchuan.leaving.per_year.value
    share = home_share(tables, admission, leaving)
    enter, leave = 1 - np.exp(-admission / 12), 1 - np.exp(-leaving / 12)
    for sex in range(2):
        for cell in (SIXTY + 1, SIXTY + 60, SIXTY + 240, NINETY):
            change = np.zeros((STATES, STATES))  # a month of the living, as a matrix
            for a in range(STATES):
                lives = 1 - tables.death[0, sex, cell, a]
                worse, better = tables.worsen[0, sex, cell, a], tables.recover[0, sex, cell, a]
                change[a, a] = lives * (1 - worse - better)
                if a < 3:
                    change[a, a + 1] = lives * worse
                if a > 0:
                    change[a, a - 1] = lives * better
            persons = tables.prevalence[sex, cell - 1]
            inside = (persons * share[sex, cell - 1]) @ change
            outside = (persons * (1 - share[sex, cell - 1])) @ change
            after = inside * (1 - leave) + outside * enter[cell]
            assert after / (inside + outside) == pytest.approx(share[sex, cell], rel=1e-9)


def test_closed_form_where_nothing_but_homes_happens():
    """Two flows between two places: share = e / (e + l) (1 - (1 - e - l)^months)."""
    share = home_share(still_tables(), np.full((GRID, STATES), 0.06), 0.1)
    enter, leave = 1 - np.exp(-0.06 / 12), 1 - np.exp(-0.1 / 12)
    months = np.arange(GRID - SIXTY)
    expected = enter / (enter + leave) * (1 - (1 - enter - leave) ** months)
    for sex in range(2):
        for a in range(STATES):
            assert share[sex, SIXTY:, a] == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_nobody_is_in_a_home_at_60_or_before(yinchuan, yinchuan_base):
    share = home_share(yinchuan_base.tables, admission_hazard(yinchuan), 0.1)
    assert (share[:, : SIXTY + 1] == 0).all()
    assert (share[:, SIXTY + 1 :] > 0).all()


def test_without_admissions_homes_are_empty(yinchuan_base):
    assert (home_share(yinchuan_base.tables, np.zeros((GRID, STATES)), 0.1) == 0).all()


def test_more_admission_more_in_homes(yinchuan, yinchuan_base):
    admission = admission_hazard(yinchuan)
    low, high = (home_share(yinchuan_base.tables, factor * admission, 0.1) for factor in (1.0, 1.5))
    assert (high[:, SIXTY + 1 :] > low[:, SIXTY + 1 :]).all()


def test_more_leaving_fewer_in_homes(yinchuan, yinchuan_base):
    admission = admission_hazard(yinchuan)
    shares = [home_share(yinchuan_base.tables, admission, leaving) for leaving in (0.0, 0.05, 0.2)]
    for stays, leaves in pairwise(shares):
        assert (leaves[:, SIXTY + 2 :] < stays[:, SIXTY + 2 :]).all()


def test_shares_are_shares(yinchuan_base):
    share = home_share(yinchuan_base.tables, np.full((GRID, STATES), 50.0), 0.1)
    assert share.min() >= 0
    assert share.max() <= 1


def test_homes_destitution_and_ability_together_give_the_inputs(yinchuan, yinchuan_base):
    """Bayes' rule forth and back: summed over homes and destitution, ability has the prevalence again."""
    tables, groups = yinchuan_base.tables, yinchuan.groups
    share = home_share(tables, admission_hazard(yinchuan), 0.1)
    joint = joint_homes(tables.prevalence, share, groups)
    cumulated = np.concatenate([joint.ability, np.ones((*joint.ability.shape[:-1], 1))], axis=-1)
    by_ability = np.diff(cumulated, axis=-1, prepend=0)
    home = np.stack([1 - joint.in_home, joint.in_home])
    poor = np.stack([1 - joint.destitute, joint.destitute], axis=1)
    whole = home[:, None, ..., None] * poor[..., None] * by_ability  # (home, destitute, sex, cell, ability)
    whole = whole[:, :, :, SIXTY + 1 : SIXTY + 480]
    prevalence, share = (array[:, SIXTY + 1 : SIXTY + 480] for array in (tables.prevalence, share))
    assert whole.sum(axis=(0, 1)) == pytest.approx(prevalence, rel=1e-9)
    assert whole.sum(axis=(0, 4))[1] == pytest.approx(groups.destitute.value, rel=1e-9)
    of_the_poor = whole[1, 1] / whole[:, 1].sum(axis=0)
    unable = unable_mask(groups)
    assert unable.tolist() == [False, False, True, True]
    assert of_the_poor[..., unable] == pytest.approx(groups.in_homes_unable_at_start.value, rel=1e-9)
    assert of_the_poor[..., ~unable] == pytest.approx(groups.in_homes_able_at_start.value, rel=1e-9)
    of_others = whole[1, 0] / whole[:, 0].sum(axis=0)
    assert of_others == pytest.approx(share, rel=1e-9)
