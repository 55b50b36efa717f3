"""Who waits is ranked by the law in force and their present state, not by those of the day they applied."""

import numpy as np
import pytest

from sim.model import CareModel
from sim.policy import priority
from sim.scenario.resolve import load_scenario


@pytest.fixture(scope="module")
def at_notice():
    """Yinchuan at the end of the month of the notice and two months later."""
    model = CareModel(load_scenario("yinchuan", ["horizon.end=2023-11"]), 1, 1)
    while model.month < model.book.notice:
        model.step()
    before = {person: tier for person, (_, _, tier) in model.desk.waiting.by_person().items()}
    model.step()
    return model, before


def test_before_the_notice_nobody_is_ranked(at_notice):
    assert set(at_notice[1].values()) == {3}


def test_at_the_notice_those_waiting_are_ranked(at_notice):
    model, before = at_notice
    law = model.book.at(model.book.notice)
    still = [person for person in model.desk.waiting.by_person() if person in before]
    rows = np.array(still)
    tiers = priority.tiers(model.residents.groups[rows], model.residents.ability[rows], law)
    ranked = priority.ranked_homes(model.estate.ownership.astype(np.uint8), law)
    raised = 0
    for person, tier in zip(still, tiers, strict=True):
        entry = model.desk.waitlist.entry(person)
        names = any(ranked[home] for home, _ in entry.choices)
        assert entry.tier == model.desk.waiting.by_person()[person][2]
        if names and tier < 3:
            assert entry.tier == tier
            raised += 1
    assert raised > 0, "nobody was raised: the test would see nothing"


def test_the_day_of_entry_is_kept(at_notice):
    model, before = at_notice
    start = model.calendar.start_days()[model.book.notice.minus(model.calendar.start)]
    assert all(
        model.desk.waitlist.entry(p).day < start for p in model.desk.waiting.by_person() if p in before
    )


def test_who_refused_is_counted_at_the_first_home_still_waited_for(at_notice):
    model, _ = at_notice
    entries = {person: model.desk.waitlist.entry(person) for person in model.desk.waiting.by_person()}
    seen = {person: (entry.choices[0][0], entry.kind, entry.tier) for person, entry in entries.items()}
    assert model.desk.waiting.by_person() == seen
    assert model.desk.waitlist.waiting == model.desk.waiting.by_person().keys()
