"""Least shares of a fund that must go to elderly care."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal


def required_fen(fund_fen: int, least_percent: float, least_fen: int = 0) -> int:
    """What of a fund has to be spent: a percentage of it, or a fixed sum if that is more.

    A part of a fen is rounded up: less than the share would not do.

    Args:
        fund_fen: the fund of a year.
        least_percent: of the law (55 means 55 percent).
        least_fen: a fixed sum that the law names beside it, if it does.
    """
    share = Decimal(fund_fen) * Decimal(str(least_percent)) / 100
    return max(int(share.to_integral_value(rounding=ROUND_CEILING)), least_fen)


def spent_percent(spent_fen: int, fund_fen: int) -> float:
    """What was spent, in percent of the fund; NaN without a fund."""
    return 100 * spent_fen / fund_fen if fund_fen else float("nan")


def passes(spent_fen: int, fund_fen: int, least_percent: float, least_fen: int = 0) -> bool:
    """Whether enough was spent, to the fen."""
    return spent_fen >= required_fen(fund_fen, least_percent, least_fen)
