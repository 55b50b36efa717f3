"""The observed figures that fits go after: read from `calibration/observed.yaml`, checked like a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.errors import InputError
from sim.scenario.library import calibration_folder
from sim.scenario.quantity import Frozen, Share
from sim.strictyaml import read_file
from sim.typefaults import validate

FILE = "observed.yaml"


class Admissions(Frozen):
    """Admissions to homes in a panel of old people.

    Attributes:
        share: of those aged `age_from` or more and outside homes at the start, who was admitted within
            `months`.
    """

    share: Share
    age_from: int = Field(ge=60, le=120)
    months: int = Field(ge=1, le=300)


class Observed(Frozen):
    """All observed figures."""

    schema_version: Literal[1]
    admissions: Admissions


def load_observed(path: Path | None = None) -> Observed:
    """Read the observed figures; the shipped file if none is named.

    Raises:
        InputError: with every fault of the file, each at its line and column.
    """
    document = read_file(path or calibration_folder() / FILE)
    found, faults = validate(document.root, Observed) if document.root else (None, [])
    if document.faults or faults or found is None:
        raise InputError([*document.faults, *faults])
    return found
