# Over 300 lines: types of data, one beside the other, no logic to share.
"""Inputs about homes and sites: the stock, the list of homes or its generator, and what a plan opens."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, FilePath, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.policy.clauses import Payer
from sim.scenario.dates import MonthText, once_each_in_order
from sim.scenario.delivery_types import Delivery
from sim.scenario.quantity import (
    Count,
    Factor,
    Frozen,
    HomeSize,
    LogSd,
    MonthsLong,
    Share,
    Status,
    Yuan,
    YuanPerMonth,
    add_up_to_one,
)

MOST_BEDS = 999_999
"""More beds than any place has; with more, an array of homes would not fit in memory."""
MOST_SITES = 100_000
MOST_HOUSEHOLDS = 10_000_000
MOST_M2 = 1e9


class Stock(Frozen):
    """Beds of all homes at the end of a month, as a document gives them, or as a proxy with its range."""

    month: MonthText
    beds: int = Field(ge=0, le=MOST_BEDS)
    low: int | None = Field(default=None, ge=0, le=MOST_BEDS)
    high: int | None = Field(default=None, ge=0, le=MOST_BEDS)
    nursing_beds: int | None = Field(default=None, ge=0, le=MOST_BEDS)
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
        low, high = (self.beds if end is None else end for end in (self.low, self.high))
        if not low <= self.beds <= high:
            found = {"found": f"{low} <= {self.beds} <= {high}", "allowed": "low <= beds <= high"}
            raise PydanticCustomError("range", "beds outside their range", found)
        return self


class HomeList(Frozen):
    """A user's own list of homes instead of generated ones; it must add up to the latest stock.

    Status and source are those of the list: nothing is taken for published that does not say so.
    """

    file: FilePath
    status: Status
    source: str = Field(min_length=1)


HomeFeature = Literal["medical_agreement", "in_house_unit", "integrated_medical_care", "liability_insurance"]


class HomesWith(Frozen):
    """How many homes have something from a month on: an agreement with a hospital, a clinic of their own, ...

    Attributes:
        feature: what they have. `in_house_unit` counts homes of the size that the law asks it of.
        month: at whose end they have it; the latest count not after a month holds.
        homes: how many; never more count than there are.
    """

    feature: HomeFeature
    month: MonthText
    homes: int = Field(ge=0, le=MOST_SITES)
    status: Status
    source: str = Field(min_length=1)


class Generator(Frozen):
    """Proxies from which homes are generated where no list is published.

    Attributes:
        country_share: of public beds, in country homes (town and township homes).
        country_nursing_share: of country homes, those with nursing beds.
        nursing_log_sd: spread of the nursing share between homes that have nursing beds.
        integrated_share: of homes with nursing beds, those with integrated medical care.
    """

    public_bed_share: Share
    public_built_share: Share
    beds_per_public_home: HomeSize
    beds_per_private_home: HomeSize
    size_log_sd: LogSd
    public_nursing_share_factor: Factor
    nursing_log_sd: LogSd
    country_share: Share
    country_nursing_share: Share
    integrated_share: Share
    price_public_intact: YuanPerMonth
    price_public_dependent: YuanPerMonth
    price_private_intact: YuanPerMonth
    price_private_partly: YuanPerMonth
    price_private_severe: YuanPerMonth
    price_log_sd: LogSd
    chain_integrated_homes: Count

    def split(self, stock: Stock) -> tuple[tuple[int, int], tuple[int, int]]:
        """Ordinary and nursing beds of public homes, and of private ones: the same in every list."""
        nursing_total = stock.nursing_beds or 0
        public = round(self.public_bed_share.value * stock.beds)
        private = stock.beds - public
        share = self.public_nursing_share_factor.value * nursing_total / max(stock.beds, 1)
        nursing = max(min(round(share * public), public), nursing_total - private)
        return (public - nursing, nursing), (private - nursing_total + nursing, nursing_total - nursing)


class OperatorRules(Frozen):
    """What private operators go by, see `sim.facilities.operators`.

    Attributes:
        fixed_cost_per_open_bed: a month, whether anybody lies in it or not.
        food: of a resident, a month.
        step_per_quarter: of the registered beds that open or close within a quarter, at most.
        raises_above, lowers_below: occupied over open beds above, below which the charge changes.
        price_step: by which it does, a quarter; `price_most` from the charge at the start, at most.
    """

    fixed_cost_per_open_bed: YuanPerMonth
    food: YuanPerMonth
    step_per_quarter: Share
    raises_above: Share
    lowers_below: Share
    price_step: Share
    price_most: Share


class Conversion(Frozen):
    """Turning ordinary beds into nursing beds.

    Attributes:
        months: of works before the month in which an item converts; its beds are closed for so long.
        cost_per_bed: paid when the works begin.
        payers: payer -> share, adding up to one; nobody named is `unassigned`.
    """

    months: MonthsLong
    cost_per_bed: Yuan
    payers: dict[Payer, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _payers_add_up(self) -> Conversion:
        if self.payers:
            add_up_to_one({str(payer): share for payer, share in self.payers.items()}, "payers")
        return self


class Homes(Frozen):
    """Beds of homes: the stock by date, how many are open, and the list of homes or its generator.

    `nursing_share` stands in where the latest count does not say how many are nursing beds.
    """

    stock: list[Stock] = Field(min_length=1)
    open_share: Share
    nursing_share: Share
    operators: OperatorRules
    conversion: Conversion
    listed: HomeList | None = None
    generator: Generator
    features: list[HomesWith] = Field(default_factory=list)

    @model_validator(mode="after")
    def _dated(self) -> Homes:
        for before, after in pairwise(self.stock):
            if after.beds < before.beds:
                raise PydanticCustomError(
                    "stock_falls", "falls", {"found": str(after.beds), "allowed": f">= {before.beds}"}
                )
            if Month.parse(after.month) <= Month.parse(before.month):
                raise PydanticCustomError(
                    "stock_order", "not in order", {"found": after.month, "allowed": f"> {before.month}"}
                )
        if self.open_share.value == 0:
            raise PydanticCustomError(
                "open_share_zero", "no bed open", {"found": "0", "allowed": "> 0", "key": "open_share"}
            )
        for feature in {row.feature for row in self.features}:
            rows = [(at, row) for at, row in enumerate(self.features) if row.feature == feature]
            once_each_in_order(((f"features.{at}.month", row.month) for at, row in rows), ordered=False)
        return self

    def with_feature(self, feature: HomeFeature, month: int) -> int | None:
        """Homes that have something at the end of a month (index); None where nobody counted them by then."""
        counted = [row for row in self.features if row.feature == feature]
        by_then = [row for row in counted if Month.parse(row.month).index <= month]
        return max(by_then, key=lambda row: Month.parse(row.month)).homes if by_then else None

    @property
    def latest(self) -> Stock:
        """The latest count, with its nursing beds: as counted, or by the share."""
        last = self.stock[-1]
        if last.nursing_beds is not None:
            return last
        return last.model_copy(update={"nursing_beds": round(self.nursing_share.value * last.beds)})


class PipelineBeds(Frozen):
    """Beds that a plan opens (or, if negative, closes) in a month.

    `area_m2` is the gross floor area of the item, shared space included; `smart_from` the month in which the
    home reaches the standard of a smart home, if it is one. Without `delivery` the item comes as planned.
    """

    id: str
    opens: MonthText
    beds: int = Field(ge=-MOST_BEDS, le=MOST_BEDS)
    nursing_beds: int = Field(ge=-MOST_BEDS, le=MOST_BEDS)
    converted_to_nursing: int = Field(default=0, ge=0, le=MOST_BEDS)
    ownership: Literal["public", "public_built", "private"]
    government_invested: bool = False
    built: Literal["new", "rebuilt"] = "new"
    area_m2: float | None = Field(default=None, ge=0, le=MOST_M2)
    smart_from: MonthText | None = None
    district: str | None = None
    delivery: Delivery | None = None
    clauses: list[str] = Field(default_factory=list)
    status: Status
    source: str

    @property
    def opens_month(self) -> Month:
        """The month of opening."""
        return Month.parse(self.opens)

    @model_validator(mode="after")
    def _nursing_within(self) -> PipelineBeds:
        if self.nursing_beds * self.beds < 0:
            found = {"found": str(self.nursing_beds), "allowed": str(self.beds), "key": "nursing_beds"}
            raise PydanticCustomError("nursing_other_sign", "beds open and close at once", found)
        if abs(self.nursing_beds) > abs(self.beds):
            raise PydanticCustomError(
                "nursing_above_beds",
                "more nursing beds than beds",
                {"found": str(self.nursing_beds), "allowed": f"<= {self.beds}"},
            )
        return self


SiteKind = Literal[
    "canteen_upgraded", "subdistrict_centre", "community_day_care_centre", "care_station",
    "village_care_station", "rural_mutual_aid_home", "community_service_complex", "eldercare_complex",
    "standard_care_centre", "home_care_network_point", "embedded_day_care_centre",
    "travel_residence_institution", "destitute_support_home", "rehab_nursing_facility",
    "meal_service_point", "integrated_health_centre", "reused_destitute_home",
]  # fmt: skip
"""Facilities that the plans count by sites; their beds, where a document gives any, are pipeline items."""


Level = Literal["city", "district", "town", "community"]
"""Levels of a network of facilities."""


class PipelineSites(Frozen):
    """Sites that a plan completes in a month: canteens, centres, stations.

    Area and households are those of each site; None = not known. Without `delivery` they come as planned.
    Without `district` they go where there are fewest of them; without `level` they have that of their kind.
    """

    id: str
    kind: SiteKind
    completes: MonthText
    sites: int = Field(ge=0, le=MOST_SITES)
    functions: list[str] = Field(default_factory=list)
    new_build: bool = True
    area_m2: float | None = Field(default=None, ge=0, le=MOST_M2)
    households: int | None = Field(default=None, ge=0, le=MOST_HOUSEHOLDS)
    district: str | None = None
    level: Level | None = None
    delivery: Delivery | None = None
    clauses: list[str] = Field(default_factory=list)
    status: Status
    source: str

    @property
    def completes_month(self) -> Month:
        """The month of completion."""
        return Month.parse(self.completes)
