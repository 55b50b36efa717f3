"""What the ledger has lines for: the measures of the law, and the services of the scenario that are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.months import Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import UNASSIGNED
from sim.scenario.service_types import QUANTITY_UNITS, Service
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
    book: PolicyBook, payers: Mapping[str, Mapping[Any, float]], services: Iterable[Service]
) -> dict[str, Account]:
    """All accounts by name: measures in the order of the law, then services of known capacity.

    Args:
        book: the law.
        payers: measure -> payer -> share, from the scenario; it goes before the document's own payers.
        services: rows of the scenario.
    """
    accounts = {
        name: Account(
            measure.clause, measure.unit, measure.rate_status, book.dated[name].holds_between,
            {str(payer): share for payer, share in (payers.get(name) or measure.payers).items()},
        )
        for name, measure in book.measures.items()
    }  # fmt: skip
    given = [service for service in services if service.capacity_per_month is not None]
    return accounts | {service_account(service.id): _of_service(service, book) for service in given}


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
