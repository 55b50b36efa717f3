"""A month looks at few families, and loses nothing by it: their state is that of a look at everybody."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import NEVER, Ability, Living
from sim.model import CareModel
from sim.population import family_hours, family_rows, family_strain
from sim.population.families import SOURCES
from tests.places import quantity, stationary_place

MONTHS = 26
"""The horizon of the place."""
LIVELY = {
    "families__child_moves_away_per_year": quantity(0.6, "per_year"),
    "families__carer_ill_per_year": quantity(0.5, "per_year"),
    "leaving__per_year": quantity(0.6, "per_year"),
    "applying__k_per_year": quantity(0.02, "per_year"),
}
"""So much happens that in a small place each way in and out of a family's state is gone."""


def _place(folder, **changes):
    changes.setdefault("population__net_migration_per_year", quantity(-0.02, "per_year"))
    return stationary_place(folder, 10_000, 400, 250, **LIVELY, **changes)


def _check(model):
    """Everything that families keep is what a look at all residents finds."""
    families, people, at = model.families, model.residents, model.month.plus(-1)
    terms, lines = families._terms, families._table.now
    rows, inside, unknown = family_rows.all_in_need(people, at.index)
    np.testing.assert_array_equal(families.rows, rows)
    np.testing.assert_array_equal(families.in_homes, inside)
    assert not len(unknown)
    kind = people.living[rows] * len(Ability) + people.ability[rows]
    kept = people.id, kind, people.children_near, people.children_far, people.carer_ill
    for name, column in zip(("own", "kind", "near", "far", "ill"), kept, strict=True):
        np.testing.assert_array_equal(lines[name], column if name == "kind" else column[rows], name)
    can = np.zeros((len(rows), len(SOURCES)))
    family_hours.hours_by_source(
        people.ability, people.spouse, rows, kind, people.children_near[rows], people.children_far[rows],
        people.carer_ill[rows], terms.able, terms.hours, can,
    )  # fmt: skip
    needed = terms.needed[people.ability[rows]]
    np.testing.assert_array_equal(families.can, can.sum(axis=1))
    np.testing.assert_array_equal(families.needed, needed)
    np.testing.assert_array_equal(families.given, np.minimum(needed, families.can))
    np.testing.assert_array_equal(families.unmet, needed - families.given)
    assert (people.care_ended[rows] == NEVER).all()
    assert ((families.strain >= 0) & (families.strain <= 1)).all()
    ended = np.ones(len(people), np.bool_)
    ended[rows] = False
    assert (people.pressure[ended] == 1).all()


@pytest.mark.parametrize("arriving", [-0.02, 0.03])
def test_the_state_of_families_is_that_of_a_look_at_everybody(tmp_path, arriving):
    model = CareModel(
        _place(tmp_path, population__net_migration_per_year=quantity(arriving, "per_year")), 3, 1
    )
    _check(model)
    widowed = back = taken = 0
    for _ in range(MONTHS):
        couples = np.flatnonzero(model.residents.living == Living.COUPLE)
        model.step()
        _check(model)
        widowed += (model.residents.living[couples] == Living.ALONE).sum()
        alive = [gone.person for gone in model.log.home_exits if not model.residents.left[gone.person]]
        back += (model.residents.living[alive] == Living.COUPLE).sum()
        taken += (model.residents.living[alive] == Living.OTHERS).sum()
    assert min(widowed, back, taken) > 5  # what moves the hours of others has happened


def test_the_first_look_changes_no_event_and_no_application(tmp_path, monkeypatch):
    """Looked at one by one, families go through the same."""
    scenario = _place(tmp_path, horizon={"start": "2020-11", "end": "2021-10"})
    usual, applied = _played(scenario)
    chosen = family_strain.apply_in_need

    def mark_all(*given):
        given[-1][: len(given[0])] |= family_rows.EVENT

    def everybody(*given):
        month, rows, own, kind, pressure, birth, waiting, groups, hazard, _, *rest = given
        return chosen(
            month, rows, own, kind, pressure, birth, waiting, groups, hazard, np.full(len(rows), 1e9), *rest
        )

    monkeypatch.setattr(family_hours, "look_for_events", mark_all)
    monkeypatch.setattr(family_strain, "apply_in_need", everybody)
    each, one_by_one = _played(scenario)
    assert applied == one_by_one > 100
    for column in ("children_near", "children_far", "carer_ill", "strain_at_end", "pressure", "home"):
        np.testing.assert_array_equal(*(getattr(model.residents, column) for model in (usual, each)), column)
    np.testing.assert_array_equal(usual.families.strain, each.families.strain)
    start = CareModel(scenario, 3, 1)
    known = start.residents.children_near != 255
    moved = start.residents.children_near[known] != each.residents.children_near[: len(known)][known]
    assert moved.mean() > 0.1


def _played(scenario):
    model = CareModel(scenario, 3, 1)
    applied = 0
    for _ in range(12):
        model.step()
        applied += len(model.applications)
    return model, applied
