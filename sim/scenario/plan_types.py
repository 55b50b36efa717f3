# Over 300 lines: types of data, one beside the other, no logic to share.
"""Inputs about what a plan says outside the model: staff, estates, registers, central projects, money."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.policy.clauses import Payer
from sim.scenario.dates import MonthText, once_each_in_order
from sim.scenario.quantity import (
    AllowanceAge,
    Count,
    Frozen,
    Persons,
    PriceGrowth,
    Quantity,
    Share,
    Status,
    plainly,
)
from sim.scenario.staff_types import HomeStaff

Register = Literal[
    "pension_insurance_rate",
    "medical_insurance_rate",
    "employee_pension_coverage",
    "health_record_rate_65plus",
    "health_management_rate_65plus",
    "elderly_university_per_county",
    "model_place_application",
    "rural_home_unified_management_rate",
    "graduate_hire_contract_years",
    "internship_retention_rate",
    "grassroots_care_posts",
    "smart_home_watch_hours",
    "utility_tariff_class",
    "model_base_count",
    "integration_model_institutions",
    "tcm_management_rate_65plus",
    "tcm_service_area_share",
    "tcm_service_per_65plus_year",
    "geriatrics_department_share",
    "key_staff_training_plan_years",
    "subsidy_rules_issued",
    "destitute_home_quality_compliance",
    "care_standards_applied_count",
    "elderly_education_county_coverage",
    "integration_models_per_year",
    "care_information_platform_count",
    "information_system_use_rate",
    "care_worker_training_person_times",
    "provincial_training_base_count",
    "emergency_placement",
]
"""What other bodies count; the indicator of the same name is the latest value not after a month.

