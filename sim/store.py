"""The run folder: name, parts, tables, manifest; written so that a kill leaves nothing half-made.

::

    DIR/<name>-<key, 8 digits>/
        manifest.json  scenario.resolved.yaml  summary.csv  targets.csv  costs.csv  waits.csv  population.csv
        uncertainty.csv  draws.csv  budget.csv  drivers.csv  charges.csv  contradictions.csv
        parts/run=000.parquet ...

The key names what decides the numbers and nothing else: resolved inputs, seed, sources, numerical libraries.
A part holds no time and no host, so the same run gives the same bytes. Every file is written beside its final
name and then moved there.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import sim
from sim.errors import RunError
from sim.tables import PART_SCHEMA, SCHEMA_VERSION

KEYED_LIBRARIES = ("numba", "numpy", "pyarrow")
TABLES = (
    "summary", "targets", "costs", "waits", "population", "uncertainty", "draws", "budget", "drivers",
    "charges", "contradictions",
)  # fmt: skip
_WHOLE = ("run", "year", "from_year", "to_year", "n_runs", "n_pairs")
_NUMBERS = (
    "run0", "mean", "p10", "p50", "p90", "mcse", "target", "value_run0", "value_p10", "value_p50",
    "value_p90", "prob_met", "prob_low", "prob_high", "gap_p50", "quantity", "amount_yuan_run0",
    "amount_yuan_mean", "amount_yuan_p10", "amount_yuan_p50", "amount_yuan_p90", "outstanding_yuan",
    "cancelled_yuan", "share_due", "charge_yuan", "due_yuan", "waived_yuan",
    "applications", "admitted", "withdrawn", "died_waiting", "waiting_end", "mean_days", "p50_days",
    "p90_days", "share_over_30d", "share_over_90d", "persons_run0", "persons_mean",
    "expected_shortfall", "sd", "chance_share", "chance_low", "chance_high", "parameter_share",
    "appropriation_yuan", "prob_over", "over_yuan_p50", "change_run0", "change_mean", "change_p10",
    "change_p90", "base_mean", "alt_mean", "diff_mean", "diff_p10", "diff_p90", "prob_better", "base_target",
    "alt_target", "base_prob_met", "alt_prob_met", "diff_se", "value",
)  # fmt: skip
"""Number columns of the result tables; all others are text, above all the codes of districts."""

_IN_FULL = ("value",)
"""Number columns that hold inputs: written so that the same number is read again, however small."""

_DECIMALS = 6
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NEGATIVE = re.compile(r"-\d+(\.\d+)?")
_STALE_SECONDS = 3600.0


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions() -> dict[str, str]:
    """Version of the package, and of the libraries that decide the numbers."""
    return {"carecap": sim.__version__, **{name: metadata.version(name) for name in KEYED_LIBRARIES}}


def run_key(fingerprint: str, seed: int) -> str:
    """What decides the numbers of a run, as 64 hex digits: not how many replications, nor names of files.

    Args:
        fingerprint: hash of the resolved inputs, contents of files included (`Resolved.fingerprint`).
        seed: seed of the run.
    """
    libraries = {name: metadata.version(name) for name in KEYED_LIBRARIES}
    said = [SCHEMA_VERSION, fingerprint, seed, sim.SOURCES_HASH, libraries]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run.

    Attributes:
        path: `DIR/<name>-<hash8>`.
        key: the whole key; its first 8 digits are in the folder's name.
    """

    path: Path
    key: str

    @classmethod
    def at(cls, out: Path, name: str, key: str) -> RunFolder:
        """The folder of a run below `out`; made by the first file that is written into it."""
        return cls(out / f"{name}-{key[:8]}", key)

    def part(self, run: int) -> Path:
        """Path of the part of a replication."""
        return self.path / "parts" / f"run={run:03d}.parquet"

    def table(self, name: str) -> Path:
        """Path of a result table."""
        return self.path / f"{name}.csv"

    @property
    def manifest(self) -> Path:
        """Path of the manifest."""
        return self.path / "manifest.json"

    @property
    def resolved(self) -> Path:
        """Path of the resolved scenario."""
        return self.path / "scenario.resolved.yaml"

    def missing(self, runs: int) -> list[int]:
        """The replications below `runs` that have no sound part."""
        return [run for run in range(runs) if read_part(self.part(run)) is None]

    def sweep(self) -> None:
        """Remove what a killed process left half-written more than an hour ago."""
        limit = time.time() - _STALE_SECONDS
        for path in [*self.path.glob(".*.tmp"), *self.path.glob("parts/.*.tmp")]:
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically."""
    write_bytes(path, text.encode())


def _number(path: Path) -> bytes:
    """The number in the name of a part's file, so that a file under a wrong name is noticed."""
    return path.stem.partition("=")[2].encode()


