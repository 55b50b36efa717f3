"""What a user may give by mistake, and the one clear line that it leads to."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.main import app

HOMES = Path(__file__).parents[1] / "broken" / "homes.csv"
LISTED = "{file: homes.csv, status: assumption, source: test}"


def carecap(*words: str):
    return CliRunner().invoke(app, [*words, "--lang", "en"])


def refused(*words: str) -> str:
    """The only line that is printed, to the stream of errors."""
    done = carecap(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("seed", [-1, 2**64, 10**30])
def test_a_seed_that_is_no_64_bits_is_refused(tmp_path, seed):
    line = refused("run", "yinchuan", "--seed", str(seed), "--out", str(tmp_path))
    assert line == (
        f"command line: --seed: {seed} is out of bounds; allowed: 0 .. 18446744073709551615 (2^64 - 1)"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_seed_and_a_wrong_scenario_are_told_together(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: yinchuan\ngrops: 1\n", encoding="utf-8")
    done = carecap("run", str(path), "--seed", "-1", "--out", str(tmp_path))
    assert done.exit_code == 2
    assert ["--seed" in line or "grops" in line for line in done.stderr.splitlines()] == [True, True]


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("horizon.end=2024-12", "horizon.end=2025-12", "horizon.end"),
        ("horizon.end=2024-12", "horizon.end=2024-12", "horizon.end"),
        ("pipeline.plan-beds.beds=710", "pipeline[0].beds=720", "pipeline[0].beds"),
    ],
)
def test_a_key_set_twice_is_refused(one, other, key):
    line = refused("check", "yinchuan", "--set", one, "--set", other)
    values = [text.partition("=")[2] for text in (one, other)]
    assert line == f"command line: {key}: set twice, to {values[0]} and to {values[1]}; give it once"


def test_every_wrong_setting_is_told_at_once():
    done = carecap(
        "check", "yinchuan", "--set", "horizon.end=2030", "--set", "leaving.per_year=.nan",
        "--set", "homes.open_share=82",
    )  # fmt: skip
    assert done.exit_code == 2
    keys = [line.split(": ")[1] for line in done.stderr.splitlines()]
    assert sorted(keys) == ["homes.open_share", "horizon.end", "leaving.per_year"]


def test_different_keys_may_be_set():
    done = carecap(
        "check", "yinchuan", "--set", "horizon.end=2024-12", "--set", "pipeline.plan-beds.beds=710"
    )
    assert done.exit_code == 0


def test_a_folder_is_no_scenario(tmp_path, monkeypatch):
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "mine.yaml").write_text("extends: yinchuan\n", encoding="utf-8")
    said = "is a folder; give a YAML file in it: mine.yaml"
    assert refused("check", str(tmp_path / "plans")) == f"'{tmp_path}/plans' {said}"
    monkeypatch.chdir(tmp_path)
    assert refused("check", "plans") == f"'plans' {said}"
    assert refused("run", "plans") == f"'plans' {said}"


def test_a_folder_in_extends_or_for_a_file_stands_at_its_line(tmp_path):
    (tmp_path / "plans").mkdir()
    path = tmp_path / "mine.yaml"
    path.write_text("extends: [yinchuan, ./plans]\n", encoding="utf-8")
    assert refused("check", str(path)).startswith(f"{path}:1:21: extends: './plans' is a folder")
    path.write_text("extends: yinchuan\npolicy: plans\n", encoding="utf-8")
    assert refused("check", str(path)).startswith(f"{path}:2:9: policy: 'plans' is a folder")


def test_a_gbk_file_is_named_as_such_beside_its_faults(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes("extends: yinchuan\ntitle: {zh: 我的方案, en: mine}\ngrops: 1\n".encode("gbk"))
    done = carecap("check", str(path))
    assert done.exit_code == 2
    notice, fault = done.stderr.splitlines()
    assert notice.startswith(f"notice: {path}:2:13: from here on the file is not UTF-8 but, it seems, GBK")
    assert "save it as UTF-8" in notice
    assert fault.startswith(f"{path}:3:1: grops")


@pytest.mark.parametrize(
    ("encoding", "at", "words"),
    [("gbk", "3:2", "but, it seems, GBK; save it as UTF-8"), ("utf-16", "1:1", "neither UTF-8 nor GBK text")],
)
def test_a_table_that_is_not_utf8_is_told_where(tmp_path, encoding, at, words):
    table = tmp_path / "homes.csv"
    text = HOMES.read_text(encoding="utf-8").replace("\ntwo,", "\nc护理院,")
    table.write_bytes(text.encode(encoding))
    path = tmp_path / "mine.yaml"
    path.write_text(f"extends: yinchuan\nhomes: {{listed: {LISTED}}}\n", encoding="utf-8")
    line = refused("check", str(path))
    assert line.startswith(f"{table}:{at}: homes.listed.file: homes.csv is ")
    assert words in line
