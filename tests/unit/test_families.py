"""Families: who can give how many hours, what that does to strain, what happens to children and carers."""

import numpy as np
import pytest

from sim.codes import Ability, Living
from sim.population import family_hours, family_strain
from sim.population.families import Families
from sim.population.lifetable import GRID
from sim.population.residents import Residents
from sim.scenario.resolve import load_scenario
from sim.streams import Purpose, key, uniforms

HOURS = np.array([21.0, 28.0, 3.0, 0.5])
ABLE = np.array([1.0, 0.5, 0.0, 0.0])
ALONE, COUPLE, OTHERS = Living.ALONE, Living.COUPLE, Living.OTHERS


def _can(living, spouse=-1, near=0, far=0, *, ill=False, partner=Ability.INTACT):
    """Hours by source of one resident in row 0; a spouse stands in row 1."""
    ability, spouses = np.array([Ability.MODERATE, partner], np.uint8), np.array([spouse, 0], np.int32)
    kind, close, distant = (
        np.array([n], np.uint8) for n in (living * len(Ability) + Ability.MODERATE, near, far)
    )
    found = np.zeros((1, 4))
    family_hours.hours_by_source(
        ability, spouses, np.zeros(1, np.int64), kind, close, distant, np.array([ill]), ABLE, HOURS, found
    )
    return found[0].tolist()


@pytest.mark.parametrize(
    ("family", "hours"),
    [
        ({"living": ALONE}, [0, 0, 0, 0]),
        ({"living": ALONE, "near": 2, "far": 1}, [0, 0, 6, 0.5]),
        ({"living": ALONE, "near": 2, "ill": True}, [0, 0, 3, 0]),
        ({"living": COUPLE, "spouse": 1, "near": 2}, [21, 0, 6, 0]),
        ({"living": COUPLE, "spouse": 1, "near": 2, "ill": True}, [0, 0, 6, 0]),
        ({"living": COUPLE, "spouse": 1, "near": 2, "partner": Ability.MILD}, [10.5, 0, 3, 0]),
        ({"living": COUPLE, "spouse": 1, "near": 2, "partner": Ability.SEVERE}, [0, 0, 3, 0]),
        ({"living": COUPLE, "near": 1}, [21, 0, 3, 0]),  # who moved in has a spouse of no row
        ({"living": OTHERS}, [0, 28, 0, 0]),
        ({"living": OTHERS, "near": 2, "far": 1}, [0, 28, 3, 0.5]),
        ({"living": OTHERS, "far": 2}, [0, 28, 0, 0.5]),
        ({"living": OTHERS, "near": 1, "ill": True}, [0, 0, 0, 0]),
    ],
)
def test_who_can_give_how_many_hours(family, hours):
    assert _can(**family) == hours


@pytest.mark.parametrize(
    ("given", "can", "level"), [(0, 0, 0), (10, 20, 0), (15, 20, 0.5), (20, 20, 1), (3, 3, 1), (1, 30, 0)]
)
def test_the_level_of_strain_is_what_is_given_beyond_what_can_be_sustained(given, can, level):
    (found,) = family_strain.strain_levels(np.array([float(given)]), np.array([float(can)]), 0.5)
    assert found == pytest.approx(level)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("yinchuan")


def _families(scenario, n, months, **columns):
    """Families of n residents of moderate ability aged 80 who live alone, after some months."""
    people = Residents(n)
    first = scenario.horizon.first
    people.id[:] = np.arange(n, dtype=np.uint64)
    people.birth[:] = first.index - 80 * 12
    people.ability[:] = Ability.MODERATE
    for name, value in columns.items():
        getattr(people, name)[:] = value
    found = Families(scenario.families, scenario.mechanisms, people, np.full((GRID, 4, 4), 1e-6), 1)
    nobody = np.zeros(0, np.int64)
    found.settle(first.plus(-1), np.arange(n), nobody)
    for step in range(months):
        found.apply(first.plus(step))
        found.settle(first.plus(step), nobody, nobody)
    return found, people