`utility_tariff_class` is 1 for household prices, else 0; `subsidy_rules_issued` 1 once they are.
"""
YearText = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}$")]


class Ratio(Quantity):
    """Residents of homes for each caregiver."""

    UNIT = "residents_per_caregiver"
    LOWEST = 0.1
    HIGHEST = 1_000.0


class Area(Quantity):
    """An area of land in square kilometres."""

    UNIT = "km2"
    LOWEST = 0.001
    HIGHEST = 1_000_000.0


class PersonsPerYear(Quantity):
    """A number of persons a year."""

    UNIT = "persons_per_year"


class StaffFlow(Frozen):
    """Who comes to a stock of staff and who goes; without either the stock stays what it is."""

    recruited_per_year: PersonsPerYear | None = None
    leaving_share_per_year: Share | None = None


StaffKind = Literal["caregivers", "social_workers_in_homes", "social_workers_community"]


class Staff(Frozen):
    """Caregivers and social workers as stocks; they stay what they were where no flow is given.

    Attributes:
        residents_per_caregiver: at the start of the run; it gives the stock where nobody counted it.
        residents_per_caregiver_needed: the norm that says how many are needed.
        caregivers: the stock, if it is known.
        homes: caregivers of each home, and the beds that they can staff.
        qualified_share: caregivers who meet the conditions of an employment subsidy.
        social_workers_in_homes, social_workers_community: unknown (null) is "not computable".
        flows: recruits and leaving by stock. A dated count goes before them in its month.
    """

    residents_per_caregiver: Ratio
    residents_per_caregiver_needed: Ratio
    caregivers: Persons | None = None
    qualified_share: Share
    homes: HomeStaff
    social_workers_in_homes: Persons | None = None
    social_workers_community: Persons | None = None
    flows: dict[StaffKind, StaffFlow] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _flows_have_a_stock(self) -> Staff:
        for kind in self.flows:
            if kind != "caregivers" and getattr(self, kind) is None:
                context = {
                    "found": f"a flow of {kind}",
                    "allowed": f"with staff.{kind}",
                    "key": f"flows.{kind}",
                }
                raise PydanticCustomError("other", "a flow without a stock", context)
        return self


class Estate(Frozen):
    """A housing estate as a planning unit: how many households, how much room for care, and since when.

    An existing estate without months has what it has; a new one without a month is not handed over yet.
    What only some laws ask for may be left out: it is not known then.

    Attributes:
        care_m2: floor area for care that is the estate's own, or its share of a site.
        residents, land_m2: planned residents, and land for care.
        outdoor_m2: open space for older people.
        site: id of the site, where estates share one; each has its own otherwise.
        found_deficient: found wanting in the check of estates built since 2014.
        day_care_centre: whether a community day-care centre serves it.
    """

    id: str
    kind: Literal["new", "existing"]
    households: int = Field(gt=0, le=1_000_000)
    care_m2: float = Field(ge=0, le=1e9)
    residents: int | None = Field(default=None, gt=0, le=10_000_000)
    land_m2: float | None = Field(default=None, ge=0, le=1e9)
    outdoor_m2: float | None = Field(default=None, ge=0, le=1e9)
    site: str | None = None
    found_deficient: bool = False
    day_care_centre: bool | None = None
    handover: MonthText | None = None
    care_handover: MonthText | None = None
    status: Status
    source: str = Field(min_length=1)


_REGISTER_BOUNDS = {
    "percent": (0.0, 100.0), "hours_per_day": (0.0, 24.0), "household_price": (0.0, 1.0),
    "model_county_status": (0.0, 1.0),
}  # fmt: skip
"""Unit -> lowest and highest; any other number counts something. Which unit it must be the law says."""


class RegisterValue(Frozen):
    """What a register shows at the end of a month; `label` says which of several values of a clause it is."""

    month: MonthText
    value: float
    unit: str
    label: str | None = None
    status: Status
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _within(self) -> RegisterValue:
        low, high = _REGISTER_BOUNDS.get(self.unit, (0.0, 1e9))
        if not low <= self.value <= high:
            allowed = f"{plainly(low)} .. {plainly(high)} ({self.unit})"
            context = {"found": plainly(self.value), "allowed": allowed, "key": "value"}
            raise PydanticCustomError("out_of_bounds", "{found} is out of bounds", context)
        return self


def _one_value_a_month(values: list[RegisterValue]) -> list[RegisterValue]:
    """Each series of a register is in the order of time; a value without a label is of every series."""
    for label in dict.fromkeys(value.label for value in values):
        rows = [(f"{at}.month", row) for at, row in enumerate(values) if row.label == label]
        once_each_in_order((key, row.month) for key, row in rows)
        rows = [(f"{at}.month", row) for at, row in enumerate(values) if row.label in (None, label)]
        once_each_in_order(((key, row.month) for key, row in rows), ordered=False)
    return values


RegisterValues = Annotated[list[RegisterValue], AfterValidator(_one_value_a_month)]


class CentralProject(Frozen):
    """A project with central budget investment: planned and actual months; empty = has not happened."""

    id: str
    planned_start: MonthText
    planned_finish: MonthText
    actual_start: MonthText | None = None
    actual_finish: MonthText | None = None
    status: Status
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> CentralProject:
        for start, finish in (
            (self.planned_start, self.planned_finish),
            (self.actual_start, self.actual_finish),
        ):
            if finish is not None and (start is None or Month.parse(finish) < Month.parse(start)):
                allowed = f">= {start}" if start else "a start before the finish"
                raise PydanticCustomError("range", "out of order", {"found": finish, "allowed": allowed})
        return self


class Proximity(Frozen):
    """The optional proxy of the quarter-hour circle: facilities strewn at random over the built-up area."""

    facilities: Count
    built_up: Area


MOST_OF_A_YEAR = 1e12


class Budget(Quantity):
    """Money of a fiscal year, and the measures that it is for (all if none is named)."""

    UNIT = "yuan"
    HIGHEST = MOST_OF_A_YEAR

    measures: list[str] = Field(default_factory=list)


class YuanPerYear(Quantity):
    """Money of a year."""

    UNIT = "yuan"
    HIGHEST = MOST_OF_A_YEAR


class LotteryYear(Frozen):
    """The welfare-lottery fund of a year, and what of it went to elderly care."""

    fund: YuanPerYear
    eldercare: YuanPerYear

    @model_validator(mode="after")
    def _part_of_the_fund(self) -> LotteryYear:
        if self.eldercare.value > self.fund.value:
            context = {
                "found": plainly(self.eldercare.value),
                "allowed": f"0 .. {plainly(self.fund.value)} (yuan)",
                "key": "eldercare.value",
            }
            raise PydanticCustomError("out_of_bounds", "more than the fund", context)
        return self


class Money(Frozen):
    """Settings of the ledger.

    Attributes:
        price_growth_per_year: of the rates that the scenario gives; a rate in the document stays as written.
        price_base_year: the year in which those rates hold.
        fiscal_year_first_month: a fiscal year is named by the calendar year in which it begins.
        budgets: fiscal year -> budget. Without one, what the document itself sets aside for its measures.
        appropriations: payer -> fiscal year -> what that payer has set aside for everything that it pays.
        lottery: calendar year -> the welfare-lottery fund; without one its floor is not computable.
        old_age_allowance_from: age from which the old-age allowance is paid.
    """

    price_growth_per_year: PriceGrowth
    price_base_year: int = Field(ge=1990, le=2100)
    fiscal_year_first_month: int = Field(default=1, ge=1, le=12)
    budgets: dict[YearText, Budget] = Field(default_factory=dict)
    appropriations: dict[Payer, dict[YearText, YuanPerYear]] = Field(default_factory=dict)
    lottery: dict[YearText, LotteryYear] = Field(default_factory=dict)
    old_age_allowance_from: AllowanceAge

    def price_factor(self, year: int) -> Fraction:
        """By how much the scenario's rates have grown from the base year to a year, exact."""
        return _grown(str(self.price_growth_per_year.value), year - self.price_base_year)

    def appropriation(self, payer: str, year: int) -> Quantity | None:
        """What is set aside for a fiscal year: by a payer, or, for `total`, the budget for all measures."""
        text = str(year)
        if payer == "total":
            budget = self.budgets.get(text)
            return budget if budget and not budget.measures else None
        return next((years.get(text) for name, years in self.appropriations.items() if name == payer), None)


@lru_cache(maxsize=256)
def _grown(per_year: str, years: int) -> Fraction:
    """Growth over some years, exact; many rates grow alike, and long fractions are slow."""
    return (1 + Fraction(per_year)) ** years
