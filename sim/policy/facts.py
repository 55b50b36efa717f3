"""What a document states about its own month."""

from __future__ import annotations

from sim.policy.book import PolicyBook


def fact(book: PolicyBook, indicator: str, unit: str) -> float:
    """A number that the document states as a fact.

    Raises:
        LookupError: if it states none.
    """
    for clause in book.clauses:
        for value in clause.numbers:
            if (clause.kind, clause.indicator, value.unit) == ("baseline_fact", indicator, unit):
                return value.value
    raise LookupError(f"the document states no {indicator} in {unit}")
