"""Charges that homes and facilities do not pay, or pay in part: fees, taxes and rents."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from sim.months import Month
from sim.policy.clauses import Clause

SECTION = "charges"
"""Plan input that a clause about charges names: the section of the scenario that holds them."""


class Charged(NamedTuple):
    """A charge as it is: the rule, whom it is charged, when it falls due, and all of it in fen."""

    clause_id: str
    payer: str
    month: Month
    full_fen: int
    share_due: float | None = None


class Settled(NamedTuple):
    """What of the charges under a rule is due in a calendar year, and what the rule waives."""

    year: int
    clause_id: str
    payer: str
    share_due: float
    full_fen: int
    due_fen: int

    @property
    def waived_fen(self) -> int:
        """What nobody pays."""
        return self.full_fen - self.due_fen


def due_fen(charge_fen: int, share_due: float) -> int:
    """What is due of a charge, halves of a fen rounded up."""
    return int((Decimal(charge_fen) * Decimal(str(share_due))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share_due(clause: Clause, payer: str = "", given: float | None = None) -> float:
    """The share of a charge that a clause leaves due; 0 = exempt.

    Args:
        clause: of the law; its values are shares, with a label where they differ by payer.
        payer: label of the value (non_profit, for_profit); not asked where the clause has one for all.
        given: the scenario's share, for a clause that has none; nothing is due if it gives none either.

    Raises:
        LookupError: if the clause has no share for this payer.
    """
    if not clause.marks:
        return given or 0.0
    for value in clause.marks:
        if value.label in (None, payer):
            return value.value
    raise LookupError(f"{clause.id} has no share for '{payer}'")


def settle(
    charges: Iterable[Charged], clauses: dict[str, Clause], first: Month, last: Month
) -> list[Settled]:
    """What of the charges is due by year, rule, payer and share; each charge rounded for itself.

    Args:
        charges: of the scenario.
        clauses: of the law, by id.
        first: first month of the run.
        last: its last month; charges outside are left out.

    Raises:
        LookupError: as `share_due`.
    """
    found: dict[tuple[int, str, str, float], list[int]] = {}
    for charge in charges:
        if first <= charge.month <= last:
            share = share_due(clauses[charge.clause_id], charge.payer, charge.share_due)
            key = (charge.month.year, charge.clause_id, charge.payer, share)
            sums = found.setdefault(key, [0, 0])
            sums[0] += charge.full_fen
            sums[1] += due_fen(charge.full_fen, share)
    return [Settled(*key, *sums) for key, sums in sorted(found.items())]
