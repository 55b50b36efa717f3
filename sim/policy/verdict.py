"""One value against one pass mark: met or not, how far away, how sure, and in which words."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from sim.policy.clauses import Operator

FEWEST_RUNS = 30
"""Below so many runs no interval is given."""
LEVEL = 0.95
"""Level of the interval."""

Values = npt.NDArray[np.float64]
_TESTS: dict[Operator, Callable[[Values, float], npt.NDArray[np.bool_]]] = {
    ">=": operator.ge, "=": operator.eq, "<=": operator.le, "<": operator.lt,
}  # fmt: skip


class Status(StrEnum):
    """The column `status` of `targets.csv`; translations belong to `sim.messages`."""

    MET = "met"
    NOT_MET = "not met"
    MET_PLANNED = "met if delivered as planned"
    NOT_MET_PLANNED = "not met if delivered as planned"
    NOT_COMPUTABLE = "not computable"
    UNDETERMINED = "undetermined"
    REPORT_ONLY = "report only"
    NOT_DUE = "not due yet"
    MET_UNSTATED = "denominator not in document: met"
    NOT_MET_UNSTATED = "denominator not in document: not met"


def met(values: Values, test: Operator, target: float) -> npt.NDArray[np.bool_]:
    """Which values pass. Indicators are one division of whole numbers, so a bare pass needs no tolerance."""
    return _TESTS[test](values, target)


def gap(value: float, test: Operator, target: float) -> float:
    """How much is missing, in the unit of the target: positive = shortfall, negative = more than asked for.

    For `<=` and `<` too much is what is missing. For `=` a negative gap is no pass.
    """
    return value - target if test in ("<=", "<") else target - value


def independent(points: Sequence[int]) -> float:
    """How many independent replications are worth as much as these, of which some share parameters.

    Kish's effective number, n^2 / (sum of squared group sizes): as if parameters decided alone, so that a
    probability is never told too surely.

    Args:
        points: one number for each replication, equal where they have the same parameters.
    """
    sizes = Counter(points).values()
    return len(points) ** 2 / sum(size**2 for size in sizes) if sizes else 0.0


def jeffreys(successes: float, trials: float) -> tuple[float, float]:
    """The Jeffreys interval of a probability; from 0 without any success, up to 1 without any failure.

    Args:
        successes: of the trials; need not be whole where the trials are an effective number.
        trials: number of independent trials.
    """
    tail = (1 - LEVEL) / 2
    shape = (successes + 0.5, trials - successes + 0.5)
    low = 0.0 if successes == 0 else float(betaincinv(*shape, tail))
    high = 1.0 if successes == trials else float(betaincinv(*shape, 1 - tail))
    return low, high


def status(*, passed: bool, planned: bool, stated: bool) -> Status:
    """The words for a value that could be tested.

    Args:
        passed: whether the median passes.
        planned: whether it holds if all comes as planned: no chance enters, no other delivery is stated.
        stated: false for a denominator that neither the document nor the user has picked.
    """
    if not stated:
        return Status.MET_UNSTATED if passed else Status.NOT_MET_UNSTATED
    if planned:
        return Status.MET_PLANNED if passed else Status.NOT_MET_PLANNED
    return Status.MET if passed else Status.NOT_MET
