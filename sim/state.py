# Over 300 lines: what indicators look at, gathered in one place.
"""From the model's parts to what indicators and measures look at: plain numbers at the end of a month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.accounts import service_account
from sim.codes import NEVER, Ability, Group
from sim.costs import Recipients
from sim.facilities.estate import Estate
from sim.facilities.workforce import Workforce
from sim.indicators import staff
from sim.indicators.homes import HomesNow
from sim.indicators.state import Destitute, State
from sim.ledger import Ledger
from sim.money import fen
from sim.month_end import registered_persons
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.book import PolicyBook
from sim.policy.estates_rules import AreaRules, of_law
from sim.population.census import Census
from sim.population.families import Families
from sim.population.residents import Residents
from sim.provision import Provision
from sim.scenario.bed_types import HomeFeature
from sim.scenario.types import Scenario

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

Codes = NDArray[Any]

_HOME_COMMUNITY = "home_community_funding_cny"
_SIXTY = 60 * MONTHS_PER_YEAR
_MODERATE = int(Ability.MODERATE)
_NOBODY = 1 << 14
_HARDSHIP = int(Group.DESTITUTE | Group.MINIMUM_ALLOWANCE | Group.LOW_INCOME)
_UNKNOWN = {"registered_60plus": math.nan, "registered_65plus": math.nan}
FREE_BUS = "free_bus"
"""Label of the condition in the document that gives the age from which the bus is free."""


def recipients(
    residents: Residents, book: PolicyBook, scenario: Scenario, month: Month, caregivers: float
) -> Recipients:
    """Count those who are here at the end of a month and for whom a measure is paid.

    Args:
        residents: the table.
        book: the law, for the age of the free bus.
        scenario: the age of the old-age allowance where the law has none; caregivers who qualify.
        month: the month.
        caregivers: the stock.
    """
    stated = book.at(month).measures.get("old_age_allowance")
    allowance = (stated.from_age_years if stated else None) or scenario.money.old_age_allowance_from.at(month)
    bus = age_from(book, FREE_BUS)
    counts = _count(
        month.index, residents.birth, residents.left, residents.groups, residents.ability,
        _months(allowance), _months(bus), _HARDSHIP,
    )  # fmt: skip
    share = scenario.staff.qualified_share.at(month)
    qualified = staff.qualified_caregivers(caregivers, share)
    return Recipients(*counts, care_workers=qualified, caregivers=int(caregivers))


@njit(cache=True)
def _count(
    month: int, birth: Codes, left: Codes, groups: Codes, ability: Codes, oldest: int, bus: int, hardship: int
) -> tuple[int, int, int]:
    """Residents of an age in months, those for the nursing subsidy, those of another age."""
    old = poor = riding = 0
    for row in range(len(birth)):
        if left[row] != 0:
            continue
        age = month - birth[row]
        old += 1 if age >= oldest else 0
        riding += 1 if age >= bus else 0
        if age >= _SIXTY and ability[row] >= _MODERATE and (groups[row] & hardship) != 0:
            poor += 1
    return old, poor, riding


def _months(years: float | None) -> int:
    """Age in months; an age that nobody reaches where none is given."""
    return _NOBODY if years is None else math.ceil(years * MONTHS_PER_YEAR)


def age_from(book: PolicyBook, label: str) -> float | None:
    """The age that the document names with a label; None if it names none."""
    ages = (v.value for c in book.clauses for v in c.numbers if v.label == label and v.unit == "age_years")
    return next(ages, None)


def workforce(scenario: Scenario, residents: Residents, home_district: I64) -> Workforce:
    """Staff at the start; caregivers by district of the home: as counted, or by the ratio at the start.

    Args:
        scenario: the counts or the ratio.
        residents: the table at the start.
        home_district: (homes,) district of each home.
    """
    districts = len(scenario.place.districts)
    homes = residents.home[residents.home != NEVER]
    inside = np.bincount(home_district[homes], minlength=districts).astype(np.float64)
    total, plan = float(inside.sum()), scenario.staff
    first = scenario.horizon.first
    known = plan.caregivers.at(first.plus(-1)) if plan.caregivers else None
    stock = staff.caregivers_present(known, total, plan.residents_per_caregiver.value)
    shares = np.asarray(inside / total) if total else np.full(districts, 1 / districts)
    return Workforce(plan, stock, shares, first)


def caregiver_metrics(scenario: Scenario, occupied: F64, stock: F64) -> dict[str, F64]:
    """Caregivers needed by the norm and present, by district of the home.

    Args:
        scenario: the norm.
        occupied: (districts, 2) residents of homes by bed kind.
        stock: (districts,) caregivers.
    """
    norm = scenario.staff.residents_per_caregiver_needed.value
    needed = [staff.caregivers_needed(float(inside), norm) for inside in occupied.sum(axis=1)]
    return {"caregivers_needed": np.array(needed), "caregivers_present": stock}


def fiscal_year(month: Month, first_month: int) -> tuple[Month, Month]:
    """First and last month of the latest fiscal year that is complete at the end of a month."""
    ends = (Month.of(month.year + years, first_month).plus(-1) for years in (-1, 0, 1))
    last = max(end for end in ends if end <= month)
    return last.plus(1 - MONTHS_PER_YEAR), last


def budget_year(scenario: Scenario, month: Month) -> tuple[Month, Month]:
    """First and last month of the latest complete year of a budget at the end of a month.

    A budget of the scenario is of a fiscal year, what a document sets aside of a calendar year.
    """
    fiscal = fiscal_year(month, scenario.money.fiscal_year_first_month)
    return fiscal if str(fiscal[0].year) in scenario.money.budgets else fiscal_year(month, 1)


def budget(scenario: Scenario, book: PolicyBook, first: Month, last: Month) -> tuple[int, tuple[str, ...]]:
    """The budget of a year in fen, and the measures that it is for.

    The scenario's, else what the document itself sets aside for its measures; 0 fen if there is neither.
    """
    given = scenario.money.budgets.get(str(first.year))
    if given is not None:
        return fen(given.value), tuple(given.measures or book.measures)
    months = [first.plus(step) for step in range(last.minus(first) + 1)]
    held = {
        name: max((t.budget_yuan or 0 for m in months if m >= dated.first and (t := dated.at(m))), default=0)
        for name, dated in book.dated.items()
        if any(terms is not None and terms.budget_yuan for _, terms in dated.changes)
    }
    return sum(fen(yuan) for yuan in held.values()), tuple(name for name, yuan in held.items() if yuan)


def spent(ledger: Ledger, measures: tuple[str, ...], first: Month, last: Month) -> int:
    """Fen posted for some measures from one month to another, both included."""
    return sum(
        line.amount_fen
        for line in ledger.lines
        if line.entry.measure in measures and first <= line.month <= last
    )


def lottery(scenario: Scenario, year: int) -> tuple[int | None, int | None]:
    """Fen of the lottery fund of a year that went to elderly care, and the fund; None where not given."""
    found = scenario.money.lottery.get(str(year))
    return (None, None) if found is None else (fen(found.eldercare.value), fen(found.fund.value))


def home_community(ledger: Ledger, year: int) -> int:
    """Fen that the city pays in a calendar year for measures of care at home and in the community."""
    tagged = [name for name, measure in ledger.book.measures.items() if measure.home_community]
    return sum(ledger.in_calendar_year(name, year, payer="city") for name in tagged)


def known_home_community(ledger: Ledger, scenario: Scenario, year: int) -> int | None:
    """The same with what the city pays for services that follow from a clause; None if that is not known.

    While the capacity or the cost of such a service is not given, what is posted is a lower bound: enough to
    say that the floor of the law is reached, not that it is missed.
    """
    services = [row for row in scenario.services if row.clauses]
    paid = (ledger.in_calendar_year(service_account(row.id), year, payer="city") for row in services)
    posted = home_community(ledger, year) + sum(paid)
    floors = [v.value for c in ledger.book.clauses if c.indicator == _HOME_COMMUNITY for v in c.marks]
    unknown = any(row.capacity_per_month is None or row.cost is None for row in services)
    return None if unknown and posted < fen(max(floors, default=0.0)) else posted


def conditions(book: PolicyBook) -> dict[str, dict[str, float]]:
    """Indicator -> label -> number of the conditions that the law sets on whom it asks something of."""
    found: dict[str, dict[str, float]] = {}
    for clause in book.clauses:
        named = {v.label: v.value for v in clause.numbers if v.role == "condition" and v.label}
        if clause.indicator and named:
            found.setdefault(clause.indicator, {}).update(named)
    return found


def homes_now(estate: Estate, residents: Residents, inside: I64) -> HomesNow:
    """The homes at the end of a month, with their destitute; `inside` has the rows of all their residents."""
    poor = inside[(residents.groups[inside] & Group.DESTITUTE) != 0]
    counts = np.bincount(residents.home[poor], minlength=len(estate.homes))
    return HomesNow(estate.registered().sum(axis=1), counts, estate.ownership)


def persons(census: Census) -> dict[str, float]:
    """Residents aged 60+ and 65+, and those of 60+ of moderate ability or worse: for the denominators."""
    sixty, sixty_five, _ = census.ages.sum(axis=0).tolist()
    dependent = float(census.living[:, :, Ability.MODERATE :].sum())
    return {
        "residents_60plus": float(sixty),
        "residents_65plus": float(sixty_five),
        "residents_dependent": dependent,
    }


@dataclass(frozen=True)
class Asked:
    """What the law asks whatever the month, see `State` for each."""

    required: tuple[str, ...]
    new_estates: AreaRules
    existing_estates: AreaRules
    conditions: dict[str, dict[str, float]]


def asked(book: PolicyBook, scenario: Scenario) -> Asked:
    """What a law asks in a scenario, for `build`."""
    pooling = scenario.subsidies.pool_small_estates
    return Asked(
        next((tuple(clause.requires) for clause in book.clauses if clause.requires), ()),
        of_law(book, "new", pooling=pooling),
        of_law(book, "existing", pooling=pooling),
        conditions(book),
    )


def build(
    scenario: Scenario, book: PolicyBook, month: Month, estate: Estate, at_notice: I64,
    persons: dict[str, float], destitute: Destitute, ledger: Ledger, residents: Residents,
    provision: Provision, families: Families, workers: Workforce | None = None,
    law: Asked | None = None,
) -> State:  # fmt: skip
    """The state that indicators of a month look at.

    Args:
        scenario: plan inputs.
        book: the law.
        month: the month.
        estate: the homes.
        at_notice: (2,) registered beds at the end of the month of the notice.
        persons: residents by age, for the denominators.
        destitute: those counted for collective support.
        ledger: what was spent.
        residents: the table after the month.
        provision: what the services gave.
        families: of those in care need at the end of the month.
        workers: staff at the end of the month; as at the start if not given.
        law: what `asked` finds; looked for anew if not given.
    """
    law = law or asked(book, scenario)
    year = budget_year(scenario, month)
    budget_fen, measures = budget(scenario, book, *year)
    registered = registered_persons(scenario, month) if scenario.population.registered_60plus else _UNKNOWN
    workers = workers or Workforce(scenario.staff, 0.0, np.ones(1), month.plus(1))
    return State(
        month=month.index,
        notice=book.notice.index,
        registered=estate.registered(),
        at_notice=at_notice,
        chain_integrated=np.array([home.spec.chain_integrated for home in estate.homes]),
        persons={**persons, **registered},
        destitute=destitute,
        overdue_after_days=scenario.groups.overdue_after_days.value,
        pipeline=scenario.pipeline,
        sites=scenario.sites,
        coverage=scenario.coverage,
        required=law.required,
        social_workers=(workers.social_workers_in_homes, workers.social_workers_community),
        estates=scenario.estates,
        registers=scenario.registers,
        central_projects=scenario.central_projects,
        proximity=scenario.proximity,
        new_estates=law.new_estates,
        existing_estates=law.existing_estates,
        spent_fen=spent(ledger, measures, *year),
        budget_fen=budget_fen,
        lottery_fen=lottery(scenario, month.year),
        home_community_fen=known_home_community(ledger, scenario, month.year),
        services=provision.state,
        all_month=provision.whole_month(month, residents),
        given_in_year=provision.given_in(month.year),
        month_rates={
            row.id: provision.month_rates(row.id, month, residents)
            for row in scenario.services
            if row.unit == "visits"
        },
        reached=provision.reached(residents, month, families.in_need) if provision.known else None,
        homes=homes_now(estate, residents, families.in_homes),
        features={name: scenario.homes.with_feature(name, month.index) for name in get_args(HomeFeature)},
        star_homes=scenario.subsidies.star_homes,
        districts=tuple(district.id for district in scenario.place.districts),
        conditions=law.conditions,
    )
