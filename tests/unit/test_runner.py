import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import made_up
import pytest

from sim import store
from sim.ensemble import runner
from sim.errors import RunError
from sim.scenario.resolve import load_scenario


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("yinchuan")


def run(scenario, path, runs=6, **options):
    folder = store.RunFolder(path, "k")
    options.setdefault("simulate", made_up.simulate)
    return runner.run_missing(scenario, 1, runs, folder, **options)


def contents(path):
    """The parts; a kill may leave a half-written hidden file beside them."""
    return {p.name: p.read_bytes() for p in sorted((path / "parts").glob("run=*"))}


@pytest.fixture(scope="module")
def plain(scenario, tmp_path_factory):
    path = tmp_path_factory.mktemp("plain")
    assert run(scenario, path, jobs=1) == [0, 1, 2, 3, 4, 5]
    return contents(path)


def test_any_executor(scenario, tmp_path, plain):
    """One process or two: see test_killed."""
    assert len(set(plain.values())) == 6
    with ThreadPoolExecutor(2) as executor:
        run(scenario, tmp_path, executor=executor)
        assert executor.submit(int, "1").result() == 1  # it was left running
    assert contents(tmp_path) == plain


def test_workers_in_another_folder_write_where_the_run_was_asked_for(scenario, tmp_path, plain, monkeypatch):
    """As on a cluster: `--out outputs` is meant from here, not from where a worker was started."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    monkeypatch.chdir(here)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=os.chdir, initargs=(there,)) as executor:
        run(scenario, Path("outputs"), executor=executor)
    assert contents(here / "outputs") == plain
    assert not list(there.iterdir())


def test_spawns_even_if_somebody_switched_the_start_method(scenario, tmp_path, plain, monkeypatch):
    used = []
    real = multiprocessing.get_context
    monkeypatch.setattr(
        multiprocessing, "get_context", lambda method=None: used.append(method) or real(method)
    )
    run(scenario, tmp_path, runs=2, jobs=2)
    assert "spawn" in used
    assert "fork" not in used


def test_killed_in_the_middle_and_started_again_gives_the_same_bytes(scenario, tmp_path, plain):
    with pytest.raises(RunError) as caught:
        run(scenario, tmp_path, jobs=2, simulate=made_up.simulate_until_killed)
    assert caught.value.message == "worker_died"  # nobody knows in which replication
    before = contents(tmp_path)
    assert "run=003.parquet" not in before
    assert run(scenario, tmp_path, jobs=1)[0] <= 3
    assert contents(tmp_path) == plain


SCRIPT = """
import sys, pathlib
sys.path.insert(0, sys.argv[1])
import made_up
from sim import store
from sim.ensemble import runner
from sim.scenario.resolve import load_scenario

if __name__ == "__main__":
    folder = store.RunFolder(pathlib.Path(sys.argv[2]), "k")
    runner.run_missing(load_scenario("yinchuan"), 1, 6, folder, jobs=2, simulate=made_up.simulate_slowly)
"""


def gone(pid):
    """No such process, or one that is dead and not yet collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the state of processes in /proc")
def test_parent_killed_then_workers_end_and_the_rest_is_made(scenario, tmp_path, plain):
    script, pids = tmp_path / "script.py", tmp_path / "pids"
    script.write_text(SCRIPT)
    words = [sys.executable, str(script), str(Path(made_up.__file__).parent), str(tmp_path)]
    with subprocess.Popen(words, env={**os.environ, "MADE_UP_PIDS": str(pids)}) as parent:
        wait_until(lambda: (tmp_path / "parts").is_dir() and any((tmp_path / "parts").glob("run=*")))
        parent.kill()
    workers = set(pids.read_text().split())
    assert len(workers) == 2
    wait_until(lambda: all(gone(pid) for pid in workers))
    before = {run for run in range(6) if f"run={run:03d}.parquet" in contents(tmp_path)}
    assert 0 < len(before) < 6
    assert set(run(scenario, tmp_path, jobs=1)) == set(range(6)) - before
    assert contents(tmp_path) == plain


def wait_until(done):
    limit = time.monotonic() + 15
    while not done():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_interrupted_keeps_what_is_finished(scenario, tmp_path, plain):
    with pytest.raises(KeyboardInterrupt):
        run(scenario, tmp_path, jobs=1, simulate=made_up.simulate_interrupted)
    assert list(contents(tmp_path)) == ["run=000.parquet", "run=001.parquet", "run=002.parquet"]
    assert run(scenario, tmp_path, jobs=1) == [3, 4, 5]
    assert contents(tmp_path) == plain


def test_interrupt_of_the_parent_ends_the_workers(scenario, tmp_path):
    def press(done, _all):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(scenario, tmp_path, jobs=2, progress=press)
    assert multiprocessing.active_children() == []
    assert contents(tmp_path)


def test_only_what_is_missing_or_truncated_is_made(scenario, tmp_path, plain, monkeypatch):
    run(scenario, tmp_path, runs=4, jobs=1)
    broken = tmp_path / "parts" / "run=002.parquet"
    broken.write_bytes(broken.read_bytes()[:-9])
    calls = tmp_path / "calls"
    monkeypatch.setenv("MADE_UP_CALLS", str(calls))
    told = []
    run(scenario, tmp_path, jobs=1, simulate=made_up.simulate_noting, progress=lambda *at: told.append(at))
    assert calls.read_text().split() == ["2", "4", "5"]
    assert told == [(3, 6), (4, 6), (5, 6), (6, 6)]
    assert contents(tmp_path) == plain


@pytest.mark.parametrize("jobs", [1, 2])
def test_failure_names_the_replication(scenario, tmp_path, jobs):
    with pytest.raises(RunError) as caught:
        run(scenario, tmp_path, jobs=jobs, simulate=made_up.simulate_wrong)
    assert caught.value.values["run"] == 2
    assert "made up" in caught.value.values["error"]
    assert "run=002.parquet" not in contents(tmp_path)


def test_default_jobs():
    assert runner.default_jobs(1) == 1
    assert 1 <= runner.default_jobs(10**6) <= (os.cpu_count() or 1)
