"""Worked examples of the plans, one file each: the numbers of the law, of the example, and the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.money import fen
from sim.policy.book import PolicyBook
from sim.strictyaml import read_file
from tests.policy_cases.rules import RULES, Books

HERE = Path(__file__).parent
POLICY = HERE.parents[1] / "scenarios" / "policy"
PLACES = ("baotou", "shou", "kaili", "haikou", "yinchuan")
BOOKS = {place: PolicyBook.load(POLICY / f"{place}.yaml") for place in PLACES}
FILES = sorted(path for place in PLACES for path in (HERE / place).glob("*.yaml"))
OF_THE_REGISTER = {f"B{n}" for n in range(1, 19)} | {"S1", "S2", "S3", "S4", "K1", "H1", "H2"}
"""Examples that the project was given; Y1 and Y2 are in `test_policy_cases`."""


def read(path):
    read = read_file(path)
    assert read.faults == [], [str(fault) for fault in read.faults]
    return read.data


def runs():
    for path in FILES:
        case = read(path)
        for index, run in enumerate(case["runs"]):
            yield pytest.param(case, run, id=f"{case['id']}-{index}" if len(case["runs"]) > 1 else case["id"])


def in_fen(value):
    """Numbers as whole fen, so that nothing passes by being near."""
    if isinstance(value, dict):
        return {str(key): in_fen(each) for key, each in value.items()}
    if isinstance(value, list):
        return [in_fen(each) for each in value]
    return fen(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@pytest.mark.parametrize(("case", "run"), list(runs()))
def test_example(case, run):
    books = Books(BOOKS[case["place"]], case.get("not_in_document", {}) | run.get("not_in_document", {}))
    found = RULES[case["rule"]](books, case.get("inputs", {}) | run.get("inputs", {}))
    assert run["expected"]
    for name, expected in run["expected"].items():
        if name == "refused":
            assert expected in found["refused"]
        else:
            assert in_fen(found[name]) == in_fen(expected), name


def test_all_examples_of_the_register_are_here_and_name_clauses_of_their_place():
    cases = [read(path) for path in FILES]
    ids = [case["id"] for case in cases]
    assert len(ids) == len(set(ids))
    assert set(ids) >= OF_THE_REGISTER
    for case in cases:
        assert set(case["clauses"]) <= set(BOOKS[case["place"]].by_id), case["id"]
