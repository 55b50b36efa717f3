"""What is due in a month: the measures in force over what happened, as entries of the ledger.

What each measure gives is in `sim.dues`; here are rates, what is known of them, and the posting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from sim.accounts import lever_account, service_account
from sim.dues import MEASURES
from sim.dues.building import rests_on_unknown_size
from sim.dues.case import SIZE_NOT_KNOWN, Case, Recipients
from sim.facilities.home import Home
from sim.facilities.supply import BedChange, pipeline_name
from sim.ledger import Entry, Ledger
from sim.money import exact_fen
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy import instalments
from sim.policy.book import Law, PolicyBook
from sim.policy.clauses import Terms
from sim.scenario.service_types import Service
from sim.scenario.types import Scenario
from sim.tables import NOT_GIVEN, TOTAL

__all__ = ["MEASURES", "Recipients", "post", "post_levers", "post_services", "rate", "rate_status"]

DAYS_PER_WEEK = 7


def rate(scenario: Scenario, measure: str, terms: Terms, month: Month) -> Fraction:
    """Fen per unit, exact: the scenario's rate grown from its base year, else the document's, else 0.

    It is not rounded, so a rate doubled is exactly twice the rate; amounts are, once for each entry.
    """
    if measure not in scenario.rates:
        return exact_fen(terms.rate_yuan or 0)
    return exact_fen(scenario.rates[measure].at(month)) * scenario.money.price_factor(month.year)


def rate_status(scenario: Scenario, book: PolicyBook, measure: str) -> str:
    """Where the amount of a measure comes from: the document, the scenario, or nobody has given it.

    What nobody gives is posted with its quantity and amount 0, and the totals are marked incomplete. A zero
    that the scenario assumes stands for an amount that is not known, so it gives none. What is paid for
    something of unknown size, as if it were large enough, is marked too.
    """
    law, rules = book.measures[measure], scenario.subsidies
    stated = [terms for terms in law.in_force.values() if terms is not None]
    if measure == "star_award":
        return str(law.rate_status) if rules.star_awards else NOT_GIVEN
    if measure == "operating_subsidy" and rules.operating_by_ability:
        return str(law.rate_status)
    if any(terms.least_yuan is not None and terms.most_yuan is not None for terms in stated):
        return str(law.rate_status) if rules.award_score else NOT_GIVEN
    if any(terms.rate_by_yuan for terms in stated):
        return str(law.rate_status) if rules.caregiver_grades else NOT_GIVEN
    if any(rests_on_unknown_size(scenario, measure, terms) for terms in stated):
        return SIZE_NOT_KNOWN
    known = any(terms.rate_yuan is not None or terms.least_yuan is not None for terms in stated)
    return str(law.rate_status) if known or _given(scenario, measure) else NOT_GIVEN


def _given(scenario: Scenario, measure: str) -> bool:
    """Whether the scenario has an amount for a measure: a published zero is one, an assumed zero is none."""
    told = scenario.rates.get(measure)
    return told is not None and (told.status != "assumption" or any((told.value, *told.changes.values())))


def post(
    ledger: Ledger,
    scenario: Scenario,
    law: Law,
    month: Month,
    changes: Sequence[BedChange],
    homes: Sequence[Home],
    persons: Recipients,
) -> None:
    """Post what is due in a month.

    Args:
        ledger: takes the lines.
        scenario: sites that complete, and rates that the document does not give.
        law: the law in force.
        month: the month.
        changes: beds that opened or closed.
        homes: the homes that they belong to.
        persons: for whom allowances are paid.

    Raises:
        KeyError: if a measure in force has no function; the policy files are checked against `MEASURES`.
    """
    if scenario.subsidies.stop_instalments_on_closure:
        _cancel_closed(ledger, month, homes)
    for measure, terms in law.measures.items():
        rate_fen = rate(scenario, measure, terms, month)
        # a document's budget is that of its calendar year, whatever months a fiscal year has
        spent = ledger.in_calendar_year(measure, month.year) if terms.budget_yuan is not None else 0
        case = Case(
            measure, scenario, month, law.book.notice, terms, rate_fen, spent, changes, homes, persons
        )
        status = rate_status(scenario, law.book, measure)
        for subject, due in MEASURES[measure](case):
            entry = ledger.entry(
                measure,
                district=TOTAL,
                subject=subject,
                quantity=due.quantity,
                rate_fen=rate_fen,
                amount_fen=due.amount_fen,
            )
            pay(ledger, month, replace(entry, rate_status=status))


def _cancel_closed(ledger: Ledger, month: Month, homes: Sequence[Home]) -> None:
    """Cancel what is promised for new homes that have no beds any more on 31 December."""
    closed = {home.spec.name for home in homes if not home.registered.sum()} if month.is_december else set()
    due = {(one.line.entry.measure, one.line.entry.subject) for one in ledger.commitments}
    for measure, subject in sorted(due):
        if pipeline_name(subject) in closed:
            ledger.cancel(month, measure, subject)


def pay(ledger: Ledger, month: Month, entry: Entry) -> None:
    """Post an entry at once, or promise its instalments: each on 31 December of its year."""
    shares = ledger.book.instalments(entry.measure)
    if not shares:
        ledger.post(month, entry)
        return
    for step, amount in enumerate(instalments.parts(entry.amount_fen, shares)):
        december = Month.of(month.year + step, MONTHS_PER_YEAR)
        # the beds are counted once, in the year of opening: a later instalment is for the same beds
        part = replace(entry, amount_fen=amount, quantity=entry.quantity if step == 0 else 0)
        if december == month:
            ledger.post(month, part)
        else:
            ledger.commit(month, december, part)


def post_services(
    ledger: Ledger, scenario: Scenario, month: Month, given: Iterable[tuple[Service, int, int, float]]
) -> None:
    """Post what the services of a month cost, amount zero where no cost is given.

    A service that rests on a clause has no account before the notice, see `sim.accounts`: what it gives then
    is not posted.

    Args:
        ledger: takes the lines.
        scenario: for the growth of prices.
        month: the month.
        given: services with persons served in the month, persons newly given their units, and hours a week
            taken off unmet care, as `sim.provision.Amount`.
    """
    growth = scenario.money.price_factor(month.year)
    for service, served, new, hours in given:
        cost, account = service.cost, service_account(service.id)
        rate_fen = exact_fen(cost.at(month)) * growth if cost else Fraction(0)
        quantity = service_quantity(service, month, served, new, hours)
        if quantity and ledger.accounts[account].holds_between(month, month):
            entry = ledger.entry(
                account, district=TOTAL, subject=service.id, quantity=float(quantity),
                rate_fen=rate_fen, amount_fen=rate_fen * quantity,
            )  # fmt: skip
            ledger.post(month, entry)


def post_levers(
    ledger: Ledger, month: Month, due: Iterable[tuple[str, float, float]], growth: Fraction
) -> None:
    """Post what levers cost in a month.

    Args:
        ledger: takes the lines.
        month: the month.
        due: lever, quantity, yuan for each.
        growth: of prices since the base year.
    """
    for lever, quantity, yuan in due:
        if quantity:
            rate_fen, many = exact_fen(yuan) * growth, Fraction(str(round(quantity, 6)))
            entry = ledger.entry(
                lever_account(lever), district=TOTAL, subject=lever, quantity=float(many),
                rate_fen=rate_fen, amount_fen=rate_fen * many,
            )  # fmt: skip
            ledger.post(month, entry)


def service_quantity(service: Service, month: Month, served: int, new: int, hours: float) -> Fraction:
    """How much of a service a month gave, in the unit that its cost is paid for (persons and months if none).

    Units (visits, meals, households) go to those newly given them: of a lasting service only once; hours are
    those that it takes off unmet care in the month, so never more than those served lack.

    Args:
        service: the service.
        month: the month.
        served: persons served.
        new: persons newly given their units.
        hours: hours a week that it takes off unmet care.
    """
    unit = service.cost.unit if service.cost else "yuan_per_person_month"
    if unit == "yuan_per_person_month":
        return Fraction(served)
    if unit == "yuan_per_hour":
        # a sum of floats over persons: what lies beyond the millionth of an hour is rounding
        return Fraction(str(round(hours, 6))) * month.days / DAYS_PER_WEEK
    return new * Fraction(str(service.units_per_person.at(month)))
