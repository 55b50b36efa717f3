"""What a run writes down: the rows of its part, month by month."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.codes import AGE_BANDS, Ability, BedKind, Ownership, Setting, Sex, name
from sim.tables import ALL, KEYS, METRICS, PART_SCHEMA, TOTAL

F64 = NDArray[np.float64]

_BED_KINDS = [*(name(kind) for kind in BedKind), ALL]
_OWNERSHIPS = [name(ownership) for ownership in Ownership]


class Recorder:
    """Collects rows and makes the part of a replication."""

    def __init__(self, regions: list[str]) -> None:
        """Take the codes of the districts; `total` is added."""
        self._regions = [*regions, TOTAL]
        self._rows: dict[str, list[tuple[int, str, float, dict[str, str]]]] = {}
        self._summary: list[tuple[int, F64]] = []

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

    def population(self, month: int, bands: NDArray[np.int64]) -> None:
        """Add the population of a December: (districts, 2, 6, 4, 2) by sex, age band, ability, in a home."""
        for district, sex, band, ability, inside in np.argwhere(bands > 0):
            setting = (
                Setting.HOME
                if inside
                else Setting.INDEPENDENT
                if ability == Ability.INTACT
                else Setting.FAMILY
            )
            self.add(
                "population", month, "persons", float(bands[district, sex, band, ability, inside]),
                region_code=self._regions[district], sex=name(Sex(sex)), age_band=AGE_BANDS[band][1],
                ability=name(Ability(ability)), setting=name(setting),
            )  # fmt: skip

    def wait(
        self, month: int, event: str, days: float, district: int, ownership: int, kind: int, tier: int
    ) -> None:
        """Add one event of the list."""
        self.add(
            "waits", month, event, days, region_code=self._regions[district],
            ownership=_OWNERSHIPS[ownership], bed_kind=_BED_KINDS[kind], tier=str(tier),
        )  # fmt: skip

    def part(self) -> pa.Table:
        """The part, in `PART_SCHEMA`; equal runs give equal tables."""
        tables = [self._summary_table()]
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
        kept = np.argwhere(~np.isnan(cube))
        columns = {
            "table": pa.DictionaryArray.from_arrays(np.zeros(len(kept), np.int16), ["summary"]),
            "metric": pa.DictionaryArray.from_arrays(kept[:, 1].astype(np.int16), [m.name for m in METRICS]),
            "region_code": pa.DictionaryArray.from_arrays(kept[:, 2].astype(np.int16), self._regions),
            "bed_kind": pa.DictionaryArray.from_arrays(kept[:, 3].astype(np.int16), _BED_KINDS),
        }
        empty = pa.DictionaryArray.from_arrays(np.zeros(len(kept), np.int16), [""])
        arrays = [months[kept[:, 0]].astype(np.int32), *(columns.get(key, empty) for key in KEYS)]
        return pa.Table.from_arrays(
            [pa.array(array) if isinstance(array, np.ndarray) else array for array in arrays]
            + [pa.array(cube[tuple(kept.T)])],
            schema=PART_SCHEMA,
        )


def _table(months: list[int], columns: dict[str, list[str]], values: list[float]) -> pa.Table:
    arrays = [pa.array(months, pa.int32())]
    for key in KEYS:
        codes = pa.array(columns[key]).dictionary_encode()
        arrays.append(codes.cast(PART_SCHEMA.field(key).type))
    return pa.Table.from_arrays([*arrays, pa.array(values, pa.float64())], schema=PART_SCHEMA)
