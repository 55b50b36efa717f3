"""What a YAML syntax error is likely to come from: a tab, a full-width colon, an open bracket."""

from __future__ import annotations

import re
from dataclasses import replace

from sim.errors import Fault
from sim.scalars import FULL_WIDTH, full_width_at

_CAUSES = {"mapping values are not": "stray_colon", "could not find": "no_colon", "expected <block": "indent"}
"""How PyYAML's complaint begins, and the id of our sentence."""


def syntax_faults(
    lines: list[str], line: int, column: int, problem: tuple[str, str, int], file: str
) -> list[Fault]:
    """A syntax error in the words of its likely cause: a tab, a full-width character, or YAML's own."""
    said, context, opened = problem
    if "'\\t'" in said:
        tabs = [index for index, text in enumerate(lines) if re.match(r" *\t", text)] or [line]
        return [Fault(file, index + 1, lines[index].find("\t") + 1, "", "tab") for index in tabs]
    fault = full_width_before(lines, line, column, file) or full_width_before(lines, line - 1, None, file)
    if fault:
        return [fault]
    place = Fault(file, line + 1, column + 1)
    if "flow" in context or "quoted scalar" in context:
        return [replace(place, code="not_closed", found=str(opened))]
    causes = {
        "mapping values are not": "stray_colon",
        "could not find": "no_colon",
        "expected <block": "indent",
    }
    code = next((code for start, code in causes.items() if said.startswith(start)), "syntax")
    return [replace(place, code=code, found=said if code == "syntax" else "")]


def full_width_before(lines: list[str], line: int, column: int | None, file: str) -> Fault | None:
    """The last full-width character before a column that follows an ASCII one, so that ASCII was meant."""
    if not 0 <= line < len(lines):
        return None
    text = lines[line][:column]
    for at in range(len(text) - 1, 0, -1):
        if text[at] in FULL_WIDTH and text[at - 1].isascii():
            finding = full_width_at(text, at)
            return Fault(file, line + 1, at + 1, "", finding.code, finding.found, finding.allowed)
    return None
