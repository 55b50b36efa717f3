"""`carecap check`: every fault of a scenario, or one line that says it is good."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import Lang, Settings


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Shipped names or YAML files")],
    settings: Settings = None,
    lang: Lang = None,
) -> None:
    """Check scenarios: all faults at once with line and column, or one line that says it is good.

    Notices say where the plan document contradicts itself or leaves a reading open; they are no faults.
    """
    from sim.api import load_scenario
    from sim.cli import points, telling
    from sim.errors import Fault, InputError
    from sim.messages import say
    from sim.policy.book import PolicyBook

    faults: list[Fault] = []
    notices: list[Fault] = []
    for file in files:
        try:
            resolved = load_scenario(file, settings or ())
        except InputError as error:
            faults += error.faults
            notices += error.notices
            continue
        telling.notices([notice.text(lang) for notice in resolved.notices], lang)
        telling.notices(points.told(PolicyBook.load(resolved.scenario.policy), lang), lang)
        scenario = resolved.scenario
        stock = scenario.homes.stock[-1]
        typer.echo(
            say(
                "check_good",
                lang,
                name=scenario.name,
                beds=stock.beds,
                month=stock.month,
                districts=len(scenario.place.districts),
            )
        )
    if faults:
        raise InputError(faults, notices)
