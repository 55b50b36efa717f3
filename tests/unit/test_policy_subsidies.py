"""What is due: never above the budget, never a fen lost."""

from __future__ import annotations

import pytest

from sim.policy.subsidies import Due, per_unit, sites_due, within_budget


@pytest.mark.parametrize(
    ("sites", "spent", "due"),
    [
        (3, 0, Due(3, 300)),
        (3, 700, Due(3, 300)),
        (4, 750, Due(3, 250)),
        (2, 1000, Due(0, 0)),
        (0, 0, Due(0, 0)),
    ],
)
def test_sites_are_paid_in_turn_until_the_budget_ends(sites, spent, due):
    assert sites_due(sites, 100, 1000, spent) == due


def test_sites_with_their_own_amounts():
    assert within_budget([400, 0, 500, 200, 50], 1000, 0) == Due(4, 1000)


@pytest.mark.parametrize(("amounts", "spent"), [([-1], 0), ([1], 1001)])
def test_what_can_not_be_paid_is_an_error(amounts, spent):
    with pytest.raises(ValueError, match="not payable"):
        within_budget(amounts, 1000, spent)


def test_per_unit_has_no_ceiling_and_pays_nothing_for_beds_closed():
    assert per_unit(300, 50_000) == Due(300, 15_000_000)
    assert per_unit(-5, 50_000) == Due(0, 0)
