"""Which inputs move the headline figures: each is put at both ends of its range, all others central.

The replications of an end are paired with central ones of the same seed and number, so that chance is largely
the same. Effects are told in standard deviations of the central figure by chance: what is far below one hides
in the spread that every run shows. What inputs do only together with others does not show. What enters
`uncertain` of `scenarios/national/defaults.yaml` is decided from this table.

`python -m sim.validate.screen PLACE [RUNS [PATTERN...]]` has a row for each input that has a range and is not
drawn; with patterns a row for each of them: what fits it, drawn or not, goes to its ends together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.model import simulate
from sim.money import FEN_PER_YUAN
from sim.months import MONTHS_PER_YEAR
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario
from sim.scenario.uncertain import Input, drawn, quantities, with_values
from sim.tables import ALL, TOTAL

F64 = NDArray[np.float64]

_SEED = 1
RUNS = 6
CHANCE_RUNS = 24
"""Central replications: their spread is the chance that effects are measured against."""
METRICS = ("expressed_gap", "waiting", "occupied", "normative_gap", "care_need")
HEADLINES = (*METRICS, "yuan")
OF_CHANCE, OF_CENTRAL = 0.25, 0.02
"""An effect is noticed beyond so many standard deviations by chance and this share of the central figure."""
_FEW, _LITTLE = 2, 0.5
"""So many replications will do where each is moved by less than this part of what is noticed."""


class Central:
    """The headline figures at central inputs.

    Attributes:
        values: (replications, headlines).
        mean, sd: (headlines,) over replications; the standard deviation is by chance.
        noticeable: (headlines,) the smallest effect that is noticed.
    """

    def __init__(self, values: F64) -> None:
        """Take means and spread."""
        self.values = values
        self.mean, self.sd = values.mean(axis=0), values.std(axis=0, ddof=1)
        self.noticeable = np.maximum(OF_CHANCE * self.sd, OF_CENTRAL * np.abs(self.mean))


@dataclass(frozen=True)
class Effect:
    """What some inputs do.

    Attributes:
        moved, error: (2, headlines) mean change at the low and at the high ends, and its standard error.
        refused: the scenario does not take an end together with the central values of the other inputs.
    """

    moved: F64
    error: F64
    refused: bool = False

    def noticed(self, central: Central) -> list[str]:
        """The headline figures that are moved noticeably."""
        beyond = np.abs(self.moved) > central.noticeable
        return [name for name, either in zip(HEADLINES, beyond.T, strict=True) if either.any()]


def figures(part: pa.Table) -> F64:
    """(headlines,) figures of a replication: of its last month, and the yuan of its last fiscal year."""
    table, last = pc.field("table"), pc.max(part["month"]).as_py()
    whole = (pc.field("region_code") == TOTAL) & (pc.field("bed_kind") == ALL) & (pc.field("month") == last)
    rows = part.filter(whole & (table == "summary")).select(["metric", "value"]).to_pylist()
    state = {row["metric"]: row["value"] for row in rows}
    paid = (pc.field("metric") == "amount_fen") & (pc.field("month") > last - MONTHS_PER_YEAR)
    spent = pc.sum(part.filter(paid & (table == "costs"))["value"]).as_py() or 0.0
    return np.array([*(state[metric] for metric in METRICS), spent / FEN_PER_YUAN])


def central_of(scenario: Scenario, runs: int) -> Central:
    """The figures of the first `runs` replications, all inputs central."""
    return Central(np.array([figures(simulate(scenario, _SEED, run)) for run in range(1, runs + 1)]))


def effect(scenario: Scenario, inputs: Sequence[Input], central: Central, runs: int) -> Effect:
    """Put inputs at their ends together, in so many replications at most."""
    moved, error = np.zeros((2, 2, len(HEADLINES)))
    for end in (0, 1):
        try:
            there = with_values(scenario, {one.path: one.ends[end] for one in inputs})
        except ValidationError:
            return Effect(moved, error, refused=True)
        found: list[F64] = []
        while len(found) < runs and not _enough(found, central):
            found.append(figures(simulate(there, _SEED, len(found) + 1)) - central.values[len(found)])
        moved[end] = np.mean(found, axis=0)
        error[end] = np.std(found, axis=0, ddof=min(1, len(found) - 1)) / np.sqrt(len(found))
    return Effect(moved, error)


def _enough(found: list[F64], central: Central) -> bool:
    """Whether nothing is moved in the first replication, or little in each of the first few."""
    little = len(found) == _FEW and bool((np.abs(found) <= _LITTLE * central.noticeable).all())
    return little or (len(found) == 1 and not found[0].any())


def chosen(scenario: Scenario, patterns: Sequence[str] = ()) -> list[tuple[str, list[Input]]]:
    """What is put to its ends together, with a name: see the module."""
    ranged = [one for one in quantities(scenario).values() if one.varies]
    if patterns:
        return [(each, [one for one in ranged if fnmatchcase(one.name, each)]) for each in patterns]
    already = {one.name for one in drawn(scenario)}
    left = (one for one in ranged if one.name not in already)
    return [("{} {:g} {:g}".format(one.name, *one.ends), [one]) for one in left]


def lines(scenario: Scenario, runs: int = RUNS, patterns: Sequence[str] = ()) -> Iterator[str]:
    """The table as it comes: central figures and chance; then input, low end, high end, effects of both."""
    central = central_of(scenario, max(runs, CHANCE_RUNS))
    of = {"central": central.mean, "chance sd": central.sd, "noticed beyond": central.noticeable}
    yield from (f"{name:<54}" + "".join(f"{each:>15,.0f}" for each in row) for name, row in of.items())
    yield f"{'input':<54}" + "".join(f"{name:>15}" for name in HEADLINES) + "  error of the gap  noticed in"
    sd = np.where(central.sd > 0, central.sd, np.inf)
    for name, inputs in chosen(scenario, patterns):
        found = effect(scenario, inputs, central, runs)
        cells = "".join(f"{f'{low:+.2f} {high:+.2f}':>15}" for low, high in (found.moved / sd).T)
        where = "refused" if found.refused else " ".join(found.noticed(central)) or "-"
        where = where if inputs else "no input with a range fits"
        yield f"{name:<54}{cells}{found.error[:, 0].max() / sd[0]:>18.2f}  {where}"


if __name__ == "__main__":
    import sys

    _place, *_more = sys.argv[1:]
    for _line in lines(load_scenario(_place), int(_more[0]) if _more else RUNS, _more[1:]):
        print(_line, flush=True)  # noqa: T201 - a command of the workshop
