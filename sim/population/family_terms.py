"""The inputs about families as the arrays that kernels read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability, Living
from sim.months import MONTHS_PER_YEAR
from sim.scenario.family_types import Families as Inputs
from sim.scenario.family_types import StrainReference

F64 = NDArray[np.float64]

_IN_NEED = (Ability.MILD, Ability.MODERATE, Ability.SEVERE)
_MONTHS = 1200


@dataclass(frozen=True)
class Terms:
    """What families need and can give, and what happens in them.

    Attributes:
        inputs: of the scenario.
        needed: (4,) hours of care a week by ability.
        able: (4,) hours of a spouse of each ability over those of an able one.
        hours: (4,) hours a week of an able spouse, a household, a child near, a child far.
        reference: (16,) mean of the factor of strain at the reference, by living arrangement and ability.
        chances: (4,) of the events of a month, see `family_hours.month_of_families`.
        rested: factor that so many months without care leave of strain; the last for all longer times.
    """

    inputs: Inputs
    needed: F64
    able: F64
    hours: F64
    reference: F64
    chances: F64
    rested: F64

    @classmethod
    def of(cls, inputs: Inputs) -> Terms:
        """Take the inputs of a scenario."""
        needed = (getattr(inputs, f"hours_needed_{ability.name.lower()}").value for ability in _IN_NEED)
        hours = (getattr(inputs, f"hours_given_{who}").value for who in _GIVERS)
        near, leaves = inputs.near_share.value, inputs.child_moves_away_per_year.value / MONTHS_PER_YEAR
        falls_ill, recovers = inputs.carer_ill_per_year.value / MONTHS_PER_YEAR, 1 / inputs.carer_ill.value
        chances = np.array([leaves, leaves * near / (1 - near), falls_ill, min(recovers, 1.0)])
        return cls(
            inputs,
            np.array([0.0, *needed]),
            np.array([1.0, inputs.spouse_able_mild.value, inputs.spouse_able_moderate.value, 0.0]),
            np.array([*hours]),
            references(inputs.strain.reference).reshape(-1),
            chances,
            np.exp(-np.arange(_MONTHS) / inputs.strain.rests.value),
        )


_GIVERS = ("spouse", "household", "child_near", "child_far")


def references(inputs: StrainReference) -> F64:
    """(4 living, 4 ability) means of the factor of strain at the reference; 1 for the intact."""
    found = np.ones((len(Living), len(Ability)))
    for living in (Living.ALONE, Living.COUPLE, Living.OTHERS):
        for ability in _IN_NEED:
            name = f"{living.name}_{ability.name}".lower()
            found[living, ability] = getattr(inputs, name).value
    found[Living.COLLECTIVE] = found[Living.OTHERS]  # outside family households: as with others
    return found
