"""Who applies, to which homes, and which offers are taken.

Simple for now (docs/odd.md): an applicant names the affordable homes with the highest utility; the utility
falls with price and distance and has a taste drawn for each pair of resident and home, so a new home moves
only those who choose it. Later the decision belongs to families.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability, BedKind, Living, Ownership
from sim.quantiles import normal, poisson_of
from sim.scenario.people_types import Applying, Choosing, Means
from sim.streams import START, Purpose, key, pair_ids, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Choices = tuple[tuple[int, bool], ...]

_THOUSAND = 1000.0


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
        prices: (homes, 4) yuan per month by ability.
        has_kind: (homes, 2) whether the home has open beds of a kind.
    """

    ids: U64
    ownership: I64
    district: I64
    prices: F64
    has_kind: NDArray[np.bool_]


class Chooser:
    """Ranks homes for applicants. Draws are keyed by (resident, home)."""

    def __init__(self, choosing: Choosing, seed: int) -> None:
        """Take the weights of the utility and the seed of the replication."""
        self._choosing = choosing
        self._taste = key(seed, Purpose.TASTE, START)
        self._accept = key(seed, Purpose.ACCEPT, START)

    def utility(self, homes: HomesOnOffer, pairs: U64, ability: I64, district: I64) -> F64:
        """Utility of each home for each applicant, in units of taste: (applicants, homes)."""
        weights = self._choosing
        gumbel = -np.log(-np.log(np.clip(uniforms(self._taste, pairs), 1e-15, 1 - 1e-15)))
        price = homes.prices[:, ability].T / _THOUSAND
        utility: F64 = (
            weights.taste_weight.value * gumbel
            - weights.price_weight_per_1000_yuan.value * price
            - weights.other_district_weight.value * (homes.district[None, :] != district[:, None])
            - weights.private_weight.value * (homes.ownership[None, :] == Ownership.PRIVATE)
        )
        return utility

    def rank(
        self, homes: HomesOnOffer, ids: U64, ability: I64, district: I64, means: F64,
        destitute: NDArray[np.bool_], *, at_most: int | None = None,
    ) -> list[Choices]:  # fmt: skip
        """Homes that each applicant names, best first, and whether an offer there would be taken.

        The destitute are placed free of charge in public homes or public-built ones and take any offer. Who
        can pay for no home names the cheapest public one. An applicant may name nothing, if no home has the
        kind.

        Args:
            homes: what is on offer.
            ids: identities of the applicants.
            ability: of the applicants.
            district: of the applicants.
            means: what they can pay, yuan per month.
            destitute: whether they are.
            at_most: homes named at most; the scenario's number if none is given.
        """
        if not len(ids):
            return []
        named = int(self._choosing.homes_named_at_most.value) if at_most is None else at_most
        pairs = pair_ids(ids, homes.ids)
        utility = self.utility(homes, pairs, ability, district)
        private = homes.ownership == Ownership.PRIVATE
        fits = homes.has_kind[:, bed_kind(ability)].T
        price = homes.prices[:, ability].T
        allowed = fits & np.where(destitute[:, None], ~private[None, :], price <= means[:, None])
        utility[destitute] += self._choosing.price_weight_per_1000_yuan.value * price[destitute] / _THOUSAND
        stuck = ~allowed.any(axis=1) & ~destitute
        if stuck.any():
            public = fits[stuck] & ~private[None, :]
            cost = np.where(public, price[stuck] - 1e-6 * utility[stuck], np.inf)
            best = cost.argmin(axis=1)
            allowed[np.flatnonzero(stuck), best] = public.any(axis=1)
        ranked = _lowest(np.where(allowed, -utility, np.inf), named)
        counts = np.minimum(allowed.sum(axis=1), named)
        drawn = uniforms(self._accept, np.take_along_axis(pairs, ranked, axis=1))
        bound = np.full(ranked.shape[1], self._choosing.accept_lower_choice.value)
        bound[:1] = self._choosing.accept_first_choice.value
        takes = (drawn < bound) | destitute[:, None]
        lists = zip(ranked.tolist(), takes.tolist(), counts.tolist(), strict=True)
        return [
            tuple(zip(named_homes[:n], would_take[:n], strict=True)) for named_homes, would_take, n in lists
        ]


def _lowest(scores: F64, most: int) -> I64:
    """Columns of the lowest scores of each row, lowest first, at most so many."""
    if most >= scores.shape[1]:
        return np.argsort(scores, axis=1, kind="stable")
    some = np.sort(np.argpartition(scores, most - 1, axis=1)[:, :most], axis=1)
    order = np.argsort(np.take_along_axis(scores, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)
