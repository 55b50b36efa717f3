"""The engine of many replications beside its bars: workers, size, draws, starsim. Part of `make bench`."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import made_places
import numpy as np
from timing import seconds

from sim import start, store
from sim.ensemble import runner
from sim.model import simulate
from sim.population.step import PeopleStep
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario
from sim.streams import replication_seed

Row = tuple[str, float, str, str, bool | None]
"""Figure, measured, unit, bar, whether it holds."""

RUNS = 20
ROUNDS = 3
ONE_WORKER, TWO_WORKERS, PER_RESIDENT, STARSIM = 1.1, 1.8, 1.25, 5
SMALL, LARGE = 100_000, 1_000_000
LOOP = 10**7


def main() -> None:
    """Print the rows alone."""
    for figure, measured, unit, bar, holds in rows():
        verdict = "" if holds is None else "ok" if holds else "short"
        print(f"{figure:<58}{measured:>9.2f} {unit:<4}{bar:<10}{verdict}", flush=True)


def rows() -> Iterator[Row]:
    """All figures."""
    yield from workers(load_scenario("kaili", ["uncertain=[]"]))
    yield from drawn(load_scenario("yinchuan"))
    yield from size()
    yield from against_starsim()


def workers(scenario: Scenario) -> Iterator[Row]:
    """One pool worker over this process; two workers over one: medians of rounds in turn, start-up apart."""
    context = get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(1, context) as one,
        ProcessPoolExecutor(2, context) as two,
    ):
        began = time.perf_counter()
        play(scenario, Path(name) / "warm-one", 2, one)
        yield "start-up of a worker, with its first replication", time.perf_counter() - began, "s", "", None
        play(scenario, Path(name) / "warm-two", 6, two)
        play(scenario, Path(name) / "warm-here", 1, None)
        pooled, gains, ceilings = [], [], []
        for again in range(ROUNDS):
            here = play(scenario, Path(name) / f"here-{again}", RUNS, None)
            single = play(scenario, Path(name) / f"one-{again}", RUNS, one)
            double = play(scenario, Path(name) / f"two-{again}", RUNS, two)
            pooled.append(single / here)
            gains.append(single / double)
            ceilings.append(turn(one) / turn(two))
    worker = statistics.median(pooled)
    yield (
        f"one worker over in-process, {RUNS} of Kaili",
        worker,
        "x",
        f"<= {ONE_WORKER} x",
        worker <= ONE_WORKER,
    )
    gain = statistics.median(gains)
    yield "two workers over one, the same", gain, "x", f">= {TWO_WORKERS} x", gain >= TWO_WORKERS
    yield "  a plain loop at the same time: the machine's own", statistics.median(ceilings), "x", "", None


def play(scenario: Scenario, path: Path, runs: int, executor: Executor | None) -> float:
    """Seconds of some replications."""
    began = time.perf_counter()
    runner.run_missing(scenario, 1, runs, store.RunFolder(path, "k"), jobs=1, executor=executor)
    return time.perf_counter() - began


def turn(pool: Executor) -> float:
    """Seconds of some rounds of `loop`."""
    began = time.perf_counter()
    list(pool.map(loop, [LOOP] * 8))
    return time.perf_counter() - began


def loop(rounds: int) -> int:
    """Work that needs a core and nothing else."""
    total = 0
    for number in range(rounds):
        total += number * number
    return total


def drawn(scenario: Scenario) -> Iterator[Row]:
    """What drawn parameters cost: replications with the draws of the scenario over those without."""
    central = scenario.model_copy(update={"uncertain": []})
    simulate(central, 1, 1)
    with tempfile.TemporaryDirectory() as name:
        ratios = []
        for run in (1, 2, 3, 5, 6):  # each with parameters of its own

            def task(one: Scenario, run: int = run) -> runner.Task:
                return runner.Task(one, 1, run, store.RunFolder(Path(name), "k"))

            ratios.append(
                seconds(lambda make=task: runner.replicate(make(scenario)))
                / seconds(lambda make=task: runner.replicate(make(central)))
            )
    yield "replication with drawn parameters over one without", statistics.median(ratios), "x", "", None


def size() -> Iterator[Row]:
    """Cost per resident and month in a county of a million people aged 60 and over, over one of 100,000."""
    with tempfile.TemporaryDirectory() as name:
        places = [made_places.county(Path(name) / str(n), n) for n in (SMALL, LARGE)]
        costs: list[list[float]] = [[], []]
        for place in places:
            simulate(place, 1, 1)
        for run in range(ROUNDS):
            for cost, place, persons in zip(costs, places, (SMALL, LARGE), strict=True):
                cost.append(seconds(lambda at=place, run=run: simulate(at, 1, run)) / persons)
    small, large = (statistics.median(cost) for cost in costs)
    ratio = large / small
    yield (
        "cost per resident-month, a million over 100,000",
        ratio,
        "x",
        f"<= {PER_RESIDENT} x",
        ratio <= PER_RESIDENT,
    )


def against_starsim() -> Iterator[Row]:
    """The same people, deaths and changes of ability in starsim, where it is installed."""
    try:
        import starsim_twin
    except ImportError:
        print("starsim is not installed, so it is not measured: pip install 'carecap[bench]'")
        return
    scenario = load_scenario("yinchuan", ["population.net_migration_per_year=0", "uncertain=[]"])
    base = start.base_of(scenario)
    live(scenario, 1)
    simulate(scenario, 1, 1)
    ours, whole, theirs, all_theirs = [], [], [], []
    for again in range(ROUNDS):
        seed = replication_seed(1, again)
        ours.append(seconds(lambda seed=seed: live(scenario, seed)))
        whole.append(seconds(lambda again=again: simulate(scenario, 1, again)))
        lived = starsim_twin.live(scenario, base, again)
        theirs.append(lived.play_seconds)
        all_theirs.append(lived.make_seconds + lived.play_seconds)
    deaths, living = live(scenario, replication_seed(1, 0))
    print(f"the same people: carecap {living:,} aged 60+ at the end, {deaths:,} deaths; "
          f"starsim {lived.residents_60plus:,}, {lived.deaths:,}")  # fmt: skip
    ratio = statistics.median(theirs) / statistics.median(ours)
    yield "starsim, common random numbers on, months alone", statistics.median(theirs), "s", "", None
    yield "starsim over carecap, the same demography", ratio, "x", f">= {STARSIM} x", ratio >= STARSIM
    everything = statistics.median(all_theirs) / statistics.median(whole)
    yield "  over a whole replication, homes and money included", everything, "x", "", None


def live(scenario: Scenario, seed: int) -> tuple[int, int]:
    """Everybody's months without homes or list; returns deaths at 60+, and residents of 60+ at the end."""
    base = start.base_of(scenario)
    people, _ = start.draw_people(base, scenario, seed)
    nobody = np.zeros_like(start.living_hazard(scenario))
    step, first, deaths = PeopleStep(base, scenario, seed, nobody, people), scenario.horizon.first, 0
    for number in range(scenario.horizon.months):
        month = first.plus(number)
        happened = step.draw(month, people)
        deaths += int((month.index - people.birth[happened.died].astype(np.int64) >= 720).sum())
        step.settle(month, people, happened)
        step.arrive(month, people)
    last = first.plus(scenario.horizon.months - 1).index
    old = (people.left == 0) & (last - people.birth.astype(np.int64) >= 720)
    return deaths, int(old.sum())


if __name__ == "__main__":
    main()
