"""Runs the replications of a scenario that are not there yet, on any executor.

One task is one replication: it makes a part, writes it atomically, and returns its number. What is finished
stays, so an interrupted or killed run goes on where it stopped and gives the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import pyarrow as pa

from sim import store
from sim.ensemble import draws
from sim.ensemble.headline import Headline, value_of
from sim.errors import CarecapError, RunError
from sim.scenario.types import Scenario

Simulate = Callable[[Scenario, int, int], pa.Table]
"""(scenario, seed, run) -> the part of the replication, `sim.tables.PART_SCHEMA`."""

Progress = Callable[[int, int], None]
"""(replications done, replications in all)."""


@dataclass(frozen=True)
class Task:
    """One replication; can be sent to another process.

    Attributes:
        scenario: what is simulated.
        seed: seed of the run.
        run: number of the replication; 0 has central parameters.
        folder: where the part goes.
        simulate: what makes the part; None for the model.
    """

    scenario: Scenario
    seed: int
    run: int
    folder: store.RunFolder
    simulate: Simulate | None = None


def replicate(task: Task) -> tuple[int, float]:
    """Draw the parameters of one replication, make its part, and write it.

    Returns:
        The number of the replication, and its headline figure.
    """
    if "numba" not in sys.modules:
        os.environ["NUMBA_NUM_THREADS"] = "1"
    simulate = task.simulate or _model()
    scenario = draws.parameters(task.scenario, task.seed, task.run)
    part = simulate(scenario, task.seed, task.run)
    store.write_part(part, task.folder.part(task.run))
    return task.run, value_of(part)


def _model() -> Simulate:
    from sim.model import simulate  # noqa: PLC0415 - after the number of threads is set

    return simulate


def default_jobs(runs: int) -> int:
    """As many processes as there are cores for this process, and no more than replications."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, runs))


def run_missing(
    scenario: Scenario,
    seed: int,
    runs: int,
    folder: store.RunFolder,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    simulate: Simulate | None = None,
    headline: Headline | None = None,
) -> list[int]:
    """Run the replications 0 to `runs` - 1 that the folder lacks, or fewer, if fewer are enough.

    Args:
        scenario: what is simulated.
        seed: seed of the run.
        runs: number of replications.
        folder: where the parts are and go.
        jobs: processes; 1 runs here without a pool; all cores if left out.
        executor: where to run instead of an own pool; it is left running.
        progress: told after every replication, and once at the start.
        simulate: what makes a part, if not the model; importable by name.
        headline: told the figure of every replication; ends the run early when they are enough.

    Returns:
        The replications that were made now.

    Raises:
        CarecapError: the first replication that failed; those that were finished stay.
        KeyboardInterrupt: as it comes; those that were finished stay.
    """
    headline = headline or Headline(scenario)
    missing = []
    for run in range(runs):
        part = store.read_part(folder.part(run))
        if part is None:
            missing.append(run)
        else:
            headline.add(run, value_of(part))
    here = store.RunFolder(folder.path.absolute(), folder.key)  # a worker may work in another folder
    tasks = [Task(scenario, seed, run, here, simulate) for run in missing]
    done = runs - len(missing)
    tell = progress or (lambda _done, _all: None)
    tell(done, runs)
    if headline.enough(runs) is not None:
        return []
    made = []
    jobs = min(jobs or default_jobs(runs), max(1, len(tasks)))
    finished = _here(tasks) if executor is None and jobs == 1 else _pooled(tasks, jobs, executor)
    with closing(finished):
        for run, value in finished:
            done += 1
            made.append(run)
            headline.add(run, value)
            tell(done, runs)
            if headline.enough(runs) is not None:
                break
    return sorted(made)


def _here(tasks: list[Task]) -> Generator[tuple[int, float], None, None]:
    for task in tasks:
        with _named(task.run):
            made = replicate(task)
        yield made


def _pooled(
    tasks: list[Task], jobs: int, executor: Executor | None
) -> Generator[tuple[int, float], None, None]:
    if not tasks:
        return
    with _pool(jobs) if executor is None else _lent(executor) as pool:
        futures = {pool.submit(replicate, task): task.run for task in tasks}
        try:
            for future in as_completed(futures):
                with _named(futures[future]):
                    made = future.result()
                yield made
        except BaseException:
            _cancel(futures)
            raise


def _cancel(futures: dict[Future[tuple[int, float]], int]) -> None:
    for future in futures:
        future.cancel()


@contextmanager
def _lent(executor: Executor) -> Iterator[Executor]:
    yield executor


@contextmanager
def _pool(jobs: int) -> Iterator[Executor]:
    """A pool of spawned processes; on any error its processes are ended at once.

    The start method is named here because importing mesa switches the default by force.
    """
    before = {child.pid for child in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_behave)
    try:
        yield pool
    except BaseException:
        for child in _new_children(before):
            child.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown(wait=True)


def _new_children(before: set[int | None]) -> list[BaseProcess]:
    return [child for child in multiprocessing.active_children() if child.pid not in before]


def _behave() -> None:
    """Make a worker of this process: it leaves Ctrl-C to its parent, and dies with it.

    Ctrl-C reaches every process of a terminal. A worker whose parent was killed would wait for work forever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _named(run: int) -> Iterator[None]:
    """Say which replication failed."""
    try:
        yield
    except CarecapError as error:
        error.add_note(f"replication {run}")
        raise
    except BrokenExecutor as error:
        raise RunError("worker_died") from error
    except Exception as error:
        raise RunError("run_failed", {"run": run, "error": f"{type(error).__name__}: {error}"}) from error
