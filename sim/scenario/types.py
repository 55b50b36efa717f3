"""A scenario as a frozen, checked type: every input of the model by name, unit and source."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Literal

from pydantic import Field, FilePath, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.scenario.quantity import (
    Beds,
    Count,
    Days,
    Factor,
    Frozen,
    HoursPerWeek,
    MonthsLong,
    MonthText,
    Number,
    PerYear,
    Share,
    Status,
    Text,
    Years,
    Yuan,
    YuanPerMonth,
)

SCHEMA_VERSION = 1
LONGEST_HORIZON_MONTHS = 300
"""The census table starts at age 35, so nobody who turns 60 later than this is known."""
Payer = Literal["centre", "region", "city", "district", "family"]


def _add_up_to_one(shares: dict[str, float], key: str = "") -> None:
    """Shares are read by their decimal text, as `money.apportion` reads them."""
    total = sum(Decimal(str(share)) for share in shares.values())
    if total != 1:
        context = {"found": f"{float(total):.12g}", "allowed": "1"} | ({"key": key} if key else {})
        raise PydanticCustomError("shares_sum", "shares add up to {found}", context)


class Horizon(Frozen):
    """First and last month of the run."""

    start: MonthText
    end: MonthText

    @model_validator(mode="after")
    def _ordered(self) -> Horizon:
        if self.months > LONGEST_HORIZON_MONTHS:
            latest = Month.parse(self.start).plus(LONGEST_HORIZON_MONTHS - 1)
            raise PydanticCustomError(
                "horizon", "ends too late", {"found": self.end, "allowed": f"<= {latest}"}
            )
        if Month.parse(self.end) < Month.parse(self.start):
            raise PydanticCustomError(
                "horizon", "ends before it starts", {"found": self.end, "allowed": f">= {self.start}"}
            )
        return self

    @property
    def first(self) -> Month:
        """First month."""
        return Month.parse(self.start)

    @property
    def months(self) -> int:
        """Number of months, both ends included."""
        return Month.parse(self.end).minus(self.first) + 1


class District(Frozen):
    """A county-level unit of the place; its code is quoted text."""

    id: str
    zh: str
    en: str


class Place(Frozen):
    """The place: who it is, and its parts."""

    id: str
    zh: str
    en: str
    districts: list[District] = Field(min_length=1)


class Tables(Frozen):
    """The CSV tables of a scenario; their columns are in `sim.scenario.inputs`."""

    census: FilePath
    households: FilePath
    single_years: FilePath
    mortality: FilePath
    prevalence: FilePath
    marital: FilePath


class DatedCount(Frozen):
    """A published or proxied count at the end of a month, with its range."""

    month: MonthText
    value: float = Field(ge=0)
    low: float | None = None
    high: float | None = None
    status: Status
    source: str


class Population(Frozen):
    """Mortality, ability and migration."""

    prevalence_scenario: Literal["official_2021", "clhls_pooled", "fourth_survey_2015"]
    mortality_level_80plus: Factor
    relative_risk_mild: Factor
    relative_risk_moderate: Factor
    relative_risk_severe: Factor
    recovery_log_intercept: Number
    recovery_slope_per_year: Number
    recovery_highest_per_year: Share
    net_migration_per_year: PerYear
    registered_60plus: list[DatedCount] = Field(min_length=1)
    registered_65plus_share: Share


class Families(Frozen):
    """Living arrangements, children, and the hours of care a family gives (simple for now)."""

    alone_share: Share
    couple_share: Share
    children_mean_urban: Count
    children_mean_rural: Count
    hours_needed_mild: HoursPerWeek
    hours_needed_moderate: HoursPerWeek
    hours_needed_severe: HoursPerWeek
    hours_given_alone: HoursPerWeek
    hours_given_couple: HoursPerWeek
    hours_given_others: HoursPerWeek


class Groups(Frozen):
    """Shares of those aged 60+ in the groups that the plans name."""

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
    employee_pension_log_sd: Number
    support_per_child: YuanPerMonth
    children_who_support: Count


class Applying(Frozen):
    """Hazard of applying: k 2^((age - reference) / doubling) w(ability) family willingness."""

    k_per_year: PerYear
    reference_age: Years
    doubling_age: Years
    weight_intact: Factor
    weight_mild: Factor
    weight_moderate: Factor
    weight_severe: Factor
    family_alone: Factor
    family_couple: Factor
    family_others: Factor
    willingness: Share
    willingness_reference: Share
    admitted_per_application: Share


class Choosing(Frozen):
    """Which homes an applicant names, and what offers the applicant takes."""

    homes_named_at_most: Count
    accept_first_choice: Share
    accept_lower_choice: Share
    price_weight_per_1000_yuan: Number
    other_district_weight: Number
    private_weight: Number
    taste_weight: Factor


class WaitingList(Frozen):
    """The list of each home."""

    patience: MonthsLong
    turnover: Days
    burn_in: MonthsLong


class Leaving(Frozen):
    """Leaving a home alive, by cause."""

    per_year: PerYear
    family: Share
    hospital: Share
    elsewhere: Share
    cannot_pay: Share

    @model_validator(mode="after")
    def _causes(self) -> Leaving:
        causes = ("family", "hospital", "elsewhere", "cannot_pay")
        _add_up_to_one({cause: getattr(self, cause).value for cause in causes})
        return self


class Stock(Frozen):
    """Beds of all homes at the end of a month, as a document gives them or as a proxy."""

    month: MonthText
    beds: int = Field(ge=0)
    nursing_beds: int | None = Field(default=None, ge=0)
    status: Status
    source: str
    clauses: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _nursing_within(self) -> Stock:
        if self.nursing_beds is not None and self.nursing_beds > self.beds:
            raise PydanticCustomError(
                "nursing_above_beds",
                "more nursing beds than beds",
                {"found": str(self.nursing_beds), "allowed": f"<= {self.beds}"},
            )
        return self


class HomeList(Frozen):
    """A user's own list of homes instead of generated ones; it must add up to the latest stock."""

    file: FilePath


