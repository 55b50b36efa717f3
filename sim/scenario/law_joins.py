"""What a scenario and its law must agree on: names, units, months and amounts, each fault with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from sim.errors import Fault, choices, nearest
from sim.policy.book import PolicyBook
from sim.policy.charges import SECTION
from sim.scenario.quantity import plainly
from sim.scenario.types import Scenario
from sim.yamltree import Node, TreePath, dotted


class _NamesClauses(Protocol):
    """A row of the scenario that says from which clauses it follows."""

    @property
    def clauses(self) -> Sequence[str]: ...


class _Found(NamedTuple):
    """A fault before its place is known: path, code of the sentence, what was found, what is allowed."""

    path: TreePath
    code: str
    found: str
    allowed: str
    hint: str = ""


def join_faults(scenario: Scenario, book: PolicyBook, root: Node) -> list[Fault]:
    """Everything in which a scenario does not fit its law.

    Args:
        scenario: sound in itself.
        book: its law.
        root: the tree that it was read from, for the places.
    """
    found = [
        *_of_this_place(scenario, book), *_measures(scenario, book), *_clauses(scenario, book),
        *_districts(scenario), *_sites(scenario, book), *_registers(scenario, book),
        *_below_the_law(scenario, book), *_charges(scenario, book),
    ]  # fmt: skip
    return [_fault(root, one) for one in found]


def _fault(root: Node, one: _Found) -> Fault:
    node = root.at_path(one.path)
    at = node.key_at if isinstance(node.value, dict) else node.at
    return Fault(at.file, at.line, at.column, dotted(one.path), one.code, one.found, one.allowed, one.hint)


def _unknown(path: TreePath, word: str, known: set[str]) -> Iterator[_Found]:
    if word not in known:
        yield _Found(path, "unknown_name", word, choices(word, sorted(known)), nearest(word, known))


def _of_this_place(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """The law is that of the place; a law without a clause is that of any."""
    if book.clauses and scenario.place.id != book.document.place:
        yield _Found(("place", "id"), "not_this_place", scenario.place.id, book.document.place)


def _measures(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """Measures that the scenario names and the law does not have."""
    measures = set(book.measures)
    for section in ("rates", "payers"):
        for measure in getattr(scenario, section):
            yield from _unknown((section, measure), measure, measures)
    for measure in scenario.subsidies.counts_per_year:
        yield from _unknown(("subsidies", "counts_per_year", measure), measure, measures)
    accounts = measures | {f"service_{service.id}" for service in scenario.services}  # as `sim.accounts`
    accounts |= {f"lever_{name}" for name in scenario.levers.given()}
    for year, budget in scenario.money.budgets.items():
        for at, measure in enumerate(budget.measures):
            yield from _unknown(("money", "budgets", year, "measures", at), measure, accounts)


def _clauses(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """Clauses that the scenario names and the law does not have."""
    clauses = set(book.by_id)
    rows: dict[TreePath, Sequence[_NamesClauses]] = {
        ("pipeline",): scenario.pipeline,
        ("sites",): scenario.sites,
        ("services",): scenario.services,
        ("homes", "stock"): scenario.homes.stock,
    }
    for above, items in rows.items():
        for index, item in enumerate(items):
            for at, clause in enumerate(item.clauses):
                yield from _unknown((*above, index, "clauses", at), clause, clauses)
    for index, service in enumerate(scenario.services):
        if service.cost and service.cost.clause:
            yield from _unknown(("services", index, "cost", "clause"), service.cost.clause, clauses)


def _districts(scenario: Scenario) -> Iterator[_Found]:
    """Districts of beds and sites that the place does not have."""
    districts = {district.id for district in scenario.place.districts}
    named = [("pipeline", [item.district for item in scenario.pipeline])]
    named += [("sites", [item.district for item in scenario.sites])]
    for section, names in named:
        for index, name in enumerate(names):
            if name:
                yield from _unknown((section, index, "district"), name, districts)


def _sites(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """Sites of a plan are completed under it, and have functions that it knows.

    What was there before the notice is counted in `coverage`: an indicator of the plan's sites would take it
    for the plan's.
    """
    known = {function for clause in book.clauses for function in clause.requires}
    for index, item in enumerate(scenario.sites):
        if item.completes_month < book.notice:
            yield _Found(
                ("sites", index, "completes"), "before_notice", str(item.completes_month), f">= {book.notice}"
            )
        for at, function in enumerate(item.functions if known else ()):
            yield from _unknown(("sites", index, "functions", at), function, known)


def _registers(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """A value of a register has the unit in which the law counts it, and a label that the law has.

    A value without a label is of all that the clauses ask for, so they must count in one unit. A register
    that the law does not name is compared with nothing.
    """
    for name, values in scenario.registers.items():
        asked = [
            (mark.label, mark.unit)
            for clause in book.clauses
            if clause.indicator == name
            for mark in clause.marks
        ]
        asked += [(None, clause.unit) for clause in book.clauses if clause.indicator == name and clause.unit]
        labels = {label for label, _ in asked if label}
        for index, value in enumerate(values):
            path: TreePath = ("registers", name, index)
            if asked and value.label is not None and value.label not in labels:
                if labels:
                    yield from _unknown((*path, "label"), value.label, labels)
                else:
                    yield _Found((*path, "label"), "other", f"label {value.label}", "no label")
                continue
            units = {unit for label, unit in asked if value.label in (None, label) or label is None}
            if len(units) > 1:
                yield _Found(path, "missing_label", ", ".join(sorted(units)), ", ".join(sorted(labels)))
            elif units and value.unit not in units:
                yield _Found((*path, "unit"), "wrong_unit", value.unit, ", ".join(units))


def _charges(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """Charges under a rule about charges, from its notice on, of a payer that it names.

    A share of the scenario is for rules that give none.
    """
    rules = {clause.id: clause for clause in book.clauses if clause.plan_input == SECTION}
    for index, charge in enumerate(scenario.charges):
        path: TreePath = (SECTION, index)
        if charge.clause not in rules:
            yield from _unknown((*path, "clause"), charge.clause, set(rules))
            continue
        if charge.due_month < book.notice:
            yield _Found(
                (*path, "month"), "other", f"{charge.due_month}, before the notice", f">= {book.notice}"
            )
        rule = rules[charge.clause]
        if rule.labels and not charge.payer:
            yield _Found(path, "other", "no payer", ", ".join(rule.labels))
        elif rule.labels:
            yield from _unknown((*path, "payer"), charge.payer, set(rule.labels))
        elif charge.payer:
            yield _Found((*path, "payer"), "other", f"payer {charge.payer}", "no payer")
        if rule.marks and charge.share_due is not None:
            found = plainly(charge.share_due.value)
            yield _Found((*path, "share_due"), "other", f"share_due {found}", f"the share of {rule.id}")


def _below_the_law(scenario: Scenario, book: PolicyBook) -> Iterator[_Found]:
    """Amounts of the scenario below a lower bound of the law."""
    uplift = scenario.subsidies.smart_uplift
    for name, measure in book.measures.items():
        for terms in [terms for terms in measure.in_force.values() if terms is not None]:
            if terms.least_yuan is not None and terms.most_yuan is None and name in scenario.rates:
                yield from _least(("rates", name), scenario.rates[name].value, terms.least_yuan)
            if name == "operating_subsidy" and terms.rate_yuan and scenario.subsidies.operating_by_ability:
                allowed = f"{plainly(terms.rate_yuan)} ({measure.clause})"
                yield _Found(("subsidies", "operating_by_ability"), "other", "amounts by ability", allowed)
            if terms.least_uplift is not None and uplift is not None:
                yield from _least(("subsidies", "smart_uplift"), uplift.value, terms.least_uplift)


def _least(path: TreePath, value: float, least: float) -> Iterator[_Found]:
    if value < least:
        yield _Found(path, "out_of_bounds", plainly(value), f">= {plainly(least)}")
