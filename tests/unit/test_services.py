"""Services: who is entitled, who is served, which hours it relieves."""

from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import ValidationError

from sim import services
from sim.codes import Group
from sim.indicators import board
from sim.indicators import services as rates
from sim.model import simulate
from sim.months import Month
from sim.provision import Provision
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import load_scenario
from tests.made_up_services import BEFORE, MONTH, families, people, service
from tests.places import quantity, stationary_place


@pytest.mark.parametrize(
    ("condition", "columns", "expected"),
    [
        ({}, {"left": [0, 1, 2]}, [1, 0, 0]),
        ({"age_from": 65}, {"birth": BEFORE - np.array([780, 779, 781])}, [1, 0, 1]),
        ({}, {"birth": BEFORE - np.array([719, 720, 1200])}, [0, 1, 1]),
        ({"ability_from": "moderate"}, {"ability": [1, 2, 3]}, [0, 1, 1]),
        ({"groups_any": ["destitute", "low_income"]}, {"groups": [1, 8, 4 | 2]}, [1, 1, 0]),
        ({"groups_any": ["entitled"]}, {"groups": [32 | 1, 31, 0]}, [1, 0, 0]),
        ({"living_any": ["alone", "collective"]}, {"living": [0, 1, 3]}, [1, 0, 1]),
        ({}, {"home": [-1, 0, 7]}, [1, 0, 0]),
        ({"in_home": True}, {"home": [-1, 0, 7]}, [1, 1, 1]),
        (
            {"ability_from": "mild", "living_any": ["alone"]},
            {"ability": [1, 0, 1], "living": [0, 0, 1]},
            [1, 0, 0],
        ),
    ],
)  # fmt: skip
def test_each_part_of_a_condition(condition, columns, expected):
    mask = services.entitled(service([condition]), people(3, **columns), BEFORE)
    assert mask.tolist() == [bool(one) for one in expected]


def test_any_condition_will_do():
    row = service([{"groups_any": ["destitute"]}, {"ability_from": "severe"}])
    found = services.entitled(row, people(4, ability=[3, 0, 3, 0], groups=[0, 1, 1, 0]), BEFORE)
    assert found.tolist() == [True, True, True, False]


def test_ranks_follow_the_order_of_the_keys():
    who = people(4, ability=[1, 3, 3, 1], birth=BEFORE - np.array([900, 800, 801, 900]), groups=[1, 0, 0, 4])
    rows = np.arange(4)

    def order(*keys):
        return np.argsort(services.ranks(keys, who, rows, BEFORE), kind="stable").tolist()

    assert order("ability", "age", "groups") == [2, 1, 0, 3]
    assert order("age", "groups") == [0, 3, 2, 1]
    assert order("groups", "ability", "age") == [0, 3, 2, 1]
    assert order() == [0, 1, 2, 3]


def test_the_first_group_counts_and_a_wish_is_no_group():
    groups = [Group.ENTITLED | Group.DESTITUTE, Group.WISH_COLLECTIVE, Group.MINIMUM_ALLOWANCE, 0]
    rank = services.ranks(["groups"], people(4, groups=groups), np.arange(4), BEFORE)
    assert rank.tolist() == [0, 5, 1, 5]


@pytest.mark.parametrize(
    ("capacity", "served"), [(0, 0), (0.9, 0), (1, 1), (3.7, 3), (4, 4), (5, 5), (99, 5), (np.inf, 5)]
)
def test_capacity_is_exact(capacity, served):
    candidates = np.array([True, True, False, True, True, True])
    mask = services.allocate(candidates, np.array([3, 0, 1, 1, 2]), np.arange(6, dtype=np.uint64), capacity)
    assert mask.sum() == served
    assert (candidates | ~mask).all()
    by_rank = [1, 3, 4, 5, 0]
    if served != 2:  # rows 3 and 4 tie
        assert set(np.flatnonzero(mask)) == set(by_rank[:served])


def test_ties_go_by_identity_not_by_row_and_favour_no_district():
    n = 20_000
    identity = (np.arange(n, dtype=np.uint64) % 2 << np.uint64(42)) | np.arange(n, dtype=np.uint64)
    everybody, rank = np.ones(n, bool), np.zeros(n, np.int64)
    mask = services.allocate(everybody, rank, identity, 5000)
    back = services.allocate(everybody, rank, identity[::-1].copy(), 5000)
    assert (mask == back[::-1]).all()
    assert mask.sum() == 5000
    assert abs(mask[::2].sum() - 2500) < 4 * np.sqrt(5000 * 0.75 / 4)


