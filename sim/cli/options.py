"""Options that several verbs share, and the exit codes of all."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

GOOD, FAILED, INVALID, GOAL_NOT_REACHED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: good, run failed, input invalid, `--until-mcse` not reached (tables are there), interrupted."""


class Language(StrEnum):
    """Language of what is printed."""

    ZH = "zh"
    EN = "en"


Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="Language of what is printed (default: the locale's)", show_default=False),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        show_default=False,
        help="Run on the Dask cluster of this scheduler (tcp://host:port) instead of processes here",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY.KEY=VALUE",
        help="Change a value, last of all; repeatable",
        show_default=False,
    ),
]
