"""Counts of the census of households: the place's table, or national shares laid over its people.

A place may have no more than a table of people by age and sex. Then the shares of those aged 65+ by the
number of persons aged 65+ in their household, and the share of urban residents, stand in for the table.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.scenario.inputs import GROUP_YEARS, Census, Households, read_census, read_households
from sim.scenario.types import Scenario

_OLD = 65
_SIXTY = 60
_TIGHT = 0.01
"""How far below the most that is possible a share must stay: so close to it the fit does not end."""
_WHOLE = 1_000_000
"""Residents over which the urban share is laid: only the quotient is read."""


def household_counts(scenario: Scenario, census: Census) -> Households:
    """The household counts of the districts, in the order of the scenario.

    Args:
        scenario: the table of households, or the shares that stand in for it.
        census: residents by age and sex.
    """
    codes = [district.id for district in scenario.place.districts]
    if scenario.tables.households is not None:
        return read_households(scenario.tables.households, codes)
    families = scenario.families
    old = census.persons[:, :, census.age_from > _OLD - GROUP_YEARS].sum(axis=(1, 2))
    shares = np.array(
        [families.with_one_65plus.value, families.with_two_65plus.value, families.with_three_65plus.value]
    )
    by_65plus = np.floor(old[:, None] * shares / np.arange(1, 4)).astype(np.int64)
    whole = np.full(len(codes), _WHOLE, dtype=np.int64)
    urban = np.rint(whole * scenario.population.urban_share.value).astype(np.int64)
    return Households(whole, urban, by_65plus[:, 0], by_65plus)


def too_many(scenario: Scenario) -> Iterator[tuple[str, tuple[str, float, float]]]:
    """Shares of people alone or in couples for which the households of a district have no room.

    Whoever lives alone is 60 to 64 or the only person aged 65+ of the household; of a couple there are two at
    most. `sim.population.households` could not fit a table to other shares.

    Yields:
        Key of the share; id of the district, the share, and the most that it can be there.
    """
    codes = [district.id for district in scenario.place.districts]
    census = read_census(scenario.tables.census, codes)
    counts = household_counts(scenario, census)
    sixty = census.persons[:, :, census.age_from == _SIXTY].sum(axis=(1, 2))
    persons = np.column_stack([sixty, counts.by_65plus * np.arange(1, 4)])
    room = persons.cumsum(axis=1) / persons.sum(axis=1)[:, None] - _TIGHT
    alone, couple = scenario.families.alone_share.value, scenario.families.couple_share.value
    for district, (_, one, two, _) in zip(codes, room.tolist(), strict=True):
        if alone > one:
            yield "alone_share", (district, alone, one)
        elif alone + couple > two:
            yield "couple_share", (district, couple, max(two - alone, 0.0))
