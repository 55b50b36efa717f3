"""The five places in one table: residents, rows, seconds per replication, over the plain-Mesa twin, memory.

Fewer rounds than for Yinchuan alone: what counts is that time and memory grow as the residents do.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

import twin
from timing import no_collection, seconds

from sim import start
from sim.ensemble.run import residents_at_start
from sim.model import CareModel, simulate
from sim.scenario.resolve import load_scenario

PLACES = ("baotou", "yinchuan", "haikou", "shou", "kaili")
ROUNDS = 3
_COLUMNS = ("place", "residents", "rows", "seconds", "twin s", "ratio", "bytes per resident")


@dataclass(frozen=True)
class Measured:
    """A place: residents of 60 or more at the start, all rows, processor seconds of a replication and twin.

    `bytes_per_resident` are those of the columns of the table at the start, dormant rows included.
    """

    residents: int
    rows: int
    seconds: float
    twin_seconds: float
    bytes_per_resident: float

    def cells(self, place: str) -> tuple[str, ...]:
        """As text."""
        return (
            place,
            f"{self.residents:,}",
            f"{self.rows:,}",
            f"{self.seconds:.2f}",
            f"{self.twin_seconds:.1f}",
            f"{self.twin_seconds / self.seconds:.1f} x",
            f"{self.bytes_per_resident:.0f}",
        )


def measure(place: str, known: tuple[float, float] | None = None) -> Measured:
    """Measure a place.

    Args:
        place: a shipped scenario.
        known: seconds of a replication and of the twin, where they were measured already.
    """
    scenario = load_scenario(place)
    residents = residents_at_start(simulate(scenario, 1, 1))  # kernels are compiled, the base is made
    people = CareModel(scenario, 1, 1).residents
    size = people.nbytes / residents
    rows = len(people)
    if known is None:
        times = [seconds(lambda: simulate(scenario, 1, 1)) for _ in range(ROUNDS)]
        leave = scenario.population.net_migration_per_year.value < 0
        person = twin.MayLeave if leave else twin.Person
        with no_collection():
            lived = twin.live(scenario, start.base_of(scenario), person=person)
        times += [seconds(lambda: simulate(scenario, 1, 1)) for _ in range(ROUNDS)]
        known = statistics.median(times), lived.make_seconds + lived.play_seconds
    return Measured(residents, rows, *known, size)


def show(known: Mapping[str, tuple[float, float]]) -> None:
    """Measure all places and print the table, row by row as it comes.

    Args:
        known: place -> seconds of a replication and of the twin, measured already.
    """
    widths = [max(9, len(name)) for name in _COLUMNS]

    def line(first: str, *others: str) -> None:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  ".join((first.ljust(widths[0]), *cells)), flush=True)

    line(*_COLUMNS)
    for place in PLACES:
        line(*measure(place, known.get(place)).cells(place))


if __name__ == "__main__":
    show({})