def write_part(table: pa.Table, path: Path) -> None:
    """Write the part of a replication, with its number; the same table gives the same bytes.

    Raises:
        ValueError: if the table has not the schema of a part.
    """
    if not table.schema.equals(PART_SCHEMA):
        raise ValueError(f"a part has the schema of sim.tables.PART_SCHEMA, not {table.schema}")
    buffer = io.BytesIO()
    plain = table.replace_schema_metadata({**PART_SCHEMA.metadata, b"part": _number(path)}).combine_chunks()
    pq.write_table(plain, buffer, compression="zstd", write_page_checksum=True)
    write_bytes(path, buffer.getvalue())


def read_part(path: Path) -> pa.Table | None:
    """The part of a replication, or None if it is not there, broken, of another schema or another number."""
    try:
        table = pq.read_table(path, partitioning=None, page_checksum_verification=True)
    except (OSError, pa.ArrowException):
        return None
    said = table.schema.metadata or {}
    known = said.get(b"schema_version") == str(SCHEMA_VERSION).encode()
    if not known or said.get(b"part") != _number(path) or table.schema.names != PART_SCHEMA.names:
        return None
    try:
        return table.cast(PART_SCHEMA)
    except pa.ArrowException:
        return None


def _cell(value: object) -> object:
    if value is None or value != value:  # noqa: PLR0124 - a float that is no number
        return ""
    if isinstance(value, float):
        rounded = round(value, _DECIMALS)
        return int(rounded) if rounded.is_integer() else rounded
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        runs = len(value) > 1 and value.startswith(_FORMULA) and not _NEGATIVE.fullmatch(value)
        guarded = "'" + value if runs else value
        return guarded.replace("\r\n", "\n").replace("\r", "\n")
    return value


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table for spreadsheets and programs alike: UTF-8 with BOM, ASCII headers.

    Text that a spreadsheet would run as a formula gets an apostrophe; numbers stay as they are, with at most
    six decimals, also those that stand as text among others; None and NaN are empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    write_bytes(path, b"\xef\xbb\xbf" + text.getvalue().encode())


def write_table(path: Path, table: pa.Table) -> None:
    """Write an Arrow table with `write_csv`; inputs in full."""
    columns: list[list[Any]] = [column.to_pylist() for column in table.columns]
    for at, name in enumerate(table.column_names):
        if name in _IN_FULL:
            columns[at] = [_in_full(value) for value in columns[at]]
    write_csv(path, table.column_names, zip(*columns, strict=True))


def _in_full(value: float) -> Decimal | int:
    """The shortest number that reads as the same float, for `write_csv` to leave as it is."""
    return int(value) if value.is_integer() else Decimal(repr(value))


def read_table(path: Path) -> pa.Table:
    """Read a result table: codes as text, numbers as numbers, an empty number as null.

    Raises:
        FileNotFoundError: if it is not there.
    """
    header = path.read_text(encoding="utf-8-sig").partition("\n")[0].split(",")
    kinds = {**dict.fromkeys(_WHOLE, pa.int64()), **dict.fromkeys(_NUMBERS, pa.float64())}
    types = {name: kinds.get(name, pa.string()) for name in header}
    options = pyarrow.csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=False)
    return pyarrow.csv.read_csv(path, convert_options=options)


def write_manifest(folder: RunFolder, content: Mapping[str, Any]) -> None:
    """Write `manifest.json`."""
    text = json.dumps(dict(content), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    write_text(folder.manifest, text)


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises:
        FileNotFoundError: if the folder holds none.
        RunError: if it is broken.
    """
    file = path / "manifest.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:  # no JSON, or no UTF-8
        raise RunError("manifest_broken", {"path": file}) from error
    if not isinstance(content, dict) or not {"key", "n_runs"} <= content.keys():
        raise RunError("manifest_broken", {"path": file})
    return content
