"""What is wrong in the tables that a scenario names, told from its tree alone.

So the tables are checked together with the scenario, even where that is not good yet: all faults at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import Fault, InputError, TableError
from sim.scenario import inputs
from sim.scenario.bed_types import Stock
from sim.scenario.csvrows import read_rows
from sim.scenario.home_list import read_home_list
from sim.textfile import as_gbk, not_utf8
from sim.yamltree import Node, TreePath, dotted

_OLD = 65
_LIST = ("homes", "listed", "file")


def table_faults(root: Node, wrong: Collection[str] = ()) -> list[Fault]:
    """Every fault of every table that is there.

    Args:
        root: the tree of a scenario, files as absolute paths; a table whose path or districts the tree does
            not tell is left out.
        wrong: keys of the tree that are known to be wrong; with codes of districts nothing is compared then.
    """
    faults: list[Fault] = []
    for path, reader in _readers(root, wrong):
        node = root.at_path(path)
        at, key = node.at, dotted(path)
        try:
            reader()
            continue
        except TableError as error:
            found = error.faults
        except InputError as error:  # each at its line
            faults += [replace(fault, key=f"{key} {fault.key}".strip()) for fault in error.faults]
            continue
        except UnicodeDecodeError:
            faults.append(_encoding_fault(str(node.value), key))
            continue
        except (ValueError, KeyError, TypeError, IndexError) as error:
            found = (("table_unreadable", str(error), ""),)
        faults += [Fault(at.file, at.line, at.column, key, *fault) for fault in found]
    return faults


def _households(path: Path, census: Path | None, districts: list[str]) -> None:
    """Read a table of households, and compare it with the census table, if that is good.

    Raises:
        InputError: with every fault; or if more persons aged 65+ live in households than there are.
    """
    counts = inputs.read_households(path, districts)
    try:
        people = inputs.read_census(census, districts) if census else None
    except (InputError, UnicodeDecodeError):
        people = None
    if people is None:
        return  # told where it is read for itself
    old = people.persons[:, :, people.age_from > _OLD - inputs.GROUP_YEARS].sum(axis=(1, 2))
    inside = counts.by_65plus @ np.arange(1, 4)
    rows = {row["district"]: row for row in read_rows(path, inputs.HOUSEHOLD_COLUMNS)}
    faults = []
    for code, found, there in zip(districts, inside, old, strict=True):
        at = rows[code]
        place = (at.file, at.line, at.columns["households_one_65plus"], "households_one_65plus")
        faults += [Fault(*place, "more_than_residents", str(found), str(there))] if found > there else []
    if faults:
        raise InputError(faults)


def _readers(root: Node, wrong: Collection[str]) -> list[tuple[TreePath, Callable[[], object]]]:
    """Path in the tree -> what reads the table that it names."""
    prevalence = root.at_path(("population", "prevalence_scenario")).value
    national: dict[str, Callable[[Path], object]] = {
        "single_years": inputs.read_single_years,
        "mortality": inputs.read_mortality,
        "prevalence": lambda path: inputs.read_prevalence(path, str(prevalence)),
        "marital": inputs.read_marital,
    }
    named: list[tuple[TreePath, Callable[[Path], object]]] = [
        (("tables", key), reader) for key, reader in national.items()
    ]
    if districts := _districts(root, wrong):
        stock, census = _stock(root), _file(root, ("tables", "census"))
        named += [
            (("tables", "census"), lambda path: inputs.read_census(path, districts)),
            (("tables", "households"), lambda path: _households(path, census, districts)),
            (_LIST, lambda path: read_home_list(path, districts, stock)),
        ]
    found = [(path, reader, _file(root, path)) for path, reader in named]
    return [(path, lambda r=reader, f=file: r(f)) for path, reader, file in found if file]  # type: ignore[misc]


def _file(root: Node, path: TreePath) -> Path | None:
    """The file that stands at a path of the tree."""
    text = _value(root, path)
    return Path(text) if isinstance(text, str) and Path(text).is_file() else None


def _districts(root: Node, wrong: Collection[str]) -> list[str]:
    """The codes of the districts; none if one of them is wrong."""
    rows = root.at_path(("place", "districts")).value
    codes = [_value(row, ("id",)) for row in rows] if isinstance(rows, list) else []
    texts = [code for code in codes if isinstance(code, str)]
    right = not any(f"place.districts[{at}].id" in wrong for at in range(len(codes)))
    return texts if right and len(texts) == len(codes) else []


def _stock(root: Node) -> Stock:
    """The latest stock, as far as its numbers are known: what is not known is not compared."""
    rows = root.at_path(("homes", "stock")).value
    last = rows[-1] if isinstance(rows, list) and rows else root
    beds, nursing = (_value(last, (key,)) for key in ("beds", "nursing_beds"))
    known = {"beds": beds, "nursing_beds": nursing}
    numbers: dict[str, Any] = {key: one if isinstance(one, int) else None for key, one in known.items()}
    return Stock.model_construct(None, **numbers)


def _value(node: Node, path: TreePath) -> object:
    """The value at a path; None if there is none."""
    for part in path:
        below = node.value.get(str(part)) if isinstance(node.value, dict) else None
        if below is None:
            return None
        node = below
    return node.value


def _encoding_fault(file: str, key: str) -> Fault:
    """Where a table first is not UTF-8, and what it seems to be."""
    raw = Path(file).read_bytes()
    line, column = not_utf8(raw) or (0, 0)
    code = "table_not_text" if as_gbk(raw) is None else "table_gbk"
    return Fault(file, line, column, key, code, Path(file).name)
