"""Made-up services and residents for tests."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.months import Month
from sim.scenario.service_types import Service
from tests.places import quantity

MONTH = Month.parse("2024-03")
BEFORE = MONTH.plus(-1).index


def service(entitled=({},), capacity=None, hours=4.0, unit="persons", **more):
    return Service.model_validate(
        {
            "id": "respite", "kind": "respite", "title": {"zh": "喘息服务", "en": "Respite"}, "unit": unit,
            "units_per_person": quantity(1, "count"), "entitled": list(entitled), "status": "assumption",
            "source": "test", "hours_relieved_per_week": quantity(hours, "hours_per_week"),
            "capacity_per_month": None if capacity is None else quantity(capacity, unit), **more,
        }
    )  # fmt: skip


def families(rows, unmet, given=0.0):
    """Families of these rows: hours a week that nobody gives, and that they give."""
    n = len(rows)
    return SimpleNamespace(
        rows=np.asarray(rows), unmet=np.full(n, unmet, np.float64), given=np.full(n, given, np.float64)
    )


def people(n, **columns):
    """Residents of 70, intact, alone, outside homes, unless told otherwise."""
    types = {
        "id": (np.arange(n), np.uint64), "birth": (BEFORE - 70 * 12, np.int16), "district": (0, np.uint8),
        "sex": (0, np.uint8), "ability": (0, np.uint8), "groups": (0, np.uint16), "living": (0, np.uint8),
        "home": (-1, np.int16), "left": (0, np.uint8),
    }  # fmt: skip
    made = {name: np.full(n, columns.get(name, value), dtype) for name, (value, dtype) in types.items()}
    return SimpleNamespace(**made)
