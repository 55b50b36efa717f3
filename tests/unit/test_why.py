"""The components of a difference add up to it exactly, in every pair and in the means."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.decide.components import COMPONENTS
from sim.decide.why import ROWS, effects
from sim.ensemble.footing import exact_means
from sim.tables import INTERACTION, TOTAL

BEDS = arrays.arrays(np.float64, (2, 7), elements=st.integers(0, 5000).map(float))


@given(base=BEDS, capacity=BEDS, price=BEDS, alt=BEDS)
def test_rows_add_up_exactly(base, capacity, price, alt):
    parts = effects(base, {"capacity": capacity, "price": price}, alt)
    assert set(parts) == set(ROWS)
    added = sum(parts[name] for name in (*COMPONENTS, INTERACTION))
    np.testing.assert_array_equal(added, alt - base)
    means = exact_means(parts, TOTAL, INTERACTION)
    for cell in range(2):
        total = sum((means[name][cell] for name in (*COMPONENTS, INTERACTION)), Decimal(0))
        assert total == means[TOTAL][cell]
        for name in ROWS:  # none is off by more than what rounding leaves of eight rows
            assert float(means[name][cell]) == pytest.approx(parts[name][cell].mean(), abs=5e-6)
    for name in set(COMPONENTS) - {"capacity", "price"}:
        assert not parts[name].any()
        assert means[name] == [Decimal(0), Decimal(0)]


def test_effects_that_simply_add_have_no_interaction_not_even_of_rounding():
    base = np.zeros((1, 3))
    capacity, price = np.array([[-1.0, 0, 0]]), np.array([[0.0, 1, 1]])
    parts = effects(base, {"capacity": capacity, "price": price}, capacity + price)
    means = exact_means(parts, TOTAL, INTERACTION)
    assert not parts[INTERACTION].any()
    assert means[INTERACTION] == [Decimal(0)]
    assert means["price"][0] + means["capacity"][0] == means[TOTAL][0] == Decimal("0.333333")


def test_what_two_do_together_is_the_interaction():
    base = np.full((1, 2), 100.0)
    parts = effects(base, {"capacity": base - 30, "behaviour": base + 50}, base)
    assert parts[INTERACTION].tolist() == [[-20, -20]]
    assert parts[TOTAL].tolist() == [[0, 0]]
