"""Caregivers and social workers as stocks: who is recruited comes, who leaves goes, month by month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR, Month
from sim.scenario.plan_types import Staff, StaffFlow
from sim.scenario.quantity import Persons

F64 = NDArray[np.float64]


def next_stock(stock: float, flow: StaffFlow | None, month: Month) -> float:
    """A stock at the end of a month: less those who left, plus those recruited; parts of a person stay in.

    The share that leaves in a year is spread over its months, so that twelve of them make that share.

    Args:
        stock: at the end of the month before.
        flow: recruits and leaving a year; what is not given is none.
        month: the month.
    """
    if flow is None:
        return stock
    leaving = flow.leaving_share_per_year.at(month) if flow.leaving_share_per_year else 0.0
    recruited = flow.recruited_per_year.at(month) if flow.recruited_per_year else 0.0
    return float(stock * (1 - leaving) ** (1 / MONTHS_PER_YEAR) + recruited / MONTHS_PER_YEAR)


class Workforce:
    """The stocks of a region at the end of the latest month.

    Attributes:
        caregivers: of homes.
        social_workers_in_homes, social_workers_community: None where nobody counted them.
    """

    def __init__(self, plan: Staff, caregivers: float, shares: F64, first: Month) -> None:
        """Take the stocks at the start.

        Args:
            plan: counts, recruits, leaving.
            caregivers: those of homes at the start.
            shares: (districts,) where caregivers work; they add up to one.
            first: first month of the run.
        """
        before = first.plus(-1)
        self._plan, self._shares = plan, shares
        self.caregivers = caregivers
        self.social_workers_in_homes = _at(plan.social_workers_in_homes, before)
        self.social_workers_community = _at(plan.social_workers_community, before)

    @property
    def caregivers_by_district(self) -> F64:
        """(districts,) caregivers."""
        return self.caregivers * self._shares

    def advance(self, month: Month) -> None:
        """Play a month; where a count is dated in it, the stock is that count."""
        plan = self._plan
        self.caregivers = _next(self.caregivers, plan.caregivers, plan.flows.get("caregivers"), month)
        if self.social_workers_in_homes is not None:
            self.social_workers_in_homes = _next(
                self.social_workers_in_homes, plan.social_workers_in_homes,
                plan.flows.get("social_workers_in_homes"), month,
            )  # fmt: skip
        if self.social_workers_community is not None:
            self.social_workers_community = _next(
                self.social_workers_community, plan.social_workers_community,
                plan.flows.get("social_workers_community"), month,
            )  # fmt: skip


def _at(count: Persons | None, month: Month) -> float | None:
    return None if count is None else count.at(month)


def _next(stock: float, count: Persons | None, flow: StaffFlow | None, month: Month) -> float:
    if count is not None and month in {Month.parse(text) for text in count.changes}:
        return count.at(month)
    return next_stock(stock, flow, month)
