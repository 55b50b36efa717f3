"""The headline while replications come in: beds short at the last 31 December, and how sure its mean is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.ensemble.cells import standard_error
from sim.ensemble.draws import points
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.verdict import FEWEST_RUNS
from sim.scenario.types import Scenario
from sim.scenario.uncertain import drawn
from sim.tables import ALL, TOTAL

METRIC = "expressed_gap"
LOOK_EVERY = 10
"""Replications between two looks whether the error is small enough."""


def ends_a_year(scenario: Scenario) -> bool:
    """Whether a run of the scenario holds a 31 December, so that there is a figure."""
    first = scenario.horizon.first
    return first.plus(scenario.horizon.months - 1) >= Month.of(first.year, MONTHS_PER_YEAR)


def value_of(part: pa.Table) -> float:
    """The headline figure of a replication; NaN if it holds no 31 December."""
    where = (pc.field("table") == "summary") & (pc.field("metric") == METRIC)
    where &= (pc.field("region_code") == TOTAL) & (pc.field("bed_kind") == ALL)
    rows = part.filter(where)
    months = rows["month"].to_numpy()
    decembers = np.flatnonzero(months % MONTHS_PER_YEAR == MONTHS_PER_YEAR - 1)
    if not len(decembers):
        return float("nan")
    return float(rows["value"].to_numpy()[decembers[months[decembers].argmax()]])


class Headline:
    """The headline figures of the replications that are there.

    Attributes:
        until: stop when the standard error of the mean is at most this share of the mean; None: never.
    """

    def __init__(self, scenario: Scenario, until: float | None = None) -> None:
        """Begin without any."""
        self.until = until
        self._vary = bool(drawn(scenario))
        self._found: dict[int, float] = {}

    def add(self, run: int, value: float) -> None:
        """Take the figure of a replication."""
        self._found[run] = value

    def error(self, runs: int | None = None) -> float | None:
        """Standard error of the mean over the mean; None if it can't be told.

        Args:
            runs: of the replications below this number; of all that are there, if left out.
        """
        chosen = sorted(run for run in self._found if run and (runs is None or run < runs))
        if len(chosen) < 2:  # noqa: PLR2004 - one replication has no spread
            return None
        values = np.array([[self._found[run] for run in chosen]])
        error = float(standard_error(values, points(chosen, vary=self._vary))[0])
        mean = abs(float(values.mean()))
        if np.isnan(error):
            return None
        return error / mean if mean else (0.0 if error == 0 else None)

    def enough(self, most: int) -> int | None:
        """The least number of replications whose error is small enough; None if there is none yet.

        Looked at from 30 replications on, every ten, always at replications 0 to n - 1: which of them
        happened to be finished first does not matter.

        Args:
            most: the largest number that is asked for.
        """
        if self.until is None:
            return None
        for runs in range(FEWEST_RUNS, most + 1, LOOK_EVERY):
            if any(run not in self._found for run in range(runs)):  # run 0 too: all tables need it
                return None
            error = self.error(runs)
            if error is not None and error <= self.until:
                return runs
        return None
