"""Makes the marked tables of `docs/*.md` anew: `python -m sim.docs.write`, or `make docs`."""

from __future__ import annotations

from pathlib import Path

from sim.docs import data, month, outputs, parameters, scenario_rows, state
from sim.docs.markdown import Piece, fill
from sim.scenario import library

PIECES: dict[str, Piece] = {
    "columns": state.columns,
    "fields": state.fields,
    "mechanisms": scenario_rows.mechanisms,
    "metrics": outputs.metrics,
    "parameters": parameters.whole,
    "parameters-default": parameters.unwritten,
    "parameters-national": parameters.national,
    "parameters-own": parameters.own,
    "part": outputs.part,
    "records": state.records,
    "result-tables": outputs.result_tables,
    "rules": state.rules,
    "services": scenario_rows.services,
    "statuses": data.statuses,
    "steps": month.steps,
    "streams": state.streams,
    "tables": data.tables,
    "versions": outputs.versions,
}
"""What a page may ask for; words behind the name are handed on (a scenario, sections, modules)."""


def pages(folder: Path) -> dict[Path, tuple[str, str]]:
    """Each page of a folder: its text as it stands and as it is made now.

    Raises:
        ValueError: for a marker that asks for what there is not.
    """
    texts = {page: page.read_text(encoding="utf-8") for page in sorted(folder.glob("*.md"))}
    return {page: (text, fill(text, PIECES, page.name)) for page, text in texts.items()}


def main() -> None:
    """Write the pages of this clone that have changed, and name them."""
    changed = {page: new for page, (old, new) in pages(library.root() / "docs").items() if new != old}
    for page, text in changed.items():
        page.write_text(text, encoding="utf-8")
    print("made anew:", ", ".join(page.name for page in changed) or "nothing")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
