"""More of a service lowers unmet hours and what is counted from them; it changes nobody's fate."""

import numpy as np
import pytest

from sim.model import CareModel, simulate
from tests.places import quantity, stationary_place

FOLLOW = {"unmet_hours", "care_need", "bed_need", "normative_gap"}


def _place(folder, respite=None, **changes):
    if respite is not None:
        row = {"id": "respite", "capacity_per_month": quantity(respite, "persons")}
        changes["services"] = [row]
    return stationary_place(folder, residents_60plus=10_000, beds=250, nursing_beds=150, **changes)


def _played(folder, respite):
    model = CareModel(_place(folder, respite), 3, 1)
    for _ in range(model.calendar.months):
        model.step()
    return model


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return [_played(tmp_path_factory.mktemp("place"), respite) for respite in (None, 0, 300, 900)]


def _summary(model):
    frame = model.part().to_pandas()
    return frame[frame.table == "summary"]


def test_more_respite_lowers_unmet_hours_and_nothing_about_people(played):
    frames = [_summary(model) for model in played]
    first = frames[0]
    followed = first.metric.isin(FOLLOW)
    for frame in frames[1:]:
        np.testing.assert_array_equal(frame[~followed].value.to_numpy(), first[~followed].value.to_numpy())
    hours = [frame[(frame.metric == "unmet_hours")].value.to_numpy() for frame in frames]
    assert (hours[0] == hours[1]).all()
    assert (hours[1] > hours[2]).all()
    assert (hours[2] > hours[3]).all()
    for name in ("id", "left", "left_month", "ability", "home", "waiting", "living"):
        columns = [getattr(model.residents, name) for model in played]
        assert all((column == columns[0]).all() for column in columns[1:]), name


def test_capacity_is_used_and_counted(played):
    assert [model.services_state["respite"][0] for model in played] == [None, 0, 300, 900]
    part = played[2].part().to_pandas()
    rows = part[part.table == "services"]
    assert set(rows.measure) == {"respite"}
    assert (rows[rows.metric == "served"].value == 300).all()
    assert rows.month.unique().tolist() == [2020 * 12 + 11, 2021 * 12 + 11, 2022 * 12 + 11]


def test_without_services_exactly_the_same_part(tmp_path):
    horizon = {"start": "2020-11", "end": "2021-12"}
    shipped = _place(tmp_path / "shipped", horizon=horizon)
    none = shipped.model_copy(update={"services": []})
    assert shipped.services
    assert simulate(none, 4, 1).equals(simulate(shipped, 4, 1))
