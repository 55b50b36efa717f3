import hashlib
import json
import math
import os
import time

import pyarrow as pa
import pytest
from made_up import part

import sim
from sim import store
from sim.errors import RunError


def a_part(value: float = 7.0) -> pa.Table:
    return part([{"table": "summary", "month": 24251, "metric": "waiting", "value": value}])


def test_key_changes_with_what_decides_the_numbers_and_with_nothing_else(monkeypatch):
    key = store.run_key("a" * 64, 1)
    assert key == store.run_key("a" * 64, 1)
    assert key != store.run_key("b" * 64, 1)
    assert key != store.run_key("a" * 64, 2)
    monkeypatch.setattr(sim, "SOURCES_HASH", "0" * 16)
    other_sources = store.run_key("a" * 64, 1)
    assert other_sources != key
    monkeypatch.setattr(store.metadata, "version", lambda name: "0.0")
    assert store.run_key("a" * 64, 1) != other_sources


def test_folder_names(tmp_path):
    folder = store.RunFolder.at(tmp_path, "yinchuan", "0123456789abcdef")
    assert folder.path.name == "yinchuan-01234567"
    assert folder.part(7).relative_to(folder.path).as_posix() == "parts/run=007.parquet"


def test_part_comes_back_and_has_the_same_bytes_later_and_elsewhere(tmp_path):
    first, second = tmp_path / "a" / "run=000.parquet", tmp_path / "b" / "run=000.parquet"
    store.write_part(a_part(), first)
    time.sleep(0.01)
    store.write_part(a_part(), second)
    assert first.read_bytes() == second.read_bytes()
    assert store.read_part(first).equals(a_part())
    assert os.uname().nodename.encode() not in first.read_bytes()


def test_part_of_another_schema_is_refused(tmp_path):
    with pytest.raises(ValueError, match="schema"):
        store.write_part(pa.table({"month": [1]}), tmp_path / "run=000.parquet")
    assert not list(tmp_path.iterdir())


def damaged(content: bytes) -> dict[str, bytes]:
    middle = content.index(b"waiting")
    return {
        "truncated": content[:-20],
        "empty": b"",
        "flipped": content[:middle] + b"X" + content[middle + 1 :],
    }


@pytest.mark.parametrize("damage", ["truncated", "empty", "flipped"])
def test_damaged_part_counts_as_missing(tmp_path, damage):
    folder = store.RunFolder(tmp_path, "k")
    store.write_part(a_part(), folder.part(0))
    assert folder.missing(1) == []
    folder.part(0).write_bytes(damaged(folder.part(0).read_bytes())[damage])
    assert folder.missing(1) == [0]


def test_part_under_the_name_of_another_counts_as_missing(tmp_path):
    folder = store.RunFolder(tmp_path, "k")
    store.write_part(a_part(), folder.part(3))
    folder.part(2).write_bytes(folder.part(3).read_bytes())
    assert folder.missing(4) == [0, 1, 2]


def test_part_of_an_older_schema_version_counts_as_missing(tmp_path):
    folder = store.RunFolder(tmp_path, "k")
    folder.part(0).parent.mkdir()
    old = a_part().replace_schema_metadata({"schema_version": "0"})
    pa.parquet.write_table(old, folder.part(0))
    assert folder.missing(2) == [0, 1]


def test_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "summary.csv"
    store.write_text(path, "old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        store.write_text(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["summary.csv"]


def test_sweep_removes_old_leftovers_only(tmp_path):
    folder = store.RunFolder(tmp_path, "k")
    (tmp_path / "parts").mkdir()
    old, new = tmp_path / "parts" / ".run=000.parquet.x.tmp", tmp_path / ".summary.csv.y.tmp"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    folder.sweep()
    assert not old.exists()
    assert new.exists()


def test_csv_is_read_by_spreadsheets_and_runs_no_formula(tmp_path):
    path = tmp_path / "t.csv"
    rows = [
        ("=cmd()", "银川市", -5.0, None, 1 / 3, True),
        ("@a", "+1", -0.5, math.nan, 2.0, False),
        ("\tx", "-", 3, ">=", 1e-9, "640104"),
        ("\ry", "=", 0, "a,b", 10, "-x"),
    ]
    store.write_csv(path, ["a", "b", "c", "d", "e", "f"], rows)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfa,b,c,d,e,f\n")
    lines = content.decode("utf-8-sig").split("\n")
    assert lines[1] == "'=cmd(),银川市,-5,,0.333333,true"
    assert lines[2] == "'@a,'+1,-0.5,,2,false"
    assert lines[3] == "'\tx,-,3,>=,0,640104"
    assert lines[4:6] == ["\"'", 'y",=,0,"a,b",10,\'-x']


def test_a_number_among_texts_stays_a_number(tmp_path):
    store.write_csv(tmp_path / "t.csv", ["base_value"], [("-0.5",), ("-3",), ("-3+A1",), ("-x",)])
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").split("\n")
    assert lines[1:5] == ["-0.5", "-3", "'-3+A1", "'-x"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b'{"n_runs": 3}'])
def test_a_broken_manifest_is_said_to_be_broken(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(RunError, match="manifest"):
        store.read_manifest(tmp_path)


def test_table_comes_back_with_codes_as_text(tmp_path):
    table = pa.table(
        {"year": [2023], "region_code": ["010104"], "run0": [9688.0], "mcse": pa.array([None], pa.float64())}
    )
    store.write_table(tmp_path / "summary.csv", table)
    assert store.read_table(tmp_path / "summary.csv").to_pylist() == [
        {"year": 2023, "region_code": "010104", "run0": 9688.0, "mcse": None}
    ]


def test_manifest_comes_back(tmp_path):
    folder = store.RunFolder(tmp_path, "k")
    store.write_manifest(folder, {"key": "k", "place": "银川", "n_runs": 2})
    assert store.read_manifest(tmp_path) == {"key": "k", "place": "银川", "n_runs": 2}
    assert "银川" in folder.manifest.read_text(encoding="utf-8")
    assert json.loads(folder.manifest.read_text(encoding="utf-8"))["n_runs"] == 2


def test_file_hash(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert store.file_hash(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
