"""Families when they are first looked at: their children, and their strain at the start of a run.

Strain is where growth and rest are in balance, by expectation over past abilities.

Somebody of an ability came to it from the one above or below, in proportion to the flows between them. How
long ago is exponential with the rate at which they come, over those who are there: prevalence grows with age,
so more have come of late than leave. Strain has gone towards its present level since then. What it was on
coming is the mean of the ability come from, which follows from the same rule.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability
from sim.months import Month
from sim.population import family_hours
from sim.population.ability import AbilityTables
from sim.population.family_strain import strain_levels
from sim.population.family_terms import Terms
from sim.population.lifetable import FIRST_MONTHS, GRID
from sim.population.residents import Residents
from sim.quantiles import exponential, poisson_table
from sim.scenario.family_types import Families as Inputs
from sim.streams import START, Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Codes = NDArray[Any]

_ROUNDS = 12
"""After so many the means stand still to the third digit."""
_WORST = int(max(Ability))
_BLOCK = 256
_LONG = 240
"""Months after which nothing is left of strain."""


def meet(people: Residents, inputs: Inputs, seed: int, rows: I64) -> None:
    """Draw the children of families that are not known yet.

    Args:
        people: the residents; children near and far are written.
        inputs: about families.
        seed: of the replication.
        rows: whose families; those known are left as they are.
    """
    town, country = inputs.children_mean_urban.value, inputs.children_mean_rural.value
    family_hours.meet(
        rows, people.id, people.rural, poisson_table(town), poisson_table(country), inputs.near_share.value,
        key(seed, Purpose.CHILDREN, START), key(seed, Purpose.CHILD_NEAR, START),
        people.children_near, people.children_far,
    )  # fmt: skip


def age_cells(month: Month, people: Residents, rows: I64) -> I64:
    """Cells of the age completed at the end of a month."""
    age = month.index - people.birth[rows].astype(np.int64)
    return np.asarray(np.clip(age - FIRST_MONTHS, 0, GRID - 1))


class Start(NamedTuple):
    """The strain of families at the end of the month before the first.

    Attributes:
        before: the month.
        tables: monthly changes of life and ability.
        period: period of mortality.
        seed: of the replication.
    """

    before: Month
    tables: AbilityTables
    period: int
    seed: int

    def strain_outside(self, people: Residents, terms: Terms, rows: I64, can: F64) -> F64:
        """(n,) strain of the families of those in care need outside homes.

        Args:
            people: the residents.
            terms: inputs about families.
            rows: (n,) of those in care need outside homes.
            can: (n,) hours a week that their families can give while no carer is ill.
        """
        strain = terms.inputs.strain
        months, sustained = (strain.grows.value, strain.rests.value), strain.sustained_share.value
        level = [strain_levels(np.minimum(need, can), can, sustained) for need in terms.needed]
        levels = np.stack(level, axis=1)
        changes, ability = Changes.of(self.tables, self.period, months).flat(), people.ability[rows]
        cell = people.sex[rows].astype(np.int64) * GRID + age_cells(self.before, people, rows)
        entry = strain_on_entry(
            levels, cell, changes.from_better, changes.from_worse, changes.flow, changes.rises, changes.falls,
            ability,
        )  # fmt: skip
        elapsed = self._elapsed(people, rows, changes.renewed[cell, ability])
        return strain_now(levels[np.arange(len(rows)), ability], entry, elapsed, months)

    def rest_in_homes(self, people: Residents, inside: I64, leaving_per_month: float) -> None:
        """Write the strain of families of residents of homes, and when their care ended.

        A family whose resident needs care was as strained as can be on the move and has rested since, so
        long as is exponential with the hazard of leaving the home.

        Args:
            people: the residents.
            inside: rows of residents of homes.
            leaving_per_month: hazard of leaving a home alive.
        """
        people.strain_at_end[inside] = people.ability[inside] >= Ability.MILD
        cell = age_cells(self.before, people, inside)
        death = self.tables.death[self.period][people.sex[inside], cell, people.ability[inside]]
        elapsed = self._elapsed(people, inside, death + leaving_per_month)
        people.care_ended[inside] = self.before.index - np.minimum(elapsed, _LONG).astype(np.int64)

    def _elapsed(self, people: Residents, rows: I64, rate: F64) -> F64:
        """Months that a state has lasted: exponential, by a rate a month."""
        drawn = uniforms(key(self.seed, Purpose.STRAIN_AT_START, START), people.id[rows])
        return np.asarray(exponential(drawn, 1.0) / np.maximum(rate, 1e-9))


class Changes(NamedTuple):
    """Who comes to an ability in a month, by sex and age; each (2, GRID, 4) or flat, see `flat`.

    Attributes:
        from_better: share of all who come from the ability before; `from_worse` from the next.
        flow: both, above 0; `renewed` over those there.
        rises, falls: share of the way to a level of strain above, and below, that is gone on the mean.
    """

    from_better: F64
    from_worse: F64
    flow: F64
    renewed: F64
    rises: F64
    falls: F64

    @classmethod
    def of(cls, tables: AbilityTables, period: int, months: tuple[float, float]) -> Changes:
        """Take the tables of a period; `months` after which two thirds of the way up, and down, are gone."""
        share, (up, down) = tables.prevalence, months
        from_better, from_worse = np.zeros_like(share), np.zeros_like(share)
        from_better[..., 1:] = (share * tables.worsen[period])[..., :-1]
        from_worse[..., :-1] = (share * tables.recover[period])[..., 1:]
        flow = np.maximum(from_better + from_worse, 1e-12)
        renewed = flow / np.maximum(share, 1e-12)
        rises, falls = (1 / up) / (1 / up + renewed), (1 / down) / (1 / down + renewed)
        return cls(from_better, from_worse, flow, renewed, rises, falls)

    def flat(self) -> Changes:
        """With one axis of sex and age: (2 GRID, 4)."""
        return Changes(*(table.reshape(-1, table.shape[-1]) for table in self))


@njit(cache=True, error_model="numpy")
def strain_on_entry(  # noqa: D417 - columns are told in groups
    level: F64, cell: I64, from_better: F64, from_worse: F64, flow: F64, rises: F64, falls: F64,
    ability: Codes,
) -> F64:  # fmt: skip
    """(n,) mean strain with which families come to the ability that their resident has.

    Families are taken together in blocks, so that divisions run on vectors.

    Args:
        level: (n, 4) level of strain by ability, see `family_strain.strain_level`.
        cell: (n,) of sex and age in `Changes.flat`.
        from_better .. falls: of `Changes.flat`.
        ability: (n,) that the residents have.
    """
    found = np.zeros(len(level))
    mean = np.zeros((_WORST + 2, _BLOCK))  # nobody comes from beyond the worst
    shape = (_WORST + 1, _BLOCK)
    better, worse, all_, aim = np.zeros(shape), np.zeros(shape), np.ones(shape), np.zeros(shape)
    up, down, entry = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for first in range(0, len(level), _BLOCK):
        n = min(_BLOCK, len(level) - first)
        for at in range(n):
            row, of = first + at, cell[first + at]
            for state in range(_WORST + 1):
                aim[state, at] = mean[state, at] = level[row, state]
                better[state, at], worse[state, at] = from_better[of, state], from_worse[of, state]
                all_[state, at] = flow[of, state]
                up[state, at], down[state, at] = rises[of, state], falls[of, state]
        for _ in range(_ROUNDS):
            for state in range(1, _WORST + 1):
                _round(
                    better[state], mean[state - 1], worse[state], mean[state + 1], all_[state], aim[state],
                    up[state], down[state], entry[state], mean[state],
                )  # fmt: skip
        for at in range(n):
            found[first + at] = entry[ability[first + at], at]
    return found


@njit(cache=True, error_model="numpy")
def _round(
    better: F64, mean_before: F64, worse: F64, mean_next: F64, flow: F64, aim: F64, rises: F64, falls: F64,
    entry: F64, mean: F64,
) -> None:  # fmt: skip
    """Strain on entry, and then the mean, of one ability from the means of its neighbours."""
    for at in range(len(mean)):
        met = (better[at] * mean_before[at] + worse[at] * mean_next[at]) / flow[at]
        entry[at] = met
        mean[at] = met + (aim[at] - met) * (rises[at] if aim[at] > met else falls[at])


def strain_now(level: F64, entry: F64, elapsed: F64, months: tuple[float, float]) -> F64:
    """(n,) strain so many months after an ability was come to with some strain, on its way to its level."""
    pace = 1 / np.where(level > entry, *months)
    return np.asarray(level + (entry - level) * np.exp(-elapsed * pace))
