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
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results import ComparisonResult, RunResult

if TYPE_CHECKING:
    from sim.decide.compare import Comparison
    from sim.scenario.resolve import Resolved

LARGEST_SEED = 2**64 - 1
"""A seed is 64 bits: a larger one would be taken for another in silence."""


def load_scenario(scenario: str | Path, settings: Iterable[str] = ()) -> Resolved:
    """A checked scenario with where each of its values was written.

    Args:
        scenario: a shipped name (`yinchuan`), or the path of a YAML file.
        settings: texts `key.key=value`, applied last, as `--set`.

    Raises:
        InputError: with every fault of its files; or, if they are good, with every indicator and measure of
            the plan that the program does not have.
    """
    from sim.errors import InputError
    from sim.scenario.library import scenarios_folder
    from sim.scenario.resolve import resolve

    resolved = resolve(scenario, settings)
    policy = resolved.scenario.policy
    if not policy.is_relative_to(scenarios_folder()):  # shipped plans are held to it by the tests
        from sim.wiring import unwired

        if faults := unwired(policy):
            raise InputError(faults, resolved.notices)
    return resolved


def run(
    scenario: str | Path | Resolved,
    *,
    runs: int = 20,
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
        runs: number of replications; run 0 has central parameters.
        seed: seed of the run, from 0 to 2^64 - 1.
        out: folder in which the run's folder is made.
        jobs: processes; 1 runs in this one, which is right in a notebook; None takes all cores, for which a
            script needs its `if __name__ == "__main__":`.
        settings: texts `key.key=value`, if `scenario` is a name or a path.
        executor: any `concurrent.futures.Executor` instead of own processes.
        progress: told (replications done, replications in all).

    Raises:
        InputError: with every fault of the scenario.
        ValueError: for a number of replications or a seed that is none.
        RunError: if a replication fails; finished ones stay.
    """
    from sim.ensemble.run import run_scenario

    _check(runs, seed)
    result = run_scenario(
        _resolved(scenario, settings), seed=seed, runs=runs, out=Path(out), command=("sim.run",), jobs=jobs,
        executor=executor, progress=progress,
    )  # fmt: skip
    return RunResult(result.folder.path)


def load_run(path: str | Path) -> RunResult:
    """A run folder that was made before.

    Args:
        path: the folder whose name `carecap run` printed last.

    Raises:
        RunError: if it holds no manifest.json.
    """
    from sim.errors import RunError

    folder = Path(path)
    if not (folder / "manifest.json").is_file():
        raise RunError("no_run_here", {"path": folder})
    return RunResult(folder)


def compare(
    base: str | Path | Resolved,
    alt: str | Path | Resolved,
    *,
    runs: int = 20,
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
        ValueError: for a number of replications or a seed that is none.
        RunError: if a replication fails; finished ones stay.
    """
    from sim.decide import compare as decide

    _check(runs, seed)
    said = list(settings)
    running = decide.Running(
        seed, runs, Path(out), jobs, executor, progress, command=("sim.compare",)
    )  # fmt: skip
    (found,) = decide.compare(_resolved(base, said), [_resolved(alt, said)], running, explain=explain)
    return _result(found)


def _result(found: Comparison) -> ComparisonResult:
    return ComparisonResult(found.path, RunResult(found.base.folder.path), RunResult(found.alt.folder.path))


def _resolved(scenario: str | Path | Resolved, settings: Iterable[str]) -> Resolved:
    return load_scenario(scenario, settings) if isinstance(scenario, str | Path) else scenario


def _check(runs: int, seed: int) -> None:
    if runs < 1:
        raise ValueError(f"runs(={runs}) must be at least 1")
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed(={seed}) must be from 0 to {LARGEST_SEED}")
