"""The command `carecap`: registers the verbs and turns errors into readable lines and exit codes.

Exit codes: see `sim.cli.options`.
"""

from __future__ import annotations

import functools
import importlib.util
import io
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer

from sim.cli.options import FAILED, INTERRUPTED, INVALID

VERBS = ("init", "check", "show", "run", "compare", "clauses", "clause")
"""Each verb is the function of the same name in `sim.cli.<verb>`; one that is not written yet is left out."""

app = typer.Typer(
    name="carecap",
    help="Regional elderly-care capacity: beds, waiting lists, subsidies and dated targets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _carecap() -> None:
    """Regional elderly-care capacity: beds, waiting lists, subsidies and dated targets."""


def guarded(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb whose user never sees a traceback for a mistake in the input.

    The verb's option `lang`, if it has one, chooses the language of the errors.
    """

    @functools.wraps(verb)
    def call(*args: Any, **options: Any) -> None:
        from sim.errors import CarecapError, InputError
        from sim.messages import say

        lang = options.get("lang")
        try:
            verb(*args, **options)
        except InputError as error:
            for notice in error.notices:
                typer.echo(say("notice", lang, text=notice.text(lang)), err=True)
            typer.echo(error.text(lang), err=True)
            raise typer.Exit(INVALID) from None
        except CarecapError as error:
            typer.echo(say("failed", lang, text=error.text(lang)), err=True)
            raise typer.Exit(FAILED) from None
        except OSError as error:  # a folder that can't be written, a disk that is full
            where = f": {error.filename}" if error.filename else ""
            typer.echo(say("failed", lang, text=f"{error.strerror or error}{where}"), err=True)
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            typer.echo(say("interrupted", lang), err=True)
            raise typer.Exit(INTERRUPTED) from None

    return call


def _register() -> None:
    for verb in VERBS:
        if importlib.util.find_spec(f"sim.cli.{verb}") is not None:
            app.command(verb)(guarded(getattr(import_module(f"sim.cli.{verb}"), verb)))


_register()


def main() -> None:
    """The console script: what a terminal can't show is replaced, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
