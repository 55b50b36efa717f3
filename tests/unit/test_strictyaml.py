"""Reading YAML without guessing: what is kept, what is refused, and where it is said to be."""

import pytest

from sim.strictyaml import parse, parse_value, read_file


def codes(text):
    return [(fault.line, fault.column, fault.code) for fault in parse(text, "/x.yaml").faults]


def test_plain_data_is_kept():
    document = parse("a: 1\nb: [0.5, -3, .5, 1.5e-4]\nc: {d: true, e: null}\n银川: x\n", "/x.yaml")
    assert document.data == {"a": 1, "b": [0.5, -3, 0.5, 0.00015], "c": {"d": True, "e": None}, "银川": "x"}
    assert document.faults == []


def test_months_dates_and_quoted_codes_stay_text():
    data = parse("a: 2020-11\nb: 2020-11-01\nc: '0101'\n2024-01: x\n2024: y\n", "/x.yaml").data
    assert data == {"a": "2020-11", "b": "2020-11-01", "c": "0101", "2024-01": "x", "2024": "y"}


def test_every_value_has_its_place():
    document = parse("a: 1\nb:\n  - c: 2\n    d: 3\n", "/x.yaml")
    at = document.places[("b", 0, "d")]
    assert (at.file, at.line, at.column) == ("/x.yaml", 4, 8)
    assert document.root.value["b"].key_at.line == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\na: 2\n", (2, 1, "duplicate_key")),
        ("a: 0101\n", (1, 4, "octal")),
        ("a: [007]\n", (1, 5, "octal")),
        ("a: yes\n", (1, 4, "yes_no")),
        ("a: Off\n", (1, 4, "yes_no")),
        ("on: 1\n", (1, 1, "yes_no")),
        ("a: 12:30\n", (1, 4, "sexagesimal")),
        ("a: 1e3\n", (1, 4, "exponent")),
        ("a: 1.5e3\n", (1, 4, "exponent")),
        ("a: 0x1F\n", (1, 4, "number_form")),
        ("a: 1_000\n", (1, 4, "number_form")),
        ("a: .inf\n", (1, 4, "not_finite")),
        ("a:\n", (1, 3, "empty_value")),
        ("a: &b 1\n", (1, 4, "anchor")),
        ("a: *b\n", (1, 4, "syntax")),
        ("<<: {a: 1}\n", (1, 1, "anchor")),
        ("a: !!str 1\n", (1, 4, "tag")),
        ("a: !x {b: 1}\n", (1, 4, "tag")),
        ("? [a]\n: 1\n", (1, 3, "key_not_text")),
        ("null: 1\n", (1, 1, "key_not_text")),
        ("- a\n", (1, 1, "not_mapping_at_top")),
        ("", (1, 1, "empty_file")),
        ("a: [1\nb: 2\n", (2, 2, "not_closed")),
        ("a: 'x\nb: 2\n", (3, 1, "not_closed")),
        ("a: b: c\n", (1, 5, "stray_colon")),
        ("a: 1\nb 2\nc: 3\n", (3, 1, "no_colon")),
        ("a: 1\n\tb: 2\n", (2, 1, "tab")),
        ("a: 1\x07\n", (1, 5, "syntax")),
        ("a: 1\n---\nb: 2\n", (2, 1, "syntax")),
        ("a: " + "[" * 60 + "]" * 60, (1, 44, "too_deep")),
        ("a: " + "[" * 5000, None),
    ],
)
def test_what_is_refused(text, fault):
    found = codes(text)
    assert len(found) == 1
    assert fault is None or found == [fault]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a\uff1a1\n", 2),
        ("a: 1\nb\uff1a2\n", 2),
        ("x:\n  b\uff1a2\n", 4),
        ("a: 50\uff05\n", 6),
        ("a: 0\uff0e5\n", 5),
        ("a: 5\u3000\n", 5),
        ("a: \u201c银川\u201d\n", 4),
        ("a: \u201cabc\n", 4),
        ("a: [甲\uff0c乙]\n", 6),
        ("a: {value: 0.5\uff0cunit: share}\n", 15),
        ("a: {value: 0.5\uff0cunit\uff1ashare}\n", 20),
        ("a: x\uff08y\uff09\n", 5),
        ("a\uff08b\uff09: 1\n", 2),
    ],
)
def test_full_width_where_ascii_was_meant(text, column):
    found = codes(text)
    assert [(at, code) for _, at, code in found] == [(column, "full_width")]


@pytest.mark.parametrize(
    "text",
    [
        "a: 居家\uff0c扩面\uff08试点\uff09\n",
        "a: \u201c十四五\u201d规划\n",
        'a: "50\uff05"\n',
        "a: {zh: 居家\uff0c扩面, en: x}\n",
        "a: the city\u2019s plan\n",
        "a: |\n  x\uff1ay\n",
    ],
)
def test_chinese_text_keeps_its_punctuation(text):
    assert codes(text) == []


def test_all_faults_at_once():
    assert [code for _, _, code in codes("a: 010\nb: yes\nb: 1\nc: 1e3\n")] == [
        "octal", "yes_no", "duplicate_key", "exponent",
    ]  # fmt: skip


@pytest.mark.parametrize(("encoding", "notices"), [("utf-8", 0), ("utf-8-sig", 0), ("gbk", 1)])
def test_encodings(tmp_path, encoding, notices):
    path = tmp_path / "x.yaml"
    path.write_bytes("a: 银川\n".encode(encoding))
    document = read_file(path)
    assert document.data == {"a": "银川"}
    assert document.places[("a",)].column == 4
    assert document.faults == []
    assert [notice.code for notice in document.notices] == ["read_as_gbk"] * notices


@pytest.mark.parametrize("raw", ["a: 银\n".encode("utf-16"), b"a: \xff\xff\xff\n"])
def test_no_text_is_said(tmp_path, raw):
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    assert [fault.code for fault in read_file(path).faults] == ["not_text_file"]


def test_no_file(tmp_path):
    assert [fault.code for fault in read_file(tmp_path / "x.yaml").faults] == ["no_such_file"]
    assert [fault.code for fault in read_file(tmp_path).faults] == ["not_readable"]


def test_values_of_options():
    assert parse_value("0.5", "a").root.value == 0.5
    assert parse_value("{b: [1]}", "a").data == {"b": [1]}
    assert [fault.code for fault in parse_value("", "a").faults] == ["empty_value"]
    assert [fault.code for fault in parse_value("0101", "a").faults] == ["octal"]


def test_a_file_is_read_anew_when_its_text_has_changed_and_what_is_kept_is_not_shared(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\nb: yes\n", encoding="utf-8")
    first, again = read_file(path), read_file(path)
    assert first.root is again.root
    assert len(first.faults) == 1
    first.faults.clear()
    assert len(again.faults) == len(read_file(path).faults) == 1
    path.write_text("a: 2\nb: yes\n", encoding="utf-8")
    assert read_file(path).data["a"] == 2
    assert read_file(path).faults == again.faults
