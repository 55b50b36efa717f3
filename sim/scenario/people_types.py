"""Inputs about people: how many, their ability, groups, means, and how they apply and leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.dates import MonthText, once_each_in_order
from sim.scenario.quantity import (
    Beds,
    BurnIn,
    Count,
    Days,
    DoublingYears,
    Factor,
    Frozen,
    Hazard,
    LogSd,
    MonthsLong,
    MortalityFactor,
    NetMigration,
    Number,
    Share,
    SlopePerYear,
    SomeShare,
    SomeYuanPerMonth,
    Status,
    WholeCount,
    Years,
    YuanPerMonth,
    add_up_to_one,
    in_range,
)

MOST_PERSONS = 1e9


class DatedCount(Frozen):
    """A published or proxied count at the end of a month, with its range."""

    month: MonthText
    value: float = Field(ge=1, le=MOST_PERSONS)
    low: float | None = Field(default=None, ge=0, le=MOST_PERSONS)
    high: float | None = Field(default=None, ge=0, le=MOST_PERSONS)
    status: Status
    source: str

    @model_validator(mode="after")
    def _in_range(self) -> DatedCount:
        in_range(self.low, self.value, self.high)
        return self


class Population(Frozen):
    """Mortality, ability and migration; `urban_share` stands in for a table of households."""

    census_month: MonthText
    prevalence_scenario: Literal["official_2021", "clhls_pooled", "fourth_survey_2015"]
    mortality_level_80plus: MortalityFactor
    relative_risk_mild: MortalityFactor
    relative_risk_moderate: MortalityFactor
    relative_risk_severe: MortalityFactor
    recovery_log_intercept: Number
    recovery_slope_per_year: SlopePerYear
    recovery_highest_per_year: Share
    net_migration_per_year: NetMigration
    registered_60plus: list[DatedCount] = Field(default_factory=list)
    registered_65plus_share: SomeShare
    urban_share: Share

    @model_validator(mode="after")
    def _counts_in_order(self) -> Population:
        rows = enumerate(self.registered_60plus)
        once_each_in_order((f"registered_60plus.{index}.month", row.month) for index, row in rows)
        return self


class Groups(Frozen):
    """Shares of those aged 60+ in the groups that the plans name; nobody is counted in two of them."""

    @model_validator(mode="after")
    def _together(self) -> Groups:
        names = ("destitute", "minimum_allowance", "low_income", "special_family_planning", "entitled")
        total = sum(getattr(self, name).value for name in names)
        if total >= 1:
            raise PydanticCustomError(
                "groups_sum", "groups add up to {found}", {"found": f"{total:g}", "allowed": "< 1"}
            )
        return self

    destitute: Share
    minimum_allowance: Share
    low_income: Share
    special_family_planning: Share
    entitled: Share
    wish_unable: Share
    wish_able: Share
    in_homes_unable_at_start: Share
    in_homes_able_at_start: Share
    unable_from: Literal["mild", "moderate", "severe"]
    overdue_after_days: Days


class Means(Frozen):
    """What a resident can pay for a home: pension and the family's help."""

    employee_pension: YuanPerMonth
    resident_pension: YuanPerMonth
    employee_share_urban: Share
    employee_share_rural: Share
    employee_pension_log_sd: LogSd
    support_per_child: YuanPerMonth
    children_who_support: Count


class Applying(Frozen):
    """Hazard of applying: k 2^((age - reference) / doubling) w(ability) family willingness."""

    k_per_year: Hazard
    reference_age: Years
    doubling_age: DoublingYears
    weight_intact: Factor
    weight_mild: Factor
    weight_moderate: Factor
    weight_severe: Factor
    family_alone: Factor
    family_couple: Factor
    family_others: Factor
    willingness: Share
    willingness_reference: SomeShare
    admitted_per_application: Share


class ByAbility(Frozen):
    """A coefficient for each ability."""

    intact: Number
    mild: Number
    moderate: Number
    severe: Number

    def values(self) -> tuple[float, float, float, float]:
        """In the order of the codes."""
        return self.intact.value, self.mild.value, self.moderate.value, self.severe.value


class Drawback(Number):
    """By how much something may be worse, in units of taste; not negative."""

    LOWEST = 0.0


