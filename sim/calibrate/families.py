"""Measure the reference of families: means at the start by which the factor of strain is divided.

Nothing is fitted here. Those in care need count by their hazard of applying at the reference, so that with
the factor as many apply as without it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.codes import Ability, Living
from sim.model import CareModel
from sim.scenario.family_types import StrainReference
from sim.scenario.types import Scenario


def measure_reference(scenario: Scenario, seed: int, runs: int) -> dict[str, float]:
    """Means of the factor of strain and unmet hours, and of the readiness to take back, at the start.

    Args:
        scenario: what is simulated.
        seed: seed of the replications.
        runs: how many; run 0 is not among them.

    Returns:
        Key of `StrainReference` -> mean.
    """
    before = scenario.horizon.first.plus(-1)
    sums = {name: np.zeros(2) for name in StrainReference.model_fields}
    for run in range(1, runs + 1):
        model = CareModel(scenario, seed, run)
        families, people = model.families, model.residents
        raw = families.raw_pressure()
        weight = families.hazards(before)
        living, ability = people.living[families.rows], people.ability[families.rows]
        for name in sums.keys() - {"take_back"}:
            with_whom, level = name.upper().split("_")
            cell = (living == Living[with_whom]) & (ability == Ability[level])
            sums[name] += (raw * weight)[cell].sum(), weight[cell].sum()
        _, ready = families.readiness(before)
        sums["take_back"] += ready.sum(), len(ready)
    return {name: float(total / count) for name, (total, count) in sums.items()}


def with_reference(scenario: Scenario, means: Mapping[str, float]) -> Scenario:
    """The scenario with other means at the reference."""
    strain = scenario.families.strain
    changed = {
        name: getattr(strain.reference, name).model_copy(update={"value": round(mean, 3)})
        for name, mean in means.items()
    }
    strain = strain.model_copy(update={"reference": strain.reference.model_copy(update=changed)})
    families = scenario.families.model_copy(update={"strain": strain})
    return scenario.model_copy(update={"families": families})


def reference_text(scenario: Scenario) -> str:
    """The part of a calibration file that holds the reference of a scenario."""
    reference = scenario.families.strain.reference
    lines = ["families:", "  strain:", "    reference:"]
    for name in StrainReference.model_fields:
        one = getattr(reference, name)
        lines.append(
            f'      {name}: {{value: {one.value:.3f}, unit: factor, status: derived, source: "{one.source}"}}'
        )
    return "\n".join(lines) + "\n"
