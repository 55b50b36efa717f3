"""Extending, merging, setting: what a later file changes, and where each value says it was written."""

import pytest

from sim.errors import COMMAND_LINE, InputError
from sim.scenario import library
from sim.scenario.read import read
from sim.scenario.resolve import resolve
from sim.scenario.write import fingerprint, resolved_yaml
from sim.strictyaml import parse

QUANTITY = "{value: 0.2, low: 0.1, high: 0.3, unit: share, status: published, source: NBS, note: n}"


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def data(path, *overrides):
    reading = read(path, overrides)
    assert reading.faults == []
    return reading.root.data()


def faults(path, *overrides):
    return [(fault.line, fault.key, fault.code) for fault in read(path, overrides).faults]


def test_maps_merge_lists_replace_null_removes(write):
    write("base.yaml", "a: {b: 1, c: 2}\nl: [1, 2]\nx: 5\n")
    path = write("top.yaml", "extends: base.yaml\na: {c: 3}\nl: [9]\nx: null\n")
    assert data(path) == {"name": "top", "a": {"b": 1, "c": 3}, "l": [9]}


def test_lists_of_things_with_ids_merge_by_id(write):
    write("base.yaml", "l: [{id: a, n: 1, m: 1}, {id: b, n: 2}]\n")
    path = write("top.yaml", "extends: base.yaml\nl: [{id: c, n: 3}, {id: a, n: 9}]\n")
    assert data(path)["l"] == [{"id": "a", "n": 9, "m": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}]


def test_an_empty_list_empties(write):
    write("base.yaml", "l: [{id: a}]\n")
    assert data(write("top.yaml", "extends: base.yaml\nl: []\n"))["l"] == []


def test_several_bases_apply_left_to_right(write):
    write("one.yaml", "a: 1\nb: 1\n")
    write("two.yaml", "b: 2\nc: 2\n")
    assert data(write("top.yaml", "extends: [one.yaml, two.yaml]\nc: 3\n")) == {
        "name": "top", "a": 1, "b": 2, "c": 3,
    }  # fmt: skip


def test_a_base_used_twice_is_no_cycle(write):
    write("root.yaml", "a: 1\n")
    write("one.yaml", "extends: root.yaml\nb: 1\n")
    write("two.yaml", "extends: root.yaml\nc: 1\n")
    assert data(write("top.yaml", "extends: [one.yaml, two.yaml]\n"))["a"] == 1


def test_name_is_never_inherited(write):
    write("base.yaml", "name: base\na: 1\n")
    assert data(write("mine.yaml", "extends: base.yaml\n"))["name"] == "mine"
    assert data(write("other.yaml", "extends: base.yaml\nname: given\n"))["name"] == "given"


def test_a_bare_number_is_the_writers_own_assumption(write):
    write("base.yaml", f"q: {QUANTITY}\n")
    path = write("top.yaml", "extends: base.yaml\n\nq: 0.25\n")
    assert data(path)["q"] == {
        "value": 0.25, "low": 0.1, "high": 0.3, "unit": "share", "status": "assumption",
        "source": "set in top.yaml:3", "note": "n",
    }  # fmt: skip


def test_a_bare_number_outside_the_range_drops_it(write):
    write("base.yaml", f"q: {QUANTITY}\n")
    value = data(write("top.yaml", "extends: base.yaml\nq: 0.5\n"))["q"]
    assert "low" not in value
    assert "high" not in value


def test_a_map_with_a_value_but_no_source_is_an_assumption_too(write):
    write("base.yaml", f"q: {QUANTITY}\n")
    value = data(write("top.yaml", "extends: base.yaml\nq: {value: 0.5, high: 0.6}\n"))["q"]
    assert (value["status"], value["source"]) == ("assumption", "set in top.yaml:2")
    assert "low" not in value
    assert value["high"] == 0.6
    value = data(write("own.yaml", "extends: base.yaml\nq: {value: 0.2, status: proxy, source: mine}\n"))["q"]
    assert (value["status"], value["source"], value["low"]) == ("proxy", "mine", 0.1)


def test_an_item_changed_without_a_source_is_an_assumption_too(write):
    write("base.yaml", "l: [{id: a, beds: 700, note: n, status: published, source: plan}]\n")
    item = data(write("top.yaml", "extends: base.yaml\nl: [{id: a, beds: 900}]\n"))["l"][0]
    assert (item["beds"], item["status"], item["source"]) == (900, "assumption", "set in top.yaml:2")
    for same in ("beds: 700", "note: m", "beds: 900, status: published, source: notice"):
        item = data(write("top.yaml", f"extends: base.yaml\nl: [{{id: a, {same}}}]\n"))["l"][0]
        assert item["status"] == "published"


def test_origins_stay_with_the_leaves(write):
    base = write("base.yaml", f"a: {{b: 1, c: 2}}\nq: {QUANTITY}\n")
    path = write("top.yaml", "extends: base.yaml\na:\n  c: 3\nq: 0.2\n")
    at = {where: node.at for where, node in read(path, ["a.d=4"], lambda _: {"d"}).root.walk()}
    assert (at["a", "b"].file, at["a", "b"].line) == (str(base), 1)
    assert (at["a", "c"].file, at["a", "c"].line) == (str(path), 3)
    assert (at["q", "value"].file, at["q", "unit"].file) == (str(path), str(base))
    assert at["a", "d"].file == COMMAND_LINE


