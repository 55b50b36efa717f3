"""A made-up county that has no more than a census table and a number of beds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CODE = "990001"
BEDS = 800
AGES = (
    (35, 9_000), (40, 9_500), (45, 11_000), (50, 12_000), (55, 10_500), (60, 6_500), (65, 7_000), (70, 5_000),
    (75, 3_200), (80, 1_900), (85, 1_100),
)  # fmt: skip
"""First age of a group, and residents of each sex."""
RESIDENTS_60PLUS = 2 * sum(persons for age, persons in AGES if age >= 60)


def write_county(folder: Path, **changes: Any) -> Path:
    """Write `census.csv` and `county.yaml`; returns the scenario's path."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["district,sex,age_from,age_to,persons"]
    rows += [
        f"{CODE},{sex},{age},{age + 4 if age < 85 else ''},{persons}"
        for sex in ("male", "female")
        for age, persons in AGES
    ]
    (folder / "census.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    scenario = {
        "schema_version": 1,
        "extends": "national/defaults.yaml",
        "name": "county",
        "title": {"zh": "某县", "en": "A county"},
        "place": {
            "id": "county", "zh": "某县", "en": "A county",
            "districts": [{"id": CODE, "zh": "某县", "en": "A county"}],
        },
        "tables": {"census": "census.csv"},
        "homes": {"stock": [{"month": "2020-10", "beds": BEDS, "status": "published", "source": "counted"}]},
    }  # fmt: skip
    path = folder / "county.yaml"
    path.write_text(yaml.safe_dump({**scenario, **changes}, allow_unicode=True), encoding="utf-8")
    return path
