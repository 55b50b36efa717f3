"""Who applies, which homes are named, and what is taken."""

from __future__ import annotations

import numpy as np
import pytest

from sim.choice import Chooser, HomesOnOffer, apply_hazard, bed_kind, means_yuan_per_month
from sim.codes import Ability, BedKind, Living, Ownership
from sim.population import rows
from sim.streams import pair_ids, text_id, uniforms

N = 4000
IDS = rows.pack(0, *(np.zeros(N, np.int64) for _ in range(2)), np.full(N, 23_400), np.arange(N))
RICH = np.full(N, 1e6)
NOBODY = np.zeros(N, bool)
INTACT = np.zeros(N, np.int64)
HERE = np.zeros(N, np.int64)


def homes(*specs: tuple[str, Ownership, int, float], nursing: bool = True) -> HomesOnOffer:
    """Homes by name, ownership, district and price, the same price for every ability."""
    names, ownership, district, price = zip(*specs, strict=True)
    return HomesOnOffer(
        np.array([text_id(name) for name in names], np.uint64),
        np.array(ownership),
        np.array(district),
        np.repeat(np.array(price)[:, None], 4, axis=1),
        np.tile([True, nursing], (len(names), 1)),
    )


PUBLIC, BUILT, PRIVATE = Ownership


@pytest.fixture(scope="module")
def chooser(yinchuan):
    return Chooser(yinchuan.choosing, 5)


def first(choices) -> np.ndarray:
    return np.array([choice[0][0] if choice else -1 for choice in choices])


def share_of_second(chooser, *specs) -> float:
    """Share of applicants who put the second of two homes first."""
    return float((first(chooser.rank(homes(*specs), IDS, INTACT, HERE, RICH, NOBODY)) == 1).mean())


def logit(difference: float) -> float:
    return 1 / (1 + np.exp(-difference))


# Who applies


def test_hazard_of_applying_by_hand(yinchuan):
    applying = yinchuan.applying
    hazard = apply_hazard(applying, np.array([65.0, 75.0, 85.0]))
    k = applying.k_per_year.value
    assert hazard.shape == (3, len(Ability), len(Living))
    assert hazard[1, Ability.INTACT, Living.OTHERS] == pytest.approx(k)
    assert hazard[0, Ability.INTACT, Living.OTHERS] == pytest.approx(k / 2)
    assert hazard[2, Ability.SEVERE, Living.ALONE] == pytest.approx(k * 2 * 20 * 2.4)
    assert hazard[2, Ability.MILD, Living.COUPLE] == pytest.approx(k * 2 * 4 * 1.2)
    assert hazard[1, Ability.MODERATE, Living.COLLECTIVE] == pytest.approx(k * 10)


def test_hazard_follows_willingness(yinchuan):
    applying = yinchuan.applying
    twice = applying.model_copy(
        update={"willingness": applying.willingness.model_copy(update={"value": 2 * 0.142})}
    )
    age = np.array([70.0])
    assert apply_hazard(twice, age) == pytest.approx(2 * apply_hazard(applying, age))


def test_bed_kind_by_ability():
    kinds = bed_kind(np.array([Ability.INTACT, Ability.MILD, Ability.MODERATE, Ability.SEVERE]))
    assert kinds.tolist() == [BedKind.ORDINARY, BedKind.ORDINARY, BedKind.NURSING, BedKind.NURSING]


# What they can pay


@pytest.mark.parametrize(("rural", "share", "children"), [(False, 0.75, 2.3), (True, 0.10, 2.9)])
def test_means(yinchuan, rural, share, children):
    means = yinchuan.means
    found = means_yuan_per_month(means, (2.3, 2.9), 1, IDS, np.full(N, rural))
    drawn = np.random.default_rng(1).poisson(children, 10**6)
    support = 400 * np.minimum(drawn, 3).mean()
    spread = 3500 * 0.36
    expected = share * 3500 + (1 - share) * 246 + support
    assert found.mean() == pytest.approx(expected, abs=4 * (spread + 1700) / np.sqrt(N))
    assert found.min() >= 246 * 0.99
    assert np.isin(np.round(found[found < 1447]), [246, 646, 1046, 1446]).mean() > 0.9
    assert (found > 246 + 1200 + 0.1).mean() == pytest.approx(share, abs=4 * np.sqrt(share / N))
    again = means_yuan_per_month(means, (2.3, 2.9), 1, IDS[::-1].copy(), np.full(N, rural))
    assert (again[::-1] == found).all(), "a resident's means know no other resident"


