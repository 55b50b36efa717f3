"""Staff as stocks: what comes and goes in a year, dated counts, and the ratios that follow."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from sim.facilities.workforce import Workforce, next_stock
from sim.model import CareModel
from sim.months import Month
from sim.scenario.plan_types import Staff, StaffFlow
from sim.scenario.resolve import load_scenario
from tests.places import quantity, stationary_place

FIRST = Month.parse("2022-01")
SHARES = np.array([0.25, 0.75])


def flow(recruited=None, leaving=None):
    given = {}
    if recruited is not None:
        given["recruited_per_year"] = quantity(recruited, "persons_per_year")
    if leaving is not None:
        given["leaving_share_per_year"] = quantity(leaving, "share")
    return given


def plan(flows=None, **counts):
    ratios = {
        "residents_per_caregiver": quantity(6, "residents_per_caregiver"),
        "residents_per_caregiver_needed": quantity(4, "residents_per_caregiver"),
        "qualified_share": quantity(0.5, "share"),
    }
    stocks = {name: quantity(value, "persons") for name, value in counts.items()}
    homes = load_scenario("kaili").staff.homes.model_dump()
    return Staff.model_validate({**ratios, **stocks, "flows": flows or {}, "homes": homes})


def after(months, staff, caregivers=100.0):
    workers = Workforce(staff, caregivers, SHARES, FIRST)
    for step in range(months):
        workers.advance(FIRST.plus(step))
    return workers


@pytest.mark.parametrize(
    ("given", "a_year_later"),
    [
        ({}, 100),
        (flow(recruited=24), 124),
        (flow(leaving=0.2), 80),
        (flow(leaving=1.0), 0),
        (flow(recruited=0, leaving=0), 100),
    ],
)
def test_a_year_of_coming_and_going(given, a_year_later):
    workers = after(12, plan({"caregivers": given}))
    assert workers.caregivers == pytest.approx(a_year_later)
    assert workers.caregivers_by_district == pytest.approx(a_year_later * SHARES)


def test_recruits_and_leaving_settle_where_they_balance():
    workers = after(3000, plan({"caregivers": flow(recruited=30, leaving=0.1)}))
    monthly = 1 - 0.9 ** (1 / 12)
    assert workers.caregivers == pytest.approx(30 / 12 / monthly)


def test_without_flows_nothing_changes():
    workers = after(48, plan(social_workers_in_homes=20, social_workers_community=30))
    assert (workers.caregivers, workers.social_workers_in_homes) == (100, 20)
    assert workers.social_workers_community == 30


def test_each_stock_has_its_own_flow():
    flows = {"social_workers_in_homes": flow(recruited=12), "social_workers_community": flow(leaving=0.5)}
    workers = after(12, plan(flows, social_workers_in_homes=20, social_workers_community=30))
    assert workers.caregivers == 100
    assert workers.social_workers_in_homes == pytest.approx(32)
    assert workers.social_workers_community == pytest.approx(15)


def test_unknown_social_workers_stay_unknown():
    workers = after(12, plan({"caregivers": flow(recruited=12)}))
    assert (workers.social_workers_in_homes, workers.social_workers_community) == (None, None)


def test_a_dated_count_goes_before_the_flow_and_the_flow_goes_on_from_it():
    staff = plan({"caregivers": flow(recruited=12)}, caregivers=100)
    counted = staff.caregivers.model_copy(update={"changes": {"2022-07": 200.0}})
    staff = staff.model_copy(update={"caregivers": counted})
    found = [after(months, staff).caregivers for months in (6, 7, 12)]
    assert found == pytest.approx([106, 200, 205])


def test_flows_may_change_with_time():
    given = StaffFlow.model_validate(flow(recruited=12))
    changed = given.recruited_per_year.model_copy(update={"changes": {"2022-07": 120.0}})
    given = given.model_copy(update={"recruited_per_year": changed})
    assert next_stock(0.0, given, Month.parse("2022-06")) == pytest.approx(1)
    assert next_stock(0.0, given, Month.parse("2022-07")) == pytest.approx(10)


@pytest.mark.parametrize("kind", ["social_workers_in_homes", "social_workers_community"])
def test_a_flow_without_a_stock_is_refused(kind):
    with pytest.raises(ValidationError, match="a flow without a stock"):
        plan({kind: flow(recruited=1)})


def test_ratios_of_a_run_follow_the_stocks(tmp_path):
    flows = {
        "caregivers": flow(leaving=0.5),
        "social_workers_in_homes": flow(recruited=24),
        "social_workers_community": flow(recruited=0),
    }
    counts = {"caregivers": 80, "social_workers_in_homes": 10, "social_workers_community": 10}
    staff = {name: quantity(value, "persons") for name, value in counts.items()} | {"flows": flows}
    place = stationary_place(
        tmp_path, 20_000, 400, 200, staff=staff, horizon={"start": "2023-01", "end": "2024-12"},
        rates={"care_worker_subsidy": quantity(100, "yuan")},
    )  # fmt: skip
    model = CareModel(place, 1, 0)
    for _ in range(model.calendar.months):
        model.step()
    rows = model.part().to_pandas()
    total = rows[(rows.metric == "caregivers_present") & (rows.region_code == "total")]
    by_month = dict(zip(total.month, total.value, strict=True))
    assert by_month[Month.parse("2023-12").index] == pytest.approx(40)
    assert by_month[Month.parse("2024-12").index] == pytest.approx(20)
    tested = rows[(rows.indicator == "social_workers_per_100_beds") & (rows.metric == "value")]
    ratio = tested.set_index("month").value
    assert ratio.to_dict() == pytest.approx({Month.parse("2023-12").index: 100 * 34 / 400}, rel=1e-9)
    paid = rows[(rows.measure == "care_worker_subsidy") & (rows.metric == "quantity") & (rows.value > 0)]
    assert paid.value.iloc[0] > 1.5 * paid.value.iloc[-1]
