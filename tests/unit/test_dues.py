"""Measures of the four other plans, from a scenario to the lines of the ledger."""

from __future__ import annotations

from fractions import Fraction
from math import isnan
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import costs, state
from sim.codes import Ability, Group, Living, Ownership
from sim.dues import payees
from sim.ensemble import run as ensemble_run
from sim.errors import InputError
from sim.indicators import money
from sim.ledger import Ledger
from sim.model import CareModel
from sim.money import yuan
from sim.months import Calendar, Month
from sim.policy import floors, instalments, occupancy, priority
from sim.policy.book import PolicyBook
from sim.scenario.library import scenarios_folder
from sim.tables import NOT_GIVEN
from tests.places import quantity, stationary_place

POLICY = scenarios_folder() / "policy"
TOLD = {"status": "assumption", "source": "test"}
NOBODY = costs.Recipients(0, 0, 0, 0)
RULES = ["month_end_headcount", "month_start_headcount", "resident_days"]


def place(folder, policy, **changes):
    keys = {"policy": str(POLICY / f"{policy}.yaml"), "horizon": {"start": "2020-11", "end": "2026-12"}}
    return stationary_place(folder, 5_000, 120, 60, **(keys | changes))


def home(name, beds, ownership=Ownership.PRIVATE, position=0):
    spec = SimpleNamespace(name=name, ownership=ownership)
    return SimpleNamespace(registered=np.array([beds, 0]), spec=spec, position=position)


def played(scenario, first, last, *, homes=(), persons=NOBODY, closes=None):
    """The ledger after the months from first to last; `closes` empties the homes in a month."""
    book = PolicyBook.load(scenario.policy)
    payers = {name: {str(p): s for p, s in shares.items()} for name, shares in scenario.payers.items()}
    ledger = Ledger(scenario.place.id, book, payers, (), scenario.money.fiscal_year_first_month)
    month = Month.parse(first)
    while month <= Month.parse(last):
        if str(month) == closes:
            for one in homes:
                one.registered[:] = 0
        costs.post(ledger, scenario, book.at(month), month, [], list(homes), persons)
        ledger.settle(month)
        month = month.plus(1)
    return ledger


def by_year(ledger, measure):
    years = sorted({line.month.year for line in ledger.lines})
    found = {year: yuan(ledger.total(measure=measure, year=year)) for year in years}
    return {year: amount for year, amount in found.items() if amount}


def beds(**changes):
    item = {"id": "wing", "opens": "2024-03", "beds": 100, "nursing_beds": 0, "ownership": "private"}
    return [item | TOLD | changes]


@pytest.mark.parametrize(
    ("changes", "rule", "paid"),
    [
        ({"area_m2": 3000}, "strict", {2024: 150000, 2025: 150000, 2026: 200000}),
        ({"area_m2": 2999}, "strict", {}),
        ({"area_m2": 2999}, "capped", {2024: 148500, 2025: 148500, 2026: 198000}),
        ({"area_m2": 3000, "built": "rebuilt"}, "strict", {2024: 60000, 2025: 60000, 2026: 80000}),
        ({}, "strict", {2024: 150000, 2025: 150000, 2026: 200000}),
        ({"area_m2": 3000, "ownership": "public"}, "strict", {}),
    ],
)
def test_beds_are_paid_in_the_decembers_of_three_years(tmp_path, changes, rule, paid):
    scenario = place(tmp_path, "baotou", pipeline=beds(**changes), subsidies={"area_rule": rule})
    ledger = played(scenario, "2024-01", "2026-12", homes=[home("pipeline-wing", 100)])
    measure = f"bed_construction_{changes.get('built', 'new')}"
    assert by_year(ledger, measure) == paid
    assert all(line.month.is_december for line in ledger.lines if line.amount_fen)
    promised = sum(amount for year, amount in paid.items() if year > 2024)
    assert yuan(ledger.outstanding(Month.parse("2024-12"))) == promised


def test_unknown_area_counts_for_nothing_if_the_scenario_says_so(tmp_path):
    scenario = place(tmp_path, "baotou", pipeline=beds(), subsidies={"area_unknown_qualifies": False})
    assert by_year(played(scenario, "2024-01", "2026-12"), "bed_construction_new") == {}


