"""What is due for persons: residents by age and hardship, caregivers by grade, and counts of the scenario."""

from __future__ import annotations

from collections.abc import Iterator

from sim.dues.case import Case, Dues, each
from sim.money import fen
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

    Without shares of the grades the caregivers are counted, and nothing is due.
    """
    qualified, rules = case.persons.care_workers, case.scenario.subsidies
    if not rules.caregiver_grades:
        yield from [("caregivers", Due(qualified, 0))] if qualified else []
    amounts = {grade: fen(amount) for grade, amount in case.terms.rate_by_yuan.items()}
    highest = amounts.get(allowances.HIGHEST_NAMED, 0)
    higher = highest if rules.higher_grade_yuan is None else fen(rules.higher_grade_yuan.value)
    for grade, share in rules.caregiver_grades.items():
        persons = int(qualified * share.value)
        yield f"caregivers, {grade}", Due(persons, persons * amounts.get(grade, higher))


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
