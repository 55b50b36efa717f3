"""A place's policy file, and the law in force in a month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from sim import messages
from sim.errors import Fault, InputError
from sim.months import MONTHS_PER_YEAR, Month
from sim.policy.admission import Admission
from sim.policy.clauses import Clause, Document, Measure, OutOfScope, Terms
from sim.policy.dated import Dated
from sim.policy.fields import Strict, fault
from sim.strictyaml import read_file
from sim.yamltree import TreePath, dotted

_CODES = {"missing": "missing_key", "extra_forbidden": "unknown_key"}


class PolicyBook(Strict):
    """All clauses of a document, its measures by name, its admission order, and what is out of scope."""

    schema_version: Literal[1]
    document: Document
    clauses: list[Clause]
    measures: dict[str, Measure] = Field(default_factory=dict)
    admission: Admission | None = None
    out_of_scope: list[OutOfScope] = Field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> PolicyBook:
        """Read a policy file.

        Raises:
            InputError: with every fault of the file, each at its line and column.
        """
        read = read_file(Path(path))
        if read.faults:
            raise InputError(read.faults)
        try:
            return cls.model_validate(read.data)
        except ValidationError as error:
            places = read.places
            faults = []
            for one in error.errors():
                where: TreePath = one["loc"]
                known = where
                while known and known not in places:
                    known = known[:-1]
                context = one.get("ctx", {})
                code = _CODES.get(one["type"], one["type"])
                found = str(context.get("found", ""))
                if code not in messages.CATALOGUE:
                    code, found = "plain", one["msg"]
                at = places[known]
                allowed = str(context.get("allowed", ""))
                faults.append(Fault(read.file, at.line, at.column, dotted(where), code, found, allowed))
            raise InputError(faults) from None

    @model_validator(mode="after")
    def _joined(self) -> PolicyBook:
        """What one part names, another must have."""
        ids = [clause.id for clause in self.clauses] + [passage.id for passage in self.out_of_scope]
        counts = Counter(ids)
        for name, count in counts.items():
            if count > 1:
                raise fault(f"clause {name} stands {count} times", "once")
            if not name.startswith(f"{self.document.place}."):
                raise fault(f"clause {name}", f"{self.document.place}.<number>")
        named = sorted((name, clause.id) for clause in self.clauses for name in clause.measures)
        if named != sorted((name, measure.clause) for name, measure in self.measures.items()):
            names = ", ".join(f"{name} ({clause})" for name, clause in named)
            raise fault(f"clauses name the measures {names}", f"those below: {self.measures_text}")
        others = [self.admission.clause] if self.admission else []
        others += [other for clause in self.clauses for other in clause.restates]
        for other in others:
            if other not in self.by_id:
                raise fault(f"clause {other} is named", "a clause of this file")
        return self

    @property
    def measures_text(self) -> str:
        """The measures with their clauses, for a fault."""
        return ", ".join(f"{name} ({measure.clause})" for name, measure in sorted(self.measures.items()))

    @property
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

    def measures_of(self, year: int) -> list[str]:
        """The measures in force in any month of a year, in the order of the file."""
        first, last = Month.of(year, 1), Month.of(year, MONTHS_PER_YEAR)
        return [name for name, dated in self.dated.items() if dated.holds_between(first, last)]


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
