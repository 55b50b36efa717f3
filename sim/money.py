"""Money: the only place where a float becomes fen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FEN_PER_YUAN = 100
Exact = Fraction | int
"""An amount in fen before it is rounded; a rate may have parts of a fen."""
SHARES_TOLERANCE = Decimal("1e-9")
"""Thirds written with nine digits or more add up to one; the remainder goes to the named payer anyway."""


def fen(yuan: float | str | Decimal) -> int:
    """Whole fen of an amount in yuan, halves rounded up (away from zero).

    Args:
        yuan: the amount; a float is read by its shortest decimal text, so 0.1 means one tenth.
    """
    return int((Decimal(str(yuan)) * FEN_PER_YUAN).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def exact_fen(yuan: float | str | Decimal) -> Fraction:
    """Fen of an amount in yuan as written, parts of a fen kept; a float is read as `fen` reads it."""
    return Fraction(str(yuan)) * FEN_PER_YUAN


def whole(amount_fen: Exact) -> int:
    """The nearest whole fen, halves away from zero: where an exact amount is rounded, once."""
    size = int(abs(Fraction(amount_fen)) + Fraction(1, 2))
    return size if amount_fen >= 0 else -size


def yuan(amount_fen: int) -> float:
    """Yuan of whole fen, for outputs."""
    return amount_fen / FEN_PER_YUAN


def apportion(amount_fen: int, shares: Mapping[str, float], remainder_to: str) -> dict[str, int]:
    """Split an amount by shares so that the parts equal the total.

    Args:
        amount_fen: what is split, in fen.
        shares: payer -> share; they add up to one.
        remainder_to: the payer that takes what rounding leaves.

    Half a fen is rounded up (away from zero). Where the others, all rounded up, would take more than there
    is, a fen each is taken back from those rounded up most, the last named first: nobody gets below nothing.

    Raises:
        ValueError: if a share is negative, the shares do not add up to one, or the named payer has none.
    """
    exact = {payer: Decimal(amount_fen) * Decimal(str(share)) for payer, share in shares.items()}
    total = sum((Decimal(str(share)) for share in shares.values()), Decimal(0))
    if abs(total - 1) > SHARES_TOLERANCE:
        raise ValueError(f"shares add up to {total}, must be 1")
    if any(share < 0 for share in shares.values()):
        raise ValueError(f"shares(={dict(shares)}) must not be negative")
    if remainder_to not in shares:
        raise ValueError(f"remainder_to(={remainder_to!r}) must be one of {sorted(shares)}")
    sign = 1 if amount_fen >= 0 else -1
    parts = {
        payer: int(part.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        for payer, part in exact.items()
        if payer != remainder_to
    }
    while (amount_fen - sum(parts.values())) * sign < 0:
        payer = max(reversed(list(parts)), key=lambda name: (parts[name] - exact[name]) * sign)
        parts[payer] -= sign
    parts[remainder_to] = amount_fen - sum(parts.values())
    return {payer: parts[payer] for payer in shares}
