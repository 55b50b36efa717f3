"""What happens in a family moves who applies, takes an offer and is taken back; each switch stops it."""

from collections import Counter

import numpy as np
import pytest

from sim.codes import Living
from sim.model import CareModel
from sim.start import on_offer
from tests.places import quantity, stationary_place

MONTHS = 12
OFF = {"strain": False, "family_events": False, "take_back": False, "family_services": False}


def _model(folder, **changes):
    horizon = {"start": "2020-11", "end": "2021-10"}
    return CareModel(stationary_place(folder, 10_000, 250, 150, horizon=horizon, **changes), 3, 1)


def _played(folder, **changes):
    model = _model(folder, **changes)
    applied = 0
    for _ in range(MONTHS):
        model.step()
        applied += len(model.applications)
    return model, applied


MANY = {"applying__k_per_year": quantity(0.02, "per_year")}


def _pressure(model):
    return float(model.residents.pressure[model.families.rows].mean())


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return _played(tmp_path_factory.mktemp("usual"), **MANY)


def test_carers_who_fall_ill_raise_applications(tmp_path, usual):
    often = {"families__carer_ill_per_year": quantity(3.0, "per_year")}
    model, applied = _played(tmp_path, **MANY, **often)
    assert _pressure(model) > _pressure(usual[0])
    assert applied > usual[1]


@pytest.mark.parametrize(("key", "value"), [("child_moves_away_per_year", 2.0), ("carer_ill_per_year", 3.0)])
def test_without_events_nothing_of_the_kind_happens_whatever_the_hazard(tmp_path, key, value):
    still = [
        _played(
            tmp_path / str(i), mechanisms={"family_events": False},
            **{f"families__{key}": quantity(hazard, "per_year")},
        )[0]
        for i, hazard in enumerate((value, 0.0))
    ]  # fmt: skip
    for column in ("children_near", "carer_ill", "strain_at_end", "home", "waiting"):
        np.testing.assert_array_equal(*(getattr(model.residents, column) for model in still))
    np.testing.assert_array_equal(*(model.families.strain for model in still))


def _hazard(model, rows, month):
    """Hazard of applying of some families, a month later."""
    families, nobody = model.families, np.zeros(0, np.int64)
    families.settle(month, rows, nobody)
    families.apply(month.plus(1))
    at = np.searchsorted(families.rows, rows)
    np.testing.assert_array_equal(families.rows[at], rows)
    return families.hazards(month)[at] * model.residents.pressure[rows]


def test_a_child_who_moves_away_raises_the_hazard_of_applying(tmp_path):
    """Of who lives alone, with all children far instead of near; the same people, nothing else happens."""
    found = {}
    for name in ("near", "far"):
        model = _model(tmp_path / name, mechanisms={"family_events": False})
        people, rows = model.residents, model.families.rows
        rows = rows[(people.living[rows] == Living.ALONE) & (people.children_near[rows] > 0)]
        if name == "far":
            lines = model.families._table.now
            at = np.searchsorted(lines["rows"], rows)
            lines["far"][at] += lines["near"][at]
            lines["near"][at] = 0
        found[name] = _hazard(model, rows, model.month.plus(-1))
    assert len(found["near"]) > 50
    assert (found["far"] > found["near"]).mean() > 0.95


def test_widowhood_raises_the_hazard_of_applying(tmp_path):
    model = _model(tmp_path)
    people, families = model.residents, model.families
    rows = families.rows[people.living[families.rows] == Living.COUPLE]
    rows = rows[people.spouse[rows] >= 0][:200]
    rows = rows[~np.isin(people.spouse[rows], rows)]
    nobody = np.zeros(0, np.int64)
    month = model.month.plus(-1)

    def hazard():
        at = np.searchsorted(families.rows, rows)
        np.testing.assert_array_equal(families.rows[at], rows)
        return families.hazards(month)[at] * people.pressure[rows]

    before = hazard()
    people.left[people.spouse[rows]] = 1
    people.living[rows] = Living.ALONE
    families.settle(month, people.spouse[rows].astype(np.int64), nobody)
    families.apply(month.plus(1))
    assert (hazard() > before).mean() > 0.95
    assert hazard().mean() > 1.5 * before.mean()