@pytest.mark.parametrize(
    ("given", "qualifies", "status"),
    [
        ({}, True, "size not known"), ({"area_m2": 3000}, True, "in document"),
        ({}, False, "in document"), ({"built": "rebuilt"}, True, "in document"),
    ],
)  # fmt: skip
def test_what_is_paid_although_its_size_is_not_known_is_marked(tmp_path, given, qualifies, status):
    scenario = place(
        tmp_path, "baotou", pipeline=beds(**given), subsidies={"area_unknown_qualifies": qualifies}
    )
    book = PolicyBook.load(scenario.policy)
    assert costs.rate_status(scenario, book, "bed_construction_new") == status
    ledger = played(scenario, "2024-01", "2026-12")
    lines = [line for line in ledger.lines if line.entry.measure == "bed_construction_new"]
    assert {line.entry.rate_status for line in lines} <= {status}


def test_a_mutual_aid_home_is_marked_by_its_households_and_a_station_by_its_area(tmp_path):
    site = {"completes": "2024-06", "sites": 2, **TOLD}
    some = [
        {"id": "a", "kind": "rural_mutual_aid_home", "area_m2": 500, **site},
        {"id": "b", "kind": "care_station", "area_m2": 500, **site},
    ]
    scenario = place(tmp_path, "baotou", sites=some)
    book = PolicyBook.load(scenario.policy)
    assert costs.rate_status(scenario, book, "rural_home_construction") == "size not known"
    assert costs.rate_status(scenario, book, "care_station_construction") == "in document"
    assert costs.rate_status(scenario, book, "day_care_centre_construction") == "in document"


def test_insured_beds_are_those_of_the_homes_that_insure(tmp_path):
    rows = [{"feature": "liability_insurance", "month": "2024-01", "homes": 1, **TOLD}]
    for features, expected in (([], 300), (rows, 150)):
        scenario = place(tmp_path / str(len(features)), "baotou", homes__features=features)
        two = [home("one", 100), home("two", 200)]
        ledger = played(scenario, "2024-01", "2024-12", homes=two)
        found = {line.entry.quantity for line in ledger.lines if line.entry.measure == "liability_insurance"}
        assert found == {expected}


@pytest.mark.parametrize(
    ("stop", "paid", "cancelled"),
    [(True, {2024: 150000}, 350000), (False, {2024: 150000, 2025: 150000, 2026: 200000}, 0)],
)
def test_a_home_that_closes_loses_what_is_left(tmp_path, stop, paid, cancelled):
    scenario = place(
        tmp_path, "baotou", pipeline=beds(area_m2=3000), subsidies={"stop_instalments_on_closure": stop}
    )
    ledger = played(scenario, "2024-01", "2026-12", homes=[home("pipeline-wing", 100)], closes="2025-06")
    assert by_year(ledger, "bed_construction_new") == paid
    assert yuan(sum(one.line.amount_fen for _, one in ledger.cancelled)) == cancelled
    assert yuan(ledger.outstanding(Month.parse("2024-12"))) == 350000
    assert ledger.outstanding(Month.parse("2025-12")) == (0 if stop else 20000000)


def test_the_run_pays_what_the_pure_schedule_says():
    shares = PolicyBook.load(POLICY / "baotou.yaml").instalments("bed_construction_new")
    assert shares == (0.3, 0.3, 0.4)
    for total in (1, 7, 99, 33333):
        parts = instalments.schedule(total, shares, 2024, horizon=Month.parse("2026-12"))
        assert sum(part.amount_fen for part in parts) == total


@pytest.mark.parametrize(
    ("kind", "measure", "size", "paid"),
    [
        ("rural_mutual_aid_home", "rural_home_construction", {"households": 50}, 600000),
        ("rural_mutual_aid_home", "rural_home_construction", {"households": 49}, 0),
        ("community_day_care_centre", "day_care_centre_construction", {"area_m2": 150}, 300000),
        ("community_day_care_centre", "day_care_centre_construction", {"area_m2": 149.9}, 0),
        ("care_station", "care_station_construction", {"area_m2": 100}, 150000),
        ("care_station", "care_station_construction", {"area_m2": 1000, "new_build": False}, 0),
    ],
)
def test_sites_large_enough_are_paid_once(tmp_path, kind, measure, size, paid):
    site = {"id": "sites", "kind": kind, "completes": "2022-12", "sites": 3} | TOLD | size
    ledger = played(place(tmp_path, "baotou", sites=[site]), "2022-01", "2024-12")
    assert by_year(ledger, measure) == ({2022: paid} if paid else {})
    quantities = [line.entry.quantity for line in ledger.lines if line.entry.measure == measure]
    assert sum(quantities) == (3 if paid else 0)


