"""What a backlog costs the waiting list: 10,000 beds for six years, with 0, 10,000 and 50,000 waiting.

60 homes full at the start, 6,000 applications a year in 3 tiers for 3 homes each, mean stay 2 years, mean
patience 4 years. Timed: setting up the list and 72 monthly replays; not timed: drawing the inputs. The
ratios within one run count, not the seconds.
"""

from __future__ import annotations

import gc
import statistics
from functools import partial
from typing import NamedTuple

import numpy as np
from timing import Spread, seconds

from sim.waitlist import Application, Waitlist

HOMES, BEDS, PER_YEAR, YEARS = 60, 10_000, 6_000, 6
YEAR = 360.0
BACKLOGS = (0, 10_000, 50_000)
Inputs = tuple[list[float], list[Application], list[list[Application]]]


def inputs(backlog: int, seed: int = 20201101) -> Inputs:
    """Return exit days of those settled, those waiting at the start, and the applications month by month."""
    rng = np.random.default_rng(seed)
    exits = rng.exponential(2 * YEAR, BEDS).tolist()
    new = rng.poisson(PER_YEAR * YEARS)
    days = [
        *rng.uniform(-2 * YEAR, 0.0, backlog).tolist(),
        *np.sort(rng.uniform(0.0, YEAR * YEARS, new)).tolist(),
    ]
    size = backlog + new
    homes = rng.permuted(np.tile(np.arange(HOMES, dtype=np.int8), (size, 1)), axis=1)[:, :3].tolist()
    tiers = rng.integers(1, 4, size).tolist()
    patience = [
        left - min(day, 0.0) for left, day in zip(rng.exponential(4 * YEAR, size).tolist(), days, strict=True)
    ]
    stays = rng.exponential(2 * YEAR, size).tolist()
    everybody = [
        Application(
            days[i],
            BEDS + i,
            i,
            tiers[i],
            0,
            0,
            tuple((h, True) for h in homes[i]),
            patience[i],
            stays[i],
        )
        for i in range(size)
    ]
    months: list[list[Application]] = [[] for _ in range(12 * YEARS)]
    for application in everybody[backlog:]:
        months[int(application.day // 30)].append(application)
    return exits, everybody[:backlog], months


def play(given: Inputs) -> int:
    """Set up the list, replay all months, return the number of admissions."""
    exits, backlog, months = given
    waitlist = Waitlist()
    for home in range(HOMES):
        waitlist.add_home(home, (0, 0))
    for person, day in enumerate(exits):
        waitlist.settle(person, person % HOMES, 0, day)
    for application in backlog:
        waitlist.enlist(application)
    return sum(
        len(waitlist.replay(30.0 * (month + 1), events).admissions) for month, events in enumerate(months)
    )


class Measured(NamedTuple):
    """Median processor seconds with a backlog, and the ratio to no backlog in the same round."""

    seconds: float
    ratio: Spread


def measure(rounds: int = 5) -> dict[int, Measured]:
    """Backlog -> what was measured in interleaved rounds."""
    jobs = {backlog: inputs(backlog) for backlog in BACKLOGS}
    times: dict[int, list[float]] = {backlog: [] for backlog in BACKLOGS}
    gc.collect()
    gc.freeze()  # the collector shall not walk the inputs of all three jobs in each of them
    for _ in range(rounds):
        for backlog, given in jobs.items():
            gc.collect()
            times[backlog].append(seconds(partial(play, given)))
    gc.unfreeze()
    return {
        backlog: Measured(statistics.median(some), Spread.of_ratios(some, times[0]))
        for backlog, some in times.items()
    }


def main() -> None:
    """Print the figures beside their bar."""
    for backlog, found in measure().items():
        print(f"backlog {backlog:>6}: {found.seconds:.3f} s, {found.ratio} x no backlog")
    print(f"bar: backlog {BACKLOGS[-1]} <= 2.6 x no backlog")


if __name__ == "__main__":
    main()
