"""The end of a month: the numbers of the summary, and the state that indicators look at."""

from __future__ import annotations

from collections.abc import Sequence
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
from sim.waitlist.records import Admission, Application, ExitCause, HomeExit, ListCause, MonthLog

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Flows:
    """What happened in a month, for counting.

    Attributes:
        before: rows here when the month began; `arrived_rows` those who moved in.
        happened: rows to whom something happened.
        applications: sent to the list; `log` what the list did; `left_alive` live exits with their cause;
            `applied`, `left_list` (n, 3) first choice, bed kind and tier of the applications and of who left
            the list without a bed.
    """

    before: int
    arrived_rows: slice
    happened: Happened
    applications: list[Application]
    log: MonthLog
    left_alive: list[tuple[HomeExit, str]]
    applied: I64
    left_list: I64

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
    shape = (len(bed_need), len(Ownership), len(BedKind))
    in_cell = np.arange(shape[0] * shape[1])[:, None] == estate.district * shape[1] + estate.ownership
    opened, registered, occupied = estate.open_now(), estate.registered(), census.occupied
    vacant = np.maximum(opened - occupied, 0)
    by_home = np.concatenate([opened, registered, occupied, waiting, vacant], axis=1).astype(np.float64)
    by_cell = np.split(in_cell.astype(np.float64) @ by_home, 5, axis=1)
    open_beds, beds, in_use, queue, free = (values.reshape(shape) for values in by_cell)
    demand = in_use + queue
    public = queue[:, np.arange(shape[1]) != Ownership.PRIVATE, BedKind.NURSING]
    return {
        "bed_demand": demand.sum(axis=1),
        "registered_beds": beds.sum(axis=1),
        "open_beds": open_beds.sum(axis=1),
        "occupied": in_use.sum(axis=1),
        "vacant_open_beds": free.sum(axis=1),
        "normative_gap": bed_need - open_beds.sum(axis=(1, 2)),
        "expressed_gap": np.maximum(demand - open_beds, 0).sum(axis=1),
        "waiting": queue.sum(axis=1),
        "waiting_public_nursing": public.sum(axis=1),
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


def waiting_by_home(waiting: I64, homes: int) -> I64:
    """(homes, 2) persons waiting, each once, by first choice and bed kind: (n, 3) cells of who waits."""
    home, kind, _ = waiting.T
    kinds = len(BedKind)
    return np.bincount(home * kinds + kind, minlength=homes * kinds).reshape(homes, kinds)


def flow_metrics(
    flows: Flows, estate: Estate, residents: Residents, inside: I64, month: Month, districts: int
) -> dict[str, F64]:
    """What happened in a month by district: of the home for homes, of the resident for the rest.

    Args:
        flows: of the month.
        estate: the homes.
        residents: the table.
        inside: rows of residents of homes.
        month: the month.
        districts: how many there are.
    """
    kinds = len(BedKind)

    def by_home(moves: Sequence[Admission | HomeExit], sort: Sequence[int], sorts: int) -> F64:
        """(sorts, districts, kinds) moves, each with its sort."""
        place = estate.district[np.array([move.home for move in moves], np.int64)]
        cells = (np.array(sort, np.int64) * districts + place) * kinds + [move.kind for move in moves]
        counts = np.bincount(cells.astype(np.int64), minlength=sorts * districts * kinds)
        return counts.reshape(sorts, districts, kinds).astype(np.float64)

    def by_district(rows: I64) -> F64:
        return np.bincount(residents.district[rows], minlength=districts).astype(np.float64)

    log = flows.log
    admitted = by_home(log.admissions, [0] * len(log.admissions), 1)
    exits = by_home(log.home_exits, [gone.cause for gone in log.home_exits], len(ExitCause))
    gone_away = exits[ExitCause.MOVED]  # out of the place, from a home: they left it alive, for elsewhere
    order = {cause: at for at, cause in enumerate(_CAUSES)}
    alive = by_home(
        [gone for gone, _ in flows.left_alive], [order[why] for _, why in flows.left_alive], len(_CAUSES)
    )
    causes = {metric: alive[at].sum(axis=1) for at, metric in enumerate(_CAUSES.values())}

    def of_sixty(rows: I64) -> F64:
        age = month.index - residents.birth[rows].astype(np.int64)
        return by_district(rows[age >= FIRST_MONTHS + SIXTY])

    return {
        "admitted": admitted[0],
        "left_alive": exits[ExitCause.LIVE] + gone_away,
        "died_in_home": exits[ExitCause.DIED],
        "entered_60": by_district(flows.happened.turned_60),
        "died_60plus": of_sixty(flows.died),
        "moved_in": of_sixty(np.arange(flows.arrived_rows.start, flows.arrived_rows.stop)),
        "moved_out": of_sixty(flows.moved),
        "dependent_in_ordinary_beds": _dependent_in_ordinary_beds(estate, residents, inside, districts),
        **causes,
        "left_elsewhere": causes["left_elsewhere"] + gone_away.sum(axis=1),
    }


def _dependent_in_ordinary_beds(
    estate: Estate, residents: Residents, inside: I64, districts: int
) -> F64:  # fmt: skip
    """Residents of homes who need a nursing bed and have none: (districts,) of the home."""
    needing = (residents.bed[inside] == BedKind.ORDINARY) & (residents.ability[inside] >= Ability.MODERATE)
    where = estate.district[residents.home[inside[needing]]]
    return np.bincount(where, minlength=districts).astype(np.float64)


_CAUSES = {
    "family": "left_to_family",
    "hospital": "left_to_hospital",
    "elsewhere": "left_elsewhere",
    "cannot_pay": "left_cannot_pay",
}
_LIST_EVENTS = {
    ListCause.WITHDRAWN: "withdrawn",
    ListCause.DIED: "died_waiting",
    ListCause.MOVED: "moved_waiting",
    ListCause.REFUSED_ALL: "refused_all",
}


def record_waits(recorder: Recorder, flows: Flows, estate: Estate, waiting: I64, month: Month) -> None:
    """Write the events of the list: applications, admissions, and who left it without a bed.

    `waiting` has the cells of who waits, as `waiting_by_home`.
    """
    admissions, left = flows.log.admissions, flows.log.list_exits
    admitted = np.array([(one.home, one.kind, one.tier) for one in admissions], np.int64).reshape(-1, 3)
    names = ["applied"] * len(flows.applied) + ["admitted"] * len(admitted)
    names += [_LIST_EVENTS[one.cause] for one in left]
    days = [0.0] * len(flows.applied)
    days += [one.waited_days for one in admissions] + [one.waited_days for one in left]
    cells = [flows.applied, admitted, flows.left_list]
    if month.is_december:
        still, persons = np.unique(waiting, axis=0, return_counts=True)
        names += ["waiting_end"] * len(still)
        days += persons.tolist()
        cells.append(still)
    if names:
        home, kind, tier = np.concatenate(cells).T
        recorder.waits(month.index, names, days, estate.district[home], estate.ownership[home], kind, tier)
