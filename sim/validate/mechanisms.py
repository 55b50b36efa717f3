"""What mechanisms do that the criterion of queue and vacancy does not ask: the other ablation of docs/odd.md.

Those of families, since that criterion is about homes, and two of homes that it can do without. Each is
looked at with its switch on and off, by the pattern that it carries. Nothing is fitted to it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.codes import NEVER, Ability, BedKind, Ownership
from sim.model import CareModel
from sim.scenario.quantity import Persons
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario
from sim.tables import TOTAL
from sim.validate.queue import without

_SEED = 1
_MONTHS = 24
_YEAR = 12
_ALL = 1_000_000
_PLACES = 1000
"""Places in respite where a pattern asks for them: families of about one in ten in care need in Kaili."""


def with_respite(scenario: Scenario, places: int = _PLACES) -> Scenario:
    """The scenario with places in respite."""
    capacity = Persons(value=places, unit="persons", status="assumption", source="so that it shows")
    services = [
        row.model_copy(update={"capacity_per_month": capacity}) if row.id == "respite" else row
        for row in scenario.services
    ]
    return scenario.model_copy(update={"services": services})


def applied(scenario: Scenario, run: int) -> int:
    """Applications of one replication."""
    model, found = CareModel(scenario, _SEED, run), 0
    for _ in range(_MONTHS):
        model.step()
        found += len(model.applications)
    return found


def fewer_by_respite(scenario: Scenario, run: int) -> float:
    """Share by which places in respite lower applications."""
    return 1 - applied(with_respite(scenario), run) / applied(scenario, run)


def come_to_lack_hours(scenario: Scenario, run: int) -> float:
    """Of families that gave all hours, who no longer do a year later, with need and arrangement as before."""
    model = CareModel(scenario, _SEED, run)
    people, families = model.residents, model.families
    before, met = families.rows.copy(), families.unmet == 0
    was = people.ability[before].copy(), people.living[before].copy()
    for _ in range(_YEAR):
        model.step()
    people, families = model.residents, model.families
    still = np.isin(before, families.rows)
    for old, column in zip(was, (people.ability, people.living), strict=True):
        still &= column[before] == old
    lack = np.zeros(len(people), np.bool_)
    lack[families.rows] = families.unmet > 0
    return float(lack[before[still & met]].mean())


def total(scenario: Scenario, run: int, metric: str) -> float:
    """A metric of the whole place, added up over the months of one replication."""
    rows = played(scenario, run).part().to_pandas()
    rows = rows[(rows.table == "summary") & (rows.metric == metric) & (rows.region_code == TOTAL)]
    return float(rows.value.sum())


def fewer_taken_back(scenario: Scenario, run: int) -> float:
    """Share by which exits to the family are fewer when half as many children live near."""
    families = scenario.families
    near = families.near_share.model_copy(update={"value": families.near_share.value / 2})
    far = scenario.model_copy(update={"families": families.model_copy(update={"near_share": near})})
    return 1 - total(far, run, "left_to_family") / total(scenario, run, "left_to_family")


def taken_up(scenario: Scenario, run: int) -> float:
    """Of those entitled to respite, the share who have it when there are places for all, after a year."""
    model = CareModel(with_respite(scenario, _ALL), _SEED, run)
    for _ in range(_YEAR):
        model.step()
    served, entitled = model.services_state["respite"]
    return (served or 0) / (entitled or 1)


def played(scenario: Scenario, run: int) -> CareModel:
    """One replication after some months."""
    model = CareModel(scenario, _SEED, run)
    for _ in range(_MONTHS):
        model.step()
    return model


def empty_public(scenario: Scenario, run: int) -> float:
    """Of the open beds of public homes, those that are empty while people wait at others."""
    model = played(scenario, run)
    public, people = model.estate.ownership != Ownership.PRIVATE, model.residents
    home = people.home[(people.home != NEVER) & (people.left == 0)]
    return float(1 - public[home].sum() / model.estate.open_now()[public].sum())


def without_a_nursing_bed(scenario: Scenario, run: int) -> float:
    """Of residents of homes who need a nursing bed, those in an ordinary one."""
    people = played(scenario, run).residents
    needing = (people.home != NEVER) & (people.left == 0) & (people.ability >= Ability.MODERATE)
    return float((people.bed[needing] == BedKind.ORDINARY).mean())


PATTERNS: dict[str, tuple[str, Callable[[Scenario, int], float]]] = {
    "strain": (f"applications saved by {_PLACES:,} places in respite", fewer_by_respite),
    "family_events": (
        "families that come to lack hours within a year, with need and arrangement as before",
        come_to_lack_hours,
    ),
    "take_back": ("exits to the family that are lost when half as many children live near", fewer_taken_back),
    "family_services": ("of those entitled to respite, who has it where there are places for all", taken_up),
    "homes_differ": ("open beds of public homes that are empty while people wait at others", empty_public),
    "in_house_moves": (
        "of residents of homes who need a nursing bed, who is in an ordinary one",
        without_a_nursing_bed,
    ),
}
"""Mechanism -> the pattern that it carries, and how it is measured in a replication."""


def table(scenario: Scenario, runs: int) -> str:
    """Each pattern with its mechanism on and off, means over replications: the table of docs/odd.md."""
    lines = ["| mechanism | share | on | off |", "| --- | --- | --- | --- |"]
    for mechanism, (pattern, measure) in PATTERNS.items():
        on, off = (
            np.mean([measure(one, run) for run in range(1, runs + 1)])
            for one in (scenario, without(scenario, mechanism))
        )
        lines.append(f"| `{mechanism}` | {pattern} | {on:.1%} | {off:.1%} |")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    print(table(load_scenario(sys.argv[1]), int(sys.argv[2])))  # noqa: T201 - a command of the workshop
