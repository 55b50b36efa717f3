"""population.csv: residents on 31 December by district, sex, age band, ability and setting."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sim.codes import AGE_BANDS, Ability, Setting, Sex, name
from sim.ensemble import cells
from sim.tables import POPULATION_COLUMNS, TOTAL

KEYS = ("year", "region_code", "sex", "age_band", "ability", "setting")
_ORDER = {
    "sex": tuple(name(code) for code in Sex),
    "age_band": tuple(band for _, band in AGE_BANDS),
    "ability": tuple(name(code) for code in Ability),
    "setting": tuple(name(code) for code in Setting),
}


def reduce(rows: pa.Table) -> pa.Table:
    """The Decembers of one replication, with the place's total beside its districts."""
    districts = pc.not_equal(rows["region_code"].cast(pa.string()), TOTAL)
    kept = rows.filter(pc.and_(districts, cells.is_december(rows["month"])))
    kept = kept.append_column("year", cells.year(kept["month"]))
    by_district = _summed(kept, KEYS)
    of_place = _summed(kept, [key for key in KEYS if key != "region_code"])
    of_place = of_place.append_column("region_code", pa.array([TOTAL] * len(of_place), pa.string()))
    columns = [*KEYS, "value"]
    text = pa.schema(
        [("year", pa.int32()), *[(key, pa.string()) for key in KEYS[1:]], ("value", pa.float64())]
    )
    return pa.concat_tables([t.select(columns).cast(text) for t in (by_district, of_place)])


def _summed(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    summed = rows.group_by(list(keys), use_threads=False).aggregate([("value", "sum")])
    return summed.rename_columns([*keys, "value"])


def table(rows: pa.Table, frame: cells.Frame) -> pa.Table:
    """The table of all replications; cells that no replication fills are left out.

    Args:
        rows: reduced rows with a column `run`.
        frame: what all tables share.
    """
    found = cells.Cells.of(rows, KEYS, frame.runs, {**_ORDER, "region_code": tuple(frame.regions)})
    columns = {
        **found.keys,
        "place": [frame.place] * len(found.values),
        "persons_run0": found.values[:, 0],
        "persons_mean": found.values[:, cells.entering(frame.runs)].mean(axis=1),
        "basis": [frame.basis(int(year)) for year in found.keys["year"]],
    }
    return pa.table({column: columns[column] for column in POPULATION_COLUMNS})
