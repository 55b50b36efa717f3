"""The types of a policy file: strict, frozen, no other keys. `sim.policy.book` reads and joins them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.codes import Ability, Group, Ownership
from sim.months import Month

LOWEST_TIER = 3
"""The tier of everyone whom no rule names: the last of the tiers that `waits.csv` knows."""
UNASSIGNED = "unassigned"
"""The payer where neither the document nor the scenario names one."""

T = TypeVar("T")
Several = Annotated[tuple[T, ...], Field(strict=False)]
"""A list in the file, a tuple here."""

Operator = Literal[">=", "=", "<=", "<"]
Payer = Literal["centre", "region", "city", "district", "family"]
RateStatus = Literal["in document", "not in document"]
Basis = Literal["dated_2025", "interim_step", "carried_forward", "standing_recurring", "undated_standing"]
_STANDING = ("standing_recurring", "undated_standing")


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


def _one_of(names: list[str]) -> AfterValidator:
    def check(text: str) -> str:
        if text not in names:
            raise PydanticCustomError(
                "not_choice",
                "{found} is not one of {allowed}",
                {"found": f"'{text}'", "allowed": ", ".join(names)},
            )
        return text

    return AfterValidator(check)


DayText = Annotated[str, AfterValidator(_day)]
MonthText = Annotated[str, AfterValidator(_month)]
GroupName = Annotated[str, _one_of([str(group.name).lower() for group in Group])]
AbilityName = Annotated[str, _one_of([ability.name.lower() for ability in Ability])]
OwnershipName = Annotated[str, _one_of([ownership.name.lower() for ownership in Ownership])]


class Strict(BaseModel):
    """A part of a policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Strict):
    """The project's own words, in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Document(Strict):
    """The notice.

    Attributes:
        date: day of issue; no rule applies before its month.
        carried_to: the day on which targets of earlier dates are tested again as floors.
    """

    place: str
    title: Words
    number: str | None
    date: DayText
    issuer: Words
    carried_to: DayText
    note: Words | None = None


class Value(Strict):
    """A number of a clause; without `due` it holds from the notice on. Percent: 60 means 60 percent."""

    value: float
    unit: str
    due: DayText | None = None


class Clause(Strict):
    """One rule of the document.

    Attributes:
        computed: simulated = emerges from the model; planned = follows from the pipeline; register = input.
        numbers: the key `values` of the file.
        denominators: populations to which the document may refer; `picked_denominator` by the user.
        read_from: key of the scenario that holds several possible values of one unknown input.
        requires: what something needs to count (functions of a centre).
        unit: of the indicator, where there is no value to carry it.
    """

    id: str
    kind: Literal["target", "subsidy", "standard", "eligibility", "baseline_fact"]
    section: str
    rule: Words
    force: Literal["must", "strive", "encourage", "fact"]
    computed: Literal["simulated", "planned", "register"]
    indicator: str | None = None
    measure: str | None = None
    operator: Operator | None = None
    numbers: Several[Value] = Field(default=(), alias="values")
    unit: str | None = None
    basis_2025: Basis | None = None
    suspect: bool = False
    restates: Several[str] = ()
    denominators: Several[str] = ()
    picked_denominator: str | None = None
    read_from: str | None = None
    requires: Several[str] = ()
    applies_to: Words
    note: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Clause:
        if (self.indicator is None) == (self.measure is None):
            raise fault(f"{self.id} names both or neither", "an indicator or a measure")
        if bool(self.numbers) != (self.operator is not None):
            raise fault(f"{self.id} has values or an operator alone", "both, or none (report only)")
        if self.kind == "target" and self.basis_2025 is None:
            raise fault(f"{self.id} has no basis_2025", "one for every target")
        if (
            self.kind == "target"
            and self.basis_2025 not in _STANDING
            and not any(v.due for v in self.numbers)
        ):
            raise fault(f"{self.id} has no due date", f"a due date, or basis_2025 one of {_STANDING}")
        if self.picked_denominator is not None and self.picked_denominator not in self.denominators:
            raise fault(f"{self.id} picks '{self.picked_denominator}'", ", ".join(self.denominators))
        return self

    @property
    def denominators_or_one(self) -> tuple[str, ...]:
        """The denominators of its rows: the empty text where the clause leaves no choice."""
        return self.denominators or ("",)


class Terms(Strict):
    """What a measure gives: the yearly budget, the quantity it is meant for, the document's rate if any."""

    budget_yuan: float | None = Field(default=None, ge=0)
    quantity: float | None = Field(default=None, ge=0)
    rate_yuan: float | None = Field(default=None, ge=0)


class Measure(Strict):
    """A dated rule of money: its clause, the unit that is paid for, who pays, and its terms by month.

    `payers` are shares that add up to one; none where the document names nobody.
    """

    clause: str
    name: Words
    unit: str
    rate_status: RateStatus
    payers: dict[Payer, float] = Field(default_factory=dict)
    in_force: dict[MonthText, Terms | None] = Field(min_length=1)


class Condition(Strict):
    """A resident meets it by being in one of `groups_any`, in all of `groups_all`, and able at most so."""

    groups_any: Several[GroupName] = ()
    groups_all: Several[GroupName] = ()
    ability_from: AbilityName | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if not (self.groups_any or self.groups_all or self.ability_from):
            raise fault("a condition that everybody meets", "groups_any, groups_all or ability_from")
        return self


class Tier(Strict):
    """A class of priority and the conditions of which one is enough."""

    tier: int = Field(ge=1, lt=LOWEST_TIER)
    any_of: Several[Condition] = Field(min_length=1)


class Admission(Strict):
    """Who is admitted first to homes of some ownerships; whom no tier names is in the lowest tier."""

    clause: str
    ownership: Several[OwnershipName] = Field(min_length=1)
    tie_break_entitled: bool
    tiers: Several[Tier] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Admission:
        numbers = [tier.tier for tier in self.tiers]
        if numbers != sorted(set(numbers)):
            raise fault(f"tiers {numbers}", "each once, in order")
        return self
