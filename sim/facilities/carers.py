"""Caregivers of each home, and the beds that they can staff.

A bed is open only if somebody can care for who lies in it. Public homes have posts by their size, made for
residents who need less care, and fill them slowly; when their residents need more, fewer beds can be used.
Private homes hire as residents come; for beds that are new they find staff only little by little, so a new
home opens over months. Nobody is put out for want of staff: what staff limit is who else may come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import Ability, Ownership
from sim.months import MONTHS_PER_YEAR
from sim.scenario.staff_types import HomeStaff

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class Carers:
    """Caregivers of all homes as two stocks, in training or not yet, and trained; parts of a person stay in.

    Attributes:
        load: (4,) caregivers that a resident of an ability takes.
        untrained, trained: (homes,) caregivers.
        reach: (homes,) caregivers that a private home can find, for all beds that it has been able to open.
    """

    def __init__(self, plan: HomeStaff, ownership: I64, trained_share: float) -> None:
        """Start without caregivers; `fit` tells what public homes have, `begin` hires those of private ones.

        Args:
            plan: ratios, posts, hiring and leaving.
            ownership: (homes,) codes.
            trained_share: of the caregivers at the start.
        """
        self._plan, self._share = plan, trained_share
        self._public = ownership != Ownership.PRIVATE
        self.load = 1 / np.array([getattr(plan.residents_per_carer, a.name.lower()).value for a in Ability])
        able, needing = self.load[: Ability.MODERATE], self.load[Ability.MODERATE :]
        self._bed_load = np.array([able.mean(), needing.mean()])
        self.untrained = np.zeros(len(ownership))
        self.trained = np.zeros(len(ownership))
        self.reach = np.zeros(len(ownership))

    @property
    def present(self) -> F64:
        """(homes,) caregivers."""
        return self.untrained + self.trained

    def posts(self, registered: I64) -> F64:
        """(homes,) posts of public homes, for so many registered beds (homes, 2); of private ones, inf."""
        per_post = self._plan.public_beds_per_post.value
        return np.where(self._public, registered.sum(axis=1) / per_post, np.inf)

    def at_start(self, registered: I64) -> F64:
        """(homes,) caregivers of public homes where hiring and leaving balance; inf for private ones."""
        filling = MONTHS_PER_YEAR / self._plan.months_to_fill_a_post.value
        leaving = self._plan.leaving_per_year.value
        return self.posts(registered) * filling / (filling + leaving)

    def begin(self, registered: I64, opened: I64, load: F64) -> None:
        """Public homes have what `at_start` says, private ones whom their residents (homes,) need."""
        self.reach = np.maximum(opened @ self._bed_load, load)
        present = np.where(self._public, self.at_start(registered), load)
        self.trained = present * self._share
        self.untrained = present - self.trained

    def advance(self, allowance_yuan: float, registered: I64, opened: I64, load: F64) -> None:
        """A month of leaving, training and hiring.

        Args:
            allowance_yuan: to each trained caregiver in the month, beside the wage.
            registered: (homes, 2) beds.
            opened: (homes, 2) those of them that the operator has decided to open.
            load: (homes,) caregivers that the residents need.
        """
        plan = self._plan
        stays_on = (1 + allowance_yuan / plan.wage.value) ** -plan.leaving_elasticity.value
        leaving = plan.leaving_per_year.value / MONTHS_PER_YEAR
        self.untrained *= np.exp(-leaving)
        self.trained *= np.exp(-leaving * stays_on)
        learning = self.untrained * (1 - np.exp(-plan.trained_per_year.value / MONTHS_PER_YEAR))
        self.untrained -= learning
        self.trained += learning
        filling = 1 - np.exp(-1 / plan.months_to_fill_a_post.value)
        vacant = np.where(self._public, self.posts(registered), load) - self.present
        self.untrained += np.maximum(np.where(self._public, vacant * filling, vacant), 0)
        full = opened @ self._bed_load
        more = np.maximum(full * plan.hired_per_month.value, 1.0)
        self.reach = np.maximum(np.minimum(self.reach + more, full), load)

    def usable(self, load: F64, taken: I64, opened: I64) -> I64:
        """Open beds that caregivers can staff: (homes, 2), of those that the operator has decided to open.

        What caregivers have left after their residents is shared out in proportion to the beds still empty.
        Beds taken, lived in or being made ready, stay as they are.

        Args:
            load: (homes,) caregivers that the residents need.
            taken: (homes, 2) beds lived in or being made ready.
            opened: (homes, 2).
        """
        empty = np.maximum(opened - taken, 0)
        could = np.where(self._public, self.present, self.reach)
        wanted = empty @ self._bed_load
        spare = np.maximum(could - load, 0.0)
        part = np.minimum(np.divide(spare, wanted, out=np.ones(len(wanted)), where=wanted > 0), 1.0)
        staffed = np.floor(empty * part[:, None] + 1e-9).astype(np.int64)
        return np.asarray(np.minimum(taken + staffed, np.maximum(opened, 0)))


def load_of(load: F64, home: NDArray[np.integer], ability: NDArray[np.integer], homes: int) -> F64:
    """(homes,) caregivers that residents need, by the home that each lives in and their ability."""
    return np.bincount(home, weights=load[ability], minlength=homes).astype(np.float64)
