"""What all replications of a scenario share: rows, families, hazards, who may live in a home at the start.

Nothing here depends on the seed of a run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability, Living
from sim.population import ability, households, lifetable, rows
from sim.population.equilibrium import HomeStays, home_stays
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.scenario import inputs
from sim.scenario.household_counts import household_counts
from sim.scenario.people_types import Groups
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, uniforms

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I16 = NDArray[np.int16]
I8 = NDArray[np.int8]

_BAND_MONTHS = 5 * 12
FIFTY = SIXTY - 10 * 12
"""Cell of the 50th birthday."""
_SPARE_COLLECTIVE = 1.15
"""Residents outside family households over expected residents of homes, where the census leaves so many."""


@dataclass(frozen=True)
class HomeResidents:
    """Joint probabilities of living in a home at the start, of being destitute, and of ability.

    Attributes:
        in_home: (2, GRID) share of all who live in a home.
        destitute: (2 [outside, inside], 2, GRID) probability of being destitute.
        ability: (2 [outside, inside], 2 [not destitute, destitute], 2, GRID, 3) cumulated shares of ability.
    """

    in_home: F64
    destitute: F64
    ability: F64


@dataclass(frozen=True, eq=False)  # one is equal to itself alone: what follows from it is kept by it
class Base:
    """Start population without chance, and the hazards of the run.

    Attributes:
        rows: identity columns.
        rural, living, spouse: columns of the start.
        may_be_home: (rows,) probability of living in a home at the start.
        tables: monthly changes of life and ability; `mortality` hazards per year (periods, 2, GRID).
        periods: first years of the periods.
        homes: joint probabilities of the start.
        stays: residents of homes in balance.
        living_shares: (districts, 3) alone, couple, others of 60-64 in households, for those who arrive.
        expected: (districts, 2, GRID) residents by month of age at the start, for arrivals.
    """

    rows: rows.Rows
    rural: NDArray[np.bool_]
    rural_share: F64
    living: NDArray[np.uint8]
    spouse: NDArray[np.int32]
    may_be_home: F32
    tables: ability.AbilityTables
    mortality: F64
    source: inputs.Mortality
    homes: HomeResidents
    stays: HomeStays
    living_shares: F64
    expected: F64


def unable_mask(groups: Groups) -> NDArray[np.bool_]:
    """(4,) abilities that count as unable to care for oneself."""
    first = Ability[groups.unable_from.upper()]
    return np.arange(len(Ability)) >= first


def wishing(groups: Groups) -> F64:
    """(4,) rank of the wish below which a destitute resident of an ability wants a home."""
    return np.where(unable_mask(groups), groups.wish_unable.value, groups.wish_able.value)


def joint_homes(prevalence: F64, share: F64, groups: Groups) -> HomeResidents:
    """Joint probabilities of home, destitution and ability (Bayes' rule over the inputs).

    Args:
        prevalence: (2, GRID, 4).
        share: (2, GRID, 4) in homes among those not destitute.
        groups: shares of the destitute, and of them in homes.
    """
    unable = unable_mask(groups)
    share_destitute = np.where(
        unable, groups.in_homes_unable_at_start.value, groups.in_homes_able_at_start.value
    )
    weight = np.array([1 - groups.destitute.value, groups.destitute.value])
    inside = np.stack([share, np.broadcast_to(share_destitute, share.shape)])  # (destitute, 2, GRID, 4)
    joint = np.stack([(1 - inside) * prevalence, inside * prevalence])  # (home, destitute, 2, GRID, 4)
    joint *= weight[None, :, None, None, None]
    by_destitute = joint.sum(axis=-1)
    by_home = by_destitute.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        destitute = np.nan_to_num(by_destitute[:, 1] / by_home)
        cumulated = np.nan_to_num(np.cumsum(joint, axis=-1)[..., :3] / by_destitute[..., None], nan=1.0)
    return HomeResidents(by_home[1], destitute, cumulated)


def with_admissions(base: Base, scenario: Scenario, admission: F64) -> Base:
    """The base with other hazards of admission, quickly: who may live in a home stays outside households.

    Good for a trial: rows and households stay, chances of living in a home follow the new shares.
    """
    period = lifetable.period_of(base.source, scenario.horizon.first.year)
    stays = home_stays(base.tables, admission, scenario.leaving.per_year.value, period)
    homes = joint_homes(base.tables.prevalence, stays.share, scenario.groups)
    may = np.flatnonzero(base.may_be_home)
    age = scenario.horizon.first.index - 1 - base.rows.birth[may].astype(np.int64)
    at = base.rows.sex[may], np.clip(age - FIRST_MONTHS, 0, GRID - 1)
    before = base.homes.in_home[at]
    times = np.divide(homes.in_home[at], before, out=np.zeros(len(before)), where=before > 0)
    chance = np.zeros(len(base.may_be_home), np.float32)
    chance[may] = np.minimum(base.may_be_home[may] * times, 1.0)
    return replace(base, homes=homes, stays=stays, may_be_home=chance)


def build(scenario: Scenario, admission: F64) -> Base:
    """Build the base of a scenario.

    Args:
        scenario: the checked scenario.
        admission: (GRID, 4) hazard of admission per year of those not destitute, from `sim.choice`.
    """
    codes = [district.id for district in scenario.place.districts]
    census = inputs.read_census(scenario.tables.census, codes)
    counts = household_counts(scenario, census)
    source = inputs.read_mortality(scenario.tables.mortality)
    mortality = lifetable.hazards(source, scenario.population.mortality_level_80plus.value)
    curve = ability.prevalence_curve(
        *inputs.read_prevalence(scenario.tables.prevalence, scenario.population.prevalence_scenario)
    )
    start = scenario.horizon.first
    tables = ability.solve(mortality, curve, scenario.population)
    period = lifetable.period_of(source, start.year)
    shape = rows.single_year_shape(inputs.read_single_years(scenario.tables.single_years), mortality[period])
    by_month = rows.cells(census, shape)
    people = rows.expand(by_month, start, rows.first_age(scenario.horizon.months))
    stays = home_stays(tables, admission, scenario.leaving.per_year.value, period)
    homes = joint_homes(curve, stays.share, scenario.groups)

    # of a million people: small integers, or what is dropped here is the most memory that a run ever takes
    cell = np.clip(start.index - 1 - people.birth - FIRST_MONTHS, 0, GRID - 1)  # of completed months
    band = np.where(cell >= SIXTY, np.minimum((cell - SIXTY) // _BAND_MONTHS, households.BANDS - 1), -1)
    band = band.astype(np.int8)
    collective, may_be_home = _collective(people, band, cell, counts.by_65plus, homes.in_home)
    married_from, married = inputs.read_marital(scenario.tables.marital)
    at = np.clip(
        np.searchsorted(married_from, 60 + 5 * np.arange(households.BANDS), side="right") - 1, 0, None
    )
    raked = []
    for district in range(len(codes)):
        inside = (people.district == district) & (band >= 0) & ~collective
        persons = np.bincount(
            people.sex[inside] * households.BANDS + band[inside], minlength=2 * households.BANDS
        )
        raked.append(
            households.rake_district(
                persons.reshape(2, -1),
                counts.by_65plus[district],
                scenario.families.alone_share.value,
                scenario.families.couple_share.value,
                married[:, at],
            )
        )
    living, column = households.assign(people, band, collective, raked)
    sixties = np.array([table[:, 0].sum(axis=(0, 2)) for table in raked], dtype=np.float64)
    sixties /= sixties.sum(axis=1, keepdims=True)
    younger = np.maximum(FIFTY - 1 - cell, -1) // _BAND_MONTHS + 1  # five-year groups below 50: 1, 2, 3
    spouse = households.pair_spouses(people, living, column, sixties[:, Living.COUPLE], younger)
    rural_share = 1 - counts.urban / counts.persons
    single = living < 0  # of 50-59 without spouse: alone or with others, as those of 60-64 without one
    alone = sixties[:, Living.ALONE] / (sixties[:, Living.ALONE] + sixties[:, Living.OTHERS])
    lives = uniforms(key(0, Purpose.LIVING, START), people.id[single])
    living[single] = np.where(lives < alone[people.district[single]], Living.ALONE, Living.OTHERS)
    expected = np.zeros((len(codes), 2, GRID))
    expected[:, :, : by_month.shape[2]] = by_month
    kept, partner = _relevant(cell, spouse, scenario.horizon.months)
    people = rows.Rows(*(getattr(people, name)[kept] for name in ("id", "birth", "sex", "district")))
    rural = uniforms(key(0, Purpose.RURAL, START), people.id) < rural_share[people.district]
    return Base(
        people, rural, rural_share, living[kept].astype(np.uint8), partner,
        may_be_home[kept], tables, mortality, source, homes, stays, sixties, expected,
    )  # fmt: skip


def _relevant(
    cell: I16, spouse: NDArray[np.int32], months: int
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Rows that a run needs: who is or turns 60 in it, and their spouses; and spouses by new row number."""
    old = cell >= SIXTY - months
    kept = old | ((spouse >= 0) & old[spouse])
    number = np.cumsum(kept, dtype=np.int32) - 1
    partner = spouse[kept]
    return kept, np.where(partner >= 0, number[partner], np.int32(-1)).astype(np.int32)


def _collective(
    people: rows.Rows, band: I8, cell: I16, by_65plus: I64, in_home: F64
) -> tuple[NDArray[np.bool_], F32]:
    """Who lives outside family households, and the probability of each row of living in a home.

    Aged 65+: as many per district as the census leaves, with weights that follow the residents of homes.
    """
    collective, may_be_home = np.zeros(len(band), dtype=bool), np.zeros(len(band), np.float32)
    for district in range(len(by_65plus)):  # one after another: columns of a million are much memory
        here = np.flatnonzero((people.district == district) & (band >= 0))
        chance = in_home[people.sex[here], cell[here]]
        drawn = uniforms(key(0, Purpose.COLLECTIVE, START), people.id[here])
        old = band[here] >= 1
        number = int(max(households.collective_65plus(np.array([old.sum()]), by_65plus[[district]])[0], 0))
        wanted = chance[old].sum() * _SPARE_COLLECTIVE
        spare = max(number - wanted, 0) / max(old.sum(), 1)
        scale = min(number / wanted, 1.0) * _SPARE_COLLECTIVE if wanted > 0 else 0.0
        weight = np.where(old, np.clip(chance * scale + spare, 1e-12, 1), chance * _SPARE_COLLECTIVE)
        chosen = ~old & (drawn < weight)
        race = -np.log1p(-drawn[old]) / weight[old]
        first = np.argpartition(race, number)[:number] if number < len(race) else slice(None)
        chosen[np.flatnonzero(old)[first]] = True
        may = np.divide(chance, weight, out=np.zeros_like(chance), where=weight > 0)
        collective[here] = chosen
        may_be_home[here] = np.where(chosen, np.minimum(may, 1.0), 0.0)
    return collective, may_be_home
