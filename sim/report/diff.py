"""diff.png: the gap of two scenarios, and their difference in pairs.

Read from diff.csv and comparison.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from matplotlib.figure import Figure

from sim import store
from sim.messages import say
from sim.report import fonts, style
from sim.report.style import Series
from sim.tables import of_place

_BASE, _ALT, _CHANGE = ("#666666", "--", "s"), ("#0072B2", "-", "o"), ("#b84f00", "-", "D")


def draw(folder: Path, lang: str | None = None) -> list[str]:
    """Draw `diff.png` of a comparison.

    Args:
        folder: its folder, with diff.csv and comparison.json.
        lang: `zh` or `en`; the locale's language if left out.

    Returns:
        Ids of notices in `sim.messages`: no Chinese font, so the labels are English; no December, no chart.
    """
    gap = series(store.read_table(folder / "diff.csv"))
    if not len(gap["year"]):
        return ["run_no_december"]
    about = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    with fonts.labels(lang) as (shown, notices):
        style.write_png(figure(gap, about, shown), folder / "diff.png")
    return notices


def series(diff: pa.Table) -> Series:
    """Year, means and difference of the expressed gap of the whole place."""
    names = ("year", "base_mean", "alt_mean", "diff_mean", "diff_p10", "diff_p90", "n_pairs")
    return style.series(of_place(diff, "expressed_gap"), names)


def figure(gap: Series, about: Mapping[str, Any], lang: str) -> Figure:
    """The chart.

    Args:
        gap: as `series` gives it.
        about: comparison.json.
        lang: `zh` or `en`; for `zh` a Chinese font must be set.
    """
    years = gap["year"]
    names = {side: about[side]["scenario"] for side in ("base", "alt")}
    made, above, below = style.two_panels((1, 1), right=0.95)
    style.frame(above, years, say("diff_above", lang), lang)
    style.frame(below, years, say("diff_below", lang), lang)
    for side, look in (("base", _BASE), ("alt", _ALT)):
        style.line(above, years, gap[f"{side}_mean"], look, names[side])
    above.set_ylim(0, None)
    above.legend(frameon=False, loc="upper left")
    below.axhline(0, color=style.QUIET, linewidth=0.8)
    style.band(below, years, gap["diff_p10"], gap["diff_p90"], _CHANGE[0])
    style.line(below, years, gap["diff_mean"], _CHANGE)
    change = float(gap["diff_mean"][-1])
    told = "diff_finding" if round(change) else "diff_finding_none"
    signed = f"{change:+.0f}" if lang == "zh" else f"{change:+,.0f}"
    text = say(told, lang, year=f"{years[-1]:.0f}", gap=signed, **names)
    lines = say("diff_lines", lang, pairs=f"{gap['n_pairs'][-1]:.0f}")
    style.titles(made, text, lines, say("diff_source", lang, **names, seed=about["seed"]), lang)
    return made
