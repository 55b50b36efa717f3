"""Counts of the census of households: the place's table, or national shares laid over its people.

A place may have no more than a table of people by age and sex. Then the shares of those aged 65+ by the
number of persons aged 65+ in their household, and the share of urban residents, stand in for the table.
"""

from __future__ import annotations

import numpy as np

from sim.scenario.inputs import GROUP_YEARS, Census, Households, read_households
from sim.scenario.types import Scenario

_OLD = 65
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
