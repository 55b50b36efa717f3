"""Runs that several files read: a place is played once in a process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.main import app

Ran = tuple[Path, str]
"""The folder of a run, and what was printed."""


@pytest.fixture(scope="session")
def run_of(tmp_path_factory) -> Callable[[str], Ran]:
    """One replication of a shipped place to the end of its plan, as a planner makes it."""
    made: dict[str, Ran] = {}

    def run(place: str) -> Ran:
        if place not in made:
            out = tmp_path_factory.mktemp(place)
            words = ["run", place, "-n", "1", "--jobs", "1", "--lang", "en", "--out", str(out)]
            answer = CliRunner().invoke(app, words)
            assert answer.exit_code == 0, answer.output
            (folder,) = out.iterdir()
            made[place] = folder, answer.output
        return made[place]

    return run