def test_strain_off_is_the_rule_of_age_ability_and_living_arrangement(tmp_path):
    harder = {"families__strain__applies_when_strained": quantity(50, "factor")}
    off, harder_off = (
        _played(tmp_path / str(i), mechanisms={"strain": False}, **MANY, **more)
        for i, more in enumerate(({}, harder))
    )
    assert (off[0].residents.pressure == 1).all()
    assert (off[0].residents.strain_at_end == 0).all()
    assert (off[0].families.strain == 0).all()
    assert off[1] == harder_off[1] > 0


def test_a_family_that_is_not_strained_declines_more_often(tmp_path):
    model, _ = _played(tmp_path, families__strain__acceptance_elasticity=quantity(1, "number"))
    people, applicants = model.residents, model.applicants
    rows = model.families.rows
    homes = on_offer(model.estate, model.operation.off_the_charge(model.month.plus(-1)))
    taken = {}
    for pressure in (0.5, 2.0):  # the same people
        people.pressure[rows] = pressure
        named = applicants.choices(homes, rows, people.ability[rows].astype(np.int64))
        taken[pressure] = sum(takes for choices in named for _, takes in choices[1:])
    assert taken[2.0] > 1.2 * taken[0.5] > 20


def test_only_families_who_can_give_the_hours_take_back(tmp_path):
    often = {"leaving__per_year": quantity(0.6, "per_year")} | MANY
    nobody = {"families__strain__take_back_hours_share": quantity(1.0, "share")} | {
        f"families__hours_given_{who}": quantity(0.0, "hours_per_week")
        for who in ("spouse", "household", "child_near", "child_far")
    }
    found = {}
    for name, more in (
        ("some", {}),
        ("none", nobody),
        ("off", {"mechanisms": {"take_back": False}} | nobody),
    ):
        model, _ = _played(tmp_path / name, **often, **more)
        frame = model.part().to_pandas()
        frame = frame[(frame.table == "summary") & (frame.region_code == "total") & (frame.bed_kind == "all")]
        found[name] = Counter(frame.groupby("metric", observed=True).value.sum().to_dict())
    assert found["some"]["left_to_family"] > 5
    assert found["none"]["left_to_family"] == 0
    assert found["off"]["left_to_family"] > 5
    for name in found:
        causes = ("family", "hospital", "elsewhere", "cannot_pay")
        by_cause = [
            found[name][f"left_{'' if cause in ('elsewhere', 'cannot_pay') else 'to_'}{cause}"]
            for cause in causes
        ]
        assert sum(by_cause) == found[name]["left_alive"]


def test_a_rested_family_takes_back_sooner(tmp_path):
    model = _model(tmp_path)
    families, people = model.families, model.residents
    month = model.month.plus(-1)
    rows, ready = families.readiness(month)
    people.strain_at_end[rows] = 1.0
    people.care_ended[rows] = month.index
    assert (families.readiness(month)[1] == 0).all()
    later = [families.readiness(month.plus(months))[1] for months in (3, 24)]
    assert (later[0] <= later[1]).all()
    assert later[1].max() > 0.95 > later[0].max() > 0
    assert (ready > 0).sum() == (later[1] > 0).sum()


def test_all_off_nothing_of_families_but_hours_is_left(tmp_path):
    model, _ = _played(tmp_path, mechanisms=OFF)
    people = model.residents
    assert (people.pressure == 1).all()
    assert not people.carer_ill.any()
    known = people.children_near != 255
    assert known.sum() > 1000
    again, _ = _played(tmp_path / "again", mechanisms=OFF)
    np.testing.assert_array_equal(people.children_near, again.residents.children_near)
