"""Levers of money: what a bureau may pay on top of what its document says, off until a scenario sets them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.months import Month
from sim.scenario.dates import MonthText
from sim.scenario.quantity import Frozen, Share, YuanPerMonth, add_up_to_one

Owner = Literal["public", "public_built", "private"]
_ALL: list[Owner] = ["public", "public_built", "private"]
PaidBy = Literal["centre", "region", "city", "district", "family"]


class Lever(Frozen):
    """An amount per month from a month on; paid by the payers named, `unassigned` if none is.

    Attributes:
        yuan_per_month: for each unit; read month by month.
        starts: first month; from the first of the run if not given.
        payers: payer -> share.
    """

    yuan_per_month: YuanPerMonth
    starts: MonthText | None = None
    payers: dict[PaidBy, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _payers_add_up(self) -> Lever:
        if self.payers:
            add_up_to_one({str(payer): share for payer, share in self.payers.items()}, "payers")
        return self

    def at(self, month: Month) -> float:
        """Yuan per unit in a month, 0 before the lever starts."""
        if self.starts is not None and month < Month.parse(self.starts):
            return 0.0
        return self.yuan_per_month.at(month)


class OperatingSubsidy(Lever):
    """To homes, for each resident and month."""

    ownership: list[Owner] = Field(default=_ALL, min_length=1)


class ResidentSubsidy(Lever):
    """Off the charge of residents of homes; never more than a share of the charge.

    Attributes:
        ability_from: least need of care.
        at_most_share: of the charge.
        ownership: of the homes.
    """

    ability_from: Literal["intact", "mild", "moderate", "severe"] = "moderate"
    at_most_share: Share
    ownership: list[Owner] = Field(default=_ALL, min_length=1)


class Levers(Frozen):
    """What is paid on top of the document; None is nothing.

    Attributes:
        operating_subsidy: to homes for each resident.
        resident_subsidy: off the charges of residents.
        staff_allowance: to each trained caregiver of homes, beside the wage.
    """

    operating_subsidy: OperatingSubsidy | None = None
    resident_subsidy: ResidentSubsidy | None = None
    staff_allowance: Lever | None = None

    def given(self) -> dict[str, Lever]:
        """Those that are set, by name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: lever for name, lever in found.items() if lever is not None}
