"""An input value that says where it comes from: value, unit, range, status, source, date."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month

Status = Literal["published", "derived", "proxy", "assumption"]


def _month(text: str) -> str:
    try:
        Month.parse(text)
    except ValueError:
        raise PydanticCustomError(
            "month", "{found} is not a month", {"found": repr(text), "allowed": "YYYY-MM"}
        ) from None
    return text


MonthText = Annotated[str, AfterValidator(_month)]
"""A month written `YYYY-MM`, or a date of which the day is dropped."""


def add_up_to_one(shares: dict[str, float], key: str = "") -> None:
    """Shares are read by their decimal text, as `money.apportion` reads them."""
    total = sum(Decimal(str(share)) for share in shares.values())
    if total != 1:
        context = {"found": f"{float(total):.12g}", "allowed": "1"} | ({"key": key} if key else {})
        raise PydanticCustomError("shares_sum", "shares add up to {found}", context)


class Frozen(BaseModel):
    """A part of a scenario: can't be changed, knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """A text in Chinese and English."""

    zh: str
    en: str


class Quantity(Frozen):
    """A number with its unit, range, status and source.

    Attributes:
        value: the central value, used by run 0 and, until draws are declared, by all runs.
        low: lower end of the plausible range; `high`: its upper end. Same unit as the value.
        unit: must be the unit that the key asks for.
        status: published, derived, proxy or assumption.
        source: the original publisher, or the reason of an assumption.
        changes: values that hold from later months on.
    """

    UNIT: ClassVar[str] = ""
    LOWEST: ClassVar[float] = float("-inf")
    HIGHEST: ClassVar[float] = float("inf")
    BEYOND: ClassVar[str] = "out_of_bounds"
    """Id of the sentence about a number beyond the bounds."""

    value: float
    unit: str
    status: Status
    source: str = Field(min_length=1)
    low: float | None = None
    high: float | None = None
    date: str | None = None
    note: str | None = None
    changes: dict[MonthText, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Quantity:
        cls = type(self)
        if self.unit != cls.UNIT:
            raise PydanticCustomError(
                "wrong_unit", "unit is {found}", {"found": self.unit, "allowed": cls.UNIT, "key": "unit"}
            )
        for number in (self.value, self.low, self.high, *self.changes.values()):
            if number is not None and not cls.LOWEST <= number <= cls.HIGHEST:
                allowed = f"{cls.LOWEST:g} .. {cls.HIGHEST:g} ({cls.UNIT})"
                context = {"found": f"{number:g}", "allowed": allowed}
                raise PydanticCustomError(cls.BEYOND, "{found} is out of bounds", context)
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise PydanticCustomError(
                "range",
                "value outside its range",
                {"found": f"{low:g} <= {self.value:g} <= {high:g}", "allowed": "low <= value <= high"},
            )
        return self

    def at(self, month: Month) -> float:
        """The value that holds in a month."""
        value = self.value
        for text in sorted(self.changes):
            if Month.parse(text) <= month:
                value = self.changes[text]
        return value


class Share(Quantity):
    """A share between 0 and 1."""

    UNIT = "share"
    LOWEST = 0.0
    HIGHEST = 1.0


class PerYear(Quantity):
    """A hazard or a rate of growth per year."""

    UNIT = "per_year"


class Hazard(PerYear):
    """A hazard per year, not negative."""

    LOWEST = 0.0


class NetMigration(PerYear):
    """Net arrivals a year over the residents; a tenth a year either way is more than any city has seen."""

    LOWEST = -0.1
    HIGHEST = 0.1
    BEYOND = "net_migration"


class PriceGrowth(PerYear):
    """Growth of prices a year; what more than halves or doubles each year is a slip."""

    LOWEST = -0.5
    HIGHEST = 1.0


class Factor(Quantity):
    """A dimensionless factor, not negative."""

    UNIT = "factor"
    LOWEST = 0.0


class Number(Quantity):
    """A dimensionless number of either sign (a coefficient)."""

    UNIT = "number"


class Persons(Quantity):
    """A number of persons."""

    UNIT = "persons"
    LOWEST = 0.0


class Beds(Quantity):
    """A number of beds."""

    UNIT = "beds"
    LOWEST = 0.0


class Count(Quantity):
    """A number of things that are counted: sites, units, children."""

    UNIT = "count"
    LOWEST = 0.0


class Days(Quantity):
    """A length of time in days."""

    UNIT = "days"
    LOWEST = 0.0


class MonthsLong(Quantity):
    """A length of time in months."""

    UNIT = "months"
    LOWEST = 0.0


class Years(Quantity):
    """An age or a length of time in years."""

    UNIT = "years"
    LOWEST = 0.0


class Yuan(Quantity):
    """An amount in CNY, not negative: nothing is paid back by a rule."""

    UNIT = "yuan"
    LOWEST = 0.0


class YuanPerMonth(Quantity):
    """An amount in CNY per month."""

    UNIT = "yuan_per_month"
    LOWEST = 0.0


class HoursPerWeek(Quantity):
    """Hours of care a week."""

    UNIT = "hours_per_week"
    LOWEST = 0.0
