"""Inputs about subsidies that the documents leave open: how rules are read, counts that nothing simulates."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.scenario.dates import MonthText
from sim.scenario.quantity import Count, Frozen, Share, Status, Yuan

Grade = Literal["junior", "intermediate", "senior", "higher"]
AbilityName = Literal["intact", "mild", "moderate", "severe"]


class StarHomes(Frozen):
    """Homes that reach a star grade in a month."""

    star: int = Field(ge=1, le=5)
    reached: MonthText
    homes: int = Field(ge=0, le=100_000)
    status: Status
    source: str = Field(min_length=1)

    @property
    def reached_month(self) -> Month:
        """The month in which they reach it."""
        return Month.parse(self.reached)


class Subsidies(Frozen):
    """How rules of money are read where the documents are silent; what is left out takes the neutral reading.

    Attributes:
        area_rule: strict = all beds of an item or none, by its area per bed; capped = as many as have room.
        area_unknown_qualifies: whether what has no area in the pipeline is taken to be large enough.
        occupancy_rule: how residents of a month are counted.
        stop_instalments_on_closure: a home that is closed on 31 December loses what is left.
        eligible_opened_from: first month of opening that is paid; None = the month of the notice.
        pool_small_estates: estates may share a site where the document is silent.
        award_score: of community facilities, for an award between two ends; None = not given.
        smart_uplift: of the operating subsidy of smart homes; None = the least that the document allows.
        oldest_old_from_years: age of the oldest old in orders of admission and in subsidies.
        caregiver_grades: share of the qualified caregivers by grade, together one at most; none = not given.
        higher_grade_yuan: for grades above the highest that a document names; None = as that.
        counts_per_year: measure -> how many units a year, for what the model does not simulate.
        operating_by_ability: amounts of an operating subsidy by resident of a home and month, where a
            document lets them follow the assessment and gives none; they go before `rates.operating_subsidy`.
        star_homes: homes that reach a star grade; `star_awards` star -> amount.
    """

    area_rule: Literal["strict", "capped"] = "strict"
    area_unknown_qualifies: bool = True
    occupancy_rule: Literal["month_end_headcount", "month_start_headcount", "resident_days"] = (
        "month_end_headcount"
    )
    stop_instalments_on_closure: bool = True
    eligible_opened_from: MonthText | None = None
    pool_small_estates: bool = True
    award_score: Share | None = None
    smart_uplift: Share | None = None
    oldest_old_from_years: int = Field(default=80, ge=60, le=100)
    caregiver_grades: dict[Grade, Share] = Field(default_factory=dict)
    higher_grade_yuan: Yuan | None = None
    counts_per_year: dict[str, Count] = Field(default_factory=dict)
    operating_by_ability: dict[AbilityName, Yuan] = Field(default_factory=dict)
    star_homes: list[StarHomes] = Field(default_factory=list)
    star_awards: dict[str, Yuan] = Field(default_factory=dict)
    status: Status = "assumption"
    source: str = Field(default="neutral readings where a document is silent", min_length=1)

    @model_validator(mode="after")
    def _one_grade_each(self) -> Subsidies:
        total = sum(Decimal(str(share.value)) for share in self.caregiver_grades.values())
        if total > 1:
            context = {"found": f"{float(total):.12g}", "allowed": "<= 1", "key": "caregiver_grades"}
            raise PydanticCustomError("shares_sum", "shares add up to {found}", context)
        return self
