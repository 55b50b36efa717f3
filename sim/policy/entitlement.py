"""Who is meant: masks over residents, from their groups and ability."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.codes import Ability, Group

Groups = npt.NDArray[np.uint16]
Levels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


def in_any(groups: Groups, wanted: Group) -> Mask:
    """True for residents in at least one of the wanted groups; `groups` holds bit flags of `codes.Group`."""
    mask: Mask = (groups & np.uint16(wanted)) != 0
    return mask


def in_all(groups: Groups, wanted: Group) -> Mask:
    """True for residents in all of the wanted groups."""
    mask: Mask = (groups & np.uint16(wanted)) == np.uint16(wanted)
    return mask


def destitute_unable(groups: Groups, ability: Levels, unable_from: Ability) -> Mask:
    """The destitute who can't care for themselves: ability `unable_from` or worse (a scenario value)."""
    return in_any(groups, Group.DESTITUTE) & (ability >= unable_from)


def destitute_willing(groups: Groups) -> Mask:
    """The destitute who wish to live in a home."""
    return in_all(groups, Group.DESTITUTE | Group.WISH_COLLECTIVE)
