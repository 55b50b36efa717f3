"""What always holds of the waiting list, whatever the events."""

from collections import Counter
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.waitlist import (
    Application,
    BedChange,
    Death,
    Departure,
    ListCause,
    NeedChange,
    Waitlist,
)

DAYS, MONTH, HOMES = 90, 30, 3
NONE_HELD = [(0.0, 0)] * HOMES
# Halves of days, so that ties are common.
days = st.integers(0, 2 * DAYS - 1).map(lambda halves: halves / 2)
spans = st.one_of(st.integers(0, 2 * DAYS).map(lambda halves: halves / 2), st.just(inf))
kinds = st.integers(0, 1)
choices = st.lists(
    st.tuples(st.integers(0, HOMES - 1), st.booleans()), max_size=3, unique_by=lambda c: c[0]
).map(tuple)
persons = st.one_of(st.integers(0, 14), st.integers(20, 29), st.integers(100, 103))
applications = st.builds(
    Application,
    day=days,
    person=st.integers(0, 14),
    id=st.just(0),
    tier=st.integers(1, 3),
    not_entitled=st.integers(0, 1),
    kind=kinds,
    choices=choices,
    patience_days=spans,
    stay_days=spans,
)
at_start = st.builds(
    Application,
    day=days.map(lambda day: -day),
    person=st.integers(20, 29),
    id=st.just(0),
    tier=st.integers(1, 3),
    not_entitled=st.integers(0, 1),
    kind=kinds,
    choices=choices.filter(bool),
    patience_days=spans,
    stay_days=spans,
).map(lambda application: application._replace(patience_days=application.patience_days - application.day))
others = st.one_of(
    st.builds(Death, days, persons),
    st.builds(Departure, days, persons),
    st.builds(NeedChange, days, persons, kinds, choices, st.none() | st.integers(0, 3)),
    st.builds(BedChange, days, st.integers(0, HOMES - 1), kinds, st.integers(1, 3)),
)
beds = st.tuples(st.integers(0, 2), st.integers(0, 2))
streams = st.fixed_dictionaries(
    {
        # Each person applies at most once here: nobody can apply while waiting or in a home.
        "applications": st.lists(applications, max_size=15, unique_by=lambda event: event.person),
        "at_start": st.lists(at_start, max_size=8, unique_by=lambda event: event.person),
        "others": st.lists(others, max_size=25),
        "closings": st.lists(st.tuples(days, st.integers(0, HOMES - 1), kinds), max_size=4),
        "beds": st.lists(beds, min_size=HOMES, max_size=HOMES),
        "turnover_days": st.sampled_from((0.0, 0.5, 4.0)),
        "settled": st.lists(st.tuples(st.integers(0, HOMES - 1), kinds, spans), max_size=4),
        "held": st.lists(
            st.tuples(st.sampled_from((0.0, 0.3, 1.0)), st.integers(0, 2)), min_size=HOMES, max_size=HOMES
        ),
    }
)


def build(stream):
    waitlist = Waitlist(turnover_days=stream["turnover_days"])
    for home, free in enumerate(stream["beds"]):
        waitlist.add_home(home, free)
    for home, (share, number) in enumerate(stream["held"]):
        waitlist.hold(home, share=share, beds=number)
    for n, (home, kind, exit_day) in enumerate(stream["settled"]):
        waitlist.settle(100 + n, home, kind, exit_day)
    for application in stream["at_start"]:
        waitlist.enlist(application)
    opened = Counter()
    for home, free in enumerate(stream["beds"]):
        opened.update({(home, 0): free[0], (home, 1): free[1]})
    opened.update((home, kind) for home, kind, _ in stream["settled"])
    events = [*stream["applications"], *stream["others"]]
    for day, home, kind in stream["closings"]:
        if opened[home, kind]:  # never more than were there at the start
            opened[home, kind] -= 1
            events.append(BedChange(day, home, kind, -1))
    for event in stream["others"]:
        if isinstance(event, BedChange):
            opened[event.home, event.kind] += event.beds
    return waitlist, events, opened


def applicants(stream):
    return {application.person: application for application in stream["applications"] + stream["at_start"]}


def play(waitlist, events, *, step=MONTH, audit=True):
    logs = []
    for start in range(0, DAYS, step):
        logs.append(waitlist.replay(start + step, [e for e in events if start <= e.day < start + step]))
        if audit:
            waitlist.audit()
    return [record for log in logs for record in log.admissions], logs


@settings(max_examples=120, deadline=None)
@given(streams)
def test_beds_and_people_are_conserved_and_the_audit_passes(stream):
    waitlist, events, opened = build(stream)
    admissions, logs = play(waitlist, events)
    for (home, kind), count in opened.items():
        in_use = (
            waitlist.occupied(home, kind)
            + waitlist.free(home, kind)
            + waitlist.turnover(home, kind)
            - waitlist.closing(home, kind)
        )
        assert in_use == count
    exits = [record for log in logs for record in log.home_exits]
    left = [record for log in logs for record in log.list_exits]
    living = sum(waitlist.occupied(home, kind) for home in range(HOMES) for kind in (0, 1))
    assert len(stream["settled"]) + len(admissions) - len(exits) == living
    assert len(applicants(stream)) == len(admissions) + len(left) + len(waitlist.waiting)


