"""What switches of mechanisms take away that the criterion does not show; levers leave the start alone."""

import numpy as np
import pytest

from sim.codes import Ability, BedKind
from sim.model import CareModel
from sim.validate.queue import without
from tests.places import quantity, stationary_place


@pytest.fixture(scope="module")
def full_place(tmp_path_factory):
    return stationary_place(
        tmp_path_factory.mktemp("full"), residents_60plus=30_000, beds=400, nursing_beds=150
    )


def in_the_wrong_bed(model):
    """Of residents of homes who need a nursing bed, the share in an ordinary one."""
    people = model.residents
    need = (people.home >= 0) & (people.left == 0) & (people.ability >= Ability.MODERATE)
    return (people.bed[need] == BedKind.ORDINARY).mean()


def test_without_moves_inside_more_of_those_in_need_lie_in_ordinary_beds_from_the_start(full_place):
    shares = []
    for run in (1, 2, 3):
        for scenario in (full_place, without(full_place, "in_house_moves")):
            model = CareModel(scenario, 7, run)
            at_start = in_the_wrong_bed(model)
            for _ in range(12):
                model.step()
            shares.append((at_start, in_the_wrong_bed(model)))
    moves, keeps = np.array(shares[::2]), np.array(shares[1::2])
    assert (keeps.mean(axis=0) > moves.mean(axis=0) + 0.05).all()


def test_levers_act_from_the_first_month_on_and_leave_the_start_alone(tmp_path):
    levers = {
        name: {"yuan_per_month": quantity(800, "yuan_per_month")}
        for name in ("operating_subsidy", "resident_subsidy", "staff_allowance")
    }
    levers["resident_subsidy"]["at_most_share"] = quantity(0.5, "share")
    found = []
    for name, more in (("without", {}), ("with", {"levers": levers, "operators": "responsive"})):
        scenario = stationary_place(
            tmp_path / name, residents_60plus=8_000, beds=150, nursing_beds=60, **more
        )
        model = CareModel(scenario, 7, 1)
        homes, waiting = model.residents.home.copy(), model.residents.waiting.copy()
        for _ in range(3):
            model.step()
        found.append((homes, waiting, model.residents.home.copy()))
    (homes, waiting, later), (homes_with, waiting_with, later_with) = found
    np.testing.assert_array_equal(homes, homes_with)
    np.testing.assert_array_equal(waiting, waiting_with)
    assert (later != later_with).any()
