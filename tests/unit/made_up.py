"""A made-up model for the tests of the runner: quick, deterministic, importable in a spawned process."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim.tables import KEYS, PART_SCHEMA

Row = dict[str, object]


def part(rows: list[Row]) -> pa.Table:
    """A part from rows that name only the keys they use."""
    columns = {"month": [row["month"] for row in rows], "value": [float(row["value"]) for row in rows]}  # type: ignore[arg-type]
    columns |= {key: [str(row.get(key, "")) for row in rows] for key in KEYS}
    return pa.table({name: columns[name] for name in PART_SCHEMA.names}).cast(PART_SCHEMA)


def simulate(scenario: object, seed: int, run: int) -> pa.Table:
    """Two Decembers of one indicator, by seed and run."""
    draws = np.random.default_rng([seed, run]).integers(0, 1000, 24)
    rows = [
        {"table": "summary", "month": 24240 + month, "metric": "waiting", "region_code": "total",
         "bed_kind": "all", "value": value}
        for month, value in enumerate(draws)
    ]  # fmt: skip
    return part(rows)


def simulate_gap(scenario: object, seed: int, run: int) -> pa.Table:
    """A December with beds short that differ by a fifth between runs."""
    value = 100 + 20 * np.random.default_rng([seed, run]).normal()
    row = {"table": "summary", "month": 24311, "metric": "expressed_gap", "region_code": "total",
           "bed_kind": "all", "value": value}  # fmt: skip
    return part([row])


def simulate_noting(scenario: object, seed: int, run: int) -> pa.Table:
    """As `simulate`; leaves a line in a file for every call."""
    with Path(os.environ["MADE_UP_CALLS"]).open("a", encoding="utf-8") as file:
        file.write(f"{run}\n")
    return simulate(scenario, seed, run)


def simulate_slowly(scenario: object, seed: int, run: int) -> pa.Table:
    """As `simulate`, but takes a while, and notes its process."""
    with Path(os.environ["MADE_UP_PIDS"]).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.4)
    return simulate(scenario, seed, run)


def simulate_until_killed(scenario: object, seed: int, run: int) -> pa.Table:
    """As `simulate`, but the process dies in replication 3, as by a power cut."""
    if run == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, seed, run)


def simulate_interrupted(scenario: object, seed: int, run: int) -> pa.Table:
    """As `simulate`, but Ctrl-C is pressed in replication 3."""
    if run == 3:
        raise KeyboardInterrupt
    return simulate(scenario, seed, run)


def simulate_wrong(scenario: object, seed: int, run: int) -> pa.Table:
    """As `simulate`, but replication 2 has a bug."""
    if run == 2:
        raise ZeroDivisionError("made up")
    return simulate(scenario, seed, run)
