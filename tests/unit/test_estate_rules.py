"""Estates under the rules of the five places: land, sites, small ones, compliance, corrections."""

from math import isnan

import pytest

from sim.indicators import estate_rules
from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.estates_rules import of_law
from sim.scenario.library import scenarios_folder
from sim.scenario.plan_types import Estate

NOW = Month.parse("2025-12").index
BOOKS = {
    name: PolicyBook.load(scenarios_folder() / "policy" / f"{name}.yaml")
    for name in ("baotou", "shou", "kaili", "haikou", "yinchuan")
}


def estate(name, households=100, care_m2=30.0, kind="new", **more):
    keys = {"handover": "2024-01", "status": "assumption", "source": "test"}
    return Estate(id=name, kind=kind, households=households, care_m2=care_m2, **(keys | more))


def test_land_is_that_of_the_worst_and_unknown_if_one_is():
    there = [estate("a", residents=1000, land_m2=150), estate("b", residents=2000, land_m2=299.9)]
    assert estate_rules.worst_land_m2_per_resident(there, NOW) == 0.14995
    assert estate_rules.worst_land_m2_per_resident(there[:1], NOW) == 0.15
    assert isnan(estate_rules.worst_land_m2_per_resident([*there, estate("c")], NOW))
    assert isnan(estate_rules.worst_land_m2_per_resident([], NOW))


def test_estates_of_one_site_add_up():
    shared = [estate("a", 80, 100, site="s"), estate("b", 90, 250, site="s"), estate("c", 900, 360)]
    assert estate_rules.smallest_site_m2(shared, "new", NOW) == 350
    alone = [one.model_copy(update={"site": None}) for one in shared]
    assert estate_rules.smallest_site_m2(alone, "new", NOW) == 100
    assert isnan(estate_rules.smallest_site_m2(shared, "existing", NOW))
    existing = [one.model_copy(update={"kind": "existing"}) for one in shared]
    assert estate_rules.pooled_sites(existing, NOW) == 1
    assert estate_rules.pooled_sites([estate("d", kind="existing", site="t")], NOW) == 0


def test_small_estates_are_those_below_the_number_of_the_law():
    below = of_law(BOOKS["kaili"], "new").small_below_households
    there = [estate("a", 99, 21), estate("b", 100, 5)]
    assert estate_rules.least_m2_of_small(there, NOW, below) == 21
    assert isnan(estate_rules.least_m2_of_small(there[1:], NOW, below))
    assert isnan(estate_rules.least_m2_of_small(there, NOW, None))


def test_indoor_and_outdoor_area_per_thousand_households():
    there = [estate("a", 430, 64.5, "existing", outdoor_m2=150.5), estate("b", 100, 90, "existing")]
    assert estate_rules.worst_per_1000_households(there, NOW, outdoor=False) == 150
    assert estate_rules.worst_per_1000_households(there[:1], NOW, outdoor=True) == 350
    assert isnan(estate_rules.worst_per_1000_households(there, NOW, outdoor=True))


@pytest.mark.parametrize(
    ("place", "kind", "good", "bad"),
    [
        ("shou", "new", {"households": 430, "care_m2": 129}, {"households": 430, "care_m2": 128.9}),
        ("yinchuan", "existing", {"households": 99, "care_m2": 19.8}, {"households": 99, "care_m2": 19.7}),
        ("haikou", "new", {"households": 80, "care_m2": 300}, {"households": 80, "care_m2": 299}),
        ("kaili", "existing", {"care_m2": 15, "outdoor_m2": 35}, {"care_m2": 15, "outdoor_m2": 34.9}),
        ("baotou", "new", {"residents": 200, "land_m2": 30}, {"residents": 200, "land_m2": 29.9}),
        ("baotou", "existing", {"day_care_centre": True}, {"day_care_centre": False}),
    ],
)
def test_compliance_is_judged_by_the_law_of_the_place(place, kind, good, bad):
    rules = of_law(BOOKS[place], kind)
    there = [estate("a", kind=kind, **good), estate("b", kind=kind, **bad)]
    assert estate_rules.compliance_rate(there, kind, NOW, rules) == 50
    assert estate_rules.compliance_rate(there[:1], kind, NOW, rules) == 100
    assert isnan(estate_rules.compliance_rate([], kind, NOW, rules))


def test_estates_of_before_the_plan_are_left_out_and_unknowns_leave_it_open():
    rules = of_law(BOOKS["shou"], "new")
    since = BOOKS["shou"].notice.index
    there = [estate("a", 100, 0, handover="2023-02"), estate("b", 100, 30, handover="2023-03")]
    assert estate_rules.compliance_rate(there, "new", NOW, rules, since) == 100
    assert estate_rules.compliance_rate(there, "new", NOW, rules) == 50
    kaili = of_law(BOOKS["kaili"], "existing")
    assert isnan(estate_rules.compliance_rate([estate("c", kind="existing")], "existing", NOW, kaili))


def test_corrections_count_among_those_found_wanting():
    rules = of_law(BOOKS["shou"], "new")
    there = [
        estate("a", 100, 30, "existing", found_deficient=True, care_handover="2024-06"),
        estate("b", 100, 30, "existing", found_deficient=True, care_handover="2026-01"),
        estate("c", 100, 0, "existing"),
    ]
    assert estate_rules.rectification_rate(there, NOW, rules) == 50
    assert isnan(estate_rules.rectification_rate(there[2:], NOW, rules))
