"""The tables of docs/ are what the sources and the shipped scenarios say; `make docs` makes them anew."""

import re
from typing import Literal

import pytest
from pydantic import BaseModel

from sim.docs import data, markdown, month, origin, parameters, scenario_rows, source, state, write
from sim.scenario.library import root
from sim.scenario.mechanism_types import Mechanisms
from sim.scenario.types import Scenario
from sim.streams import Purpose
from sim.validate import mechanisms, queue

DOCS = root() / "docs"


def test_the_pages_are_what_the_sources_say():
    old = [page.name for page, (text, made) in write.pages(DOCS).items() if text != made]
    assert not old, f"{', '.join(old)}: out of date, run 'make docs'"


def test_every_piece_stands_on_some_page():
    asked = {
        place.split()[0] for page in DOCS.glob("*.md") for place in markdown.places(page.read_text("utf-8"))
    }
    assert asked == set(write.PIECES)


def test_every_switch_has_a_pattern_that_is_looked_at_without_it():
    section = (DOCS / "odd.md").read_text("utf-8").split("## 9. ")[1].split("## 10. ")[0]
    without_run = {"conversion_takes_time"}  # a test of levers holds it
    assert {*queue.MECHANISMS, *mechanisms.PATTERNS} | without_run == set(Mechanisms.model_fields)
    for switch in Mechanisms.model_fields:
        assert f"\n| `{switch}` |" in section


