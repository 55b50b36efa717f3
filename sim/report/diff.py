"""diff.png: the gap of two scenarios, and their difference in pairs.

Read from diff.csv and comparison.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim import store
from sim.messages import default_language, say
from sim.report import fonts, style
from sim.tables import ALL, TOTAL

_BASE, _ALT, _CHANGE = ("#666666", "--", "s"), ("#0072B2", "-", "o"), ("#b84f00", "-", "D")
Series = Mapping[str, npt.NDArray[np.float64]]


def draw(folder: Path, lang: str | None = None) -> list[str]:
    """Draw `diff.png` of a comparison.

    Args:
        folder: its folder, with diff.csv and comparison.json.
        lang: `zh` or `en`; the locale's language if left out.

    Returns:
        Ids of notices in `sim.messages`: no Chinese font, so the labels are English; no December, no chart.
    """
    lang = lang or default_language()
    chinese = fonts.chinese_font() if lang == "zh" else None
    notices = [] if lang != "zh" or chinese else ["no_chinese_font"]
    gap = series(store.read_table(folder / "diff.csv"))
    if not len(gap["year"]):
        return ["run_no_december"]
    about = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    with mpl.rc_context({"font.family": fonts.families(chinese), "font.size": 10.5}):
        style.write_png(figure(gap, about, "zh" if chinese else "en"), folder / "diff.png")
    return notices


def series(diff: pa.Table) -> Series:
    """Year, means and difference of the expressed gap of the whole place."""
    where = (pc.field("metric") == "expressed_gap") & (pc.field("region_code") == TOTAL)
    rows = diff.filter(where & (pc.field("bed_kind") == ALL)).sort_by("year")
    names = ("year", "base_mean", "alt_mean", "diff_mean", "diff_p10", "diff_p90", "n_pairs")
    return {name: rows[name].to_numpy().astype(float) for name in names}


def figure(gap: Series, about: Mapping[str, Any], lang: str) -> Figure:
    """The chart.

    Args:
        gap: as `series` gives it.
        about: comparison.json.
        lang: `zh` or `en`; for `zh` a Chinese font must be set.
    """
    years = gap["year"]
    names = {side: about[side]["scenario"] for side in ("base", "alt")}
    made = Figure(figsize=style.SIZE_INCHES, facecolor="white")
    FigureCanvasAgg(made)
    above, below = made.subplots(2, 1, sharex=True, gridspec_kw={"hspace": 0.22})
    made.subplots_adjust(left=0.08, right=0.95, top=0.845, bottom=0.105)
    style.frame(above, years, say("diff_above", lang), lang)
    style.frame(below, years, say("diff_below", lang), lang)
    for side, (colour, dash, marker) in (("base", _BASE), ("alt", _ALT)):
        above.plot(
            years, gap[f"{side}_mean"], color=colour, linestyle=dash, marker=marker, markersize=5,
            linewidth=2, label=names[side],
        )  # fmt: skip
    above.set_ylim(0, None)
    above.legend(frameon=False, loc="upper left")
    colour, dash, marker = _CHANGE
    below.axhline(0, color=style.QUIET, linewidth=0.8)
    below.fill_between(years, gap["diff_p10"], gap["diff_p90"], color=colour, alpha=0.22, linewidth=0)
    below.plot(
        years, gap["diff_mean"], color=colour, linestyle=dash, marker=marker, markersize=5, linewidth=2
    )
    below.set_xlabel(say("chart_x", lang), color=style.QUIET)
    change = float(gap["diff_mean"][-1])
    told = "diff_finding" if round(change) else "diff_finding_none"
    signed = f"{change:+.0f}" if lang == "zh" else f"{change:+,.0f}"
    text = say(told, lang, year=f"{years[-1]:.0f}", gap=signed, **names)
    made.text(0.03, 0.955, text, fontsize=14, fontweight=style.weight(lang), color=style.INK, va="center")
    pairs = f"{gap['n_pairs'][-1]:.0f}"
    made.text(
        0.03, 0.912, say("diff_lines", lang, pairs=pairs), fontsize=10.5, color=style.QUIET, va="center"
    )
    source = say("diff_source", lang, **names, seed=about["seed"])
    made.text(0.03, 0.022, source, fontsize=8.5, color=style.QUIET)
    return made
