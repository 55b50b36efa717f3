"""What services cost: by the quantity given, with clause and payer; nothing where no cost is known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from pydantic import ValidationError

from sim import costs
from sim.accounts import accounts_of
from sim.codes import Setting
from sim.ledger import Ledger
from sim.model import CareModel, simulate
from sim.months import Month
from sim.provision import Provision
from sim.tables import NOT_GIVEN
from tests.made_up_services import BEFORE, MONTH, families, people, service
from tests.places import quantity, stationary_place
from tests.unit.test_policy_book import FILE, PolicyBook

NOBODY = np.zeros(0, np.int64)


def cost(value, unit, **more):
    return {**quantity(value, unit), **more}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A county with nothing but its rules; prices grow by a tenth from 2024 on."""
    growth = quantity(0.1, "per_year")
    return stationary_place(
        tmp_path_factory.mktemp("county"), 20_000, 400, 200,
        money__price_growth_per_year=growth, money__price_base_year=2023,
    )  # fmt: skip


def posted(county, *rows, months=1, who=None, unmet=50.0, given=0.0, first=MONTH):
    """The ledger after some months of services to five residents who lack some hours a week."""
    ledger = Ledger("yinchuan", PolicyBook.load(FILE), {}, rows)
    provision, who = Provision(list(rows)), who or people(5)
    for step in range(months):
        month = first.plus(step)
        provision.serve(month, who)
        relief = provision.relief(families(np.arange(5), unmet, given))
        costs.post_services(ledger, county, month, provision.given(relief))
    return ledger


@pytest.mark.parametrize(
    ("unit", "counted", "row", "found"),
    [
        ("yuan_per_person_month", "person_months", {"capacity": 3}, 3),
        ("yuan_per_visit", "visits", {"capacity": 8, "unit": "visits", "units_per_person": 2}, 8),
        ("yuan_per_meal", "meals", {"capacity": 50, "unit": "meals", "units_per_person": 22}, 44),
        ("yuan_per_household", "households", {"capacity": 2, "unit": "households"}, 2),
        ("yuan_per_hour", "hours", {"capacity": 3, "hours": 7}, 3 * 7 * 31 / 7),
    ],
)
def test_a_month_costs_what_was_given_of_it(county, unit, counted, row, found):
    each = quantity(row.pop("units_per_person", 1), "count")
    ledger = posted(county, service(cost=cost(10, unit), units_per_person=each, **row))
    (line,) = ledger.lines
    assert (line.entry.quantity, line.entry.unit) == (found, counted)
    assert line.amount_fen == round(found * 1100)  # 2024 is a year after the base year
    assert line.entry.rate_fen == 1100
    assert line.entry.rate_status == "not in document"


def test_hours_beyond_what_people_lack_are_not_paid(county):
    hourly = cost(10, "yuan_per_hour")
    rows = [
        service(id="day_care", kind="day_care", capacity=5, hours=7, cost=hourly),
        service(id="home_visit", kind="home_visit", capacity=5, hours=7, cost=hourly),
        service(id="respite", capacity=5, hours=7, cost=hourly),
    ]
    ledger = posted(county, *rows, unmet=10.5)
    hours = {line.entry.subject: line.entry.quantity for line in ledger.lines}
    assert hours == {"day_care": 5 * 31, "home_visit": 5 * 3.5 * 31 / 7}  # and nothing is left for the third
    assert ledger.total() == round(sum(hours.values()) * 1100)
    assert posted(county, *rows, unmet=0.0).lines == []


def test_hours_that_the_family_is_spared_are_paid_too(county):
    """Of 10.5 hours the family gives 4: the service takes off the 6.5 that nobody gives, and 0.5 more."""
    row = service(id="day_care", kind="day_care", capacity=5, hours=7, cost=cost(10, "yuan_per_hour"))
    (line,) = posted(county, row, unmet=6.5, given=4.0).lines
    assert line.entry.quantity == 5 * 31
    (line,) = posted(county, row, unmet=2.0, given=3.0).lines
    assert line.entry.quantity == pytest.approx(5 * 5 * 31 / 7)  # never more than is needed


