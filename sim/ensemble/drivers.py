"""drivers.csv: why the gap of one scenario moved from one 31 December to another.

The expressed gap is demand less open beds, plus the open beds that stand where nobody asks for them; so its
change is taken apart by accounts, without further runs. Demand (residents of homes and people waiting) moves

- `ageing`: with the number of residents by sex and age band, their ability and use as they were;
- `ability`: with the ability of residents of a sex and age band, their use as it was;
- `use`: with how many ask for a bed at equal sex, age and ability: families, rules, prices, and places to be
  had, which only a comparison of scenarios tells apart (`carecap compare`).

Use by sex, age and ability is known for those in homes; those waiting are taken to be like them. Then

- `open_beds`: beds opened (less short) or closed (more short);
- `mismatch`: open beds where nobody asks for them: more of them, more short elsewhere.

All are whole beds in each replication, `use` takes what rounding leaves, and the rows add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.codes import Setting, name
from sim.ensemble import cells
from sim.ensemble.footing import exact_means
from sim.tables import ALL, DRIVERS_COLUMNS, TOTAL

METRIC = "expressed_gap"
COMPONENTS = ("ageing", "ability", "use", "open_beds", "mismatch")
_CELL = ("sex", "age_band", "ability")


def table(summary: pa.Table, population: pa.Table, frame: cells.Frame) -> pa.Table:
    """From each 31 December to the next, and from the first to the last; none without two of them.

    Args:
        summary: reduced rows of the summary of all replications, with a column `run`.
        population: the same of the population.
        frame: what all tables share.
    """
    beds = _Beds.of(summary, frame.runs)
    people = _People.of(population, frame.runs)
    rows = []
    for start, end in _spans([year for year in beds.years if year in people.years]):
        parts = _parts(beds, people, start, end, frame.runs)
        chosen = cells.entering(frame.runs)
        drawn = {key: values[None, chosen] for key, values in parts.items()}
        means = exact_means(drawn, TOTAL, "use")
        for component, values in parts.items():
            p10, p90 = np.quantile(values[chosen], (0.1, 0.9))
            rows.append(
                (frame.scenario, start, end, TOTAL, METRIC, "beds", component, float(values[0]),
                 float(means[component][0]), p10, p90, len(chosen))
            )  # fmt: skip
    types = [pa.string(), pa.int64(), pa.int64(), *[pa.string()] * 4, *[pa.float64()] * 4, pa.int64()]
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(dict(zip(DRIVERS_COLUMNS, arrays, strict=True)))


class _Beds:
    """Gap, demand and open beds of the whole place, by metric and year; one value per replication."""

    def __init__(self, values: dict[tuple[str, int], cells.Floats]) -> None:
        self._values = values
        self.years = sorted(year for metric, year in values if metric == METRIC)

    @classmethod
    def of(cls, rows: pa.Table, runs: int) -> _Beds:
        where = (pc.field("region_code") == TOTAL) & (pc.field("bed_kind") == ALL)
        wanted = pc.is_in(rows["metric"], pa.array([METRIC, "bed_demand", "open_beds"]))
        found = cells.Cells.of(rows.filter(wanted).filter(where), ("metric", "year"), runs)
        return cls({(str(m), int(y)): found.values[row] for (m, y), row in found.index().items()})

    def change(self, metric: str, start: int, end: int) -> cells.Floats:
        """By how much a metric changes."""
        change: cells.Floats = self.at(metric, end) - self.at(metric, start)
        return change

    def at(self, metric: str, year: int) -> cells.Floats:
        """A metric at the end of a year."""
        return self._values[metric, year]


class _People:
    """Residents of the whole place by sex and age band, ability, and place, by year."""

    def __init__(self, found: cells.Cells, runs: int) -> None:
        axes = {key: sorted({str(value) for value in found.keys[key]}) for key in (*_CELL, "setting")}
        self.years = sorted({int(year) for year in found.keys["year"]})
        shape = tuple(len(axes[key]) for key in _CELL)
        self._all = {year: np.zeros((*shape, runs)) for year in self.years}
        self._home = {year: np.zeros((*shape, runs)) for year in self.years}
        for (year, *cell, setting), row in found.index().items():
            at = tuple(axes[key].index(str(value)) for key, value in zip(_CELL, cell, strict=True))
            self._all[int(year)][at] += found.values[row]
            if setting == name(Setting.HOME):
                self._home[int(year)][at] += found.values[row]

    @classmethod
    def of(cls, rows: pa.Table, runs: int) -> _People:
        place = rows.filter(pc.field("region_code") == TOTAL)
        return cls(cells.Cells.of(place, ("year", *_CELL, "setting"), runs), runs)

    def expected(self, start: int, end: int, runs: int) -> tuple[cells.Floats, cells.Floats, cells.Floats]:
        """Residents of homes if use stays that of the start, by replication.

        Use is that of all replications that enter, so that it is no noise.

        Returns:
            At the start; with the ages of the end; with its ages and ability.
        """
        chosen = cells.entering(runs)
        there, housed = (
            self._all[start][..., chosen].sum(axis=-1),
            self._home[start][..., chosen].sum(axis=-1),
        )
        use = np.divide(housed, there, out=np.zeros_like(housed), where=there > 0)[..., None]
        before, after = self._all[start], self._all[end]
        by_age = before.sum(axis=2, keepdims=True)
        mix = np.divide(before, by_age, out=np.zeros_like(before), where=by_age > 0)
        aged = after.sum(axis=2, keepdims=True) * mix
        now, then, able = ((each * use).sum(axis=(0, 1, 2)) for each in (before, aged, after))
        return now, then, able


def _parts(beds: _Beds, people: _People, start: int, end: int, runs: int) -> dict[str, cells.Floats]:
    """The components of the change and the whole, each (runs,) in whole beds."""
    now, aged, able = people.expected(start, end, runs)
    demand, opened = beds.change("bed_demand", start, end), beds.change("open_beds", start, end)
    scale = np.divide(beds.at("bed_demand", start), now, out=np.zeros_like(now), where=now > 0)
    ageing = np.round(scale * (aged - now))
    ability = np.round(scale * (able - aged))
    whole = beds.change(METRIC, start, end)
    return {
        "ageing": ageing,
        "ability": ability,
        "use": demand - ageing - ability,
        "open_beds": 0.0 - opened,
        "mismatch": whole - demand + opened,
        TOTAL: whole,
    }


def _spans(years: list[int]) -> Iterator[tuple[int, int]]:
    """Each year and the next, then the first and the last."""
    yield from pairwise(years)
    if len(years) > 2:  # noqa: PLR2004 - with two the whole is the one step
        yield years[0], years[-1]
