"""Killed at any number of parts and started again: the bytes of a run that was never broken."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from sim import store
from sim.ensemble.run import run_scenario
from sim.scenario.resolve import resolve
from tests.county import AGES, CODE, write_county

pytestmark = pytest.mark.long

RUNS = 6


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A county of about a thousand old people, for some months, with parameters that are drawn."""
    folder = tmp_path_factory.mktemp("county")
    path = write_county(
        folder, horizon={"start": "2020-11", "end": "2021-06"},
        homes={"stock": [{"month": "2020-10", "beds": 30, "status": "published", "source": "counted"}]},
    )  # fmt: skip
    rows = ["district,sex,age_from,age_to,persons"]
    rows += [
        f"{CODE},{sex},{age},{age + 4 if age < 85 else ''},{persons // 50}"
        for sex in ("male", "female")
        for age, persons in AGES
    ]
    (folder / "census.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return resolve(path)


def contents(folder):
    """Everything but the manifest, which holds times; a kill may leave hidden files beside it."""
    found = [*folder.path.glob("*.csv"), *folder.path.glob("*.yaml"), *folder.path.glob("parts/run=*")]
    return {path.relative_to(folder.path).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def unbroken(county, tmp_path_factory):
    result = run_scenario(county, runs=RUNS, out=tmp_path_factory.mktemp("unbroken"), jobs=1)
    assert result.made == list(range(RUNS))
    return contents(result.folder)


def test_two_processes_give_the_bytes_of_one(county, unbroken, tmp_path):
    assert contents(run_scenario(county, runs=RUNS, out=tmp_path, jobs=2).folder) == unbroken
    assert len({content for name, content in unbroken.items() if name.startswith("parts/")}) == RUNS


def test_twenty_times_broken_off_somewhere(county, unbroken, tmp_path):
    """Parts that happen to be there, one of them cut off, one under a hidden name, tables of before."""
    rng = np.random.default_rng(1)
    key = store.run_key(county.fingerprint, 1)
    for broken in range(20):
        folder = store.RunFolder.at(tmp_path / str(broken), county.scenario.name, key)
        there = rng.permutation(RUNS)[: rng.integers(1, RUNS)].tolist()
        for run in there:
            store.write_bytes(folder.part(run), unbroken[f"parts/run={run:03d}.parquet"])
        cut = folder.part(there[0])
        cut.write_bytes(cut.read_bytes()[: rng.integers(0, cut.stat().st_size)])
        (cut.parent / f".{cut.name}.x.tmp").write_bytes(b"half")
        if broken % 2:
            store.write_text(folder.table("summary"), "of fewer replications")
        result = run_scenario(county, runs=RUNS, out=tmp_path / str(broken), jobs=1)
        assert set(result.made) == set(range(RUNS)) - set(there[1:])
        assert contents(result.folder) == unbroken


def test_more_replications_keep_every_earlier_part(county, unbroken, tmp_path):
    run_scenario(county, runs=3, out=tmp_path, jobs=1)
    assert run_scenario(county, runs=RUNS, out=tmp_path, jobs=1).made == list(range(3, RUNS))
    (folder,) = tmp_path.iterdir()
    assert contents(store.RunFolder(folder, "")) == unbroken


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills a group of processes: POSIX only")
def test_the_whole_group_of_processes_is_killed(county, unbroken, tmp_path):
    """SIGKILL to the command and its workers, as by a power cut, while parts are being made."""
    source = next(file for file in county.files if file.endswith("county.yaml"))
    words = [sys.executable, "-m", "sim.cli.main", "run", source, "-n", str(RUNS), "--jobs", "2"]
    with subprocess.Popen(
        [*words, "--out", str(tmp_path)], start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as command:  # fmt: skip
        limit = time.monotonic() + 120
        while command.poll() is None and not list(tmp_path.glob("*/parts/run=*")):
            assert time.monotonic() < limit
            time.sleep(0.01)
        os.killpg(command.pid, signal.SIGKILL)
    (folder,) = tmp_path.iterdir()
    assert list(folder.glob("parts/run=*"))
    result = run_scenario(county, runs=RUNS, out=tmp_path, jobs=1)
    assert len(result.made) < RUNS
    assert contents(result.folder) == unbroken
