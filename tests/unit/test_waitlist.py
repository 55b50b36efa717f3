"""Short stories of the waiting list, each compared with the exact log."""

import gc
import pickle
import types
from math import inf

import numpy as np
import pytest

from sim.waitlist import (
    Admission,
    Application,
    BedChange,
    Death,
    Departure,
    ExitCause,
    HomeExit,
    ListCause,
    ListExit,
    NeedChange,
    Offer,
    Waitlist,
)
from sim.waitlist.home import Stay
from sim.waitlist.ranked import Entry

A, B, C = 1, 2, 3  # homes


def apply(
    day, person, homes=(A,), *, tier=3, rank=None, kind=0, refuses=(), patience=inf, stay=inf, not_entitled=0
):
    choices = tuple((home, home not in refuses) for home in homes)
    return Application(
        day, person, person if rank is None else rank, tier, not_entitled, kind, choices, patience, stay
    )


def region(beds, **options):
    waitlist = Waitlist(**options)
    for home, free in beds.items():
        waitlist.add_home(home, free)
    return waitlist


def full(*homes, exits=inf, **options):
    """Homes with one ordinary bed each, lived in by person 100 + home."""
    waitlist = region(dict.fromkeys(homes, (0, 0)), **options)
    for home in homes:
        waitlist.settle(100 + home, home, 0, exits)
    return waitlist


def moved_in(log):
    return [(admission.day, admission.person, admission.home) for admission in log.admissions]


def test_a_free_bed_is_offered_at_once_in_the_order_of_choices():
    waitlist = region({A: (1, 0), B: (1, 0)})
    log = waitlist.replay(30, [apply(1, 1, (B, A)), apply(2, 2, (B, A)), apply(3, 3, (B, A))])
    assert log.admissions == [Admission(1, 1, B, 0, 0, 3), Admission(2, 2, A, 0, 0, 3)]
    assert list(waitlist.waiting) == [3]
    assert waitlist.entry(3).choices == ((B, True), (A, True))
    assert (waitlist.occupied(A, 0), waitlist.free(A, 0), waitlist.now) == (1, 0, 30)
    waitlist.audit()


def test_lists_go_by_tier_then_entitlement_then_day_of_entry_then_id():
    waitlist = full(A)
    waitlist.replay(
        30,
        [
            apply(1, 1, rank=9),
            apply(1, 2, rank=8),
            apply(0, 3, not_entitled=1),
            apply(5, 4, tier=1),
            apply(6, 5, tier=1),
            apply(7, 6, tier=2),
        ],
    )
    log = waitlist.replay(60, [Death(31, 101), *(Death(31 + n, p) for n, p in enumerate((4, 5, 6, 2, 1), 1))])
    assert [person for _, person, _ in moved_in(log)] == [4, 5, 6, 2, 1, 3]
    assert [admission.waited_days for admission in log.admissions] == [26, 26, 26, 33, 34, 36]


def test_a_refused_home_drops_out_and_who_refused_all_leaves():
    waitlist = region({A: (1, 0), B: (0, 0)})
    log = waitlist.replay(30, [apply(1, 1, (A, B), refuses=(A, B)), BedChange(5, B, 0, 1)])
    assert log.offers == [Offer(1, 1, A, False), Offer(5, 1, B, False)]
    assert log.list_exits == [ListExit(5, 1, 3, 4, ListCause.REFUSED_ALL)]
    assert not log.admissions
    assert (waitlist.free(A, 0), waitlist.free(B, 0)) == (1, 1)
    waitlist.audit()


def test_the_entry_names_only_homes_still_waited_for():
    waitlist = region({A: (1, 0), B: (0, 0)})
    waitlist.replay(30, [apply(1, 1, (A, B), refuses=(A,))])
    assert waitlist.entry(1).choices == ((B, True),)
    waitlist.audit()