# Ranking


def test_equal_homes_are_named_equally(chooser):
    share = share_of_second(chooser, ("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    assert share == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / N))


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (("b", PUBLIC, 0, 1500), -0.5),
        (("b", PUBLIC, 0, 500), 0.5),
        (("b", PUBLIC, 1, 1000), -2.0),
        (("b", PRIVATE, 0, 1000), -0.5),
        (("b", BUILT, 0, 1000), 0.0),
        (("b", PRIVATE, 1, 3000), -4.5),
    ],
)
def test_cheaper_nearer_public(chooser, other, difference):
    """All else equal; with Gumbel tastes the shares are a logit."""
    share = share_of_second(chooser, ("a", PUBLIC, 0, 1000), other)
    expected = logit(difference)
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / N))


def test_the_district_is_the_applicants(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 1, 1000))
    there = first(chooser.rank(offer, IDS, INTACT, HERE + 1, RICH, NOBODY))
    assert (there == 1).mean() == pytest.approx(logit(2.0), abs=4 * np.sqrt(0.1 / N))


def test_best_first(chooser):
    """The order is that of the utility."""
    offer = homes(*((f"h{i}", Ownership(i % 3), i % 4, 800.0 + 300 * i) for i in range(12)))
    utility = chooser.utility(offer, IDS, INTACT, HERE, np.ones((N, 12), np.bool_))
    for choices, values in zip(chooser.rank(offer, IDS, INTACT, HERE, RICH, NOBODY), utility, strict=True):
        assert [home for home, _ in choices] == np.argsort(-values)[:3].tolist()
    every = chooser.rank(offer, IDS[:20], INTACT[:20], HERE[:20], RICH[:20], NOBODY[:20], at_most=100)
    assert all(len(choices) == 12 for choices in every)


def test_what_is_not_affordable_is_not_named(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PRIVATE, 0, 2000), ("c", PRIVATE, 0, 2000.01))
    choices = chooser.rank(offer, IDS, INTACT, HERE, np.full(N, 2000.0), NOBODY)
    named = {home for choice in choices for home, _ in choice}
    assert named == {0, 1}
    assert all(len(choice) == 2 for choice in choices)


def test_the_price_of_the_own_ability_counts(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    offer.prices[1] = (500, 1000, 5000, 5000)
    means = np.full(N, 1200.0)
    for state, allowed in ((Ability.INTACT, {0, 1}), (Ability.SEVERE, {0})):
        choices = chooser.rank(offer, IDS, np.full(N, int(state)), HERE, means, NOBODY)
        assert {home for choice in choices for home, _ in choice} == allowed


def test_who_can_pay_nothing_names_the_cheapest_public_home(chooser):
    offer = homes(("a", PRIVATE, 0, 500), ("b", PUBLIC, 0, 1000), ("c", BUILT, 3, 900), ("d", PUBLIC, 0, 950))
    choices = chooser.rank(offer, IDS, INTACT, HERE, np.full(N, 246.0), NOBODY)
    assert {tuple(home for home, _ in choice) for choice in choices} == {(2,)}
    offer.has_kind[2] = False
    choices = chooser.rank(offer, IDS, INTACT, HERE, np.full(N, 246.0), NOBODY)
    assert {tuple(home for home, _ in choice) for choice in choices} == {(3,)}, (
        "only one with a bed of the kind"
    )
    private = homes(("a", PRIVATE, 0, 500))
    assert set(chooser.rank(private, IDS, INTACT, HERE, np.full(N, 246.0), NOBODY)) == {()}


def test_only_homes_with_a_bed_of_the_kind(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    offer.has_kind[0] = (True, False)
    severe = np.full(N, int(Ability.SEVERE))
    choices = chooser.rank(offer, IDS, severe, HERE, RICH, NOBODY)
    assert {tuple(home for home, _ in choice) for choice in choices} == {(1,)}
    offer.has_kind[1] = (True, False)
    assert set(chooser.rank(offer, IDS, severe, HERE, RICH, NOBODY)) == {()}, "names nothing, applies nowhere"


def test_the_destitute(chooser):
    """Public and public-built homes only, whatever they can pay; price counts for nothing; all is taken."""
    offer = homes(("a", PRIVATE, 0, 1), ("b", PUBLIC, 0, 1000), ("c", BUILT, 0, 9000))
    choices = chooser.rank(offer, IDS, INTACT, HERE, np.zeros(N), ~NOBODY)
    assert {home for choice in choices for home, _ in choice} == {1, 2}
    assert (first(choices) == 2).mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / N))
    assert all(takes for choice in choices for _, takes in choice)
    assert set(chooser.rank(homes(("a", PRIVATE, 0, 1)), IDS, INTACT, HERE, RICH, ~NOBODY)) == {()}