def test_a_year_of_running_homes_under_baotous_rules(tmp_path):
    site = {"id": "centres", "kind": "community_day_care_centre", "completes": "2022-12", "sites": 4}
    scenario = place(
        tmp_path, "baotou", sites=[site | TOLD],
        coverage__communities_covered=6,
        rates={"liability_insurance": quantity(150, "yuan")},
        payers={"operating_subsidy": {"city": 1.0}},
        subsidies={
            "award_score": quantity(0.5, "share"),
            "caregiver_grades": {"junior": quantity(0.5, "share"), "senior": quantity(0.25, "share")},
        },
    )  # fmt: skip
    persons = costs.Recipients(0, 0, 0, 40, by_home=[Fraction(80), Fraction(0), Fraction(21, 2)])
    homes = [home("a", 120), home("b", 10, Ownership.PUBLIC), home("c", 20, Ownership.PUBLIC_BUILT)]
    ledger = played(scenario, "2024-01", "2024-12", homes=homes, persons=persons)
    assert by_year(ledger, "operating_subsidy") == {2024: 12 * (8000 + 1050)}
    assert yuan(ledger.total(measure="operating_subsidy", payer="city")) == 12 * 9050
    region = [line for line in ledger.lines if line.entry.measure == "regional_operating_subsidy"]
    assert {(x.entry.quantity, x.amount_fen, x.entry.rate_status, x.payer) for x in region} == {
        (10.5, 0, NOT_GIVEN, "region")
    }
    premium = {payer: yuan(ledger.total(measure="liability_insurance", payer=payer))
               for payer in ("region", "city", "district")}  # fmt: skip
    assert premium == {"region": 11250, "city": 6750, "district": 4500}
    assert by_year(ledger, "community_facility_award") == {2024: 10 * 30000}
    assert by_year(ledger, "caregiver_post_allowance") == {2024: 12 * (20 * 100 + 10 * 500)}


def test_an_operating_subsidy_may_follow_the_assessment_where_the_law_has_no_rate(tmp_path):
    amounts = {
        name: quantity(yuan, "yuan") for name, yuan in (("intact", 200), ("mild", 250), ("severe", 600.5))
    }
    rules = {"subsidies": {"operating_by_ability": amounts}}
    scenario = place(tmp_path / "shou", "shou", **rules)
    persons = costs.Recipients(0, 0, 0, 0, in_homes=[10, 4, 7, 3], by_home=[Fraction(24)])
    ledger = played(scenario, "2024-01", "2024-02", persons=persons)
    assert by_year(ledger, "operating_subsidy") == {2024: 2 * (2_000 + 1_000 + 1_801.5)}
    book = PolicyBook.load(scenario.policy)
    assert costs.rate_status(scenario, book, "operating_subsidy") == "not in document"
    with pytest.raises(InputError, match=r"100 \(baotou\.3\.1\.j\)"):
        place(tmp_path / "baotou", "baotou", **rules)


@pytest.mark.parametrize(
    ("shares", "persons", "paid"),
    [
        ({"junior": 0.3, "intermediate": 0.4, "senior": 0.3}, [30, 40, 31], 100 * 30 + 300 * 40 + 500 * 31),
        ({"junior": 0.5, "senior": 0.25}, [51, 25], 100 * 51 + 500 * 25),
        ({"junior": 0.2, "higher": 0.5}, [20, 51], 100 * 20 + 500 * 51),
    ],
)
def test_no_caregiver_is_lost_between_the_grades(tmp_path, shares, persons, paid):
    grades = {grade: quantity(share, "share") for grade, share in shares.items()}
    scenario = place(tmp_path, "baotou", subsidies={"caregiver_grades": grades})
    ledger = played(scenario, "2024-01", "2024-01", persons=costs.Recipients(0, 0, 0, 101))
    entries = [line.entry for line in ledger.lines if line.entry.measure == "caregiver_post_allowance"]
    found = {entry.subject.removeprefix("caregivers, "): entry.quantity for entry in entries}
    assert found == dict(zip(shares, persons, strict=True))
    assert yuan(ledger.total(measure="caregiver_post_allowance")) == paid


