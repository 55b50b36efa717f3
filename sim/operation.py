"""How homes are run in a month: openings, works, operators' decisions, caregivers; and what levers cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER, Ability, Group, Ownership
from sim.facilities.carers import Carers, load_of
from sim.facilities.estate import Estate
from sim.facilities.operators import Operators, by_ability
from sim.facilities.supply import BedChange
from sim.months import Month
from sim.population.residents import Residents
from sim.scenario.types import Scenario

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Due = tuple[str, float, float]
"""A lever, how many units it is paid for, yuan for each."""


class Operation:
    """The homes at work.

    Attributes:
        carers: of the homes; None where caregivers limit no beds.
    """

    def __init__(self, scenario: Scenario, estate: Estate) -> None:
        """Take the homes as they are at the start."""
        self._scenario, self._estate = scenario, estate
        staffed = scenario.mechanisms.staffed_beds and not scenario.beds_unlimited
        share = scenario.staff.qualified_share.value
        self.carers = Carers(scenario.staff.homes, estate.ownership, share) if staffed else None
        responsive = scenario.operators == "responsive"
        rules = scenario.homes.operators
        self._operators = Operators(rules, estate.ownership, estate.prices) if responsive else None
        self._converting = 0

    def supply(
        self, month: Month, residents: Residents, inside: I64, taken: I64
    ) -> tuple[list[BedChange], list[tuple[int, int, int]]]:
        """Open, close, convert, decide and hire at the beginning of a month.

        Args:
            month: the month.
            residents: who lives where.
            inside: rows of residents of homes, ascending.
            taken: (homes, 2) beds lived in or being made ready.

        Returns:
            What the pipeline changed; and the open beds that come or go: (home, kind, beds).
        """
        estate, before = self._estate, self._estate.opened()
        works = self._scenario.mechanisms.conversion_takes_time
        begun = estate.begin_works(month) if works else 0
        changes = estate.supply(month)
        self._converting = begun + estate.converted
        if self._operators is not None and self._operators.decides(month):
            self._decide(month, residents, inside, taken)
        if self.carers is not None:
            load = self._load(self.carers, residents, inside)
            self.carers.advance(self._allowance(month), estate.registered(), estate.decided(), load)
            estate.staff(self.carers.usable(load, taken, estate.decided()))
        opening = np.argwhere(estate.opened() != before)
        more = estate.opened() - before
        return changes, [(int(home), int(kind), int(more[home, kind])) for home, kind in opening]

    def _load(self, carers: Carers, residents: Residents, inside: I64) -> F64:
        homes = len(self._estate.homes)
        return load_of(carers.load, residents.home[inside], residents.ability[inside], homes)

    def _decide(self, month: Month, residents: Residents, inside: I64, taken: I64) -> None:
        estate, operators, staff = self._estate, self._operators, self._scenario.staff.homes
        if operators is None:
            return
        who = by_ability(residents.home[inside], residents.ability[inside], len(estate.homes))
        per_carer = np.array([getattr(staff.residents_per_carer, a.name.lower()).value for a in Ability])
        share = operators.break_even(
            estate.prices, self._operating_subsidy(month), who, staff.wage.value / per_carer
        )
        estate.prices = operators.charges(estate.prices, taken, estate.decided())
        estate.operate(operators.beds(share, taken, estate.decided(), estate.in_service()))

    def _owned_by(self, owners: list[str]) -> NDArray[np.bool_]:
        return np.isin(self._estate.ownership, [int(Ownership[owner.upper()]) for owner in owners])

    def _operating_subsidy(self, month: Month) -> F64:
        """(homes,) yuan a month for each resident."""
        lever = self._scenario.levers.operating_subsidy
        if lever is None:
            return np.zeros(len(self._estate.homes))
        return np.where(self._owned_by(list(lever.ownership)), lever.at(month), 0.0)

    def _allowance(self, month: Month) -> float:
        lever = self._scenario.levers.staff_allowance
        return 0.0 if lever is None else lever.at(month)

    def off_the_charge(self, month: Month) -> F64:
        """(homes, 4) yuan a month that a subsidy takes off the charges of residents."""
        lever, prices = self._scenario.levers.resident_subsidy, self._estate.prices
        if lever is None:
            return np.zeros_like(prices)
        for_whom = np.arange(len(Ability)) >= Ability[lever.ability_from.upper()]
        most = np.minimum(lever.at(month), lever.at_most_share.value * prices)
        return np.where(self._owned_by(list(lever.ownership))[:, None] & for_whom, most, 0.0)

    def due(self, month: Month, residents: Residents) -> list[Due]:
        """What levers and works cost in a month, by those who live in homes at its end.

        The destitute are placed free of charge: a subsidy finds nothing to take off.
        """
        if not self._scenario.levers.given() and not self._converting:
            return []
        inside = np.flatnonzero((residents.home != NEVER) & (residents.left == 0))
        homes, ability = residents.home[inside].astype(np.int64), residents.ability[inside]
        due: list[Due] = []
        subsidy = self._operating_subsidy(month)[homes]
        due += [("operating_subsidy", float((subsidy == yuan).sum()), yuan) for yuan in _amounts(subsidy)]
        pays = (residents.groups[inside] & Group.DESTITUTE) == 0
        off = np.where(pays, np.round(self.off_the_charge(month)[homes, ability], 2), 0.0)
        due += [("resident_subsidy", float((off == yuan).sum()), yuan) for yuan in _amounts(off)]
        if self.carers is not None and (allowance := self._allowance(month)):
            due.append(("staff_allowance", float(self.carers.trained.sum()), allowance))
        if self._converting:
            cost = self._scenario.homes.conversion.cost_per_bed.value
            due.append(("conversion", float(self._converting), cost))
        return due


def _amounts(yuan: F64) -> list[float]:
    """The amounts above nothing, each once, lowest first."""
    return [float(one) for one in np.unique(yuan) if one > 0]
