"""Who is meant: masks over residents, from their groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.codes import Group

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