def test_what_nobody_gives_is_counted_and_said(tmp_path):
    scenario = place(tmp_path, "baotou")
    persons = costs.Recipients(0, 0, 0, 40, caregivers=160, poor_dependent=9)
    ledger = played(scenario, "2024-01", "2024-12", homes=[home("a", 120)], persons=persons)
    seen = {
        line.entry.measure: (line.entry.quantity, line.amount_fen, line.entry.rate_status)
        for line in ledger.lines
    }
    assert seen == {
        "liability_insurance": (120, 0, NOT_GIVEN),
        "caregiver_post_allowance": (40, 0, NOT_GIVEN),
        "staff_social_insurance_subsidy": (160, 0, NOT_GIVEN),
        "poor_dependent_supplement": (9, 0, NOT_GIVEN),
    }
    book = PolicyBook.load(scenario.policy)
    lines = ensemble_run.cost_lines(scenario, book, Calendar(Month.parse("2024-01"), 12))
    statuses = {line.measure: line.rate_status for line in lines}
    assert set(statuses) == set(book.measures)
    assert statuses["operating_subsidy"] == statuses["bed_construction_new"] == "in document"
    assert statuses["ltci_benefit"] == statuses["community_facility_award"] == NOT_GIVEN


@pytest.mark.parametrize("begins", [1, 4, 11, 12])
def test_a_budget_of_a_calendar_year_holds_whatever_the_fiscal_year(tmp_path, begins):
    canteens = {"kind": "canteen_upgraded"} | TOLD
    sites = [
        canteens | {"id": "october", "completes": "2023-10", "sites": 20},
        canteens | {"id": "december", "completes": "2023-12", "sites": 30},
    ]
    rates = {"canteen_upgrade": quantity(100_000, "yuan")}
    scenario = place(tmp_path, "yinchuan", sites=sites, rates=rates, money__fiscal_year_first_month=begins)
    ledger = played(scenario, "2023-01", "2024-12")
    lines = [line.entry for line in ledger.lines if line.entry.measure == "canteen_upgrade"]
    assert [(one.quantity, yuan(one.amount_fen)) for one in lines] == [(20, 2_000_000), (10, 1_000_000)]


def test_counts_of_the_scenario_are_paid_each_december(tmp_path):
    scenario = place(
        tmp_path, "baotou", rates={"fire_upgrade_award": quantity(5000, "yuan")},
        subsidies={"counts_per_year": {"fire_upgrade_award": quantity(3, "count")}},
    )  # fmt: skip
    ledger = played(scenario, "2023-01", "2024-12")
    assert by_year(ledger, "fire_upgrade_award") == {2023: 15000, 2024: 15000}


def test_smart_homes_of_shou(tmp_path):
    scenario = place(
        tmp_path, "shou", pipeline=beds(beds=50, smart_from="2024-10"),
        rates={"smart_home_construction": quantity(2000, "yuan"), "smart_operating": quantity(100, "yuan")},
    )  # fmt: skip
    persons = costs.Recipients(0, 0, 0, 0, by_home=[Fraction(40)])
    ledger = played(scenario, "2024-01", "2025-12", homes=[home("pipeline-wing", 50)], persons=persons)
    assert by_year(ledger, "smart_home_construction") == {2024: 130000}
    assert by_year(ledger, "smart_award") == {2024: 200000}
    assert by_year(ledger, "smart_operating") == {2024: 48000, 2025: 52800}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rates": {"smart_award": quantity(199999, "yuan")}}, "rates.smart_award"),
        ({"subsidies": {"smart_uplift": quantity(0.09, "share")}}, "subsidies.smart_uplift"),
        ({"subsidies": {"counts_per_year": {"smart_awrd": quantity(1, "count")}}}, "smart_awrd"),
    ],
)
def test_less_than_the_law_allows_is_refused_at_its_place(tmp_path, changes, words):
    with pytest.raises(InputError) as caught:
        place(tmp_path, "shou", **changes)
    assert words in caught.value.text("en")
    assert all(fault.line > 0 for fault in caught.value.faults)


