"""The ledger: who pays what for which clause in which month, in whole fen, and what is promised for later.

An entry is one amount for one thing; it becomes a line per payer, and the lines add up to the entry. The
quantity stands on every line of an entry (each payer pays a part of the same thing): never add quantities
over payers. Amounts add up over anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.accounts import Account, accounts_of
from sim.money import Exact, apportion, whole
from sim.months import Month, fiscal_span, fiscal_year
from sim.policy.book import PolicyBook
from sim.scenario.service_types import Service
from sim.tables import LEDGER_METRICS


@dataclass(frozen=True, slots=True)
class Entry:
    """What is due for one thing.

    Attributes:
        district: code of the district, or `total` for the whole place.
        measure: name of the account (a measure of the law, a service); `clause_id` its clause.
        subject: the facility, or the group of persons, that it is for.
        quantity: how many units; `unit` of what.
        rate_fen: amount per unit, exact (it may have parts of a fen).
        amount_fen: whole fen: quantity times rate, or less where a budget binds, rounded once, halves up.
        rate_status: `in document`, `not in document`, or `not given`.
    """

    district: str
    measure: str
    clause_id: str
    subject: str
    quantity: float
    unit: str
    rate_fen: Exact
    amount_fen: int
    rate_status: str


@dataclass(frozen=True, slots=True)
class Line:
    """The part of an entry that one payer pays in a month."""

    month: Month
    place: str
    entry: Entry
    payer: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """A line that falls due in a later month than the one in which it was promised.

    `cancelled` is the month in which the promise was taken back, None if it stands.
    """

    promised: Month
    line: Line
    cancelled: Month | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A measure, a payer and a fiscal year of `costs.csv`, before ensembles.

    `outstanding_fen`: promised for after the year; `cancelled_fen`: taken back in it.
    """

    year: int
    measure: str
    clause_id: str
    payer: str
    quantity: float
    unit: str
    amount_fen: int
    outstanding_fen: int
    rate_status: str
    cancelled_fen: int = 0


