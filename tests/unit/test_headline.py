"""When the headline's mean is sure enough: from 30 replications on, whoever finished first."""

import itertools

import made_up
import numpy as np
import pytest

from sim import store
from sim.ensemble import runner
from sim.ensemble.headline import Headline, value_of
from sim.scenario.resolve import load_scenario


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("yinchuan")


def fed(scenario, until, order, values):
    headline = Headline(scenario, until)
    for run in order:
        headline.add(run, values[run])
    return headline


def test_the_figure_is_that_of_the_last_december():
    rows = [
        {"table": "summary", "month": month, "metric": "expressed_gap", "region_code": "total",
         "bed_kind": "all", "value": value}
        for month, value in [(24299, 5), (24311, 7), (24312, 9)]
    ]  # fmt: skip
    assert value_of(made_up.part(rows)) == 7
    assert np.isnan(value_of(made_up.part(rows[2:])))


def test_stops_at_the_first_look_at_which_the_error_is_small_whatever_the_order(scenario):
    values = 100 + 20 * np.random.default_rng(1).normal(size=200)
    errors = {n: fed(scenario, 1, range(200), values).error(n) for n in range(30, 201, 10)}
    until = errors[70] * 1.0001
    first = next(n for n, error in errors.items() if error <= until)
    for order in (range(200), reversed(range(200)), np.random.default_rng(2).permutation(200).tolist()):
        assert fed(scenario, until, order, values).enough(200) == first
    assert fed(scenario, until, range(first - 1), values).enough(200) is None
    assert fed(scenario, None, range(200), values).enough(200) is None
    assert fed(scenario, 1e-6, range(200), values).enough(200) is None


def test_run_0_is_waited_for_though_it_enters_no_mean(scenario, tmp_path):
    """Its part may be broken, or late in a pool: without it no table can be made."""
    assert fed(scenario, 0.9, range(1, 60), [100.0 + run for run in range(60)]).enough(60) is None
    folder = store.RunFolder(tmp_path, "k")

    def again():
        headline = Headline(scenario, 0.9)
        return runner.run_missing(
            scenario, 1, 40, folder, jobs=1, simulate=made_up.simulate_gap, headline=headline
        )

    assert len(again()) == 30
    folder.part(0).write_bytes(b"")
    assert again() == [0]


def test_no_gap_in_any_run_is_sure(scenario):
    headline = fed(scenario, 0.01, range(30), [0.0] * 30)
    assert headline.error() == 0
    assert headline.enough(100) == 30


def test_a_run_ends_by_itself_and_its_length_does_not_depend_on_processes(scenario, tmp_path):
    made = {}
    for jobs in (1, 2):
        headline = Headline(scenario, 0.03)
        folder = store.RunFolder(tmp_path / str(jobs), "k")
        runs = runner.run_missing(
            scenario, 1, 200, folder, jobs=jobs, simulate=made_up.simulate_gap, headline=headline
        )
        made[jobs] = headline.enough(200)
        assert made[jobs] <= len(runs) < 200
        again = Headline(scenario, 0.03)
        assert (
            runner.run_missing(
                scenario, 1, 200, folder, jobs=1, simulate=made_up.simulate_gap, headline=again
            )
            == []
        )
    assert made[1] == made[2] > 30
    for run in range(made[1]):
        one, two = (store.RunFolder(tmp_path / str(jobs), "k").part(run).read_bytes() for jobs in (1, 2))
        assert one == two


def test_progress_tells_the_error(scenario, tmp_path):
    headline = Headline(scenario)
    told = []
    runner.run_missing(
        scenario, 1, 5, store.RunFolder(tmp_path, "k"), jobs=1, simulate=made_up.simulate_gap,
        headline=headline, progress=lambda done, _all: told.append(headline.error()),
    )  # fmt: skip
    assert told[:2] == [None, None]
    assert all(error > 0 for error in itertools.islice(told, 3, None))
