"""The rules by which targets are asked, for all five plans; and what the readers of sites and homes say."""

from __future__ import annotations

from collections import Counter
from math import isnan

import numpy as np
import pandas as pd
import pytest

from sim.codes import Ownership
from sim.indicators import board, homes, sites
from sim.indicators.homes import HomesNow
from sim.months import Month
from sim.policy import targets
from sim.policy.book import PolicyBook
from sim.policy.schedule import mark_at
from sim.scenario.bed_types import HomesWith, PipelineSites
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import load_scenario
from sim.scenario.subsidy_types import StarHomes

FIRST, LAST = Month.parse("2020-11"), Month.parse("2025-12")
TOLD = {"status": "assumption", "source": "test"}
BASES = {
    "baotou": {"carried_forward": 6, "undated_standing": 1},
    "shou": {
        "dated_2025": 12, "interim_step": 1, "carried_forward": 2, "standing_recurring": 6,
        "undated_standing": 3,
    },
    "kaili": {
        "dated_2025": 9, "interim_step": 1, "carried_forward": 3, "standing_recurring": 1,
        "undated_standing": 4,
    },
    "yinchuan": {"carried_forward": 19, "standing_recurring": 1, "undated_standing": 3},
    "haikou": {"dated_2025": 6, "undated_standing": 4},
}  # fmt: skip
"""Targets and funding floors by what they are in 2025, restated ones left out."""


def load(place):
    return PolicyBook.load(scenarios_folder() / "policy" / f"{place}.yaml")


BOOKS = {place: load(place) for place in BASES}


def days(book, clause):
    """The months in which a clause is asked, each once."""
    asked = targets.evaluations(book, FIRST, LAST)
    return sorted({str(row.month) for row in asked if row.clause_id == clause.id})


def decembers(book):
    return [f"{year}-12" for year in range(max(book.notice.year, FIRST.year), 2026)]


def targets_of(book, basis):
    return [c for c in book.clauses if c.kind in ("target", "funding_floor") and c.basis_2025 == basis]


@pytest.mark.parametrize("place", BASES)
def test_targets_by_what_they_are_in_2025(place):
    stated = [c.basis_2025 for c in BOOKS[place].clauses if c.basis_2025 and not c.restates]
    assert Counter(stated) == BASES[place]


@pytest.mark.parametrize("place", BASES)
def test_nothing_is_asked_before_the_notice_and_every_target_at_least_once(place):
    book = BOOKS[place]
    asked = targets.evaluations(book, FIRST, LAST)
    assert all(row.month >= book.notice for row in asked)
    assert {row.clause_id for row in asked} >= {c.id for c in book.clauses if c.kind == "target"}
    assert {row.indicator for row in asked} <= set(board.INDICATORS)
    for clause in book.clauses:
        assert all(Month.parse(v.due) >= book.notice for v in clause.marks if v.due), clause.id


@pytest.mark.parametrize("place", BASES)
def test_dated_2025_is_asked_in_2025_and_each_step_of_a_ladder_in_its_own_year(place):
    book = BOOKS[place]
    for clause in targets_of(book, "dated_2025"):
        dues = sorted({value.due[:7] for value in clause.numbers if value.due})
        assert dues[-1] == "2025-12", clause.id
        before = [month for month in decembers(book) if month < dues[0]]
        assert days(book, clause) == sorted({*before, *dues}), clause.id
        for value in clause.marks:
            assert mark_at(book, clause, Month.parse(value.due), value.label or "") == value


@pytest.mark.parametrize("place", BASES)
def test_carried_forward_is_asked_when_due_and_at_the_end_of_2025_as_a_floor(place):
    book = BOOKS[place]
    for clause in targets_of(book, "carried_forward"):
        dues = sorted({value.due[:7] for value in clause.numbers if value.due})
        if not dues:  # a floor of every year
            assert days(book, clause) == decembers(book), clause.id
            continue
        assert dues[-1] < "2025-12", clause.id
        asked = days(book, clause)
        assert set(asked) >= {*dues, "2025-12"}, clause.id
        assert all(month in (*dues, "2025-12") or month < dues[-1] for month in asked), clause.id
        for value in clause.marks:
            assert mark_at(book, clause, LAST, value.label or "").value == value.value, clause.id