def test_stars_of_kaili(tmp_path):
    star = {"star": 3, "reached": "2024-06", "homes": 1} | TOLD
    without = played(place(tmp_path / "a", "kaili", subsidies={"star_homes": [star]}), "2024-01", "2024-12")
    (line,) = without.lines
    assert (line.entry.quantity, line.amount_fen, line.entry.rate_status) == (1, 0, NOT_GIVEN)
    awards = {"star_homes": [star], "star_awards": {"3": quantity(100000, "yuan")}}
    ledger = played(place(tmp_path / "b", "kaili", subsidies=awards), "2024-01", "2024-12")
    assert by_year(ledger, "star_award") == {2024: 100000}


def test_haikou_shares_its_cost_and_checks_once_a_year(tmp_path):
    scenario = place(
        tmp_path, "haikou",
        rates={"free_health_check": quantity(200, "yuan"), "care_service_subsidy": quantity(100, "yuan")},
        payers={"care_service_subsidy": {"city": 0.6, "district": 0.4}},
    )  # fmt: skip
    persons = costs.Recipients(0, 0, 0, 0, hardship=10, checked=1000)
    ledger = played(scenario, "2024-01", "2024-12", persons=persons)
    assert by_year(ledger, "free_health_check") == {2024: 200000}
    assert yuan(ledger.total(measure="care_service_subsidy", payer="city")) == 7200


stays = st.lists(st.tuples(st.floats(-40, 34.9), st.floats(0.0, 60)), max_size=12)


@settings(deadline=None)
@given(stays, st.integers(0, 8), st.sampled_from(RULES))
def test_counting_from_the_log_agrees_with_counting_from_stays(raw, beds_there, rule):
    days = 30
    come = np.array([a for a, _ in raw])
    gone = np.array([a + length for a, length in raw])
    keep = (come < days) & (gone >= 0)
    come, gone = come[keep], gone[keep]
    at_end = np.array([int((gone >= days).sum())])
    came = [(0, int(np.floor(a))) for a in come if a >= 0]
    left = [(0, int(np.floor(b))) for b in gone if b < days]
    found = payees.by_home(
        at_end, np.array([beds_there]), np.array(came, dtype=np.int64).reshape(-1, 2),
        np.array(left, dtype=np.int64).reshape(-1, 2), days=days, rule=rule,
    )  # fmt: skip
    assert found == [occupancy.counted(come, gone, begin=0, days=days, beds=beds_there, rule=rule)]


@pytest.mark.parametrize("rule", RULES)
def test_a_month_of_the_model_pays_for_its_residents(tmp_path, rule):
    scenario = place(
        tmp_path, "baotou", horizon={"start": "2020-11", "end": "2020-11"}, subsidies={"occupancy_rule": rule}
    )
    model = CareModel(scenario, 1, 1)
    before = int((model.residents.home >= 0).sum())
    model.step()
    after = int(((model.residents.home >= 0) & (model.residents.left == 0)).sum())
    (line,) = [line for line in model.ledger.lines if line.entry.measure == "operating_subsidy"]
    on_the_first_day = sum(one.day < 1 for one in model.log.admissions)
    on_the_first_day -= sum(gone.day < 1 for gone in model.log.home_exits)
    expected = {"month_end_headcount": after, "month_start_headcount": before + on_the_first_day}
    assert before > 0
    if rule in expected:
        assert line.entry.quantity == expected[rule]
        assert line.amount_fen == expected[rule] * 10000
    else:
        came, left = len(model.log.admissions), len(model.log.home_exits)
        assert after - came <= line.entry.quantity <= after + left


def about(living, old):
    return priority.About(np.array(living, dtype=np.uint8), np.array(old))


@pytest.mark.parametrize(
    ("name", "tiers"), [("shou", [1, 1, 1, 3, 3, 3, 3]), ("haikou", [2, 2, 2, 2, 2, 3, 1])]
)
def test_who_comes_first_may_depend_on_age_and_living(name, tiers):
    poor, special = Group.LOW_INCOME, Group.SPECIAL_FAMILY_PLANNING
    wish = Group.DESTITUTE | Group.WISH_COLLECTIVE
    groups = np.array([poor, poor, poor | special, poor, special, 0, wish], dtype=np.uint16)
    ability = np.array([Ability.SEVERE] + [Ability.INTACT] * 6, dtype=np.uint8)
    living = [Living.OTHERS, Living.OTHERS, Living.OTHERS, Living.ALONE] + [Living.OTHERS] * 3
    law = PolicyBook.load(POLICY / f"{name}.yaml")
    known = about(living, [False, True, False, False, False, True, False])
    assert priority.tiers(groups, ability, law, known).tolist() == tiers
    with pytest.raises(ValueError, match="more than groups and ability"):
        priority.tiers(groups, ability, law)


