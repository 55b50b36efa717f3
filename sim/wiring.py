"""What a policy file names and the program does not have: told before a run, not by a run that fails."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from sim.clauses import OUT_OF_SCOPE, wired
from sim.dues import MEASURES
from sim.errors import Fault, choices, nearest
from sim.indicators.board import INDICATORS
from sim.policy.book import PolicyBook
from sim.policy.clauses import Clause
from sim.rules import PLAN_INPUTS, RULES
from sim.strictyaml import read_file
from sim.yamltree import TreePath, dotted

PERSONS = ("residents_60plus", "residents_65plus", "registered_60plus", "registered_65plus")
"""What a number per 1,000 older persons may be divided by."""


def unwired(policy: Path) -> list[Fault]:
    """Every name of a policy file that leads to nothing in the program, and shares that are no whole.

    Args:
        policy: a file that `PolicyBook.load` takes.
    """
    book = PolicyBook.load(policy)
    root = read_file(policy).root
    idle = {one.id for one in wired(book) if one.kind != OUT_OF_SCOPE and not one.implemented_by}
    found: list[tuple[TreePath, str, str, str, str]] = []
    for index, clause in enumerate(book.clauses):
        for key, name, known in [*(_names(clause) if clause.id in idle else ()), *_divisors(clause)]:
            there = choices(name, sorted(known))
            path = ("clauses", index, *key)
            found.append((path, "no_such_rule", f"'{name}'", there, nearest(name, known)))
    for name, measure in book.measures.items():
        total = sum(Decimal(str(share)) for share in measure.payers.values())  # as `sim.money.apportion`
        if measure.payers and total != 1:
            found.append((("measures", name, "payers"), "shares_sum", f"{float(total):g}", "1", ""))
    faults = []
    for path, *words in found:
        at = root.at_path(path).at if root else None
        place = (at.file, at.line, at.column) if at else (str(policy), 0, 0)
        faults.append(Fault(*place, dotted(path), *words))
    return faults


def _names(clause: Clause) -> Iterator[tuple[TreePath, str, tuple[str, ...]]]:
    """What a clause names that is not there: key, name, names that are there."""
    if clause.indicator:
        rules = tuple(RULES) if clause.kind == "eligibility" else ()
        yield ("indicator",), clause.indicator, (*INDICATORS, *rules)
    for at, measure in enumerate(clause.measures):
        if measure not in MEASURES:
            yield ("measures", at), measure, tuple(MEASURES)
    if clause.plan_input:
        yield ("plan_input",), clause.plan_input, tuple(PLAN_INPUTS)


def _divisors(clause: Clause) -> Iterator[tuple[TreePath, str, tuple[str, ...]]]:
    """Populations that nobody counts, of an indicator that is a number per so many of them."""
    if clause.indicator == "beds_per_1000_elderly":
        for at, name in enumerate(clause.denominators or ("",)):
            if name not in PERSONS:
                yield ("denominators", at), name, PERSONS