def test_no_choices_is_the_same_as_all_refused():
    log = region({A: (1, 0)}).replay(30, [apply(1, 1, ())])
    assert log.list_exits == [ListExit(1, 1, 3, 0, ListCause.REFUSED_ALL)]


def test_a_refusal_passes_the_bed_to_the_next_in_the_same_instant():
    waitlist = full(A, exits=10)
    log = waitlist.replay(30, [apply(1, 1, (A,), refuses=(A,)), apply(2, 2)])
    assert log.offers == [Offer(10, 1, A, False), Offer(10, 2, A, True)]
    assert moved_in(log) == [(10, 2, A)]


def test_reneging_frees_nothing_and_happens_on_its_day():
    waitlist = full(A)
    log = waitlist.replay(30, [apply(1.25, 1, patience=7.5), apply(3, 2)])
    assert log.list_exits == [ListExit(8.75, 1, 3, 7.5, ListCause.WITHDRAWN)]
    assert not log.admissions
    assert (waitlist.occupied(A, 0), waitlist.free(A, 0)) == (1, 0)
    waitlist.audit()


def test_reneging_ends_the_wait_on_three_lists():
    waitlist = full(A, B, C)
    log = waitlist.replay(30, [apply(1, 1, (A, B, C), patience=5), *(Death(10, 100 + h) for h in (A, B, C))])
    assert len(log.list_exits) == 1
    assert not log.offers
    assert [waitlist.free(home, 0) for home in (A, B, C)] == [1, 1, 1]
    waitlist.audit()


def test_an_admission_ends_the_wait_on_the_other_lists_and_cancels_the_withdrawal():
    waitlist = full(A, B)
    log = waitlist.replay(30, [apply(1, 1, (A, B), patience=20), Death(5, 102), Death(6, 101)])
    assert moved_in(log) == [(5, 1, B)]
    assert not log.list_exits
    assert waitlist.free(A, 0) == 1
    waitlist.audit()


@pytest.mark.parametrize(
    ("event", "cause"), [(Death(4, 1), ListCause.DIED), (Departure(4, 1), ListCause.MOVED)]
)
def test_who_dies_or_moves_away_is_off_the_list_without_a_bed(event, cause):
    waitlist = full(A)
    log = waitlist.replay(30, [apply(1, 1), event, Death(5, 101)])
    assert log.list_exits == [ListExit(4, 1, 3, 3, cause)]
    assert not log.offers
    assert waitlist.free(A, 0) == 1
    waitlist.audit()


def test_exits_from_a_home_have_a_cause_and_happen_once():
    waitlist = region({A: (3, 0)})
    arrivals = [apply(0, person, stay=9) for person in (1, 2, 3)]
    log = waitlist.replay(30, [*arrivals, Death(4, 1), Departure(5, 2), Death(6, 77)])
    assert log.home_exits == [
        HomeExit(4, 1, A, 0, ExitCause.DIED),
        HomeExit(5, 2, A, 0, ExitCause.MOVED),
        HomeExit(9, 3, A, 0, ExitCause.LIVE),
    ]
    assert waitlist.free(A, 0) == 3
    assert not waitlist.replay(60, [Death(31, 3)]).home_exits
    waitlist.audit()


def test_a_changed_need_keeps_day_of_entry_tier_id_and_patience():
    waitlist = region({A: (0, 0), B: (0, 0)})
    waitlist.replay(30, [apply(1, 1, (A,), patience=50), apply(2, 2, (B,), kind=1, tier=2, patience=40)])
    waitlist.replay(40, [apply(31, 3, (B,), kind=1, tier=2), NeedChange(35, 1, 1, ((B, True),))])
    assert waitlist.entry(1) == apply(1, 1, (B,), kind=1, patience=50)
    waitlist.audit()
    log = waitlist.replay(60, [BedChange(41, B, 1, 1), Death(41.5, 2), Death(43, 3), BedChange(45, A, 0, 1)])
    assert moved_in(log) == [(41, 2, B), (41.5, 3, B), (43, 1, B)]
    assert log.admissions[-1].waited_days == 42
    assert waitlist.free(A, 0) == 1
    waitlist.audit()