def test_a_run_pays_for_the_hours_that_it_takes_off(tmp_path):
    """What the ledger counts in a month is what disappears from unmet hours and from those of families."""
    given = [
        {"id": name, "capacity_per_month": quantity(1_000_000, "persons"),
         "cost": cost(10, "yuan_per_hour"), "hours_relieved_per_week": quantity(hours, "hours_per_week")}
        for name, hours in (("day_care", 15), ("respite", 4))
    ]  # fmt: skip
    found = {}
    for name, rows in (("with", given), ("without", [])):
        horizon = {"start": "2022-12", "end": "2022-12"}
        place = stationary_place(tmp_path / name, 10_000, 250, 150, services=rows, horizon=horizon)
        part = simulate(place, 1, 0).to_pandas()
        hours = part.metric.isin(["unmet_hours", "family_hours"]) & (part.region_code == "total")
        unmet = part[hours].value.sum()
        found[name] = unmet, part[(part.table == "costs") & (part.metric == "quantity")].value.sum()
    taken_off = (found["without"][0] - found["with"][0]) * 31 / 7
    assert found["without"][1] == 0
    assert found["with"][1] == pytest.approx(taken_off, rel=1e-9)
    assert taken_off > 1000


def test_what_rests_on_a_clause_costs_nothing_before_its_notice_unless_a_month_is_given(county):
    monthly = cost(10, "yuan_per_person_month")
    first, notice = Month.parse("2023-07"), PolicyBook.load(FILE).notice

    def began(**row):
        given = service(capacity=1, cost=monthly, **row)
        ledger = posted(county, given, months=6, first=first)
        ledger.accounts = {"service_respite": ledger.accounts["service_respite"]}  # no rows of the law
        return ledger.lines[0].month, [row.year for row in ledger.rows(first.plus(-12), first.plus(5))]

    assert began(clauses=["yinchuan.2.4.g"]) == (notice, [2023])
    assert began() == (first, [2022, 2023])
    assert began(clauses=["yinchuan.2.4.g"], starts="2023-08") == (first.plus(1), [2023])


def test_parts_of_a_fen_are_not_lost(county):
    ledger = posted(county, service(capacity=3, cost=cost(33.3333, "yuan_per_person_month")), first=MONTH)
    (line,) = ledger.lines
    assert line.entry.rate_fen == Fraction("3666.663")  # a tenth more than the 3333.33 fen of the base year
    assert line.amount_fen == 11_000  # 10999.989: three times the rounded rate would be 11001


def test_payers_and_clause_are_those_of_the_cost_else_the_services_first_clause(county):
    payers = {"city": 0.25, "family": 0.75}
    paid = cost(100, "yuan_per_person_month", payers=payers, clause="yinchuan.2.11.b")
    given = service(capacity=1, clauses=["yinchuan.2.4.g", "yinchuan.2.11.b"], cost=paid)
    lines = posted(county, given).lines
    assert {line.payer: line.amount_fen for line in lines} == {"city": 2750, "family": 8250}
    assert {line.entry.clause_id for line in lines} == {"yinchuan.2.11.b"}
    plain = service(capacity=1, clauses=["yinchuan.2.4.g"], cost=cost(100, "yuan_per_person_month"))
    (line,) = posted(county, plain).lines
    assert (line.payer, line.entry.clause_id) == ("unassigned", "yinchuan.2.4.g")


def test_without_a_cost_the_quantity_is_posted_with_amount_zero_and_said_so(county):
    ledger = posted(county, service(capacity=3), months=2)
    rows = [row for row in ledger.rows(MONTH, MONTH.plus(1)) if row.measure == "service_respite"]
    assert [(r.quantity, r.unit, r.amount_fen, r.rate_status) for r in rows] == [
        (6, "person_months", 0, NOT_GIVEN)
    ]


def test_of_a_lasting_service_each_household_is_paid_once_and_each_month_of_use_each_time(county):
    adapted = {"capacity": 2, "unit": "households", "lasting": True}
    once = posted(county, service(cost=cost(10, "yuan_per_household"), **adapted), months=4)
    assert [line.entry.quantity for line in once.lines] == [2, 2, 1]  # the fourth month finds nobody new
    hours = posted(county, service(cost=cost(10, "yuan_per_hour"), **{**adapted, "hours": 7}), months=2)
    assert [line.entry.quantity for line in hours.lines] == [2 * 31, 4 * 30]
    monthly = posted(county, service(cost=cost(10, "yuan_per_person_month"), **adapted), months=4)
    assert [line.entry.quantity for line in monthly.lines] == [2, 4, 5, 5]


def test_a_service_of_unknown_capacity_has_no_account_and_one_that_starts_later_none_before():
    book = PolicyBook.load(FILE)
    assert set(accounts_of(book, {}, [service()])) == set(book.measures)
    account = accounts_of(book, {}, [service(capacity=1, starts="2024-02")])["service_respite"]
    first, last = Month.parse("2023-01"), Month.parse("2023-12")
    assert not account.holds_between(first, last)
    assert account.holds_between(first, last.plus(2))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"cost": cost(1, "yuan_per_visit")}, "yuan_per_visit"),
        ({"cost": cost(1, "yuan")}, "unit is yuan"),
        ({"cost": cost(-1, "yuan_per_hour")}, "-1 is out of bounds"),
        ({"cost": cost(1, "yuan_per_hour", payers={"city": 0.5})}, "shares add up to 0.5"),
        ({"cost": cost(1, "yuan_per_hour", payers={"nobody": 1})}, "nobody"),
    ],
)
def test_wrong_costs_are_refused(row, words):
    with pytest.raises(ValidationError, match=words):
        service(**row)


