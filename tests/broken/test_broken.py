"""Every broken file says where it is broken: the words after `# expects:` stand in its error."""

import re
from functools import cache
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.messages import CATALOGUE
from sim.scenario.resolve import resolve

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))


def expected(path: Path) -> list[str]:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# expects: "), f"{path.name} must begin with '# expects: words | words'"
    return [words.strip() for words in first.removeprefix("# expects: ").split("|")]


@cache
def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        resolve(path)
    return caught.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_error_says_where_and_what(path):
    text = refused(path).text("en")
    for words in expected(path):
        # "4:3" is a place: line and column, not part of a longer number
        found = re.search(rf":{words}: ", text) if re.fullmatch(r"\d+:\d+", words) else words in text
        assert found, f"{path.name}: '{words}' is not in\n{text}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fault_has_a_place_and_both_languages(path):
    error = refused(path)
    assert all(fault.line > 0 and fault.column > 0 for fault in error.faults)
    assert all(fault.code in CATALOGUE for fault in error.faults)
    chinese = error.text("zh").splitlines()
    assert len(chinese) == len(error.text("en").splitlines()) == len(error.faults)
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in chinese if "not-a-table" not in line)


def test_faults_are_sorted_and_told_once():
    faults = refused(HERE / "several-at-once.yaml").faults
    assert faults == sorted(set(faults), key=lambda fault: fault.order())
    assert len({(fault.line, fault.column, fault.key) for fault in faults}) == len(faults)
