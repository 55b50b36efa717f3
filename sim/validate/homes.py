"""Who enters homes, how long they stay, how many there are: the model beside the published figures.

Stay is person-years over exits: completed stays of a run would leave out the long ones; in a growing
population it lies above the stay in steady state, which is given by expectation. Nothing is fitted here: k is
fitted to admissions alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.codes import NEVER
from sim.errors import InputError
from sim.model import CareModel
from sim.months import DAYS_PER_YEAR
from sim.population.equilibrium import home_share
from sim.population.lifetable import FIRST_MONTHS, SIXTY, survivors
from sim.scenario.library import calibration_folder
from sim.scenario.quantity import Frozen, Status, plainly
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario
from sim.start import admission_hazard, base_of
from sim.strictyaml import read_file
from sim.typefaults import validate

FILE = "homes.yaml"
_MODERATE = 2


@dataclass(frozen=True)
class Homes:
    """Outcomes of one replication over its horizon.

    Attributes:
        entrants_per_year: admissions; `entry_age_years` their mean age.
        entrants_dependent: share of them with ability moderate or worse.
        stay_years: person-years in homes over exits; `steady_stay_years` stock over admissions of those not
            destitute in a stationary population, by expectation.
        share_60plus: residents of homes over residents aged 60+, at the end.
        dependent: share of them with ability moderate or worse, at the end.
    """

    entrants_per_year: float
    entry_age_years: float
    entrants_dependent: float
    stay_years: float
    steady_stay_years: float
    share_60plus: float
    dependent: float


class Known(Frozen):
    """What is known of one outcome: a value, a range, or neither, and why."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    status: Status
    source: str = Field(min_length=1)

    def __str__(self) -> str:
        """The number or the range, its status, and where it is from."""
        ends = [plainly(end) for end in (self.low, self.high) if end is not None]
        told = plainly(self.value) if self.value is not None else " to ".join(ends)
        return f"{told or '-':12} {self.status}: {self.source}"


class KnownHomes(Frozen):
    """The file `calibration/homes.yaml`: each outcome of `Homes`."""

    schema_version: Literal[1]
    homes: dict[str, Known]

    @model_validator(mode="after")
    def _each_outcome(self) -> KnownHomes:
        names = [one.name for one in fields(Homes)]
        if list(self.homes) != names:
            context = {"found": ", ".join(self.homes), "allowed": ", ".join(names), "key": "homes"}
            raise PydanticCustomError("other", "{found}", context)
        return self


def load_known(path: Path | None = None) -> dict[str, Known]:
    """What is known of each outcome; the shipped file if none is named.

    Raises:
        InputError: with every fault of the file, each at its line and column.
    """
    document = read_file(path or calibration_folder() / FILE)
    found, faults = validate(document.root, KnownHomes) if document.root else (None, [])
    if document.faults or faults or found is None:
        raise InputError([*document.faults, *faults])
    return found.homes


def steady_stay(scenario: Scenario) -> float:
    """Mean stay in years in a stationary population: residents of homes over admissions, by expectation."""
    base, hazard = base_of(scenario), admission_hazard(scenario)
    share = home_share(base.tables, hazard, scenario.leaving.per_year.value)
    alive = survivors(base.mortality[0])[:, :, None] * base.tables.prevalence
    alive[:, :SIXTY] = 0
    return float((alive * share).sum() / (alive * (1 - share) * hazard).sum())


def measure(name: str, seed: int = 1, run: int = 1) -> Homes:
    """Play one replication of a scenario and measure its homes."""
    scenario = load_scenario(name)
    model = CareModel(scenario, seed, run)
    people = model.residents
    ages: list[float] = []
    dependent = exits = 0
    person_days = 0.0
    for _ in range(model.calendar.months):
        month = model.month
        model.step()
        rows = np.array([a.person for a in model.log.admissions], dtype=np.int64)
        ages += ((month.index - people.birth[rows].astype(np.int64)) / 12).tolist()
        dependent += int((people.ability[rows] >= _MODERATE).sum())
        exits += len(model.log.home_exits)
        person_days += float((people.home != NEVER).sum()) * month.days
    inside = (people.home != NEVER) & (people.left == 0)
    last = scenario.horizon.first.plus(model.calendar.months - 1)
    old = (people.left == 0) & (last.index - people.birth.astype(np.int64) >= FIRST_MONTHS + SIXTY)
    years = model.calendar.start_days()[-1] / DAYS_PER_YEAR
    return Homes(
        len(ages) / years,
        float(np.mean(ages)),
        dependent / len(ages),
        person_days / DAYS_PER_YEAR / exits,
        steady_stay(scenario),
        float(inside.sum() / old.sum()),
        float((people.ability[inside] >= _MODERATE).mean()),
    )


if __name__ == "__main__":
    import sys

    found = measure(sys.argv[1])
    for key, known in load_known().items():
        print(f"{key:20} {getattr(found, key):10.4g}   {known}")  # noqa: T201 - a command of the workshop