@settings(max_examples=120, deadline=None)
@given(streams)
def test_nobody_is_in_two_places_and_every_wait_ends_once(stream):
    waitlist, events, _ = build(stream)
    admissions, logs = play(waitlist, events)
    ended = [record.person for record in admissions]
    ended += [record.person for log in logs for record in log.list_exits]
    assert max(Counter(ended).values(), default=0) <= 1
    assert not set(ended) & waitlist.waiting
    moved_out = Counter(record.person for log in logs for record in log.home_exits)
    assert max(moved_out.values(), default=0) <= 1
    applied = applicants(stream)
    for record in admissions:
        assert record.waited_days == record.day - applied[record.person].day
    for log in logs:
        for record in log.list_exits:
            if record.cause is ListCause.WITHDRAWN:
                assert record.waited_days == applied[record.person].patience_days


@settings(max_examples=120, deadline=None)
@given(streams)
def test_nobody_is_passed_over_by_a_lower_rank(stream):
    """Whoever waits for a bed when somebody moves into it does not rank before them."""
    stream = stream | {"others": [e for e in stream["others"] if not isinstance(e, NeedChange)]}
    waitlist, events, _ = build(stream)
    admissions, logs = play(waitlist, events)
    applied = applicants(stream)
    end = {record.person: record.day for record in admissions}
    end |= {record.person: record.day for log in logs for record in log.list_exits}
    refused = {(o.person, o.home) for log in logs for o in log.offers if not o.accepted}
    rank = {p: (a.tier, a.not_entitled, a.day) for p, a in applied.items()}
    for record in admissions:
        for person, application in applied.items():
            waits = application.day < record.day < end.get(person, inf)
            here = (record.home, True) in application.choices and application.kind == record.kind
            if waits and here and (person, record.home) not in refused:
                assert rank[record.person] <= rank[person]


@settings(max_examples=80, deadline=None)
@given(streams, st.sampled_from((1, 5, 15)))
def test_how_the_time_is_cut_changes_nothing(stream, step):
    one, events, _ = build(stream)
    whole = one.replay(DAYS, events)
    other, events, _ = build(stream)
    _, logs = play(other, events, step=step, audit=False)
    for name in ("admissions", "home_exits", "list_exits", "offers"):
        assert getattr(whole, name) == [record for log in logs for record in getattr(log, name)]


@settings(max_examples=60, deadline=None)
@given(streams)
def test_with_beds_for_everybody_nobody_waits(stream):
    stream = stream | {"beds": [(40, 40)] * HOMES, "closings": [], "at_start": [], "held": NONE_HELD}
    waitlist, events, _ = build(stream)
    admissions, logs = play(waitlist, events)
    assert not waitlist.waiting
    assert all(record.waited_days == 0 for record in admissions)
    assert all(e.cause is ListCause.REFUSED_ALL and not e.waited_days for log in logs for e in log.list_exits)


@settings(max_examples=60, deadline=None)
@given(streams)
def test_the_last_beds_that_are_held_go_to_the_first_tier_only(stream):
    stream = stream | {"closings": []}  # a closing takes free beds, held or not
    waitlist, events, opened = build(stream)
    for event in stream["others"]:  # what is open at the start
        if isinstance(event, BedChange):
            opened[event.home, event.kind] -= event.beds
    for half in range(2 * DAYS):
        day = half / 2
        now = [event for event in events if event.day == day]
        log = waitlist.replay(day + 0.5, now)
        for event in now:
            if isinstance(event, BedChange):
                opened[event.home, event.kind] += event.beds
        moved_in = Counter((record.home, record.kind, record.tier <= 1) for record in log.admissions)
        for home, kind, first in moved_in:
            if not first:
                share, number = stream["held"][home]
                held = max(number, int(share * opened[home, kind] + 0.5))
                assert waitlist.free(home, kind) + moved_in[home, kind, True] >= held


@settings(max_examples=60, deadline=None)
@given(streams)
def test_where_all_is_held_only_the_first_tier_moves_in(stream):
    waitlist, events, _ = build(stream | {"held": [(1.0, 0)] * HOMES})
    admissions, _ = play(waitlist, events)
    assert {record.tier for record in admissions} <= {0, 1}


@settings(max_examples=60, deadline=None)
@given(streams)
def test_holding_nothing_is_not_holding(stream):
    """And what was held is offered as soon as it is not held any more."""
    stream = stream | {"held": NONE_HELD}
    one, events, _ = build(stream)
    _, never = play(one, events)
    other, events, _ = build(stream | {"held": [(1.0, 0)] * HOMES})
    for home in range(HOMES):
        other.hold(home)
    _, given_up = play(other, events)
    assert never == given_up
