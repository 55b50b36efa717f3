"""drivers.csv: the change of a gap between years, by hand, and added up."""

import numpy as np
import pyarrow as pa
import pytest
from made_up import part

from sim.ensemble import collect, drivers
from sim.ensemble.cells import Frame
from sim.months import Calendar, Month
from sim.tables import DRIVERS_COLUMNS

START = Month.of(2020, 11)


def december(year):
    return Month.of(year, 12).index


def beds(year, gap, demand, opened):
    values = {"expressed_gap": gap, "bed_demand": demand, "open_beds": opened}
    return [{"table": "summary", "month": december(year), "metric": metric, "region_code": "total",
             "bed_kind": "all", "value": value} for metric, value in values.items()]  # fmt: skip


def people(year, cells):
    """(age band, ability, setting) -> persons."""
    return [{"table": "population", "month": december(year), "region_code": "d1", "sex": "female",
             "age_band": band, "ability": ability, "setting": setting, "value": persons}
            for (band, ability, setting), persons in cells.items()]  # fmt: skip


def made(*runs, years=3):
    gathered = {"summary": [], "population": []}
    for run, rows in enumerate(runs):
        reduced = collect.reduced(part(rows))
        for name, found in gathered.items():
            found.append(reduced[name].append_column("run", pa.array([run] * len(reduced[name]), pa.int64())))
    tables = {name: pa.concat_tables(found) for name, found in gathered.items()}
    frame = Frame("s", "p", {"total": "p", "d1": "a"}, Calendar(START, 2 + 12 * (years - 1)), len(runs))
    table = drivers.table(tables["summary"], tables["population"], frame)
    assert tuple(table.column_names) == DRIVERS_COLUMNS
    return table.to_pandas()


def changes(table, start, end, column="change_mean"):
    rows = table[(table.from_year == start) & (table.to_year == end)]
    return dict(zip(rows.component, rows[column], strict=True))


FIRST = {("70-74", "mild", "independent"): 900, ("70-74", "mild", "home"): 100,
         ("70-74", "severe", "independent"): 50, ("70-74", "severe", "home"): 50}  # fmt: skip


def test_twice_as_many_alike_are_all_ageing():
    twice = {key: 2 * persons for key, persons in FIRST.items()}
    table = made([*beds(2020, 30, 180, 200), *people(2020, FIRST), *beds(2021, 210, 360, 200),
                  *people(2021, twice)], years=2)  # fmt: skip
    assert changes(table, 2020, 2021) == {
        "ageing": 180, "ability": 0, "use": 0, "open_beds": 0, "mismatch": 0, "total": 180,
    }  # fmt: skip


def test_worse_ability_other_use_beds_and_mismatch_by_hand():
    """100 of the 1,000 with mild ability become severe, of whom half use a bed and not a tenth."""
    worse = {("70-74", "mild", "independent"): 810, ("70-74", "mild", "home"): 90,
             ("70-74", "severe", "independent"): 100, ("70-74", "severe", "home"): 100}  # fmt: skip
    table = made([*beds(2020, 30, 150, 200), *people(2020, FIRST), *beds(2021, 40, 220, 250),
                  *people(2021, worse)], years=2)  # fmt: skip
    assert changes(table, 2020, 2021) == {
        "ageing": 0, "ability": 40, "use": 30, "open_beds": -50, "mismatch": -10, "total": 10,
    }  # fmt: skip


def test_every_step_and_the_whole_add_up_exactly_whatever_the_numbers():
    draws = np.random.default_rng(3)
    runs = []
    for _ in range(8):
        rows = []
        for year in (2020, 2021, 2022):
            rows += beds(year, *draws.integers(1, 500, 3))
            rows += people(year, {key: int(draws.integers(1, 900)) for key in FIRST})
        runs.append(rows)
    table = made(*runs)
    spans = {(row.from_year, row.to_year) for row in table.itertuples()}
    assert spans == {(2020, 2021), (2021, 2022), (2020, 2022)}
    for span in spans:
        for column in ("change_mean", "change_run0"):
            found = {name: round(value * 1e6) for name, value in changes(table, *span, column).items()}
            assert sum(found[name] for name in drivers.COMPONENTS) == found["total"]
    steps = [changes(table, *span)["total"] for span in ((2020, 2021), (2021, 2022))]
    assert sum(steps) == pytest.approx(changes(table, 2020, 2022)["total"], abs=1e-5)
    assert set(table.n_runs) == {7}


def test_one_december_has_no_change():
    assert made([*beds(2020, 1, 2, 3), *people(2020, FIRST)], years=1).empty
