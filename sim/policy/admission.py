"""The types of an order of admission: tiers, and the conditions that lead to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.codes import Ability, Group, Living, Ownership
from sim.policy.fields import Several, Strict, fault

LOWEST_TIER = 3
"""The tier of everyone whom no rule names: the last of the tiers that `waits.csv` knows."""


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


GroupName = Annotated[str, _one_of([str(group.name).lower() for group in Group])]
AbilityName = Annotated[str, _one_of([ability.name.lower() for ability in Ability])]
LivingName = Annotated[str, _one_of([living.name.lower() for living in Living])]
OwnershipName = Annotated[str, _one_of([ownership.name.lower() for ownership in Ownership])]


class Condition(Strict):
    """A resident meets it by all that it names.

    Attributes:
        groups_any, groups_all: being in one of them, in all of them.
        ability_from: being able at most so.
        living_any: living in one of these arrangements.
        oldest_old: having the age from which the scenario counts the oldest old.
    """

    groups_any: Several[GroupName] = ()
    groups_all: Several[GroupName] = ()
    ability_from: AbilityName | None = None
    living_any: Several[LivingName] = ()
    oldest_old: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        named = (self.groups_any, self.groups_all, self.ability_from, self.living_any, self.oldest_old)
        if not any(named):
            raise fault("a condition that everybody meets", ", ".join(type(self).model_fields))
        return self


class Tier(Strict):
    """A class of priority and the conditions of which one is enough."""

    tier: int = Field(ge=1, lt=LOWEST_TIER)
    any_of: Several[Condition] = Field(min_length=1)


class Admission(Strict):
    """Who is admitted first to homes of some ownerships; whom no tier names is in the lowest tier.

    `status` says whether the order is the document's, or a suggestion where the document has none.
    """

    clause: str
    status: Literal["in document", "not in document"] = "in document"
    ownership: Several[OwnershipName] = Field(min_length=1)
    tie_break_entitled: bool
    tiers: Several[Tier] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Admission:
        numbers = [tier.tier for tier in self.tiers]
        if numbers != sorted(set(numbers)):
            raise fault(f"tiers {numbers}", "each once, in order")
        return self
