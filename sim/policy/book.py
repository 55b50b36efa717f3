"""A place's policy file, and the law in force in a month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.errors import InputError, first_told
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.admission import Admission
from sim.policy.clauses import Clause, Document, Measure, OutOfScope, Terms
from sim.policy.contradictions import Contradiction
from sim.policy.dated import Dated
from sim.policy.fields import Strict
from sim.policy.joins import join_faults
from sim.strictyaml import read_file
from sim.typefaults import validate


class PolicyBook(Strict):
    """All clauses of a document, its measures by name, its admission order, and what is out of scope.

    `contradictions` are the points on which its words alone don't say what to do.
    """

    schema_version: Literal[1]
    document: Document
    clauses: list[Clause]
    measures: dict[str, Measure] = Field(default_factory=dict)
    admission: Admission | None = None
    out_of_scope: list[OutOfScope] = Field(default_factory=list)
    contradictions: list[Contradiction] = Field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> PolicyBook:
        """Read a policy file; once in a process, as long as its text stays the same.

        Raises:
            InputError: with every fault of the file, each at its line and column.
        """
        path = Path(path)
        try:
            raw = path.read_bytes()
        except OSError:
            raw = b""  # told by the reader
        return _loaded(path, raw)

    @cached_property
    def notice(self) -> Month:
        """The month of the notice: the first in which its rules apply; the baseline of what it adds to."""
        return Month.parse(self.document.date)

    @cached_property
    def by_id(self) -> dict[str, Clause]:
        """Clause id -> clause, in the order of the file."""
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def dated(self) -> dict[str, Dated[Terms]]:
        """Measure -> its terms by month."""
        return {name: Dated.of(name, measure.in_force) for name, measure in self.measures.items()}

    def at(self, month: Month) -> Law:
        """The law in force in a month."""
        return Law(self, month)

    def instalments(self, measure: str) -> tuple[float, ...]:
        """The shares in which a measure is paid, year by year; empty if it is paid at once."""
        clause = self.measures[measure].instalments
        return tuple(value.value for value in self.by_id[clause].marks) if clause else ()

    def measures_of(self, year: int) -> list[str]:
        """The measures in force in any month of a year, in the order of the file."""
        first, last = Month.of(year, 1), Month.of(year, MONTHS_PER_YEAR)
        return [name for name, dated in self.dated.items() if dated.holds_between(first, last)]


@lru_cache(maxsize=16)
def _loaded(path: Path, _raw: bytes) -> PolicyBook:
    """The book of a file with this content."""
    read = read_file(path)
    book, faults = validate(read.root, PolicyBook) if read.root else (None, [])
    if book is not None and read.root and not faults:
        faults = join_faults(book, read.root)
    if read.faults or faults or book is None:
        raise InputError(first_told(read.faults, faults), read.notices)
    return book


@dataclass(frozen=True)
class Law:
    """What applies in a month: nothing before the month of the notice."""

    book: PolicyBook
    month: Month

    @property
    def in_force(self) -> bool:
        """True from the month of the notice on."""
        return self.month >= self.book.notice

    @property
    def admission(self) -> Admission | None:
        """The order of admission, if the document has one and it applies."""
        return self.book.admission if self.in_force else None

    @property
    def measures(self) -> dict[str, Terms]:
        """The terms of each measure in force."""
        begun = {name: dated for name, dated in self.book.dated.items() if dated.first <= self.month}
        held = {name: dated.at(self.month) for name, dated in begun.items()}
        return {name: terms for name, terms in held.items() if terms is not None}

    def terms(self, measure: str) -> Terms | None:
        """The terms of a measure; None once it has ended.

        Raises:
            LookupError: before its first month.
            KeyError: if there is no such measure.
        """
        return self.book.dated[measure].at(self.month)