def test_files_are_relative_to_the_file_that_names_them(write):
    census = write("place/census.csv", "a\n1\n")
    write("place/place.yaml", "tables: {census: census.csv}\nl: {file: census.csv}\n")
    reading = read(write("top.yaml", "extends: place/place.yaml\n"))
    assert reading.root.data()["tables"]["census"] == str(census)
    assert reading.root.data()["l"]["file"] == str(census)
    assert set(reading.files) == {
        str(census.parent / "place.yaml"),
        str(census),
        str(census.parents[1] / "top.yaml"),
    }


def test_a_missing_file_is_a_fault_with_the_nearest_name(write):
    write("census.csv", "a\n")
    reading = read(write("top.yaml", "tables:\n  census: sensus.csv\n"))
    assert [(fault.line, fault.key, fault.hint) for fault in reading.faults] == [
        (2, "tables.census", "census.csv")
    ]


def test_cycles_print_the_chain(write):
    write("a.yaml", "extends: b.yaml\n")
    path = write("b.yaml", "extends: a.yaml\n")
    reading = read(path)
    assert [fault.found for fault in reading.faults] == ["b.yaml -> a.yaml -> b.yaml"]


def test_faults_of_all_files_come_together(write):
    write("one.yaml", "a: yes\n")
    write("two.yaml", "a: [1\n")
    path = write("top.yaml", "extends: [one.yaml, two.yaml, three.yaml, 4]\nb: 010\n")
    assert sorted(code for _, _, code in faults(path)) == [
        "extends_form", "no_such_file", "not_closed", "octal", "yes_no",
    ]  # fmt: skip


def test_same_id_twice_is_a_fault(write):
    assert faults(write("top.yaml", "l:\n  - {id: a}\n  - {id: a}\n")) == [(3, "l[1].id", "duplicate_id")]


def test_set_is_applied_last(write):
    path = write(
        "top.yaml", f"a: {{b: 1}}\nq: {QUANTITY}\nl: [{{id: x, n: 1}}, {{id: y, n: 2}}]\np: [1, 2]\n"
    )
    value = data(path, "a.b=2", "q=0.5", "l.y.n=7", "l[0].n=6", "p.1=9")
    assert value["a"] == {"b": 2}
    assert (value["q"]["value"], value["q"]["source"]) == (0.5, "set on the command line")
    assert value["l"] == [{"id": "x", "n": 6}, {"id": "y", "n": 7}]
    assert value["p"] == [1, 9]
    assert "a" not in data(path, "a=null")


def test_set_needs_a_known_path(write):
    path = write("top.yaml", "a: {bed: 1}\n")
    fault = read(path, ["a.bad=2"]).faults[0]
    assert (fault.file, fault.key, fault.hint) == (COMMAND_LINE, "a.bad", "bed")
    assert [fault.code for fault in read(path, ["a.bed"]).faults] == ["set_form"]
    assert [fault.code for fault in read(path, ["a.bed="]).faults] == ["empty_value"]


def test_set_of_a_key_that_only_the_types_know():
    assert resolve("yinchuan", ["beds_unlimited=true"]).scenario.beds_unlimited
    with pytest.raises(InputError, match="beds_unlimted"):
        resolve("yinchuan", ["beds_unlimted=true"])


def test_names_and_paths():
    assert library.locate("yinchuan") == library.scenarios_folder() / "yinchuan.yaml"
    assert "yinchuan" in library.shipped_names()
    for wrong in ("yinchaun", "./yinchuan", "no/such.yaml"):
        with pytest.raises(InputError):
            library.locate(wrong)


def test_resolved_yaml_reads_back_the_same(write):
    resolved = resolve("yinchuan")
    text = resolved_yaml(resolved.data)
    assert parse(text, "/x.yaml").faults == []
    assert str(library.root()) not in text
    assert text.count("sha256:") == len(resolved.data["tables"]) + 1
    again = resolve(write("again.yaml", text))
    assert again.scenario == resolved.scenario
    assert resolved_yaml(again.data) == text
    assert again.fingerprint == resolved.fingerprint


@pytest.mark.parametrize(
    "value", ["no", "0101", "1e3", "a: b", "", " x", "it's", "银川\n", "2020-11", "12:30", "~", "#"]
)
def test_odd_texts_survive(value):
    assert parse(resolved_yaml({"a": value, "b": [value]}), "/x").data == {"a": value, "b": [value]}


@pytest.mark.parametrize("value", [1, -1, 0.1, 1e-7, 1e22, 1.0, True, None, [], {}, [[1], [{"a": 2}]]])
def test_values_survive(value):
    document = parse(resolved_yaml({"a": value}), "/x")
    assert document.faults == []
    assert document.data == {"a": value}


def test_fingerprint_knows_no_names(write):
    one = write("one.yaml", "extends: yinchuan\ngroups: {destitute: 0.0115}\n")
    two = write("two.yaml", "# moved\n\nextends: yinchuan\ngroups: {destitute: 0.0115}\n")
    other = write("other.yaml", "extends: yinchuan\ngroups: {destitute: 0.0116}\n")
    assert resolve(one).fingerprint == resolve(two).fingerprint != resolve(other).fingerprint
    assert resolve(one).fingerprint == resolve("yinchuan", ["groups.destitute=0.0115"]).fingerprint
    assert fingerprint({"a": 1}) == fingerprint({"a": 1.0})
