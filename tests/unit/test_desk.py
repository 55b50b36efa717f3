"""Between residents and list: who waits and changes, who leaves a home, who stays behind, who comes back."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import NEVER, Ability, BedKind, Group, Left, Living
from sim.desk import Span
from sim.model import CareModel
from sim.population.residents import Residents
from sim.population.step import Happened, part, reunite
from sim.start import on_offer
from sim.streams import Purpose, key, uniforms
from sim.waitlist.records import ExitCause, ListCause, NeedChange
from tests.places import quantity, stationary_place

NOBODY = np.zeros(0, np.int64)
MILD, MODERATE, SEVERE = Ability.MILD, Ability.MODERATE, Ability.SEVERE


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A county with too few beds, long before the notice, where many of those on the list are poor."""
    return stationary_place(
        tmp_path_factory.mktemp("county"), 20_000, 120, 60,
        leaving__per_year=quantity(1.5, "per_year"),
        groups__destitute=quantity(0.05, "share"), groups__minimum_allowance=quantity(0.3, "share"),
        applying__willingness=quantity(0.4, "share"), waiting_list__patience=quantity(36, "months"),
    )  # fmt: skip


@pytest.fixture
def model(place):
    return CareModel(place, 1, 1)


def happened(changed=(), changed_to=(), died=()):
    return Happened(
        np.array(died, np.int64), np.array(changed, np.int64), np.array(changed_to, np.uint8), NOBODY, NOBODY,
        NOBODY,
    )  # fmt: skip


def offered(model):
    return on_offer(model.estate, model.operation.off_the_charge(model.month))


def played(model, what, law=None):
    """A month of the desk alone, in which nothing but this happens; its span, events and log."""
    month = model.month
    span = Span(month, 0.0, month.days)
    events, _ = model.desk.events(span, what, offered(model), law or model.book.at(month))
    log = model.desk.waitlist.replay(span.end, events)
    model.people_step.settle(month, model.residents, what)
    model.desk.settle(month, log, events)
    return span, events, log


def waiting_for(model, kind):
    return [person for person, wanted in model.desk.waiting.by_person().items() if wanted[1] == kind]


def listed(model):
    """What the desk believes of who waits, and what the list knows."""
    entries = {person: model.desk.waitlist.entry(person) for person in model.desk.waiting.by_person()}
    return model.desk.waiting.by_person(), {p: (e.choices[0][0], e.kind, e.tier) for p, e in entries.items()}


# ---- a change of ability while waiting


@pytest.mark.parametrize(
    ("before", "to", "kind"),
    [(BedKind.ORDINARY, MODERATE, BedKind.NURSING), (BedKind.NURSING, MILD, BedKind.ORDINARY)],
)
def test_who_changes_while_waiting_moves_to_the_other_list_on_the_day(model, before, to, kind):
    rows = waiting_for(model, before)
    assert len(rows) > 5
    entries = {row: model.desk.waitlist.entry(row) for row in rows}
    span, events, log = played(model, happened(rows, [to] * len(rows)))
    days = span.days * uniforms(
        key(model.seed, Purpose.ABILITY_DAY, span.month.index), model.residents.id[np.array(rows)]
    )
    changes = {event.person: event for event in events if isinstance(event, NeedChange)}
    assert {row: changes[row].day for row in rows} == pytest.approx(dict(zip(rows, days, strict=True)))
    named = model.applicants.choices(offered(model), np.array(rows), np.full(len(rows), int(to)))
    stayed = set(rows) & set(model.desk.waiting.by_person())
    assert len(stayed) > 2
    for row, choices in zip(rows, named, strict=True):
        if row in stayed:
            now = model.desk.waitlist.entry(row)
            refused = {offer.home for offer in log.offers if offer.person == row}
            assert changes[row].choices == choices
            assert now.kind == kind
            assert now.choices == tuple(choice for choice in choices if choice[0] not in refused)
            assert (now.day, now.id) == (entries[row].day, entries[row].id)
    admitted = {admission.person: admission.kind for admission in log.admissions if admission.person in rows}
    moved_on = {row for row, bed in admitted.items() if bed == kind}
    late = {row for row in admitted if row not in moved_on}
    assert all(next(a.day for a in log.admissions if a.person == row) < changes[row].day for row in late)
    assert listed(model)[0] == listed(model)[1]


def test_a_change_that_needs_no_other_bed_changes_nothing(model):
    rows = waiting_for(model, BedKind.NURSING)
    ability = model.residents.ability[np.array(rows)]
    to = np.where(ability == MODERATE, SEVERE, MODERATE)
    _, events, _ = played(model, happened(rows, to))
    assert not [event for event in events if isinstance(event, NeedChange)]
    assert (model.residents.ability[np.array(rows)] == to).all()