def test_a_changed_need_is_offered_a_free_bed_at_once_and_withdraws_on_the_old_day():
    waitlist = region({A: (0, 1), B: (0, 0)})
    events = [apply(1, 1, (A, B)), NeedChange(3, 1, 1, ((A, True),))]
    assert moved_in(waitlist.replay(30, events)) == [(3, 1, A)]
    waitlist.replay(60, [apply(31, 2, (B,), patience=40), NeedChange(33, 2, 1, ((B, True),))])
    log = waitlist.replay(90, [NeedChange(61, 1, 0, ((B, True),)), NeedChange(62, 99, 0, ())])
    assert log.list_exits == [ListExit(71, 2, 3, 40, ListCause.WITHDRAWN)]


def test_need_there_and_back_keeps_one_place_on_the_list():
    waitlist = full(A)
    there, back = NeedChange(2, 1, 1, ((A, True),)), NeedChange(3, 1, 0, ((A, True),))
    log = waitlist.replay(30, [apply(1, 1), there, back, apply(1.5, 2), Death(9, 101)])
    assert moved_in(log) == [(9, 1, A)]
    waitlist.audit()


def test_a_bed_is_offered_after_the_turnover():
    waitlist = full(A, exits=10, turnover_days=2.5)
    log = waitlist.replay(11, [apply(1, 1), apply(10.5, 2, tier=1)])
    assert (waitlist.turnover(A, 0), waitlist.free(A, 0), log.admissions) == (1, 0, [])
    waitlist.audit()
    assert moved_in(waitlist.replay(30, [])) == [(12.5, 2, A)]


def test_closing_takes_free_beds_first_and_puts_nobody_out():
    waitlist = region({A: (2, 0)})
    for person in (11, 12, 13):
        waitlist.settle(person, A, 0, inf)
    waitlist.replay(30, [BedChange(1, A, 0, -4), apply(2, 1)])
    assert (waitlist.free(A, 0), waitlist.occupied(A, 0), waitlist.closing(A, 0)) == (0, 3, 2)
    waitlist.audit()
    log = waitlist.replay(60, [Death(31, 11), Death(32, 12), Death(33, 13)])
    assert moved_in(log) == [(33, 1, A)]
    assert (waitlist.occupied(A, 0), waitlist.closing(A, 0)) == (1, 0)
    waitlist.audit()


def test_an_opening_calls_off_closings_and_a_bed_in_turnover_can_close():
    waitlist = full(A, B, turnover_days=3)
    waitlist.replay(30, [BedChange(1, A, 0, -1), BedChange(2, A, 0, 2), apply(3, 1)])
    assert (waitlist.occupied(A, 0), waitlist.closing(A, 0), waitlist.free(A, 0)) == (2, 0, 0)
    waitlist.replay(60, [Death(31, 102), BedChange(32, B, 0, -1), apply(33, 2, (B,))])
    assert (waitlist.free(B, 0), waitlist.turnover(B, 0), waitlist.closing(B, 0)) == (0, 0, 0)
    waitlist.audit()


def test_apply_move_in_and_die_in_one_month():
    waitlist = full(A)
    log = waitlist.replay(30, [Death(20, 1), apply(3, 1, stay=400), Death(8.5, 101)])
    assert log.admissions == [Admission(8.5, 1, A, 0, 5.5, 3)]
    assert log.home_exits[-1] == HomeExit(20, 1, A, 0, ExitCause.DIED)
    assert waitlist.free(A, 0) == 1
    assert not waitlist.replay(1000, []).home_exits
    waitlist.audit()


def test_who_left_may_apply_again():
    waitlist = region({A: (1, 0)})
    log = waitlist.replay(30, [apply(1, 1, stay=2), apply(5, 1, stay=3)])
    assert [home_exit.day for home_exit in log.home_exits] == [3, 8]


