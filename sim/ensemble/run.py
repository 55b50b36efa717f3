"""A whole run: from a resolved scenario to a run folder with parts, tables and manifest."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim import costs, store
from sim.accounts import accounts_of, lever_accounts
from sim.ensemble import budget, charges, collect, draws, drivers, runner
from sim.ensemble.cells import Frame
from sim.ensemble.costs import CostLine
from sim.ensemble.headline import Headline
from sim.indicators import board
from sim.months import Calendar, fiscal_span, fiscal_year
from sim.policy import contradictions, targets
from sim.policy.book import PolicyBook
from sim.scenario.library import portable
from sim.scenario.resolve import Resolved, resolved_yaml
from sim.scenario.types import Scenario
from sim.scenario.uncertain import drawn
from sim.tables import SCHEMA_VERSION, TOTAL


@dataclass(frozen=True)
class Result:
    """A finished run.

    Attributes:
        folder: where everything is.
        tables: the result tables by name.
        made: the replications that were made now; the others were there.
        runs: how many replications the tables are of.
    """

    folder: store.RunFolder
    tables: dict[str, pa.Table]
    made: list[int]
    runs: int


def run_scenario(
    resolved: Resolved,
    *,
    seed: int = 1,
    runs: int = 20,
    out: Path = Path("outputs"),
    command: Sequence[str] = (),
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: runner.Progress | None = None,
    simulate: runner.Simulate | None = None,
    headline: Headline | None = None,
) -> Result:
    """Run the replications that are missing, and make all tables again.

    Args:
        resolved: the scenario with its files.
        seed: seed of the run.
        runs: number of replications.
        out: folder in which the run folder lies.
        command: what the user typed, for the manifest.
        jobs: processes; all cores if left out.
        executor: where to run instead of an own pool.
        progress: told how many replications are done.
        simulate: what makes a part, if not the model.
        headline: follows the headline figure; may end the run before `runs` replications are made.

    Raises:
        CarecapError: if a replication fails; finished ones stay.
    """
    started = time.monotonic()
    scenario = resolved.scenario
    folder = store.RunFolder.at(out, scenario.name, store.run_key(resolved.fingerprint, seed))
    book = PolicyBook.load(scenario.policy)
    store.write_text(folder.resolved, resolved_yaml(resolved.data))
    headline = headline or Headline(scenario)
    made = runner.run_missing(
        scenario, seed, runs, folder,
        jobs=jobs, executor=executor, progress=progress, simulate=simulate, headline=headline,
    )  # fmt: skip
    runs = headline.enough(runs) or runs
    tables = {**make_tables(folder, scenario, book, runs), "draws": draws.table(scenario, seed, runs)}
    for name, table in tables.items():
        store.write_table(folder.table(name), table)
    manifest = _manifest(folder, resolved, book, seed, runs)
    wall = round(time.monotonic() - started, 3)
    manifest |= {"command": list(command), "wall_seconds": wall, "runs_made_now": len(made)}
    store.write_manifest(folder, manifest)
    folder.sweep()
    return Result(folder, tables, made, runs)


def frame_of(scenario: Scenario, book: PolicyBook, runs: int) -> Frame:
    """What all tables of a run share; regions by their official names."""
    place = scenario.place
    districts = sorted(place.districts, key=lambda district: district.id)
    regions = {TOTAL: place.zh, **{district.id: district.zh for district in districts}}
    calendar = Calendar(scenario.horizon.first, scenario.horizon.months)
    begins = scenario.money.fiscal_year_first_month
    notice = book.notice if book.clauses else None
    vary = bool(drawn(scenario))
    return Frame(scenario.name, place.id, regions, calendar, runs, begins, notice, vary)


def cost_lines(scenario: Scenario, book: PolicyBook, calendar: Calendar) -> list[CostLine]:
    """The measures and services in force in each fiscal year of the run, with who pays them."""
    lines = []
    begins = scenario.money.fiscal_year_first_month
    first, last = calendar.start, calendar.month(calendar.months - 1)
    accounts = accounts_of(book, scenario.payers, scenario.services, lever_accounts(scenario))
    for year in range(fiscal_year(first, begins), fiscal_year(last, begins) + 1):
        span = fiscal_span(year, begins)
        for name, account in accounts.items():
            if account.holds_between(max(first, span[0]), min(last, span[1])):
                known = name in book.measures
                status = costs.rate_status(scenario, book, name) if known else account.rate_status
                payers = tuple(account.payers)
                lines.append(CostLine(year, name, account.clause_id, payers, account.unit, status))
    return lines


def deliveries(scenario: Scenario) -> tuple[set[str], set[str]]:
    """Kinds of deliveries (`pipeline`, kinds of sites) that are uncertain; those not surely as planned."""
    items = [("pipeline", item.delivery) for item in scenario.pipeline]
    items += [(str(item.kind), item.delivery) for item in scenario.sites]
    stated = [(kind, delivery) for kind, delivery in items if delivery is not None]
    uncertain = {kind for kind, delivery in stated if not delivery.certain}
    return uncertain, {kind for kind, delivery in stated if not delivery.is_the_plan}


def make_tables(
    folder: store.RunFolder, scenario: Scenario, book: PolicyBook, runs: int
) -> dict[str, pa.Table]:
    """The result tables of the parts 0 to `runs` - 1."""
    gathered = collect.gather(folder, runs, scenario.money.fiscal_year_first_month)
    return tables_of(gathered, scenario, book, runs)


def tables_of(
    gathered: collect.Gathered, scenario: Scenario, book: PolicyBook, runs: int
) -> dict[str, pa.Table]:
    """The result tables of gathered parts."""
    frame = frame_of(scenario, book, runs)
    lines = cost_lines(scenario, book, frame.calendar)
    uncertain, otherwise = deliveries(scenario)

    def random(indicator: str, denominator: str) -> bool:
        return board.is_random(indicator, denominator) or board.rests_on(indicator, uncertain)

    def as_planned(indicator: str) -> bool:
        return not board.rests_on(indicator, otherwise)

    shared = dict(zip(range(1, runs), frame.points.tolist(), strict=True))

    def of_targets(rows: pa.Table, first: pa.Table) -> pa.Table:
        table = targets.table(
            book, frame.place, rows.to_pandas(), random, as_planned, shared, first.to_pandas()
        )
        return pa.Table.from_pandas(table, preserve_index=False)

    tables = collect.tables(gathered, frame, lines, of_targets)
    tables["budget"] = budget.table(gathered.costs, frame, tables["costs"], scenario.money)
    tables["drivers"] = drivers.table(gathered.summary, gathered.population, frame)
    tables["charges"] = charges.table(scenario, book)
    return {**tables, "contradictions": contradictions.table(book.contradictions)}


def residents_at_start(part: pa.Table) -> int:
    """Residents aged 60+ before the first month: those at its end, less who came, plus who went."""
    signs = {"residents_60plus": 1, "entered_60": -1, "moved_in": -1, "died_60plus": 1, "moved_out": 1}
    first = pc.min(part["month"])
    where = (
        (pc.field("month") == first) & (pc.field("table") == "summary") & (pc.field("region_code") == TOTAL)
    )
    rows = part.filter(where & (pc.field("bed_kind") == "all")).select(["metric", "value"]).to_pylist()
    residents: int = round(sum(signs.get(row["metric"], 0) * row["value"] for row in rows))
    return residents


def _manifest(
    folder: store.RunFolder, resolved: Resolved, book: PolicyBook, seed: int, runs: int
) -> dict[str, Any]:
    outputs = [
        folder.resolved,
        *(folder.table(name) for name in store.TABLES),
        *(folder.part(run) for run in range(runs)),
    ]
    scenario = resolved.scenario
    return {
        "schema_version": SCHEMA_VERSION,
        "key": folder.key,
        "scenario": scenario.name,
        "title": scenario.title.model_dump(),
        "place": scenario.place.id,
        "horizon": scenario.horizon.model_dump(),
        "notice": book.document.date if book.clauses else None,
        "seed": seed,
        "n_runs": runs,
        "residents_start": residents_at_start(store.read_part(folder.part(0))),
        "versions": store.versions(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "inputs": [
            {"file": portable(file), "sha256": digest, "rows": _rows(Path(file))}
            for file, digest in sorted(resolved.files.items())
        ],
        "outputs": {path.relative_to(folder.path).as_posix(): store.file_hash(path) for path in outputs},
    }


def _rows(path: Path) -> int | None:
    """Rows of a table below its header; None for a file that is no table."""
    if path.suffix != ".csv":
        return None
    return max(0, sum(1 for line in path.read_bytes().splitlines() if line.strip()) - 1)
