"""Words about money that several verbs print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def rates(status: str, lang: str) -> str:
    """What must be said beside a sum of money; nothing if all of its rates are in the document."""
    from sim.messages import say
    from sim.tables import IN_DOCUMENT

    parts = [part for part in status.split("; ") if part not in ("", IN_DOCUMENT)]
    words = ("；" if lang == "zh" else "; ").join(
        say(f"total_{part.replace(' ', '_')}", lang) for part in parts
    )
    if not words:
        return ""
    return f"（{words}）" if lang == "zh" else f" ({words})"


def appropriations(budget: pa.Table, lang: str | None) -> Iterator[str]:
    """The chance that more is spent than appropriated, in each year and by each payer where it is known."""
    from sim.messages import default_language, say

    lang = lang or default_language()
    told = [
        say(
            "budget_year", lang, year=row["year"], payer=say(f"payer_{row['payer']}", lang),
            chance=f"{row['prob_over']:.0%}", low=f"{row['prob_low']:.0%}", high=f"{row['prob_high']:.0%}",
        )
        for row in budget.to_pylist()
        if row["prob_over"] is not None
    ]  # fmt: skip
    if told:
        yield say("budget_over", lang, years=("；" if lang == "zh" else "; ").join(told))