def test_in_one_instant_beds_open_first_and_the_better_rank_gets_the_bed():
    waitlist = full(A)
    log = waitlist.replay(30, [apply(1, 1), apply(9, 2, tier=1), apply(9, 3), Death(9, 101)])
    assert moved_in(log) == [(9, 2, A)]
    log = waitlist.replay(60, [apply(40, 4), BedChange(40, A, 0, 1)])
    assert moved_in(log) == [(40, 1, A)]


def test_a_bed_due_back_goes_to_the_best_rank_of_its_instant():
    log = full(A, exits=10).replay(30, [apply(1, 1), apply(10, 2, tier=1)])
    assert moved_in(log) == [(10, 2, A)]


@pytest.mark.parametrize("frees", [BedChange(5, A, 0, 1), Death(5, 101)])
def test_beds_and_deaths_come_before_the_applications_of_their_instant(frees):
    waitlist = full(A)
    waitlist.add_home(B, (1, 0))
    assert moved_in(waitlist.replay(30, [apply(5, 1, (A, B)), frees])) == [(5, 1, A)]


def test_a_month_ends_before_its_last_day():
    waitlist = full(A, exits=30)
    assert not waitlist.replay(30, [apply(0, 1, patience=30.5)]).home_exits
    log = waitlist.replay(60, [])
    assert moved_in(log) == [(30, 1, A)]


def test_those_waiting_at_the_start_are_offered_free_beds_and_keep_their_patience():
    waitlist = region({A: (1, 0)}, start_day=100)
    waitlist.enlist(apply(40, 1, patience=90))
    waitlist.enlist(apply(30, 2, patience=75))
    waitlist.enlist(apply(50, 3, patience=60))
    waitlist.audit()
    log = waitlist.replay(130, [])
    assert log.admissions == [Admission(100, 2, A, 0, 70, 3)]
    assert log.list_exits == [ListExit(110, 3, 3, 60, ListCause.WITHDRAWN)]
    assert waitlist.waiting == {1}
    assert 1 in waitlist.waiting
    assert len(waitlist.waiting) == 1


def test_those_there_at_the_start_and_newcomers_share_one_order():
    waitlist = full(A)
    for day, person, tier in ((-5, 1, 3), (-9, 2, 3), (-1, 3, 2), (-2, 4, 1)):
        waitlist.enlist(apply(day, person, tier=tier))
    waitlist.replay(10, [apply(1, 5, tier=2), apply(2, 6, tier=1), apply(3, 7), Death(4, 2)])
    waitlist.enlist(apply(-7, 8))
    waitlist.audit()
    leaving = (101, 4, 6, 3, 5, 8, 1)
    log = waitlist.replay(30, [Death(11 + n, person) for n, person in enumerate(leaving)])
    assert [person for _, person, _ in moved_in(log)] == [4, 6, 3, 5, 8, 1, 7]


def town(seed=7):
    """A busy small town: its list, and the events of 200 days."""
    rng = np.random.default_rng(seed)
    waitlist = Waitlist(turnover_days=1.5)
    for home in range(4):
        waitlist.add_home(home, (2, 1))
    events = []
    for person in range(300):
        day = float(rng.uniform(0, 200))
        homes = tuple(int(h) for h in rng.permutation(4)[: rng.integers(1, 4)])
        refuses = tuple(home for home in homes if rng.random() < 0.3)
        kind, tier = int(rng.integers(2)), int(rng.integers(1, 4))
        patience, stay = rng.exponential((20.0, 12.0)).tolist()
        events.append(
            apply(day, person, homes, tier=tier, kind=kind, refuses=refuses, patience=patience, stay=stay)
        )
        later = day + float(rng.exponential(15.0))
        if later < 200:
            other = NeedChange(later, person, 1 - kind, ((homes[0], True),))
            events.append([Death(later, person), Departure(later, person), other][rng.integers(3)])
    events += [BedChange(50.0, 1, 0, 2), BedChange(90.0, 1, 0, -3), BedChange(120.0, 2, 1, -1)]
    return waitlist, events


