"""Made-up places for tests: written as scenario files from tables, so that they go through the reader."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY, hazards, survivors
from sim.scenario.inputs import FIRST_AGE, read_mortality
from sim.scenario.library import calibration_folder, scenarios_folder
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario

NATIONAL = scenarios_folder() / "national"
SEXES = ("male", "female")


def quantity(value: float, unit: str) -> dict[str, object]:
    return {"value": value, "unit": unit, "status": "assumption", "source": "test"}


@cache
def _life_table() -> tuple[np.ndarray, np.ndarray]:
    """Person-years lived by sex and completed year of age, and survivors by month."""
    living = survivors(hazards(read_mortality(NATIONAL / "mortality.csv"), 1.0)[0])
    return living.reshape(2, -1, 12).sum(axis=2), living


@cache
def _shipped(path: Path) -> dict[str, Any]:
    """A shipped file as plain data, for reading only."""
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def stationary_place(
    folder: Path, residents_60plus: int, beds: int, nursing_beds: int, **changes
) -> Scenario:
    """A place whose age structure is that of the life table, so that nothing but chance changes it.

    Args:
        folder: where the files go.
        residents_60plus: about so many.
        beds: of all homes, from before the start to after the end.
        nursing_beds: among them.
        changes: dotted key with `__` for dots -> value, laid over the scenario.
    """
    years, survivors_by_month = _life_table()
    years = years * np.array([[1.05], [1.0]])  # births
    scale = residents_60plus / years[:, SIXTY // 12 :].sum()
    rows, single = [], []
    for sex, name in enumerate(SEXES):
        for age in range(FIRST_AGE, 90, 5):
            upper = age + 5 - FIRST_AGE if age < 85 else None
            persons = round(years[sex, age - FIRST_AGE : upper].sum() * scale)
            rows.append(("d1", name, age, age + 4 if age < 85 else "", persons))
        # ten years earlier the same: those of age a - 10 then are those of age a now
        now = np.concatenate([years[sex], np.zeros(10)])
        living = survivors_by_month[sex]
        for age in range(FIRST_AGE - 10, 101):
            index = age + 10 - FIRST_AGE
            first, last = (min(max(i, 0) * 12, GRID - 1) for i in (index - 10, index))
            single.append((name, age, round(now[index] * living[first] / living[last] * 1e4)))
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(rows, columns=["district", "sex", "age_from", "age_to", "persons"])
    table.to_csv(folder / "census.csv", index=False)
    pd.DataFrame(single, columns=["sex", "age", "persons"]).to_csv(folder / "single.csv", index=False)
    old = int(table[table.age_from >= 65].persons.sum())
    two = int(old * 0.28)
    one = int(old * 0.41)
    pd.DataFrame(
        [("d1", *(residents_60plus * times for times in (8, 6, 3, 1)), one, two, 20)],
        columns=[
            "district", "persons", "persons_urban", "family_households", "one_person_households",
            "households_one_65plus", "households_two_65plus", "households_three_65plus",
        ],
    ).to_csv(folder / "households.csv", index=False)  # fmt: skip
    shipped = scenarios_folder()
    yinchuan = _shipped(shipped / "places" / "yinchuan" / "place.yaml")
    data = {
        "extends": [
            str(shipped / "national" / "defaults.yaml"),
            str(calibration_folder() / "yinchuan.yaml"),
        ],
        "schema_version": 1,
        "horizon": {"start": "2020-11", "end": "2022-12"},
        "policy": str(shipped / "policy" / "yinchuan.yaml"),
        "coverage": dict(yinchuan["coverage"]),
        "name": "stationary",
        "title": {"zh": "测试", "en": "test"},
        "place": {
            "id": "yinchuan", "zh": "测试", "en": "test", "districts": [{"id": "d1", "zh": "甲", "en": "A"}],
        },
        "tables": {"census": "census.csv", "households": "households.csv", "single_years": "single.csv"},
        "population": {
            "net_migration_per_year": quantity(0.0, "per_year"),
            "registered_60plus": yinchuan["population"]["registered_60plus"],
            "registered_65plus_share": yinchuan["population"]["registered_65plus_share"],
        },
        "homes": {
            "open_share": yinchuan["homes"]["open_share"],
            "generator": dict(yinchuan["homes"]["generator"]),
            "stock": [
                {"month": "2010-01", "beds": beds, "status": "assumption", "source": "test"},
                {
                    "month": "2010-02", "beds": beds, "nursing_beds": nursing_beds, "status": "assumption",
                    "source": "test",
                },
            ]
        },
    }  # fmt: skip
    for dotted, value in changes.items():
        at = data
        *path, last = dotted.split("__")
        for key in path:
            at = at.setdefault(key, {})
        at[last] = value
    data["population"].setdefault("census_month", data["horizon"]["start"])
    if "place" not in changes:  # whose law it is
        data["place"]["id"] = _shipped(folder / data["policy"])["document"]["place"]
    path = folder / "stationary.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return load_scenario(path)


__all__ = ["FIRST_MONTHS", "quantity", "stationary_place"]
