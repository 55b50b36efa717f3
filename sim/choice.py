"""Who applies, to which homes, and which offers are taken.

Simple for now (docs/odd.md): an applicant names the affordable homes with the highest utility; the utility
falls with price and distance and has a taste drawn for each pair of resident and home, so a new home moves
only those who choose it. Later the decision belongs to families.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, BedKind, Living, Ownership
from sim.quantiles import normal, poisson_of
from sim.scenario.people_types import Applying, Choosing, Means
from sim.streams import START, Purpose, draw, key, pair_id, pair_ids, uniforms

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

    def utility(
        self, homes: HomesOnOffer, ids: U64, ability: I64, district: I64, wanted: NDArray[np.bool_]
    ) -> F64:
        """Utility of homes for applicants, in units of taste: (applicants, homes), -inf where not wanted.

        Args:
            homes: what is on offer.
            ids: identities of the applicants.
            ability: of the applicants.
            district: of the applicants.
            wanted: (applicants, homes) which to compute.
        """
        weights = self._choosing
        return _utility(
            ids, homes.ids, self._taste, homes.prices / _THOUSAND, ability, homes.district, district,
            homes.ownership == Ownership.PRIVATE, wanted,
            weights.taste_weight.value, weights.price_weight_per_1000_yuan.value,
            weights.other_district_weight.value, weights.private_weight.value,
        )  # fmt: skip

    def rank(
        self, homes: HomesOnOffer, ids: U64, ability: I64, district: I64, means: F64,
        destitute: NDArray[np.bool_], *, at_most: int | None = None, acceptance: F64 | None = None,
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
            acceptance: how many times as often as others they take lower choices; 1 if none is given.
        """
        if not len(ids):
            return []
        named = int(self._choosing.homes_named_at_most.value) if at_most is None else at_most
        private = homes.ownership == Ownership.PRIVATE
        fits = homes.has_kind[:, bed_kind(ability)].T
        price = homes.prices[:, ability].T
        allowed = fits & np.where(destitute[:, None], ~private[None, :], price <= means[:, None])
        stuck = ~allowed.any(axis=1) & ~destitute
        public = fits & ~private[None, :]
        utility = self.utility(homes, ids, ability, district, np.where(stuck[:, None], public, allowed))
        utility[destitute] += self._choosing.price_weight_per_1000_yuan.value * price[destitute] / _THOUSAND
        if stuck.any():
            cost = np.where(public[stuck], price[stuck] - 1e-6 * utility[stuck], np.inf)
            best = cost.argmin(axis=1)
            allowed[np.flatnonzero(stuck), best] = public[stuck].any(axis=1)
        ranked = _lowest(np.where(allowed, -utility, np.inf), named)
        counts = np.minimum(allowed.sum(axis=1), named)
        pairs = pair_ids(ids[:, None], homes.ids[ranked])
        drawn = uniforms(self._accept, pairs)
        bound = np.full(ranked.shape, self._choosing.accept_lower_choice.value)
        if acceptance is not None:
            bound *= acceptance[:, None]
        bound[:, :1] = self._choosing.accept_first_choice.value
        takes = (drawn < bound) | destitute[:, None]
        lists = zip(ranked.tolist(), takes.tolist(), counts.tolist(), strict=True)
        return [
            tuple(zip(named_homes[:n], would_take[:n], strict=True)) for named_homes, would_take, n in lists
        ]


@njit(cache=True)
def _utility(  # noqa: D417 - columns are told in groups
    ids: U64, home_ids: U64, key_taste: np.uint64, price: F64, ability: I64, home_district: I64,
    district: I64, private: NDArray[np.bool_], wanted: NDArray[np.bool_],
    taste_weight: float, price_weight: float, district_weight: float, private_weight: float,
) -> F64:  # fmt: skip
    """See `Chooser.utility`; a taste is a Gumbel draw of the pair, from a number 1e-15 away from 0 and 1.

    Args:
        ids .. wanted: as there; `price` (homes, 4) in thousands of yuan per month.
    """
    utility = np.full(wanted.shape, -np.inf)
    for i in range(len(ids)):
        for j in range(len(home_ids)):
            if wanted[i, j]:
                u = min(max(draw(key_taste, pair_id(ids[i], home_ids[j])), 1e-15), 1 - 1e-15)
                utility[i, j] = (
                    -taste_weight * np.log(-np.log(u))
                    - price_weight * price[j, ability[i]]
                    - (district_weight if home_district[j] != district[i] else 0.0)
                    - (private_weight if private[j] else 0.0)
                )
    return utility


def _lowest(scores: F64, most: int) -> I64:
    """Columns of the lowest scores of each row, lowest first, at most so many."""
    if most >= scores.shape[1]:
        return np.argsort(scores, axis=1, kind="stable")
    some = np.sort(np.argpartition(scores, most - 1, axis=1)[:, :most], axis=1)
    order = np.argsort(np.take_along_axis(scores, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)
