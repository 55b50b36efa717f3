"""Services: who is entitled, and one allocator for all of them. Pure functions of columns; no chance.

A month of a service: those entitled when the month begins are ranked by the keys of `ranks`; within a rank by
an identity that was shuffled once and for all (`_shuffled`: raw identities begin with the district), so the
answer depends neither on the order of rows nor on the seed. The first `capacity` of them are served, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Group
from sim.months import Month
from sim.scenario.service_types import Service
from sim.streams import U64, pair_ids

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]

_WORST = int(max(Ability))
_GROUP_ORDER = (
    Group.DESTITUTE, Group.MINIMUM_ALLOWANCE, Group.LOW_INCOME, Group.SPECIAL_FAMILY_PLANNING, Group.ENTITLED,
)  # fmt: skip
_OLDEST_MONTHS = 1 << 11
"""Months of age are ranked up to 170 years."""


class Columns(Protocol):
    """The columns of residents that services look at."""

    id: NDArray[np.uint64]
    birth: NDArray[np.int16]
    sex: NDArray[np.uint8]
    district: NDArray[np.uint8]
    ability: NDArray[np.uint8]
    groups: NDArray[np.uint16]
    living: NDArray[np.uint8]
    home: NDArray[np.int16]
    left: NDArray[np.uint8]


def entitled(service: Service, people: Columns, month: int) -> Mask:
    """Residents to whom at least one condition of the service applies at the end of a month index."""
    mask = np.zeros(len(people.id), np.bool_)
    conditions = np.array([condition.row() for condition in service.entitled], np.int64)
    _entitled(
        month, conditions, people.birth, people.ability, people.groups, people.living, people.home,
        people.left, mask,
    )  # fmt: skip
    return mask


@njit(cache=True)
def _entitled(
    month: int, conditions: I64, birth: Codes, ability: Codes, groups: Codes, living: Codes, home: Codes,
    left: Codes, mask: Mask,
) -> None:  # fmt: skip
    for row in range(len(birth)):
        if left[row] != 0:
            continue
        for i in range(len(conditions)):
            months, flags, worst, arrangements, homes_too = conditions[i]
            if (
                month - birth[row] >= months
                and ability[row] >= worst
                and (flags == 0 or (groups[row] & flags) != 0)
                and (arrangements == 0 or (arrangements >> living[row]) & 1 == 1)
                and (homes_too == 1 or home[row] < 0)
            ):
                mask[row] = True
                break


def ranks(order: Sequence[str], people: Columns, rows: I64, month: int) -> I64:
    """Rank of each of these rows, lower first, by the keys in their order.

    `ability`: the worse first. `age`: the earlier month of birth first. `groups`: destitute, minimum
    allowance, low income, special family planning, entitled, then all others; the first group counts.
    """
    rank = np.zeros(len(rows), np.int64)
    for key in order:
        if key == "ability":
            rank = rank * (_WORST + 1) + (_WORST - people.ability[rows])
        elif key == "age":
            age = month - people.birth[rows].astype(np.int64)
            rank = rank * _OLDEST_MONTHS + (_OLDEST_MONTHS - 1 - np.clip(age, 0, _OLDEST_MONTHS - 1))
        else:
            rank = rank * (len(_GROUP_ORDER) + 1) + _GROUP_RANK[people.groups[rows]]
    return rank


_GROUP_RANK = np.array(
    [
        next((at for at, group in enumerate(_GROUP_ORDER) if flags & group), len(_GROUP_ORDER))
        for flags in range(2 * int(max(Group)))
    ],
    np.int64,
)


def allocate(candidates: Mask, rank: I64, identity: U64, capacity: float) -> Mask:
    """Who of the candidates is served: exactly the whole number of persons that the capacity holds.

    Args:
        candidates: (n,) who is entitled.
        rank: (candidates.sum(),) rank of each candidate, lower first, see `ranks`.
        identity: (n,) identities of residents; they decide within a rank.
        capacity: persons; may be infinite.
    """
    rows = np.flatnonzero(candidates)
    if capacity >= len(rows):
        return candidates.copy()
    served = np.zeros_like(candidates)
    places = int(capacity)
    if places > 0:
        last = np.partition(rank, places - 1)[places - 1]
        served[rows[rank < last]] = True
        tied = rows[rank == last]
        left = places - int((rank < last).sum())
        served[tied[np.argpartition(_shuffled(identity[tied]), left - 1)[:left]]] = True
    return served


def _shuffled(identity: U64) -> U64:
    """Identities mixed one to one: no two are equal, and no district comes first."""
    return pair_ids(identity, np.zeros(1, np.uint64))


@dataclass(frozen=True)
class Relief:
    """What services take off unmet care, and off what families give.

    Attributes:
        unmet: (rows,) hours a week of each resident in need that stay unmet; `family` that the family gives.
        by_service: service -> hours a week that it takes off either.
    """

    unmet: F64
    family: F64
    by_service: dict[str, float]


def hours_relieved(
    given: Mapping[str, tuple[Mask, float]], rows: I64, unmet: F64, family: F64
) -> Relief:  # fmt: skip
    """Hours of care that services take off unmet care, then off the family: never more than is needed.

    Of somebody with several services the first takes its hours off, the next what it can of what is left.

    Args:
        given: service -> whom it serves, by row (later rows have none), and its hours a week for each of
            them; in the order in which they take hours off.
        rows: residents in care need outside homes.
        unmet: (rows,) hours a week that nobody gives without services.
        family: (rows,) hours a week that the family gives without them.
    """
    unmet, family, parts = unmet.copy(), family.copy(), {}
    for name, (served, hours) in given.items():
        whom = is_served(served, rows)
        off = np.where(whom, np.minimum(unmet, hours), 0.0)
        unmet -= off
        spared = np.where(whom, np.minimum(family, hours - off), 0.0)
        family -= spared
        parts[name] = float(off.sum() + spared.sum())
    return Relief(unmet, family, parts)


def is_served(served: Mask, rows: I64) -> Mask:
    """Which of these rows a service serves; rows that came after its mask was made it does not."""
    found = np.zeros(len(rows), np.bool_)
    known = rows < len(served)
    found[known] = served[rows[known]]
    return found


def persons_served(service: Service, month: Month) -> float | None:
    """Persons that the capacity of a month holds; None where it is not known."""
    if service.capacity_per_month is None:
        return None
    if service.starts is not None and month < Month.parse(service.starts):
        return 0.0
    # a hair more, so that 0.3 units at 0.1 each are 3 persons
    return float(np.floor(service.capacity_per_month.at(month) / service.units_per_person.at(month) + 1e-9))
