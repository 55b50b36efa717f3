"""Random numbers as a function of seed, purpose, month and identity.

A draw is `uniform(key(seed, purpose, month), identity)`: nothing else enters, so the order in which residents
are visited, the number of workers and the presence of other residents change no draw. The function is the
finaliser of splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195) over identity and key.
The same bits come from numpy (`uniform`, `uniforms`) and inside compiled kernels (`draw`).
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_MONTH = 0xD1B54A32D192ED03
_A = 0xBF58476D1CE4E5B9
_B = 0x94D049BB133111EB
_UNIT = 2.0**-53
START = -1
"""The `month` of draws made before the first month."""


class Purpose(IntEnum):
    """What a draw is for. Numbers are explicit and never reused."""

    DEATH = 1
    DEATH_DAY = 2
    ABILITY = 3
    ABILITY_DAY = 4
    MOVE_OUT = 5
    MOVE_DAY = 6
    MOVE_IN_COUNT = 7
    MOVE_IN_BIRTH = 8
    APPLY = 10
    APPLY_DAY = 11
    TASTE = 12
    ACCEPT = 13
    PATIENCE = 14
    STAY = 15
    EXIT_CAUSE = 16
    WISH = 17
    PLACEMENT_DAY = 18
    ABILITY_AT_ENTRY = 20
    LIVING = 21
    CHILDREN = 22
    RURAL = 23
    GROUPS = 24
    PENSION = 25
    PENSION_LEVEL = 26
    REGISTERED = 27
    COLLECTIVE = 28
    PARTNER = 29
    HOME_AT_START = 30
    HOME_CHOICE_AT_START = 31
    STAY_AT_START = 32  # not drawn any more; the number stays taken
    DESTITUTE = 33
    HOMES_GENERATED = 40
    DELIVERY = 41
    LIST_PROXIES = 42
    GOING_ON = 43
    ENTERED_ABLE = 44
    NEED_DAY = 45
    PAST_ABILITY = 46
    REPLICATION = 50
    PARAMETER = 51
    CHILD_NEAR = 60
    FAMILY_EVENT = 61
    STRAIN_AT_START = 63
    TAKE_BACK = 64
    TAKE_BACK_DAY = 65


def mix(z: int) -> int:
    """splitmix64 finaliser on a Python integer, 64 bits."""
    z &= _MASK
    z = ((z ^ (z >> 30)) * _A) & _MASK
    z = ((z ^ (z >> 27)) * _B) & _MASK
    return z ^ (z >> 31)


def key(seed: int, purpose: Purpose, month: int) -> np.uint64:
    """The key of one purpose in one month, mixed once per step.

    Args:
        seed: seed of the replication (any non-negative integer below 2**64).
        purpose: what the draw is for.
        month: month index, or `START`.
    """
    return np.uint64(mix(mix(seed + _GOLDEN * (int(purpose) + 1)) + (month + 2) * _MONTH))


def replication_seed(seed: int, run: int) -> int:
    """Seed of replication `run`: 64 bits, so that replications do not share seeds by accident."""
    return mix(mix(seed + _GOLDEN * (int(Purpose.REPLICATION) + 1)) + run * _MONTH)


def text_id(text: str) -> int:
    """64-bit identity of a text, for homes and pipeline items."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def pair_ids(ids: U64, others: U64) -> U64:
    """Identities of pairs (resident, home), arrays of shapes that fit together; `pair_id` for many."""
    with np.errstate(over="ignore"):
        return _mix_array(ids * np.uint64(_GOLDEN) + others)


def uniforms(draw_key: np.uint64 | U64, ids: U64) -> F64:
    """One number in [0, 1) for each identity, the same as `uniform` and `draw` give.

    Args:
        draw_key: one key, or keys in a shape that fits the identities.
        ids: identities.
    """
    if ids.ndim == 1 and isinstance(draw_key, np.uint64):
        found = np.empty(len(ids))
        _fill(draw_key, ids, found)
        return found
    with np.errstate(over="ignore"):
        z = _mix_array((ids * np.uint64(_GOLDEN)) ^ draw_key)
    return (z >> np.uint64(11)).astype(np.float64) * _UNIT


def uniform(draw_key: np.uint64, identity: int) -> float:
    """One number in [0, 1) for one identity."""
    return (mix(((identity * _GOLDEN) & _MASK) ^ int(draw_key)) >> 11) * _UNIT


def _mix_array(z: U64) -> U64:
    with np.errstate(over="ignore"):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_A)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_B)
    return z ^ (z >> np.uint64(31))


_G_K = np.uint64(_GOLDEN)
_A_K = np.uint64(_A)
_B_K = np.uint64(_B)


@njit(inline="always")
def draw_bits(draw_key: np.uint64, identity: np.uint64) -> np.uint64:
    """The 53 bits of `draw`, as an integer."""
    z = (identity * _G_K) ^ draw_key
    z = (z ^ (z >> np.uint64(30))) * _A_K
    z = (z ^ (z >> np.uint64(27))) * _B_K
    z = z ^ (z >> np.uint64(31))
    return z >> np.uint64(11)


@njit(inline="always")
def draw(draw_key: np.uint64, identity: np.uint64) -> float:
    """`uniform` inside a kernel."""
    return float(draw_bits(draw_key, identity)) * 1.1102230246251565e-16


@njit(cache=True)
def _fill(draw_key: np.uint64, ids: U64, found: F64) -> None:
    """Draw for each identity: in one pass, where numpy takes ten."""
    for at in range(len(ids)):
        found[at] = draw(draw_key, ids[at])


@njit(inline="always")
def pair_id(identity: np.uint64, other: np.uint64) -> np.uint64:
    """Identity of a pair (resident, home) inside a kernel."""
    z = identity * _G_K + other
    z = (z ^ (z >> np.uint64(30))) * _A_K
    z = (z ^ (z >> np.uint64(27))) * _B_K
    return z ^ (z >> np.uint64(31))
