"""Fills in the starter of a new place with made-up figures, as a user would, found by key."""

from __future__ import annotations

import re
from pathlib import Path

from sim.typefaults import PLACEHOLDER

BEDS, NURSING, NEW, NEW_NURSING, YUAN_PER_BED, NURSING_TARGET = 800, 300, 100, 90, 2500, 30
PERSONS = 1500
BY_KEY = {
    "zh": "某县", "en": "Mou County", "month": "2022-12", "beds": BEDS, "nursing_beds": NURSING,
    "status": "assumption", "source": '"made up"', "ownership": "private", "opens": "2024-06",
    "kind": "care_station", "completes": "2024-03", "sites": 4, "section": '"1"', "force": "must",
    "date": "2023-03-15", "due": "2025-12-31", "begins": "2023-04-01", "deadline": "2023-06-30",
    "district": 1, "rate_yuan": YUAN_PER_BED, "value": NURSING_TARGET, "low": 0, "high": 0,
}  # fmt: skip
OF_LINE = {
    "unit: share": "{value: 0.5, unit: share",
    "unit: per_year": "{value: 0, low: 0, high: 0, unit: per_year",
    "unit: yuan": f"{{value: {YUAN_PER_BED}, unit: yuan",
}
"""Lines in which the value of a target would be out of bounds, or odd."""
OFF = re.compile(r"^#(?! [^ ])", re.MULTILINE)
"""What switches a line of YAML off; before prose stands `# `."""
OPEN = re.compile(rf"(\w+): {PLACEHOLDER}")


def switch_on(*paths: Path) -> None:
    """Take the # away from every line that is switched off."""
    for path in paths:
        path.write_text(OFF.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")


def fill_yaml(path: Path) -> None:
    """Replace all that is to be filled in."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        code, mark, comment = line.partition("  # ")
        for words, instead in OF_LINE.items():
            if words in code:
                code = re.sub(r"\{value: .*" + words, instead, code)
        if path.stem not in ("place", "policy") and "beds: " in code:  # those that open
            code = code.replace(f"nursing_beds: {PLACEHOLDER}", f"nursing_beds: {NEW_NURSING}")
            code = code.replace(f" beds: {PLACEHOLDER}", f" beds: {NEW}")
        code = OPEN.sub(lambda found: f"{found[1]}: {BY_KEY[found[1]]}", code)
        lines.append(code.replace(f"{PLACEHOLDER}:", '"2023-03":') + mark + comment)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def fill_tables(folder: Path) -> None:
    """Fill in the tables as Excel saves them: byte order mark, its line ends, blank rows, a blank column."""
    rows = {
        "census.csv": lambda row, _: [*row[:-1], str(PERSONS)],
        "households.csv": lambda row, _: [row[0], "60000", "24000", "20000", "4000", "6000", "4000", "60"],
        "homes.csv": lambda row, at: [
            *row[:3], *(("500", "200"), ("300", "100"))[at], "1200", "1800", "2500", row[-1]
        ],
    }  # fmt: skip
    for name, filled in rows.items():
        lines = (folder / name).read_text(encoding="utf-8-sig").splitlines()
        done = [",".join(filled(line.split(","), at)) for at, line in enumerate(lines[1:])]
        blank = "," * lines[0].count(",")
        text = "".join(f"{line}\r\n" for line in (lines[0] + ",", *done, blank, blank))
        (folder / name).write_bytes(text.encode("utf-8-sig"))
