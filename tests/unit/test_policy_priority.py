"""Who goes first, and who is meant by the clauses on the destitute."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import Ability, Group, Ownership
from sim.months import Month
from sim.policy import priority
from tests.unit.test_policy_book import FILE, PolicyBook

G, A = Group, Ability


@pytest.fixture(scope="module")
def book():
    return PolicyBook.load(FILE)


def columns(people):
    groups = np.array([int(group) for group, _ in people], dtype=np.uint16)
    return groups, np.array([int(ability) for _, ability in people], dtype=np.uint8)


PEOPLE = [
    (G(0), A.SEVERE, 3),
    (G.DESTITUTE | G.WISH_COLLECTIVE, A.INTACT, 1),
    (G.DESTITUTE, A.INTACT, 3),
    (G.DESTITUTE, A.MILD, 3),
    (G.DESTITUTE, A.MODERATE, 2),
    (G.WISH_COLLECTIVE, A.SEVERE, 3),
    (G.MINIMUM_ALLOWANCE, A.INTACT, 2),
    (G.LOW_INCOME, A.INTACT, 2),
    (G.SPECIAL_FAMILY_PLANNING, A.INTACT, 2),
    (G.ENTITLED, A.INTACT, 2),
    (G.DESTITUTE | G.WISH_COLLECTIVE | G.ENTITLED, A.SEVERE, 1),
]


@pytest.mark.parametrize(("group", "ability", "tier"), PEOPLE)
def test_tier_of_a_resident(book, group, ability, tier):
    found = priority.tiers(*columns([(group, ability)]), book)
    assert found.tolist() == [tier]
    assert found.dtype == np.int8


def test_no_tier_before_the_notice(book):
    groups, ability = columns([(group, level) for group, level, _ in PEOPLE])
    assert set(priority.tiers(groups, ability, book.at(Month.parse("2023-08")))) == {3}
    assert set(priority.tiers(groups, ability, book.at(Month.parse("2023-09")))) == {1, 2, 3}


def test_entitled_break_ties_only_where_the_document_says_so(book):
    groups, _ = columns([(G.ENTITLED, A.MILD), (G(0), A.MILD)])
    assert priority.not_entitled(groups, book).tolist() == [0, 0]
    with_tie = book.model_copy(
        update={"admission": book.admission.model_copy(update={"tie_break_entitled": True})}
    )
    assert priority.not_entitled(groups, with_tie).tolist() == [0, 1]


def test_tiers_apply_at_public_and_public_built_homes(book):
    owners = np.array([Ownership.PUBLIC, Ownership.PUBLIC_BUILT, Ownership.PRIVATE], dtype=np.uint8)
    assert priority.ranked_homes(owners, book).tolist() == [True, True, False]
    assert not priority.ranked_homes(owners, book.at(Month.parse("2020-11"))).any()
    tiers = np.array([1, 1, 2, 3], dtype=np.int8)
    named = np.array([True, False, False, True])
    assert priority.of_applications(tiers, named).tolist() == [1, 3, 3, 3]
