"""What many tests share: the scenario of Yinchuan and its start population, made once in a process."""

from __future__ import annotations

import numpy as np
import pytest

from sim import start
from sim.population import lifetable, rows
from sim.population.base import Base
from sim.scenario import inputs
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario


@pytest.fixture(scope="session")
def yinchuan() -> Scenario:
    return load_scenario("yinchuan")


@pytest.fixture(scope="session")
def yinchuan_base(yinchuan: Scenario) -> Base:
    return start.base_of(yinchuan)


@pytest.fixture(scope="session")
def yinchuan_census(yinchuan: Scenario) -> inputs.Census:
    return inputs.read_census(yinchuan.tables.census, [district.id for district in yinchuan.place.districts])


@pytest.fixture(scope="session")
def yinchuan_cells(yinchuan: Scenario, yinchuan_census: inputs.Census) -> np.ndarray:
    """Residents by district, sex and completed month of age from 35 years at the start."""
    source = inputs.read_mortality(yinchuan.tables.mortality)
    shape = rows.single_year_shape(
        inputs.read_single_years(yinchuan.tables.single_years), lifetable.hazards(source, 1.0)[0]
    )
    return rows.cells(yinchuan_census, shape)
