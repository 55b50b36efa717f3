"""Two scenarios side by side: runs both with the same seeds, and writes what differs and why.

::

    DIR/compare-<base>-<alt>/
        comparison.json  diff.csv  diff_costs.csv  diff_targets.csv  diff_waits.csv  diff_inputs.csv
        decomposition.csv
        why/<base>-with-<component>-<hash8>/parts/...   runs that only the decomposition needs

The runs of the two scenarios lie in their own run folders below DIR, as `carecap run` makes them; what is
there already is used. Several alternatives have a folder each, so each can be read and made again alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from sim import store
from sim.decide import diff, diff_costs, diff_targets, inputs, why
from sim.decide.components import differing, exchanged, same_draws
from sim.decide.inputs import Difference
from sim.decide.sides import Side, common_years, points
from sim.ensemble import collect, runner
from sim.ensemble import run as ensemble
from sim.errors import Fault, InputError, RunError
from sim.policy.book import PolicyBook
from sim.scenario.resolve import Resolved, resolved_yaml
from sim.tables import SCHEMA_VERSION

TABLES = ("diff", "diff_costs", "diff_targets", "diff_waits", "diff_inputs", "decomposition")

Progress = Callable[[str, int, int], None]
"""(name of the scenario that runs, replications done, replications in all)."""


@dataclass(frozen=True)
class Running:
    """How the replications of a comparison are run.

    Attributes:
        seed: seed of all runs.
        runs: replications of each scenario.
        out: folder below which the run folders and the comparison lie.
        jobs: processes; all cores if left out.
        executor: where to run instead of an own pool.
        progress: told what runs and how far it is.
        simulate: what makes a part, if not the model.
        command: what the user typed, for the manifests.
    """

    seed: int = 1
    runs: int = 20
    out: Path = Path("outputs")
    jobs: int | None = None
    executor: Executor | None = None
    progress: Progress | None = None
    simulate: runner.Simulate | None = None
    command: Sequence[str] = ()

    def telling(self, name: str) -> runner.Progress | None:
        """Progress of one scenario."""
        told = self.progress
        return None if told is None else lambda done, runs: told(name, done, runs)


@dataclass(frozen=True)
class Comparison:
    """A finished comparison.

    Attributes:
        path: its folder.
        base, alt: the two scenarios.
        tables: the tables of `TABLES` by name.
        differences: the inputs that differ.
        components: the components that differ; None where nothing is decomposed: unasked, or other horizons.
        not_mixed: the component with which alone the base is no scenario that can be run; empty if all can.
    """

    path: Path
    base: Side
    alt: Side
    tables: dict[str, pa.Table]
    differences: list[Difference]
    components: tuple[str, ...] | None
    not_mixed: str = ""


def faults(base: Resolved, alts: Sequence[Resolved]) -> list[Fault]:
    """Why scenarios can't be compared: other places or fiscal years, or one name for two of them."""
    found, names = [], {base.scenario.name}
    for alt in alts:
        name = alt.scenario.name
        if name in names:
            found.append(_fault(alt, "name", "compare_same_name", name, ""))
        names.add(name)
        for key, of in _ALIKE.items():
            texts = [of(side) for side in (base, alt)]
            if texts[0] != texts[1]:
                found.append(_fault(alt, key, "compare_unlike", texts[1], texts[0]))
    return found


_ALIKE: dict[str, Callable[[Resolved], str]] = {
    "place.id": lambda side: side.scenario.place.id,
    "place.districts": lambda side: ", ".join(sorted(d.id for d in side.scenario.place.districts)),
    "money.fiscal_year_first_month": lambda side: str(side.scenario.money.fiscal_year_first_month),
}
"""What two scenarios must have in common to be compared."""


def _fault(alt: Resolved, key: str, code: str, found: str, allowed: str) -> Fault:
    at = alt.origins.get(tuple(key.split(".")))
    place = (at.file, at.line, at.column) if at else ("", 0, 0)
    return Fault(*place, key, code, found, allowed)


def compare(
    base: Resolved, alts: Sequence[Resolved], running: Running, *, explain: bool = True
) -> list[Comparison]:
    """Run what is missing, and compare each alternative with the base.

    Args:
        base: what is compared with.
        alts: the alternatives.
        running: seed, number of replications, where and how.
        explain: whether the scenarios that only the decomposition needs are run.

    Raises:
        InputError: if they can't be compared.
        CarecapError: if a replication fails; finished ones stay.
    """
    if wrong := faults(base, alts):
        raise InputError(wrong)
    first = _side(base, running)
    return [_compared(first, _side(alt, running), running, explain=explain) for alt in alts]


