"""Where a document contradicts itself or leaves a reading open, in words; `show` and `check` print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.policy.book import PolicyBook


def told(book: PolicyBook, lang: str | None) -> Iterator[str]:
    """One sentence for each point: what it is, what the model does, and which keys change that."""
    from sim.messages import default_language, say

    language = lang or default_language()
    for point in book.contradictions:
        keys = ("、" if language == "zh" else ", ").join(point.parameters)
        yield say(
            "contradiction",
            language,
            kind=say(f"contradiction_kind_{point.kind}", language),
            clauses=", ".join(point.clauses),
            what=getattr(point.what, language),
            treatment=getattr(point.treatment, language),
            parameters=say("contradiction_parameters", language, keys=keys) if keys else "",
        )


def head(book: PolicyBook, lang: str | None) -> str:
    """The line above them."""
    from sim.messages import default_language, say

    language = lang or default_language()
    return say("contradictions_head", language, document=getattr(book.document.title, language))
