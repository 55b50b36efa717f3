"""The CSV tables of a scenario, read into arrays and checked against what they must hold.

What is wrong in a table of the place is told at its line (`errors.InputError`), in a national one by file,
rule and value (`errors.TableError`). All are checked when a scenario is loaded; a run never meets a bad one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.codes import Sex
from sim.errors import Fault, InputError, TableError
from sim.scenario.csvrows import Row, is_whole, not_among, not_whole, read_rows, twice

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Reader = TypeVar("Reader", bound=Callable[..., Any])

SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}
FIRST_AGE = 35
GROUP_YEARS = 5
_SIXTY = 60
CENSUS_COLUMNS = ("district", "sex", "age_from", "age_to", "persons")
HOUSEHOLD_COLUMNS = (
    "district", "persons", "persons_urban", "family_households", "one_person_households",
    "households_one_65plus", "households_two_65plus", "households_three_65plus",
)  # fmt: skip


@dataclass(frozen=True)
class Census:
    """Residents by district, sex and five-year age group at the start.

    Attributes:
        age_from: first ages in years of the groups, ascending from 35; the last group is open.
        persons: (districts, 2, groups) counts.
    """

    age_from: I64
    persons: I64


@dataclass(frozen=True)
class Households:
    """Counts of the census of households, one row per district, in the order of the scenario.

    Attributes:
        persons: all residents; `urban`: urban residents.
        by_65plus: (districts, 3) family households with one, two, three or more persons aged 65+.
        one_person: one-person family households.
    """

    persons: I64
    urban: I64
    one_person: I64
    by_65plus: I64


@dataclass(frozen=True)
class Mortality:
    """Deaths per person-year by period, sex and five-year age group (the last one open).

    Attributes:
        period_from: first years of the periods.
        age_from: first ages of the groups.
        rates: (periods, 2, groups).
    """

    period_from: I64
    age_from: I64
    rates: F64


def _kept(read: Reader) -> Reader:
    """Read a table once in a process until it changes: each replication with other parameters asks for it.

    What is read is shared, so nobody writes into it.
    """

    @lru_cache(maxsize=8)
    def once(path: Path, _changed: int, _size: int, *more: str) -> Any:
        return read(path, *more)

    @wraps(read)
    def kept(path: Path, *more: str) -> Any:
        stamp = path.stat()
        return once(path, stamp.st_mtime_ns, stamp.st_size, *more)

    return cast("Reader", kept)


def _table(path: Path, columns: list[str], keys: list[str]) -> pd.DataFrame:
    """Read a table that has exactly these columns and each key once."""
    frame = pd.read_csv(path, encoding="utf-8-sig")
    if list(frame.columns) != columns:
        raise TableError([("table_value", f"{path.name}: {', '.join(frame.columns)}", ", ".join(columns))])
    if frame.duplicated(keys).any():
        first = frame.loc[frame.duplicated(keys), keys].iloc[0]
        raise TableError([("table_twice", f"{path.name}: {' '.join(map(str, first))}", "")])
    numbers = frame.select_dtypes("number")
    if (numbers < 0).any().any() or numbers.isna().any().any():
        raise TableError([("table_negative", path.name, "")])
    return frame


def _sexes(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    wrong = set(frame["sex"]) - set(SEXES)
    if wrong:
        raise TableError([("table_value", f"{path.name}: sex {sorted(wrong)}", "male, female")])
    return frame


def _cube(frame: pd.DataFrame, first: list[str], ages: list[int], column: str, path: Path) -> F64:
    """(first, sex, age) cube of a column; every cell must be there."""
    by = frame.columns[0]
    index = pd.MultiIndex.from_product([first, list(SEXES), ages])
    series = frame.set_index([by, "sex", "age_from"])[column]
    if len(series) != len(index) or not index.isin(series.index).all():
        missing = [key for key in index if key not in series.index][:3]
        raise TableError([("table_missing", f"{path.name}: {key}", "") for key in missing or ["..."]])
    return series.loc[list(index)].to_numpy(dtype=np.float64).reshape(len(first), 2, len(ages))


def read_census(path: Path, districts: list[str]) -> Census:
    """Read `district, sex, age_from, age_to, persons` for the districts of the scenario.

    Groups of five years from 35 on, the same for every district and sex; the last one is open, so its
    `age_to` is empty.

    Raises:
        InputError: with every fault at its line.
    """
    rows = read_rows(path, CENSUS_COLUMNS)
    faults = [
        *not_among(rows, "district", districts), *not_among(rows, "sex", list(SEXES)),
        *not_whole(rows, ["age_from", "persons"]), *twice(rows, CENSUS_COLUMNS[:3]),
    ]  # fmt: skip
    ages = [int(row["age_from"]) for row in rows if is_whole(row["age_from"])]
    groups = range(FIRST_AGE, max(ages, default=FIRST_AGE) + 1, GROUP_YEARS)
    faults += [row.fault(*wrong) for row in rows if (wrong := _wrong_group(row, groups))]
    if faults:
        raise InputError(faults)
    found = {(row["district"], row["sex"], int(row["age_from"])): row["persons"] for row in rows}
    index = [(district, sex, age) for district in districts for sex in SEXES for age in groups]
    absent = [" ".join(map(str, key)) for key in index if key not in found]
    if absent:
        raise InputError(Fault(str(path), 1, 1, "district", "table_missing", key) for key in absent)
    persons = np.array([int(found[key]) for key in index], dtype=np.int64)
    census = Census(np.array(groups), persons.reshape(len(districts), 2, len(groups)))
    inside = {_SIXTY: census.age_from == _SIXTY, _SIXTY + GROUP_YEARS: census.age_from > _SIXTY}
    nobody = [
        row.fault("persons", "nobody")
        for row in rows
        if (group := inside.get(int(row["age_from"]))) is not None
        and not census.persons[districts.index(row["district"]), SEXES[row["sex"]], group].any()
    ]
    if nobody:
        raise InputError(nobody)
    return census


def _wrong_group(row: Row, groups: range) -> tuple[str, str, str] | None:
    """Column, code and what is allowed, if the ages of a row are no group of the table."""
    if not is_whole(row["age_from"]):
        return None
    age = int(row["age_from"])
    if age not in groups:
        allowed = ", ".join(str(FIRST_AGE + step * GROUP_YEARS) for step in range(3))
        return "age_from", "out_of_bounds", f"{allowed}, ..."
    if age == groups[-1]:
        return ("age_to", "last_group", "") if row["age_to"] else None
    last = str(age + GROUP_YEARS - 1)
    return ("age_to", "out_of_bounds", last) if row["age_to"] != last else None


def read_households(path: Path, districts: list[str]) -> Households:
    """Read the household counts of the districts of the scenario.

    Raises:
        InputError: with every fault at its line.
    """
    rows = read_rows(path, HOUSEHOLD_COLUMNS)
    counts = HOUSEHOLD_COLUMNS[1:]
    faults = [*not_among(rows, "district", districts), *not_whole(rows, counts), *twice(rows, ["district"])]
    by_code = {row["district"]: row for row in rows}
    absent = [code for code in districts if code not in by_code]
    faults += [Fault(str(path), 1, 1, "district", "table_missing", code) for code in absent]
    if not faults:
        faults = [
            row.fault("persons_urban", "out_of_bounds", f"<= {row['persons']} > 0")
            for row in rows
            if not 0 < int(row["persons"]) >= int(row["persons_urban"])
        ]
    if faults:
        raise InputError(faults)
    table = np.array([[int(by_code[code][name]) for name in counts] for code in districts], dtype=np.int64)
    return Households(table[:, 0], table[:, 1], table[:, 3], table[:, 4:])


@_kept
def read_mortality(path: Path) -> Mortality:
    """Read `period_from, sex, age_from, deaths_per_person_year`."""
    columns = ["period_from", "sex", "age_from", "deaths_per_person_year"]
    frame = _sexes(_table(path, columns, columns[:3]), path)
    periods = sorted(int(period) for period in frame["period_from"].unique())
    ages = sorted(int(age) for age in frame["age_from"].unique())
    if ages[0] > FIRST_AGE:
        raise TableError([("table_value", f"{path.name}: age_from {ages[0]}", f"<= {FIRST_AGE}")])
    return Mortality(np.array(periods), np.array(ages), _cube(frame, periods, ages, columns[3], path))  # type: ignore[arg-type]


@_kept
def read_prevalence(path: Path, scenario: str) -> tuple[I64, F64]:
    """Read `scenario, sex, age_from, mild, moderate, severe` of one prevalence scenario.

    Returns:
        First ages of the groups, and (2, groups, 3) shares of mild, moderate, severe.
    """
    columns = ["scenario", "sex", "age_from", "mild", "moderate", "severe"]
    frame = _sexes(_table(path, columns, columns[:3]), path)
    frame = frame[frame["scenario"] == scenario]
    ages = sorted(int(age) for age in frame["age_from"].unique())
    shares = [_cube(frame, [scenario], ages, column, path)[0] for column in columns[3:]]
    stacked = np.stack(shares, axis=-1)
    if (stacked.sum(axis=-1) >= 1).any():
        raise TableError([("table_value", f"{path.name}: mild + moderate + severe >= 1", "< 1")])
    return np.array(ages), stacked


@_kept
def read_single_years(path: Path) -> F64:
    """Read `sex, age, persons` (census 2010): (2, ages) from age 25 on, the last age open."""
    frame = _sexes(_table(path, ["sex", "age", "persons"], ["sex", "age"]), path)
    ages = sorted(frame["age"].unique())
    if ages != list(range(FIRST_AGE - 10, ages[-1] + 1)):
        allowed = f"{FIRST_AGE - 10}, {FIRST_AGE - 9}, ..."
        raise TableError([("table_value", f"{path.name}: age", allowed)])
    wide = frame.pivot_table(index="sex", columns="age", values="persons").loc[list(SEXES)]
    return wide.to_numpy(np.float64)


@_kept
def read_marital(path: Path) -> tuple[I64, F64]:
    """Read `sex, age_from, persons, married` (census 2010, long form).

    Returns:
        First ages of the groups (the last open), and (2, groups) shares of the married.
    """
    columns = ["sex", "age_from", "persons", "married"]
    frame = _sexes(_table(path, columns, columns[:2]), path)
    ages = sorted(int(age) for age in frame["age_from"].unique())
    wide = frame.set_index(["sex", "age_from"])
    share = (wide["married"] / wide["persons"]).loc[[(sex, age) for sex in SEXES for age in ages]]
    return np.array(ages), share.to_numpy(np.float64).reshape(2, len(ages))
