"""Plays a page of the docs: writes its files, applies its changes, runs its commands, keeps what they print.

Blocks that count, in the order of the page:

- ```console: lines `$ command` and what each prints;
- a fenced block below a line that is a path (`mou/census.csv`:): the whole file, a table as Excel saves it;
  or, if the fence says diff, lines to take out (-) and to put in their place (+);
- a table below a comment `<!-- RUN/targets.csv: columns -->`: the rows of the last run's table.

The hash in a run's folder changes with the program; so it is left aside, and later commands get the real one.
"""

from __future__ import annotations

import csv
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from sim.cli.main import app

_BLOCK = re.compile(
    r"(?:^`(?P<path>[^`\n]+)`:?\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$"
    r"|^<!-- RUN/(?P<table>\w+\.csv): (?P<columns>[\w, ]+?)(?: where (?P<where>\w+=[\w.]+))? -->\n\n"
    r"(?P<rows>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
_HASH = re.compile(r"-[0-9a-f]{8}\b")
_WIDTH = 118


class Walk:
    """A page, played in the working folder; `page` is the text with what the commands print now."""

    def __init__(self, text: str) -> None:
        self.commands: list[str] = []
        self.folders: dict[str, str] = {}
        self.last_run = Path()
        self.page = _BLOCK.sub(self._block, text)

    def _block(self, found: re.Match[str]) -> str:
        whole, body = found[0], found["body"]
        if found["table"]:
            return whole.replace(found["rows"], self._table(found))
        if found["kind"] == "console":
            return whole.replace(body, "".join(self._console(body)))
        if found["path"] and found["kind"] == "diff":
            _apply(Path(found["path"]), body)
        elif found["path"]:
            table = found["path"].endswith(".csv")
            text = body.replace("\n", "\r\n") if table else body
            Path(found["path"]).write_bytes(text.encode("utf-8-sig" if table else "utf-8"))
        return whole

    def _console(self, body: str) -> Iterator[str]:
        for line in (line for line in body.splitlines() if line.startswith("$ ")):
            command = line.removeprefix("$ ")
            self.commands.append(command)
            printed = re.search(re.escape(line) + r"\n(.*?)(?=^\$ |\Z)", body, re.MULTILINE | re.DOTALL)
            yield line + "\n"
            yield self._run(command, printed[1] if printed else "")

    def _run(self, command: str, shown: str) -> str:
        """What a command prints now, with the hash that the page shows."""
        for on_page, real in self.folders.items():
            command = command.replace(on_page, real)
        program, *words = shlex.split(command)
        assert program == "carecap", command
        if words[0] == "run":
            words += ["--jobs", "1"]  # the same on any number of processes, and no pool to start in a test
        answer = CliRunner().invoke(app, words)
        assert answer.exit_code in (0, 2), answer.output
        output = answer.output
        if words[0] == "run" and answer.exit_code == 0:
            self.last_run = Path(output.splitlines()[-1])
            on_page = shown.splitlines()[-1] if shown else ""
            if _HASH.sub("", on_page) == _HASH.sub("", str(self.last_run)):
                self.folders[on_page] = str(self.last_run)
        for on_page, real in self.folders.items():
            output = output.replace(Path(real).name, Path(on_page).name)
        return "".join(f"{part}\n" for line in output.splitlines() for part in _wrapped(line))

    def _table(self, found: re.Match[str]) -> str:
        columns = [name.strip() for name in found["columns"].split(",")]
        with (self.last_run / found["table"]).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if found["where"]:
            name, _, value = found["where"].partition("=")
            rows = [row for row in rows if row[name] == value]
        lines = [columns, ["---"] * len(columns), *([row[name] for name in columns] for row in rows)]
        return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _wrapped(line: str) -> list[str]:
    """A line as the page shows it: sentences are broken, tables are not."""
    return textwrap.wrap(line, _WIDTH, break_on_hyphens=False) if "  " not in line and line else [line]


def _apply(path: Path, body: str) -> None:
    """Replace the lines that a diff takes out, which must be there once, by those that it puts in."""
    text = path.read_text(encoding="utf-8")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", body, re.MULTILINE):
        gone, come = ("".join(line[1:] + "\n" for line in part.splitlines()) for part in (old, new))
        assert text.count(gone) == 1, f"{path}: {gone!r} is there {text.count(gone)} times"
        text = text.replace(gone, come)
    path.write_text(text, encoding="utf-8")