def test_a_place_keeps_its_markers_and_loses_what_was_there():
    text = "a\n<!-- generated: twice x -->\nold\n<!-- end -->\nb\n"
    pieces = {"twice": lambda word: word * 2}
    made = markdown.fill(text, pieces, "page")
    assert made == "a\n<!-- generated: twice x -->\n\nxx\n\n<!-- end -->\nb\n"
    assert markdown.fill(made, pieces, "page") == made


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<!-- generated: other -->\n<!-- end -->", "page: generated (other) must be one of one"),
        ("<!-- generated: one -->\n", "page: 1 places begin and 0 end, of which 0 fit together"),
        ("<!-- end -->\n", "page: 0 places begin and 1 end, of which 0 fit together"),
        (
            "<!-- generated: one -->\n<!-- generated: one -->\n<!-- end -->",
            "page: 2 places begin and 1 end, of which 1 fit together",
        ),
    ],
)
def test_a_marker_that_can_not_be_filled_is_told(text, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        markdown.fill(text, {"one": lambda: ""}, "page")


def test_a_cell_can_not_break_its_table():
    assert markdown.table(["a", "b"], [["x | y\nz", 1]]).endswith("| x \\| y z | 1 |\n")


@pytest.fixture(scope="module")
def pages():
    return "\n".join(made for _, made in write.pages(DOCS).values())


def test_every_quantity_of_the_scenario_stands_in_a_table(pages):
    """Counted by another way: every mapping with a value and a source in the resolved data."""

    def stated(tree, path=""):
        if isinstance(tree, list):
            for index, item in enumerate(tree):
                name = item.get("id", index) if isinstance(item, dict) else index
                yield from stated(item, f"{path}.{name}")
        elif isinstance(tree, dict):
            if "value" in tree and "source" in tree:
                yield path.lstrip("."), tree
            for key, value in tree.items():
                yield from stated(value, f"{path}.{key}")

    found = dict(stated(parameters.resolved("yinchuan").data))
    assert len(found) > 100
    for path, one in found.items():
        value = f"{one['value']:.15g}"
        row = rf"^\| `{re.escape(path)}` \| {re.escape(value)}[ ;].*\| {one['status']} \|"
        assert re.search(row, pages, re.MULTILINE), path


def test_a_new_parameter_has_a_row_by_itself():
    ranged = {"value": 2.0, "low": 1.0, "high": 3.0, "unit": "days"}
    one = ranged | {"status": "proxy", "source": "a survey"}
    tree = {
        "families": {
            "carers": {"strain": one | {"changes": {"2024-01": 2.5}}},
            "on": True,
            "how": ["a", "b"],
        },
        "sites": [
            {"id": "new", "sites": 3, "status": "assumption", "source": "made up", "delivery": {"x": one}}
        ],
        "before": [40, 41],
        "before_status": "derived",
        "before_source": "counted",
    }
    assert [row[1:] for row in parameters.rows(tree)] == [
        ("families.carers.strain", "2; from 2024-01: 2.5", "1 to 3", "days", "proxy", "a survey"),
        ("families.on", "true", "", "", "", ""),
        ("families.how", "a/b", "", "", "", ""),
        ("sites.new", "sites 3", "", "", "assumption", "made up"),
        ("sites.new.delivery.x", "2", "1 to 3", "days", "proxy", "a survey"),
        ("before", "40/41", "", "", "derived", "counted"),
    ]


def test_the_three_tables_hold_every_input_of_the_scenario():
    shown = {row.shown for row in parameters.inputs("yinchuan")}
    three = parameters.national() + parameters.own("yinchuan") + parameters.unwritten("yinchuan")
    assert {row for row in shown if f"| `{row}` |" not in three} == set()


def test_what_a_place_has_of_its_own_is_not_what_all_have():
    own = parameters.own("yinchuan")
    assert "`homes.stock.1` | month 2023-09, beds 9688" in own
    assert "`rates.canteen_upgrade`" in own
    assert "waiting_list.patience" not in own
    assert "waiting_list.patience" in parameters.national()
    assert "`homes.stock" not in parameters.national()


def test_the_tables_of_data_say_what_is_in_the_files():
    found = data.tables("yinchuan")
    assert (
        "| `tables.households` | `scenarios/places/yinchuan/households.csv` | `district`, `persons`," in found
    )
    assert re.search(r"^\| `tables\.households` .* \| 6 \|$", found, re.MULTILINE)  # one row per district


def test_every_input_with_a_status_is_counted_once():
    rows = [row for row in parameters.inputs("yinchuan") if row.status]
    last = data.statuses("yinchuan").strip().split("\n")[-1]
    assert sum(int(number) for number in re.findall(r"\d+", last)) == len(rows) > 100


def test_a_section_that_is_none_is_told():
    with pytest.raises(ValueError, match="wating_list"):
        parameters.whole("yinchuan", "wating_list")


class MadeUp(BaseModel):
    """Switches.

    Attributes:
        strain: care wears a family out,
            until somebody gives up.
        learning: how tastes change.
    """

    strain: bool = True
    learning: Literal["none", "slow"] = "none"


class MadeUpScenario(BaseModel):
    mechanisms: MadeUp | None = None


def test_mechanisms_have_a_row_each_once_the_scenario_has_the_section():
    rows = scenario_rows.mechanisms("yinchuan", MadeUpScenario).split("\n")
    assert rows[2:4] == [
        "| `mechanisms.strain` | true | true, false | care wears a family out, until somebody gives up. |",
        "| `mechanisms.learning` | none | none, slow | how tastes change. |",
    ]
    assert ("mechanisms" in Scenario.model_fields) == ("`mechanisms." in scenario_rows.mechanisms("yinchuan"))


def made_up_model(numbers):
    return (
        '"""The month.\n\n 1 supply    homes open\n 2 people   who   dies\n"""\n'
        "from sim.facilities.estate import Estate\n\n\n"
        "class CareModel:\n"
        "    def __init__(self):\n        self.estate = Estate()\n\n"
        "    def step(self):\n"
        f"        a = self.estate.supply(1)  # {numbers[0]}\n"
        f"        self._die(a)  # {numbers[1]}\n\n"
        "    def _die(self, a):\n        self.estate.note_closing(a)\n"
    )


@pytest.fixture
def write_model(monkeypatch):
    """Stand a text in for the model; the trees of the real one are read anew afterwards."""

    def use(text):
        real = source.text_of
        monkeypatch.setattr(source, "text_of", lambda module: text if module == "sim.model" else real(module))
        for cached in (source.tree, source.comments, origin.imported):
            cached.cache_clear()

    yield use
    monkeypatch.undo()
    for cached in (source.tree, source.comments, origin.imported):
        cached.cache_clear()


def test_a_step_is_told_with_who_does_it(write_model):
    write_model(made_up_model(("1", "2")))
    assert month.steps().split("\n")[2:4] == [
        "| 1 | supply | homes open | `Estate.supply` of `sim.facilities.estate` |",
        "| 2 | people | who dies | `CareModel._die` with `sim.facilities.estate` |",
    ]


@pytest.mark.parametrize("numbers", [("1", "why not"), ("1, 2", "3")])
def test_a_step_that_nobody_does_and_a_call_of_no_step_are_told(numbers, write_model):
    write_model(made_up_model(numbers))
    with pytest.raises(ValueError, match=r"steps \(\d\) must stand in the docstring and behind a call"):
        month.steps()


def test_every_step_names_a_module_of_the_package():
    rows = month.steps().strip().split("\n")[2:]
    assert len(rows) >= 11
    known = set(source.modules())
    for row in rows:
        named = re.findall(r"`(sim\.[a-z_.]+)`", row)
        assert named
        assert set(named) <= known


def test_every_column_and_field_has_a_meaning():
    for table in (state.columns(), state.fields("sim.facilities.home", "HomeSpec", "Home")):
        for row in re.findall(r"^\| `.*", table, re.MULTILINE):
            assert not row.endswith("|  |"), f"{row} has no meaning: write it behind it in the source"


def test_every_purpose_has_its_number_and_who_draws_for_it():
    table = state.streams()
    for purpose in Purpose:
        assert re.search(rf"^\| {purpose.value} \| `{purpose.name}` \|", table, re.MULTILINE)
    assert "| 13 | `ACCEPT` | `sim.choice` |" in table
    assert "`DEATH`" not in state.streams("sim.choice")
