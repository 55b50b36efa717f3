"""What one part of a policy file names, another must have: every name that leads nowhere, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.errors import Fault, choices, nearest
from sim.yamltree import Node, TreePath, dotted

if TYPE_CHECKING:
    from sim.policy.book import PolicyBook


def join_faults(book: PolicyBook, root: Node) -> list[Fault]:
    """Every fault of the joints between clauses, measures and the order of admission.

    Args:
        book: the file as types, sound in itself.
        root: the tree that it was read from, for the places.
    """
    found = [*_ids(book, root), *_measures(book), *_clauses(book), *_contradictions(book)]
    return [_fault(root, *one) for one in found]


Found = tuple[TreePath, str, str, str, str]
"""Path, code of the sentence, what was found, what is allowed, hint."""


def _ids(book: PolicyBook, root: Node) -> Iterator[Found]:
    """Each id once, and each of this place."""
    lines: dict[str, int] = {}
    ids = {
        "clauses": [row.id for row in book.clauses],
        "out_of_scope": [row.id for row in book.out_of_scope],
        "contradictions": [row.id for row in book.contradictions],
    }
    for section, names in ids.items():
        for index, name in enumerate(names):
            path = (section, index, "id")
            if name in lines:
                yield path, "duplicate_id", f"'{name}'", str(lines[name]), ""
            lines.setdefault(name, root.at_path(path).at.line)
            if not name.startswith(f"{book.document.place}."):
                yield path, "other", f"clause {name}", f"{book.document.place}.<number>", ""


def _measures(book: PolicyBook) -> Iterator[Found]:
    """Each measure is named by its clause, and by no other."""
    for index, clause in enumerate(book.clauses):
        for place, name in enumerate(clause.measures):
            path = ("clauses", index, "measures", place)
            if name not in book.measures:
                yield (path, *_unknown(name, book.measures))
            elif book.measures[name].clause != clause.id:
                yield path, "other", f"measure {name} of clause {book.measures[name].clause}", clause.id, ""
    for name, measure in book.measures.items():
        named = book.by_id.get(measure.clause)
        if named is None:
            yield (("measures", name, "clause"), *_unknown(measure.clause, book.by_id))
        elif name not in named.measures:
            allowed = ", ".join(named.measures) or "-"
            yield ("measures", name), "other", f"clause {measure.clause} does not name {name}", allowed, ""


def _clauses(book: PolicyBook) -> Iterator[Found]:
    """Clauses that are named elsewhere in the file."""
    named: list[tuple[TreePath, str]] = []
    if book.admission:
        named.append((("admission", "clause"), book.admission.clause))
    for index, clause in enumerate(book.clauses):
        named += [(("clauses", index, "restates", i), other) for i, other in enumerate(clause.restates)]
    for name, measure in book.measures.items():
        named += [(("measures", name, "instalments"), measure.instalments)] if measure.instalments else []
    for path, other in named:
        if other not in book.by_id:
            yield (path, *_unknown(other, book.by_id))


def _contradictions(book: PolicyBook) -> Iterator[Found]:
    """Clauses that a contradiction is about, in scope or out of it."""
    known = {*book.by_id, *(passage.id for passage in book.out_of_scope)}
    for index, point in enumerate(book.contradictions):
        for place, clause in enumerate(point.clauses):
            if clause not in known:
                yield (("contradictions", index, "clauses", place), *_unknown(clause, sorted(known)))


def _unknown(name: str, known: Iterable[str]) -> tuple[str, str, str, str]:
    there = list(known)
    return "unknown_name", name, choices(name, there), nearest(name, there)


def _fault(root: Node, path: TreePath, code: str, found: str, allowed: str, hint: str) -> Fault:
    at = root.at_path(path).at
    return Fault(at.file, at.line, at.column, dotted(path), code, found, allowed, hint)
