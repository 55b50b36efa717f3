"""What all charts have in common: size, inks, axes, numbers."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim import store

SIZE_INCHES = (9.6, 7.2)
DPI = 160
INK, QUIET, SHADE = "#222222", "#6b6b6b", "#f1efe9"


def weight(lang: str) -> str:
    """Bold, but not for Chinese: most free fonts have one weight, and half-bold text looks broken."""
    return "bold" if lang == "en" else "normal"


def number(value: float, lang: str) -> str:
    """A whole number: no separators in Chinese."""
    return f"{value:.0f}" if lang == "zh" else f"{value:,.0f}"


def frame(axes: Axes, years: npt.NDArray[np.float64], head: str, lang: str) -> None:
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
