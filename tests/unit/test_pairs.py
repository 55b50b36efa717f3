"""Paired differences by hand: what enters, which way is better, and what has no value."""

import math

import numpy as np
import pyarrow as pa
import pytest

from sim.decide.pairs import Pairs, directions
from sim.decide.sides import points as points_of
from sim.ensemble.cells import Frame
from sim.ensemble.draws import points
from sim.months import Calendar, Month
from sim.tables import BETTER, METRICS


def columns(base, alt, better="less", *, vary=False):
    pairs = Pairs({}, np.array([base], float), np.array([alt], float))
    found = pairs.columns([better], points(range(1, len(base)), vary=vary))
    return {name: pa.array(values).to_pylist()[0] for name, values in found.items()}


def test_the_difference_is_of_pairs_and_run_0_stays_out():
    row = columns([1000, 10, 20, 30], [0, 9, 22, 24])
    assert (row["base_mean"], row["alt_mean"]) == (20, pytest.approx(55 / 3))
    assert row["diff_mean"] == pytest.approx((-1 + 2 - 6) / 3)
    assert (row["diff_p10"], row["diff_p90"]) == (pytest.approx(-5), pytest.approx(1.4))
    assert (row["prob_better"], row["n_pairs"]) == (pytest.approx(2 / 3), 3)


def test_run_0_enters_alone_and_is_no_probability():
    row = columns([10], [7])
    assert (row["diff_mean"], row["n_pairs"], row["prob_better"]) == (-3, 1, None)


@pytest.mark.parametrize(("better", "share"), [("less", 0.5), ("more", 0.25), ("", None)])
def test_better_is_strictly_better_in_the_direction_of_the_metric(better, share):
    assert columns([0, 5, 5, 5, 5], [0, 4, 3, 5, 6], better)["prob_better"] == share


def test_a_pair_without_a_value_is_none():
    row = columns([0, 5, math.nan, 7], [0, 4, 3, math.nan])
    assert (row["diff_mean"], row["n_pairs"], row["base_mean"], row["alt_mean"]) == (-1, 1, 6, 3.5)
    empty = columns([0, math.nan], [0, math.nan])
    assert (empty["diff_mean"], empty["prob_better"], empty["n_pairs"]) == (None, None, 0)


def test_rows_are_matched_by_key_and_run_and_what_one_lacks_is_zero():
    def rows(*values):
        names = ("metric", "run", "value")
        return pa.table({name: [row[at] for row in values] for at, name in enumerate(names)})

    base = rows(("a", 0, 1.0), ("a", 1, 2.0), ("b", 1, 5.0))
    alt = rows(("a", 1, 4.0), ("c", 0, 9.0))
    pairs = Pairs.of(base, alt, ["metric"], 2)
    assert pairs.keys == {"metric": ["a", "b", "c"]}
    assert pairs.base.tolist() == [[1, 2], [0, 5], [0, 0]]
    assert pairs.alt.tolist() == [[0, 4], [0, 0], [9, 0]]


def test_directions_name_metrics_that_there_are():
    waits = {"waiting_end", "died_waiting", "mean_days", "p50_days", "p90_days"}
    waits |= {"share_over_30d", "share_over_90d"}
    assert set(BETTER) <= {metric.name for metric in METRICS} | waits | {"amount_yuan"}
    assert directions(["waiting", "residents_60plus"]) == ["less", ""]
    assert directions(["left_cannot_pay", "dependent_in_ordinary_beds"]) == ["less", "less"]


def test_the_error_is_of_the_mean_over_pairs_and_not_their_spread():
    """Differences -1, 2, -6: deviations 2/3, 11/3 and -13/3, over three pairs."""
    row = columns([1000, 10, 20, 30], [0, 9, 22, 24])
    assert row["diff_se"] == pytest.approx(math.sqrt((4 + 121 + 169) / 9 / 2 / 3))


def test_pairs_with_the_same_parameters_are_one_observation():
    """Run 4 has the parameters of run 3: deviations -1, -1 and 1 + 1 of three points, over four pairs."""
    row = columns([0] * 5, [0, 1, 1, 3, 3], vary=True)
    assert row["diff_se"] == pytest.approx(math.sqrt((1 + 1 + 4) * 3 / 2) / 4)
    assert columns([0] * 5, [0, 1, 1, 3, 3])["diff_se"] == pytest.approx(math.sqrt(4 / 3) / 2)


def test_pairs_share_parameters_where_either_scenario_draws_any():
    one = Frame("one", "place", {}, Calendar(Month.of(2022, 1), 12), 6)
    other = Frame("other", "place", {}, Calendar(Month.of(2022, 1), 12), 6, vary=True)
    assert points_of(one, other).tolist() == points_of(other, one).tolist() == [0, 1, 2, 2, 3]
    assert len(set(points_of(one, one).tolist())) == 5


def test_the_error_is_zero_where_pairs_agree_and_empty_where_it_cannot_be_told():
    assert columns([0, 0.1, 0.3, 0.7], [0, 0.1, 0.3, 0.7])["diff_se"] == 0
    assert columns([0, 0, 0, 0], [9, 0.1, 0.1, 0.1])["diff_se"] == 0
    assert columns([10], [7])["diff_se"] is None
    assert columns([0, 5], [0, 7])["diff_se"] is None
    assert columns([0, 5, math.nan, 7], [0, 4, 3, math.nan])["diff_se"] is None
    assert columns([0, 5, math.nan, 7], [0, 4, 3, 8])["diff_se"] == pytest.approx(1)
