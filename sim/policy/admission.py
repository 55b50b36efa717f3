"""The types of an order of admission: tiers, and the conditions that lead to them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.codes import Ability, Group, Ownership
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
OwnershipName = Annotated[str, _one_of([ownership.name.lower() for ownership in Ownership])]


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