def test_only_haikou_puts_the_entitled_first_within_a_tier():
    groups = np.array([Group.ENTITLED, 0], dtype=np.uint16)
    for name in ("baotou", "shou", "kaili", "haikou", "yinchuan"):
        found = priority.not_entitled(groups, PolicyBook.load(POLICY / f"{name}.yaml")).tolist()
        assert found == ([0, 1] if name == "haikou" else [0, 0])


def test_lottery_money_and_what_the_city_spends_near_home(tmp_path):
    site = {"id": "centres", "kind": "community_day_care_centre", "completes": "2022-12", "sites": 125}
    lottery = {"fund": quantity(20_000_000, "yuan"), "eldercare": quantity(10_999_999.99, "yuan")}
    scenario = place(
        tmp_path, "baotou", sites=[site | TOLD], money__lottery={"2022": lottery},
        payers={"day_care_centre_construction": {"city": 1.0}, "operating_subsidy": {"city": 1.0}},
    )  # fmt: skip
    persons = costs.Recipients(0, 0, 0, 0, by_home=[Fraction(80)])
    ledger = played(scenario, "2022-01", "2023-12", homes=[home("a", 120)], persons=persons)
    assert yuan(state.home_community(ledger, 2022)) == 12_500_000  # homes are not care near home
    assert state.home_community(ledger, 2023) == 0
    ledger.fiscal_first_month = 11  # the city's duty is of the calendar year
    assert yuan(state.home_community(ledger, 2022)) == 12_500_000
    assert state.home_community(ledger, 2023) == 0
    assert money.lottery_share(*state.lottery(scenario, 2022)) < 55
    assert not floors.passes(*state.lottery(scenario, 2022), 55)
    assert isnan(money.lottery_share(*state.lottery(scenario, 2023)))


def test_a_floor_of_spending_is_not_missed_by_what_is_not_known(tmp_path):
    """Baotou's city buys care at home too; while nobody says for how much, 0 posted are no 0 spent."""
    visits = {"id": "home_visit", "clauses": ["baotou.2.4.b"]}
    cost = {"payers": {"city": 0.5, "district": 0.5}} | quantity(100, "yuan_per_visit")
    known = visits | {"capacity_per_month": quantity(80_000, "visits"), "cost": cost}
    found = []
    for at, row in enumerate((visits, visits | {"capacity_per_month": quantity(9, "visits")}, known)):
        scenario = place(tmp_path / str(at), "baotou", services=[row])
        book = PolicyBook.load(scenario.policy)
        ledger = Ledger("baotou", book, {}, scenario.services)
        for month in (Month.of(2023, 5), Month.of(2023, 6)) if at == 2 else ():
            costs.post_services(ledger, scenario, month, [(scenario.services[0], 10_000, 10_000, 0.0)])
        found.append(state.known_home_community(ledger, scenario, 2023))
    assert found[:2] == [None, None]
    assert isnan(money.home_community_yuan(None))
    assert yuan(found[2]) == 2 * 10_000 * 8 * 100 / 2


def test_an_assumed_zero_is_no_amount_and_a_published_one_is(tmp_path):
    rates = {
        name: {"value": value, "unit": "yuan", "status": status, "source": "test", "changes": changes}
        for name, value, status, changes in (
            ("ltci_benefit", 0, "assumption", {}), ("fire_upgrade_award", 0, "published", {}),
            ("poor_dependent_supplement", 0, "assumption", {"2024-01": 5}),
            ("staff_social_insurance_subsidy", 1, "assumption", {}),
        )
    }  # fmt: skip
    scenario = place(tmp_path, "baotou", rates=rates)
    book = PolicyBook.load(scenario.policy)
    found = [costs.rate_status(scenario, book, name) for name in rates]
    assert found == [NOT_GIVEN, *["not in document"] * 3]
