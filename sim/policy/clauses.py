"""The types of a policy file: strict, frozen, no other keys. `sim.policy.book` reads and joins them.

What all of them share is in `sim.policy.fields`, the order of admission in `sim.policy.admission`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.policy.fields import DayText, MonthText, Several, Strict, Words, fault

UNASSIGNED = "unassigned"
"""The payer where neither the document nor the scenario names one."""

Operator = Literal[">=", "=", "<=", "<"]
Payer = Literal["centre", "region", "city", "district", "family"]
RateStatus = Literal["in document", "not in document"]
Kind = Literal[
    "target", "subsidy", "standard", "eligibility", "cost_share", "funding_floor", "baseline_fact", "process"
]
Basis = Literal["dated_2025", "interim_step", "carried_forward", "standing_recurring", "undated_standing"]
_STANDING = ("standing_recurring", "undated_standing")
_TOLD = ("process", "subsidy", "cost_share")
"""Kinds whose numbers say how much or when; nothing is compared with them."""
Recurrence = Literal["every_two_years", "yearly", "half_yearly", "quarterly", "monthly"]


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
            the scenario. A clause of money that only restates another may name none.
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
    recurrence: Recurrence | None = None
    payer: Words | None = None
    applies_to: Words
    note: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Clause:
        named = sum(map(bool, (self.indicator, self.measures, self.plan_input)))
        if named != 1 and not (named == 0 and self.restates and self.kind in _TOLD):
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
            and not any(v.due for v in self.numbers)
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
    def labels(self) -> tuple[str, ...]:
        """The labels of its values, if it has several that are all asked for."""
        return tuple(dict.fromkeys(value.label for value in self.marks if value.label))

    @property
    def denominators_or_one(self) -> tuple[str, ...]:
        """The denominators of its rows: those left to choice, or labels of its values, or the empty text."""
        return self.denominators or self.labels or ("",)


class OutOfScope(Strict):
    """A passage that the model does not follow, and why."""

    id: str
    section: str
    reason: Words


class Terms(Strict):
    """What a measure gives, and to whom: the numbers of the document. What it leaves open is None.

    Attributes:
        budget_yuan: of a year; `quantity` what it is meant for.
        rate_yuan: amount per unit; `rate_by_yuan` amounts by grade, where they differ.
        least_yuan, most_yuan: bounds of an amount that the scenario sets, or the ends of a scale.
        factor: times the rate.
        least_uplift: share by which the rate is raised at least.
        least_m2_per_bed, least_m2, least_households, least_months: what it takes to be paid (area per bed,
            area, households, completed months of care work); the number itself is enough.
        from_age_years: age from whose birthday month on a person is paid.
    """

    budget_yuan: float | None = Field(default=None, ge=0)
    quantity: float | None = Field(default=None, ge=0)
    rate_yuan: float | None = Field(default=None, ge=0)
    rate_by_yuan: dict[str, float] = Field(default_factory=dict)
    least_yuan: float | None = Field(default=None, ge=0)
    most_yuan: float | None = Field(default=None, ge=0)
    factor: float | None = Field(default=None, gt=0)
    least_uplift: float | None = Field(default=None, ge=0)
    least_m2_per_bed: float | None = Field(default=None, gt=0)
    least_m2: float | None = Field(default=None, gt=0)
    least_households: int | None = Field(default=None, gt=0)
    least_months: int | None = Field(default=None, gt=0)
    from_age_years: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Terms:
        if self.least_yuan is not None and self.most_yuan is not None and self.most_yuan < self.least_yuan:
            raise fault(f"most_yuan {self.most_yuan:g}", f">= {self.least_yuan:g}")
        return self

    @property
    def stated(self) -> dict[str, object]:
        """The numbers that the document gives, by name."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in given.items() if value not in (None, {})}


class Measure(Strict):
    """A dated rule of money.

    Attributes:
        clause: that sets it; `unit` what is paid for.
        payers: shares that add up to one; none where the document names nobody.
        home_community: it supports care at home and in the community.
        instalments: clause whose values are the shares in which it is paid, year by year; None = at once.
        in_force: its terms from a month on, or None: it has ended.
    """

    clause: str
    name: Words
    unit: str
    rate_status: RateStatus
    payers: dict[Payer, float] = Field(default_factory=dict)
    home_community: bool = False
    instalments: str | None = None
    in_force: dict[MonthText, Terms | None] = Field(min_length=1)
