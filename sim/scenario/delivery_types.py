"""How much of what a plan opens is delivered, and how late: distributions, drawn for each item and run."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.quantiles import triangular
from sim.scenario.quantity import Frozen, Status

_NUMBERS = ("value", "low", "mode", "high")
_USES = {"fixed": ("value",), "uniform": ("low", "high"), "triangular": ("low", "mode", "high")}


def whole(number: float) -> int:
    """The nearest whole number, halves up."""
    return math.floor(number + 0.5)


def part_of(number: int, share: float) -> int:
    """The nearest whole number to a share of beds or sites; closings (negative) as openings.

    Rounding keeps the order of two numbers, so nursing beds stay within beds.
    """
    return int(math.copysign(whole(abs(number) * share), number))


class Distribution(Frozen):
    """A number that is not known, by its distribution, with unit, status and source.

    Attributes:
        distribution: `fixed` (a value), `uniform` (low, high) or `triangular` (low, mode, high).
        as_planned: probability that the number is exactly the plan's; otherwise the distribution holds.
    """

    UNIT: ClassVar[str] = ""
    LOWEST: ClassVar[float] = 0.0
    HIGHEST: ClassVar[float] = float("inf")
    PLANNED: ClassVar[float] = 0.0
    """What the plan says: one end of what is allowed."""

    distribution: Literal["fixed", "uniform", "triangular"]
    value: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    as_planned: float = Field(default=0.0, ge=0, le=1)
    unit: str
    status: Status
    source: str = Field(min_length=1)
    date: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Distribution:
        cls, uses = type(self), _USES[self.distribution]
        if self.unit != cls.UNIT:
            raise PydanticCustomError(
                "wrong_unit", "unit is {found}", {"found": self.unit, "allowed": cls.UNIT, "key": "unit"}
            )
        given = tuple(name for name in _NUMBERS if getattr(self, name) is not None)
        if given != uses or (self.as_planned and self.distribution == "fixed"):
            found = ", ".join((*given, *(["as_planned"] if self.as_planned else [])))
            raise PydanticCustomError(
                "distribution_numbers",
                "other numbers",
                {"found": f"{self.distribution}: {found or '-'}", "allowed": ", ".join(uses)},
            )
        numbers = [getattr(self, name) for name in uses]
        for name, number in zip(uses, numbers, strict=True):
            if not cls.LOWEST <= number <= cls.HIGHEST:
                allowed = f"{cls.LOWEST:g} .. {cls.HIGHEST:g} ({cls.UNIT})"
                raise PydanticCustomError(
                    "out_of_bounds",
                    "out of bounds",
                    {"found": f"{number:g}", "allowed": allowed, "key": name},
                )
        if numbers != sorted(numbers):
            raise PydanticCustomError(
                "distribution_order",
                "not in order",
                {"found": " <= ".join(f"{n:g}" for n in numbers), "allowed": " <= ".join(uses)},
            )
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest number that can be drawn."""
        uses = _USES[self.distribution]
        ends = [self._number(uses[0]), self._number(uses[-1])]
        if self.as_planned:
            ends.append(type(self).PLANNED)
        return min(ends), max(ends)

    @property
    def certain(self) -> bool:
        """Whether there is one possible number."""
        low, high = self.ends
        return low == high

    @property
    def is_the_plan(self) -> bool:
        """Whether the number is certainly that of the plan."""
        return self.ends == (type(self).PLANNED, type(self).PLANNED)

    def quantile(self, u: float) -> float:
        """The number below which a part u of the draws lies; it never falls as u rises.

        The plan's number is the end of what is allowed, so the draws that hit it lie at that end.
        """
        planned = self.as_planned
        at_top = type(self).PLANNED == type(self).HIGHEST
        if planned and (u >= 1 - planned if at_top else u < planned):
            return type(self).PLANNED
        rest = u if at_top else u - planned
        return self._quantile(rest / (1 - planned))

    def _quantile(self, u: float) -> float:
        if self.distribution == "fixed":
            return self._number("value")
        low, high = self._number("low"), self._number("high")
        if self.distribution == "uniform":
            return low + (high - low) * u
        return triangular(u, low, self._number("mode"), high)

    def _number(self, name: str) -> float:
        """A number that the distribution uses; it is there once the type is built."""
        return float(getattr(self, name))


class DeliveredShare(Distribution):
    """The part of the planned beds or sites that is delivered."""

    UNIT = "share"
    HIGHEST = 1.0
    PLANNED = 1.0


class DelayMonths(Distribution):
    """How many months later than planned."""

    UNIT = "months"
    HIGHEST = 600.0


class Delivery(Frozen):
    """How much of an item is delivered, and how late; the two are drawn independently of one another."""

    share: DeliveredShare
    delay_months: DelayMonths

    @property
    def certain(self) -> bool:
        """Whether nothing is left to chance."""
        return self.share.certain and self.delay_months.certain

    @property
    def is_the_plan(self) -> bool:
        """Whether the item is certainly delivered as planned."""
        return self.share.is_the_plan and self.delay_months.is_the_plan
