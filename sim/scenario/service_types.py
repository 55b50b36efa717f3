"""Services as rows of data: who is entitled, how much there is, who comes first, which hours they relieve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sim.codes import Ability, Group, Living
from sim.policy.clauses import Payer
from sim.scenario.dates import MonthText
from sim.scenario.quantity import (
    Count,
    Frozen,
    HoursPerWeek,
    Persons,
    Quantity,
    Status,
    Text,
    add_up_to_one,
)

GroupName = Literal["destitute", "minimum_allowance", "low_income", "special_family_planning", "entitled"]
AbilityName = Literal["intact", "mild", "moderate", "severe"]
LivingName = Literal["alone", "couple", "others", "collective"]
OrderKey = Literal["ability", "age", "groups"]


class Visits(Quantity):
    """A number of visits."""

    UNIT = "visits"


class Meals(Quantity):
    """A number of meals."""

    UNIT = "meals"


class Households(Quantity):
    """A number of households; each person served counts as one (simple for now)."""

    UNIT = "households"


_CAPACITIES = ("persons", "visits", "meals", "households")


def _unit(capacity: Any) -> str:
    """Which type reads a capacity: that of its unit, so that its faults are told once."""
    unit = capacity.get("unit") if isinstance(capacity, Mapping) else getattr(capacity, "unit", None)
    return unit if unit in _CAPACITIES else _CAPACITIES[0]


Capacity = Annotated[
    Annotated[Persons, Tag("persons")]
    | Annotated[Visits, Tag("visits")]
    | Annotated[Meals, Tag("meals")]
    | Annotated[Households, Tag("households")],
    Discriminator(_unit),
]


class Cost(Quantity):
    """What a unit of a service costs, who pays it, and the clause that it rests on.

    Attributes:
        payers: payer -> share, adding up to one; nobody named is `unassigned`.
        clause: the clause; the first of the service's clauses if not given.
    """

    payers: dict[Payer, float] = Field(default_factory=dict)
    clause: str | None = None

    @model_validator(mode="after")
    def _payers_add_up(self) -> Cost:
        if self.payers:
            add_up_to_one({str(payer): share for payer, share in self.payers.items()}, "payers")
        return self


class CostPerPersonMonth(Cost):
    """So much for each person served in a month."""

    UNIT = "yuan_per_person_month"


class CostPerVisit(Cost):
    """So much for each visit."""

    UNIT = "yuan_per_visit"


class CostPerMeal(Cost):
    """So much for each meal."""

    UNIT = "yuan_per_meal"


class CostPerHousehold(Cost):
    """So much for each household newly served."""

    UNIT = "yuan_per_household"


class CostPerHour(Cost):
    """So much for each hour that the service takes off the unmet care of those served."""

    UNIT = "yuan_per_hour"


QUANTITY_UNITS = {
    "yuan_per_person_month": "person_months", "yuan_per_visit": "visits", "yuan_per_meal": "meals",
    "yuan_per_household": "households", "yuan_per_hour": "hours",
}  # fmt: skip
"""Unit of a cost -> unit of the quantity that it is paid for."""


def _cost_unit(cost: Any) -> str:
    """Which type reads a cost: that of its unit."""
    unit = cost.get("unit") if isinstance(cost, Mapping) else getattr(cost, "unit", None)
    return unit if unit in QUANTITY_UNITS else next(iter(QUANTITY_UNITS))


ServiceCost = Annotated[
    Annotated[CostPerPersonMonth, Tag("yuan_per_person_month")]
    | Annotated[CostPerVisit, Tag("yuan_per_visit")]
    | Annotated[CostPerMeal, Tag("yuan_per_meal")]
    | Annotated[CostPerHousehold, Tag("yuan_per_household")]
    | Annotated[CostPerHour, Tag("yuan_per_hour")],
    Discriminator(_cost_unit),
]


class Condition(Frozen):
    """Whom a service is for: everything that is given here must hold.

    Attributes:
        age_from: completed years of age.
        groups_any: in at least one of these groups; empty: whatever the group.
        ability_from: this ability or worse.
        living_any: one of these living arrangements; empty: any.
        in_home: whether residents of care homes are meant too.
    """

    age_from: int = Field(default=60, ge=60, le=120)
    groups_any: list[GroupName] = Field(default_factory=list)
    ability_from: AbilityName = "intact"
    living_any: list[LivingName] = Field(default_factory=list)
    in_home: bool = False

    def row(self) -> tuple[int, int, int, int, int]:
        """The condition as numbers: months of age, flags of groups, ability, flags of living, homes too."""
        groups = sum(Group[name.upper()] for name in self.groups_any)
        living = sum(1 << Living[name.upper()] for name in self.living_any)
        ability = Ability[self.ability_from.upper()]
        return 12 * self.age_from, int(groups), int(ability), living, int(self.in_home)


class Service(Frozen):
    """One service.

    Attributes:
        unit: what its capacity is counted in.
        starts: first month; from the beginning of the run if not given. What it costs then stands in the
            ledger from this month on; if it rests on a clause and no month is given, from the notice on.
        capacity_per_month: units that can be given in a month. Not given: not known, so the model gives
            nobody this service and its coverage is not computable.
        units_per_person: units that one person served takes in a month.
        lasting: who was served once stays served (a home adapted), and the capacity goes to others.
        renewed_yearly: what lasts does so until the end of the year, then everybody's turn comes again.
        entitled: any of these conditions.
        order: who comes first: the worse ability, the older, the group that the plans name first.
        hours_relieved_per_week: unmet hours of care that the service takes off each person served, as far as
            services before it in the list leave any.
        cost: per person and month, per unit, or per hour. Not given: it stands in the ledger with amount 0.
        status, source: of what the row says about who is entitled; quantities have their own.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal[
        "home_visit", "visiting", "meals", "day_care", "respite", "family_care_bed", "home_adaptation",
        "health_management", "carer_training",
    ]  # fmt: skip
    title: Text
    unit: Literal["persons", "visits", "meals", "households"]
    starts: MonthText | None = None
    capacity_per_month: Capacity | None = None
    units_per_person: Count
    lasting: bool = False
    renewed_yearly: bool = False
    entitled: list[Condition] = Field(min_length=1)
    order: list[OrderKey] = Field(default=["ability", "age", "groups"])
    hours_relieved_per_week: HoursPerWeek
    cost: ServiceCost | None = None
    clauses: list[str] = Field(default_factory=list)
    status: Status
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_unit(self) -> Service:
        capacity, each = self.capacity_per_month, self.units_per_person.value
        if capacity is not None and capacity.unit != self.unit:
            context = {"found": capacity.unit, "allowed": self.unit, "key": "capacity_per_month.unit"}
            raise PydanticCustomError("wrong_unit", "unit is {found}", context)
        counted = QUANTITY_UNITS[self.cost.unit] if self.cost else self.unit
        if counted not in (self.unit, "person_months", "hours"):
            fits = ("person_months", "hours", self.unit)
            allowed = ", ".join(unit for unit, what in QUANTITY_UNITS.items() if what in fits)
            context = {"found": self.cost.unit if self.cost else "", "allowed": allowed, "key": "cost.unit"}
            raise PydanticCustomError("wrong_unit", "unit is {found}", context)
        if self.renewed_yearly and not self.lasting:
            context = {"found": "renewed_yearly", "allowed": "with lasting: true", "key": "renewed_yearly"}
            raise PydanticCustomError("other", "renewed, and does not last", context)
        if each <= 0:
            context = {"found": f"{each:g}", "allowed": "> 0", "key": "units_per_person.value"}
            raise PydanticCustomError("out_of_bounds", "{found} is out of bounds", context)
        return self