def test_the_month_of_the_model_posts_services_and_the_year_has_their_row(tmp_path):
    row = {
        "id": "respite", "capacity_per_month": quantity(50, "persons"),
        "cost": cost(12.34, "yuan_per_person_month", payers={"district": 1.0}),
    }  # fmt: skip
    place = stationary_place(
        tmp_path, 10_000, 250, 150, services=[row], horizon={"start": "2022-11", "end": "2023-01"}
    )
    rows = simulate(place, 1, 0).to_pandas()
    paid = rows[(rows.table == "costs") & (rows.measure == "service_respite")]
    assert set(paid.payer) == {"district"}
    by_metric = paid.groupby("metric", observed=True).value.sum()
    assert by_metric["quantity"] == 3 * 50
    assert by_metric["amount_fen"] == 3 * 50 * 1234
    assert (paid[(paid.metric == "amount_fen") & (paid.value > 0)].groupby("month").size() == 1).all()


def test_who_is_served_at_home_by_day_or_in_a_bed_at_home_has_that_setting():
    kinds = {"home_visit": 4, "day_care": 2, "family_care_bed": 1, "meals": 5}
    rows = [
        service([{"age_from": 60}], capacity=n, id=kind, kind=kind, order=["age"])
        for kind, n in kinds.items()
    ]
    birth = BEFORE - 12 * np.array([90, 84, 76, 71, 66])
    who = people(5, birth=birth, sex=1, ability=[3, 2, 1, 0, 0], district=[0, 1, 0, 1, 1])
    provision = Provision(rows)
    provision.serve(MONTH, who)
    found = provision.settings(MONTH, who, 2, NOBODY)
    assert {setting: int(counts.sum()) for setting, counts in found.items()} == {
        Setting.FAMILY_CARE_BED: 1, Setting.DAY_CARE: 1, Setting.HOME_SERVICE: 2,
    }  # fmt: skip
    assert found[Setting.FAMILY_CARE_BED][0, 1, 5, 3] == 1  # the oldest, 85 and over, severe
    assert found[Setting.DAY_CARE][1, 1, 4, 2] == 1
    assert found[Setting.HOME_SERVICE][0, 1, 3, 1] == found[Setting.HOME_SERVICE][1, 1, 2, 0] == 1


def test_who_died_or_entered_a_home_since_is_in_no_such_setting():
    provision = Provision([service(capacity=5, id="day_care", kind="day_care")])
    provision.serve(MONTH, people(5))
    after = people(6, left=[1, 0, 0, 0, 0, 0], home=[-1, 3, -1, -1, -1, -1])
    assert {s: int(counts.sum()) for s, counts in provision.settings(MONTH, after, 1, NOBODY).items()} == {
        Setting.DAY_CARE: 3
    }


def test_who_needs_care_and_gets_it_from_nobody_is_independent_unless_served():
    provision = Provision([service(capacity=1, id="day_care", kind="day_care")])
    who = people(3, ability=[3, 2, 2])
    provision.serve(MONTH, who)
    found = provision.settings(MONTH, who, 1, np.arange(3))
    assert {s: int(counts.sum()) for s, counts in found.items()} == {
        Setting.INDEPENDENT: 2, Setting.DAY_CARE: 1,
    }  # fmt: skip


def test_settings_of_a_run_add_up_to_the_residents(tmp_path):
    rows = [
        {"id": name, "capacity_per_month": quantity(n, unit)}
        for name, n, unit in (("home_visit", 800, "visits"), ("day_care", 40, "persons"))
    ]
    place = stationary_place(
        tmp_path, 10_000, 250, 150, services=rows, horizon={"start": "2022-11", "end": "2022-12"}
    )
    model = CareModel(place, 1, 0)
    for _ in range(2):
        model.step()
    rows = model.part().to_pandas()
    december = rows[(rows.table == "population") & (rows.month == Month.parse("2022-12").index)]
    here = rows[(rows.metric == "residents_60plus") & (rows.region_code == "total")].value.iloc[-1]
    by_setting = december.groupby("setting", observed=True).value.sum()
    assert by_setting.sum() == here
    assert 30 < by_setting["day_care"] <= 40
    assert 50 < by_setting["home_service"] <= 100
    assert not (by_setting < 0).any()
