"""Each place has its plan as written, without the plan, and delivered as such plans may be."""

import pytest

from sim.ensemble.run import deliveries
from sim.model import simulate
from sim.scenario.library import shipped_names
from sim.scenario.resolve import load_scenario

PLACES = ["baotou", "shou", "kaili", "yinchuan", "haikou"]


def test_every_place_has_its_variants():
    names = set(shipped_names())
    for place in PLACES:
        assert {place, f"{place}-no-plan", f"{place}-delivery"} <= names


@pytest.mark.parametrize("place", PLACES)
def test_every_item_of_the_plan_is_uncertain_and_nothing_else_differs(place):
    written, uncertain = load_scenario(place), load_scenario(f"{place}-delivery")
    for section in ("pipeline", "sites"):
        before, after = getattr(written, section), getattr(uncertain, section)
        assert [item.model_copy(update={"delivery": None}) for item in after] == before
        for item in after:
            assert not item.delivery.certain
            for part in (item.delivery.share, item.delivery.delay_months):
                assert part.status == "assumption"
                assert 0 < part.as_planned < 1
                assert part.low < part.high
    same = {"name": "", "title": written.title, "pipeline": [], "sites": []}
    assert written.model_copy(update=same) == uncertain.model_copy(update=same)
    assert deliveries(written) == (set(), set())
    assert deliveries(uncertain)[0] == {
        *(["pipeline"] if written.pipeline else []),
        *(s.kind for s in written.sites),
    }


@pytest.mark.parametrize("place", ["kaili"])
def test_fewer_sites_come_than_are_written(place):
    """Over some runs; beds and people are not touched, since these plans name no beds."""
    written, uncertain = load_scenario(place), load_scenario(f"{place}-delivery")
    planned = simulate(written, 5, 1).to_pandas()
    differs = 0
    for run in (1, 2):
        part = simulate(uncertain, 5, run).to_pandas()
        if run == 1:
            same = "table == 'summary' or table == 'waits' or table == 'population'"
            assert part.query(same).equals(planned.query(same))
        differs += not part.query("table == 'targets'").equals(planned.query("table == 'targets'"))
    assert differs
