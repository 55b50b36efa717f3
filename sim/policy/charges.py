"""Charges that homes and facilities do not pay, or pay in part: fees, taxes and rents."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from sim.policy.clauses import Clause


def due_fen(charge_fen: int, share_due: float) -> int:
    """What is due of a charge, halves of a fen rounded up."""
    return int((Decimal(charge_fen) * Decimal(str(share_due))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share_due(clause: Clause, kind: str = "") -> float:
    """The share of a charge that a clause leaves due; 0 = exempt.

    Args:
        clause: of the law; its values are shares, with a label where they differ by kind.
        kind: label of the value (non_profit, for_profit); not asked where the clause has one for all.

    Raises:
        LookupError: if the clause has no share for this kind.
    """
    for value in clause.marks:
        if value.label in (None, kind):
            return value.value
    raise LookupError(f"{clause.id} has no share for '{kind}'")


def total_due_fen(charges: Iterable[tuple[Clause, int]], kind: str) -> int:
    """What is due of several charges together, each rounded for itself.

    Args:
        charges: clause and full charge in fen.
        kind: of the payer, as in `share_due`.
    """
    return sum(due_fen(amount, share_due(clause, kind)) for clause, amount in charges)
