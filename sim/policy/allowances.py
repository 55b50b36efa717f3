"""Allowances by person and month: care workers by grade and service, residents from an age on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.months import MONTHS_PER_YEAR

I64 = NDArray[np.int64]
NO_GRADE = ""
HIGHEST_NAMED = "senior"
"""Grades above it that the law does not name get this one's amount, unless the scenario says otherwise."""


def post_allowance(
    grades: NDArray[np.str_],
    months_of_service: I64,
    by_grade_fen: Mapping[str, int],
    least_months: int,
    higher_fen: int | None = None,
) -> I64:
    """Fen of a month for each care worker: the amount of the grade, if the service is long enough.

    Args:
        grades: grade held on the first of the month; `NO_GRADE` without a certificate.
        months_of_service: months of care work completed on the first of the month.
        by_grade_fen: grade -> amount, of the law.
        least_months: of the law; the number itself is enough.
        higher_fen: for grades that the law does not name; None = as the highest that it names.
    """
    beyond = by_grade_fen.get(HIGHEST_NAMED, 0) if higher_fen is None else higher_fen
    amounts = [0 if grade == NO_GRADE else by_grade_fen.get(str(grade), beyond) for grade in grades]
    return np.where(months_of_service >= least_months, np.array(amounts, dtype=np.int64), 0)


def of_age(birth_month: I64, month: int, from_years: int) -> NDArray[np.bool_]:
    """Residents who get an allowance from the month of a birthday on.

    Args:
        birth_month: index of the month of birth (`Month.index`), one per resident.
        month: index of the month that is paid.
        from_years: age of the law; the number itself is enough.
    """
    old: NDArray[np.bool_] = month - birth_month >= from_years * MONTHS_PER_YEAR
    return old
