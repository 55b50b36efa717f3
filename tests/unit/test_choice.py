"""Who applies, which homes are named, and what is taken."""

from __future__ import annotations

import numpy as np
import pytest

from sim.choice import Chooser, HomesOnOffer, Seekers, apply_hazard, bed_kind, means_yuan_per_month
from sim.codes import Ability, BedKind, Living, Ownership
from sim.population import rows
from sim.scenario.mechanism_types import Mechanisms
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
        np.zeros(len(names), bool),
        np.zeros(len(names), bool),
        np.zeros(len(names)),
    )


SIMPLE = Mechanisms(homes_differ=False, outside_option=False)


def who(ids=IDS, ability=INTACT, district=HERE, means=RICH, destitute=NOBODY, rural=NOBODY) -> Seekers:
    """Applicants; columns are cut to the length of the identities."""
    n = len(ids)
    return Seekers(ids, ability[:n], district[:n], rural[:n], means[:n], destitute[:n])


PUBLIC, BUILT, PRIVATE = Ownership


@pytest.fixture(scope="module")
def chooser(yinchuan):
    """Without the mechanisms of homes that differ and of going on at home."""
    return Chooser(yinchuan.choosing, 5, SIMPLE)


def first(choices) -> np.ndarray:
    return np.array([choice[0][0] if choice else -1 for choice in choices])


def share_of_second(chooser, *specs) -> float:
    """Share of applicants who put the second of two homes first."""
    return float((first(chooser.rank(homes(*specs), who())) == 1).mean())


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
    there = first(chooser.rank(offer, who(district=HERE + 1)))
    assert (there == 1).mean() == pytest.approx(logit(2.0), abs=4 * np.sqrt(0.1 / N))


def test_best_first(chooser):
    """The order is that of the utility."""
    offer = homes(*((f"h{i}", Ownership(i % 3), i % 4, 800.0 + 300 * i) for i in range(12)))
    utility = chooser.utility(offer, who(), np.ones((N, 12), np.bool_))
    for choices, values in zip(chooser.rank(offer, who()), utility, strict=True):
        assert [home for home, _ in choices] == np.argsort(-values)[:3].tolist()
    assert (chooser.utility_inside(offer, who(IDS[:20])) == utility[:20]).all()


def test_what_is_not_affordable_is_not_named(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PRIVATE, 0, 2000), ("c", PRIVATE, 0, 2000.01))
    choices = chooser.rank(offer, who(means=np.full(N, 2000.0)))
    named = {home for choice in choices for home, _ in choice}
    assert named == {0, 1}
    assert all(len(choice) == 2 for choice in choices)


def test_the_price_of_the_own_ability_counts(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PRIVATE, 0, 1000))
    offer.prices[1] = (500, 1000, 5000, 5000)
    means = np.full(N, 1200.0)
    for state, allowed in ((Ability.INTACT, {0, 1}), (Ability.SEVERE, {0})):
        choices = chooser.rank(offer, who(ability=np.full(N, int(state)), means=means))
        assert {home for choice in choices for home, _ in choice} == allowed


def test_a_private_home_takes_who_can_pay_a_public_one_anybody(chooser):
    offer = homes(("a", PRIVATE, 0, 500), ("b", PUBLIC, 0, 1000), ("c", BUILT, 0, 900))
    poor = chooser.rank(offer, who(means=np.full(N, 246.0)))
    assert {home for choice in poor for home, _ in choice} == {1, 2}
    assert set(chooser.rank(homes(("a", PRIVATE, 0, 500)), who(means=np.full(N, 246.0)))) == {()}


def test_what_a_public_home_asks_beyond_the_means_counts_against_it(chooser):
    """1,000 yuan of shortfall at one home, 500 at the other: the charge once, the shortfall twice."""
    offer = homes(("a", PUBLIC, 0, 2000), ("b", PUBLIC, 0, 1500))
    share = (first(chooser.rank(offer, who(means=np.full(N, 1000.0)))) == 1).mean()
    assert share == pytest.approx(logit(0.5 + 2 * 0.5), abs=4 * np.sqrt(0.15 / N))


