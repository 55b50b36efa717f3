"""A font for Chinese labels: the system's, else that of `carecap[fonts]`, else none: English labels.

No font file is ours. The extra is the package zhplot, of which only the font file is used (Noto Sans SC, SIL
Open Font License): importing the package would change matplotlib's settings.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager

from sim.messages import default_language

LATIN = "DejaVu Sans"
ON_SYSTEM = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Fonts with the Chinese glyph forms, the better ones first."""

EXTRA = "zhplot"
"""The package of the extra `[fonts]`."""


def chinese_font() -> str | None:
    """Name of a font with Chinese glyphs that matplotlib can use, or None."""
    have = {font.name for font in font_manager.fontManager.ttflist}
    for name in ON_SYSTEM:
        if name in have:
            return name
    file = _extra_file()
    if file is None:
        return None
    name = str(font_manager.FontProperties(fname=file).get_name())
    if name not in have:
        font_manager.fontManager.addfont(file)
    return name


@contextmanager
def labels(lang: str | None) -> Iterator[tuple[str, list[str]]]:
    """Set the font of a chart's labels: gives their language, and ids of notices in `sim.messages`.

    Args:
        lang: `zh` or `en`; the locale's language if left out. Without a Chinese font `zh` becomes `en`.
    """
    lang = lang or default_language()
    chinese = chinese_font() if lang == "zh" else None
    with mpl.rc_context({"font.family": families(chinese), "font.size": 10.5}):
        yield ("zh" if chinese else "en"), ([] if lang != "zh" or chinese else ["no_chinese_font"])


def families(chinese: str | None) -> list[str]:
    """Font families in the order in which matplotlib looks for a glyph."""
    return [LATIN, chinese] if chinese else [LATIN]


def _extra_file() -> Path | None:
    """The font file of the extra, if it is installed; the package itself is not imported."""
    spec = importlib.util.find_spec(EXTRA)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for file in sorted(Path(folder).glob("fonts/*.[ot]tf")):
            return file
    return None
