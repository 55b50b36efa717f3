"""What several verbs tell while they work: notices, a bar, what is wrong with their options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

    from sim.errors import Fault


def notices(texts: Iterable[str], lang: str | None) -> None:
    """Print notices on the error stream, each once."""
    from sim.messages import say

    for text in dict.fromkeys(texts):
        typer.echo(say("notice", lang, text=text), err=True)


@contextmanager
def bars(resume: Callable[[], str], *more: ProgressColumn) -> Iterator[Progress]:
    """Bars of replications done and time left on a terminal's error stream; nothing elsewhere.

    Args:
        resume: what to tell if the work breaks off.
        more: columns at the end.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, *more, console=console, disable=not console.is_terminal) as shown:
        try:
            yield shown
        except BaseException:
            typer.echo(resume(), err=True)
            raise


def wrong_seed(seed: int) -> list[Fault]:
    """What is wrong with a seed, if anything is."""
    from sim.api import LARGEST_SEED
    from sim.errors import COMMAND_LINE, Fault

    if 0 <= seed <= LARGEST_SEED:
        return []
    allowed = f"0 .. {LARGEST_SEED} (2^64 - 1)"
    return [Fault(COMMAND_LINE, key="--seed", code="out_of_bounds", found=str(seed), allowed=allowed)]
