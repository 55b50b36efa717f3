"""`carecap show`: the scenario as resolved, where each value was written, what its document leaves open."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import Lang, Settings


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A shipped name or a YAML file")],
    origin: Annotated[bool, typer.Option("--origin", help="Print file and line behind each value")] = False,
    settings: Settings = None,
    lang: Lang = None,
) -> None:
    """Print the resolved scenario as YAML; with --origin, where each value comes from.

    Contradictions of the plan document, and how they are treated, follow as comments.
    """
    from sim.cli import points, telling
    from sim.errors import shown_file
    from sim.messages import say
    from sim.policy.book import PolicyBook
    from sim.scenario.resolve import resolve, resolved_yaml
    from sim.yamltree import TreePath

    resolved = resolve(file, settings or ())
    telling.notices([notice.text(lang) for notice in resolved.notices], lang)

    def where(path: TreePath) -> str:
        at = resolved.origins.get(path)
        if at is None:
            return say("default_value", lang)
        return shown_file(at.file, lang) + (f":{at.line}" if at.line else "")

    text = resolved_yaml(resolved.data, where) if origin else resolved_yaml(resolved.data)
    typer.echo(text, nl=False)
    book = PolicyBook.load(resolved.scenario.policy)
    if book.contradictions:  # as comments, so that the whole is still the scenario
        typer.echo(f"\n# {points.head(book, lang)}")
        for line in points.told(book, lang):
            typer.echo(f"# - {line}")
