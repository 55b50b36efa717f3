"""gap.png: are there enough beds, and are they the ones that people queue for?

Above: who wants a bed, and the beds. Below: what is missing where people queue, and the open beds that stand
empty beside it. Read from summary.csv and the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import store
from sim.messages import say
from sim.months import DAYS_PER_YEAR
from sim.report import fonts, style
from sim.report.style import Series
from sim.tables import of_place

_LABEL_ROOM_INCHES = 0.37
"""Least distance of two labels of two lines each."""


@dataclass(frozen=True)
class _Line:
    """How an indicator is drawn; told apart by dashes and markers too, never by colour alone (Okabe-Ito).

    Attributes:
        metric: name in summary.csv.
        colour: of the line; `words`, darker, of its label.
        dash: of the line; `marker` of its points.
        band: whether the 10th to 90th percentile is shown.
    """

    metric: str
    colour: str
    words: str
    dash: str
    marker: str
    band: bool


_ABOVE = (
    _Line("registered_beds", "#7f7f7f", "#666666", ":", "s", band=False),
    _Line("open_beds", "#E69F00", "#9a6a00", "--", "D", band=False),
    _Line("bed_demand", "#0072B2", "#0072B2", "-", "o", band=True),
    _Line("occupied", "#009E73", "#007d5b", "-.", "^", band=False),
)
_BELOW = (
    _Line("vacant_open_beds", "#56B4E9", "#1f78ad", "--", "D", band=True),
    _Line("expressed_gap", "#D55E00", "#b84f00", "-", "o", band=True),
)


def draw(folder: Path, lang: str | None = None) -> list[str]:
    """Draw `gap.png` of a run folder.

    Args:
        folder: a run folder with summary.csv and manifest.json.
        lang: `zh` or `en`; the locale's language if left out.

    Returns:
        Ids of notices in `sim.messages`: no Chinese font, so the labels are English; no December, no chart.
    """
    summary = store.read_table(folder / "summary.csv")
    if not len(_series(summary, "expressed_gap")["year"]):
        return ["run_no_december"]
    with fonts.labels(lang) as (shown, notices):
        style.write_png(figure(summary, store.read_manifest(folder), shown), folder / "gap.png")
    return notices


def figure(summary: pa.Table, manifest: Mapping[str, Any], lang: str) -> Figure:
    """The chart.

    Args:
        summary: summary.csv of a run.
        manifest: its manifest.
        lang: `zh` or `en`; for `zh` a Chinese font must be set.
    """
    found = {line.metric: _series(summary, line.metric) for line in (*_ABOVE, *_BELOW)}
    years = found["expressed_gap"]["year"]
    made, above, below = style.two_panels((1.5, 1), right=0.785)
    for axes, lines, head in ((above, _ABOVE, "chart_above"), (below, _BELOW, "chart_below")):
        style.frame(axes, years, say(head, lang), lang)
        if manifest["notice"]:
            _reconstructed(axes, years, manifest["notice"], lang, named=axes is above)
        for line in lines:
            _plot(axes, line, found[line.metric])
        _label(axes, {line: found[line.metric] for line in lines}, lang)
    _titles(made, found, manifest, lang)
    return made


def _series(summary: pa.Table, metric: str) -> Series:
    """Year, run0, p10, p50 and p90 of an indicator of the whole place."""
    return style.series(of_place(summary, metric), ("year", "run0", "p10", "p50", "p90"))


def _reconstructed(axes: Axes, years: style.Values, notice: str, lang: str, *, named: bool) -> None:
    """Shade the time before the notice, and say why; a year stands at its 31 December."""
    day = date.fromisoformat(notice)
    at = day.year - 1 + (day.timetuple().tm_yday - 1) / DAYS_PER_YEAR
    left, right = years.min() - 0.25, years.max() + 0.12
    if at <= left:
        return
    axes.axvspan(left, min(at, right), color=style.SHADE, zorder=0, linewidth=0)
    words = [(left, say("chart_reconstructed", lang))]
    if at < right:
        axes.axvline(at, color=style.QUIET, linewidth=0.8, zorder=1)
        words.append((at, say("chart_notice", lang, notice=notice)))
    for where, text in words if named else []:
        transform = axes.get_xaxis_transform()
        axes.text(where + 0.04, 0.03, text, transform=transform, color=style.QUIET, fontsize=9.5)


def _plot(axes: Axes, line: _Line, series: Series) -> None:
    if line.band:
        style.band(axes, series["year"], series["p10"], series["p90"], line.colour)
    style.line(axes, series["year"], series["run0"], (line.colour, line.dash, line.marker))


def _label(axes: Axes, lines: Mapping[_Line, Series], lang: str) -> None:
    """Name and last value at the end of each line, moved apart where they would touch."""
    top = max(float(series["run0"].max()) for series in lines.values())
    top = max(top, *(float(series["p90"].max()) for series in lines.values()), 1.0) * 1.09
    axes.set_ylim(0, top)
    ordered = sorted(lines, key=lambda line: float(lines[line]["run0"][-1]))
    heights: list[float] = []
    room = _LABEL_ROOM_INCHES / (axes.get_position().height * style.SIZE_INCHES[1])
    for line in ordered:
        height = float(lines[line]["run0"][-1]) / top
        heights.append(max(height, heights[-1] + room if heights else 0.03))
    spill = max(0.0, heights[-1] - 0.97)
    for line, height in zip(ordered, heights, strict=True):
        last = {name: float(values[-1]) for name, values in lines[line].items()}
        value = style.number(last["run0"], lang)
        if line.band and last["p90"] > last["p10"]:
            value += f" ({style.number(last['p10'], lang)}–{style.number(last['p90'], lang)})"
        axes.annotate(
            f"{say('chart_' + line.metric, lang)}\n{value}",
            xy=(1, last["run0"] / top), xycoords="axes fraction",
            xytext=(1.02, height - spill), textcoords="axes fraction",
            color=line.words, fontsize=10, va="center", fontweight=style.weight(lang), annotation_clip=False,
        )  # fmt: skip


def _titles(made: Figure, found: Mapping[str, Series], manifest: Mapping[str, Any], lang: str) -> None:
    """The finding, what the lines are, and where the numbers come from."""
    short, empty = (float(found[name]["run0"][-1]) for name in ("expressed_gap", "vacant_open_beds"))
    year = f"{found['expressed_gap']['year'][-1]:.0f}"
    place = manifest["title"][lang]
    finding = "chart_finding" if short >= 1 else "chart_finding_none"
    text = say(finding, lang, year=year, gap=style.number(short, lang), vacant=style.number(empty, lang))
    runs = manifest["n_runs"]
    lines = say("chart_lines_one" if runs == 1 else "chart_lines", lang, title=place, runs=runs - 1)
    source = say(
        "chart_source", lang, name=manifest["scenario"], key=manifest["key"][:8], seed=manifest["seed"]
    )
    style.titles(made, text, lines, source, lang)