@pytest.mark.parametrize("cuts", [(100.0, 200.0), (33.3, 50.0, 90.0, 151.7, 200.0), tuple(range(1, 201))])
def test_a_replay_in_parts_equals_one_replay(cuts):
    waitlist, events = town()
    whole = waitlist.replay(200.0, reversed(events))
    in_parts, events = town()
    logs, start = [], 0.0
    for cut in cuts:
        logs.append(in_parts.replay(cut, [event for event in events if start <= event.day < cut]))
        in_parts.audit()
        start = cut
    for name in ("admissions", "home_exits", "list_exits", "offers"):
        assert getattr(whole, name) == [record for log in logs for record in getattr(log, name)]
    assert waitlist.waiting == in_parts.waiting
    assert min(len(whole.admissions), len(whole.home_exits), len(whole.list_exits)) > 30


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([apply(1, 1), apply(2, 1)], r"person 1 applies on day 2, but is waiting already"),
        ([apply(2, 101)], r"person 101 applies on day 2, but lives in home 1"),
        ([apply(2, 1, (A, A))], r"each once"),
        ([apply(2, 1, (A, 9))], r"known homes"),
        ([apply(2, 1, patience=-1)], r"must be >= 0"),
        ([apply(2, 1, stay=float("nan"))], r"must be >= 0"),
        ([Death(30, 1)], r"must be on a day in \[0.0, 30\)"),
        ([Death(-1, 1)], r"must be on a day in"),
        ([BedChange(1, 9, 0, 1)], r"home 9 is unknown"),
        ([BedChange(1, A, 0, -2)], r"home 1 can't close 2 beds of kind 0: 1 are open"),
    ],
)
def test_what_can_not_be_is_refused(events, says):
    with pytest.raises(ValueError, match=says):
        full(A).replay(30, events)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda w: w.replay(0, []), r"until_day \(0\) must be > now"),
        (lambda w: w.enlist(apply(0, 101)), r"lives in home 1"),
        (lambda w: w.enlist(apply(5, 1)), r"waits from day 5 to inf, not on 0"),
        (lambda w: w.enlist(apply(-5, 1, patience=4)), r"waits from day -5 to -1, not on 0"),
        (lambda w: w.enlist(apply(0, 1, ())), r"at least one home"),
        (lambda w: w.settle(101, A, 0, inf), r"lives in home 1"),
        (lambda w: w.settle(1, A, 0, -1), r"exit_day \(-1\) must be >= now"),
        (lambda w: w.add_home(A, (1, 0)), r"home 1 is there already"),
        (lambda w: w.entry(1), r"person 1 is not waiting"),
        (lambda w: w.free(9, 0), r"home 9 is unknown"),
        (lambda _: Waitlist(turnover_days=-1), r"turnover_days \(-1\) must be >= 0"),
    ],
)
def test_a_wrong_call_is_refused(act, says):
    with pytest.raises(ValueError, match=says):
        act(full(A))


def test_the_state_can_not_be_pickled():
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(full(A))


def test_the_audit_names_the_numbers_that_disagree():
    waitlist = full(A)
    waitlist._homes[A].occupied[0] += 1
    with pytest.raises(RuntimeError, match=r"home 1, kind 0: 1 residents, 2 occupied beds"):
        waitlist.audit()


def test_a_new_tier_moves_ahead_and_keeps_the_day_of_entry():
    waitlist = Waitlist()
    waitlist.add_home(0, (0, 0))
    log = waitlist.replay(
        10.0,
        [
            Application(1.0, 1, 1, 3, 0, 0, ((0, True),), inf, inf),
            Application(2.0, 2, 2, 3, 0, 0, ((0, True),), inf, inf),
            NeedChange(3.0, 2, 0, ((0, True),), 1),
            BedChange(4.0, 0, 0, 1),
        ],
    )
    assert [(a.person, a.waited_days, a.tier) for a in log.admissions] == [(2, 2.0, 1)]
    assert waitlist.entry(1).day == 1.0


