"""Money: the only place where a float becomes fen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100


def fen(yuan: float | str | Decimal) -> int:
    """Whole fen of an amount in yuan, halves rounded up (away from zero).

    Args:
        yuan: the amount; a float is read by its shortest decimal text, so 0.1 means one tenth.
    """
    return int((Decimal(str(yuan)) * FEN_PER_YUAN).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan(amount_fen: int) -> float:
    """Yuan of whole fen, for outputs."""
    return amount_fen / FEN_PER_YUAN


def apportion(amount_fen: int, shares: Mapping[str, float], remainder_to: str) -> dict[str, int]:
    """Split an amount by shares so that the parts equal the total.

    Args:
        amount_fen: what is split, in fen.
        shares: payer -> share; they add up to one.
        remainder_to: the payer that takes what rounding leaves.

    Raises:
        ValueError: if the shares do not add up to one, or the named payer has none.
    """
    total = sum(Decimal(str(s)) for s in shares.values())
    if total != 1:
        raise ValueError(f"shares add up to {total}, must be 1")
    if remainder_to not in shares:
        raise ValueError(f"remainder_to(={remainder_to!r}) must be one of {sorted(shares)}")
    parts = {
        payer: int((Decimal(amount_fen) * Decimal(str(share))).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        for payer, share in shares.items()
        if payer != remainder_to
    }
    parts[remainder_to] = amount_fen - sum(parts.values())
    return {payer: parts[payer] for payer in shares}
