"""Estates, staff, registers, central projects, budgets: by hand, and at the borders of section 4.6."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest
from pydantic import ValidationError

from sim import state
from sim.indicators import estates, proximity, registers, staff
from sim.months import Month
from sim.policy.book import PolicyBook
from sim.scenario.library import scenarios_folder
from sim.scenario.plan_types import CentralProject, Estate, Money, RegisterValue

BOOK = PolicyBook.load(Path(scenarios_folder()) / "policy" / "yinchuan.yaml")
NOW = Month.parse("2023-12")
WORDS = {"status": "assumption", "source": "test"}


def estate(households, care_m2, kind="new", handover="2023-10", care_handover="2023-10"):
    return Estate(
        id="e", kind=kind, households=households, care_m2=care_m2, handover=handover,
        care_handover=care_handover, **WORDS,
    )  # fmt: skip


def project(*months):
    names = ("planned_start", "planned_finish", "actual_start", "actual_finish")
    return CentralProject(id="p", **dict(zip(names, months, strict=True)), **WORDS)


@pytest.mark.parametrize(
    ("households", "new", "old"),
    [(80, 24, 16), (99, 29.7, 19.8), (430, 129, 86), (1000, 300, 200), (1200, 360, 240)],
)
def test_floor_area_of_section_4_6(households, new, old):
    for per_100, area in ((30, new), (20, old)):
        assert estates.required_m2(per_100, households) == area
        assert estates.m2_per_100_households(area, households) == per_100
        assert estates.complies(area, households, per_100)
        assert not estates.complies(area - 0.01, households, per_100)
        assert estates.m2_per_100_households(area - 0.01, households) < per_100


def test_the_worst_estate_speaks_and_those_to_come_do_not():
    there = [estate(80, 24), estate(100, 20), estate(100, 1, handover="2024-01"), estate(100, 5, "existing")]
    assert estates.worst_m2_per_100_households(there, "new", NOW.index) == 20
    assert estates.compliance_rate(there, "new", NOW.index, 30) == 50
    assert estates.worst_m2_per_100_households(there, "new", NOW.plus(1).index) == 1
    assert isnan(estates.worst_m2_per_100_households([], "new", NOW.index))
    assert isnan(estates.worst_m2_per_100_households([estate(9, 9, handover=None)], "new", NOW.index))


def test_room_counts_from_its_own_handover():
    late = estate(100, 30, care_handover="2024-02")
    assert [estates.care_area(late, NOW.plus(step).index) for step in (1, 2)] == [0, 30]
    always = estate(100, 20, "existing", handover=None, care_handover=None)
    assert estates.worst_m2_per_100_households([always], "existing", 0) == 20


def test_premises_keep_pace_with_the_homes():
    pairs = [("2023-10", "2023-10"), ("2023-10", "2023-09"), ("2023-10", "2023-11"), ("2023-10", None)]
    four = [estate(100, 30, handover=h, care_handover=c) for h, c in pairs]
    assert estates.four_synchronous(four, NOW.index) == 50
    assert isnan(estates.four_synchronous([], NOW.index))


def test_social_workers_need_both_counts():
    assert staff.social_workers_per_1000(1_000, 7_657, 288_567) == pytest.approx(30, abs=0.001)
    assert isnan(staff.social_workers_per_1000(1_000, None, 288_567))
    assert isnan(staff.social_workers_per_1000(1_000, 1, 0))
    assert staff.social_workers_per_100_beds(1_247, 10_388) >= 12
    assert staff.social_workers_per_100_beds(1_246, 10_388) < 12
    assert isnan(staff.social_workers_per_100_beds(None, 10_388))


def test_caregivers_known_or_by_the_ratio_of_the_start():
    assert staff.caregivers_needed(4_150, 4.15) == pytest.approx(1_000)
    assert staff.caregivers_present(None, 600, 6) == 100
    assert staff.caregivers_present(70, 600, 6) == 70
    assert staff.qualified_caregivers(100, 0.24) == 24


def test_a_register_gives_its_latest_value_by_then():
    values = [
        RegisterValue(month=month, value=value, unit="percent", **WORDS)
        for month, value in (("2023-06", 94), ("2022-12", 93), ("2024-06", 95))
    ]
    months = ("2022-11", "2022-12", "2023-05", "2023-06", "2023-12", "2025-12")
    found = [registers.latest(values, Month.parse(month).index) for month in months]
    assert isnan(found[0])
    assert found[1:] == [93, 93, 94, 94, 95]
    assert isnan(registers.latest([], NOW.index))


def test_projects_start_and_finish_on_time():
    some = [
        project("2023-01", "2023-06", "2023-01", "2023-06"),
        project("2023-02", "2023-12", "2023-03", None),
        project("2024-01", "2024-12", None, None),
    ]
    assert registers.started_on_time(some, NOW.index) == 50
    assert registers.finished_on_time(some, NOW.index) == 50
    assert registers.finished_on_time(some, NOW.plus(-1).index) == 100  # the second is not due yet
    assert isnan(registers.started_on_time(some, Month.parse("2022-12").index))


@pytest.mark.parametrize(
    "months",
    [("2023-06", "2023-01", None, None), ("2023-01", "2023-06", "2023-05", "2023-04"),
     ("2023-01", "2023-06", None, "2023-04")],
)  # fmt: skip
def test_projects_do_not_finish_before_they_start(months):
    with pytest.raises(ValidationError):
        project(*months)


def test_the_circle_is_a_proxy_or_nothing():
    assert isnan(proximity.share_within_15_min(None, 100))
    assert isnan(proximity.community_facility_radius_m())
    assert proximity.share_within_15_min(0, 100) == 0
    assert proximity.share_within_15_min(100, 153.938) == pytest.approx(100 * (1 - 0.3679), abs=0.01)


@pytest.mark.parametrize(
    ("month", "first", "start", "end"),
    [("2023-12", 1, "2023-01", "2023-12"), ("2023-11", 1, "2022-01", "2022-12"),
     ("2023-12", 4, "2022-04", "2023-03"), ("2024-03", 4, "2023-04", "2024-03"),
     ("2024-02", 6, "2022-06", "2023-05"), ("2023-11", 12, "2022-12", "2023-11")],
)  # fmt: skip
def test_the_last_complete_fiscal_year(month, first, start, end):
    assert tuple(map(str, state.fiscal_year(Month.parse(month), first))) == (start, end)


def test_the_budget_is_the_scenarios_or_that_of_the_document(yinchuan):
    year = (Month.parse("2023-01"), NOW)
    assert state.budget(yinchuan, BOOK, *year) == (300_000_000, ("canteen_upgrade",))
    assert state.budget(yinchuan, BOOK, year[0].plus(12), NOW.plus(12)) == (0, ())
    line = {"value": 10, "unit": "yuan", "measures": ["free_bus"], **WORDS}
    money = Money.model_validate(yinchuan.money.model_dump() | {"budgets": {"2023": line}})
    given = yinchuan.model_copy(update={"money": money})
    assert state.budget(given, BOOK, *year) == (1_000, ("free_bus",))


def test_rates_grow_from_their_base_year(yinchuan):
    growth = yinchuan.money.price_growth_per_year.model_copy(update={"value": 0.02})
    money = yinchuan.money.model_copy(update={"price_growth_per_year": growth})
    assert [float(round(money.price_factor(year), 6)) for year in (2022, 2023, 2025)] == [0.980392, 1, 1.0404]


def test_the_age_of_the_free_bus_is_the_documents():
    assert state.age_from(BOOK, state.FREE_BUS) == 65
    assert state.age_from(BOOK, "nothing") is None