def test_a_resident_who_needs_a_nursing_bed_moves_to_one_in_the_home_or_stays(tmp_path):
    model = CareModel(stationary_place(tmp_path, 20_000, 400, 200), 1, 2)  # some homes have room, others none
    people = model.residents
    rows = np.flatnonzero((people.home != NEVER) & (people.bed == BedKind.ORDINARY) & (people.left == 0))
    rows = rows[people.ability[rows] < MODERATE]
    homes = people.home[rows].copy()
    _, events, log = played(model, happened(rows, [SEVERE] * len(rows)))
    assert len(rows) > 10
    assert {event.person for event in events if isinstance(event, NeedChange)} >= set(rows.tolist())
    moved = np.isin(rows, [move.person for move in log.moves])
    stayed = ~np.isin(rows, [gone.person for gone in log.home_exits])
    assert 0 < moved.sum() < len(rows), "some homes have a nursing bed free, others have not"
    assert (people.bed[rows][stayed] == moved[stayed]).all()
    assert (people.home[rows][stayed] == homes[stayed]).all()
    for home in set(homes[~moved & stayed].tolist()):
        assert not model.desk.waitlist.free(int(home), int(BedKind.NURSING))
    model.desk.waitlist.audit()


def test_without_moves_inside_a_resident_keeps_the_bed(place):
    mechanisms = place.mechanisms.model_copy(update={"in_house_moves": False})
    model = CareModel(place.model_copy(update={"mechanisms": mechanisms}), 1, 1)
    for _ in range(18):
        model.step()
        assert not model.log.moves


def test_who_died_before_the_change_does_not_move_to_the_other_list(model):
    rows = waiting_for(model, BedKind.ORDINARY)
    ids = model.residents.id[np.array(rows)]
    month = model.month.index
    death, change = (
        uniforms(key(model.seed, purpose, month), ids) for purpose in (Purpose.DEATH_DAY, Purpose.ABILITY_DAY)
    )
    _, events, log = played(model, happened(rows, [MODERATE] * len(rows), died=rows))
    alive = {row for row, d, c in zip(rows, death, change, strict=True) if c < d}
    assert 0 < len(alive) < len(rows)
    assert {event.person for event in events if isinstance(event, NeedChange)} == alive
    died = {left.person for left in log.list_exits if left.cause is ListCause.DIED}
    otherwise = (ListCause.REFUSED_ALL, ListCause.WITHDRAWN)  # before the day of death
    gone = {left.person for left in log.list_exits if left.cause in otherwise}
    assert died == set(rows) - {a.person for a in log.admissions} - gone
    assert len(died) > len(rows) / 2
    assert not set(rows) & set(model.desk.waiting.by_person())
    assert (model.residents.left[np.array(rows)] == Left.DIED).all()


def test_who_can_afford_no_home_at_the_new_ability_leaves_the_list(model, monkeypatch):
    rows = waiting_for(model, BedKind.ORDINARY)
    real = type(model.applicants).choices

    def none_for_severe(self, homes, some, ability, **how):
        found = real(self, homes, some, ability, **how)
        return [() if state == SEVERE else named for state, named in zip(ability, found, strict=True)]

    monkeypatch.setattr(type(model.applicants), "choices", none_for_severe)
    _, _, log = played(model, happened(rows, [SEVERE] * len(rows)))
    gone = {left.person for left in log.list_exits if left.cause is ListCause.REFUSED_ALL}
    assert gone
    assert not set(rows) & set(model.desk.waiting.by_person())
    assert not model.residents.waiting[np.array(rows)].any()
    assert not [a for a in log.admissions if a.person in gone]


def test_a_new_tier_and_a_new_need_in_one_month_are_both_kept(model):
    """At the month of the notice all who wait are ranked anew; a change of ability in it is not lost."""
    rows = waiting_for(model, BedKind.ORDINARY)
    law = model.book.at(model.book.notice)
    played(model, happened(rows, [MODERATE] * len(rows)), law=law)
    stayed = set(rows) & set(model.desk.waiting.by_person())
    assert {model.desk.waiting.by_person()[row][2] for row in stayed} >= {2, 3}
    assert {model.desk.waiting.by_person()[row][1] for row in stayed} == {BedKind.NURSING}
    assert listed(model)[0] == listed(model)[1]


# ---- live exits


def test_the_destitute_do_not_leave_a_home_alive_and_others_do(place):
    model = CareModel(place, 1, 1)
    people = model.residents
    poor_in_homes = [0]
    left = []
    for _ in range(18):
        model.step()
        left += [gone.person for gone in model.log.home_exits if gone.cause is ExitCause.LIVE]
        poor = (people.groups & Group.DESTITUTE) != 0
        poor_in_homes.append(int((poor & (people.home != NEVER)).sum()))
    assert max(poor_in_homes) > 20
    assert len(left) > 5, "the destitute fill most of the few beds"
    assert not (people.groups[np.array(left)] & Group.DESTITUTE).any()


def test_the_destitute_who_lived_in_homes_at_the_start_stay_until_death(place):
    start = CareModel(place, 1, 1)
    people = start.residents
    poor = np.flatnonzero(((people.groups & Group.DESTITUTE) != 0) & (people.home != NEVER))
    others = np.flatnonzero(((people.groups & Group.DESTITUTE) == 0) & (people.home != NEVER))
    assert len(poor) > 10
    for _ in range(18):
        start.step()
    here = people.left[poor] == 0
    assert (people.home[poor][here] != NEVER).all()
    assert (people.home[others][people.left[others] == 0] == NEVER).any()


