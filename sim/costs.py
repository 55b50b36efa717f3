"""What is due in a month: the measures in force over what happened, as entries of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sim.codes import BedKind, Ownership
from sim.facilities.home import Home
from sim.facilities.supply import BedChange
from sim.ledger import Ledger
from sim.money import fen
from sim.months import Month
from sim.policy import subsidies
from sim.policy.book import Law
from sim.scenario.types import Scenario
from sim.tables import TOTAL

CANTEENS = "canteen_upgrade"
PREMIUM = "nursing_bed_premium"


def post(
    ledger: Ledger,
    scenario: Scenario,
    law: Law,
    month: Month,
    changes: Sequence[BedChange],
    homes: Sequence[Home],
) -> None:
    """Post what is due in a month.

    Args:
        ledger: takes the lines.
        scenario: sites that complete, and rates that the document does not give.
        law: the law in force.
        month: the month.
        changes: beds that opened or closed.
        homes: the homes that they belong to.
    """
    for measure, terms in law.measures.items():
        rate_fen = (
            fen(scenario.rates[measure].value) if measure in scenario.rates else fen(terms.rate_yuan or 0)
        )
        if measure == CANTEENS:
            for item in scenario.sites:
                if item.kind == "canteen_upgraded" and item.completes_month == month:
                    spent = ledger.total(measure=measure, year=month.year)
                    due = subsidies.sites_due(item.sites, rate_fen, fen(terms.budget_yuan or 0), spent)
                    _post(ledger, month, measure, item.id, due, rate_fen)
        elif measure == PREMIUM and month > law.book.notice:  # until then beds belong to the baseline
            opened = sum(
                change.registered
                for change in changes
                if change.kind == BedKind.NURSING and homes[change.home].spec.ownership == Ownership.PRIVATE
            )
            due = subsidies.per_unit(opened, rate_fen)
            if due.quantity:
                _post(ledger, month, measure, "private homes", due, rate_fen)


def _post(
    ledger: Ledger, month: Month, measure: str, subject: str, due: subsidies.Due, rate_fen: int
) -> None:
    entry = ledger.entry(
        measure,
        district=TOTAL,
        subject=subject,
        quantity=due.quantity,
        rate_fen=rate_fen,
        amount_fen=due.amount_fen,
    )
    ledger.post(month, entry)