@dataclass
class Ledger:
    """Lines and commitments of a run.

    Attributes:
        place: id of the place.
        book: the law, for the measures in force.
        payers: measure -> payer -> share, from the scenario; it goes before the document's own payers.
        services: of the scenario; those of known capacity have an account too.
        fiscal_first_month: first month of a fiscal year, 1 to 12; years below are fiscal years.
        levers: accounts of the levers.
        lines: what was posted, in the order of posting.
        commitments: lines promised for later months, kept when `settle` has posted them.
        entries: what was posted or promised, before it was split: what the lines are checked against.
        settled: the last month settled.
    """

    place: str
    book: PolicyBook
    payers: Mapping[str, Mapping[Any, float]] = field(default_factory=dict)
    services: Sequence[Service] = ()
    fiscal_first_month: int = 1
    levers: Mapping[str, Account] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    settled: Month | None = None
    accounts: dict[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        """Open the accounts."""
        self.accounts = accounts_of(self.book, self.payers, self.services, self.levers)

    def year_of(self, month: Month) -> int:
        """The fiscal year of a month."""
        return fiscal_year(month, self.fiscal_first_month)

    def entry(
        self,
        measure: str,
        *,
        district: str,
        subject: str,
        quantity: float,
        rate_fen: Exact,
        amount_fen: Exact,
    ) -> Entry:
        """An entry of an account, with its clause, unit and rate status; here its amount is rounded, once."""
        account = self.accounts[measure]
        return Entry(
            district=district, measure=measure, clause_id=account.clause_id, subject=subject,
            quantity=quantity, unit=account.unit, rate_fen=rate_fen, amount_fen=whole(amount_fen),
            rate_status=account.rate_status,
        )  # fmt: skip

    def post(self, month: Month, entry: Entry) -> list[Line]:
        """Post an entry in a month; returns its lines."""
        lines = self._split(month, entry)
        self.lines += lines
        return lines

    def commit(self, promised: Month, due: Month, entry: Entry) -> list[Line]:
        """Promise an entry for a later month; returns its lines.

        Raises:
            ValueError: if it falls due in the month of the promise, or in a month already settled.
        """
        if due <= promised or (self.settled is not None and due <= self.settled):
            raise ValueError(f"{entry.measure}: due(={due}) must be after {promised} and {self.settled}")
        lines = self._split(due, entry)
        self.commitments += [Commitment(promised, line) for line in lines]
        return lines

    def cancel(self, month: Month, measure: str, subject: str) -> int:
        """Take back what was promised for a subject, falls due in a month or later and is not paid yet.

        Returns:
            Fen taken back.
        """
        taken = 0
        for at, one in enumerate(self.commitments):
            meant = (one.line.entry.measure, one.line.entry.subject) == (measure, subject)
            paid = self.settled is not None and one.line.month <= self.settled
            if meant and one.cancelled is None and one.promised <= month <= one.line.month and not paid:
                self.commitments[at] = replace(one, cancelled=month)
                taken += one.line.amount_fen
        return taken

    @property
    def cancelled(self) -> list[tuple[Month, Commitment]]:
        """What was taken back, with the month in which it was."""
        return [(one.cancelled, one) for one in self.commitments if one.cancelled is not None]

    def settle(self, month: Month) -> list[Line]:
        """Post what has fallen due by a month and was not posted yet; returns those lines."""
        standing = [one.line for one in self.commitments if one.cancelled is None]
        falling = [line for line in standing if line.month <= month]
        due = [line for line in falling if self.settled is None or line.month > self.settled]
        self.lines += due
        self.settled = month if self.settled is None else max(month, self.settled)
        return due

    def total(self, *, measure: str | None = None, year: int | None = None, payer: str | None = None) -> int:
        """Fen posted for a measure, a fiscal year, a payer (all where left out)."""
        chosen = _chosen(self.lines, measure, payer)
        return sum(line.amount_fen for line in chosen if year is None or year == self.year_of(line.month))

    def in_calendar_year(self, measure: str, year: int, *, payer: str | None = None) -> int:
        """Fen posted for a measure in a calendar year, whatever the fiscal years; of one payer, or all."""
        return sum(line.amount_fen for line in _chosen(self.lines, measure, payer) if line.month.year == year)

    def outstanding(self, after: Month, *, measure: str | None = None, payer: str | None = None) -> int:
        """Fen promised by the end of a month for later months (whether or not posted since)."""
        promised = [
            one.line
            for one in self.commitments
            if one.promised <= after < one.line.month and (one.cancelled is None or one.cancelled > after)
        ]
        return sum(line.amount_fen for line in _chosen(promised, measure, payer))

    def taken_back(
        self, *, measure: str | None = None, year: int | None = None, payer: str | None = None
    ) -> int:
        """Fen taken back for a measure, a fiscal year, a payer (all where left out)."""
        back = [one.line for month, one in self.cancelled if year in (None, self.year_of(month))]
        return sum(line.amount_fen for line in _chosen(back, measure, payer))

    def rows(self, first: Month, last: Month) -> list[Row]:
        """A row per account in force, payer and fiscal year of the run, zero amounts included.

        A measure that has ended has rows as long as something is paid, owed or taken back (instalments).
        """
        return list(self._rows(first, last))

    def part_rows(self, first: Month, last: Month) -> Iterator[tuple[Month, str, str, str, str, float]]:
        """The rows of a part's table `costs`: month, metric, measure, clause_id, payer, value.

        Quantities and amounts in the months of posting, what was taken back in that month; at each year's end
        (or the run's) a row of the other metrics for every account in force and payer, so that zero amounts
        stand there too.
        """
        quantity, amount, outstanding, cancelled = LEDGER_METRICS
        for line in self.lines:
            key = (line.entry.measure, line.entry.clause_id, line.payer)
            yield line.month, quantity, *key, float(line.entry.quantity)
            yield line.month, amount, *key, float(line.amount_fen)
        for month, one in self.cancelled:
            key = (one.line.entry.measure, one.line.entry.clause_id, one.line.payer)
            yield month, cancelled, *key, float(one.line.amount_fen)
        for row in self._rows(first, last):
            end = min(fiscal_span(row.year, self.fiscal_first_month)[1], last)
            key = (row.measure, row.clause_id, row.payer)
            yield end, quantity, *key, 0.0
            yield end, amount, *key, 0.0
            yield end, outstanding, *key, float(row.outstanding_fen)

    def _rows(self, first: Month, last: Month) -> Iterator[Row]:
        for year in range(self.year_of(first), self.year_of(last) + 1):
            span = fiscal_span(year, self.fiscal_first_month)
            begin, end = max(first, span[0]), min(last, span[1])
            posted = [line for line in self.lines if self.year_of(line.month) == year]
            names = {line.entry.measure for line in posted}
            for name, account in self.accounts.items():
                alive = name in names or account.holds_between(begin, end)
                promised = self.outstanding(end, measure=name) or self.taken_back(measure=name, year=year)
                if not alive and not promised:
                    continue
                for payer in account.shares:
                    lines = list(_chosen(posted, name, payer))
                    yield Row(
                        year, name, account.clause_id, payer,
                        quantity=sum(line.entry.quantity for line in lines), unit=account.unit,
                        amount_fen=sum(line.amount_fen for line in lines),
                        outstanding_fen=self.outstanding(end, measure=name, payer=payer),
                        rate_status=account.rate_status,
                        cancelled_fen=self.taken_back(measure=name, year=year, payer=payer),
                    )  # fmt: skip

    def _split(self, month: Month, entry: Entry) -> list[Line]:
        """Lines of an entry: the payer named last takes what rounding leaves."""
        self.entries.append(entry)
        shares = self.accounts[entry.measure].shares
        parts = apportion(entry.amount_fen, shares, remainder_to=list(shares)[-1])
        return [Line(month, self.place, entry, payer, amount) for payer, amount in parts.items()]


def _chosen(lines: Iterable[Line], measure: str | None, payer: str | None) -> Iterator[Line]:
    """Lines of a measure and a payer (all where None)."""
    return (line for line in lines if measure in (None, line.entry.measure) and payer in (None, line.payer))