def test_a_new_home_moves_only_those_who_name_it(chooser):
    old = tuple((f"h{i}", Ownership(i % 3), i % 3, 900.0 + 100 * i) for i in range(10))
    before = chooser.rank(homes(*old), IDS, INTACT, HERE, RICH, NOBODY)
    after = chooser.rank(homes(*old, ("new", PRIVATE, 0, 1200)), IDS, INTACT, HERE, RICH, NOBODY)
    name = [any(home == 10 for home, _ in choices) for choices in after]
    assert 0.1 < np.mean(name) < 0.9
    for was, now, names in zip(before, after, name, strict=True):
        if not names:
            assert was == now
        else:
            others = [home for home, _ in now if home != 10]
            assert others == [home for home, _ in was][: len(others)]


def test_the_order_of_homes_and_applicants_does_not_matter(chooser):
    specs = tuple((f"h{i}", Ownership(i % 3), i % 3, 900.0 + 100 * i) for i in range(6))
    one = chooser.rank(homes(*specs), IDS[:50], INTACT[:50], HERE[:50], RICH[:50], NOBODY[:50])
    other = chooser.rank(
        homes(*specs[::-1]), IDS[:50][::-1].copy(), INTACT[:50], HERE[:50], RICH[:50], NOBODY[:50]
    )
    assert [tuple((5 - home, takes) for home, takes in choices) for choices in other[::-1]] == one


def test_offers_taken(chooser, yinchuan):
    """0.95 of first, 0.6 of lower choices."""
    offer = homes(*((f"h{i}", PUBLIC, 0, 1000.0) for i in range(5)))
    choices = chooser.rank(offer, IDS, INTACT, HERE, RICH, NOBODY)
    assert all(len(choice) == 3 for choice in choices)
    takes = np.array([[take for _, take in choice] for choice in choices])
    for place, share in enumerate((0.95, 0.6, 0.6)):
        assert takes[:, place].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / N))
    both = (takes[:, 1] & takes[:, 2]).mean()
    assert both == pytest.approx(0.36, abs=4 * np.sqrt(0.36 * 0.64 / N)), "homes are refused independently"


def test_nobody_applies(chooser):
    none = np.zeros(0, np.int64)
    assert chooser.rank(homes(("a", PUBLIC, 0, 1.0)), IDS[:0], none, none, RICH[:0], NOBODY[:0]) == []


def test_other_seeds_choose_otherwise(yinchuan):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    one, other = (
        first(Chooser(yinchuan.choosing, s).rank(offer, IDS, INTACT, HERE, RICH, NOBODY)) for s in (1, 2)
    )
    assert 0.4 < (one == other).mean() < 0.6


def test_utility_is_that_of_the_formula(chooser):
    """Taste (Gumbel, of the pair) less price, another district, private ownership, each with its weight."""
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PRIVATE, 1, 2500))
    ids, weights = IDS[:50], chooser._choosing
    found = chooser.utility(
        offer, ids, INTACT[:50], HERE[:50], np.array([[True, True]] * 49 + [[False, True]])
    )
    taste = -np.log(-np.log(uniforms(chooser._taste, pair_ids(ids[:, None], offer.ids))))
    expected = weights.taste_weight.value * taste - weights.price_weight_per_1000_yuan.value * np.array(
        [1, 2.5]
    )
    expected[:, 1] -= weights.other_district_weight.value + weights.private_weight.value
    expected[49, 0] = -np.inf
    np.testing.assert_allclose(found, expected, rtol=1e-12)
