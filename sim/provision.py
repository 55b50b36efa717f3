"""Services month by month: who is given which, and what is counted of it. Step 6 of the month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import services
from sim.codes import AGE_BANDS, Ability, Setting, Sex
from sim.months import MONTHS_PER_YEAR, Month
from sim.population.families import Families
from sim.population.family import Help
from sim.scenario.service_types import Service

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]


FIRST_OLD = AGE_BANDS[0][0]
_SIXTY = FIRST_OLD * MONTHS_PER_YEAR
_SETTINGS = {
    "home_visit": Setting.HOME_SERVICE,
    "day_care": Setting.DAY_CARE,
    "family_care_bed": Setting.FAMILY_CARE_BED,
}
"""Kinds of service that change how a resident is cared for; a later code of `Setting` cares more."""
_ASKED_FOR = ("home_visit", "day_care", "family_care_bed", "respite")
"""Kinds of service that a family must ask for; the others come to whoever is entitled."""


@dataclass(frozen=True)
class Given:
    """One service in one month: masks over the rows that were there when it began.

    `new` counts those who were given their units in the month: everybody served, of a lasting service once.
    """

    entitled: Mask
    served: Mask
    new: int


class Amount(NamedTuple):
    """How much of a service a month gave.

    Attributes:
        service: the service.
        served: persons served; `new` those newly given their units.
        hours_per_week: taken off unmet care and off families, never more than those served need.
    """

    service: Service
    served: int
    new: int
    hours_per_week: float


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
        self._relieving: dict[str, tuple[Mask, float]] = {}
        self._ever: dict[str, Mask] = {}
        self._before: tuple[Mask, Mask] | None = None
        self._rates: dict[str, list[tuple[int, float]]] = {}
        self._new: dict[str, dict[int, int]] = {}
        self.state: dict[str, tuple[int | None, int | None]] = {row.id: (None, None) for row in rows}

    def serve(self, month: Month, people: services.Columns, families: Families | None = None) -> None:
        """Give the services of a month to those who are entitled when it begins.

        Args:
            month: the month.
            people: the residents when it begins.
            families: who asks for services that a family must ask for; everybody entitled if not given.
        """
        self._note_rates(month.plus(-1), people)
        self._given, self._relieving = {}, {}
        known = any(service.capacity_per_month is not None for service in self._services)
        inside = people.home >= 0
        self._before = None
        if known:
            need = families.in_need if families is not None else people.ability >= Ability.MODERATE
            self._before = need, inside
        asks = families.asks() if known and families is not None and families.ask else None
        for service in self._services:
            persons = services.persons_served(service, month)
            if persons is None:
                continue
            given = self._give(service, persons, month, people, asks)
            self._given[service.id] = given
            by_year = self._new.setdefault(service.id, {})
            by_year[month.year] = by_year.get(month.year, 0) + given.new
            self.state[service.id] = (int(given.served.sum()), int(given.entitled.sum()))
            hours = service.hours_relieved_per_week.at(month)
            if hours > 0:
                self._relieving[service.id] = (given.served, hours)

    def _give(
        self, service: Service, persons: float, month: Month, people: services.Columns, asks: Mask | None
    ) -> Given:
        before = month.plus(-1).index
        entitled = services.entitled(service, people, before)
        candidates = entitled
        if service.lasting:
            ever = np.zeros(len(entitled), np.bool_)
            over = service.renewed_yearly and month.month == 1
            known = ever[:0] if over else self._ever.get(service.id, ever[:0])
            ever[: len(known)] = known
            candidates = entitled & ~ever
        if asks is not None and service.kind in _ASKED_FOR:
            candidates = candidates & asks
        rank = services.ranks(service.order, people, np.flatnonzero(candidates), before)
        served = services.allocate(candidates, rank, people.id, persons)
        new = int(served.sum())
        if service.lasting:
            self._ever[service.id] = ever | served
            served = entitled & self._ever[service.id]
        return Given(entitled, served, new)

    @property
    def known(self) -> bool:
        """Whether the capacity of any service is known in the latest month."""
        return self._before is not None

    def given(self, relief: services.Relief | None) -> Iterator[Amount]:
        """How much of each service the month gave.

        Args:
            relief: what `relief` says of the month.
        """
        hours = relief.by_service if relief else {}
        for service in self._services:
            if service.id in self._given:
                now = self._given[service.id]
                yield Amount(service, int(now.served.sum()), now.new, hours.get(service.id, 0.0))

    def _note_rates(self, month: Month, people: services.Columns) -> None:
        """Keep the rate of a month for services by visits; the month must be over."""
        visits = [service for service in self._services if service.unit == "visits"]
        for service in visits:
            if service.id in self._given:
                served, meant = self._all_month(service, month, people)
                if meant.any():
                    rate = 100 * int((served & meant).sum()) / int(meant.sum())
                    self._rates.setdefault(service.id, []).append((month.year, rate))

    def month_rates(self, service: str, month: Month, people: services.Columns) -> tuple[float, ...]:
        """Rates of the months of a year up to this one, in percent; none if nothing is known.

        The rate of a month is over those entitled from its first day to its last.

        Args:
            service: id of a service by visits.
            month: the month that has been played.
            people: the residents after it.
        """
        rates = [rate for year, rate in self._rates.get(service, []) if year == month.year]
        row = next((row for row in self._services if row.id == service), None)
        if row is not None and service in self._given:
            served, meant = self._all_month(row, month, people)
            rates += [100 * int((served & meant).sum()) / int(meant.sum())] if meant.any() else []
        return tuple(rates)

    def given_in(self, year: int) -> dict[str, int]:
        """Service -> persons or households given their units in a year so far."""
        return {name: by_year.get(year, 0) for name, by_year in self._new.items()}

    def reached(self, people: services.Columns, month: Month, in_need: Mask) -> tuple[int, int] | None:
        """Residents in need all month who live in a home or had a service, and all in need.

        Args:
            people: the residents after the month.
            month: the month.
            in_need: (residents,) in care need at its end, see `Families.in_need`.

        Returns:
            None where no capacity of any service is known.
        """
        if self._before is None:
            return None
        need, inside = self._before
        rows = len(inside)
        old = month.index - people.birth[:rows].astype(np.int64) > _SIXTY
        need = need & in_need[:rows] & (people.left[:rows] == 0) & old
        cared = inside & (people.home[:rows] >= 0)
        for given in self._given.values():
            cared |= given.served[:rows]
        return int((need & cared).sum()), int(need.sum())

    def help(self, families: Families) -> Help | None:
        """What the month's services do for the families of those in care need; None if nobody is served."""
        rows = families.rows
        if not self._given:
            return None
        relief = services.hours_relieved(self._relieving, rows, families.unmet, families.given)
        has = {kind: np.zeros(len(rows), np.bool_) for kind in ("respite", "carer_training")}
        for service in self._services:
            if service.kind in has and service.id in self._given:
                has[service.kind] |= services.is_served(self._given[service.id].served, rows)
        off_unmet, off_family = families.unmet - relief.unmet, families.given - relief.family
        return Help(off_unmet, off_family, has["respite"], has["carer_training"])

    def settings(
        self, month: Month, people: services.Columns, districts: int, unaided: I64
    ) -> dict[Setting, I64]:
        """Residents aged 60+ outside homes by how services care for them at the end of a month.

        Who has several counts under the one that cares most: a family care bed, then day care, then care at
        home by visits; other services leave the setting as it is.

        Args:
            month: the month.
            people: the residents after it.
            districts: how many there are.
            unaided: rows of those in care need to whom no family gives any care: independent, unless served.

        Returns:
            Setting -> (districts, 2 sexes, age bands, 4 ability) persons; none where there is nobody.
        """
        best = np.zeros(len(people.id), np.uint8)
        for service in self._services:
            if service.kind in _SETTINGS and service.id in self._given:
                served = np.flatnonzero(self._given[service.id].served)
                best[served] = np.maximum(best[served], _SETTINGS[service.kind])
        rows = np.union1d(np.flatnonzero(best), unaided)
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

    def relief(self, families: Families) -> services.Relief | None:
        """What the month's services take off the care needed at its end; None if they relieve nothing."""
        if not self._relieving:
            return None
        return services.hours_relieved(self._relieving, families.rows, families.unmet, families.given)

    def whole_month(self, month: Month, people: services.Columns) -> dict[str, tuple[Mask, Mask]]:
        """Service -> (served, entitled), masks of those entitled when the month began and when it ended."""
        found = {}
        for service in self._services:
            if service.id in self._given:
                found[service.id] = self._all_month(service, month, people)
        return found

    def _all_month(self, service: Service, month: Month, people: services.Columns) -> tuple[Mask, Mask]:
        given = self._given[service.id]
        until = services.entitled(service, people, month.index)[: len(given.entitled)]
        return given.served & until, given.entitled & until

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
