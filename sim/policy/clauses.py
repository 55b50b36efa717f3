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
Kind = Literal[
    "target", "subsidy", "standard", "eligibility", "cost_share", "funding_floor", "baseline_fact", "process"
]
Basis = Literal["dated_2025", "interim_step", "carried_forward", "standing_recurring", "undated_standing"]
_STANDING = ("standing_recurring", "undated_standing")
_TOLD = ("process", "subsidy")
"""Kinds whose numbers say how much or when; nothing is compared with them."""


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
    """A number of a clause; without `due` it holds from the notice on. Percent: 60 means 60 percent.

    Attributes:
        role: value = what the indicator is compared with; condition = to whom or where the rule applies.
        operator: of a condition; a value has that of its clause.
        label: what a condition is about; or which of several values of a clause this one is: each has its
            own row, with the label as denominator (start, finish).
    """

    value: float
    unit: str
    due: DayText | None = None
    role: Literal["value", "condition"] = "value"
    operator: Operator | None = None
    label: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Value:
        if (self.role == "condition") != (self.operator is not None):
            raise fault(f"{self.role} {self.value:g} {self.unit}", "an operator for a condition, none else")
        return self


class Clause(Strict):
    """One rule of the document.

    Attributes:
        computed: simulated = emerges from the model; planned = follows from the pipeline; register = input.
        indicator, measures, plan_input: what implements it, one of the three; a plan input is a section of
            the scenario.
        numbers: the key `values` of the file.
        begins, deadline: of what is done once; `recurrence` of what is done again and again.
        payer: whom the document names, in words.
        denominators: populations to which the document may refer; `picked_denominator` by the user.
        read_from: key of the scenario that holds several possible values of one unknown input.
        requires: what something needs to count (functions of a centre).
        unit: of the indicator, where there is no value to carry it.
    """

    id: str
    kind: Kind
    section: str
    rule: Words
    force: Literal["must", "strive", "encourage", "fact"]
    computed: Literal["simulated", "planned", "register"]
    indicator: str | None = None
    measures: Several[str] = ()
    plan_input: str | None = None
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
    begins: DayText | None = None
    deadline: DayText | None = None
    recurrence: Literal["yearly", "monthly"] | None = None
    payer: Words | None = None
    applies_to: Words
    note: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Clause:
        if sum(map(bool, (self.indicator, self.measures, self.plan_input))) != 1:
            raise fault(f"{self.id} names none or several", "an indicator, measures or a plan input")
        if bool(self.marks) != (self.operator is not None) and self.kind not in _TOLD:
            raise fault(f"{self.id} has values or an operator alone", "both, or none (report only)")
        labels = {value.label for value in self.marks}
        if None in labels and len(labels) > 1:
            raise fault(f"{self.id} has values with and without a label", "a label for all, or for none")
        if self.kind == "target" and self.basis_2025 is None:
            raise fault(f"{self.id} has no basis_2025", "one for every target")
        if (
            self.kind == "target"
            and self.basis_2025 not in _STANDING
            and not any(v.due for v in self.marks)
        ):
            raise fault(f"{self.id} has no due date", f"a due date, or basis_2025 one of {_STANDING}")
        if self.picked_denominator is not None and self.picked_denominator not in self.denominators:
            raise fault(f"{self.id} picks '{self.picked_denominator}'", ", ".join(self.denominators))
        return self

    @property
    def marks(self) -> tuple[Value, ...]:
        """The numbers with which the indicator is compared: conditions left aside."""
        return tuple(value for value in self.numbers if value.role == "value")

    @property
    def denominators_or_one(self) -> tuple[str, ...]:
        """The denominators of its rows: those left to choice, or labels of its values, or the empty text."""
        labels = tuple(dict.fromkeys(value.label for value in self.marks if value.label))
        return self.denominators or labels or ("",)


class OutOfScope(Strict):
    """A passage that the model does not follow, and why."""

    id: str
    section: str
    reason: Words


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
