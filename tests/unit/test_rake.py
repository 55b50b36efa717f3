"""Proportional fitting against ipfn, and rounding that keeps margins exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from ipfn import ipfn

from sim.population.rake import ipf, largest_remainder, round_two_way


def test_two_ways_as_ipfn():
    draws = np.random.default_rng(1)
    seed = draws.uniform(0.1, 5, (6, 4))
    seed[2, 3] = seed[0, 0] = 0
    aim = seed * draws.uniform(0.5, 2, (6, 4))
    rows, columns = aim.sum(axis=1), aim.sum(axis=0)
    oracle = ipfn.ipfn(
        seed.copy(), [rows, columns], [[0], [1]], convergence_rate=1e-12, rate_tolerance=0
    ).iteration()
    row, column = np.indices(seed.shape)
    fitted = ipf(seed, [(row, rows), (column, columns)])
    assert fitted == pytest.approx(oracle, rel=1e-6)
    assert fitted.sum(axis=1) == pytest.approx(rows, rel=1e-7)
    assert fitted[2, 3] == 0, "zeros of the seed stay zero"


def test_three_ways_as_ipfn():
    draws = np.random.default_rng(2)
    seed = draws.uniform(0.1, 5, (4, 3, 5))
    aim = seed * draws.uniform(0.5, 2, seed.shape)
    first, two, last = aim.sum(axis=(1, 2)), aim.sum(axis=0), aim.sum(axis=(0, 1))
    aggregates, dimensions = [first, two, last], [[0], [1, 2], [2]]
    oracle = ipfn.ipfn(
        seed.copy(), aggregates, dimensions, convergence_rate=1e-12, rate_tolerance=0
    ).iteration()
    i, j, k = np.indices(seed.shape)
    fitted = ipf(seed, [(i, first), (j * 5 + k, two.reshape(-1)), (k, last)])
    assert fitted == pytest.approx(oracle, rel=1e-6)


def test_the_seed_decides_what_margins_leave_open():
    """The fit keeps the odds ratio of the seed."""
    seed = np.array([[4.0, 1.0], [1.0, 1.0]])
    row, column = np.indices(seed.shape)
    fitted = ipf(seed, [(row, np.array([30.0, 70.0])), (column, np.array([40.0, 60.0]))])
    assert fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]) == pytest.approx(4, rel=1e-6)
    assert seed[0, 0] == 4, "the seed is not written to"


def test_cells_outside_a_margin_are_left_alone():
    seed = np.ones((2, 2))
    fitted = ipf(seed, [(np.array([[0, 0], [-1, -1]]), np.array([10.0]))])
    assert fitted.tolist() == [[5, 5], [1, 1]]


@pytest.mark.parametrize(
    ("seed", "rows", "columns"),
    [
        ([[1, 1], [1, 1]], [10, 10], [5, 20]),  # contradict each other
        ([[0, 0], [1, 1]], [10, 10], [10, 10]),  # a row of zeros
        ([[1, 0], [0, 1]], [10, 10], [5, 15]),  # the zeros leave no way
    ],
)
def test_margins_that_can_not_be_met_are_refused(seed, rows, columns):
    row, column = np.indices((2, 2))
    with pytest.raises(ValueError, match="margins can't be met"):
        ipf(np.array(seed, float), [(row, np.array(rows, float)), (column, np.array(columns, float))])


shares = hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1e6))


@settings(deadline=None)
@given(shares, st.integers(0, 10**6))
def test_largest_remainder_adds_up(shares, total):
    if shares.sum() == 0:
        if total == 0:
            assert (largest_remainder(shares, 0) == 0).all()
        else:
            with pytest.raises(ValueError, match="every share is zero"):
                largest_remainder(shares, total)
        return
    whole = largest_remainder(shares, total)
    exact = shares / shares.sum() * total
    assert whole.sum() == total
    assert (np.abs(whole - exact) < 1 + 1e-6).all(), "each a neighbour of its exact part"
    up, down = whole > exact, whole < exact
    fraction = exact - np.floor(exact)
    if up.any() and down.any():
        assert fraction[up].min() >= fraction[down].max() - 1e-6, "the largest remainders are rounded up"


def test_largest_remainder_by_hand():
    assert largest_remainder(np.array([47.0, 16, 15.8, 12, 6.1, 3.1]), 10).tolist() == [5, 2, 1, 1, 1, 0]
    assert largest_remainder(np.array([1.0, 1, 1]), 2).tolist() == [1, 1, 0], "ties: the first"
    assert largest_remainder(np.array([0.0, 3]), 7).tolist() == [0, 7], "a zero share gets nothing"


@pytest.mark.parametrize(("shares", "total"), [([1.0, -0.5], 3), ([1.0], -1)])
def test_largest_remainder_refuses_what_is_below_zero(shares, total):
    with pytest.raises(ValueError, match="must not be negative"):
        largest_remainder(np.array(shares), total)


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(1e-3, 1000))
)
def test_round_two_way_keeps_margins(table):
    row, column = (index.reshape(-1) for index in np.indices(table.shape))
    total = round(table.sum())
    rows = largest_remainder(table.sum(axis=1), total)
    columns = largest_remainder(table.sum(axis=0), total)
    scaled = table / table.sum() * total
    whole = round_two_way(scaled.reshape(-1), row, column, rows, columns).reshape(table.shape)
    assert (whole.sum(axis=1) == rows).all()
    assert (whole.sum(axis=0) == columns).all()
    assert (whole >= 0).all()


def test_round_two_way_rounds_each_cell_up_or_down():
    draws = np.random.default_rng(3)
    table = draws.uniform(0, 9, (7, 5))
    rows = np.round(table.sum(axis=1)).astype(int)
    columns = largest_remainder(table.sum(axis=0), int(rows.sum()))
    row, column = np.indices(table.shape)
    fitted = ipf(table, [(row, rows.astype(float)), (column, columns.astype(float))])
    whole = round_two_way(fitted.reshape(-1), row.reshape(-1), column.reshape(-1), rows, columns)
    assert (np.abs(whole - fitted.reshape(-1)) < 1).all()


def test_round_two_way_leaves_whole_tables_alone():
    table = np.array([[3.0, 0], [2, 5]])
    row, column = (index.reshape(-1) for index in np.indices(table.shape))
    whole = round_two_way(table.reshape(-1), row, column, np.array([3, 7]), np.array([5, 5]))
    assert whole.tolist() == [3, 0, 2, 5]


def test_round_two_way_refuses_totals_that_differ():
    with pytest.raises(ValueError, match="row totals 3 differ from column totals 4"):
        round_two_way(np.array([3.0]), np.array([0]), np.array([0]), np.array([3]), np.array([4]))


def test_round_two_way_refuses_zeros_that_leave_no_way():
    row, column = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    with pytest.raises(ValueError, match="no whole numbers"):
        round_two_way(np.array([5.0, 0, 0, 5]), row, column, np.array([4, 6]), np.array([5, 5]))
