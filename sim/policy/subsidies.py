"""What is due, in whole fen: pure functions of quantities, rates and what is left of a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.money import Exact


@dataclass(frozen=True, slots=True)
class Due:
    """What is due in a month: `quantity` that gets money, `amount_fen` for all of it.

    Part of a unit is possible: a bed-month counted by days. The amount is exact; it is rounded to whole fen
    when it is posted.
    """

    quantity: float
    amount_fen: Exact


def per_unit(quantity: int, rate_fen: Exact) -> Due:
    """So much per unit, without a ceiling. A negative quantity (beds closed) gives nothing."""
    paid = max(0, quantity)
    return Due(paid, paid * rate_fen)


def within_budget(amounts_fen: Sequence[Exact], budget_fen: int, spent_fen: int) -> Due:
    """Sites completed in a month, each with its own amount, paid in turn as long as the year's budget lasts.

    The site at which the budget ends gets what is left; those after it get nothing.

    Args:
        amounts_fen: amount of each site.
        budget_fen: budget of the year.
        spent_fen: what was spent of it before.

    Raises:
        ValueError: if an amount is negative, or more was spent than there is.
    """
    left = budget_fen - spent_fen
    if left < 0 or any(amount < 0 for amount in amounts_fen):
        raise ValueError(f"budget {budget_fen}, spent {spent_fen}, amounts {list(amounts_fen)}: not payable")
    quantity, paid = 0, Fraction(0)
    for amount in amounts_fen:
        part = min(amount, left - paid)
        quantity += 1 if part > 0 or amount == 0 else 0
        paid += part
    return Due(quantity, paid)


def sites_due(sites: int, rate_fen: Exact, budget_fen: int, spent_fen: int) -> Due:
    """Sites completed in a month at one rate (canteens): never above the budget of the year, see above."""
    return within_budget([rate_fen] * sites, budget_fen, spent_fen)
