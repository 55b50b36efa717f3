"""Replications on a real Dask cluster: a worker dies in the middle, the bytes are those of a plain run."""

import os
import signal
import sys

import made_up
import pytest

from sim import store
from sim.ensemble import cluster, runner
from sim.errors import InputError
from sim.scenario.resolve import load_scenario

RUNS = 6


def parts(path):
    return {p.name: p.read_bytes() for p in sorted((path / "parts").glob("run=*"))}


def test_a_worker_is_killed_in_the_middle(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: the extra [cluster]")
    scenario = load_scenario("kaili-no-plan")
    runner.run_missing(
        scenario, 1, RUNS, store.RunFolder(tmp_path / "plain", "k"), jobs=1, simulate=made_up.simulate
    )
    pids = tmp_path / "pids"
    monkeypatch.setenv("MADE_UP_PIDS", str(pids))  # before the workers start
    killed = []

    def kill_one(done, _all):
        if done == 1:
            killed.append(int(pids.read_text().split()[-1]))
            os.kill(killed[0], signal.SIGKILL)

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as here:
        workers = {info["pid"] for info in here.scheduler_info["workers"].values() if "pid" in info}
        with cluster.executor(here.scheduler_address) as executor:
            runner.run_missing(
                scenario, 1, RUNS, store.RunFolder(tmp_path / "cluster", "k"),
                executor=executor, simulate=made_up.simulate_slowly, progress=kill_one,
            )  # fmt: skip
    assert killed
    assert not workers or killed[0] in workers
    assert parts(tmp_path / "cluster") == parts(tmp_path / "plain")


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:1",
        "tcp://127.0.0.1",
        "somewhere",
        "localhost:abc",
        "http://x:1",
        "tls://127.0.0.1:1",
        "",
    ],
)
def test_no_scheduler_is_one_clear_fault(monkeypatch, address):
    """And no client is left behind, that would hang when it is collected and print a traceback."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: the extra [cluster]")
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(distributed, "Client", None)
    with pytest.raises(InputError) as caught, cluster.executor(address):
        pass
    assert [fault.code for fault in caught.value.faults] == ["cluster_silent"]


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError) as caught, cluster.executor("tcp://127.0.0.1:1"):
        pass
    assert "carecap[cluster]" in caught.value.text("en")
