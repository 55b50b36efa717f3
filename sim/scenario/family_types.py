"""Inputs about families: with whom residents live, and who can give how many hours of care."""

from __future__ import annotations

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.quantity import (
    Children,
    Factor,
    Frozen,
    Hazard,
    HoursPerWeek,
    MonthsLong,
    Number,
    Share,
)


class SomeFactor(Factor):
    """A factor that something is divided by: small perhaps, but there."""

    LOWEST = 0.001


class RaisingFactor(Factor):
    """A factor that raises, or leaves as it is."""

    LOWEST = 1.0


class Elasticity(Number):
    """A power of a factor: one that is raised raises what follows, and not beyond all numbers."""

    LOWEST = 0.0
    HIGHEST = 10.0


class SomeMonths(MonthsLong):
    """Months in which something happens; not in none."""

    LOWEST = 0.1


class MostShare(Share):
    """A share that leaves something."""

    HIGHEST = 0.99


class StrainReference(Frozen):
    """Means at the reference (Yinchuan at the start, no services), by living arrangement and ability.

    The factor of strain and unmet hours on applying is divided by these, so that it is 1 on average there and
    k keeps its meaning. They are measured where k is fitted and are fitted to nothing.
    """

    alone_mild: SomeFactor
    alone_moderate: SomeFactor
    alone_severe: SomeFactor
    couple_mild: SomeFactor
    couple_moderate: SomeFactor
    couple_severe: SomeFactor
    others_mild: SomeFactor
    others_moderate: SomeFactor
    others_severe: SomeFactor
    take_back: SomeFactor


class Strain(Frozen):
    """How the strain of a family (0 none, 1 as much as there can be) grows, falls, and what follows from it.

    Strain goes towards a level: (hours given over hours that can be given, less the sustained share) over
    what is left of 1; respite and training lower the level by their factors.

    Attributes:
        sustained_share: of the hours that can be given, for long without strain.
        grows: months after which two thirds of the way up are gone; `rests`: of the way down.
        respite_factor, training_factor: the level with respite, and with training, over that without.
        strained_from: strain from which a family counts as strained, and asks for services.
        applies_when_strained: hazard of applying at strain 1 over that at 0.
        applies_when_unmet: hazard of applying with all hours unmet over that with none.
        acceptance_elasticity: by which power of that factor offers of lower choices are taken more often.
        take_back_hours_share: of the hours needed that a family must be able to give to take somebody back.
    """

    sustained_share: MostShare
    grows: SomeMonths
    rests: SomeMonths
    respite_factor: Share
    training_factor: Share
    strained_from: Share
    applies_when_strained: RaisingFactor
    applies_when_unmet: RaisingFactor
    acceptance_elasticity: Elasticity
    take_back_hours_share: Share
    reference: StrainReference


class Families(Frozen):
    """Living arrangements, children, and the hours of care that a family can give.

    `with_one_65plus` and the like are the shares of all aged 65+ who live in a family household with so many
    persons aged 65+; they stand in for a table of households. What is left of them is outside households.

    Attributes:
        near_share: of the children, those who live in the same county, when a family is first looked at.
        hours_given_*: hours a week that one of them can give: an able spouse, those in the household
            together, each child near, each child far.
        spouse_able_mild, spouse_able_moderate: hours that a spouse of that ability can give over those of an
            able one; of severe ability it is none.
        child_moves_away_per_year: of each child near; as many come nearer as keeps `near_share`.
        carer_ill_per_year: how often the main carer falls ill, for `carer_ill` on average.
    """

    alone_share: Share
    couple_share: Share
    children_mean_urban: Children
    children_mean_rural: Children
    near_share: MostShare
    hours_needed_mild: HoursPerWeek
    hours_needed_moderate: HoursPerWeek
    hours_needed_severe: HoursPerWeek
    hours_given_spouse: HoursPerWeek
    hours_given_household: HoursPerWeek
    hours_given_child_near: HoursPerWeek
    hours_given_child_far: HoursPerWeek
    spouse_able_mild: Share
    spouse_able_moderate: Share
    child_moves_away_per_year: Hazard
    carer_ill_per_year: Hazard
    carer_ill: SomeMonths
    strain: Strain
    with_one_65plus: Share
    with_two_65plus: Share
    with_three_65plus: Share

    @model_validator(mode="after")
    def _in_households(self) -> Families:
        total = sum(getattr(self, f"with_{number}_65plus").value for number in ("one", "two", "three"))
        if total > 1:
            context = {"found": f"{total:g}", "allowed": "<= 1", "key": "with_one_65plus.value"}
            raise PydanticCustomError("shares_sum", "shares add up to {found}", context)
        return self