class Generator(Frozen):
    """Proxies from which homes are generated where no list is published."""

    public_bed_share: Share
    public_built_share: Share
    beds_per_public_home: Beds
    beds_per_private_home: Beds
    size_log_sd: Number
    public_nursing_share_factor: Factor
    price_public_intact: YuanPerMonth
    price_public_dependent: YuanPerMonth
    price_private_intact: YuanPerMonth
    price_private_partly: YuanPerMonth
    price_private_severe: YuanPerMonth
    price_log_sd: Number
    chain_integrated_homes: Count


class Homes(Frozen):
    """Beds of homes: the stock by date, how many are open, and the list of homes or its generator."""

    stock: list[Stock] = Field(min_length=1)
    open_share: Share
    listed: HomeList | None = None
    generator: Generator

    @model_validator(mode="after")
    def _dated(self) -> Homes:
        for before, after in pairwise(self.stock):
            if Month.parse(after.month) <= Month.parse(before.month):
                raise PydanticCustomError(
                    "stock_order", "not in order", {"found": after.month, "allowed": f"> {before.month}"}
                )
        if self.stock[-1].nursing_beds is None:
            raise PydanticCustomError(
                "stock_nursing",
                "no nursing beds",
                {"found": "nothing", "allowed": "nursing_beds of the last"},
            )
        return self


class PipelineBeds(Frozen):
    """Beds that a plan opens (or, if negative, closes) in a month."""

    id: str
    opens: MonthText
    beds: int
    nursing_beds: int
    converted_to_nursing: int = Field(default=0, ge=0)
    ownership: Literal["public", "public_built", "private"]
    government_invested: bool = False
    district: str | None = None
    clauses: list[str] = Field(default_factory=list)
    status: Status
    source: str

    @property
    def opens_month(self) -> Month:
        """The month of opening."""
        return Month.parse(self.opens)

    @model_validator(mode="after")
    def _nursing_within(self) -> PipelineBeds:
        if abs(self.nursing_beds) > abs(self.beds):
            raise PydanticCustomError(
                "nursing_above_beds",
                "more nursing beds than beds",
                {"found": str(self.nursing_beds), "allowed": f"<= {self.beds}"},
            )
        return self


class PipelineSites(Frozen):
    """Sites that a plan completes in a month: canteens, centres."""

    id: str
    kind: Literal["canteen_upgraded", "subdistrict_centre"]
    completes: MonthText
    sites: int = Field(ge=0)
    functions: list[str] = Field(default_factory=list)
    clauses: list[str] = Field(default_factory=list)
    status: Status
    source: str

    @property
    def completes_month(self) -> Month:
        """The month of completion."""
        return Month.parse(self.completes)


class Coverage(Frozen):
    """Units that community facilities should cover, and what is known of the facilities before the plan."""

    towns: Count
    centres_before: list[int] = Field(min_length=1)
    centres_before_status: Status
    centres_before_source: str
    communities: int | None = None
    communities_covered: int | None = None
    villages: int | None = None
    villages_covered: int | None = None


class Norms(Frozen):
    """Planning norms that turn need into beds."""

    institutional_share: Share
    mainly_nursing_share: Share | None = None


class Scenario(Frozen):
    """Everything that one run needs, and nothing else.

    Raises:
        pydantic.ValidationError: with every fault at once; `sim.scenario.resolve` locates them.
    """

    schema_version: Literal[1]
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    title: Text
    place: Place
    horizon: Horizon
    policy: FilePath
    tables: Tables
    population: Population
    families: Families
    groups: Groups
    means: Means
    applying: Applying
    choosing: Choosing
    waiting_list: WaitingList
    leaving: Leaving
    homes: Homes
    pipeline: list[PipelineBeds] = Field(default_factory=list)
    sites: list[PipelineSites] = Field(default_factory=list)
    coverage: Coverage
    norms: Norms
    operators: Literal["fixed"] = "fixed"
    beds_unlimited: bool = False
    rates: dict[str, Yuan] = Field(default_factory=dict)
    payers: dict[str, dict[Payer, float]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _payers_add_up(self) -> Scenario:
        for measure, shares in self.payers.items():
            _add_up_to_one({str(payer): share for payer, share in shares.items()}, f"payers.{measure}")
        return self
