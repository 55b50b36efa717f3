"""What `sim.run`, `sim.load_run`, `sim.compare` give: a folder, its tables as pandas frames when asked for.

Heavy libraries are imported by the function that needs them, so `import sim` stays cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


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
    def uncertainty(self) -> pd.DataFrame:
        """A row for each year and metric: which share of its variance is chance, which the parameters."""
        return self.table("uncertainty")

    @cached_property
    def draws(self) -> pd.DataFrame:
        """A row for each run and input that is drawn: dotted key, value, unit."""
        return self.table("draws")

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
        """A row for each year, region, kind of bed and metric: means, difference, its error, prob_better."""
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
