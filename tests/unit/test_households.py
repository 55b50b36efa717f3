"""Households of Yinchuan: the census of households exactly, spouses, and who may live in a home."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import Living, Sex
from sim.population import base as population_base
from sim.population import households, lifetable
from sim.population.rows import Rows
from sim.scenario import inputs
from sim.scenario.resolve import load_scenario
from sim.start import admission_hazard, base_of, draw_people


@pytest.fixture(scope="module")
def census(yinchuan):
    return inputs.read_households(
        yinchuan.tables.households, [district.id for district in yinchuan.place.districts]
    )


@pytest.fixture(scope="module")
def age(yinchuan, yinchuan_base):
    """Completed years of age at the start."""
    return (yinchuan.horizon.first.index - 1 - yinchuan_base.rows.birth.astype(np.int64)) // 12


@pytest.fixture(scope="module")
def built(yinchuan):
    """What `rake_district` was given and gave, by district; and the base that was made from it."""
    calls, original = [], households.rake_district
    patch = pytest.MonkeyPatch()

    def spy(*args):
        calls.append((args, original(*args)))
        return calls[-1][1]

    patch.setattr(households, "rake_district", spy)
    try:
        return calls, population_base.build(yinchuan, admission_hazard(yinchuan))
    finally:
        patch.undo()


@pytest.fixture(scope="module")
def raked(built):
    return built[0]


def test_households_by_persons_aged_65_and_over(raked, census):
    """One, two, three or more: exactly the published counts, in every district."""
    for district, (_, table) in enumerate(raked):
        persons = table.sum(axis=(0, 1, 2))
        assert persons[1:].tolist() == (census.by_65plus[district] * [1, 2, 3]).tolist(), district
        assert (table >= 0).all()


def test_sex_and_age_are_those_of_the_residents(raked):
    for (persons, *_), table in raked:
        assert (table.sum(axis=(2, 3)) == persons).all()


def test_cells_that_can_not_be(raked):
    for _, table in raked:
        assert table[:, 0, :, 1:].sum() == 0, "60-64 are not counted among 65+"
        assert table[:, 1:, :, 0].sum() == 0, "65+ are"
        assert table[:, :, Living.ALONE, 2:].sum() == 0, "who lives alone is one"
        assert table[:, :, Living.COUPLE, 3].sum() == 0, "a couple is two"


def test_couples_of_two_aged_65_and_over_pair(raked):
    for _, table in raked:
        men, women = table[:, :, Living.COUPLE, 2].sum(axis=1)
        assert men == women


def test_shares_alone_and_as_a_couple(raked, yinchuan):
    table = sum(table for _, table in raked)
    shares = table.sum(axis=(0, 1, 3)) / table.sum()
    assert shares[Living.ALONE] == pytest.approx(0.149, abs=0.0005)
    assert shares[Living.COUPLE] == pytest.approx(0.448, abs=0.0005)
    assert yinchuan.families.alone_share.value == 0.149


def test_the_married_live_as_couples_more_often(raked):
    """The seed: older women are widowed, older men are not."""
    table = sum(table for _, table in raked)
    couple = table[:, :, Living.COUPLE].sum(axis=2) / table.sum(axis=(2, 3))
    assert (couple[Sex.MALE, 2:] > couple[Sex.FEMALE, 2:]).all()


def test_the_seed_is_the_share_of_the_married(raked):
    """Fitting keeps the odds ratios of the seed, up to rounding; told by the only ones 65+ of a household."""
    (persons, _, _, _, married), table = raked[0]
    column = table[:, 2:, :, 1].astype(float)  # 70 and older, one person aged 65+ in the household
    odds = column[..., Living.COUPLE] / column[..., Living.ALONE]
    seed = (married / (1 - married))[:, 2:]
    assert odds[0] / odds[1] == pytest.approx(seed[0] / seed[1], rel=0.1)
    assert persons.sum() == table.sum()


def test_columns_follow_the_raked_tables(built, yinchuan):
    raked, base = built
    rows, living = base.rows, base.living
    age = (yinchuan.horizon.first.index - 1 - rows.birth.astype(np.int64)) // 12
    band = np.minimum((age - 60) // 5, 5)
    for district, (_, table) in enumerate(raked):
        here = (rows.district == district) & (age >= 60) & (living != Living.COLLECTIVE)
        counts = np.zeros((2, 6, 3), np.int64)
        np.add.at(counts, (rows.sex[here], band[here], living[here]), 1)
        assert (counts == table.sum(axis=3)).all()


def test_spouses(yinchuan_base, age):
    rows, spouse, living = yinchuan_base.rows, yinchuan_base.spouse, yinchuan_base.living
    married = np.flatnonzero(spouse >= 0)
    other = spouse[married]
    assert (spouse[other] == married).all(), "mutual"
    assert (rows.sex[other] != rows.sex[married]).all()
    assert (rows.district[other] == rows.district[married]).all()
    assert (living[married] == Living.COUPLE).all()
    assert (living[spouse < 0] != Living.COUPLE).all(), "who lives as a couple has a spouse"
    gap = np.abs(age[married] - age[other])
    assert np.median(gap) <= 3
    assert gap.max() <= 40


def test_who_is_younger_changes_nobodys_spouse(yinchuan, yinchuan_base):
    """A run to 2040 has rows below 50; those older are the same in everything."""
    longer = base_of(load_scenario("yinchuan", ["horizon.end=2040-12"]))
    short = yinchuan_base
    position = np.searchsorted(longer.rows.id, short.rows.id)
    assert (longer.rows.id[position] == short.rows.id).all()
    assert (longer.living[position] == short.living).all()
    assert (longer.rural[position] == short.rural).all()
    assert (longer.may_be_home[position] == short.may_be_home).all()
    spouse = np.where(short.spouse >= 0, position[short.spouse], -1)
    assert (longer.spouse[position] == spouse).all()
    below = np.ones(len(longer.rows.id), bool)
    below[position] = False
    assert 0.3 < (longer.spouse[below] >= 0).mean() < 0.9, "those below 50 have spouses too"


def test_residents_outside_family_households(yinchuan_base, census, age):
    """6,957 in Yinchuan: the census leaves no more, and homes hold 65+ from among them only."""
    old = age >= 65
    for district in range(6):
        here = old & (yinchuan_base.rows.district == district)
        outside = (here & (yinchuan_base.living == Living.COLLECTIVE)).sum()
        left = here.sum() - census.by_65plus[district] @ [1, 2, 3]
        assert outside == max(left, 0)
        assert households.collective_65plus(np.array([here.sum()]), census.by_65plus[[district]])[0] == left
    assert (old & (yinchuan_base.living == Living.COLLECTIVE)).sum() == 6957
    assert (yinchuan_base.living[yinchuan_base.may_be_home > 0] == Living.COLLECTIVE).all()
    assert (yinchuan_base.may_be_home[age < 60] == 0).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_residents_of_homes_are_as_many_as_balance_asks(yinchuan, yinchuan_base, age, seed):
    """The drawn ones against the sum of the shares, and never more than the census leaves."""
    _, at_home = draw_people(yinchuan_base, yinchuan, seed)
    people = yinchuan_base.rows
    completed = yinchuan.horizon.first.index - 1 - people.birth.astype(np.int64)
    cell = np.clip(completed - lifetable.FIRST_MONTHS, 0, lifetable.GRID - 1)
    share = np.where(age >= 60, yinchuan_base.homes.in_home[people.sex, cell], 0)
    assert (yinchuan_base.living[at_home] == Living.COLLECTIVE).all()
    for old in (age >= 60, age >= 65, age >= 80):
        drawn, expected = (at_home & old).sum(), share[old].sum()
        assert abs(drawn - expected) < 4 * np.sqrt(expected), (drawn, expected)
    for district in range(6):
        here = (people.district == district) & (age >= 65)
        assert (at_home & here).sum() <= (here & (yinchuan_base.living == Living.COLLECTIVE)).sum()


def test_contradicting_margins_are_refused():
    with pytest.raises(ValueError, match="margins can't be met"):
        households.rake_district(
            np.full((2, 6), 100), np.array([900, 0, 0]), 0.15, 0.45, np.full((2, 6), 0.7)
        )


def test_a_small_district_by_hand():
    """Only couples of two: as many men as women, everybody paired by rank of age."""
    persons = np.array([[0, 3, 2, 0, 0, 0], [0, 4, 1, 0, 0, 0]])
    table = households.rake_district(persons, np.array([0, 5, 0]), 0.0, 0.8, np.full((2, 6), 0.7))
    assert table.sum() == 10
    assert table[:, :, Living.COUPLE, 2].sum(axis=1).tolist() == [4, 4]
    assert table[:, :, Living.OTHERS, 2].sum() == 2


def test_spouses_by_rank_of_age():
    """The oldest man of the couples with the oldest woman, and so on; younger spouses from 50-59."""
    birth = np.array([0, 10, 20, 300, 310, 2, 12, 290, 305])
    sex = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    people = Rows(
        np.arange(9, dtype=np.uint64), birth.astype(np.int16), sex.astype(np.uint8), np.zeros(9, np.uint8)
    )
    living = np.array([1, 1, 1, -1, -1, 1, 1, -1, -1])
    column = np.array([2, 2, 1, -1, -1, 2, 2, -1, -1])
    spouse = households.pair_spouses(people, living, column, np.array([0.99]), np.zeros(9, np.int64))
    assert spouse[:3].tolist() == [5, 6, 7], "by rank; the third found the oldest woman of 50-59"
    assert living[7] == Living.COUPLE
    assert spouse[8] in (-1, 3, 4)