@pytest.mark.parametrize("place", BASES)
def test_standing_duties_are_asked_every_year_and_steps_only_in_their_own(place):
    book = BOOKS[place]
    for basis in ("standing_recurring", "undated_standing"):
        for clause in targets_of(book, basis):
            assert days(book, clause) == decembers(book), clause.id
    for clause in targets_of(book, "interim_step"):
        (due,) = {value.due[:7] for value in clause.marks}
        assert days(book, clause) == [m for m in decembers(book) if m < due] + [due], clause.id
        assert due < "2025-12"


@pytest.mark.parametrize("place", BASES)
def test_restated_and_suspect_targets_do_not_count_and_only_the_rest_is_in_force(place):
    book = BOOKS[place]
    for clause in book.clauses:
        if clause.restates or clause.suspect:
            assert not targets.in_pass_count(clause, clause.picked_denominator or "")
        if clause.kind == "target" and clause.indicator:
            held = targets.target_in_force(book, clause.indicator, 2025)
            assert held is None or not (held.clause.restates or held.clause.suspect)


@pytest.mark.parametrize(
    ("place", "indicator", "by_year"),
    [
        ("shou", "community_facility_coverage_rural", {2022: None, 2023: 40, 2024: 40, 2025: 50}),
        ("shou", "meal_service_coverage_urban", {2023: 50, 2024: 50, 2025: 100}),
        ("shou", "family_care_bed_households", {2022: None, 2023: 15, 2025: 50}),
        ("shou", "home_adaptation_households_per_year", {2022: None, 2023: 185, 2026: 185}),
        ("kaili", "three_star_homes", {2023: None, 2024: 1, 2025: 1}),
        ("kaili", "two_star_homes", {2023: None, 2024: 2, 2025: 2}),
        ("baotou", "community_facility_coverage_urban", {2021: None, 2022: 100, 2025: 100}),
        ("haikou", "subdistrict_centre_coverage", {2024: None, 2025: 60}),
        ("yinchuan", "nursing_bed_share", {2022: None, 2023: 60, 2025: 60}),
    ],
)
def test_the_value_in_force_is_the_latest_due(place, indicator, by_year):
    found = {year: targets.target_in_force(BOOKS[place], indicator, year) for year in by_year}
    assert {year: held and held.value.value for year, held in found.items()} == by_year


def test_each_of_several_values_has_its_own_days():
    book = BOOKS["shou"]
    rows = [row for row in targets.evaluations(book, FIRST, LAST) if row.clause_id == "shou.annex.37.b"]
    asked = {label: [str(r.month) for r in rows if r.denominator == label] for label in book.by_id[
        "shou.annex.37.b"].labels}  # fmt: skip
    assert asked == {
        "national_system": ["2023-03", "2025-12"],
        "county_system": ["2023-12", "2024-12", "2025-12"],
    }


def test_a_ladder_is_judged_step_by_step():
    """40 percent of villages in 2023, 50 in 2025: 45 percent meets the first and not the second."""
    book, clause = BOOKS["shou"], "shou.annex.5.a"
    rows = [
        {"run": 0, "month": Month.parse(month).index, "clause_id": clause, "denominator": "", "value": 45.0,
         "indicator": book.by_id[clause].indicator}
        for month in days(book, book.by_id[clause])
    ]  # fmt: skip
    found = targets.table(book, "shou", pd.DataFrame(rows), lambda *_: False)
    assert found["evaluated_on"].tolist() == ["2023-12-31", "2025-12-31"]
    assert found["target"].tolist() == [40, 50]
    assert found["gap_p50"].tolist() == [-5, 5]
    assert found["status"].tolist() == ["met if delivered as planned", "not met if delivered as planned"]


def site(kind, count, month="2023-12", **more):
    return PipelineSites(id=f"{kind}{month}{count}", kind=kind, completes=month, sites=count, **TOLD, **more)


def month(text):
    return Month.parse(text).index


