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
from numpy.typing import NDArray

from sim import choice_kernels as kernels
from sim.codes import Ability, BedKind, Living, Ownership
from sim.quantiles import normal, poisson_of
from sim.scenario.mechanism_types import Mechanisms
from sim.scenario.people_types import Applying, Choosing, Means
from sim.streams import START, Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Choices = tuple[tuple[int, bool], ...]

_THOUSAND = 1000.0
_EVERY_HOME = 10_000


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

    def utility(
        self, homes: HomesOnOffer, who: Seekers, wanted: Mask, above: F64 | None = None
    ) -> F64:  # fmt: skip
        """Utility of homes for applicants, in units of taste: (applicants, homes), -inf where not wanted.

        Args:
            homes: what is on offer.
            who: the applicants.
            wanted: (applicants, homes) which to compute.
            above: (applicants,) -inf may stand for a utility not above this; none given: for no other.
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
        return kernels.utility(
            who.ids, homes.ids, self._taste, homes.prices / _THOUSAND, who.ability, homes.district,
            who.district, quality, homes.integrated, homes.country, who.rural, who.means / _THOUSAND,
            thin * weights.price_weight_per_1000_yuan.value, who.destitute, wanted,
            weights.taste_weight.value, weights.shortfall_weight_per_1000_yuan.value,
            weights.other_district_weight.value, differ * weights.integrated_weight.value,
            differ * weights.country_home_weight.value, differ * weights.town_home_weight.value,
            np.full(len(who.ids), -np.inf) if above is None else above,
        )  # fmt: skip

    def going_on(self, who: Seekers) -> F64:
        """Utility of going on at home: (applicants,); of the destitute who ask for a place, -inf."""
        drawn = np.clip(uniforms(self._going_on, who.ids), 1e-15, 1 - 1e-15)
        level = np.array(self._choosing.going_on_at_home.values())[who.ability]
        found = level - self._choosing.taste_weight.value * np.log(-np.log(drawn))
        return np.where(who.destitute, -np.inf, found)

    def utility_inside(self, homes: HomesOnOffer, who: Seekers) -> F64:
        """Utility of homes for residents of homes: (residents, homes), -inf where they could not live.

        They have given up going on at home.
        """
        return self.utility(homes, who, _allowed(homes, who))

    def rank(self, homes: HomesOnOffer, who: Seekers) -> list[Choices]:
        """Homes that each applicant names, best first, and whether an offer there would be taken.

        See `named`.

        Args:
            homes: what is on offer.
            who: the applicants.
        """
        codes, counts = self.named(homes, who)
        return choices_of(codes, counts, len(homes.ids))

    def named(self, homes: HomesOnOffer, who: Seekers) -> tuple[I64, I64]:
        """Homes that each applicant names, best first, and whether an offer there would be taken.

        The destitute are placed free of charge in public homes or public-built ones and take any offer. A
        private home takes who can pay; a public one anybody, and what its charge lies above the means counts
        against it. An applicant may name nothing, if no home has the kind or none is better than going on.

        Args:
            homes: what is on offer.
            who: the applicants.

        Returns:
            (named,) twice the home, and 1 more where an offer would be taken, of one applicant after the
            other; (applicants,) how many each names.
        """
        n, choosing = len(who.ids), self._choosing
        fits = _allowed(homes, who)
        above, patient = np.full(n, -np.inf), np.full(n, np.inf)
        lower = np.full(n, choosing.accept_lower_choice.value) * who.acceptance
        if self._outside_option:
            above = self.going_on(who)
            patient = np.array(choosing.settles_for_less.values())[who.ability] * who.acceptance
            lower = np.full(n, choosing.accept_first_choice.value)
        return kernels.named(
            self.utility(homes, who, fits, above), fits, above, patient, who.destitute, self._most, who.ids,
            homes.ids, self._accept, choosing.accept_first_choice.value, lower,
        )  # fmt: skip


def choices_of(codes: I64, counts: I64, homes: int) -> list[Choices]:
    """What `Chooser.named` found, as tuples for the list; pairs are shared, they are few."""
    pairs = [(home, takes) for home in range(homes) for takes in (False, True)]
    chosen = tuple(map(pairs.__getitem__, codes.tolist()))
    ends = np.cumsum(counts).tolist()
    return [chosen[end - n : end] for end, n in zip(ends, counts.tolist(), strict=True)]


def _allowed(homes: HomesOnOffer, who: Seekers) -> Mask:
    """Homes with the kind of bed that would take somebody: (applicants, homes)."""
    return kernels.allowed(
        who.ability, who.means, who.destitute, homes.has_kind, homes.ownership, homes.prices
    )