class DrawbackByAbility(Frozen):
    """By how much something may be worse, for each ability."""

    intact: Drawback
    mild: Drawback
    moderate: Drawback
    severe: Drawback

    def values(self) -> tuple[float, float, float, float]:
        """In the order of the codes."""
        return self.intact.value, self.mild.value, self.moderate.value, self.severe.value


class FactorByAbility(Frozen):
    """A factor for each ability."""

    intact: Factor
    mild: Factor
    moderate: Factor
    severe: Factor

    def values(self) -> tuple[float, float, float, float]:
        """In the order of the codes."""
        return self.intact.value, self.mild.value, self.moderate.value, self.severe.value


class Choosing(Frozen):
    """Which homes an applicant names, and what offers the applicant takes. Weights are in units of taste.

    Attributes:
        homes_named_at_most: on homes' own lists; a central list takes all.
        accept_first_choice, accept_lower_choice: chance that an offer is taken; the second where there is no
            outside option.
        price_weight_per_1000_yuan: loss by the charge, of who can pay `price_weight_reference` a month; of
            others in proportion to reference over means, at most `price_weight_most` times as much.
        shortfall_weight_per_1000_yuan: further loss by what the charge of a public home lies above the means.
        country_home_weight: loss of a country home to residents of towns; `town_home_weight` the other way.
        going_on_at_home: utility of going on at home, on the scale of the homes.
        settles_for_less: by how much a lower choice may lie below the first and still be taken.
    """

    @model_validator(mode="after")
    def _names_some(self) -> Choosing:
        number = self.homes_named_at_most.value
        if number < 1 or number != int(number):
            raise PydanticCustomError(
                "whole_number",
                "{found} is no number of homes",
                {"found": f"{number:g}", "allowed": "1, 2, 3, ...", "key": "homes_named_at_most"},
            )
        return self

    homes_named_at_most: WholeCount
    accept_first_choice: Share
    accept_lower_choice: Share
    price_weight_per_1000_yuan: Number
    price_weight_reference: SomeYuanPerMonth
    price_weight_most: Factor
    shortfall_weight_per_1000_yuan: Number
    other_district_weight: Number
    private_weight: Number
    public_built_weight: Number
    country_home_weight: Number
    town_home_weight: Number
    integrated_weight: Number
    reputation_weight: Factor
    taste_weight: Factor
    going_on_at_home: ByAbility
    settles_for_less: DrawbackByAbility


class HeldBeds(Beds):
    """A whole number of beds of each kind in each home."""

    WHOLE = True

    @model_validator(mode="after")
    def _whole(self) -> HeldBeds:
        if self.value != int(self.value):
            context = {"found": f"{self.value:g}", "allowed": "0, 1, 2, ...", "key": "value"}
            raise PydanticCustomError("whole_number", "{found} is no number of beds", context)
        return self


def _held_unit(held: Any) -> str:
    """Which type reads beds held back: that of their unit."""
    unit = held.get("unit") if isinstance(held, Mapping) else getattr(held, "unit", None)
    return "beds" if unit == "beds" else "share"


Held = Annotated[Annotated[Share, Tag("share")] | Annotated[HeldBeds, Tag("beds")], Discriminator(_held_unit)]


class WaitingList(Frozen):
    """The list of each home.

    Attributes:
        patience: mean time after which somebody of moderate ability gives up.
        patience_by_need: that of each ability over it, if there is an outside option.
        allocation: each home has its own list, on which applicants are of the few homes that they name; or
            there is one central list of all suitable homes, and a freed bed goes to who ranks first on it and
            accepts it.
        held_for_tier_1: free beds that each home where the tiers apply holds back for tier 1, of each kind:
            a share of the open ones, or a number. Not given: none, an empty bed goes to whoever is first.
    """

    patience: MonthsLong
    patience_by_need: FactorByAbility
    turnover: Days
    allocation: Literal["own", "central"] = "own"
    burn_in: BurnIn
    held_for_tier_1: Held | None = None


class Leaving(Frozen):
    """Leaving a home alive, by cause."""

    per_year: Hazard
    family: Share
    hospital: Share
    elsewhere: Share
    cannot_pay: Share

    @model_validator(mode="after")
    def _causes(self) -> Leaving:
        causes = ("family", "hospital", "elsewhere", "cannot_pay")
        add_up_to_one({cause: getattr(self, cause).value for cause in causes})
        return self
