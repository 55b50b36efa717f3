"""What the ledger has lines for: the measures of the law, and the services of the scenario that are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import UNASSIGNED
from sim.scenario.service_types import QUANTITY_UNITS, Service
from sim.scenario.types import Scenario
from sim.tables import NOT_GIVEN, NOT_IN_DOCUMENT


@dataclass(frozen=True)
class Account:
    """One measure or service.

    Attributes:
        clause_id: clause that it rests on; empty if the scenario names none.
        unit: what its quantity is counted in.
        rate_status: where its rate comes from.
        holds_between: whether it is in force in any month from one to another.
        payers: payer -> share; empty if nobody is named.
    """

    clause_id: str
    unit: str
    rate_status: str
    holds_between: Callable[[Month, Month], bool]
    payers: Mapping[str, float] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, float]:
        """Who pays which share; all of it `unassigned` if nobody is named."""
        return dict(self.payers) or {UNASSIGNED: 1.0}


def service_account(service: str) -> str:
    """Name in the ledger of a service: apart from the measures of the law, whatever they are called."""
    return f"service_{service}"


def accounts_of(
    book: PolicyBook, payers: Mapping[str, Mapping[Any, float]], services: Iterable[Service],
    levers: Mapping[str, Account] | None = None,
) -> dict[str, Account]:  # fmt: skip
    """All accounts by name: measures in the order of the law, services of known capacity, then levers.

    Args:
        book: the law.
        payers: measure -> payer -> share, from the scenario; it goes before the document's own payers.
        services: rows of the scenario.
        levers: as `lever_accounts` gives them.
    """
    accounts = {
        name: Account(
            measure.clause, measure.unit, measure.rate_status, book.dated[name].holds_between,
            {str(payer): share for payer, share in (payers.get(name) or measure.payers).items()},
        )
        for name, measure in book.measures.items()
    }  # fmt: skip
    given = [service for service in services if service.capacity_per_month is not None]
    accounts |= {service_account(service.id): _of_service(service, book) for service in given}
    return accounts | dict(levers or {})


LEVERS = {
    "operating_subsidy": ("person_months", "运营补贴（方案之外）", "Operating subsidy (a lever)"),
    "resident_subsidy": ("person_months", "入住补贴（方案之外）", "Subsidy to residents of homes (a lever)"),
    "staff_allowance": ("person_months", "护理员津贴（方案之外）", "Allowance for caregivers (a lever)"),
    "conversion": ("beds", "普通床位改护理型床位", "Conversion into nursing beds"),
}
"""Levers: unit of the quantity, title in Chinese and English."""


def lever_account(lever: str) -> str:
    """Name in the ledger of a lever: apart from the measures of the law."""
    return f"lever_{lever}"


def lever_accounts(scenario: Scenario) -> dict[str, Account]:
    """The accounts of the levers that a scenario sets, and of its conversions; none rests on a clause."""
    payers = {
        name: {str(payer): share for payer, share in lever.payers.items()}
        for name, lever in scenario.levers.given().items()
    }
    if any(item.converted_to_nursing for item in scenario.pipeline):
        shares = scenario.homes.conversion.payers
        payers["conversion"] = {str(payer): share for payer, share in shares.items()}
    return {
        lever_account(name): Account("", LEVERS[name][0], NOT_IN_DOCUMENT, lambda _first, _last: True, paid)
        for name, paid in payers.items()
    }


def _of_service(service: Service, book: PolicyBook) -> Account:
    """The account of a service; one that rests on a clause begins with the notice, if no month is given."""
    cost = service.cost
    clause = (cost.clause if cost else None) or next(iter(service.clauses), "")
    begins = book.notice if clause and book.clauses else None
    if service.starts:
        begins = Month.parse(service.starts)

    def given(_first: Month, last: Month) -> bool:
        return begins is None or begins <= last

    return Account(
        clause,
        QUANTITY_UNITS[cost.unit] if cost else "person_months",
        NOT_IN_DOCUMENT if cost else NOT_GIVEN,
        given,
        {str(payer): share for payer, share in cost.payers.items()} if cost else {},
    )
