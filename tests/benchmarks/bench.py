"""Speed and memory beside their bars: `make bench`. Ratios within one run count, not seconds.

Never a test: a busy machine must not turn a right program red. So it ends with 0 either way.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import bench_engine
import bench_places
import bench_waitlist
import pyarrow as pa
import pyarrow.compute as pc
import twin

from sim import start, store
from sim.ensemble import runner
from sim.model import simulate
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario

ROUNDS = 5
FASTER_THAN_TWIN, BACKLOG, MEGABYTES, TWO_WORKERS = 30, 2.6, 400, 1.8
REPLICATIONS = 8
LOOP = 10**7
_MEMORY = """
import resource, sys
from pathlib import Path
from sim.model import simulate
from sim.scenario.resolve import load_scenario
simulate(load_scenario("yinchuan"), 1, 1)
status = Path("/proc/self/status")
if status.is_file():  # the other figure includes the peak of the parent
    print(next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line) / 1024)
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def main() -> None:
    """Measure and print a table, and one of the five places."""
    scenario = load_scenario("yinchuan")
    peak_megabytes()  # compiles the kernels, where they are not in the cache yet
    peak = peak_megabytes()  # first, while this process is small
    rows: list[tuple[str, str, str, str]] = []

    def add(figure: str, measured: float, unit: str, bar: str, holds: bool | None) -> None:
        verdict = "" if holds is None else "ok" if holds else "short"
        rows.append((figure, f"{measured:.2f} {unit}", bar, verdict))

    cached, rebuilt, lived, simpler = against_twin(scenario)
    seconds = lived.make_seconds + lived.play_seconds
    bar = f">= {FASTER_THAN_TWIN} x"
    rows_at_start = len(start.base_of(scenario).rows.id)
    add(f"replication, everything on, {rows_at_start:,} rows", cached, "s", "", None)
    add("  its base made anew (once per process)", rebuilt, "s", "", None)
    add(f"plain Mesa, demography and ability, {lived.agents_at_start:,} agents", seconds, "s", "", None)
    add("plain Mesa over replication", seconds / cached, "x", bar, seconds / cached >= FASTER_THAN_TWIN)
    add("  months alone, agents already made", lived.play_seconds / cached, "x", "", None)
    plain = simpler.make_seconds + simpler.play_seconds
    add("  without ability, deaths by sex and age alone", plain / cached, "x", "", None)
    add("  base made anew", seconds / rebuilt, "x", "", None)

    ratio = bench_waitlist.measure()["ratio_50000"]
    add("list with 50,000 waiting over none", ratio, "x", f"<= {BACKLOG} x", ratio <= BACKLOG)

    add("peak memory of one replication", peak, "MB", f"< {MEGABYTES} MB", peak < MEGABYTES)

    gain, ceiling = two_workers(scenario)
    add("two workers over one, after start-up", gain, "x", f">= {TWO_WORKERS} x", gain >= TWO_WORKERS)
    add("  a plain loop at the same time: the machine's own", ceiling, "x", "", None)

    for row in bench_engine.rows():
        add(*row)
    rows.insert(0, ("figure", "measured", "bar", ""))
    for figure, measured, bar, verdict in rows:
        print(f"{figure:<52}{measured:>12}   {bar:<10}{verdict}")
    print()
    bench_places.show({"yinchuan": (cached, seconds)})


def against_twin(scenario: Scenario) -> tuple[float, float, twin.Lived, twin.Lived]:
    """Processor seconds of a replication (base there; base made anew), and the runs of both twins."""
    part = simulate(scenario, 1, 1)  # kernels are compiled, the base is made
    cached = [seconds(lambda: simulate(scenario, 1, 1)) for _ in range(ROUNDS)]

    def anew() -> None:
        start._base_of.cache_clear()
        simulate(scenario, 1, 1)

    rebuilt = [seconds(anew) for _ in range(ROUNDS)]
    gc.collect()
    gc.disable()  # as a replication does
    lived = twin.live(scenario, start.base_of(scenario))
    simpler = twin.live(scenario, start.base_of(scenario), person=twin.WithoutAbility)
    gc.enable()
    gc.collect()
    cached += [seconds(lambda: simulate(scenario, 1, 1)) for _ in range(ROUNDS)]
    print("the same people:       model     twin")
    for metric in ("residents_60plus", "deaths", "turned_sixty"):
        print(f"{metric:<18}{_said(part, metric):>10,.0f}{getattr(lived, metric):>9,}")
    return statistics.median(cached), statistics.median(rebuilt), lived, simpler


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    started = time.process_time()
    work()
    return time.process_time() - started


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


def peak_megabytes() -> float:
    """Peak memory of a fresh process that imports the model and runs one replication."""
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True)
    return float(done.stdout)


def two_workers(scenario: Scenario) -> tuple[float, float]:
    """How much faster two workers are than one, both warm: replications, and a loop that shares nothing.

    Medians of interleaved rounds. On a machine whose cores are busy the loop gains nothing either.
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

        play(one, "warm-one", 2)
        play(two, "warm-two", 6)
        gains, ceilings = [], []
        for again in range(3):
            gains.append(play(one, f"one-{again}", REPLICATIONS) / play(two, f"two-{again}", REPLICATIONS))
            ceilings.append(turn(one) / turn(two))
    return statistics.median(gains), statistics.median(ceilings)


def loop(rounds: int) -> int:
    """Work that needs a core and nothing else."""
    total = 0
    for number in range(rounds):
        total += number * number
    return total


if __name__ == "__main__":
    main()
