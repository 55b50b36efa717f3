"""Markdown: tables, lists, and the marked places of a page that are made from the sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

_PLACE = re.compile(r"<!-- generated: (?P<what>[^>]*?) -->\n(?P<old>.*?)<!-- end -->", re.DOTALL)

Piece = Callable[..., str]
"""Makes the text of a marked place from the words behind its name."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; what would break a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def code(text: str) -> str:
    """A name as code; nothing for no name."""
    return f"`{text}`" if text else ""


def codes(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(code(name) for name in names)


def _cell(cell: object) -> str:
    return " ".join(str(cell).replace("|", "\\|").split())


def places(text: str) -> list[str]:
    """What the marked places of a page ask for, in order."""
    return [place["what"] for place in _PLACE.finditer(text)]


def fill(text: str, pieces: Mapping[str, Piece], page: str) -> str:
    """The page with every marked place made anew.

    A place is `<!-- generated: NAME WORDS... -->`, what was made, `<!-- end -->`.

    Args:
        text: the page.
        pieces: name -> what makes it.
        page: what to call the page in an error.

    Raises:
        ValueError: for a name that no piece has, or a marker without its other.
    """

    def made(place: re.Match[str]) -> str:
        name, *words = place["what"].split()
        if name not in pieces:
            raise ValueError(f"{page}: generated ({name}) must be one of {', '.join(sorted(pieces))}")
        return f"<!-- generated: {place['what']} -->\n\n{pieces[name](*words).strip()}\n\n<!-- end -->"

    begun, ended, whole = text.count("<!-- generated:"), text.count("<!-- end -->"), len(places(text))
    if not begun == ended == whole:
        raise ValueError(f"{page}: {begun} places begin and {ended} end, of which {whole} fit together")
    return _PLACE.sub(made, text)