def test_one_off_sites_are_a_stock_and_those_of_a_year_are_not():
    some = [site("eldercare_complex", 1, "2023-06"), site("eldercare_complex", 2, "2024-12")]
    kinds = ("eldercare_complex",)
    ends = [month(f"{year}-12") for year in (2022, 2023, 2024, 2025)]
    assert [sites.completed(some, kinds, end) for end in ends] == [0, 1, 3, 3]
    assert [sites.completed_in_year(some, kinds, end) for end in ends] == [0, 1, 2, 0]
    assert sites.completed_in_year(some, kinds, month("2024-11")) == 0
    assert sites.listed(some, kinds, ends[0]) == 0
    assert isnan(sites.listed(some, ("care_station",), ends[0]))


def test_the_district_with_the_fewest_homes_counts():
    two = ("a", "b")
    kinds = ("destitute_support_home",)
    named = [site(*kinds, 3, district="a")]
    assert sites.fewest_per_district(named, kinds, two, month("2023-12")) == 0
    assert sites.fewest_per_district([*named, site(*kinds, 1)], kinds, two, month("2023-12")) == 1
    assert sites.fewest_per_district([site(*kinds, 4)], kinds, two, month("2023-12")) == 2
    assert sites.fewest_per_district([site(*kinds, 3)], kinds, two, month("2023-12")) == 1
    assert sites.fewest_per_district([site(*kinds, 4)], kinds, two, month("2023-11")) == 0


def test_levels_of_a_network_are_counted_when_all_are_known():
    end = month("2023-12")
    plan = [site("subdistrict_centre", 2), site("destitute_support_home", 1)]
    assert isnan(sites.network_levels(plan, {"community": 56}, end))
    assert sites.network_levels(plan, {"community": 56, "city": 1}, end) == 4
    assert sites.network_levels(plan, {"community": 56, "city": 0}, end) == 3
    assert (
        sites.network_levels([*plan, site("eldercare_complex", 1, level="city")], {"community": 1}, end) == 4
    )


HOMES = HomesNow(
    beds=np.array([160, 149, 60, 40, 0]),
    destitute=np.array([0, 60, 50, 49, 90]),
    ownership=np.array([Ownership.PRIVATE, Ownership.PRIVATE, Ownership.PUBLIC, Ownership.PUBLIC, 0]),
)


def test_who_must_have_a_clinic_follows_from_beds_and_from_residents():
    """Asked are the home of 160 beds and the public one with 50 destitute residents, not the closed one."""
    asked = {"homes": 150.0, "destitute_homes": 50.0}
    rates = [homes.clinic_compliance(HOMES, {"in_house_unit": n}, asked) for n in (0, 1, 2, 9)]
    assert rates == [0, 50, 100, 100]
    assert isnan(homes.clinic_compliance(HOMES, {}, asked))
    assert homes.clinic_compliance(HOMES, {"in_house_unit": 1}, {"homes": 150.0}) == 100
    assert isnan(homes.clinic_compliance(HOMES, {"in_house_unit": 1}, {}))


def test_agreements_are_over_all_homes_or_over_those_without_a_unit():
    both = {"medical_agreement": 3, "in_house_unit": 1}
    assert homes.agreement_rate(HOMES, both, {}) == 75
    assert homes.agreement_rate(HOMES, both, {"own_unit": 0.0}) == 100
    assert isnan(homes.agreement_rate(HOMES, {"in_house_unit": 1}, {}))
    assert homes.unit_rate(HOMES, both, {"homes": 149.0}) == 50
    assert homes.insured_rate(HOMES, {"liability_insurance": 1}, {}) == 25


def test_stars_count_from_the_month_in_which_they_are_reached():
    rows = [StarHomes(star=3, reached="2024-12", homes=1, **TOLD)]
    assert [homes.of_star(rows, 3, month(text)) for text in ("2024-11", "2024-12")] == [0, 1]
    assert homes.of_star(rows, 2, month("2024-12")) == 0
    assert isnan(homes.of_star([], 3, month("2024-12")))


def test_the_latest_count_of_homes_with_something_holds():
    counted = [
        HomesWith(feature="medical_agreement", month=when, homes=number, **TOLD)
        for when, number in (("2024-06", 9), ("2023-06", 5))
    ]
    stock = load_scenario("shou").homes.model_copy(update={"features": counted})
    found = [
        stock.with_feature("medical_agreement", month(text)) for text in ("2023-05", "2023-06", "2025-12")
    ]
    assert found == [None, 5, 9]
    assert stock.with_feature("in_house_unit", month("2025-12")) is None