# ---- couples


def couples():
    """Rows 0+1, 2+3, 4+5 are couples; 6 has no spouse."""
    people = Residents(7)
    for row in range(0, 6, 2):
        people.spouse[[row, row + 1]] = row + 1, row
    people.living[:6], people.living[6] = Living.COUPLE, Living.ALONE
    return people


def test_a_spouse_left_behind_lives_alone():
    people = couples()
    part(people, np.array([0, 6]))
    assert people.living.tolist() == [1, 0, 1, 1, 1, 1, 0]


def test_a_spouse_who_lives_with_others_does_not_live_alone_when_left():
    people = couples()
    people.living[1] = Living.OTHERS
    part(people, np.array([0]))
    assert people.living[1] == Living.OTHERS


def test_who_comes_back_lives_with_the_spouse_again():
    people = couples()
    people.home[0] = 3
    part(people, np.array([0]))
    people.home[0] = NEVER
    reunite(people, np.array([0]))
    assert people.living.tolist() == [1, 1, 1, 1, 1, 1, 0]


def test_both_who_lived_in_homes_are_a_couple_again_when_both_are_back():
    people = couples()
    people.home[[0, 1]] = 3, 4
    part(people, np.array([0, 1]))
    assert people.living[[0, 1]].tolist() == [Living.ALONE, Living.ALONE]
    people.home[[0, 1]] = NEVER
    reunite(people, np.array([1]))
    assert people.living[[0, 1]].tolist() == [Living.COUPLE, Living.COUPLE]


@pytest.mark.parametrize(
    ("column", "row", "value", "living"),
    [
        ("left", 1, int(Left.DIED), [Living.ALONE, Living.ALONE]),  # the spouse died meanwhile
        ("home", 1, 2, [Living.ALONE, Living.ALONE]),  # the spouse is in a home too
        ("living", 1, int(Living.OTHERS), [Living.ALONE, Living.OTHERS]),  # or lives with others now
        ("left", 0, int(Left.DIED), [Living.ALONE, Living.ALONE]),  # who came back died in the same month
    ],
)
def test_nobody_is_reunited_with_a_spouse_who_is_not_there(column, row, value, living):
    people = couples()
    people.living[[0, 1]] = Living.ALONE
    getattr(people, column)[row] = value
    reunite(people, np.array([0, 6]))
    assert people.living[[0, 1]].tolist() == living
    assert people.living[6] == Living.ALONE


def test_in_a_run_admission_parts_and_a_live_exit_reunites(place):
    model = CareModel(place, 1, 1)
    people = model.residents
    parted = reunited = 0
    for _ in range(24):
        before = people.living.copy()
        here = people.left == 0
        model.step()
        changed = before != people.living[: len(before)]
        for admission in model.log.admissions:
            row = admission.person
            spouse = int(people.spouse[row])
            coupled = spouse != NEVER and people.left[spouse] == 0 and before[spouse] == Living.COUPLE
            if coupled and people.home[row] != NEVER:
                assert people.living[spouse] != Living.COUPLE
                parted += 1
        for gone in model.log.home_exits:
            spouse = int(people.spouse[gone.person])
            if gone.cause is ExitCause.LIVE and spouse != NEVER and here[spouse]:
                at_home = people.home[spouse] == NEVER and people.left[spouse] == 0
                if at_home and before[spouse] == Living.ALONE and people.left[gone.person] == 0:
                    assert people.living[spouse] == people.living[gone.person] == Living.COUPLE
                    assert changed[spouse]
                    reunited += 1
    assert parted > 5
    assert reunited > 0


# ---- the law of the burn-in


def waiting_tiers(folder, first):
    last = f"{first[:5]}12"
    place = stationary_place(
        folder, 20_000, 120, 60, horizon={"start": first, "end": last},
        groups__minimum_allowance=quantity(0.3, "share"), applying__willingness=quantity(0.4, "share"),
    )  # fmt: skip
    return CareModel(place, 1, 1)


@pytest.mark.parametrize(("first", "ranked"), [("2023-09", False), ("2023-10", True)])
def test_the_list_at_the_start_is_ranked_by_the_law_of_the_month_before(tmp_path, first, ranked):
    """The notice is of September 2023: a list that ends with August knows no tiers yet."""
    model = waiting_tiers(tmp_path, first)
    tiers = {tier for _, _, tier in model.desk.waiting.by_person().values()}
    assert tiers == ({1, 2, 3} if ranked else {3})
    if ranked:
        people = model.residents
        for row, (_, _, tier) in model.desk.waiting.by_person().items():
            assert (tier == 1) == bool(people.groups[row] & Group.DESTITUTE)
            assert (tier == 2) <= bool(people.groups[row] & ~np.uint16(Group.DESTITUTE))
