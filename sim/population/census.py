"""Everybody counted at the end of a month: the tables of the month and what the checks need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind
from sim.months import Month
from sim.population.residents import Residents
from sim.population.tally import STATE_SHAPE, joint_counts, tally

I64 = NDArray[np.int64]


class Counted(NamedTuple):
    """What one pass counts: here, waiting, both waiting and in a home, left and still there."""

    here: int
    waiting: int
    both: int
    ghosts: int


@dataclass(frozen=True)
class Census:
    """Residents aged 60+ counted at the end of a month.

    Attributes:
        living: (districts, 4 living, 4 ability, 2 outside/in a home).
        ages: (districts, 3) aged 60+, 65+, 80+.
        occupied: (homes, 2) residents by home and bed kind.
        bands: (districts, 2, 6, 4 ability, 2 outside/in a home) by sex and age band.
        counted: for the checks.
    """

    living: I64
    ages: I64
    occupied: I64
    bands: I64
    counted: Counted


def count(residents: Residents, month: Month, districts: int, homes: int) -> Census:
    """Count everybody in one pass."""
    joint = joint_counts(districts)
    occupied = np.zeros((homes, len(BedKind)), np.int64)
    tally(
        month.index, residents.runs, residents.birth, residents.sex, residents.district, residents.ability,
        residents.living, residents.home, residents.bed, residents.waiting, residents.left, joint, occupied,
    )  # fmt: skip
    # (districts, sex, age class, here/left, waiting, living, ability, outside/in a home)
    old = joint.reshape(*joint.shape[:3], *STATE_SHAPE)[:, :, 1:, 0].sum(axis=3)
    bands = old.sum(axis=3)
    by_age = bands.sum(axis=(1, 3, 4))
    ages = np.stack([by_age.sum(axis=1), by_age[:, 1:].sum(axis=1), by_age[:, 4:].sum(axis=1)], axis=1)
    everywhere = joint.sum(axis=(0, 1)).reshape(-1, *STATE_SHAPE)
    here, left = everywhere[:, 0], everywhere[:, 1]
    counted = Counted(
        int(here.sum()),
        int(here[1:, 1].sum()),
        int(here[1:, 1, :, :, 1].sum() + here[0].sum() - here[0, 0, :, :, 0].sum()),
        int(left.sum() - left[:, 0, :, :, 0].sum()),
    )
    return Census(old.sum(axis=(1, 2)), ages, occupied, bands, counted)
