"""Delivery of a plan's items: what is drawn, how it is rounded, what it moves; what takes too many beds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.facilities.delivery import delivered, draw
from sim.quantiles import triangular
from sim.scenario.bed_types import PipelineBeds
from sim.scenario.delivery_types import DelayMonths, DeliveredShare, Delivery, part_of
from sim.scenario.resolve import load_scenario, resolve
from sim.scenario.taken import beds_by_owner, taken_too_many
from sim.streams import replication_seed

WORDS = {"status": "assumption", "source": "test"}
AS_PLANNED = {"share": 1, "delay_months": 0}


def share_of(distribution="triangular", **numbers):
    return DeliveredShare(distribution=distribution, unit="share", **numbers, **WORDS)


def delay_of(distribution="triangular", **numbers):
    return DelayMonths(distribution=distribution, unit="months", **numbers, **WORDS)


def fixed(share, delay):
    return Delivery(share=share_of("fixed", value=share), delay_months=delay_of("fixed", value=delay))


UNCERTAIN = Delivery(
    share=share_of(low=0.5, mode=0.9, high=1, as_planned=0.3), delay_months=delay_of(low=2, mode=3, high=20)
)


def item(**changes):
    values = {"id": "x", "opens": "2024-03", "beds": 100, "nursing_beds": 60, "ownership": "private", **WORDS}
    return PipelineBeds(**{**values, **changes})


def plan(yinchuan, *items, sites=()):
    return yinchuan.model_copy(update={"pipeline": list(items), "sites": list(sites)})


# Distributions


@given(st.floats(0, 0.999999), st.floats(0, 1), st.floats(0, 10), st.floats(0, 1))
def test_the_triangular_quantile_inverts_the_distribution_function(u, low, width, part):
    mode, high = low + part * width, low + width
    x = triangular(u, low, mode, high)
    assert low - 1e-9 <= x <= high + 1e-9
    if width > 1e-3:
        rising = (x - low) ** 2 / (width * (mode - low)) if mode > low else 0.0
        falling = 1 - (high - x) ** 2 / (width * (high - mode)) if high > mode else 1.0
        assert (rising if x <= mode and mode > low else falling) == pytest.approx(u, abs=1e-6)


def test_means_of_many_draws_are_those_of_the_formulas():
    """Mean of a triangular (a + b + c) / 3, of a uniform (a + b) / 2, mixed with the plan's number."""
    n = 20_000
    draws = np.array([draw(UNCERTAIN, f"pipeline/{i}", replication_seed(1, 1)) for i in range(n)])
    mean = 0.3 * 1 + 0.7 * (0.5 + 0.9 + 1) / 3
    assert abs(draws[:, 0].mean() - mean) < 4 * draws[:, 0].std() / math.sqrt(n)
    assert (draws[:, 0] == 1).mean() == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / n))
    assert abs(draws[:, 1].mean() - (2 + 3 + 20) / 3) < 4 * draws[:, 1].std() / math.sqrt(n) + 0.01
    assert abs(np.corrcoef(draws.T)[0, 1]) < 4 / math.sqrt(n), "share and delay are independent"
    flat = Delivery(share=share_of("uniform", low=0.2, high=0.6), delay_months=delay_of("fixed", value=0))
    shares = np.array([draw(flat, f"pipeline/{i}", replication_seed(1, 1))[0] for i in range(n)])
    assert abs(shares.mean() - 0.4) < 4 * 0.4 / math.sqrt(12 * n)
    assert np.quantile(shares, [0.25, 0.75]) == pytest.approx([0.3, 0.5], abs=0.01)


@pytest.mark.parametrize(
    "one",
    [
        share_of(low=0.2, mode=0.4, high=0.9, as_planned=0.25), share_of("uniform", low=0.2, high=0.9),
        delay_of(low=1, mode=4, high=9, as_planned=0.25), delay_of("uniform", low=1, high=9),
        delay_of("fixed", value=5), share_of(low=0.7, mode=0.7, high=0.7), share_of(low=0.5, mode=1, high=1),
    ],
)  # fmt: skip
def test_quantiles_never_fall_and_stay_within_the_ends(one):
    found = [one.quantile(u) for u in np.linspace(0, 1, 401)[:-1]]
    assert found == sorted(found)
    low, high = one.ends
    assert low - 1e-9 <= found[0] <= found[-1] <= high + 1e-9
    assert one.certain == (found[0] == found[-1])


