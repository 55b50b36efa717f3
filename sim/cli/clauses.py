"""`carecap clauses`: every clause of a policy file, what implements it, and what is out of scope and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Lang

if TYPE_CHECKING:
    from sim.clauses import Wired
    from sim.policy.book import PolicyBook

_SHOWN = ("id", "kind", "computed", "implemented_by", "indicator", "section")


def clauses(
    place: Annotated[
        str | None,
        typer.Argument(metavar="[PLACE]", help="A shipped place or a policy file (default: all places)"),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV (UTF-8)")] = False,
    lang: Lang = None,
) -> None:
    """List all clauses: kind, what implements them, document and section; what is out of scope, and why."""
    from sim.clauses import books, wired
    from sim.messages import default_language

    found = [(book, wired(book)) for book in books(place)]
    language = lang or default_language()
    text = _csv(found, language) if csv else _tables(found, language)
    typer.echo(text.encode(), nl=False)


def _csv(found: list[tuple[PolicyBook, list[Wired]]], lang: str) -> str:
    import csv
    import io

    from sim.clauses import COLUMNS

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(one.row(lang) for _, rows in found for one in rows)
    return text.getvalue()


def _tables(found: list[tuple[PolicyBook, list[Wired]]], lang: str) -> str:
    from sim.clauses import OUT_OF_SCOPE
    from sim.messages import say

    lines = []
    for book, rows in found:
        inside = [one for one in rows if one.kind != OUT_OF_SCOPE]
        outside = [one for one in rows if one.kind == OUT_OF_SCOPE]
        lines += [f"{getattr(book.document.title, lang)} ({book.document.date})", ""]
        lines += _aligned([_head(lang), *(_cells(book, one, lang) for one in inside)])
        lines += ["", *_aligned([[one.id, _reason(one, lang)] for one in outside])]
        done = sum(1 for one in inside if one.implemented_by)
        lines += ["", say("clauses_count", lang, done=done, count=len(inside), left=len(outside)), ""]
    return "\n".join(lines)


def _head(lang: str) -> list[str]:
    from sim.messages import say

    return [say(f"clause_head_{name}", lang) for name in _SHOWN]


def _cells(book: PolicyBook, one: Wired, lang: str) -> list[str]:
    from sim.messages import say

    found = book.by_id[one.id]
    measures = [book.measures[name].name.zh for name in found.measures] if lang == "zh" else []

    return [
        one.id, say(f"kind_{one.kind}", lang), say(f"computed_{one.computed}", lang),
        one.implemented_by or say("clause_nothing", lang), "、".join(measures) or one.indicator, one.section,
    ]  # fmt: skip


def _reason(one: Wired, lang: str) -> str:
    from sim.messages import say

    return say("clause_reason", lang, text=getattr(one.reason, lang))


def _aligned(rows: list[list[str]]) -> list[str]:
    """Columns of equal width on the screen; a Chinese character takes two places."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    padded = [
        [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        for row in rows
    ]
    return ["  ".join(row).rstrip() for row in padded]