def test_the_last_beds_are_held_for_the_first_tier():
    waitlist = region({A: (3, 0)})
    waitlist.hold(A, beds=2)
    log = waitlist.replay(30, [apply(1, 1), apply(2, 2, tier=2), apply(3, 3, tier=1), apply(4, 4)])
    assert moved_in(log) == [(1, 1, A), (3, 3, A)]
    assert list(waitlist.waiting) == [2, 4]
    assert waitlist.free(A, 0) == 1
    waitlist.audit()


def test_who_waits_behind_held_beds_moves_in_when_one_more_is_free_or_none_is_held():
    waitlist = region({A: (1, 0)})
    waitlist.settle(100, A, 0, inf)
    waitlist.hold(A, beds=1)
    log = waitlist.replay(30, [apply(1, 1), apply(2, 2), Death(10, 100)])
    assert moved_in(log) == [(10, 1, A)]
    waitlist.hold(A)
    assert moved_in(waitlist.replay(60, [])) == [(30, 2, A)]
    waitlist.audit()


def test_who_is_raised_to_the_first_tier_gets_a_held_bed():
    waitlist = region({A: (1, 0)})
    waitlist.hold(A, beds=1)
    log = waitlist.replay(30, [apply(1, 1), apply(2, 2), NeedChange(8, 2, 0, ((A, True),), tier=1)])
    assert log.admissions == [Admission(8, 2, A, 0, 6, 1)]


@pytest.mark.parametrize(("open_beds", "held", "later"), [(9, 0, 1), (10, 1, 2), (29, 1, 2), (30, 2, 3)])
def test_a_share_is_of_the_open_beds_of_a_kind_to_the_nearest_bed(open_beds, held, later):
    waitlist = region({A: (0, open_beds)})
    waitlist.hold(A, share=0.05)
    waitlist.replay(30, [apply(0, person, kind=1) for person in range(100)])
    assert waitlist.free(A, 1) == held
    waitlist.replay(60, [BedChange(40, A, 1, 20)])
    assert waitlist.free(A, 1) == later
    waitlist.audit()


@pytest.mark.parametrize("held", [{"share": -0.1}, {"share": 1.1}, {"beds": -1}])
def test_what_is_held_is_a_share_or_a_number(held):
    with pytest.raises(ValueError, match="must be"):
        region({A: (1, 0)}).hold(A, **held)


def test_who_ranks_before_the_first_tier_may_have_held_beds_too_and_blocks_nobody():
    waitlist = region({A: (0, 0)})
    waitlist.hold(A, beds=1)
    waitlist.enlist(apply(0, 1, tier=0))
    waitlist.enlist(apply(0, 2, tier=1))
    log = waitlist.replay(30, [BedChange(1, A, 0, 2)])
    waitlist.audit()
    assert moved_in(log) == [(1, 1, A), (1, 2, A)]


def test_a_dissolved_list_keeps_nobody():
    waitlist = full(A)
    waitlist.replay(30, [apply(1, 1), apply(2, 2)])
    assert waitlist.waiting == {1, 2}
    waitlist.dissolve()
    assert not waitlist.waiting
    assert not len(waitlist.living())
    assert not reached(waitlist, Entry, Stay)


def reached(waitlist, *kinds):
    """Parts of these kinds that can be reached from a list."""
    seen, left = set(), [waitlist]
    found = []
    while left:
        part = left.pop()
        if id(part) in seen or isinstance(part, (type, types.ModuleType, types.FunctionType)):
            continue
        seen.add(id(part))
        found += [part] if isinstance(part, kinds) else []
        left += gc.get_referents(part)
    return found
