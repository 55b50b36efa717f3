"""What a notebook needs, as the commands have it: `load_scenario`, `run`, `load_run`, `compare`.

::

    import sim
    result = sim.run("kaili", runs=20)
    result.summary                      # a tidy pandas frame, as summary.csv

Heavy libraries are imported by the function that needs them, so `import sim` stays cheap. Everything raises
what the commands print: `sim.errors.InputError` with all faults at once, `sim.errors.RunError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results import ComparisonResult, RunResult

if TYPE_CHECKING:
    from sim.decide.compare import Comparison
    from sim.scenario.resolve import Resolved

RUNS, MOST_RUNS = 20, 1000
"""Replications if nothing is said, and at most, if a run stops by itself."""
LARGEST_SEED = 2**64 - 1
"""A seed is 64 bits: a larger one would be taken for another in silence."""


def load_scenario(scenario: str | Path, settings: Iterable[str] = ()) -> Resolved:
    """A checked scenario with where each of its values was written.

    Args:
        scenario: a shipped name (`yinchuan`), or the path of a YAML file.
        settings: texts `key.key=value`, applied last, as `--set`; a single text is one of them.

    Raises:
        InputError: with every fault of its files; or, if they are good, with every indicator and measure of
            the plan that the program does not have.
    """
    from sim.errors import InputError
    from sim.scenario.library import scenarios_folder
    from sim.scenario.resolve import resolve

    resolved = resolve(scenario, _texts(settings))
    policy = resolved.scenario.policy
    if not policy.is_relative_to(scenarios_folder()):  # shipped plans are held to it by the tests
        from sim.wiring import unwired

        if faults := unwired(policy):
            raise InputError(faults, resolved.notices)
    return resolved


def run(
    scenario: str | Path | Resolved,
    *,
    runs: int | None = None,
    until_mcse: float | None = None,
    seed: int = 1,
    out: str | Path = "outputs",
    jobs: int | None = 1,
    settings: Iterable[str] = (),
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RunResult:
    """Run a scenario, as `carecap run`; what is there already is kept.

    Args:
        scenario: a shipped name, a path, or what `load_scenario` gave.
        runs: number of replications, 20 if left out; run 0 has central parameters.
        until_mcse: stop when the standard error of the mean of beds short is at most this share of it
            (0.01); `runs` are then the most, 1000 if left out.
        seed: seed of the run, from 0 to 2^64 - 1.
        out: folder in which the run's folder is made.
        jobs: processes; 1 runs in this one, which is right in a notebook; None takes all cores, for which a
            script needs its `if __name__ == "__main__":`.
        settings: texts `key.key=value`, where `scenario` is a name or a path.
        executor: any `concurrent.futures.Executor` instead of own processes.
        progress: told (replications done, replications in all).

    Raises:
        InputError: with every fault of the scenario.
        TypeError: for a number of replications or a seed that is not whole.
        ValueError: for one out of bounds, a share that is none, or a run without a 31 December to stop by;
            for settings beside a scenario that is loaded already.
        RunError: if a replication fails; finished ones stay.
    """
    from sim.ensemble.headline import Headline, ends_a_year
    from sim.ensemble.run import run_scenario

    asked = runs if runs is not None else RUNS if until_mcse is None else MOST_RUNS
    asked, seed = _checked(asked, seed)
    if until_mcse is not None:
        _check_share(until_mcse, asked)
    resolved = _resolved(scenario, settings)
    if until_mcse is not None and not ends_a_year(resolved.scenario):
        raise ValueError("until_mcse: the run holds no 31 December, so there are no beds short to stop by")
    result = run_scenario(
        resolved, seed=seed, runs=asked, out=Path(out), command=("sim.run",), jobs=jobs,
        executor=executor, progress=progress, headline=Headline(resolved.scenario, until_mcse),
    )  # fmt: skip
    return RunResult(result.folder.path)


def load_run(path: str | Path) -> RunResult:
    """A run folder that was made before.

    Args:
        path: the folder whose name `carecap run` printed last.

    Raises:
        RunError: if it holds no manifest.json, or a broken one.
    """
    from sim import store
    from sim.errors import RunError

    folder = Path(path)
    try:
        store.read_manifest(folder)
    except (FileNotFoundError, NotADirectoryError):
        raise RunError("no_run_here", {"path": folder}) from None
    return RunResult(folder)


def compare(
    base: str | Path | Resolved,
    alt: str | Path | Resolved,
    *,
    runs: int = RUNS,
    seed: int = 1,
    out: str | Path = "outputs",
    jobs: int | None = 1,
    settings: Iterable[str] = (),
    explain: bool = True,
    executor: Executor | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> ComparisonResult:
    """Compare two scenarios, as `carecap compare`: same seeds and draws, paired differences.

    Args:
        base: what is compared with: a shipped name, a path, or what `load_scenario` gave.
        alt: the alternative, likewise.
        runs: replications of each.
        seed: seed of all runs.
        out: folder below which run folders and the comparison lie.
        jobs: as in `run`.
        settings: texts `key.key=value` for both.
        explain: whether the scenarios that only the decomposition needs are run.
        executor: as in `run`.
        progress: told (name of what runs, replications done, replications in all).

    Raises:
        InputError: with every fault of both, or why they can't be compared.
        TypeError: for a number of replications or a seed that is not whole.
        ValueError: for one out of bounds; for settings beside a scenario that is loaded already.
        RunError: if a replication fails; finished ones stay.
    """
    from sim.decide import compare as decide

    runs, seed = _checked(runs, seed)
    said = _texts(settings)
    running = decide.Running(
        seed, runs, Path(out), jobs, executor, progress, command=("sim.compare",)
    )  # fmt: skip
    (found,) = decide.compare(_resolved(base, said), [_resolved(alt, said)], running, explain=explain)
    return _result(found)


def _result(found: Comparison) -> ComparisonResult:
    return ComparisonResult(found.path, RunResult(found.base.folder.path), RunResult(found.alt.folder.path))


def _resolved(scenario: str | Path | Resolved, settings: Iterable[str]) -> Resolved:
    if isinstance(scenario, str | Path):
        return load_scenario(scenario, settings)
    if said := _texts(settings):
        raise ValueError(f"settings {said} do not reach a loaded scenario; give them to load_scenario")
    return scenario


def _texts(settings: Iterable[str]) -> list[str]:
    return [settings] if isinstance(settings, str) else list(settings)


def _checked(runs: int, seed: int) -> tuple[int, int]:
    """Both as plain integers: numpy's are taken, too."""
    runs, seed = index(runs), index(seed)
    if runs < 1:
        raise ValueError(f"runs(={runs}) must be at least 1")
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed(={seed}) must be from 0 to {LARGEST_SEED}")
    return runs, seed


def _check_share(until_mcse: float, runs: int) -> None:
    from sim.policy.verdict import FEWEST_RUNS

    if not 0 < until_mcse < 1:
        raise ValueError(f"until_mcse(={until_mcse}) must be a share between 0 and 1")
    if runs < FEWEST_RUNS:
        raise ValueError(f"runs(={runs}) must be at least {FEWEST_RUNS} to stop by an error")
