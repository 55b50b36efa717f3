"""What all charts have in common: size, inks, axes, numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim import store
from sim.messages import say

Values = npt.NDArray[np.float64]
Series = Mapping[str, Values]

SIZE_INCHES = (9.6, 7.2)
DPI = 160
INK, QUIET, SHADE = "#222222", "#6b6b6b", "#f1efe9"


def weight(lang: str) -> str:
    """Bold, but not for Chinese: most free fonts have one weight, and half-bold text looks broken."""
    return "bold" if lang == "en" else "normal"


def number(value: float, lang: str) -> str:
    """A whole number: no separators in Chinese."""
    return f"{value:.0f}" if lang == "zh" else f"{value:,.0f}"


def series(rows: pa.Table, names: Sequence[str]) -> Series:
    """Columns of some rows in the order of their years."""
    rows = rows.sort_by("year")
    return {name: rows[name].to_numpy().astype(float) for name in names}


def two_panels(heights: tuple[float, float], right: float) -> tuple[Figure, Axes, Axes]:
    """A figure with a panel above and one below it, and room for the titles.

    Args:
        heights: of the panels, in proportion.
        right: where the panels end, as a share of the width.
    """
    made = Figure(figsize=SIZE_INCHES, facecolor="white")
    FigureCanvasAgg(made)
    above, below = made.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": heights, "hspace": 0.22})
    made.subplots_adjust(left=0.08, right=right, top=0.845, bottom=0.105)
    return made, above, below


def line(axes: Axes, years: Values, values: Values, look: tuple[str, str, str], name: str = "") -> None:
    """A line over years.

    Args:
        axes: the panel.
        years: its points.
        values: their heights.
        look: colour, dash and marker.
        name: in the legend, if it has one.
    """
    colour, dash, marker = look
    axes.plot(
        years, values, color=colour, linestyle=dash, marker=marker, markersize=5, linewidth=2,
        label=name or None,
    )  # fmt: skip


def band(axes: Axes, years: Values, low: Values, high: Values, colour: str) -> None:
    """The 10th to 90th percentile over years."""
    axes.fill_between(years, low, high, color=colour, alpha=0.22, linewidth=0)


def titles(made: Figure, finding: str, lines: str, source: str, lang: str) -> None:
    """The finding, what the lines are, and where the numbers come from; what the years are."""
    made.text(0.03, 0.955, finding, fontsize=14, fontweight=weight(lang), color=INK, va="center")
    made.text(0.03, 0.912, lines, fontsize=10.5, color=QUIET, va="center")
    made.text(0.03, 0.022, source, fontsize=8.5, color=QUIET)
    made.axes[-1].set_xlabel(say("chart_x", lang), color=QUIET)


def frame(axes: Axes, years: Values, head: str, lang: str) -> None:
    """Title, years, numbers and grid of a panel over years."""
    axes.set_title(head, loc="left", fontsize=10.5, color=QUIET, pad=7)
    axes.set_xticks(years, [f"{year:.0f}" for year in years])
    axes.set_xlim(years.min() - 0.25, years.max() + 0.12)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: number(value, lang)))
    axes.grid(axis="y", color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(colors=QUIET, length=0)


def write_png(made: Figure, path: Path) -> None:
    """Write a chart so that the same chart gives the same bytes."""
    buffer = io.BytesIO()
    made.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    store.write_bytes(path, buffer.getvalue())
