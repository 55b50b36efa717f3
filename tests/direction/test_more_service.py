"""More help for families lowers unmet hours, strain and applications; it changes nobody's life or ability."""

import numpy as np
import pytest

from sim.model import CareModel, simulate
from tests.places import quantity, stationary_place

MONTHS = 15
RELIEVED = {
    "home_visit": "visits",
    "respite": "persons",
    "carer_training": "persons",
    "family_care_bed": "households",
}


def _place(folder, services=(), **changes):
    return stationary_place(
        folder, residents_60plus=10_000, beds=250, nursing_beds=150,
        services=[
            {"id": name, "capacity_per_month": quantity(number, RELIEVED[name])} | more
            for name, number, more in services
        ],
        horizon={"start": "2020-11", "end": "2022-01"},
        **changes,
    )  # fmt: skip


def _played(folder, *services, **changes):
    model = CareModel(_place(folder, services, **changes), 3, 1)
    applied, pressure = 0, 0.0
    for _ in range(MONTHS):
        model.step()
        applied += len(model.applications)
        pressure += float(model.residents.pressure[model.families.rows].mean())
    return model, applied, pressure


def _at_end(model, metric):
    frame = model.part().to_pandas()
    last = frame[(frame.table == "summary") & (frame.metric == metric) & (frame.region_code == "total")]
    return float(last.value.iloc[-1])


MANY = {"applying__k_per_year": quantity(0.02, "per_year")}
"""So many apply that a difference shows in a small place."""


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    return _played(tmp_path_factory.mktemp("without"), **MANY)


@pytest.mark.parametrize(
    ("name", "number"),
    [("respite", 600), ("carer_training", 600), ("family_care_bed", 600), ("home_visit", 6400)],
)
def test_help_lowers_strain_and_applications(tmp_path, without, name, number):
    model, applied, pressure = _played(tmp_path, (name, number, {}), **MANY)
    assert model.services_state[name][0] > 300
    assert _at_end(model, "families_strained") < _at_end(without[0], "families_strained")
    assert pressure < without[2]
    assert applied < without[1]
    for column in ("id", "left", "left_month", "ability"):
        np.testing.assert_array_equal(getattr(model.residents, column), getattr(without[0].residents, column))


def test_the_more_places_the_fewer_unmet_hours_and_the_less_strain(tmp_path):
    found = [_played(tmp_path / "none")[0]]
    found += [_played(tmp_path / str(places), ("home_visit", 8 * places, {}))[0] for places in (0, 200, 500)]
    assert [model.services_state["home_visit"][0] for model in found[1:]] == [0, 200, 500]
    unmet = [_at_end(model, "unmet_hours") for model in found]
    strained = [_at_end(model, "families_strained") for model in found]
    assert unmet[0] == unmet[1] > unmet[2] > unmet[3]
    assert strained[0] == strained[1] > strained[3]


def test_what_a_family_is_given_costs_money(tmp_path):
    cost = {"cost": quantity(300, "yuan_per_person_month") | {"payers": {"city": 1.0}}, "starts": "2020-11"}
    model, *_ = _played(tmp_path, ("respite", 200, cost))
    rows = model.part().to_pandas()
    rows = rows[(rows.measure == "service_respite") & (rows.metric == "amount_fen")]
    assert rows.value.sum() == MONTHS * 200 * 300_00


def test_only_families_who_ask_are_served_unless_asking_is_switched_off(tmp_path):
    asked, *_ = _played(tmp_path / "asked", ("respite", 10_000, {}))
    given, *_ = _played(tmp_path / "given", ("respite", 10_000, {}), mechanisms={"family_services": False})
    (some, entitled), (everybody, _) = (model.services_state["respite"] for model in (asked, given))
    assert everybody == pytest.approx(entitled, rel=0.01)  # one and a half thousand
    assert 0.2 * entitled < some < 0.9 * entitled


def test_who_may_have_it_is_a_lever_of_its_own(tmp_path):
    found = {}
    for ability in ("mild", "severe"):
        eligible = {"entitled": [{"ability_from": ability}]}
        model, *_ = _played(tmp_path / ability, ("respite", 10_000, eligible))
        found[ability] = model.services_state["respite"]
    assert 0 < found["severe"][1] < found["mild"][1] / 3
    assert found["severe"][0] < found["mild"][0]


def test_without_services_exactly_the_same_part(tmp_path):
    horizon = {"start": "2020-11", "end": "2021-06"}
    shipped = stationary_place(tmp_path, 10_000, 250, 150, horizon=horizon)
    none = shipped.model_copy(update={"services": []})
    assert shipped.services
    assert simulate(none, 4, 1).equals(simulate(shipped, 4, 1))