def differing(yinchuan, **off) -> Chooser:
    return Chooser(yinchuan.choosing, 5, Mechanisms(**{"outside_option": False, **off}))


def test_reputation_town_and_integrated_care(yinchuan):
    chooser, offer = differing(yinchuan), homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    bound = 4 * np.sqrt(0.25 / N)
    means = np.full(N, 3500.0)

    def second(**columns) -> float:
        return float((first(chooser.rank(offer, who(means=means, **columns))) == 1).mean())

    offer.reputation[1] = 1.0
    assert second() == pytest.approx(logit(1.0), abs=bound)
    offer.reputation[1] = 0.0
    offer.country[0] = True
    assert second() == pytest.approx(logit(1.0), abs=bound), "residents of towns"
    assert second(rural=~NOBODY) == pytest.approx(logit(-0.5), abs=bound), "residents of the country"
    offer.country[0] = False
    offer.integrated[1] = True
    assert second() == pytest.approx(0.5, abs=bound), "of no use to the able"
    assert second(ability=np.full(N, int(Ability.SEVERE))) == pytest.approx(logit(0.5), abs=bound)


@pytest.mark.parametrize(("means", "times"), [(7000.0, 0.5), (3500.0, 1.0), (2800.0, 1.25), (1700.0, 2.0)])
def test_a_thin_purse_feels_a_charge_more(yinchuan, means, times):
    offer = homes(("a", PUBLIC, 0, 1600), ("b", PUBLIC, 0, 1000))
    share = (first(differing(yinchuan).rank(offer, who(means=np.full(N, means)))) == 1).mean()
    assert share == pytest.approx(logit(0.6 * times), abs=4 * np.sqrt(0.25 / N))


def test_only_homes_better_than_going_on_are_named(yinchuan):
    """With two Gumbel tastes the share who name the one home is a logit; need opens more homes."""
    chooser, offer = Chooser(yinchuan.choosing, 5), homes(("a", PRIVATE, 0, 2500))
    means = np.full(N, 3500.0)
    for state, going_on in ((Ability.INTACT, -1.5), (Ability.MODERATE, -3.0), (Ability.SEVERE, -4.0)):
        chosen = chooser.rank(offer, who(ability=np.full(N, int(state)), means=means))
        share = np.mean([bool(choices) for choices in chosen])
        assert share == pytest.approx(logit(-2.5 - 0.5 - going_on), abs=4 * np.sqrt(0.25 / N))


def test_a_much_worse_home_is_not_named_and_severe_need_settles_for_less(yinchuan):
    chooser = Chooser(yinchuan.choosing, 5)
    offer = homes(*((f"h{i}", PUBLIC, 0, 1000.0) for i in range(6)))
    named = {}
    for state, least in ((Ability.INTACT, 0.5), (Ability.SEVERE, 2.0)):
        people = who(ability=np.full(N, int(state)))
        utility = chooser.utility(offer, people, np.ones((N, 6), bool))
        chosen = chooser.rank(offer, people)
        for choices, values in zip(chosen, utility, strict=True):
            assert all(values[home] >= values[choices[0][0]] - least for home, _ in choices)
        named[state] = np.mean([len(choices) for choices in chosen])
    assert named[Ability.SEVERE] > named[Ability.INTACT]


def test_a_central_list_has_all_suitable_homes(yinchuan):
    offer = homes(*((f"h{i}", PUBLIC, 0, 1000.0) for i in range(8)))
    severe = who(ability=np.full(N, int(Ability.SEVERE)))
    own = Chooser(yinchuan.choosing, 5).rank(offer, severe)
    central = Chooser(yinchuan.choosing, 5, names_all=True).rank(offer, severe)
    assert all(all_homes[: len(some)] == some for some, all_homes in zip(own, central, strict=True))
    assert max(map(len, own)) == 3 < max(map(len, central))


