"""The utility of homes for applicants, and which of them are named, as compiled kernels over the pairs."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Ownership
from sim.streams import draw, pair_id

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Mask = NDArray[np.bool_]

_MODERATE, _PRIVATE = int(Ability.MODERATE), int(Ownership.PRIVATE)

_DIGITS = 1024
_MOST_TASTE = -np.log(-np.log(np.minimum(np.arange(1, _DIGITS + 1) / _DIGITS, 1 - 1e-15)))
"""The highest Gumbel taste of a number, by the first of `_DIGITS` parts of 0 .. 1 that it is in."""
_ROUNDING = 1e-6


@njit(cache=True)
def allowed(ability: I64, means: F64, destitute: Mask, has_kind: Mask, ownership: I64, price: F64) -> Mask:
    """Homes with the kind of bed that would take somebody: (applicants, homes).

    Args:
        ability: (applicants,) codes.
        means: (applicants,) yuan per month.
        destitute: (applicants,) who is placed free of charge, in homes that are not private.
        has_kind: (homes, 2) whether there are open beds of a kind.
        ownership: (homes,) codes.
        price: (homes, 4) yuan per month by ability.
    """
    fits = np.zeros((len(ability), len(ownership)), np.bool_)
    for i in range(len(ability)):
        kind = 1 if ability[i] >= _MODERATE else 0
        for j in range(len(ownership)):
            pays = price[j, ability[i]] <= means[i] and not destitute[i]
            fits[i, j] = has_kind[j, kind] and (pays or ownership[j] != _PRIVATE)
    return fits


@njit(cache=True)
def utility(  # noqa: D417 - columns are told in groups
    ids: U64, home_ids: U64, key_taste: np.uint64, price: F64, ability: I64, home_district: I64,
    district: I64, quality: F64, integrated: Mask, country: Mask, rural: Mask, means: F64,
    price_weight: F64, free: Mask, wanted: Mask, taste_weight: float, shortfall_weight: float,
    district_weight: float, integrated_weight: float, country_weight: float, town_weight: float, above: F64,
) -> F64:  # fmt: skip
    """See `Chooser.utility`; a taste is a Gumbel draw of the pair, from a number 1e-15 away from 0 and 1.

    Most homes are worse than going on at home: where the most that the taste may be, by the leading digits of
    the number drawn, leaves a home below `above`, its two logarithms are spared and it has no utility.

    Args:
        ids .. wanted: as there; `price` (homes, 4) and `means` in thousands of yuan per month,
            `price_weight` (applicants,), `quality` (homes,) by owner and reputation, `free` who pays nothing.
        above: (applicants,) only homes of a higher utility are asked for; -inf for all.
    """
    found, drawn = np.full(wanted.shape, -np.inf), np.empty(len(home_ids))
    for i in range(len(ids)):
        nursing = ability[i] >= _MODERATE
        for j in range(len(home_ids)):  # in a loop of their own, which runs on vectors
            drawn[j] = draw(key_taste, pair_id(ids[i], home_ids[j]))
        for j in range(len(home_ids)):
            if wanted[i, j]:
                u = min(max(drawn[j], 1e-15), 1 - 1e-15)
                burden = 0.0
                if not free[i]:
                    charge = price[j, ability[i]]
                    burden = price_weight[i] * charge + shortfall_weight * max(charge - means[i], 0.0)
                away = district_weight if home_district[j] != district[i] else 0.0
                care = integrated_weight if nursing and integrated[j] else 0.0
                place = 0.0
                if country[j] != rural[i]:
                    place = country_weight if country[j] else town_weight
                most = taste_weight * _MOST_TASTE[int(u * _DIGITS)]
                if quality[j] + most - burden - away + care - place < above[i] - _ROUNDING:
                    continue
                value = quality[j] - taste_weight * np.log(-np.log(u)) - burden - away + care - place
                found[i, j] = value
    return found


@njit(cache=True)
def named(  # noqa: D417 - columns are told in groups
    values: F64, fits: Mask, above: F64, patient: F64, destitute: Mask, most: int, ids: U64, home_ids: U64,
    key_accept: np.uint64, first: float, lower: F64,
) -> tuple[I64, I64]:  # fmt: skip
    """The homes that applicants name, best first, and whether an offer there would be taken.

    Args:
        values: (applicants, homes) utility.
        fits: (applicants, homes) which would take them.
        above: (applicants,) utility that a home must exceed.
        patient: (applicants,) how much worse than the best a home may be; not asked of the destitute.
        destitute: (applicants,) who take any offer.
        most: homes that are named.
        ids: (applicants,) identities; `home_ids` those of homes.
        key_accept: of the draws.
        first: chance that an offer of the best home is taken.
        lower: (applicants,) chance that one of another home is.

    Returns:
        (named,) twice the home, and 1 more where an offer would be taken, of one applicant after the other;
        (applicants,) how many are named.
    """
    homes = values.shape[1]
    most = min(most, homes)
    counts = np.zeros(len(ids), np.int64)
    codes = np.empty(len(ids) * most, np.int64)
    best = np.empty(most, np.int64)
    total = 0
    for i in range(len(ids)):
        least = -np.inf
        if not destitute[i]:
            highest = -np.inf
            for j in range(homes):
                if fits[i, j] and values[i, j] > above[i] and values[i, j] > highest:
                    highest = values[i, j]
            least = highest - patient[i]
        n = 0
        for j in range(homes):
            value = values[i, j]
            if not (fits[i, j] and value > above[i] and value >= least):
                continue
            if n == most and not value > values[i, best[n - 1]]:
                continue
            at = n if n < most else n - 1
            while at > 0 and value > values[i, best[at - 1]]:
                best[at] = best[at - 1]
                at -= 1
            best[at] = j
            n = min(n + 1, most)
        for rank in range(n):
            drawn = draw(key_accept, pair_id(ids[i], home_ids[best[rank]]))
            takes = drawn < (first if rank == 0 else lower[i]) or destitute[i]
            codes[total] = 2 * best[rank] + (1 if takes else 0)
            total += 1
        counts[i] = n
    return codes[:total], counts
