"""The ledger: who pays what for which clause in which month, in whole fen, and what is promised for later.

An entry is one amount for one thing; it becomes a line per payer, and the lines add up to the entry. The
quantity stands on every line of an entry (each payer pays a part of the same thing): never add quantities
over payers. Amounts add up over anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sim.money import apportion
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.book import PolicyBook
from sim.policy.clauses import UNASSIGNED
from sim.tables import LEDGER_METRICS


@dataclass(frozen=True, slots=True)
class Entry:
    """What is due for one thing.

    Attributes:
        district: code of the district, or `total` for the whole place.
        measure: name in the policy book; `clause_id` its clause.
        subject: the facility, or the group of persons, that it is for.
        quantity: how many units; `unit` of what.
        rate_fen: amount per unit; the amount may be less where a budget binds.
        rate_status: `in document` or `not in document`.
    """

    district: str
    measure: str
    clause_id: str
    subject: str
    quantity: float
    unit: str
    rate_fen: int
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
    """A line that falls due in a later month than the one in which it was promised."""

    promised: Month
    line: Line


@dataclass(frozen=True, slots=True)
class Row:
    """A measure, a payer and a year of `costs.csv`, before ensembles. `outstanding_fen`: after the year."""

    year: int
    measure: str
    clause_id: str
    payer: str
    quantity: float
    unit: str
    amount_fen: int
    outstanding_fen: int
    rate_status: str


@dataclass
class Ledger:
    """Lines and commitments of a run.

    Attributes:
        place: id of the place.
        book: the law, for the measures in force.
        payers: measure -> payer -> share, from the scenario; it goes before the document's own payers.
        lines: what was posted, in the order of posting.
        commitments: lines promised for later months, kept when `settle` has posted them.
        cancelled: month -> what was promised until then, and will not be paid.
        settled: the last month settled.
    """

    place: str
    book: PolicyBook
    payers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    cancelled: list[tuple[Month, Commitment]] = field(default_factory=list)
    settled: Month | None = None

    def shares(self, measure: str) -> dict[str, float]:
        """Who pays a measure: the scenario's shares, else the document's, else all `unassigned`."""
        found = self.payers.get(measure) or self.book.measures[measure].payers
        return {str(payer): share for payer, share in found.items()} or {UNASSIGNED: 1.0}

    def entry(
        self, measure: str, *, district: str, subject: str, quantity: float, rate_fen: int, amount_fen: int
    ) -> Entry:
        """An entry of a measure of the book, with its clause, unit and rate status."""
        law = self.book.measures[measure]
        return Entry(
            district=district, measure=measure, clause_id=law.clause, subject=subject, quantity=quantity,
            unit=law.unit, rate_fen=rate_fen, amount_fen=amount_fen, rate_status=law.rate_status,
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
        """Cancel what was promised for a subject and falls due in a month or later; returns its fen."""
        gone = [
            one
            for one in self.commitments
            if one.line.entry.measure == measure and one.line.entry.subject == subject
            if one.line.month >= month
        ]
        self.commitments = [one for one in self.commitments if one not in gone]
        self.cancelled += [(month, one) for one in gone]
        return sum(one.line.amount_fen for one in gone)

    def settle(self, month: Month) -> list[Line]:
        """Post what has fallen due by a month and was not posted yet; returns those lines."""
        falling = [one.line for one in self.commitments if one.line.month <= month]
        due = [line for line in falling if self.settled is None or line.month > self.settled]
        self.lines += due
        self.settled = month if self.settled is None else max(month, self.settled)
        return due

    def total(self, *, measure: str | None = None, year: int | None = None, payer: str | None = None) -> int:
        """Fen posted for a measure, a year, a payer (all where left out)."""
        chosen = _chosen(self.lines, measure, payer)
        return sum(line.amount_fen for line in chosen if year in (None, line.month.year))

    def outstanding(self, after: Month, *, measure: str | None = None, payer: str | None = None) -> int:
        """Fen promised by the end of a month for later months (whether or not posted since)."""
        known = [*self.commitments, *(one for when, one in self.cancelled if after < when)]
        promised = [one.line for one in known if one.promised <= after < one.line.month]
        return sum(line.amount_fen for line in _chosen(promised, measure, payer))

    def rows(self, first: Month, last: Month) -> list[Row]:
        """A row per measure in force, payer and year of the run, zero amounts included.

        A measure that has ended has rows as long as something is paid or outstanding (instalments).
        """
        return list(self._rows(first, last))

    def part_rows(self, first: Month, last: Month) -> Iterator[tuple[Month, str, str, str, str, float]]:
        """The rows of a part's table `costs`: month, metric, measure, clause_id, payer, value.

        Quantities and amounts in the months of posting; at each year's end (or the run's) a row of each
        metric for every measure in force and payer, so that zero amounts stand there too.
        """
        quantity, amount, outstanding = LEDGER_METRICS
        for line in self.lines:
            key = (line.entry.measure, line.entry.clause_id, line.payer)
            yield line.month, quantity, *key, float(line.entry.quantity)
            yield line.month, amount, *key, float(line.amount_fen)
        for row in self._rows(first, last):
            end = min(Month.of(row.year, MONTHS_PER_YEAR), last)
            key = (row.measure, row.clause_id, row.payer)
            yield end, quantity, *key, 0.0
            yield end, amount, *key, 0.0
            yield end, outstanding, *key, float(row.outstanding_fen)

    def _rows(self, first: Month, last: Month) -> Iterator[Row]:
        for year in range(first.year, last.year + 1):
            posted = [line for line in self.lines if line.month.year == year]
            names = {line.entry.measure for line in posted}
            for name, measure in self.book.measures.items():
                begin, end = max(first, Month.of(year, 1)), min(last, Month.of(year, MONTHS_PER_YEAR))
                alive = name in names or self.book.dated[name].holds_between(begin, end)
                if not alive and not self.outstanding(end, measure=name):
                    continue
                for payer in self.shares(name):
                    lines = list(_chosen(posted, name, payer))
                    yield Row(
                        year, name, measure.clause, payer,
                        quantity=sum(line.entry.quantity for line in lines), unit=measure.unit,
                        amount_fen=sum(line.amount_fen for line in lines),
                        outstanding_fen=self.outstanding(end, measure=name, payer=payer),
                        rate_status=measure.rate_status,
                    )  # fmt: skip

    def _split(self, month: Month, entry: Entry) -> list[Line]:
        """Lines of an entry: the payer named last takes what rounding leaves."""
        shares = self.shares(entry.measure)
        parts = apportion(entry.amount_fen, shares, remainder_to=list(shares)[-1])
        return [Line(month, self.place, entry, payer, amount) for payer, amount in parts.items()]


def _chosen(lines: Iterable[Line], measure: str | None, payer: str | None) -> Iterator[Line]:
    """Lines of a measure and a payer (all where None)."""
    return (line for line in lines if measure in (None, line.entry.measure) and payer in (None, line.payer))
