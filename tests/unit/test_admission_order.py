"""Who is admitted first in each of the five places: tiers, the tie-break, then day of entry and identity."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from sim.codes import Ability, Group, Living, Ownership
from sim.model import CareModel
from sim.policy import priority
from sim.policy.book import PolicyBook
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import load_scenario
from sim.waitlist import Application, Death, Waitlist

PLACES = ("baotou", "shou", "kaili", "yinchuan", "haikou")
D, W, M, L, S, E = (
    Group.DESTITUTE, Group.WISH_COLLECTIVE, Group.MINIMUM_ALLOWANCE, Group.LOW_INCOME,
    Group.SPECIAL_FAMILY_PLANNING, Group.ENTITLED,
)  # fmt: skip
INTACT, MILD, MODERATE, SEVERE = Ability
ALONE, COUPLE, OTHERS = Living.ALONE, Living.COUPLE, Living.OTHERS

# Groups, ability, living arrangement, oldest old; tier in Baotou, Shou, Kaili, Yinchuan, Haikou.
PEOPLE = {
    "nobody in particular": (Group(0), INTACT, OTHERS, False, (3, 3, 3, 3, 3)),
    "severe and not poor": (Group(0), SEVERE, ALONE, True, (3, 3, 3, 3, 3)),
    "destitute with the wish": (D | W, INTACT, OTHERS, False, (1, 3, 1, 1, 1)),
    "the same, severe": (D | W, SEVERE, ALONE, True, (1, 1, 1, 1, 1)),
    "destitute without the wish": (D, INTACT, OTHERS, False, (3, 3, 3, 3, 3)),
    "destitute and moderate, without it": (D, MODERATE, OTHERS, False, (2, 1, 3, 2, 2)),
    "minimum allowance": (M, INTACT, OTHERS, False, (3, 3, 3, 2, 3)),
    "the same, mild": (M, MILD, OTHERS, False, (3, 3, 3, 2, 3)),
    "the same, moderate": (M, MODERATE, OTHERS, False, (2, 1, 3, 2, 2)),
    "the same, alone": (M, INTACT, ALONE, False, (3, 3, 3, 2, 2)),
    "the same, as a couple": (M, INTACT, COUPLE, False, (3, 3, 3, 2, 2)),
    "low income, oldest old": (L, INTACT, OTHERS, True, (3, 1, 3, 2, 2)),
    "oldest old, not poor": (Group(0), INTACT, OTHERS, True, (3, 3, 3, 3, 3)),
    "alone, not poor": (Group(0), INTACT, ALONE, False, (3, 3, 3, 3, 3)),
    "special family planning": (S, INTACT, OTHERS, False, (2, 3, 3, 2, 2)),
    "the same and poor": (S | L, INTACT, OTHERS, False, (2, 1, 3, 2, 2)),
    "entitled": (E, INTACT, OTHERS, False, (3, 3, 3, 2, 3)),
    "entitled, destitute with the wish": (E | D | W, INTACT, OTHERS, False, (1, 3, 1, 1, 1)),
}  # fmt: skip


@pytest.fixture(scope="module")
def books():
    return {place: PolicyBook.load(policy_file(place)) for place in PLACES}


def policy_file(place):
    return scenarios_folder() / "policy" / f"{place}.yaml"


def columns():
    groups, ability, living, oldest, _ = zip(*PEOPLE.values(), strict=True)
    about = priority.About(np.array(living, dtype=np.uint8), np.array(oldest))
    return np.array(groups, dtype=np.uint16), np.array(ability, dtype=np.uint8), about


@pytest.mark.parametrize("place", PLACES)
def test_the_tier_of_each(books, place):
    groups, ability, about = columns()
    found = priority.tiers(groups, ability, books[place], about).tolist()
    expected = {name: tiers[PLACES.index(place)] for name, (*_, tiers) in PEOPLE.items()}
    assert dict(zip(PEOPLE, found, strict=True)) == expected


@pytest.mark.parametrize("place", PLACES)
def test_nobody_has_a_tier_before_the_notice(books, place):
    groups, ability, about = columns()
    book = books[place]
    assert set(priority.tiers(groups, ability, book.at(book.notice.plus(-1)), about)) == {3}
    assert 1 in priority.tiers(groups, ability, book.at(book.notice), about)


def test_only_haikou_breaks_ties_by_entitlement(books):
    assert {place for place in PLACES if books[place].admission.tie_break_entitled} == {"haikou"}
    groups, _, _ = columns()
    for place in PLACES:
        behind = priority.not_entitled(groups, books[place])
        expected = ~np.array(["entitled" in name for name in PEOPLE]) if place == "haikou" else 0
        assert (behind == expected).all()


def test_only_kailis_order_is_not_in_the_document(books):
    status = {place: books[place].admission.status for place in PLACES}
    assert status == dict.fromkeys(PLACES, "in document") | {"kaili": "not in document"}


@pytest.mark.parametrize("place", PLACES)
def test_the_order_is_that_of_a_clause_and_holds_at_public_homes_never_at_private_ones(books, place):
    admission = books[place].admission
    assert admission.clause in books[place].by_id
    owners = np.array(list(Ownership), dtype=np.uint8)
    ranked = dict(zip(Ownership, priority.ranked_homes(owners, books[place]).tolist(), strict=True))
    assert ranked[Ownership.PUBLIC]
    assert not ranked[Ownership.PRIVATE]


def queued(book):
    """Everybody twice, the later first, at one full home: the order in which they get its bed."""
    groups, ability, about = columns()
    tiers, behind = priority.tiers(groups, ability, book, about), priority.not_entitled(groups, book)
    waitlist = Waitlist()
    waitlist.add_home(0, (0, 0))
    waitlist.settle(1000, 0, 0, inf)
    number = len(PEOPLE)
    applications = [
        Application(
            float(day),
            100 * day + row,
            500 - row,
            int(tiers[row]),
            int(behind[row]),
            0,
            ((0, True),),
            inf,
            inf,
        )
        for day in (9, 2)
        for row in range(number)
    ]
    waitlist.replay(30, applications)
    order, lives = [], 1000
    for day in range(30, 30 + len(applications)):
        (admitted,) = waitlist.replay(day + 1, [Death(day, lives)]).admissions
        lives = admitted.person
        order.append(lives)
    return order, {application.person: application for application in applications}


@pytest.mark.parametrize("place", PLACES)
def test_a_free_bed_goes_by_tier_entitlement_day_of_entry_and_identity(books, place):
    order, applied = queued(books[place])
    keys = [(a.tier, a.not_entitled, a.day, a.id) for a in (applied[person] for person in order)]
    assert keys == sorted(keys)
    assert len({key[:3] for key in keys}) > 3


def test_who_came_later_and_is_entitled_goes_first_in_haikou_and_not_elsewhere(books):
    row = {name: number for number, name in enumerate(PEOPLE)}
    entitled_later = 900 + row["entitled, destitute with the wish"]
    other_earlier = 200 + row["destitute with the wish"]
    lower_tier = 200 + row["entitled"]
    for place in ("haikou", "yinchuan", "baotou", "kaili"):
        order, _ = queued(books[place])
        before = order.index(entitled_later) < order.index(other_earlier)
        assert before is (place == "haikou")
        assert order.index(other_earlier) < order.index(lower_tier)  # it never lifts anybody over a tier


@pytest.mark.parametrize("place", PLACES)
def test_the_model_sends_applications_under_the_law_of_the_place(place):
    settings = [f"policy={policy_file(place)}", "groups.entitled=0.2", "groups.low_income=0.1"]
    model = CareModel(load_scenario(place, settings), 1, 0)
    notice = model.book.notice
    while model.month <= max(notice, model.calendar.start):
        model.step()
    assert model.applications
    people, waitlist = model.residents, model.desk.waitlist
    flags = people.groups[[application.person for application in model.applications]]
    entitled = (flags & E) != 0
    assert entitled.any()
    behind = np.array([application.not_entitled for application in model.applications])
    assert (behind == (~entitled if place == "haikou" else 0)).all()
    tiers = {waitlist.entry(person).tier for person in waitlist.waiting}
    tiers |= {application.tier for application in model.applications}
    for _ in range(12):  # in a small place not every month has one of each
        if len(tiers) == 1:
            model.step()
            tiers |= {application.tier for application in model.applications}
    assert tiers <= ({1, 3} if place in ("shou", "kaili") else {1, 2, 3})
    assert len(tiers) > 1
