"""What a run writes down: the rows of its part, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.codes import AGE_BANDS, Ability, BedKind, Ownership, Setting, Sex, name
from sim.tables import ALL, KEYS, METRICS, PART_SCHEMA, TOTAL

F64 = NDArray[np.float64]
Codes = NDArray[np.integer]

_BED_KINDS = [*(name(kind) for kind in BedKind), ALL]
WAIT_EVENTS = (
    "applied", "admitted", "withdrawn", "died_waiting", "moved_waiting", "refused_all", "waiting_end",
)  # fmt: skip
"""What can be written of the list."""
_WAIT_CODES = {event: code for code, event in enumerate(WAIT_EVENTS)}
_ABLE = np.arange(len(Ability)) == Ability.INTACT
_OWNERSHIPS = [name(ownership) for ownership in Ownership]


class Recorder:
    """Collects rows and makes the part of a replication."""

    def __init__(self, regions: list[str]) -> None:
        """Take the codes of the districts; `total` is added."""
        self._regions = [*regions, TOTAL]
        self._rows: dict[str, list[tuple[int, str, float, dict[str, str]]]] = {}
        self._summary: list[tuple[int, F64]] = []
        self._population: list[tuple[int, NDArray[np.int64]]] = []
        self._waits: list[NDArray[np.int64]] = []
        self._days: list[F64] = []

    def add(self, table: str, month: int, metric: str, value: float, **keys: str) -> None:
        """Add one row."""
        self._rows.setdefault(table, []).append((month, metric, value, keys))

    def summary(self, month: int, values: dict[str, F64]) -> None:
        """Add the metrics of a month.

        Args:
            month: month index.
            values: metric -> (districts,) or, by bed kind, (districts, 2); totals are sums over these.
        """
        cube = np.full((len(METRICS), len(self._regions), len(_BED_KINDS)), np.nan)
        for index, metric in enumerate(METRICS):
            value = values[metric.name]
            if metric.by_bed_kind:
                cube[index, :-1, :-1] = value
                cube[index, :-1, -1] = value.sum(axis=1)
            else:
                cube[index, :-1, -1] = value
            cube[index, -1] = cube[index, :-1].sum(axis=0)
        self._summary.append((month, cube))

    def population(
        self, month: int, bands: NDArray[np.int64], served: Mapping[Setting, NDArray[np.int64]]
    ) -> None:
        """Add the population of a December.

        Args:
            month: month index.
            bands: (districts, 2, 6, 4, 2) residents by sex, age band, ability, outside/in a home.
            served: setting -> (districts, 2, 6, 4) residents outside homes whom services care for.
        """
        cared = np.zeros((*bands.shape[:-1], len(Setting)), np.int64)
        cared[..., Setting.HOME] = bands[..., 1]
        for setting, persons in served.items():
            cared[..., setting] = persons
        alone = bands[..., 0] - sum(served.values())
        cared[..., Setting.INDEPENDENT] += np.where(_ABLE, alone, 0)
        cared[..., Setting.FAMILY] = np.where(_ABLE, 0, alone)
        self._population.append((month, cared))

    def waits(
        self, month: int, events: Sequence[str], days: Sequence[float], district: Codes, ownership: Codes,
        kind: Codes, tier: Codes,
    ) -> None:  # fmt: skip
        """Add events of the list.

        Args:
            month: month index.
            events: (events,) names, of `WAIT_EVENTS`.
            days: waited, or persons for those still waiting.
            district: of the home, like the ownership.
            ownership: codes.
            kind: of the bed.
            tier: of who waits.
        """
        codes = np.array([_WAIT_CODES[event] for event in events])
        months = np.full(len(codes), month)
        self._waits.append(np.stack([months, codes, district, ownership, kind, tier]))
        self._days.append(np.array(days, np.float64))

    def part(self) -> pa.Table:
        """The part, in `PART_SCHEMA`; equal runs give equal tables."""
        tables = [self._summary_table()]
        if self._waits:
            tables.append(self._waits_table())
        if self._population:
            tables.append(self._population_table())
        for table, rows in self._rows.items():
            months, metrics, values, keys = zip(*rows, strict=True)
            columns: dict[str, list[str]] = {"table": [table] * len(rows), "metric": list(metrics)}
            for key in KEYS[2:]:
                columns[key] = [row.get(key, "") for row in keys]
            tables.append(_table(list(months), columns, list(values)))
        return pa.concat_tables(tables).unify_dictionaries().combine_chunks()

    def _summary_table(self) -> pa.Table:
        months = np.array([month for month, _ in self._summary])
        cube = np.stack([values for _, values in self._summary])
        kept = np.argwhere(~np.isnan(cube)).T
        columns = {
            "metric": (kept[1], [metric.name for metric in METRICS]),
            "region_code": (kept[2], self._regions),
            "bed_kind": (kept[3], _BED_KINDS),
        }
        return _coded("summary", months[kept[0]], columns, cube[tuple(kept)])

    def _waits_table(self) -> pa.Table:
        month, event, district, ownership, kind, tier = np.concatenate(self._waits, axis=1)
        columns = {
            "metric": (event, list(WAIT_EVENTS)),
            "region_code": (district, self._regions),
            "ownership": (ownership, _OWNERSHIPS),
            "bed_kind": (kind, _BED_KINDS),
            "tier": (tier, [str(number) for number in range(int(tier.max()) + 1)]),
        }
        return _coded("waits", month, columns, np.concatenate(self._days))

    def _population_table(self) -> pa.Table:
        months = np.array([month for month, _ in self._population])
        cube = np.stack([cared for _, cared in self._population])
        kept = np.argwhere(cube > 0).T
        month, district, sex, band, ability, setting = kept
        columns = {
            "metric": (np.zeros_like(month), ["persons"]),
            "region_code": (district, self._regions),
            "sex": (sex, [name(code) for code in Sex]),
            "age_band": (band, [text for _, text in AGE_BANDS]),
            "ability": (ability, [name(code) for code in Ability]),
            "setting": (setting, [name(code) for code in Setting]),
        }
        return _coded("population", months[month], columns, cube[tuple(kept)].astype(np.float64))


def _coded(
    table: str, months: NDArray[np.integer], columns: Mapping[str, tuple[NDArray[np.integer], list[str]]],
    values: F64,
) -> pa.Table:  # fmt: skip
    """Rows of one table from columns of codes, each with the names of its codes."""
    empty = np.zeros(len(values), np.int16)
    coded = {"table": (empty, [table]), **columns}
    arrays = [pa.array(months.astype(np.int32))]
    for key in KEYS:
        codes, names = coded.get(key, (empty, [""]))
        arrays.append(pa.DictionaryArray.from_arrays(codes.astype(np.int16), names))
    return pa.Table.from_arrays([*arrays, pa.array(values)], schema=PART_SCHEMA)


def _table(months: list[int], columns: dict[str, list[str]], values: list[float]) -> pa.Table:
    arrays = [pa.array(months, pa.int32())]
    for key in KEYS:
        codes = pa.array(columns[key]).dictionary_encode()
        arrays.append(codes.cast(PART_SCHEMA.field(key).type))
    return pa.Table.from_arrays([*arrays, pa.array(values, pa.float64())], schema=PART_SCHEMA)
