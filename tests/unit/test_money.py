"""Whole fen: rounding, and parts that equal their total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.money import apportion, fen, yuan

PAYERS = {"centre": 0.5, "region": 0.3, "city": 0.2}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0.1, 10),
        (1.005, 101),
        ("1.005", 101),
        (Decimal("1.0049"), 100),
        (0.005, 1),
        (-0.005, -1),
        (2.675, 268),
        (10**10 + 0.01, 10**12 + 1),
        (0, 0),
        (100_000, 10_000_000),
    ],
)
def test_fen(amount, expected):
    assert fen(amount) == expected
    assert isinstance(fen(amount), int)


def test_yuan():
    assert yuan(12_345) == 123.45


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (10, {"centre": 5, "region": 3, "city": 2}),
        (1, {"centre": 1, "region": 0, "city": 0}),
        (3, {"centre": 2, "region": 1, "city": 0}),
        (7, {"centre": 4, "region": 2, "city": 1}),
        (99, {"centre": 50, "region": 30, "city": 19}),
        (-7, {"centre": -4, "region": -2, "city": -1}),
        (0, {"centre": 0, "region": 0, "city": 0}),
    ],
)
def test_five_three_two(amount, expected):
    """Halves go up, the named payer takes what is left."""
    assert apportion(amount, PAYERS, "city") == expected


def test_nobody_pays_less_than_nothing():
    """Found before the first release: both halves were rounded up and the third payer got a fen."""
    assert apportion(1, {"a": 0.5, "b": 0.5, "c": 0}, "c") == {"a": 1, "b": 0, "c": 0}
    assert apportion(-1, {"a": 0.5, "b": 0.5, "c": 0}, "c") == {"a": -1, "b": 0, "c": 0}
    assert apportion(3, {"a": 0.5, "b": 0.5, "c": 0}, "c") == {"a": 2, "b": 1, "c": 0}
    quarters = {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}
    assert apportion(2, quarters, "d") == {"a": 1, "b": 1, "c": 0, "d": 0}


weights = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(sum)


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), weights, st.data())
@example(1, [1, 1, 0], None)
def test_parts_equal_the_total(amount, numbers, data):
    total = sum(numbers)
    shares = [round(number / total, 6) for number in numbers]
    shares[-1] = float(1 - sum(Decimal(str(share)) for share in shares[:-1]))
    if shares[-1] < 0:
        return
    by_payer = dict(zip("abcdef", shares, strict=False))
    taker = data.draw(st.sampled_from(sorted(by_payer))) if data else "c"
    parts = apportion(amount, by_payer, taker)
    assert sum(parts.values()) == amount
    assert list(parts) == list(by_payer)
    sign = 1 if amount >= 0 else -1
    for payer, part in parts.items():
        assert part * sign >= 0
        distance = abs(Decimal(part) - Decimal(amount) * Decimal(str(by_payer[payer])))
        assert distance <= (len(parts) / 2 if payer == taker else 1)
        assert isinstance(part, int)


@pytest.mark.parametrize(
    ("shares", "taker", "message"),
    [
        ({"a": 0.5, "b": 0.4}, "a", "shares add up to 0.9, must be 1"),
        ({"a": 1.5, "b": -0.5}, "a", "must not be negative"),
        ({"a": 1.0}, "b", "remainder_to"),
        ({}, "b", "shares add up to 0"),
    ],
)
def test_refuse_wrong_shares(shares, taker, message):
    with pytest.raises(ValueError, match=message):
        apportion(10, shares, taker)


def test_thirds_with_nine_digits_are_one():
    """The scenario takes shares that add up to one within 1e-9; so must the ledger, or a run stops."""
    third = 0.333333333333
    parts = apportion(10**12, {"a": third, "b": third, "c": third}, "c")
    assert sum(parts.values()) == 10**12
    assert parts["c"] - parts["a"] == 1
