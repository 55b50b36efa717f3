"""Who lives with whom at the start: living arrangements raked to the census, and spouses.

Per district, residents aged 60+ in family households are raked by sex, age band, arrangement (alone, couple
only, others) and number of persons aged 65+ in the household to: the census counts by sex and age less those
outside family households; one, two and three or more persons aged 65+ in a household (census of households);
national shares living alone and as a couple. The seed is the national share of the married by sex and age.
Households of two persons aged 65+ that are couples only hold as many men as women.
Residents outside family households (65+ less those in households with one, two, three persons 65+) are
`COLLECTIVE`; the residents of homes are drawn from them, so homes can't hold more than the census leaves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Living, Sex
from sim.population.rake import ipf, largest_remainder, round_two_way
from sim.population.rows import Rows
from sim.streams import START, Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]

BANDS = 6
"""60-64 to 80-84, and 85+."""
_LIVING = 3
_HH = 4
"""Household column: 0 for those of 60-64 (the census of households leaves them out), else persons 65+."""
_PERSONS_65 = np.array([1, 2, 3])
_COUPLE = 2
"""Household column of two persons aged 65+: the couples of two old people live there."""


def collective_65plus(persons: I64, by_65plus: I64) -> I64:
    """Residents aged 65+ outside family households, per district.

    Args:
        persons: (districts,) residents aged 65+.
        by_65plus: (districts, 3) households with one, two, three or more persons aged 65+; three or more is
            counted as three, so the result is an upper bound.
    """
    return np.asarray(persons - by_65plus @ _PERSONS_65)


def rake_district(persons: I64, by_65plus: I64, alone: float, couple: float, married: F64) -> I64:
    """Whole numbers of residents by sex, band, arrangement and household column: (2, 6, 3, 4).

    Args:
        persons: (2, 6) residents in family households by sex and band.
        by_65plus: (3,) households with one, two, three or more persons aged 65+.
        alone: share living alone, of all in households.
        couple: share living with the spouse only.
        married: (2, 6) share of the married, the seed.

    Raises:
        ValueError: if the margins contradict each other.
    """
    shape = (2, BANDS, _LIVING, _HH)
    sex, band, living, column = np.indices(shape)
    seed = np.ones(shape)
    seed[:, :, Living.COUPLE, :] = married[:, :, None]
    seed[:, :, Living.ALONE, :] = 1 - married[:, :, None]
    seed[(band == 0) != (column == 0)] = 0
    seed[(living == Living.ALONE) & (column > 1)] = 0
    seed[(living == Living.COUPLE) & (column > _COUPLE)] = 0
    # an arrangement is no likelier for those aged 65+ because it may be in more household columns
    seed /= np.maximum((seed > 0).sum(axis=3, keepdims=True), 1)
    total = persons.sum()
    households = np.concatenate([[persons[:, 0].sum()], by_65plus * _PERSONS_65]).astype(np.float64)
    margins = [
        (sex * BANDS + band, persons.reshape(-1).astype(np.float64)),
        (column, households),
        (living, np.array([alone, couple, 1 - alone - couple]) * total),
    ]
    fitted = ipf(seed, margins)
    both_old = (living == Living.COUPLE) & (column == _COUPLE)
    half = fitted[both_old].sum() / 2
    fitted = ipf(fitted, [*margins, (np.where(both_old, sex, -1), np.array([half, half]))])
    return _whole(fitted, persons, households.astype(np.int64))


def _whole(fitted: F64, persons: I64, households: I64) -> I64:
    """Round so that sex, band and household columns stay exact, and couples of two aged 65+ stay paired."""
    columns: list[tuple[int, int, int]] = []  # arrangement, household column, sex (-1: both)
    totals: list[int] = []
    for column in range(_HH):
        parts = largest_remainder(fitted[:, :, :, column].sum(axis=(0, 1)), int(households[column]))
        for living in range(_LIVING):
            if column == _COUPLE and living == Living.COUPLE:
                odd = int(parts[living] % 2)
                parts[living] -= odd
                parts[Living.OTHERS] += odd
        for living in range(_LIVING):
            if column == _COUPLE and living == Living.COUPLE:
                columns += [(living, column, int(Sex.MALE)), (living, column, int(Sex.FEMALE))]
                totals += [int(parts[living]) // 2] * 2
            else:
                columns.append((living, column, -1))
                totals.append(int(parts[living]))
    cells, rows, labels = [], [], []
    for label, (living, column, only) in enumerate(columns):
        for sex in range(2):
            if only in (-1, sex):
                for band in range(BANDS):
                    cells.append((sex, band, living, column))
                    rows.append(sex * BANDS + band)
                    labels.append(label)
    index = tuple(np.array(cells).T)
    numbers = round_two_way(
        fitted[index], np.array(rows), np.array(labels), persons.reshape(-1), np.array(totals)
    )
    whole = np.zeros(fitted.shape, dtype=np.int64)
    whole[index] = numbers
    return whole


def assign(rows: Rows, band: I8, collective: NDArray[np.bool_], tables: list[I64]) -> tuple[I8, I8]:
    """Give each resident of 60+ an arrangement and a household column, in keyed order within the cell.

    Args:
        rows: the start population.
        band: (rows,) band 0 to 5, or -1 below 60.
        collective: (rows,) outside family households.
        tables: per district the whole numbers of `rake_district`.

    Returns:
        Arrangement (codes of `Living`, -1 below 60) and household column of each row.
    """
    living = np.full(len(rows.id), NEVER, dtype=np.int8)
    column = np.full(len(rows.id), NEVER, dtype=np.int8)
    living[collective] = Living.COLLECTIVE
    inside = np.flatnonzero((band >= 0) & ~collective)
    order = uniforms(key(0, Purpose.LIVING, START), rows.id[inside])
    group = (rows.district[inside].astype(np.int64) * 2 + rows.sex[inside]) * BANDS + band[inside]
    inside = inside[np.lexsort((order, group))]
    flat = np.concatenate([table.reshape(2 * BANDS, -1) for table in tables]).reshape(-1)
    kinds = np.tile(np.arange(_LIVING * _HH), len(tables) * 2 * BANDS)
    kind = np.repeat(kinds, flat)
    living[inside], column[inside] = np.divmod(kind, _HH)
    return living, column


_AGE_RANK = {"both": 0, "old": 0, "sixty": 1, "fifty": 2, "chosen": 2}


def pair_spouses(
    rows: Rows, living: I8, column: I8, couple_at_60: F64, younger: NDArray[np.int16]
) -> NDArray[np.int32]:  # fmt: skip
    """Spouses as row numbers; -1 for none. Arrangements of those below 60 are set in place.

    Couples are paired by rank of age within the district. Those aged 65+ who live with a younger spouse find
    one among 60-64 or 50-59; the rest of 50-59 is paired until the share of couples of 60-64 holds, and so is
    each five-year group below 50 by itself: who is younger changes nobody's spouse.

    Args:
        rows: the start population.
        living: arrangements from `assign`; rows below 60 are filled here.
        column: household columns from `assign`.
        couple_at_60: (districts,) share of couples among those of 60-64 in households.
        younger: (rows,) 0 from 50 on, else the number of the five-year group below 50, counted from 50 down.
    """
    spouse = np.full(len(rows.id), NEVER, dtype=np.int32)
    for district in range(len(couple_at_60)):
        here = rows.district == district
        men, women = (here & (rows.sex == sex) for sex in (Sex.MALE, Sex.FEMALE))
        couple = living == Living.COUPLE
        pools = {}
        for name, members in (("men", men), ("women", women)):
            pools[name, "both"] = np.flatnonzero(members & couple & (column == _COUPLE))
            pools[name, "old"] = np.flatnonzero(members & couple & (column == 1))
            pools[name, "sixty"] = np.flatnonzero(members & couple & (column == 0))
            pools[name, "fifty"] = np.flatnonzero(members & (living == NEVER) & (younger == 0))
        _marry(spouse, pools, "both", "both")
        _marry(spouse, pools, "old", "sixty")
        _marry(spouse, pools, "sixty", "old")
        _marry(spouse, pools, "sixty", "sixty")
        for left in ("old", "sixty"):
            _marry(spouse, pools, left, "fifty")
            _marry(spouse, pools, "fifty", left)
        for group in range(int(younger.max()) + 1):
            if group:
                for name, members in (("men", men), ("women", women)):
                    pools[name, "fifty"] = np.flatnonzero(members & (younger == group))
            least = min(len(pools["men", "fifty"]), len(pools["women", "fifty"]))
            wanted = int(couple_at_60[district] * least)
            for name in ("men", "women"):
                pool = pools[name, "fifty"]
                order = np.argsort(uniforms(key(0, Purpose.PARTNER, START), rows.id[pool]))
                pools[name, "chosen"] = np.sort(pool[order[:wanted]])
            _marry(spouse, pools, "chosen", "chosen")
    young = living == NEVER
    living[young & (spouse >= 0)] = Living.COUPLE
    return spouse


def _marry(spouse: NDArray[np.int32], pools: dict[tuple[str, str], I64], men: str, women: str) -> None:
    """Pair the men of one pool with the women of another by rank of age; those paired leave the pools.

    Rows are ordered by birth within sex and district, the oldest first. Between pools of like ages the
    youngest are paired; between an older and a younger pool, the youngest of the one with the oldest of the
    other.
    """
    him, her = pools["men", men], pools["women", women]
    count = min(len(him), len(her))
    from_start = {"men": _AGE_RANK[men] > _AGE_RANK[women], "women": _AGE_RANK[women] > _AGE_RANK[men]}
    chosen = {}
    for name, pool, key_ in (("men", him, men), ("women", her, women)):
        cut = count if from_start[name] else len(pool) - count
        chosen[name] = pool[:cut] if from_start[name] else pool[cut:]
        pools[name, key_] = pool[cut:] if from_start[name] else pool[:cut]
    spouse[chosen["men"]], spouse[chosen["women"]] = chosen["women"], chosen["men"]
