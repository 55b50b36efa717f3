"""A scenario as a frozen, checked type: every input of the model by name, unit and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, FilePath, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.scenario.bed_types import Homes, PipelineBeds, PipelineSites
from sim.scenario.charge_types import Charge
from sim.scenario.coverage_types import Coverage
from sim.scenario.dates import MonthText
from sim.scenario.family_types import Families
from sim.scenario.lever_types import Levers
from sim.scenario.mechanism_types import Mechanisms
from sim.scenario.people_types import (
    Applying,
    Choosing,
    Groups,
    Leaving,
    Means,
    Population,
    WaitingList,
)
from sim.scenario.plan_types import (
    CentralProject,
    Estate,
    Money,
    Proximity,
    Register,
    RegisterValues,
    Staff,
)
from sim.scenario.quantity import (
    Frozen,
    Quantity,
    Share,
    Text,
    Yuan,
    add_up_to_one,
    plainly,
)
from sim.scenario.service_types import Service
from sim.scenario.subsidy_types import Subsidies
from sim.scenario.uncertain_types import Uncertain

SCHEMA_VERSION = 1
LONGEST_HORIZON_MONTHS = 300
"""The census table starts at age 35, so nobody who turns 60 later than this is known."""
Payer = Literal["centre", "region", "city", "district", "family"]


class Horizon(Frozen):
    """First and last month of the run."""

    start: MonthText
    end: MonthText

    @model_validator(mode="after")
    def _ordered(self) -> Horizon:
        if self.months > LONGEST_HORIZON_MONTHS:
            latest = Month.parse(self.start).plus(LONGEST_HORIZON_MONTHS - 1)
            raise PydanticCustomError(
                "horizon", "ends too late", {"found": self.end, "allowed": f"<= {latest}"}
            )
        if Month.parse(self.end) < Month.parse(self.start):
            raise PydanticCustomError(
                "horizon", "ends before it starts", {"found": self.end, "allowed": f">= {self.start}"}
            )
        return self

    @property
    def first(self) -> Month:
        """First month."""
        return Month.parse(self.start)

    @property
    def months(self) -> int:
        """Number of months, both ends included."""
        return Month.parse(self.end).minus(self.first) + 1


class District(Frozen):
    """A county-level unit of the place; its code is quoted text."""

    id: str
    zh: str
    en: str


class Place(Frozen):
    """The place: who it is, and its parts."""

    id: str
    zh: str
    en: str
    districts: list[District] = Field(min_length=1)


class Tables(Frozen):
    """The CSV tables of a scenario; their columns are in `sim.scenario.inputs`.

    Without a table of households the shares of `population` and `families` stand in, see
    `sim.scenario.household_counts`.
    """

    census: FilePath
    households: FilePath | None = None
    single_years: FilePath
    mortality: FilePath
    prevalence: FilePath
    marital: FilePath


class Norms(Frozen):
    """Planning norms that turn need into beds."""

    institutional_share: Share
    mainly_nursing_share: Share | None = None


_READ_BY_MONTH = ("population.net_migration_per_year", "money.", "staff.", "services.", "rates.", "levers.")
"""Where dated `changes` are read month by month; elsewhere they would be without effect."""


def _changing(part: object, path: str = "") -> Iterator[str]:
    """Paths of the quantities that have dated changes."""
    if isinstance(part, Quantity):
        if part.changes:
            yield path
    elif isinstance(part, Frozen):
        for name in type(part).model_fields:
            yield from _changing(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _changing(value, f"{path}.{name}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _changing(value, f"{path}.{index}")


class Scenario(Frozen):
    """Everything that one run needs, and nothing else.

    Raises:
        pydantic.ValidationError: with every fault at once; `sim.scenario.resolve` locates them.
    """

    schema_version: Literal[1]
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    title: Text
    place: Place
    horizon: Horizon
    policy: FilePath
    tables: Tables
    population: Population
    families: Families
    groups: Groups
    means: Means
    applying: Applying
    choosing: Choosing
    waiting_list: WaitingList
    leaving: Leaving
    homes: Homes
    pipeline: list[PipelineBeds] = Field(default_factory=list)
    sites: list[PipelineSites] = Field(default_factory=list)
    services: list[Service] = Field(default_factory=list)
    coverage: Coverage = Field(default_factory=Coverage)
    norms: Norms
    staff: Staff
    estates: list[Estate] = Field(default_factory=list)
    registers: dict[Register, RegisterValues] = Field(default_factory=dict)
    central_projects: list[CentralProject] = Field(default_factory=list)
    proximity: Proximity | None = None
    money: Money
    mechanisms: Mechanisms = Field(default_factory=Mechanisms)
    levers: Levers = Field(default_factory=Levers)
    operators: Literal["fixed", "responsive"] = "fixed"
    beds_unlimited: bool = False
    rates: dict[str, Yuan] = Field(default_factory=dict)
    payers: dict[str, dict[Payer, float]] = Field(default_factory=dict)
    charges: list[Charge] = Field(default_factory=list)
    subsidies: Subsidies = Field(default_factory=Subsidies)
    uncertain: list[Uncertain] = Field(default_factory=list)

    @model_validator(mode="after")
    def _starts_at_census(self) -> Scenario:
        if self.horizon.start != self.population.census_month:
            context = {
                "found": self.horizon.start,
                "allowed": self.population.census_month,
                "key": "horizon.start",
            }
            raise PydanticCustomError("start_at_census", "the population is that of {allowed}", context)
        return self

    @model_validator(mode="after")
    def _some_bed(self) -> Scenario:
        if self.homes.stock[-1].beds == 0 and all(item.beds <= 0 for item in self.pipeline):
            context = {"found": "0", "allowed": "> 0", "key": "homes.stock"}
            raise PydanticCustomError("open_share_zero", "no bed", context)
        return self

    @model_validator(mode="after")
    def _pipeline_after_stock(self) -> Scenario:
        latest = Month.parse(self.homes.stock[-1].month)
        for index, item in enumerate(self.pipeline):
            if item.opens_month <= latest:
                context = {"found": item.opens, "allowed": f"> {latest}", "key": f"pipeline.{index}.opens"}
                raise PydanticCustomError("before_stock", "the stock of {allowed} has it", context)
        return self

    @model_validator(mode="after")
    def _centres_have_a_town(self) -> Scenario:
        """Each new centre stands where there was none, so there are never more of them than towns."""
        towns, there = self.coverage.towns, max(self.coverage.centres_before, default=0)
        for index, item in enumerate(self.sites):
            there += item.sites if item.kind == "subdistrict_centre" else 0
            if towns is not None and there > towns.value:
                context = {
                    "found": str(there),
                    "allowed": f"<= {plainly(towns.value)}",
                    "key": f"sites.{index}.sites",
                }
                raise PydanticCustomError("centres_above_towns", "more centres than towns", context)
        return self

    @model_validator(mode="after")
    def _changes_where_read(self) -> Scenario:
        for path in _changing(self):
            if not path.startswith(_READ_BY_MONTH):
                raise PydanticCustomError(
                    "changes_not_read", "no dated values", {"found": path, "allowed": "value", "key": path}
                )
        return self

    @model_validator(mode="after")
    def _payers_add_up(self) -> Scenario:
        for measure, shares in self.payers.items():
            add_up_to_one({str(payer): share for payer, share in shares.items()}, f"payers.{measure}")
        return self
