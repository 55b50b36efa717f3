"""What the types of a policy file share: strictness, days and months, words in two languages, faults."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sim.months import Month

T = TypeVar("T")
Several = Annotated[tuple[T, ...], Field(strict=False)]
"""A list in the file, a tuple here."""


def fault(found: str, allowed: str) -> PydanticCustomError:
    """What is found and what is allowed, for a fault of code `other`."""
    return PydanticCustomError(
        "other", "{found}; allowed: {allowed}", {"found": found.replace("{", "("), "allowed": allowed}
    )


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise fault(repr(text), "YYYY-MM-DD") from None
    return text


def _month(text: str) -> str:
    try:
        Month.parse(text)
    except ValueError:
        raise fault(repr(text), "YYYY-MM") from None
    return text


DayText = Annotated[str, AfterValidator(_day)]
MonthText = Annotated[str, AfterValidator(_month)]


class Strict(BaseModel):
    """A part of a policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Strict):
    """The project's own words, in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
