"""With constant inputs nothing drifts: the start is in balance with its own flows."""

import numpy as np
import pytest

from sim.model import CareModel
from tests.places import stationary_place

pytestmark = pytest.mark.long

RUNS = 9
MONTHS = 12


@pytest.fixture(scope="module")
def drift(tmp_path_factory):
    scenario = stationary_place(
        tmp_path_factory.mktemp("stationary"), residents_60plus=366_000, beds=8000, nursing_beds=4600
    )
    found, idle = [], []
    for run in range(1, RUNS + 1):
        model = CareModel(scenario, seed=7, run=run)
        path = [_state(model)]
        idle.append(_free_and_waited_for(model.desk.waitlist))
        for _ in range(MONTHS):
            model.step()
            path.append(_state(model))
        found.append(path)
    return np.array(found, dtype=float), idle


def _free_and_waited_for(waitlist):
    entries = [waitlist.entry(person) for person in waitlist.waiting]
    return sum(waitlist.free(home, one.kind) > 0 for one in entries for home, _ in one.choices)


def _state(model):
    people, families = model.residents, model.families
    here = (people.left == 0) & (people.home < 0) & (model.month.index - people.birth > 60 * 12)
    alone, couple = ((here & (people.living == kind)).sum() / here.sum() for kind in (0, 1))
    strain = families.strain.mean()
    near = people.children_near[families.rows].mean()
    return [
        (people.home >= 0).sum(),
        people.waiting.sum(),
        strain,
        near,
        families.unmet.mean(),
        alone,
        couple,
    ]


@pytest.mark.parametrize(
    ("column", "cap"), [(0, 0.01), (1, 0.025), (2, 0.04), (3, 0.01), (4, 0.015), (5, 0.05), (6, 0.03)]
)
def test_no_trend_in_the_first_twelve_months(drift, column, cap):
    drift, _ = drift
    change = drift[:, -1, column] - drift[:, 0, column]
    level = drift[:, :, column].mean()
    error = change.std(ddof=1) / np.sqrt(RUNS)
    assert error <= cap * level / 2, "too few runs to see a trend of that size"
    # strain and living arrangements hardly differ between runs: trends of a few thousandths show, and may
    assert column not in (0, 1, 3) or abs(change.mean()) <= 4 * error
    assert abs(change.mean()) <= cap * level


def test_the_list_is_not_empty_at_the_start(drift):
    assert (drift[0][:, 0, 1] > 100).all()


def test_nobody_waits_at_the_start_for_a_bed_that_is_free(drift):
    assert drift[1] == [0] * RUNS
