"""Money beside the plan: how much of a budget was spent."""

from __future__ import annotations

from sim.indicators.beds import percent


def budget_execution(spent_fen: int, budget_fen: int) -> float:
    """Spending in percent of the year's budget; NaN without a budget."""
    return percent(spent_fen, budget_fen)
