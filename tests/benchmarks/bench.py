"""Speed and memory beside their bars: `make bench`. Ratios within one run count, not seconds.

What a ratio compares is measured in turn (A B A B); the table has the median of the rounds and their range.
Never a test: a busy machine must not turn a right program red. So it ends with 0 either way.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import bench_engine
import bench_places
import bench_waitlist
import pyarrow as pa
import pyarrow.compute as pc
import twin
from bench_engine import LOOP, TWO_WORKERS, loop
from timing import Spread, no_collection, seconds

from sim import start, store
from sim.ensemble import runner
from sim.model import simulate
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario

ROUNDS, REPLICATIONS_A_ROUND = 3, 4
FASTER_THAN_TWIN, BACKLOG, MEGABYTES = 30, 2.6, 400
REPLICATIONS = 8
_LINE = "{:<52}{:>28}   {:<10}{}"
_FRESH = """
import json, resource, sys, time
from pathlib import Path
times = {"began": time.perf_counter()}
from sim.model import simulate
from sim.scenario.resolve import load_scenario
times["imports"] = time.perf_counter()
scenario = load_scenario("yinchuan")
times["scenario"] = time.perf_counter()
simulate(scenario, 1, 1)
times["first"] = time.perf_counter()
status = Path("/proc/self/status")
if status.is_file():  # the other figure includes the peak of the parent
    lines = status.read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if "VmHWM" in line) / 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 1024 * 1024 if sys.platform == "darwin" else 1024
