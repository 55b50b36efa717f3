"""What an input does at the ends of its range, on a place so small that it can be told beforehand."""

import numpy as np
import pytest
from places import stationary_place

from sim.scenario.uncertain import drawn
from sim.validate.screen import HEADLINES, METRICS, Central, central_of, chosen, effect, lines

GAP, NORMATIVE, NEED = (METRICS.index(name) for name in ("expressed_gap", "normative_gap", "care_need"))
RUNS = 2


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    place = stationary_place(
        tmp_path_factory.mktemp("small"), 3_000, 60, 30, horizon={"start": "2020-11", "end": "2020-12"}
    )
    return place, central_of(place, RUNS)


def at_its_ends(small, pattern):
    place, central = small
    ((_, inputs),) = chosen(place, [pattern])
    return effect(place, inputs, central, RUNS)


def test_a_norm_moves_the_normative_gap_by_what_it_says_and_nothing_else(small):
    """A twentieth of those in need fewer at the low end of 5 percent, a tenth more at the high end of 20."""
    found = at_its_ends(small, "norms.institutional_share")
    need = small[1].mean[NEED]
    assert found.moved[:, NORMATIVE] == pytest.approx([-0.05 * need, 0.10 * need], abs=1)
    assert not np.delete(found.moved, NORMATIVE, axis=1).any()
    assert found.noticed(small[1]) == ["normative_gap"]


def test_what_no_plan_reads_moves_nothing(small):
    found = at_its_ends(small, "homes.conversion.*")
    assert not found.moved.any()
    assert not found.error.any()
    assert found.noticed(small[1]) == []


def test_who_applies_more_often_leaves_more_beds_short(small):
    low, high = at_its_ends(small, "applying.k_per_year").moved
    assert low[METRICS.index("waiting")] < 0 < high[METRICS.index("waiting")]
    assert low[GAP] < high[GAP]


def test_ends_that_do_not_go_together_are_said_so(small):
    """Shares in households of one to three such persons add up to one at most."""
    assert at_its_ends(small, "families.with_*_65plus").refused


def test_noticed_is_what_lies_beyond_chance_and_beyond_a_part_of_the_figure():
    values = np.array([[90.0] + [0.0] * 5, [110.0] + [0.0] * 5])
    central = Central(values)
    assert central.noticeable[0] == pytest.approx(0.25 * np.sqrt(200))
    assert Central(values + 1000).noticeable[0] == pytest.approx(0.02 * 1100)


def test_the_table_has_a_row_for_each_undrawn_input_or_for_each_pattern(small):
    place, _ = small
    names = {inputs[0].name for _, inputs in chosen(place)}
    assert "homes.conversion.months" in names
    assert not names & {one.name for one in drawn(place)}
    *above, row = lines(place, RUNS, ["norms.inst*"])
    assert [line.split()[0] for line in above] == ["central", "chance", "noticed", "input"]
    assert above[-1].split()[1 : 1 + len(HEADLINES)] == list(HEADLINES)
    assert row.startswith("norms.inst*")
    assert row.endswith("normative_gap")
