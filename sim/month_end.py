"""The end of a month: the numbers of the summary, and the state that indicators look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Ability, BedKind, Group, Ownership
from sim.facilities.estate import Estate
from sim.indicators.board import Destitute
from sim.months import Month
from sim.population.base import unable_mask
from sim.population.census import Census
from sim.population.families import Families
from sim.population.lifetable import FIRST_MONTHS, SIXTY
from sim.population.residents import Residents
from sim.population.step import Happened, sixty_or_more
from sim.record import Recorder
from sim.scenario.types import Scenario
from sim.services import Relief
from sim.waitlist.records import Application, ExitCause, HomeExit, ListCause, ListExit, MonthLog

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Flows:
    """What happened in a month, for counting.

    Attributes:
        before: rows here when the month began; `arrived_rows` those who moved in.
        happened: rows to whom something happened.
        applications: sent to the list; `log` what the list did; `left_alive` live exits with their cause;
            `left_list` who left the list without a bed, with first choice, bed kind and tier.
    """

    before: int
    arrived_rows: slice
    happened: Happened
    applications: list[Application]
    log: MonthLog
    left_alive: list[tuple[HomeExit, str]]
    left_list: list[tuple[ListExit, tuple[int, int, int]]]

    @property
    def arrived(self) -> int:
        """How many moved in."""
        return int(self.arrived_rows.stop - self.arrived_rows.start)

    @property
    def died(self) -> I64:
        """Rows of those who died."""
        return self.happened.died

    @property
    def moved(self) -> I64:
        """Rows of those who moved away and did not die in the month."""
        return self.happened.moved


def people_metrics(
    census: Census, scenario: Scenario, families: Families, relief: Relief | None = None
) -> dict[str, F64]:
    """Residents, care need, bed need, and hours of care outside homes by who gives them, by district.

    Args:
        census: everybody counted.
        scenario: for the norm.
        families: of those in care need outside homes.
        relief: what services take off; nothing if not given.
    """
    living = census.living.astype(np.float64)
    unmet, given = (families.unmet, families.given) if relief is None else (relief.unmet, relief.family)
    mild, unmet_hours, given_hours, caring, strained = families.by_district(len(living), unmet, given).T
    need = living[:, :, Ability.MODERATE :].sum(axis=(1, 2, 3)) + mild
    return {
        "residents_60plus": census.ages[:, 0].astype(np.float64),
        "residents_65plus": census.ages[:, 1].astype(np.float64),
        "residents_80plus": census.ages[:, 2].astype(np.float64),
        "care_need": need,
        "bed_need": need * scenario.norms.institutional_share.value,
        "unmet_hours": unmet_hours,
        "family_hours": given_hours,
        "families_caring": caring,
        "families_strained": strained,
    }


def unaided(families: Families, relief: Relief | None) -> I64:
    """Rows of those in care need outside homes to whom no family gives any care."""
    given = families.given if relief is None else relief.family
    return families.rows[given <= 0]


def bed_metrics(census: Census, estate: Estate, waiting: I64, bed_need: F64) -> dict[str, F64]:
    """Beds, demand and gaps by district of the home.

    Args:
        census: residents by home and bed kind.
        estate: the homes.
        waiting: (homes, 2) persons waiting by first choice and bed kind.
        bed_need: (districts,) for the normative gap.

    The expressed gap adds up what is short in each cell of bed kind, ownership and district, so that a
    vacancy in one never cancels a queue in another.
    """
    districts = len(bed_need)
    cell = estate.district * len(Ownership) + estate.ownership
    in_cell = (np.arange(districts * len(Ownership))[:, None] == cell).astype(np.float64)
    opened, occupied = estate.open_now(), census.occupied

    def by_cell(values: I64) -> F64:
        cells: F64 = in_cell @ values.astype(np.float64)
        return cells.reshape(districts, len(Ownership), len(BedKind))

    demand = by_cell(occupied + waiting)
    short = np.maximum(demand - by_cell(opened), 0)
    public = estate.ownership != Ownership.PRIVATE
    public_nursing = np.zeros_like(waiting)
    public_nursing[public, BedKind.NURSING] = waiting[public, BedKind.NURSING]
    return {
        "bed_demand": demand.sum(axis=1),
        "registered_beds": by_cell(estate.registered()).sum(axis=1),
        "open_beds": by_cell(opened).sum(axis=1),
        "occupied": by_cell(occupied).sum(axis=1),
        "vacant_open_beds": by_cell(np.maximum(opened - occupied, 0)).sum(axis=1),
        "normative_gap": bed_need - by_cell(opened).sum(axis=(1, 2)),
        "expressed_gap": short.sum(axis=1),
        "waiting": by_cell(waiting).sum(axis=1),
        "waiting_public_nursing": by_cell(public_nursing).sum(axis=(1, 2)),
    }


def registered_persons(scenario: Scenario, month: Month) -> dict[str, float]:
    """Registered older persons, from the dated counts: linear between them, flat outside."""
    counts = scenario.population.registered_60plus
    at = [float(Month.parse(count.month).index) for count in counts]
    sixty = float(np.interp(month.index, at, [count.value for count in counts]))
    return {
        "registered_60plus": sixty,
        "registered_65plus": sixty * scenario.population.registered_65plus_share.value,
    }


def destitute(
    residents: Residents, rows: I64, scenario: Scenario, month: Month, month_end_day: float,
    ability_before: NDArray[np.uint8] | None = None,
) -> Destitute:  # fmt: skip
    """Destitute residents who are here and aged 60+ at the end of a month; the wish is that of its beginning.

    Args:
        residents: the table.
        rows: rows of the destitute.
        scenario: who counts as unable.
        month: the month; whose wish began in it counts from the next one, who turned 60 or moved in during
            it is not there all month.
        month_end_day: the day after the last.
        ability_before: ability of the first of these rows when the month began, so that unable is who was so
            from the first day to the last; that of the end counts alone if not given.
    """
    unable = unable_mask(scenario.groups)
    helpless = unable[residents.ability[rows]]
    if ability_before is not None:
        helpless[: len(ability_before)] &= unable[ability_before]
    here = sixty_or_more(month, residents, rows)
    rows = rows[here]
    waiting = residents.waiting[rows]
    days = np.where(waiting, month_end_day - residents.waiting_since_day[rows], np.nan)
    return Destitute(
        helpless[here],
        (residents.groups[rows] & Group.WISH_COLLECTIVE) != 0,
        residents.home[rows] != NEVER,
        sixty_or_more(month.plus(-1), residents, rows) & (rows < residents.rows_at_month_start),
        days,
    )


Wanted = dict[int, tuple[int, int, int]]


def waiting_by_home(wanted: Wanted, homes: int) -> I64:
    """(homes, 2) persons waiting, each once, by first choice and bed kind."""
    waiting = np.zeros((homes, len(BedKind)), np.int64)
    for home, kind, _tier in wanted.values():
        waiting[home, kind] += 1
    return waiting


def flow_metrics(flows: Flows, estate: Estate, residents: Residents, month: Month) -> dict[str, F64]:
    """What happened in a month by district: of the home for homes, of the resident for the rest."""
    place = estate.district
    districts = int(max(place.max(), residents.district.max())) + 1

    def by_home(pairs: list[tuple[int, int]]) -> F64:
        counts = np.zeros((districts, len(BedKind)))
        for home, kind in pairs:
            counts[place[home], kind] += 1
        return counts

    def by_district(rows: I64) -> F64:
        return np.bincount(residents.district[rows], minlength=districts).astype(np.float64)

    log = flows.log
    exits = {
        cause: by_home([(gone.home, gone.kind) for gone in log.home_exits if gone.cause is cause])
        for cause in (ExitCause.LIVE, ExitCause.DIED)
    }
    causes = {
        metric: by_home([(gone.home, gone.kind) for gone, why in flows.left_alive if why == cause]).sum(
            axis=1
        )
        for metric, cause in _CAUSES.items()
    }

    def of_sixty(rows: I64) -> F64:
        age = month.index - residents.birth[rows].astype(np.int64)
        return by_district(rows[age >= FIRST_MONTHS + SIXTY])

    return {
        "admitted": by_home([(admission.home, admission.kind) for admission in log.admissions]),
        "left_alive": exits[ExitCause.LIVE],
        "died_in_home": exits[ExitCause.DIED],
        "entered_60": by_district(flows.happened.turned_60),
        "died_60plus": of_sixty(flows.died),
        "moved_in": of_sixty(np.arange(flows.arrived_rows.start, flows.arrived_rows.stop)),
        "moved_out": of_sixty(flows.moved),
        **causes,
    }


_CAUSES = {
    "left_to_family": "family",
    "left_to_hospital": "hospital",
    "left_elsewhere": "elsewhere",
    "left_cannot_pay": "cannot_pay",
}
_LIST_EVENTS = {
    ListCause.WITHDRAWN: "withdrawn",
    ListCause.DIED: "died_waiting",
    ListCause.MOVED: "moved_waiting",
    ListCause.REFUSED_ALL: "refused_all",
}


def record_waits(recorder: Recorder, flows: Flows, estate: Estate, wanted: Wanted, month: Month) -> None:
    """Write the events of the list: applications, admissions, and who left it without a bed."""
    homes = estate.homes

    def write(event: str, days: float, home: int, kind: int, tier: int) -> None:
        spec = homes[home].spec
        recorder.wait(month.index, event, days, spec.district, int(spec.ownership), kind, tier)

    for application in flows.applications:
        write("applied", 0.0, application.choices[0][0], application.kind, application.tier)
    for admission in flows.log.admissions:
        write("admitted", admission.waited_days, admission.home, admission.kind, admission.tier)
    for left, (home, kind, tier) in flows.left_list:
        write(_LIST_EVENTS[left.cause], left.waited_days, home, kind, tier)
    if month.is_december:
        counts = Counter(wanted.values())
        for (home, kind, tier), persons in sorted(counts.items()):
            write("waiting_end", float(persons), home, kind, tier)