def test_only_homes_with_a_bed_of_the_kind(chooser):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    offer.has_kind[0] = (True, False)
    severe = np.full(N, int(Ability.SEVERE))
    choices = chooser.rank(offer, who(ability=severe))
    assert {tuple(home for home, _ in choice) for choice in choices} == {(1,)}
    offer.has_kind[1] = (True, False)
    assert set(chooser.rank(offer, who(ability=severe))) == {()}, "names nothing, applies nowhere"


def test_the_destitute(chooser):
    """Public and public-built homes only, whatever they can pay; price counts for nothing; all is taken."""
    offer = homes(("a", PRIVATE, 0, 1), ("b", PUBLIC, 0, 1000), ("c", BUILT, 0, 9000))
    choices = chooser.rank(offer, who(means=np.zeros(N), destitute=~NOBODY))
    assert {home for choice in choices for home, _ in choice} == {1, 2}
    assert (first(choices) == 2).mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / N))
    assert all(takes for choice in choices for _, takes in choice)
    assert set(chooser.rank(homes(("a", PRIVATE, 0, 1)), who(destitute=~NOBODY))) == {()}


def test_a_new_home_moves_only_those_who_name_it(chooser):
    old = tuple((f"h{i}", Ownership(i % 3), i % 3, 900.0 + 100 * i) for i in range(10))
    before = chooser.rank(homes(*old), who())
    after = chooser.rank(homes(*old, ("new", PRIVATE, 0, 1200)), who())
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
    one = chooser.rank(homes(*specs), who(IDS[:50]))
    other = chooser.rank(homes(*specs[::-1]), who(IDS[:50][::-1].copy()))
    assert [tuple((5 - home, takes) for home, takes in choices) for choices in other[::-1]] == one


def test_offers_taken(chooser, yinchuan):
    """0.95 of first, 0.6 of lower choices."""
    offer = homes(*((f"h{i}", PUBLIC, 0, 1000.0) for i in range(5)))
    choices = chooser.rank(offer, who())
    assert all(len(choice) == 3 for choice in choices)
    takes = np.array([[take for _, take in choice] for choice in choices])
    for place, share in enumerate((0.95, 0.6, 0.6)):
        assert takes[:, place].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / N))
    both = (takes[:, 1] & takes[:, 2]).mean()
    assert both == pytest.approx(0.36, abs=4 * np.sqrt(0.36 * 0.64 / N)), "homes are refused independently"


def test_nobody_applies(chooser):
    assert chooser.rank(homes(("a", PUBLIC, 0, 1.0)), who(IDS[:0])) == []


def test_other_seeds_choose_otherwise(yinchuan):
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PUBLIC, 0, 1000))
    one, other = (first(Chooser(yinchuan.choosing, s, SIMPLE).rank(offer, who())) for s in (1, 2))
    assert 0.4 < (one == other).mean() < 0.6


def test_utility_is_that_of_the_formula(chooser):
    """Taste (Gumbel, of the pair) less price, another district, private ownership, each with its weight."""
    offer = homes(("a", PUBLIC, 0, 1000), ("b", PRIVATE, 1, 2500))
    ids, weights = IDS[:50], chooser._choosing
    found = chooser.utility(offer, who(ids), np.array([[True, True]] * 49 + [[False, True]]))
    taste = -np.log(-np.log(uniforms(chooser._taste, pair_ids(ids[:, None], offer.ids))))
    expected = weights.taste_weight.value * taste - weights.price_weight_per_1000_yuan.value * np.array(
        [1, 2.5]
    )
    expected[:, 1] -= weights.other_district_weight.value + weights.private_weight.value
    expected[49, 0] = -np.inf
    np.testing.assert_allclose(found, expected, rtol=1e-12)
