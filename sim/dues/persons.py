"""What is due for persons: residents by age and hardship, caregivers by grade, and counts of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from sim.dues.case import Case, Dues, each
from sim.money import apportion, fen
from sim.policy import allowances
from sim.policy.subsidies import Due

COUNTED = (
    "caregiver_training_subsidy", "ltci_benefit", "fire_upgrade_award", "grade_linked_subsidy",
    "care_worker_entry_award", "destitute_hospital_care", "family_carer_training_subsidy",
)  # fmt: skip
"""Measures whose number of units a year the scenario gives, because nothing in the model counts them."""


def old_age_allowance(case: Case) -> Dues:
    """Each month: residents of the age that the law, or else the scenario, sets."""
    return each("oldest residents", case.persons.old_age, case)


def nursing_subsidy(case: Case) -> Dues:
    """Each month: residents in hardship with moderate ability or worse."""
    return each("residents in hardship", case.persons.nursing, case)


def free_bus(case: Case) -> Dues:
    """Each month: residents of the age that the document sets."""
    return each("bus passengers", case.persons.bus, case)


def care_service_subsidy(case: Case) -> Dues:
    """Each month: residents in hardship."""
    return each("residents in hardship", case.persons.hardship, case)


def free_health_check(case: Case) -> Dues:
    """Once a year, in December: residents of the age that the law sets."""
    return each("residents checked", case.persons.checked if case.month.is_december else 0, case)


def poor_dependent_supplement(case: Case) -> Dues:
    """Each month: poor, very old, care-dependent residents of homes."""
    return each("poor care-dependent residents of homes", case.persons.poor_dependent, case)


def care_worker_subsidy(case: Case) -> Dues:
    """Each month: caregivers who qualify."""
    return each("caregivers", case.persons.care_workers, case)


def caregiver_post_allowance(case: Case) -> Iterator[tuple[str, Due]]:
    """Each month: qualified caregivers by grade. Who qualifies has served long enough, by the scenario.

    Each grade is the nearest whole number to its share; what the shares leave has no grade and gets nothing.
    Shares that leave nobody give the last grade who remains, so that nobody is lost to rounding. Without
    shares of the grades the caregivers are counted, and nothing is due.
    """
    qualified, rules = case.persons.care_workers, case.scenario.subsidies
    shares = {str(grade): share.value for grade, share in rules.caregiver_grades.items()}
    if not shares:
        yield from [("caregivers", Due(qualified, 0))] if qualified else []
        return
    rest = 1 - sum(Decimal(str(share)) for share in shares.values())
    if rest > 0:
        shares[allowances.NO_GRADE] = float(rest)
    least = case.terms.least_months or 0
    amounts = allowances.post_allowance(
        np.array(list(shares)),
        np.full(len(shares), least),
        {grade: fen(amount) for grade, amount in case.terms.rate_by_yuan.items()},
        least,
        None if rules.higher_grade_yuan is None else fen(rules.higher_grade_yuan.value),
    )
    split = apportion(qualified, shares, remainder_to=list(shares)[-1])
    for (grade, persons), amount in zip(split.items(), amounts.tolist(), strict=True):
        if grade != allowances.NO_GRADE:
            yield f"caregivers, {grade}", Due(persons, persons * amount)


def caregiver_grade_pay(case: Case) -> Dues:
    """Each month: all caregivers."""
    return each("caregivers", case.persons.caregivers, case)


def staff_social_insurance_subsidy(case: Case) -> Dues:
    """Each month: all caregivers."""
    return each("caregivers", case.persons.caregivers, case)


def counted(case: Case) -> Dues:
    """Once a year, in December: as many units as the scenario says."""
    count = case.scenario.subsidies.counts_per_year.get(case.measure)
    return each("as counted", int(count.value) if count and case.month.is_december else 0, case)
