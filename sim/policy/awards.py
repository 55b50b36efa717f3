"""Amounts paid once or once a year to a facility: flat ones with a least size, by score, by star."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from sim.money import Exact


def flat(rate_fen: Exact, size: float, least: float) -> Exact:
    """The amount for a facility that is large enough (households, square metres), else nothing.

    A facility below the size of its kind gets nothing, not the amount of a smaller kind.
    """
    return rate_fen if Fraction(str(size)) >= Fraction(str(least)) else 0


def by_score(least_fen: int, most_fen: int, score: float, *, operating: bool = True) -> int:
    """A yearly award between two amounts, in a straight line with how well a facility works.

    The straight line is no rule of a document, which gives the two ends only; the scenario says so.

    Args:
        least_fen: at score 0.
        most_fen: at score 1.
        score: from 0 to 1.
        operating: a facility that is closed gets nothing.

    Raises:
        ValueError: if the score is outside 0 to 1.
    """
    if not 0 <= score <= 1:
        raise ValueError(f"score(={score:g}) must be from 0 to 1")
    exact = least_fen + (most_fen - least_fen) * Decimal(str(score))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)) if operating else 0


def at_least(amount_fen: Exact, least_fen: int) -> Exact:
    """An amount that the scenario sets, not below what the law asks.

    Raises:
        ValueError: if it is below.
    """
    if amount_fen < least_fen:
        raise ValueError(f"award(={amount_fen} fen) is below the lower bound {least_fen} fen")
    return amount_fen


def by_star(star: int, amounts_fen: Mapping[int, int] | None) -> int:
    """The award of a home by its star grade; nothing where no table, or no amount for the star, is given."""
    return (amounts_fen or {}).get(star, 0)