simulate(scenario, 1, 1)
times["second"] = time.perf_counter()
print(json.dumps({"peak": peak, "times": list(times.values())}))
"""


class Fresh(NamedTuple):
    """A fresh process: peak MB after one replication; seconds to import, to read the scenario, and more.

    `once` is what the first replication takes longer than the second: kernels from the cache, the base.
    """

    peak: float
    imports: float
    scenario: float
    once: float


class AgainstTwin(NamedTuple):
    """Processor seconds of a replication and of the twins, and ratios."""

    cached: float
    twin: float
    ratio: Spread
    months_alone: Spread
    without_ability: float
    base_anew: float


def main() -> None:
    """Measure and print a table, row by row as it comes, and one of the five places."""
    print(_LINE.format("figure", "measured", "bar", ""), flush=True)
    scenario = load_scenario("yinchuan")
    fresh_process()  # compiles the kernels, where they are not in the cache yet
    fresh = fresh_process()  # first, while this process is small

    def add(
        figure: str, measured: float | Spread, unit: str, bar: str = "", holds: bool | None = None
    ) -> None:
        verdict = "" if holds is None else "ok" if holds else "short"
        told = str(measured) if isinstance(measured, Spread) else f"{measured:.2f}"
        print(_LINE.format(figure, f"{told} {unit}", bar, verdict), flush=True)

    twins = against_twin(scenario)
    rows_at_start = len(start.base_of(scenario).rows.id)
    add(f"replication, everything on, {rows_at_start:,} rows", twins.cached, "s")
    add("plain Mesa, demography and ability", twins.twin, "s")
    ratio = twins.ratio
    add(
        "plain Mesa over replication",
        ratio,
        "x",
        f">= {FASTER_THAN_TWIN} x",
        ratio.median >= FASTER_THAN_TWIN,
    )
    add("  months alone, agents already made", twins.months_alone, "x")
    add("  without ability, deaths by sex and age alone", twins.without_ability, "x")
    add("base made anew (once per process)", twins.base_anew, "s")

    backlog = bench_waitlist.measure()[bench_waitlist.BACKLOGS[-1]].ratio
    add("list with 50,000 waiting over none", backlog, "x", f"<= {BACKLOG} x", backlog.median <= BACKLOG)

    add("peak memory of one replication", fresh.peak, "MB", f"< {MEGABYTES} MB", fresh.peak < MEGABYTES)

    gain, ceiling, begin = two_workers(scenario)
    bar = f">= {TWO_WORKERS} x"
    add("two workers over one, after start-up", gain, "x", bar, gain.median >= TWO_WORKERS)
    add("  a plain loop at the same time: the machine's own", ceiling, "x")

    add("start-up of a process: imports", fresh.imports, "s")
    add("  the scenario read", fresh.scenario, "s")
    add("  kernels from the cache, the base", fresh.once, "s")
    add("  two workers until each has played one", begin, "s")

    for row in bench_engine.rows():
        add(*row)
    print(flush=True)
    bench_places.show({"yinchuan": (twins.cached, twins.twin)})


def against_twin(scenario: Scenario) -> AgainstTwin:
    """A replication and its twin in turn."""
    part = simulate(scenario, 1, 1)  # kernels are compiled, the base is made
    base = start.base_of(scenario)
    cached, twins, months = [], [], []
    for _ in range(ROUNDS):
        around = [seconds(lambda: simulate(scenario, 1, 1)) for _ in range(REPLICATIONS_A_ROUND)]
        with no_collection():
            lived = twin.live(scenario, base)
        around += [seconds(lambda: simulate(scenario, 1, 1)) for _ in range(REPLICATIONS_A_ROUND)]
        cached.append(statistics.median(around))
        twins.append(lived.make_seconds + lived.play_seconds)
        months.append(lived.play_seconds)
    with no_collection():
        simpler = twin.live(scenario, base, person=twin.WithoutAbility)
    plain = simpler.make_seconds + simpler.play_seconds
    plain /= statistics.median(seconds(lambda: simulate(scenario, 1, 1)) for _ in range(REPLICATIONS_A_ROUND))

    def anew() -> None:
        start._base_of.cache_clear()
        start.base_of(scenario)

    print("the same people:       model     twin")
    for metric in ("residents_60plus", "deaths", "turned_sixty"):
        print(f"{metric:<18}{_said(part, metric):>10,.0f}{getattr(lived, metric):>9,}")
    ratio, alone = Spread.of_ratios(twins, cached), Spread.of_ratios(months, cached)
    return AgainstTwin(
        statistics.median(cached), statistics.median(twins), ratio, alone, plain, seconds(anew)
    )


def _said(part: pa.Table, figure: str) -> float:
    """What a replication says: stock of the last month, or flows of all months."""
    metric = {"deaths": "died_60plus", "turned_sixty": "entered_60"}.get(figure, figure)
    rows = part.filter(
        (pc.field("table") == "summary")
        & (pc.field("metric") == metric)
        & (pc.field("region_code") == "total")
        & (pc.field("bed_kind") == "all")
    )
    if metric == figure:
        rows = rows.filter(pc.field("month") == pc.max(rows["month"]))
    return float(pc.sum(rows["value"]).as_py())


def fresh_process() -> Fresh:
    """Peak memory and start-up of a fresh process that imports the model and runs one replication."""
    done = subprocess.run([sys.executable, "-c", _FRESH], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    began, imports, scenario, first, second = told["times"]
    once = (first - scenario) - (second - first)
    return Fresh(told["peak"], imports - began, scenario - imports, once)


def two_workers(scenario: Scenario) -> tuple[Spread, Spread, float]:
    """How much faster two workers are than one, both warm: replications, and a loop that shares nothing.

    Interleaved rounds; the last figure is the seconds of the start-up. On a machine whose cores are busy the
    loop gains nothing either.
    """
    context = get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, context) as one,
        ProcessPoolExecutor(2, context) as two,
    ):

        def play(pool: ProcessPoolExecutor, name: str, runs: int) -> float:
            here = store.RunFolder.at(Path(folder), name, "0" * 8)
            started = time.perf_counter()
            runner.run_missing(scenario, 1, runs, here, executor=pool)
            return time.perf_counter() - started

        def turn(pool: ProcessPoolExecutor) -> float:
            started = time.perf_counter()
            list(pool.map(loop, [LOOP] * REPLICATIONS))
            return time.perf_counter() - started

        begin = play(two, "begin-two", 2)
        play(two, "warm-two", 6)
        play(one, "warm-one", 2)
        played: tuple[list[float], list[float]] = [], []
        looped: tuple[list[float], list[float]] = [], []
        for again in range(ROUNDS):
            for number, pool in enumerate((one, two)):
                played[number].append(play(pool, f"{number}-{again}", REPLICATIONS))
                looped[number].append(turn(pool))
    return Spread.of_ratios(*played), Spread.of_ratios(*looped), begin


if __name__ == "__main__":
    main()
