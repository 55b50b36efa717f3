"""One family, read through the columns, and what services do for families in a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEVER
from sim.population.residents import Residents

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Help(NamedTuple):
    """What services do for families in a month; arrays over the rows of `Families`.

    Attributes:
        off_unmet: hours a week that they take off unmet care; `off_family` off what the family gives.
        respite: whether the family has respite; `trained` whether a carer was trained.
    """

    off_unmet: F64
    off_family: F64
    respite: Mask
    trained: Mask

    def eased(self, respite_factor: float, training_factor: float) -> F64:
        """(rows,) factor on the level of strain."""
        eased = np.ones(len(self.respite))
        eased[self.respite] *= respite_factor
        eased[self.trained] *= training_factor
        return eased


@dataclass(frozen=True, slots=True)
class Family:
    """The family of one resident in care need.

    Attributes:
        residents: the table; `row` of the resident.
        hours_needed, hours_can_give, hours_given: hours of care a week.
        strain: from 0 to 1.
    """

    residents: Residents
    row: int
    hours_needed: float
    hours_can_give: float
    hours_given: float
    strain: float

    @property
    def spouse(self) -> int | None:
        """Row of the spouse, if there is one and both are here."""
        row = int(self.residents.spouse[self.row])
        return row if row != NEVER and not self.residents.left[row] else None

    @property
    def children(self) -> tuple[int, int]:
        """Children near and far."""
        return int(self.residents.children_near[self.row]), int(self.residents.children_far[self.row])

    @property
    def carer_ill(self) -> bool:
        """Whether the main carer can give no care for a time."""
        return bool(self.residents.carer_ill[self.row])
