"""Every sentence is there in both languages and names the same values."""

import pickle
import re
import string
from pathlib import Path

import pytest

import sim
from sim.errors import COMMAND_LINE, CarecapError, Fault, InputError, InvariantError, RunError
from sim.messages import CATALOGUE, LANGUAGES, default_language, say

SOURCES = sorted(Path(sim.__file__).parent.rglob("*.py"))


def names(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("message_id", CATALOGUE)
def test_both_languages_with_the_same_values(message_id):
    sentences = CATALOGUE[message_id]
    assert set(sentences) == set(LANGUAGES)
    assert names(sentences["zh"]) == names(sentences["en"])
    assert re.search(r"[\u4e00-\u9fff]", sentences["zh"]) or message_id == "plain"
    assert not re.search(r"[\u4e00-\u9fff\uff00-\uffef]", sentences["en"])


def test_no_id_stands_twice():
    folder = Path(sim.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("messages*.py"))
    ids = re.findall(r'^    "(\w+)": \{', text, flags=re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(CATALOGUE)


def test_ids_that_are_raised_exist():
    raised = {
        message_id
        for path in SOURCES
        for message_id in re.findall(
            r'(?:PydanticCustomError|RunError)\(\s*"(\w+)"', path.read_text(encoding="utf-8")
        )
    }
    assert raised
    assert raised <= set(CATALOGUE)


@pytest.mark.parametrize(("message_id", "lang"), [("no_such_id", "en"), ("octal", "fr")])
def test_a_missing_sentence_is_an_error(message_id, lang):
    with pytest.raises(KeyError):
        say(message_id, lang, found="x", allowed="y")


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_language_of_the_locale(monkeypatch, variables, lang):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_language() == lang


def test_a_fault_is_one_line():
    fault = Fault("/a/b.yaml", 7, 3, "population.migraton", "unknown_key", hint="migration")
    assert fault.text("en") == "/a/b.yaml:7:3: population.migraton: unknown key; did you mean 'migration'?"
    assert fault.text("zh") == "/a/b.yaml:7:3: population.migraton: 未知的键；是否想写“migration”？"


def test_a_fault_of_the_command_line_has_no_line():
    fault = Fault(COMMAND_LINE, key="a.b", code="not_number", found="'x'")
    assert fault.text("en") == "command line: a.b: 'x' is not a number"
    assert fault.text("zh").startswith("命令行: a.b: ")


def test_faults_are_sorted_and_told_once():
    first, second = Fault("/a", 1, 1, "a", "octal"), Fault("/a", 2, 1, "b", "octal")
    assert InputError([second, first, second]).faults == [first, second]


@pytest.mark.parametrize(
    "error",
    [
        InputError([Fault("/a", 1, 1, "a", "octal", "010", '"010"')]),
        RunError("no space left"),
        RunError("failed", {"text": "x"}),
        InvariantError("2023-09", "3 beds, 4 people"),
    ],
)
def test_errors_travel_between_processes(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert isinstance(copy, CarecapError)
    assert [copy.text(lang) for lang in LANGUAGES] == [error.text(lang) for lang in LANGUAGES]
