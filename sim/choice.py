"""Who applies, to which homes, and which offers are taken.

An applicant compares homes with each other and with going on at home. The utility of a home falls with its
charge, the more so for a thin purse, with distance and private ownership, rises with reputation, and has a
taste drawn for each pair of resident and home, so a new home moves only those who choose it. Only homes that
are better than going on at home are named, and none that is much worse than the one most wanted. So homes may
stand empty while people wait at others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, BedKind, Living, Ownership
from sim.quantiles import normal, poisson_of
from sim.scenario.mechanism_types import Mechanisms
from sim.scenario.people_types import Applying, Choosing, Means
from sim.streams import START, Purpose, draw, key, pair_id, pair_ids, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Choices = tuple[tuple[int, bool], ...]

_THOUSAND = 1000.0
_EVERY_HOME = 10_000
_MODERATE = int(Ability.MODERATE)


def apply_hazard(applying: Applying, ages_years: F64) -> F64:
    """Hazard of applying per year: (ages, 4 abilities, 4 living arrangements).

    k 2^((age - reference) / doubling) w(ability) family(living) willingness / reference willingness. Those
    who live outside family households count as living with others.
    """
    by_age = 2 ** ((ages_years - applying.reference_age.value) / applying.doubling_age.value)
    weights = np.array([getattr(applying, f"weight_{a.name.lower()}").value for a in Ability])
    family = np.empty(len(Living))
    family[Living.ALONE] = applying.family_alone.value
    family[Living.COUPLE] = applying.family_couple.value
    family[Living.OTHERS] = family[Living.COLLECTIVE] = applying.family_others.value
    level = applying.k_per_year.value * applying.willingness.value / applying.willingness_reference.value
    return np.asarray(level * by_age[:, None, None] * weights[:, None] * family)


def bed_kind(ability: NDArray[np.integer]) -> I64:
    """The kind of bed that an ability needs: nursing from moderate on."""
    return np.where(np.asarray(ability) >= Ability.MODERATE, BedKind.NURSING, BedKind.ORDINARY)


def means_yuan_per_month(
    means: Means, children_mean: tuple[float, float], seed: int, ids: U64, rural: NDArray[np.bool_]
) -> F64:
    """What residents can pay for a home: pension and the help of children, yuan per month.

    Args:
        means: the scenario's figures.
        children_mean: mean number of children, urban and rural.
        seed: seed of the replication.
        ids: identities of the residents.
        rural: whether they live in the country.
    """
    share = np.where(rural, means.employee_share_rural.value, means.employee_share_urban.value)
    employee = uniforms(key(seed, Purpose.PENSION, START), ids) < share
    sd = means.employee_pension_log_sd.value
    level = np.exp(sd * normal(uniforms(key(seed, Purpose.PENSION_LEVEL, START), ids)) - sd**2 / 2)
    pension = np.where(employee, means.employee_pension.value * level, means.resident_pension.value)
    drawn = uniforms(key(seed, Purpose.CHILDREN, START), ids)
    children = np.where(rural, *(poisson_of(drawn, mean) for mean in reversed(children_mean)))
    return pension + means.support_per_child.value * np.minimum(children, means.children_who_support.value)


@dataclass
class HomesOnOffer:
    """What applicants see of the homes, one row per home.

    Attributes:
        ids: (homes,) identity by the hash of the text id.
        ownership, district: codes.
        prices: (homes, 4) yuan per month by ability, after what is paid for the resident.
        has_kind: (homes, 2) whether the home has open beds of a kind.
        country: whether it is a country home; `integrated` whether it has integrated medical care.
        reputation: in standard deviations.
    """

    ids: U64
    ownership: I64
    district: I64
    prices: F64
    has_kind: Mask
    country: Mask
    integrated: Mask
    reputation: F64


@dataclass
class Seekers:
    """Who looks for a home: columns of one length.

    Attributes:
        ids: identities.
        ability, district: codes.
        rural: who lives in the country.
        means: what they can pay, yuan per month.
        destitute: who is placed free of charge.
        acceptance: how many times as much as others they settle for less than the best; 1 if not given.
    """

    ids: U64
    ability: I64
    district: I64
    rural: Mask
    means: F64
    destitute: Mask
    acceptance: F64 | float = 1.0


class Chooser:
    """Ranks homes for applicants. Draws are keyed by (resident, home), those of going on by resident."""

    def __init__(
        self, choosing: Choosing, seed: int, mechanisms: Mechanisms | None = None, *, names_all: bool = False
    ) -> None:
        """Take the weights of the utility and the seed of the replication.

        Args:
            choosing: weights and chances.
            seed: of the replication.
            mechanisms: what is on; all if not given.
            names_all: applicants see all suitable homes (a central list), not just so many.
        """
        self._choosing, on = choosing, mechanisms or Mechanisms()
        self._homes_differ, self._outside_option = on.homes_differ, on.outside_option
        self._most = _EVERY_HOME if names_all else int(choosing.homes_named_at_most.value)
        self._taste = key(seed, Purpose.TASTE, START)
        self._accept = key(seed, Purpose.ACCEPT, START)
        self._going_on = key(seed, Purpose.GOING_ON, START)

    def utility(self, homes: HomesOnOffer, who: Seekers, wanted: Mask) -> F64:
        """Utility of homes for applicants, in units of taste: (applicants, homes), -inf where not wanted.

        Args:
            homes: what is on offer.
            who: the applicants.
            wanted: (applicants, homes) which to compute.
        """
        weights, differ = self._choosing, float(self._homes_differ)
        thin = np.ones(len(who.ids))
        if self._homes_differ:
            reference, most = weights.price_weight_reference.value, weights.price_weight_most.value
            thin = np.minimum(reference / np.maximum(who.means, 1.0), most)
        owner = np.zeros(len(Ownership))
        owner[Ownership.PRIVATE] = weights.private_weight.value
        owner[Ownership.PUBLIC_BUILT] = differ * weights.public_built_weight.value
        quality = differ * weights.reputation_weight.value * homes.reputation - owner[homes.ownership]
        return _utility(
            who.ids, homes.ids, self._taste, homes.prices / _THOUSAND, who.ability, homes.district,
            who.district, quality, homes.integrated, homes.country, who.rural, who.means / _THOUSAND,
            thin * weights.price_weight_per_1000_yuan.value, who.destitute, wanted,
            weights.taste_weight.value, weights.shortfall_weight_per_1000_yuan.value,
            weights.other_district_weight.value, differ * weights.integrated_weight.value,
            differ * weights.country_home_weight.value, differ * weights.town_home_weight.value,
        )  # fmt: skip

    def going_on(self, who: Seekers) -> F64:
        """Utility of going on at home: (applicants,); of the destitute who ask for a place, -inf."""
        drawn = np.clip(uniforms(self._going_on, who.ids), 1e-15, 1 - 1e-15)
        level = np.array(self._choosing.going_on_at_home.values())[who.ability]
        found = level - self._choosing.taste_weight.value * np.log(-np.log(drawn))
        return np.where(who.destitute, -np.inf, found)

    def order(self, homes: HomesOnOffer, who: Seekers) -> tuple[I64, I64]:
        """All homes that residents of homes could live in, best first: (residents, homes), and how many.

        They have given up going on at home.
        """
        allowed = _allowed(homes, who)
        utility = self.utility(homes, who, allowed)
        return np.argsort(-utility, axis=1, kind="stable"), allowed.sum(axis=1)

    def rank(self, homes: HomesOnOffer, who: Seekers) -> list[Choices]:
        """Homes that each applicant names, best first, and whether an offer there would be taken.

        The destitute are placed free of charge in public homes or public-built ones and take any offer. A
        private home takes who can pay; a public one anybody, and what its charge lies above the means counts
        against it. An applicant may name nothing, if no home has the kind or none is better than going on.

        Args:
            homes: what is on offer.
            who: the applicants.
        """
        if not len(who.ids):
            return []
        allowed = _allowed(homes, who)
        utility = self.utility(homes, who, allowed)
        if self._outside_option:
            allowed &= utility > self.going_on(who)[:, None]
            patient = np.array(self._choosing.settles_for_less.values())[who.ability] * who.acceptance
            best = np.where(allowed, utility, -np.inf).max(axis=1)
            allowed &= (utility >= (best - patient)[:, None]) | who.destitute[:, None]
        named = self._most
        ranked = _lowest(np.where(allowed, -utility, np.inf), named)
        counts = np.minimum(allowed.sum(axis=1), named)
        drawn = uniforms(self._accept, pair_ids(who.ids[:, None], homes.ids[ranked]))
        first, lower = self._choosing.accept_first_choice.value, self._choosing.accept_lower_choice.value
        bound = np.full(ranked.shape, first if self._outside_option else lower)
        if not self._outside_option:
            bound *= np.broadcast_to(who.acceptance, len(bound))[:, None]
        bound[:, :1] = first
        takes = (drawn < bound) | who.destitute[:, None]
        lists = zip(ranked.tolist(), takes.tolist(), counts.tolist(), strict=True)
        return [
            tuple(zip(named_homes[:n], would_take[:n], strict=True)) for named_homes, would_take, n in lists
        ]


def _allowed(homes: HomesOnOffer, who: Seekers) -> Mask:
    """Homes with the kind of bed that would take somebody: (applicants, homes)."""
    private = homes.ownership == Ownership.PRIVATE
    fits = homes.has_kind[:, bed_kind(who.ability)].T
    price = homes.prices[:, who.ability].T
    pays = (price <= who.means[:, None]) & ~who.destitute[:, None]
    return np.asarray(fits & np.where(private, pays, True))


@njit(cache=True)
def _utility(  # noqa: D417 - columns are told in groups
    ids: U64, home_ids: U64, key_taste: np.uint64, price: F64, ability: I64, home_district: I64,
    district: I64, quality: F64, integrated: Mask, country: Mask, rural: Mask, means: F64,
    price_weight: F64, free: Mask, wanted: Mask, taste_weight: float, shortfall_weight: float,
    district_weight: float, integrated_weight: float, country_weight: float, town_weight: float,
) -> F64:  # fmt: skip
    """See `Chooser.utility`; a taste is a Gumbel draw of the pair, from a number 1e-15 away from 0 and 1.

    Args:
        ids .. wanted: as there; `price` (homes, 4) and `means` in thousands of yuan per month,
            `price_weight` (applicants,), `quality` (homes,) by owner and reputation, `free` who pays nothing.
    """
    utility = np.full(wanted.shape, -np.inf)
    for i in range(len(ids)):
        nursing = ability[i] >= _MODERATE
        for j in range(len(home_ids)):
            if wanted[i, j]:
                u = min(max(draw(key_taste, pair_id(ids[i], home_ids[j])), 1e-15), 1 - 1e-15)
                value = quality[j] - taste_weight * np.log(-np.log(u))
                if not free[i]:
                    charge = price[j, ability[i]]
                    value -= price_weight[i] * charge + shortfall_weight * max(charge - means[i], 0.0)
                if home_district[j] != district[i]:
                    value -= district_weight
                if nursing and integrated[j]:
                    value += integrated_weight
                if country[j] and not rural[i]:
                    value -= country_weight
                elif rural[i] and not country[j]:
                    value -= town_weight
                utility[i, j] = value
    return utility


def _lowest(scores: F64, most: int) -> I64:
    """Columns of the lowest scores of each row, lowest first, at most so many."""
    if most >= scores.shape[1]:
        return np.argsort(scores, axis=1, kind="stable")
    some = np.sort(np.argpartition(scores, most - 1, axis=1)[:, :most], axis=1)
    order = np.argsort(np.take_along_axis(scores, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)
