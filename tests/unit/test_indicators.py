"""Indicators: by hand, at their borders, and with nobody to count."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from sim.indicators import beds, money, people, services, sites
from sim.indicators.advice import NursingAdvice, nursing_advice

YES, NO = True, False


def test_three_ways_to_sixty_percent_in_yinchuan():
    assert nursing_advice(10_388, 5_886, 9_688, 5_586, 60) == NursingAdvice(6_233, 647, 700, 347, 867)


def test_each_way_closes_the_gap_and_one_bed_less_does_not():
    for conversion in (346, 347):
        assert (beds.nursing_bed_share(5_886 + conversion, 10_388) >= 60) is (conversion == 347)
    for on_top in (866, 867):
        assert (beds.nursing_bed_share(5_886 + on_top, 10_388 + on_top) >= 60) is (on_top == 867)


def test_advice_is_silent_where_the_share_is_met_and_honest_where_a_way_is_closed():
    assert nursing_advice(9_688, 5_886, 9_688, 5_586, 60) is None
    few_new = nursing_advice(10_000, 5_586, 9_688, 5_586, 60)
    assert few_new is not None
    assert (few_new.new_beds, few_new.among_new) == (312, None)
    all_nursing = nursing_advice(10, 9, 8, 8, 100)
    assert all_nursing is not None
    assert (all_nursing.by_conversion, all_nursing.on_top) == (1, None)


def test_needed_beds_are_exact_at_the_border():
    assert beds.nursing_beds_needed(10_000, 0, 60) == 6_000
    assert beds.nursing_beds_needed(10_001, 0, 60) == 6_001
    assert beds.nursing_beds_needed(500, 0, 32.2) == 161  # 162 in floats
    assert beds.nursing_beds_on_top(10_000, 6_000, 60) == 0


def test_density_flips_at_the_last_resident():
    assert beds.beds_per_1000(10_388, 288_555) >= 36
    assert beds.beds_per_1000(10_388, 288_556) < 36
    assert isnan(beds.beds_per_1000(10_388, 0))


def test_new_beds_net_and_gross():
    months, changes = np.array([10, 11, 12, 13]), np.array([500, 700, -50, 20])
    assert beds.new_beds_gross(months, changes, baseline=10, now=12) == 700
    assert beds.new_beds_net(9_688 + 650, 9_688) == 650


def test_nursing_share_of_government_projects_leaves_private_ones_and_closures_out():
    size, nursing = np.array([100, 300, 50, -40]), np.array([60, 0, 40, -40])
    government = np.array([YES, NO, YES, YES])
    assert beds.nursing_bed_share_public_new(size, nursing, government) == pytest.approx(100 * 100 / 150)
    assert isnan(beds.nursing_bed_share_public_new(size, nursing, np.zeros(4, dtype=bool)))


def test_chain_homes_need_all_three():
    flags = np.array([[YES, YES, YES], [NO, YES, YES], [YES, NO, YES], [YES, YES, NO]])
    assert beds.chain_integrated_homes(*flags.T) == 1


def test_unable_destitute_in_homes_counts_those_eligible_all_month():
    unable, in_home = np.array([YES, YES, YES, YES, NO]), np.array([YES, NO, NO, YES, YES])
    all_month = np.array([YES, YES, YES, NO, YES])
    assert people.destitute_unable_in_homes(unable, in_home, all_month) == pytest.approx(100 / 3)
    assert isnan(people.destitute_unable_in_homes(unable & False, in_home, all_month))


@pytest.mark.parametrize(
    ("days", "served"), [(30.0, 100), (30.5, 50), (float("nan"), 50), (0.0, 100)]
)  # fmt: skip
def test_willing_destitute_are_unmet_when_overdue_or_on_no_list(days, served):
    willing, home = np.array([YES, YES, NO]), np.array([YES, NO, NO])
    everybody, waiting = np.ones(3, dtype=bool), np.array([np.nan, days, 99.0])
    assert people.destitute_willing_in_homes(willing, home, everybody, waiting, 30) == served


def test_willing_destitute_count_if_eligible_all_month():
    everybody, nowhere = np.array([YES, YES]), np.array([np.nan, np.nan])
    home, all_month = np.array([YES, NO]), np.array([YES, NO])
    assert people.destitute_willing_in_homes(everybody, home, all_month, nowhere, 30) == 100
    assert people.destitute_willing_in_homes(everybody, home, everybody, nowhere, 30) == 50


def test_sites_count_from_the_month_they_complete():
    completed, sites = np.array([5, 6]), np.array([20, 10])
    assert [services.canteens_upgraded(completed, sites, now) for now in (4, 5, 6)] == [0, 20, 30]


def test_centres_count_with_all_functions_only():
    required = ["full_care", "day_care", "home_visit", "coordination"]
    assert services.has_functions([*required, "meals"], required)
    assert not services.has_functions(required[:3], required)
    completed, sites, good = np.array([5, 5, 9]), np.array([6, 2, 4]), np.array([YES, NO, YES])
    assert services.centres_built(completed, sites, good, 5) == 6
    assert services.centre_functions(completed, sites, good, 5) == 75
    assert isnan(services.centre_functions(completed, sites, good, 4))


def test_coverage_of_fifty_five_towns_straddles_the_mark():
    assert services.centre_coverage(40, 8, 55) == pytest.approx(87.27, abs=0.005)
    assert services.centre_coverage(41, 8, 55) == pytest.approx(89.09, abs=0.005)
    assert services.centre_coverage(54, 8, 55) == 100


def test_community_coverage_needs_both_counts_and_no_unit_is_covered_twice():
    assert sites.share_covered(17, 0, 20) == 85
    assert sites.share_covered(17, 2, 20) == 95
    assert sites.share_covered(17, 9, 20) == 100
    assert isnan(sites.share_covered(None, 3, 20))
    assert isnan(sites.share_covered(17, 3, None))


def test_budget_execution():
    assert money.budget_execution(290_000_000, 300_000_000) == pytest.approx(96.67, abs=0.005)
    assert isnan(money.budget_execution(0, 0))
