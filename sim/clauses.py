"""Every clause of a policy book and what in the program implements it; passages out of scope with the reason.

The path of a function is taken from the function itself, so that it can't go out of date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim import store
from sim.errors import Fault, InputError, nearest
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause
from sim.policy.fields import Words
from sim.rules import function_of
from sim.scenario.library import is_path, locate, scenarios_folder

OUT_OF_SCOPE = "out_of_scope"
COLUMNS = ("id", "kind", "computed", "implemented_by", "indicator", "document", "section", "reason")
"""Columns of the table that `carecap clauses --csv` prints."""


@dataclass(frozen=True)
class Wired:
    """A clause, or a passage out of scope, and what implements it.

    Attributes:
        id: of the clause.
        kind: of the clause, or `out_of_scope`; `computed` simulated, planned or register.
        implemented_by: dotted path of a function; empty if nothing does (or out of scope).
        indicator: the indicator, the measures (with spaces between), or the section of the scenario.
        document: title of the notice; `section` its section.
        reason: why it is out of scope; None for a clause.
    """

    id: str
    kind: str
    computed: str
    implemented_by: str
    indicator: str
    document: Words
    section: str
    reason: Words | None = None

    def row(self, lang: str) -> tuple[str, ...]:
        """The cells of `COLUMNS` in a language."""
        document, reason = (getattr(words, lang) if words else "" for words in (self.document, self.reason))
        return (
            self.id, self.kind, self.computed, self.implemented_by, self.indicator, document, self.section,
            reason,
        )  # fmt: skip


def wired(book: PolicyBook) -> list[Wired]:
    """All clauses in the order of the file, then what is out of scope."""
    title = book.document.title
    clauses = [
        Wired(
            clause.id, clause.kind, clause.computed, implemented_by(_meant(clause, book)),
            clause.indicator or clause.plan_input or " ".join(clause.measures), title, clause.section,
        )
        for clause in book.clauses
    ]  # fmt: skip
    passages = [
        Wired(passage.id, OUT_OF_SCOPE, "", "", "", title, passage.section, passage.reason)
        for passage in book.out_of_scope
    ]
    return clauses + passages


def _meant(clause: Clause, book: PolicyBook) -> Clause:
    """The clause itself, or the one that it restates if it names nothing of its own."""
    names = clause.indicator or clause.measures or clause.plan_input
    return clause if names or not clause.restates else book.by_id[clause.restates[0]]


def implemented_by(clause: Clause) -> str:
    """The dotted path of the function behind a clause; empty if there is none."""
    function = function_of(clause)
    return path_of(function) if function else ""


def path_of(function: Callable[..., Any]) -> str:
    """`module.name` of what stands at the top of a module, as it can be imported again."""
    return f"{function.__module__}.{function.__qualname__}"


def books(place: str | None = None) -> list[PolicyBook]:
    """The policy books of all places that are shipped, or of one.

    Args:
        place: name of a shipped place (`yinchuan`), or the path of a policy file.

    Raises:
        InputError: if there is no such place or file, or the file has faults.
    """
    if place and is_path(place):
        return [PolicyBook.load(locate(place))]
    files = _policy_files()
    if place and place not in files:
        hint = nearest(place, files)
        raise InputError([Fault("", code="no_such_place", found=place, allowed=", ".join(files), hint=hint)])
    return [PolicyBook.load(path) for name, path in files.items() if place in (None, name)]


def _policy_files() -> dict[str, Path]:
    """Place -> its shipped policy file."""
    return {path.stem: path for path in sorted((scenarios_folder() / "policy").glob("*.yaml"))}


def find(clause_id: str, policy: str | None = None) -> tuple[PolicyBook, Wired]:
    """The book that holds a clause or a passage out of scope, and what is known of it.

    Args:
        clause_id: its id.
        policy: a place or the path of a policy file, as in `books`; None = the shipped book that has it.

    Raises:
        InputError: if the book, or no shipped book, has it.
    """
    place = clause_id.partition(".")[0]
    only = policy or (place if place in _policy_files() else None)
    known = {one.id: (book, one) for book in books(only) for one in wired(book)}
    if clause_id not in known:
        raise InputError([Fault("", code="no_such_clause", found=clause_id, hint=nearest(clause_id, known))])
    return known[clause_id]


def rows_of_run(folder: Path, table: str, clause_id: str) -> list[dict[str, Any]]:
    """The rows of a clause in a result table (`targets`, `costs`) of a run folder.

    Raises:
        InputError: if the folder has no such table.
    """
    path = folder / f"{table}.csv"
    try:
        rows: list[dict[str, Any]] = (
            store.read_table(path).filter(pc.equal(pc.field("clause_id"), clause_id)).to_pylist()
        )
    except (OSError, KeyError, pa.ArrowException):
        found = Fault("", code="no_such_run", found=f"'{folder}'", allowed=path.name)
        raise InputError([found]) from None
    return rows
