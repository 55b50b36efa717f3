"""Who is admitted first: the tier of each resident, and of an application.

The waiting list knows one tier per application. The document ranks at homes of some ownerships only (in
Yinchuan public and public-built); so an application has the person's tier if it names such a home, and the
lowest tier if it names none. An application that names both kinds keeps its tier at the private home too:
private queues are short, and splitting it in two would let one person wait under two ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.codes import Ability, Group, Living, Ownership
from sim.policy.admission import LOWEST_TIER, Admission, Condition
from sim.policy.entitlement import Groups, Levels, Mask, in_all, in_any

Tiers = npt.NDArray[np.int8]


@dataclass(frozen=True)
class About:
    """More of each resident than groups and ability.

    Attributes:
        living: codes of `codes.Living`.
        oldest_old: True from the age on from which the scenario counts the oldest old.
    """

    living: npt.NDArray[np.uint8]
    oldest_old: Mask


class HasAdmission(Protocol):
    """A `PolicyBook` (whatever the month) or a `Law` (nothing before the notice)."""

    @property
    def admission(self) -> Admission | None:
        """The order of admission, or None."""


def tiers(groups: Groups, ability: Levels, law: HasAdmission, about: About | None = None) -> Tiers:
    """The tier of each resident: the first whose conditions they meet, else the lowest.

    Args:
        groups: bit flags of `codes.Group`, one per resident (u2).
        ability: codes of `codes.Ability`, one per resident (u1).
        law: the law in force; the lowest tier for all where it has no order.
        about: living arrangement and age, where the order asks for them.

    Raises:
        ValueError: if the order asks for what `about` would say, and it is not given.
    """
    found = np.full(len(groups), LOWEST_TIER, dtype=np.int8)
    for tier in reversed(law.admission.tiers if law.admission else ()):
        for condition in tier.any_of:
            found[_met(groups, ability, condition, about)] = tier.tier
    return found


def not_entitled(groups: Groups, law: HasAdmission) -> Tiers:
    """Second key of the queue: 0 for entitled residents, 1 for others; 0 for all without the tie-break."""
    if law.admission is None or not law.admission.tie_break_entitled:
        return np.zeros(len(groups), dtype=np.int8)
    return (~in_any(groups, Group.ENTITLED)).astype(np.int8)


def ranked_homes(ownership: npt.NDArray[np.uint8], law: HasAdmission) -> Mask:
    """True for homes at which the tiers apply. `ownership`: codes of `codes.Ownership`, one per home."""
    names = law.admission.ownership if law.admission else ()
    return np.isin(ownership, [int(Ownership[name.upper()]) for name in names])


def of_applications(person_tiers: Tiers, names_ranked_home: Mask) -> Tiers:
    """The tier of each application: the person's if it names a home where tiers apply, else the lowest."""
    return np.where(names_ranked_home, person_tiers, np.int8(LOWEST_TIER)).astype(np.int8)


def _met(groups: Groups, ability: Levels, condition: Condition, about: About | None) -> Mask:
    met = np.ones(len(groups), dtype=np.bool_)
    if condition.groups_any:
        met &= in_any(groups, _flags(condition.groups_any))
    if condition.groups_all:
        met &= in_all(groups, _flags(condition.groups_all))
    if condition.ability_from:
        met &= ability >= Ability[condition.ability_from.upper()]
    if (condition.living_any or condition.oldest_old) and about is None:
        raise ValueError(f"{condition} asks for more than groups and ability")
    if condition.living_any and about is not None:
        met &= np.isin(about.living, [int(Living[name.upper()]) for name in condition.living_any])
    if condition.oldest_old and about is not None:
        met &= about.oldest_old
    return met


def _flags(names: tuple[str, ...]) -> Group:
    flags = Group(0)
    for name in names:
        flags |= Group[name.upper()]
    return flags