def test_capacity_in_units_and_by_month():
    row = service(
        capacity=100, unit="visits", units_per_person=quantity(8, "count"), starts="2024-03",
    )  # fmt: skip
    assert services.persons_served(row, MONTH) == 12
    assert services.persons_served(row, MONTH.plus(-1)) == 0
    assert services.persons_served(service(), MONTH) is None
    tenth = service(capacity=0.3, units_per_person=quantity(0.1, "count"))
    assert services.persons_served(tenth, MONTH) == 3
    dated = quantity(10, "persons") | {"changes": {"2024-04": 20}}
    row = service(capacity_per_month=dated)
    assert [services.persons_served(row, MONTH.plus(i)) for i in (0, 1)] == [10, 20]


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity_per_month": quantity(5, "visits")},
        {"capacity_per_month": quantity(5, "beds")},
        {"capacity_per_month": quantity(-1, "persons")},
        {"units_per_person": quantity(0, "count")},
        {"entitled": []},
        {"entitled": [{"age_from": 50}]},
        {"entitled": [{"groups_any": ["rich"]}]},
        {"order": ["income"]},
    ],
)
def test_rows_that_are_refused(wrong):
    with pytest.raises(ValidationError):
        service(**wrong)


def test_hours_never_fall_below_zero_and_come_off_unmet_care_before_the_family():
    everybody, others = np.ones(4, bool), np.array([1, 1, 0, 1], bool)
    given = {"meals": (everybody, 1.5), "visits": (others, 2.5)}
    rows = np.array([1, 2, 3, 4])  # the last came after services were given
    relief = services.hours_relieved(
        given, rows, np.array([2.0, 2.0, 37.0, 5.0]), np.array([0.0, 5.0, 5.0, 5.0])
    )
    assert relief.unmet.tolist() == [0, 0.5, 33, 5]
    assert relief.family.tolist() == [0, 5, 5, 5]
    # the first takes its hours, the second what is left of the first one's two
    assert relief.by_service == {"meals": 1.5 + 1.5 + 1.5, "visits": 0.5 + 2.5}
    spared = services.hours_relieved({"visits": (others, 2.5)}, rows[:1], np.array([1.0]), np.array([4.0]))
    assert (spared.unmet[0], spared.family[0]) == (0, 2.5)


def test_services_add_up_and_unknown_capacity_computes_nothing(monkeypatch):
    who = people(3, ability=[3, 2, 1])
    both = Provision([service([{"ability_from": "mild"}], 2), service(capacity=1, hours=3, id="meals")])
    both.serve(MONTH, who)
    assert both.state == {"respite": (2, 3), "meals": (1, 3)}
    relief = both.relief(families(np.arange(3), 100.0))
    assert relief.unmet.tolist() == [93, 96, 100]
    assert relief.by_service == {"respite": 2 * 4, "meals": 3}
    monkeypatch.setattr(services, "entitled", None)
    unknown = Provision([service(), service(id="meals")])
    unknown.serve(MONTH, who)
    assert unknown.state == {"respite": (None, None), "meals": (None, None)}
    assert unknown.relief(families(np.arange(3), 1.0)) is None
    assert list(unknown.rows(MONTH, who)) == []


def test_a_lasting_service_goes_on_to_others():
    who = people(5)
    adapted = Provision([service(capacity=2, lasting=True)])
    seen = []
    for _ in range(3):
        adapted.serve(MONTH, who)
        seen.append(adapted.state["respite"])
    assert seen == [(2, 5), (4, 5), (5, 5)]
    yearly = Provision([service(capacity=2)])
    for _ in range(3):
        yearly.serve(MONTH, who)
    assert yearly.state["respite"] == (2, 5)


def test_who_left_or_entered_a_home_was_not_eligible_all_month():
    who = people(4)
    visiting = Provision([service(capacity=10, unit="visits", units_per_person=quantity(2, "count"))])
    visiting.serve(MONTH, who)
    after = people(5, left=[1, 0, 0, 0, 0], home=[-1, 2, -1, -1, -1])  # the fifth moved in
    rows = {metric: value for metric, _id, value in visiting.rows(MONTH, after)}
    assert rows == {
        "served": 4, "entitled": 4, "served_all_month": 2, "entitled_all_month": 2, "visits_required": 8,
    }  # fmt: skip


def test_rates():
    assert rates.coverage(50, 200) == rates.respite_service_coverage(50, 200) == 25
    assert np.isnan(rates.coverage(0, 0))
    assert np.isnan(rates.coverage(None, None))
    assert np.isnan(rates.respite_service_coverage(None, 200))
    visited, eligible = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert rates.coverage_all_month(visited, eligible) == 50
    assert np.isnan(rates.coverage_all_month(None, eligible))
    assert np.isnan(rates.coverage_all_month(visited, np.zeros(4, bool)))


