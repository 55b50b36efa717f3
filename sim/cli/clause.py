"""`carecap clause`: one clause in the project's words, its numbers and dates, and what a run says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Lang, Language

if TYPE_CHECKING:
    from sim.clauses import Wired
    from sim.policy.book import PolicyBook
    from sim.policy.clauses import Clause
    from sim.servicerows import ServiceYear


def clause(
    clause_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the clause, as yinchuan.2.2.c")],
    run: Annotated[Path | None, typer.Option("--run", help="Folder of a run: show its rows too")] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="A policy file of your own (default: the shipped ones)", show_default=False
        ),
    ] = None,
    both: Annotated[bool, typer.Option("--both", help="In Chinese and in English")] = False,
    lang: Lang = None,
) -> None:
    """Show a clause: the rule in our own words, numbers, dates, notes, and its values in a run."""
    from sim.clauses import find, rows_of_run
    from sim.messages import default_language
    from sim.servicerows import services_of_run

    book, one = find(clause_id, policy)
    found = book.by_id.get(clause_id)
    tables = ["targets", "costs", *(["charges"] if found and found.plan_input == "charges" else [])]
    rows = {name: rows_of_run(run, name, clause_id) for name in tables} if run else {}
    given = services_of_run(run, found) if run and found else []
    for language in Language if both else [lang or default_language()]:
        for line in _lines(book, one, language):
            typer.echo(line)
        for line in _of_run(book, run, rows, given, language) if run else ():
            typer.echo(line)


def _lines(book: PolicyBook, one: Wired, lang: str) -> Iterator[str]:
    from sim.messages import say

    found = book.by_id.get(one.id)
    title = getattr(book.document.title, lang)
    yield " · ".join([one.id, *_words(one, found, lang)])
    yield say("clause_title", lang, document=title, date=book.document.date, section=one.section)
    if found is None:
        yield say("clause_reason", lang, text=getattr(one.reason, lang))
        return
    for name, words in (("rule", found.rule), ("applies", found.applies_to), ("payer", found.payer)):
        if words:
            yield say(f"clause_{name}", lang, text=getattr(words, lang))
    yield from _numbers(book, found, lang)
    path = one.implemented_by or say("clause_nothing", lang)
    computed = say(f"computed_{one.computed}", lang)
    yield say("clause_wired", lang, path=path, indicator=one.indicator, computed=computed)
    if found.note:
        yield say("clause_note", lang, text=getattr(found.note, lang))


def _words(one: Wired, found: Clause | None, lang: str) -> list[str]:
    from sim.messages import say

    return [say(f"kind_{one.kind}", lang), *([say(f"force_{found.force}", lang)] if found else [])]


def _numbers(book: PolicyBook, found: Clause, lang: str) -> Iterator[str]:
    """Values, conditions, dates, what holds in 2025, and the terms of measures."""
    from sim.messages import say
    from sim.months import Month
    from sim.policy.duties import duties
    from sim.words import number, sign, term, unit_word, with_unit

    for value in found.numbers:
        told = with_unit(number(value.value, lang), value.unit, lang)
        told = f"{sign(value.operator or found.operator or '', lang)} {told}".strip()
        due = say("clause_due", lang, day=value.due) if value.due else ""
        yield say(f"clause_{value.role}", lang, number=told, label=_label(value.label, lang), due=due)
    if found.basis_2025:
        yield say("clause_basis", lang, text=say(f"basis_{found.basis_2025}", lang))
    if found.suspect:
        yield say("clause_suspect", lang)
    last = Month.parse(book.document.carried_to)
    dates = [duty for duty in duties(book, last) if duty.clause_id == found.id]
    if len(dates) == 1:
        yield say("clause_dates", lang, begins=dates[0].begins, due=dates[0].due)
    elif dates:
        yield say("clause_monthly", lang, day=dates[0].due.day, first=dates[0].due, last=dates[-1].due)
    for name in found.measures:
        measure = book.measures[name]
        budgets = [terms.budget_yuan for terms in measure.in_force.values() if terms and terms.budget_yuan]
        yield say(
            "clause_measure", lang, name=getattr(measure.name, lang), unit=unit_word(measure.unit, lang),
            status=_rate(measure.rate_status, lang),
            budget="".join(say("clause_budget", lang, yuan=_yuan(budget, lang)) for budget in budgets),
        )  # fmt: skip
        for month, terms in measure.in_force.items():
            stated = {} if terms is None else terms.stated
            if stated:
                listed = [term(name, value, lang) for name, value in stated.items()]
                text = ("，" if lang == "zh" else ", ").join(listed)
                yield say("clause_terms", lang, month=month, terms=text)


def _of_run(
    book: PolicyBook,
    run: Path,
    rows: dict[str, list[dict[str, Any]]],
    given: list[ServiceYear],
    lang: str,
) -> Iterator[str]:
    """Its rows in the tables of a run, and the services that it is about."""
    from sim.accounts import service_account
    from sim.messages import say
    from sim.words import with_unit

    yield say("clause_run", lang, run=run.resolve().name)
    if not any(rows.values()) and not given:
        yield say("clause_no_rows", lang)
    for row in rows["targets"]:
        yield _target(row, lang)
    titles = {service_account(one.service): one.title for one in given}
    titles |= {name: measure.name for name, measure in book.measures.items()}
    for row in rows["costs"]:
        name = titles.get(row["measure"])
        yield say(
            "clause_cost", lang, year=row["year"], payer=_payer(row["payer"], lang),
            measure=getattr(name, lang) if name else row["measure"],
            quantity=with_unit(_plain(row["quantity"]), row["unit"], lang),
            yuan=_yuan(row["amount_yuan_run0"], lang), status=_rate(row["rate_status"], lang),
        )  # fmt: skip

    for row in rows.get("charges", []):
        yield _charge(row, lang)
    for one in given:
        yield _service(one, lang)


def _charge(row: dict[str, Any], lang: str) -> str:
    """What was due and waived of a charge, or that the scenario gives none."""
    from sim.messages import say
    from sim.words import with_unit

    label, share = _label(row["payer"], lang), with_unit(_plain(100 * row["share_due"]), "percent", lang)
    if row["year"] is None:
        return say("clause_no_charge", lang, label=label, share=share)
    full, due, waived = (_yuan(row[f"{name}_yuan"], lang) for name in ("charge", "due", "waived"))
    return say("clause_charge", lang, year=row["year"], label=label, full=full, due=due, waived=waived)


def _service(one: ServiceYear, lang: str) -> str:
    """What was given of a service, or what is missing to know it."""
    from sim.indicators.beds import percent
    from sim.messages import say
    from sim.words import with_unit

    title = getattr(one.title, lang)
    if one.month is None:
        return say("clause_service_unknown", lang, service=title, id=one.service)
    rate = percent(one.served_all_month, one.entitled_all_month)
    text = say(
        "clause_service", lang, month=one.month, service=title, served=_plain(one.served),
        entitled=_plain(one.entitled), all_month=with_unit(_plain(rate), "percent", lang),
    )  # fmt: skip
    if one.visits_required is None:
        return text
    return text + say("clause_visits", lang, visits=_plain(one.visits_required))


def _target(row: dict[str, Any], lang: str) -> str:
    from sim.indicators.needs import NEEDS
    from sim.messages import say
    from sim.policy.verdict import Status
    from sim.words import with_unit

    status = say(f"status_{Status(row['status']).name.lower()}", lang)
    label = _label(row["denominator"], lang)
    value, low, high = (row[name] for name in ("value_run0", "value_p10", "value_p90"))
    text = with_unit(_plain(value), row["unit"], lang) if value is not None else "—"
    if value is not None and low != high:
        text = say("clause_band", lang, value=text, low=_plain(low), high=_plain(high))
    keys = NEEDS.get(row.get("indicator") or "", ()) if row["status"] == Status.NOT_COMPUTABLE else ()
    missing = say("clause_needs", lang, keys=("、" if lang == "zh" else ", ").join(keys)) if keys else ""
    return say(
        "clause_result", lang, day=row["evaluated_on"], label=label, value=text, status=status + missing
    )


def _label(label: str | None, lang: str) -> str:
    from sim.messages import say
    from sim.words import label_word

    return say("clause_label", lang, label=label_word(label, lang)) if label else ""


def _payer(payer: str, lang: str) -> str:
    from sim.messages import CATALOGUE, say

    return say(f"payer_{payer}", lang) if f"payer_{payer}" in CATALOGUE else payer


def _rate(status: str, lang: str) -> str:
    from sim.messages import say

    return say(f"rate_{status.replace(' ', '_')}", lang)


def _plain(value: float) -> str:
    """At most two decimals, none where they say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _yuan(yuan: float, lang: str) -> str:
    return f"{yuan / 10_000:.2f} 万元" if lang == "zh" else f"{yuan:,.2f} yuan"
