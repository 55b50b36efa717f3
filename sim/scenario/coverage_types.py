"""Inputs about community facilities: the units that they should cover, and what there was before the plan."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.bed_types import Level, SiteKind
from sim.scenario.quantity import Count, Frozen, Status, WholeCount, plainly

Units = Annotated[int, Field(ge=0, le=1_000_000)]


class Coverage(Frozen):
    """Units that community facilities should cover, and what is known of the facilities before the plan.

    What is left out is not known, and what rests on it "not computable". `communities_status` and
    `communities_source` are those of communities and villages, and of how many are covered.

    Attributes:
        health_centres: community health centres and town hospitals.
        before: kind of site -> how many there were before the plan.
        level_before: level -> facilities of it before the plan, of whatever kind.
    """

    towns: WholeCount | None = None
    centres_before: list[Units] = Field(default_factory=list)
    centres_before_status: Status | None = None
    centres_before_source: str | None = None
    communities: Units | None = None
    communities_covered: Units | None = None
    villages: Units | None = None
    villages_covered: Units | None = None
    communities_status: Status | None = None
    communities_source: str | None = None
    health_centres: Count | None = None
    before: dict[SiteKind, Count] = Field(default_factory=dict)
    level_before: dict[Level, Count] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some_towns(self) -> Coverage:
        if self.towns is not None and (self.towns.value < 1 or self.towns.value != int(self.towns.value)):
            context = {"found": plainly(self.towns.value), "allowed": "1, 2, 3, ...", "key": "towns.value"}
            raise PydanticCustomError("whole_number", "{found} is no number of towns", context)
        return self

    @model_validator(mode="after")
    def _covered_within(self) -> Coverage:
        integrated = self.before.get("integrated_health_centre")
        pairs: list[tuple[str, float | None, float | None]] = [
            ("communities_covered", self.communities_covered, self.communities),
            ("villages_covered", self.villages_covered, self.villages),
        ]
        if integrated is not None and self.health_centres is not None:
            pairs += [("before.integrated_health_centre.value", integrated.value, self.health_centres.value)]
        if self.towns is not None:
            towns = int(self.towns.value)
            pairs += [(f"centres_before.{at}", n, towns) for at, n in enumerate(self.centres_before)]
        for key, part, whole in pairs:
            if part is not None and whole is not None and part > whole:
                context = {"found": plainly(part), "allowed": f"0 .. {plainly(whole)}", "key": key}
                raise PydanticCustomError("out_of_bounds", "more than all", context)
        return self

    @model_validator(mode="after")
    def _readings_differ(self) -> Coverage:
        for at, number in enumerate(self.centres_before):
            if number in self.centres_before[:at]:
                context = {"found": str(number), "key": f"centres_before.{at}"}
                raise PydanticCustomError("table_twice", "twice", context)
        return self