def test_run_0_takes_the_medians():
    share, delay = draw(UNCERTAIN, "pipeline/x", None)
    # half of all draws lie below: 0.5 / 0.7 of those that are not the plan's
    assert share == pytest.approx(triangular(0.5 / 0.7, 0.5, 0.9, 1))
    assert delay == math.floor(triangular(0.5, 2, 3, 20) + 0.5)
    at_plan = Delivery(
        share=share_of(low=0.5, mode=1, high=1, as_planned=0.6), delay_months=delay_of("fixed", value=0)
    )
    assert draw(at_plan, "pipeline/x", None) == (1.0, 0)


def test_one_item_has_one_fate_in_two_scenarios(yinchuan):
    """Other items, their order, and what the item itself holds do not enter its draw; id and section do."""
    seed = replication_seed(3, 7)
    mine, other = item(delivery=UNCERTAIN), item(id="other", delivery=UNCERTAIN)
    alone = delivered(plan(yinchuan, mine), seed).pipeline[0]
    among = delivered(plan(yinchuan, other, mine), seed).pipeline[1]
    assert alone == among
    bigger = delivered(plan(yinchuan, item(beds=200, opens="2025-03", delivery=UNCERTAIN)), seed).pipeline[0]
    assert bigger.opens_month.minus(alone.opens_month) == 12
    assert abs(bigger.beds - 2 * alone.beds) <= 1
    assert delivered(plan(yinchuan, other), seed).pipeline[0].beds != alone.beds
    draws = {draw(UNCERTAIN, name, seed) for name in ("pipeline/x", "sites/x", "pipeline/y")}
    draws |= {draw(UNCERTAIN, "pipeline/x", replication_seed(3, 8))}
    assert len(draws) == 4


# What a draw moves


@given(st.integers(-2000, 2000), st.floats(0, 1), st.floats(0, 1))
def test_nursing_beds_stay_within_beds(beds, part, share):
    nursing = int(beds * part)
    assert abs(part_of(nursing, share)) <= abs(part_of(beds, share)) <= abs(beds)
    assert part_of(beds, share) * beds >= 0
    assert abs(part_of(beds, share) - beds * share) <= 0.5


def test_share_and_delay_move_what_they_say(yinchuan):
    beds = item(
        delivery=fixed(0.755, 14.5), converted_to_nursing=10, area_m2=3000, smart_from="2024-05", id="a"
    )
    closing = item(beds=-100, nursing_beds=-61, delivery=fixed(0.5, 0), id="b")
    sites = yinchuan.sites[0].model_copy(update={"delivery": fixed(0.85, 1)})
    found = delivered(plan(yinchuan, beds, closing, item(id="c"), sites=[sites]), 1)
    one, two, three = found.pipeline
    assert (one.beds, one.nursing_beds, one.converted_to_nursing) == (76, 45, 8), "halves go up"
    assert (one.opens, one.smart_from, one.area_m2) == ("2025-06", "2025-08", 3000 * 0.76)
    assert (two.beds, two.nursing_beds, two.opens) == (-50, -31, "2024-03")
    assert three == item(id="c")
    assert (found.sites[0].sites, found.sites[0].completes) == (26, "2024-01")
    assert all(each.delivery is None for each in (*found.pipeline, *found.sites)), "never applied twice"


def test_as_planned_is_the_plan(yinchuan):
    planned = [each.model_copy(update={"delivery": fixed(1, 0)}) for each in yinchuan.pipeline]
    sites = [each.model_copy(update={"delivery": fixed(1, 0)}) for each in yinchuan.sites]
    assert delivered(plan(yinchuan, *planned, sites=sites), 5) == yinchuan
    assert delivered(yinchuan, 5) is yinchuan
    assert planned[0].delivery.is_the_plan
    assert not fixed(0.9, 0).is_the_plan
    assert fixed(0.9, 0).certain


def test_a_larger_share_never_brings_fewer_beds_and_a_longer_delay_never_earlier_ones(yinchuan):
    seeds = [replication_seed(1, run) for run in range(1, 40)]
    low, high = (
        Delivery(
            share=share_of("uniform", low=0.3, high=top), delay_months=delay_of("uniform", low=0, high=late)
        )
        for top, late in ((0.8, 24), (1, 6))
    )
    for seed in seeds:
        worse, better = (delivered(plan(yinchuan, item(delivery=d)), seed).pipeline[0] for d in (low, high))
        assert worse.beds <= better.beds
        assert worse.opens_month >= better.opens_month


