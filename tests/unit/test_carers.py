"""Caregivers of homes and the beds that they can staff; operators who answer."""

import numpy as np
import pytest

from sim.codes import Ownership
from sim.facilities.carers import Carers, load_of
from sim.facilities.operators import Operators, by_ability

OWNERS = np.array([Ownership.PUBLIC, Ownership.PRIVATE])
REGISTERED = np.array([[53, 53], [50, 50]])
OPENED = np.array([[50, 50], [40, 40]])


@pytest.fixture
def carers(yinchuan):
    return Carers(yinchuan.staff.homes, OWNERS, 0.25)


def test_load_by_hand(carers):
    assert carers.load.tolist() == [1 / 10, 1 / 7, 1 / 4, 1 / 3]
    home, ability = np.array([0, 0, 1]), np.array([0, 3, 2])
    assert load_of(carers.load, home, ability, 3) == pytest.approx([0.1 + 1 / 3, 0.25, 0])


def test_posts_of_public_homes_and_where_hiring_and_leaving_balance(carers):
    assert carers.posts(REGISTERED).tolist() == [10, np.inf]
    start = carers.at_start(REGISTERED)
    assert start[0] == pytest.approx(10 * 2 / (2 + 0.2)), "filled after half a year, left after five"
    carers.begin(REGISTERED, OPENED, np.array([8.0, 3.0]))
    before = carers.present[0]
    for _ in range(240):
        carers.advance(0.0, REGISTERED, OPENED, np.array([8.0, 3.0]))
    assert carers.present[0] == pytest.approx(before, rel=0.02)
    assert carers.present[1] == pytest.approx(3.0), "a private home has whom its residents need"


def test_an_allowance_keeps_trained_caregivers(carers):
    carers.begin(REGISTERED, OPENED, np.array([8.0, 3.0]))
    without = []
    for allowance in (0.0, 500.0):
        carers.begin(REGISTERED, OPENED, np.array([8.0, 3.0]))
        for _ in range(24):
            carers.advance(allowance, REGISTERED, OPENED, np.array([8.0, 3.0]))
        without.append((carers.trained[0], carers.present[0]))
    assert without[1][0] > without[0][0]
    assert without[1][1] > without[0][1]


def test_beds_are_open_as_far_as_caregivers_reach_and_nobody_is_put_out(carers):
    carers.begin(REGISTERED, OPENED, np.array([8.0, 3.0]))
    taken = np.array([[30, 20], [10, 5]])
    usable = carers.usable(np.array([8.0, 3.0]), taken, OPENED)
    assert (usable >= taken).all()
    assert (usable <= OPENED).all()
    assert usable[0].sum() < OPENED[0].sum(), "a public home has fewer caregivers than beds"
    lighter = carers.usable(np.array([8.0, 2.0]), taken, OPENED)
    assert (lighter[1] == OPENED[1]).all(), "a private one hires for all its beds"
    heavier = carers.usable(np.array([12.0, 3.0]), taken, OPENED)
    assert (heavier[0] == taken[0]).all(), "who is there stays, nobody else can come"


def test_a_new_private_home_opens_over_months(carers):
    none = np.zeros((2, 2), np.int64)
    carers.begin(none, none, np.zeros(2))
    opened = []
    for _ in range(14):
        carers.advance(0.0, REGISTERED, OPENED, np.zeros(2))
        opened.append(int(carers.usable(np.zeros(2), none, OPENED)[1].sum()))
    assert opened == sorted(opened)
    assert opened[0] < 10
    assert opened[-1] == 80


def test_operators_open_what_residents_can_carry(yinchuan):
    prices = np.full((2, 4), 2000.0)
    operators = Operators(yinchuan.homes.operators, OWNERS, prices)
    nobody = by_ability(np.zeros(0, np.int64), np.zeros(0, np.int64), 2)
    assert nobody.shape == (2, 4)
    who = np.array([[10, 0, 0, 0], [10, 0, 0, 0]])
    plain = operators.break_even(prices, np.zeros(2), who, np.full(4, 300.0))
    assert plain == pytest.approx([600 / 1200] * 2)
    assert operators.break_even(prices, np.full(2, 300.0), who, np.full(4, 300.0)) == pytest.approx([0.4] * 2)
    taken = np.array([[5, 5], [10, 10]])
    decided = operators.beds(plain, taken, OPENED, REGISTERED)
    assert decided[0].tolist() == [50, 50], "a public home does not answer"
    assert decided[1].tolist() == [35, 35], "one step of a tenth of the registered beds, of the way to 40"
    assert (operators.beds(np.full(2, 0.1), taken, OPENED, REGISTERED)[1] <= REGISTERED[1]).all()


def test_charges_rise_where_full_and_fall_where_empty_within_bounds(yinchuan):
    prices = np.full((2, 4), 2000.0)
    operators = Operators(yinchuan.homes.operators, OWNERS, prices)
    full = operators.charges(prices, OPENED, OPENED)
    assert full.tolist() == [[2000.0] * 4, [2040.0] * 4]
    empty = prices
    for _ in range(40):
        empty = operators.charges(empty, np.zeros((2, 2), int), OPENED)
    assert empty[1].tolist() == [1600.0] * 4
