"""Charges of which a law leaves a part or nothing due: fees, taxes and rents of homes and facilities."""

from __future__ import annotations

from pydantic import Field

from sim.months import Month
from sim.scenario.dates import MonthText
from sim.scenario.quantity import Frozen, Quantity, Share


class FullCharge(Quantity):
    """What would be charged without the rule."""

    UNIT = "yuan"
    HIGHEST = 1e12


class Charge(Frozen):
    """One charge; no document says how much it is.

    Attributes:
        clause: the rule that says what of it is due.
        payer: whom it is charged, where the rule differs by that: a label of its values (non_profit).
        month: when it falls due.
        full: without the rule.
        share_due: of a rule that gives no share ("free or at low rent"); nothing is due if left out.
    """

    id: str = Field(min_length=1)
    clause: str
    payer: str = ""
    month: MonthText
    full: FullCharge
    share_due: Share | None = None

    @property
    def due_month(self) -> Month:
        """The month in which it falls due."""
        return Month.parse(self.month)