# Reading and setting


def test_the_shipped_scenario_keeps_the_words_of_the_plan():
    found, plain = load_scenario("yinchuan-delivery"), load_scenario("yinchuan")
    for one, other in zip((*found.pipeline, *found.sites), (*plain.pipeline, *plain.sites), strict=True):
        assert one.delivery is not None
        assert not one.delivery.certain
        assert one.model_copy(update={"delivery": None}) == other
        stated = (one.delivery.share, one.delivery.delay_months)
        assert all(each.status == "assumption" and each.source for each in stated), "nothing is published"


def test_set_a_number_a_distribution_or_nothing():
    at = "pipeline.plan-beds.delivery"
    found = resolve("yinchuan-delivery", [f"{at}.share=0.8"])
    share = found.scenario.pipeline[0].delivery.share
    assert (share.distribution, share.value, share.status) == ("fixed", 0.8, "assumption")
    assert share.source == "set on the command line"
    assert found.scenario.pipeline[0].source.startswith("the plan gives"), "the item is still the plan's"
    delay = (
        load_scenario("yinchuan-delivery", [f"{at}.delay_months.high=12"]).pipeline[0].delivery.delay_months
    )
    assert (delay.high, delay.mode, delay.source) == (12, 0, "set on the command line")
    uniform = [f"{at}.share.distribution=uniform", f"{at}.share.low=0.1", f"{at}.share.high=0.2"]
    share = load_scenario("yinchuan-delivery", uniform).pipeline[0].delivery.share
    assert (share.low, share.mode, share.high, share.as_planned) == (0.1, None, 0.2, 0)
    assert load_scenario("yinchuan-delivery", [f"{at}=null"]).pipeline[0].delivery is None


# More beds taken than there are


@pytest.mark.parametrize("seed", [None, 0, 1, 2])
def test_every_list_has_the_beds_that_are_sure(yinchuan, seed):
    from sim.facilities import stock
    from sim.facilities.list_draws import ListDraws

    homes = stock.generate(yinchuan.homes.generator, yinchuan.homes.latest, np.ones(6), ListDraws(seed))
    sure = beds_by_owner(yinchuan.homes, None)
    for kind in (0, 1):
        private = sum(home.beds[kind] for home in homes if home.ownership == 2)
        public = sum(home.beds[kind] for home in homes if home.ownership != 2)
        assert sure["private", kind] == private
        assert sure["public", kind] + sure["public_built", kind] == public


def taking(yinchuan, *items):
    return [(one.index, one.key) for one in taken_too_many(plan(yinchuan, *items))]


def test_what_is_taken_must_be_there(yinchuan):
    sure = beds_by_owner(yinchuan.homes, None)
    ordinary, nursing = sure["private", 0], sure["private", 1]
    everything = item(beds=-ordinary - nursing, nursing_beds=-nursing)
    assert taking(yinchuan, everything) == []
    assert taking(yinchuan, item(beds=-ordinary - nursing - 1, nursing_beds=-nursing)) == [(0, "beds")]
    assert taking(yinchuan, item(beds=-nursing - 1, nursing_beds=-nursing - 1)) == [(0, "nursing_beds")]
    convert = item(beds=0, nursing_beds=0, converted_to_nursing=ordinary + 1)
    assert taking(yinchuan, convert) == [(0, "converted_to_nursing")]
    assert taking(yinchuan, item(id="z", beds=-1, nursing_beds=0), everything) == [(0, "beds")], "by id"


def test_what_is_added_first_may_be_taken_later(yinchuan):
    ordinary = beds_by_owner(yinchuan.homes, None)["private", 0]
    more = item(id="a", beds=50, nursing_beds=0, opens="2024-01")
    away = item(id="b", beds=-ordinary - 50, nursing_beds=0, opens="2024-02")
    assert taking(yinchuan, away, more) == []
    assert taking(yinchuan, away, more.model_copy(update={"opens": "2024-03"})) == [(0, "beds")]
    for late in (fixed(1, 1.5), fixed(0.9, 0), UNCERTAIN):
        assert taking(yinchuan, away, more.model_copy(update={"delivery": late})) == [(0, "beds")]
    sure = more.model_copy(update={"delivery": fixed(1, 0.4)})
    assert taking(yinchuan, away, sure) == []
