"""`carecap init`: the commented starter of a new place, and what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Lang


def init(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="Id of the place: letters, digits, hyphens")],
    *,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="Folder to write into (default: PLACE)", show_default=False),
    ] = None,
    zh: Annotated[str | None, typer.Option(help="Name in Chinese", show_default=False)] = None,
    en: Annotated[str | None, typer.Option(help="Name in English", show_default=False)] = None,
    district: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Code of a county-level unit; repeatable (default: the place is one unit)",
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Write the starter of a new place: tables to fill in, its scenario, its plan. Overwrites nothing."""
    from rich.cells import cell_len

    from sim.messages import say
    from sim.scenario.starter import NewPlace, write_starter
    from sim.typefaults import PLACEHOLDER

    target = Path(place) if folder is None else folder
    files = write_starter(NewPlace(place, zh, en, tuple(district or ())), target)
    width = max(cell_len(str(path)) for path in files.values())
    for what, path in files.items():
        name = str(path) + " " * (width - cell_len(str(path)))
        typer.echo(f"{name}  {say(f'init_{what}', lang, mark=PLACEHOLDER)}")
    scenario = shlex.quote(str(files["scenario"]))
    typer.echo(say("init_next", lang, mark=PLACEHOLDER))
    typer.echo(f"  carecap check {scenario}")
    typer.echo(say("init_then", lang))
    typer.echo(f"  carecap run {scenario} -n 20")