def test_the_board_knows_the_visiting_rate_of_the_worst_month():
    seen = SimpleNamespace(month_rates={"visiting": (70.0, 50.0, 90.0)})
    rate = board.INDICATORS["monthly_visiting_rate"]
    assert [rate(seen, which) for which in ("", "worst_month", "mean_month")] == [50, 50, 70]
    assert np.isnan(rate(SimpleNamespace(month_rates={}), ""))
    assert board.is_random("monthly_visiting_rate", "")


def test_a_year_of_visits_is_told_month_by_month():
    """Three visits a month reach three of four people, then all of the two who stay."""
    visits = Provision([service(capacity=3, unit="visits", units_per_person=quantity(1, "count"))])
    (name,) = visits.state
    four, two = people(4), people(4, left=[0, 0, 1, 1])
    assert visits.month_rates(name, MONTH, four) == ()
    visits.serve(MONTH, four)
    visits.serve(MONTH.plus(1), four)
    assert visits.month_rates(name, MONTH.plus(1), four) == (75, 75)
    assert visits.month_rates(name, MONTH.plus(1), two) == (75, 50)  # who left in the month is not counted
    later = Month.of(MONTH.year + 1, 1)
    visits.serve(later, two)
    assert visits.month_rates(name, later, two) == (100,)
    assert visits.month_rates("nothing", later, two) == ()


def test_each_carer_s_turn_comes_again_in_january():
    training = Provision([service(capacity=2, lasting=True, renewed_yearly=True)])
    who, january = people(5), Month.parse("2024-01")
    found = []
    for month in (january.plus(-1), january, january.plus(1), january.plus(2)):
        training.serve(month, who)
        found.append(next(iter(training.state.values())))
    assert found == [(2, 5), (2, 5), (4, 5), (5, 5)]
    assert next(iter(training.given_in(2024).values())) == 5
    assert next(iter(training.given_in(2023).values())) == 2


def test_who_is_in_need_counts_as_reached_by_any_service_or_a_place_in_a_home():
    """Of four of severe ability one is in a home, two are served; a fifth is able, and needs nothing."""
    who = people(5, ability=[3, 3, 3, 3, 0], home=[2, -1, -1, -1, -1])
    some = Provision([service(capacity=2, entitled=[{"ability_from": "severe"}])])
    in_need = np.array([1, 1, 1, 1, 0], bool)
    assert some.reached(who, MONTH, in_need) is None
    some.serve(MONTH, who)
    assert some.reached(who, MONTH, in_need) == (3, 4)
    better = people(5, ability=[3, 3, 3, 1, 0], home=[2, -1, -1, -1, -1])
    assert some.reached(better, MONTH, np.array([1, 1, 1, 0, 0], bool))[1] == 3


def test_a_clause_on_visiting_has_a_value_in_a_run(tmp_path):
    law = (scenarios_folder() / "policy" / "yinchuan.yaml").read_text(encoding="utf-8")
    law = law.replace("indicator: respite_service_coverage", "indicator: monthly_visiting_rate")
    (tmp_path / "law.yaml").write_text(law, encoding="utf-8")
    visiting = {"id": "visiting", "capacity_per_month": quantity(100_000, "visits")}
    scenario = stationary_place(
        tmp_path, 20_000, 400, 200, policy="law.yaml", services=[visiting],
        horizon={"start": "2023-08", "end": "2023-12"},
    )  # fmt: skip
    rows = simulate(scenario, 1, 0).to_pandas()
    found = rows[(rows.table == "targets") & (rows.indicator == "monthly_visiting_rate")]
    assert found.value.tolist() == [100]
    few = scenario.services[1].model_copy(
        update={
            "capacity_per_month": scenario.services[1].capacity_per_month.model_copy(update={"value": 100.0})
        }
    )
    fewer = scenario.model_copy(update={"services": [scenario.services[0], few, *scenario.services[2:]]})
    rows = simulate(fewer, 1, 0).to_pandas()
    found = rows[(rows.table == "targets") & (rows.indicator == "monthly_visiting_rate")]
    assert 0 < found.value.iloc[0] < 20


def test_shipped_rows_have_no_capacity_and_say_where_they_come_from():
    scenario = load_scenario("yinchuan")
    assert len({row.kind for row in scenario.services}) == len(scenario.services) == 9
    assert all(row.capacity_per_month is None for row in scenario.services)
    respite = next(row for row in scenario.services if row.kind == "respite")
    assert respite.clauses == ["yinchuan.2.11.b"]
    assert respite.status == "derived"
