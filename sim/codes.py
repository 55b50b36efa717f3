"""Codes of the columns: integers inside, names in every output (GB/T 42195-2022 for ability)."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Sex(IntEnum):
    """Sex as in the census."""

    MALE = 0
    FEMALE = 1


class Ability(IntEnum):
    """Ability after GB/T 42195-2022; severe holds its severe and its total, until better data."""

    INTACT = 0
    MILD = 1
    MODERATE = 2
    SEVERE = 3


class Setting(IntEnum):
    """How a resident is cared for."""

    INDEPENDENT = 0
    FAMILY = 1
    HOME_SERVICE = 2
    DAY_CARE = 3
    FAMILY_CARE_BED = 4
    HOME = 5


class Living(IntEnum):
    """With whom a resident lives."""

    ALONE = 0
    COUPLE = 1
    OTHERS = 2
    COLLECTIVE = 3


class Group(IntFlag):
    """Groups that the plans name; one resident may belong to several."""

    DESTITUTE = 1
    WISH_COLLECTIVE = 2
    MINIMUM_ALLOWANCE = 4
    LOW_INCOME = 8
    SPECIAL_FAMILY_PLANNING = 16
    ENTITLED = 32


class BedKind(IntEnum):
    """Kinds of bed; the nursing kind is the 护理型床位 of the plans."""

    ORDINARY = 0
    NURSING = 1


class Ownership(IntEnum):
    """Who owns a home, and who runs it."""

    PUBLIC = 0
    PUBLIC_BUILT = 1
    PRIVATE = 2


class Left(IntEnum):
    """Why a resident is no longer in the region."""

    DIED = 1
    MOVED = 2


NEVER = -1
"""A month or a row that is none."""

AGE_BANDS = ((60, "60-64"), (65, "65-69"), (70, "70-74"), (75, "75-79"), (80, "80-84"), (85, "85+"))
"""First age in years and name of the age bands of the outputs."""


def name(code: IntEnum) -> str:
    """The name of a code in outputs: lower case."""
    return code.name.lower()
