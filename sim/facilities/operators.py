"""Operators that answer: private ones open as many beds as their residents can carry, and change charges.

An empty bed costs its operator rent and upkeep, a resident brings the charge and a subsidy, less food and
care. So an operator keeps so many beds open that those who live there pay for all of them. Registered beds
stay: what a plan counts is no operator's to change.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability, Ownership
from sim.months import Month
from sim.scenario.bed_types import OperatorRules

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
_QUARTER = 3


class Operators:
    """Private operators and those of public-built homes; they decide at the beginning of each quarter."""

    def __init__(self, rules: OperatorRules, ownership: I64, prices: F64) -> None:
        """Take the rules, (homes,) owners and (homes, 4) charges of the start."""
        self._rules, self._at_start = rules, prices.copy()
        self._private = ownership != Ownership.PUBLIC

    def decides(self, month: Month) -> bool:
        """Whether operators decide in this month."""
        return month.month % _QUARTER == 1

    def break_even(self, prices: F64, subsidy: F64, residents: I64, care_yuan: F64) -> F64:
        """(homes,) share of the open beds at which residents pay for all of them, from 0.1 to 1.

        Args:
            prices: (homes, 4) charges.
            subsidy: (homes,) yuan a month for each resident.
            residents: (homes, 4) by ability; a home without any counts on one of each.
            care_yuan: (4,) what the care of a resident costs.
        """
        who = np.where(residents.sum(axis=1, keepdims=True) > 0, residents, 1)
        margin = ((prices - care_yuan - self._rules.food.value) * who).sum(axis=1) / who.sum(axis=1)
        carried = np.maximum(margin + subsidy, 1.0)
        return np.asarray(np.clip(self._rules.fixed_cost_per_open_bed.value / carried, 0.1, 1.0))

    def beds(self, share: F64, taken: I64, opened: I64, registered: I64) -> I64:
        """(homes, 2) beds that operators now open: what residents can carry, a step towards it at most.

        Args:
            share: (homes,) break-even occupancy.
            taken: (homes, 2) beds lived in or being made ready: none of them closes.
            opened: (homes, 2).
            registered: (homes, 2).
        """
        step = self._rules.step_per_quarter.value * registered.sum(axis=1)
        now = opened.sum(axis=1)
        wanted = np.clip(taken.sum(axis=1) / share, now - step, now + step)
        part = np.divide(wanted, now, out=np.ones(len(now)), where=now > 0)
        more = np.round(opened * part[:, None]).astype(np.int64)
        new = np.minimum(np.maximum(more, taken), registered)
        return np.where(self._private[:, None], new, opened)

    def charges(self, prices: F64, taken: I64, opened: I64) -> F64:
        """(homes, 4) charges: a step up where a home is nearly full, down where it is empty."""
        rules = self._rules
        full = taken.sum(axis=1) / np.maximum(opened.sum(axis=1), 1)
        step = np.where(full > rules.raises_above.value, 1 + rules.price_step.value, 1.0)
        step = np.where(full < rules.lowers_below.value, 1 - rules.price_step.value, step)
        low, high = (1 + sign * rules.price_most.value for sign in (-1, 1))
        new = np.clip(prices * step[:, None], self._at_start * low, self._at_start * high)
        return np.where(self._private[:, None], new, prices)


def by_ability(home: NDArray[np.integer], ability: NDArray[np.integer], homes: int) -> I64:
    """(homes, 4) residents by home and ability."""
    states = len(Ability)
    flat = home.astype(np.int64) * states + ability
    return np.bincount(flat, minlength=homes * states).reshape(homes, states)
