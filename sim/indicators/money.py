"""Money beside the plan: how much of a budget was spent, and of a lottery fund on elderly care."""

from __future__ import annotations

from sim.indicators.beds import NAN, percent
from sim.money import yuan
from sim.policy import floors


def budget_execution(spent_fen: int, budget_fen: int) -> float:
    """Spending in percent of the year's budget; NaN without a budget."""
    return percent(spent_fen, budget_fen)


def lottery_share(spent_fen: int | None, fund_fen: int | None) -> float:
    """What of a year's lottery fund went to elderly care, in percent (indicator `lottery_share_eldercare`).

    NaN where the fund is not known.
    """
    return NAN if spent_fen is None or fund_fen is None else floors.spent_percent(spent_fen, fund_fen)


def home_community_yuan(spent_fen: int | None) -> float:
    """What the city spent on care at home and in the community (indicator `home_community_funding_cny`).

    NaN where so much of it is not known that it can't be told from the floor.
    """
    return NAN if spent_fen is None else yuan(spent_fen)