def _side(resolved: Resolved, running: Running) -> Side:
    """A scenario with its replications; a run folder that holds more of them is left as it is."""
    scenario, runs = resolved.scenario, running.runs
    key = store.run_key(resolved.fingerprint, running.seed)
    folder = store.RunFolder.at(running.out, scenario.name, key)
    if not _holds(folder, runs):
        ensemble.run_scenario(
            resolved, seed=running.seed, runs=runs, out=running.out, command=running.command,
            jobs=running.jobs, executor=running.executor, progress=running.telling(scenario.name),
            simulate=running.simulate,
        )  # fmt: skip
    book = PolicyBook.load(scenario.policy)
    frame = ensemble.frame_of(scenario, book, runs)
    gathered = collect.gather(folder, runs, frame.fiscal_first_month)
    return Side(resolved, book, folder, frame, gathered, ensemble.tables_of(gathered, scenario, book, runs))


def _holds(folder: store.RunFolder, runs: int) -> bool:
    """Whether a run folder is whole, with so many replications or more."""
    try:
        if store.read_manifest(folder.path)["n_runs"] < runs:
            return False
    except (FileNotFoundError, RunError):
        return False
    return all(folder.table(name).is_file() for name in store.TABLES) and not folder.missing(runs)


def _compared(base: Side, alt: Side, running: Running, *, explain: bool) -> Comparison:
    path = running.out / f"compare-{base.name}-{alt.name}"
    (path / _MANIFEST).unlink(missing_ok=True)  # it is written last: what a kill leaves has none
    found = inputs.differences(base.resolved, alt.resolved)
    tables = {
        "diff": diff.table(base, alt),
        "diff_costs": diff_costs.table(base, alt),
        "diff_targets": diff_targets.table(base, alt),
        "diff_waits": diff.table_of_waits(base, alt),
        "diff_inputs": inputs.table(found, base.name, alt.name),
    }
    components: tuple[str, ...] | None = None
    not_mixed = ""
    if explain and base.frame.calendar == alt.frame.calendar:
        components = differing(base.resolved, alt.resolved)
        try:
            tables["decomposition"] = _decomposed(base, alt, components, path, running)
        except _NotMixedError as error:
            not_mixed = str(error)
    for name in TABLES:
        if name in tables:
            store.write_table(path / f"{name}.csv", tables[name])
        else:
            (path / f"{name}.csv").unlink(missing_ok=True)
    _write_manifest(path, base, alt, running, sorted(tables))
    return Comparison(path, base, alt, tables, found, components, not_mixed)


class _NotMixedError(Exception):
    """The base with one component of the alternative is no scenario that can be run; names the component."""


def _decomposed(base: Side, alt: Side, components: tuple[str, ...], path: Path, running: Running) -> pa.Table:
    """The base with one component of the alternative after the other, and what each moves."""
    years = common_years(base.frame, alt.frame)
    ends = [why.of_metrics(side.gathered.summary, years) for side in (base, alt)]
    mixed: dict[str, pa.Table] = {}
    for name in components:
        if len(components) == 1 and same_draws(base.resolved, alt.resolved):
            mixed[name] = ends[1]
            continue
        try:
            rows = _mixed(base, exchanged(base.resolved, alt.resolved, {name}), name, path, running)
        except (ValidationError, InputError) as error:
            raise _NotMixedError(name) from error
        except RunError as error:
            if not _of_the_mix(error):
                raise
            raise _NotMixedError(name) from error
        mixed[name] = why.of_metrics(rows, years)
    names, regions = (base.name, alt.name), base.frame.regions
    return why.table(ends[0], mixed, ends[1], names, points(base.frame, alt.frame), base.frame.runs, regions)


def _of_the_mix(error: RunError) -> bool:
    """Whether a mixed scenario is at fault, and not a worker that died or a disk that is full."""
    return error.message in ("run_failed", "drawn_refused") and not isinstance(error.__cause__, OSError)


def _mixed(base: Side, resolved: Resolved, component: str, path: Path, running: Running) -> pa.Table:
    """Reduced rows of the summary of a scenario that only the decomposition needs."""
    key = store.run_key(resolved.fingerprint, running.seed)
    label = f"{base.name}-with-{component}"
    folder = store.RunFolder.at(path / "why", label, key)
    store.write_text(folder.resolved, resolved_yaml(resolved.data))
    runner.run_missing(
        resolved.scenario, running.seed, running.runs, folder, jobs=running.jobs, executor=running.executor,
        progress=running.telling(label), simulate=running.simulate,
    )  # fmt: skip
    return collect.gather(folder, running.runs, base.frame.fiscal_first_month).summary


_MANIFEST = "comparison.json"


def _write_manifest(path: Path, base: Side, alt: Side, running: Running, tables: list[str]) -> None:
    sides = {"base": base, "alt": alt}
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "command": list(running.command),
        "seed": running.seed,
        "n_runs": running.runs,
        "versions": store.versions(),
        **{
            name: {"scenario": side.name, "title": side.resolved.scenario.title.model_dump(),
                   "key": side.folder.key, "folder": side.folder.path.name}
            for name, side in sides.items()
        },
        "outputs": {f"{name}.csv": store.file_hash(path / f"{name}.csv") for name in tables},
    }  # fmt: skip
    store.write_text(
        path / _MANIFEST, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )
