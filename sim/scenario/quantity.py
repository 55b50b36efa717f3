"""An input value that says where it comes from: value, unit, range, status, source, date."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.scenario.dates import MonthText, once_each_in_order

Status = Literal["published", "derived", "proxy", "assumption"]


def plainly(number: float) -> str:
    """A number as it is written in a file, without an exponent where that is short."""
    return f"{number:.15g}"


def add_up_to_one(shares: dict[str, float], key: str = "") -> None:
    """Shares between 0 and 1, read by their decimal text, as `money.apportion` reads them."""
    for name, share in shares.items():
        if not 0 <= share <= 1:
            context = {
                "found": plainly(share),
                "allowed": "0 .. 1 (share)",
                "key": f"{key}.{name}" if key else name,
            }
            raise PydanticCustomError("out_of_bounds", "{found} is out of bounds", context)
    total = sum(Decimal(str(share)) for share in shares.values())
    if total != 1:
        context = {"found": f"{float(total):.12g}", "allowed": "1"} | ({"key": key} if key else {})
        raise PydanticCustomError("shares_sum", "shares add up to {found}", context)


def in_range(low: float | None, value: float, high: float | None) -> None:
    """A value lies between its low and its high, where they are given."""
    low, high = (value if end is None else end for end in (low, high))
    if not low <= value <= high:
        found = " <= ".join(plainly(number) for number in (low, value, high))
        raise PydanticCustomError(
            "range", "value outside its range", {"found": found, "allowed": "low <= value <= high"}
        )


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
    LOWEST: ClassVar[float] = 0.0
    HIGHEST: ClassVar[float] = 1e9
    """No quantity is without end: beyond it a number is a slip, and arithmetic of money or chance breaks."""
    BEYOND: ClassVar[str] = "out_of_bounds"
    """Id of the sentence about a number beyond the bounds."""
    WHOLE: ClassVar[bool] = False
    """Whether nothing but a whole number has a meaning."""

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
                allowed = f"{plainly(cls.LOWEST)} .. {plainly(cls.HIGHEST)} ({cls.UNIT})"
                context = {"found": plainly(number), "allowed": allowed}
                raise PydanticCustomError(cls.BEYOND, "{found} is out of bounds", context)
        in_range(self.low, self.value, self.high)
        once_each_in_order(((f"changes.{text}", text) for text in self.changes), ordered=False)
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
    HIGHEST = 1.0


class SomeShare(Share):
    """A share that something is divided by: small perhaps, but there."""

    LOWEST = 0.001


class PerYear(Quantity):
    """A hazard or a rate of growth per year."""

    UNIT = "per_year"


class PriceGrowth(PerYear):
    """Growth of prices a year."""

    LOWEST = -0.2
    HIGHEST = 0.5


class Hazard(PerYear):
    """A hazard per year; 100 is twice a week."""

    HIGHEST = 100.0


class NetMigration(PerYear):
    """Net arrivals a year over the residents; a tenth a year either way is more than any city has seen."""

    LOWEST = -0.1
    HIGHEST = 0.1
    BEYOND = "net_migration"


class Factor(Quantity):
    """A dimensionless factor, not negative."""

    UNIT = "factor"
    HIGHEST = 1_000.0


class MortalityFactor(Factor):
    """How many times as often people die; without any death no population has an equilibrium."""

    LOWEST = 0.1
    HIGHEST = 20.0


class Number(Quantity):
    """A dimensionless number of either sign (a coefficient)."""

    UNIT = "number"
    LOWEST = -100.0
    HIGHEST = 100.0


class SlopePerYear(Number):
    """How much a logarithm changes with a year of age."""

    LOWEST = -1.0
    HIGHEST = 1.0


class LogSd(Quantity):
    """A spread on the log scale; at 3 the largest of a hundred is a thousand times the middle one."""

    UNIT = "number"
    HIGHEST = 3.0


class Persons(Quantity):
    """A number of persons."""

    UNIT = "persons"


class Beds(Quantity):
    """A number of beds."""

    UNIT = "beds"
    HIGHEST = 999_999.0


class HomeSize(Beds):
    """Mean beds of a home; below five it is none."""

    LOWEST = 5.0
    HIGHEST = 10_000.0


class Count(Quantity):
    """A number of things that are counted: sites, units, children."""

    UNIT = "count"


class WholeCount(Count):
    """A number of things of which there is no part."""

    WHOLE = True


class Children(Count):
    """Mean number of children."""

    HIGHEST = 20.0


class Days(Quantity):
    """A length of time in days, a hundred years at most."""

    UNIT = "days"
    HIGHEST = 36_500.0


class MonthsLong(Quantity):
    """A length of time in months, a hundred years at most."""

    UNIT = "months"
    HIGHEST = 1_200.0


class BurnIn(MonthsLong):
    """Months that a run of the list before the first month takes."""

    LOWEST = 1.0
    HIGHEST = 600.0


class Years(Quantity):
    """An age or a length of time in years."""

    UNIT = "years"
    HIGHEST = 150.0


class DoublingYears(Years):
    """Years in which something doubles; so many that age does not matter may be meant."""

    LOWEST = 1.0
    HIGHEST = 1e9


class AllowanceAge(Years):
    """The age from which an allowance of old age is paid."""

    LOWEST = 50.0
    HIGHEST = 120.0


class Yuan(Quantity):
    """An amount in CNY for one unit of something, not negative: nothing is paid back by a rule."""

    UNIT = "yuan"


class YuanPerMonth(Quantity):
    """An amount in CNY per month, of one person."""

    UNIT = "yuan_per_month"
    HIGHEST = 1_000_000.0


class SomeYuanPerMonth(YuanPerMonth):
    """An amount that something is divided by."""

    LOWEST = 1.0


class HoursPerWeek(Quantity):
    """Hours of care a week."""

    UNIT = "hours_per_week"
    HIGHEST = 168.0
