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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.decide.compare import Comparison
    from sim.scenario.resolve import Resolved

LARGEST_SEED = 2**64 - 1
"""A seed is 64 bits: a larger one would be taken for another in silence."""


class _Tables:
    """The tables of a folder as pandas frames: codes are text, empty numbers are NaN."""

    path: Path

    def table(self, name: str) -> pd.DataFrame:
        """A table by name, as its CSV file has it (numbers with at most six decimals).

        Raises:
            RunError: if the folder has no such table.
        """
        from sim import store
        from sim.errors import RunError

        file = self.path / f"{name}.csv"
        if not file.is_file():
            raise RunError("no_such_table", {"path": file})
        frame: pd.DataFrame = store.read_table(file).to_pandas()
        return frame


@dataclass(frozen=True)
class RunResult(_Tables):
    """A run folder.

    Attributes:
        path: the folder.
    """

    path: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Command, seed, versions, hashes: manifest.json."""
        from sim import store

        return store.read_manifest(self.path)

    @property
    def runs(self) -> int:
        """Number of replications in the tables, run 0 included."""
        return int(self.manifest["n_runs"])

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row for each year, region, kind of bed and metric, with its unit: run0, mean, p10, p50, p90."""
        return self.table("summary")

    @cached_property
    def targets(self) -> pd.DataFrame:
        """A row for each target, denominator and day of test: value, chance that it is met, status."""
        return self.table("targets")

    @cached_property
    def costs(self) -> pd.DataFrame:
        """A row for each fiscal year, measure, clause and payer, in yuan; totals have measure `total`."""
        return self.table("costs")

    @cached_property
    def budget(self) -> pd.DataFrame:
        """A row for each fiscal year and payer, in yuan, beside what is appropriated."""
        return self.table("budget")

    @cached_property
    def drivers(self) -> pd.DataFrame:
        """A row for each pair of years and component of the change of the gap, in beds; means add up."""
        return self.table("drivers")

    @cached_property
    def waits(self) -> pd.DataFrame:
        """A row for each year, region, ownership, kind of bed and tier: persons, days waited, shares."""
        return self.table("waits")

    @cached_property
    def population(self) -> pd.DataFrame:
        """A row for each year, region, sex, age band, ability and setting, in persons."""
        return self.table("population")

    def parts(self, table: str | None = None) -> pd.DataFrame:
        """The rows of all replications: `run`, then the columns of `sim.tables.PART_SCHEMA`.

        Args:
            table: only the rows of this table: `summary`, `waits`, `costs`, `targets`, `population`,
                `services`.

        Returns:
            One row per month and key; `month` counts from January of year 0, money is in fen.

        Raises:
            RunError: if a part is missing or broken.
        """
        import pandas as pd
        import pyarrow.compute as pc

        from sim import store
        from sim.errors import RunError

        folder = store.RunFolder(self.path, self.manifest["key"])
        frames = []
        for run in range(self.runs):
            part = store.read_part(folder.part(run))
            if part is None:
                raise RunError("part_missing", {"path": folder.part(run)})
            if table is not None:
                part = part.filter(pc.field("table") == table)
            frame = part.to_pandas().astype(dict.fromkeys(part.column_names[1:-1], str))
            frame.insert(0, "run", run)
            frames.append(frame)
        rows: pd.DataFrame = pd.concat(frames, ignore_index=True)
        return rows


@dataclass(frozen=True)
class ComparisonResult(_Tables):
    """The folder of a comparison: alternative minus base, paired by replication.

    Attributes:
        path: the folder.
        base: the run of the base.
        alt: the run of the alternative.
    """

    path: Path
    base: RunResult
    alt: RunResult

    @cached_property
    def diff(self) -> pd.DataFrame:
        """A row for each year, region, kind of bed and metric: means, difference, p10, p90, prob_better."""
        return self.table("diff")

    @cached_property
    def costs(self) -> pd.DataFrame:
        """A row for each fiscal year, measure, clause and payer, in yuan."""
        return self.table("diff_costs")

    @cached_property
    def targets(self) -> pd.DataFrame:
        """A row for each target, denominator and day of test: values, chances and statuses of both."""
        return self.table("diff_targets")

    @cached_property
    def waits(self) -> pd.DataFrame:
        """A row for each year, region, ownership, kind of bed, tier and metric: persons, days, shares."""
        return self.table("diff_waits")

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """A row for each value in which the scenarios differ: old and new, unit, where written, clauses."""
        return self.table("diff_inputs")

    @cached_property
    def decomposition(self) -> pd.DataFrame:
        """A row for each year, region, kind of bed, metric and component: the means add up to `total`."""
        return self.table("decomposition")


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
