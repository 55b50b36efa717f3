"""Made-up counties of any size with China's age structure, from tables that the project carries.

Ages 35 and over: the single-year census of 2010 (scenarios/national/single_years.csv), aged ten years by the
mortality of the model, so as in November 2020; everything else are the national defaults.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from sim.population.lifetable import FIRST_MONTHS, GRID, hazards, survivors
from sim.scenario.inputs import FIRST_AGE, GROUP_YEARS, SEXES, read_mortality, read_single_years
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario

CODE = "990001"
SIXTY = 60
LAST_GROUP = 85
BEDS_PER_1000 = 1000 * 4.29 / 264.02
"""4.29 million beds in homes, July 2020 (Ministry of Civil Affairs); 264.02 million aged 60+, census 2020."""


@lru_cache(maxsize=1)
def china() -> np.ndarray:
    """Persons by sex and five-year group from 35 years on, the last one 85+: (2, groups), November 2020."""
    national = scenarios_folder() / "national"
    then = read_single_years(national / "single_years.csv")  # from age 25 on
    living = survivors(hazards(read_mortality(national / "mortality.csv"), 1.0)[0])
    years = np.arange(then.shape[1]) + FIRST_AGE  # ages now
    last = GRID // 12 + FIRST_MONTHS // 12 - 1
    now_at = np.minimum(years, last) * 12 - FIRST_MONTHS
    before = np.maximum(np.minimum(years, last) - 10, FIRST_AGE) * 12 - FIRST_MONTHS
    now = then * living[:, now_at] / living[:, before]
    groups = np.minimum((years - FIRST_AGE) // GROUP_YEARS, (LAST_GROUP - FIRST_AGE) // GROUP_YEARS)
    return np.array([np.bincount(groups, weights=by_sex) for by_sex in now])


def county(folder: Path, residents_60plus: int, end: str = "2025-12") -> Scenario:
    """A county of so many people aged 60 and over.

    Args:
        folder: where its files go.
        residents_60plus: about so many at the start.
        end: last month.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = china()
    old = people[:, (SIXTY - FIRST_AGE) // GROUP_YEARS :].sum()
    persons = np.rint(people * residents_60plus / old).astype(np.int64)
    rows = ["district,sex,age_from,age_to,persons"]
    for sex, name in enumerate(SEXES):
        for group, number in enumerate(persons[sex].tolist()):
            age = FIRST_AGE + GROUP_YEARS * group
            rows.append(f"{CODE},{name},{age},{age + GROUP_YEARS - 1 if age < LAST_GROUP else ''},{number}")
    (folder / "census.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    name = {"zh": "某县", "en": "A county"}
    beds = round(residents_60plus * BEDS_PER_1000 / 1000)
    data = {
        "schema_version": 1, "extends": "national/defaults.yaml", "name": "county", "title": name,
        "place": {"id": "county", **name, "districts": [{"id": CODE, **name}]},
        "horizon": {"end": end},
        "tables": {"census": "census.csv"},
        "homes": {"stock": [{"month": "2020-10", "beds": beds, "status": "assumption", "source": "made up"}]},
    }  # fmt: skip
    path = folder / "county.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return load_scenario(path)
