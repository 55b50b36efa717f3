"""Services month by month: who is given which, and what is counted of it. Step 6 of the month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import services
from sim.codes import AGE_BANDS, Ability, Setting, Sex
from sim.months import MONTHS_PER_YEAR, Month
from sim.scenario.service_types import Service

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]


FIRST_OLD = AGE_BANDS[0][0]
_SETTINGS = {
    "home_visit": Setting.HOME_SERVICE,
    "day_care": Setting.DAY_CARE,
    "family_care_bed": Setting.FAMILY_CARE_BED,
}
"""Kinds of service that change how a resident is cared for; a later code of `Setting` cares more."""


@dataclass(frozen=True)
class Given:
    """One service in one month: masks over the rows that were there when it began.

    `new` counts those who were given their units in the month: everybody served, of a lasting service once.
    """

    entitled: Mask
    served: Mask
    new: int


class Provision:
    """The services of a scenario; those without a known capacity are never computed.

    Attributes:
        state: service -> (persons served, persons entitled) of the latest month; (None, None) where the
            capacity is not known.
    """

    def __init__(self, rows: list[Service]) -> None:
        """Take the services in the order of the scenario."""
        self._services = rows
        self._given: dict[str, Given] = {}
        self._hours = np.zeros(0)
        self._ever: dict[str, Mask] = {}
        self.state: dict[str, tuple[int | None, int | None]] = {row.id: (None, None) for row in rows}

    def serve(self, month: Month, people: services.Columns) -> None:
        """Give the services of a month to those who are entitled when it begins."""
        self._given, self._hours = {}, np.zeros(0)
        for service in self._services:
            persons = services.persons_served(service, month)
            if persons is None:
                continue
            given = self._give(service, persons, month, people)
            self._given[service.id] = given
            self.state[service.id] = (int(given.served.sum()), int(given.entitled.sum()))
            hours = service.hours_relieved_per_week.at(month)
            if hours > 0:
                self._hours = self._hours if len(self._hours) else np.zeros(len(people.id))
                self._hours[given.served] += hours

    def _give(self, service: Service, persons: float, month: Month, people: services.Columns) -> Given:
        before = month.plus(-1).index
        entitled = services.entitled(service, people, before)
        candidates = entitled
        if service.lasting:
            ever = np.zeros(len(entitled), np.bool_)
            known = self._ever.get(service.id, ever[:0])
            ever[: len(known)] = known
            candidates = entitled & ~ever
        rank = services.ranks(service.order, people, np.flatnonzero(candidates), before)
        served = services.allocate(candidates, rank, people.id, persons)
        new = int(served.sum())
        if service.lasting:
            self._ever[service.id] = ever | served
            served = entitled & self._ever[service.id]
        return Given(entitled, served, new)

    def given(self) -> Iterator[tuple[Service, int, int]]:
        """The services of the month: persons served, and persons newly given their units."""
        for service in self._services:
            if service.id in self._given:
                now = self._given[service.id]
                yield service, int(now.served.sum()), now.new

    def settings(self, month: Month, people: services.Columns, districts: int) -> dict[Setting, I64]:
        """Residents aged 60+ outside homes by how services care for them at the end of a month.

        Who has several counts under the one that cares most: a family care bed, then day care, then care at
        home by visits; other services leave the setting as it is.

        Returns:
            Setting -> (districts, 2 sexes, age bands, 4 ability) persons; none where nobody is served.
        """
        best = np.zeros(0, np.uint8)
        for service in self._services:
            if service.kind in _SETTINGS and service.id in self._given:
                served = self._given[service.id].served
                best = best if len(best) else np.zeros(len(served), np.uint8)
                best[served] = np.maximum(best[served], _SETTINGS[service.kind])
        rows = np.flatnonzero(best)
        age = month.index - people.birth[rows].astype(np.int64)
        here = (people.left[rows] == 0) & (people.home[rows] < 0) & (age >= MONTHS_PER_YEAR * FIRST_OLD)
        rows, age = rows[here], age[here]
        band = np.searchsorted([first for first, _ in AGE_BANDS], age // MONTHS_PER_YEAR, side="right") - 1
        found = {}
        for setting in sorted(set(best[rows].tolist())):
            counts = np.zeros((districts, len(Sex), len(AGE_BANDS), len(Ability)), np.int64)
            of = best[rows] == setting
            some = rows[of]
            np.add.at(counts, (people.district[some], people.sex[some], band[of], people.ability[some]), 1)
            found[Setting(setting)] = counts
        return found

    def relief(
        self, month: Month, people: services.Columns, unmet: F64, districts: int
    ) -> services.Relief | None:
        """What the month's services take off unmet care at its end; None if they relieve nothing.

        Args:
            month: the month.
            people: the residents after it.
            unmet: (4, 4) hours a week by living arrangement and ability without services.
            districts: how many there are.
        """
        if not len(self._hours):
            return None
        return services.hours_relieved(self._hours, people, month.index, unmet, districts)

    def whole_month(self, month: Month, people: services.Columns) -> dict[str, tuple[Mask, Mask]]:
        """Service -> (served, entitled), masks of those entitled when the month began and when it ended."""
        found = {}
        for service in self._services:
            if service.id in self._given:
                given = self._given[service.id]
                until = services.entitled(service, people, month.index)[: len(given.entitled)]
                found[service.id] = (given.served & until, given.entitled & until)
        return found

    def rows(self, month: Month, people: services.Columns) -> Iterator[tuple[str, str, float]]:
        """Metric (`tables.SERVICE_METRICS`), service and value at the end of a month."""
        whole = self.whole_month(month, people)
        for service in self._services:
            if service.id not in whole:
                continue
            given = self._given[service.id]
            entitled = float(given.entitled.sum())
            yield "served", service.id, float(given.served.sum())
            yield "entitled", service.id, entitled
            yield "served_all_month", service.id, float(whole[service.id][0].sum())
            yield "entitled_all_month", service.id, float(whole[service.id][1].sum())
            if service.unit == "visits":
                yield "visits_required", service.id, entitled * service.units_per_person.at(month)
