"""What a switch of a mechanism takes away, where the criterion of queue and vacancy does not show it."""

import numpy as np
import pytest

from sim.codes import Ability, BedKind
from sim.model import CareModel
from sim.validate.queue import without
from tests.places import stationary_place


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
    for run in (1, 2):
        for scenario in (full_place, without(full_place, "in_house_moves")):
            model = CareModel(scenario, 7, run)
            at_start = in_the_wrong_bed(model)
            for _ in range(12):
                model.step()
            shares.append((at_start, in_the_wrong_bed(model)))
    moves, keeps = np.array(shares[::2]), np.array(shares[1::2])
    assert (keeps > moves + 0.05).all()
