"""What indicators may look at: the state of a region at the end of a month, plan inputs included."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.indicators import services, sites
from sim.indicators.homes import HomesNow
from sim.policy.estates_rules import AreaRules
from sim.scenario.bed_types import HomeFeature, PipelineBeds, PipelineSites
from sim.scenario.coverage_types import Coverage
from sim.scenario.plan_types import CentralProject, Estate, Proximity, Register, RegisterValue
from sim.scenario.subsidy_types import StarHomes

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Destitute:
    """Destitute residents aged 60+ who are here at the end of a month; arrays of one shape.

    Attributes:
        unable: unable to care for themselves all month; `willing`: wish collective support.
        in_home: live in a home; `all_month`: were here, of age and so entitled from the first day on.
        days_waiting: days on the list so far, NaN for who is on none.
    """

    unable: Mask
    willing: Mask
    in_home: Mask
    all_month: Mask
    days_waiting: F64


@dataclass(frozen=True)
class State:
    """What indicators may look at.

    Attributes:
        month: month index.
        notice: month index of the notice.
        registered: (homes, 2) registered beds by kind; `at_notice`: (2,) of all homes at the end of the
            month of the notice.
        chain_integrated: (homes,) chain homes with integrated medical care.
        persons: denominator name -> persons.
        destitute: for the rates of collective support.
        overdue_after_days: days on the list after which someone willing is unmet.
        pipeline, sites, coverage: plan inputs; `required`: functions that a centre must have.
        social_workers: of homes, and in the community; None where unknown.
        estates, registers, central_projects, proximity: plan inputs, see `sim.scenario.plan_types`.
        new_estates, existing_estates: what the law asks of them.
        spent_fen, budget_fen: of the last complete year of the budget, for the measures that it is for.
        lottery_fen: of the calendar year: spent on elderly care, and the fund; None where unknown.
        home_community_fen: of the calendar year: posted to the city for care at home and in the community;
            None where services of unknown cost may make up what is missing.
        services: service -> persons served, persons entitled; None where unknown.
        all_month: service -> who was served, who was entitled from the first day to the last.
        given_in_year: service -> persons or households given their units in the calendar year.
        month_rates: service by visits -> its monthly rates of the calendar year; none where unknown.
        reached: residents in need who have a service or a place in a home, and all in need.
        homes: the homes; `features` what the scenario counts of them; `star_homes` their grades.
        districts: ids of the districts.
        conditions: indicator -> label -> number: to whom a law applies what it asks.
    """

    month: int
    notice: int
    registered: I64
    at_notice: I64
    chain_integrated: Mask
    persons: dict[str, float]
    destitute: Destitute
    overdue_after_days: float
    pipeline: list[PipelineBeds]
    sites: list[PipelineSites]
    coverage: Coverage
    required: tuple[str, ...]
    social_workers: tuple[float | None, float | None] = (None, None)
    estates: list[Estate] = field(default_factory=list)
    registers: Mapping[Register, list[RegisterValue]] = field(default_factory=dict)
    central_projects: list[CentralProject] = field(default_factory=list)
    proximity: Proximity | None = None
    new_estates: AreaRules = field(default_factory=AreaRules)
    existing_estates: AreaRules = field(default_factory=AreaRules)
    spent_fen: int = 0
    budget_fen: int = 0
    lottery_fen: tuple[int | None, int | None] = (None, None)
    home_community_fen: int | None = 0
    services: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    all_month: Mapping[str, tuple[Mask, Mask]] = field(default_factory=dict)
    given_in_year: Mapping[str, int] = field(default_factory=dict)
    month_rates: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    reached: tuple[int, int] | None = None
    homes: HomesNow = field(default_factory=HomesNow.none)
    features: Mapping[HomeFeature, int | None] = field(default_factory=dict)
    star_homes: list[StarHomes] = field(default_factory=list)
    districts: tuple[str, ...] = ()
    conditions: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def sites_of(self, kind: str) -> tuple[I64, I64, Mask]:
        """Months of completion, sites and completeness of the pipeline's sites of a kind."""
        items = [item for item in self.sites if item.kind == kind]
        return (
            np.array([item.completes_month.index for item in items], dtype=np.int64),
            np.array([item.sites for item in items], dtype=np.int64),
            np.array([services.has_functions(item.functions, self.required) for item in items], dtype=bool),
        )

    def site_count(self, kinds: Collection[str]) -> int:
        """Sites of some kinds that are complete."""
        return sites.completed(self.sites, kinds, self.month)

    def centres(self) -> int:
        """Complete centres built by the pipeline."""
        return services.centres_built(*self.sites_of("subdistrict_centre"), self.month)