def test_children_near_and_ill_carers_stay_as_many_as_they_were(scenario):
    n = 40_000
    (_, at_start), (_, later) = (_families(scenario, n, months) for months in (0, 60))
    inputs = scenario.families
    children = at_start.children_near.astype(int) + at_start.children_far
    assert children.mean() == pytest.approx(inputs.children_mean_urban.value, abs=0.05)
    np.testing.assert_array_equal(children, later.children_near.astype(int) + later.children_far)
    moved = (at_start.children_near != later.children_near).mean()
    assert moved > 0.15
    share = inputs.near_share.value
    for people in (at_start, later):
        assert people.children_near.sum() / children.sum() == pytest.approx(share, abs=0.01)
    ill = inputs.carer_ill_per_year.value / 12 * inputs.carer_ill.value
    for people in (at_start, later):
        assert people.carer_ill.mean() == pytest.approx(ill / (1 + ill), abs=0.004)


def test_strain_grows_towards_its_level_and_falls_when_care_ends(scenario):
    families, people = _families(scenario, 200, 24, living=Living.OTHERS)
    well = ~people.carer_ill & (people.children_near + people.children_far < 2)
    level = (21 / 28 - 0.5) / 0.5
    reached = level * (1 - np.exp(-24 / scenario.families.strain.grows.value))
    # who was ill in between was strained more for a while
    assert np.median(families.strain[well]) == pytest.approx(reached, rel=0.03)
    ended = scenario.horizon.first.plus(24)
    people.ability[:] = Ability.INTACT
    nobody = np.zeros(0, np.int64)
    families.settle(ended, np.arange(200), nobody)
    assert len(families) == 0
    assert (people.pressure == 1).all()
    before = people.strain_at_end.copy()
    people.ability[:] = Ability.MODERATE
    families.settle(ended.plus(6), np.arange(200), nobody)
    rested = np.exp(-6 / scenario.families.strain.rests.value)
    np.testing.assert_allclose(families.strain, before * rested, rtol=1e-5)


def test_hours_are_given_or_unmet_and_each_source_has_its_own(scenario):
    families, people = _families(scenario, 500, 0, living=Living.OTHERS)
    can = families.sources()
    np.testing.assert_allclose(families.given, np.minimum(families.needed, can.sum(axis=1)))
    np.testing.assert_allclose(families.needed, families.given + families.unmet)
    assert (can[~people.carer_ill, 1] == scenario.families.hours_given_household.value).all()
    assert (can[people.carer_ill, 1] == 0).all()


def test_a_family_reads_like_one(scenario):
    families, people = _families(scenario, 10, 0, living=Living.OTHERS)
    one = families[3]
    assert one.hours_needed == scenario.families.hours_needed_moderate.value
    assert one.hours_given <= min(one.hours_needed, one.hours_can_give)
    assert one.children == (people.children_near[3], people.children_far[3])
    assert one.spouse is None
    assert (one.strain, one.carer_ill) == (families.strain[3], people.carer_ill[3])
    with pytest.raises(KeyError, match="row 12"):
        families[12]


def test_applying_in_need_is_the_draw_of_everybody_else(scenario):
    """The hazard times the pressure against the draw of the month; who waits and the destitute do not."""
    n = 20_000
    families, people = _families(scenario, n, 0)
    month = scenario.horizon.first
    families._hazard[:] = families._highest[:] = 0.01
    people.waiting[::10] = True
    people.groups[5::10] = 1
    rows = families.apply(month)
    u = uniforms(key(1, Purpose.APPLY, month.index), people.id)
    may = (~people.waiting) & (people.groups == 0)
    expected = np.flatnonzero(may & (u < 1 - np.exp(-0.01 * people.pressure.astype(float))))
    np.testing.assert_array_equal(rows, expected)
    assert 50 < len(rows) < 400
