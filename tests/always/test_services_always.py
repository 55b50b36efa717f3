"""Whatever the residents: no more served than there is capacity, in order, whoever stands in which row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import services
from sim.scenario.service_types import Service
from tests.made_up_services import BEFORE, people, service

KEYS = st.lists(st.sampled_from(["ability", "age", "groups"]), unique=True)
CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "age_from": st.integers(60, 95),
            "groups_any": st.lists(st.sampled_from(["destitute", "low_income", "entitled"]), min_size=1),
            "ability_from": st.sampled_from(["intact", "mild", "moderate", "severe"]),
            "living_any": st.lists(st.sampled_from(["alone", "couple", "collective"]), min_size=1),
            "in_home": st.booleans(),
        },
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def cases(draw):
    n = draw(st.integers(0, 60))

    def column(low, high):
        return draw(st.lists(st.integers(low, high), min_size=n, max_size=n))

    ids = draw(st.lists(st.integers(0, 2**64 - 1), min_size=n, max_size=n, unique=True))
    who = people(
        n, id=np.array(ids, np.uint64), birth=BEFORE - np.array(column(600, 1300), np.int64),
        ability=column(0, 3), groups=column(0, 63),
        living=column(0, 3), home=column(-2, 1), left=column(0, 1),
    )  # fmt: skip
    who.home[who.home < 0] = -1
    row = service(draw(CONDITIONS), order=draw(KEYS))
    return row, who, draw(st.floats(0, 70)), draw(st.permutations(range(n)))


def _served(row: Service, who, capacity):
    entitled = services.entitled(row, who, BEFORE)
    rank = services.ranks(row.order, who, np.flatnonzero(entitled), BEFORE)
    return entitled, rank, services.allocate(entitled, rank, who.id, capacity)


@settings(deadline=None)
@given(cases())
def test_exact_in_order_and_blind_to_rows(case):
    row, who, capacity, places = case
    entitled, rank, served = _served(row, who, capacity)
    assert served.sum() == min(int(capacity), entitled.sum())
    assert not (served & ~entitled).any()
    chosen = served[entitled]
    if chosen.any() and not chosen.all():
        assert rank[chosen].max() <= rank[~chosen].min()
    order = np.array(places, dtype=np.int64)
    for name, column in vars(who).items():
        setattr(who, name, column[order])
    assert (_served(row, who, capacity)[2] == served[order]).all()


@settings(deadline=None)
@given(cases(), st.floats(0, 50), st.floats(0, 50), st.floats(0, 50))
def test_hours_stay_between_none_and_all_and_each_service_has_its_part(case, each, other, needed):
    row, who, capacity, _ = case
    _, _, served = _served(row, who, capacity)
    given = {"first": (served, each), "second": (np.ones(len(served), bool), other)}
    rows = np.flatnonzero((who.left == 0) & (who.home < 0) & (BEFORE - who.birth >= 720))
    unmet, family = np.full(len(rows), needed), np.full(len(rows), needed / 2)
    relief = services.hours_relieved(given, rows, unmet, family)
    both = served[rows] * each + other
    np.testing.assert_allclose(relief.unmet, np.maximum(unmet - both, 0), atol=1e-9)
    np.testing.assert_allclose(relief.family, np.clip(family + unmet - both, 0, family), atol=1e-9)
    off = (unmet + family - relief.unmet - relief.family).sum()
    assert sum(relief.by_service.values()) == pytest.approx(off)
    assert relief.by_service["first"] == pytest.approx(served[rows].sum() * min(each, 1.5 * needed))
