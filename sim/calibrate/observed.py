"""The observed figures that fits go after: read from `calibration/observed.yaml`, checked like a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.errors import InputError
from sim.scenario.library import calibration_folder
from sim.scenario.quantity import Days, Frozen, Share
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


class Queue(Frozen):
    """The stylised pattern of queue and vacancy, which must come out and is fitted to nothing.

    Attributes:
        waiting_over_open: people waiting at public homes with nursing beds over their open beds, at least.
        median_wait: of those admitted there, at least.
        others_vacant: share of all other open beds that stand empty, at least.
        utilisation_low, utilisation_high: occupied over open beds of all homes.
        draws_that_hold: share of draws of the list of homes in which all that holds, at least.
        months: played; the last `months_counted` count.
    """

    waiting_over_open: Share
    median_wait: Days
    others_vacant: Share
    utilisation_low: Share
    utilisation_high: Share
    draws_that_hold: Share
    months: int = Field(ge=1, le=300)
    months_counted: int = Field(ge=1, le=300)


class Observed(Frozen):
    """All observed figures."""

    schema_version: Literal[1]
    admissions: Admissions
    queue: Queue


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
