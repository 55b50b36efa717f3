"""What an unquoted word in YAML means here: text, a plain number, true, false or null, and what is refused.

YAML 1.1 reads `010` as 8, `12:30` as 750, `on` as true and leaves `1e3` as text. Here these are faults.
Dates and months stay text. Full-width punctuation is refused where ASCII was meant, and only there:
a sentence in Chinese keeps its own punctuation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

Scalar = str | int | float | bool | None

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)$")
_SIGNED_EXPONENT = re.compile(r"[-+]?[0-9]+\.[0-9]*[eE][-+][0-9]+$")
_EXPONENT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+$")
_FORMS = {
    "octal": re.compile(r"[-+]?0[0-9]+$"),
    "sexagesimal": re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?$"),
    "not_finite": re.compile(r"[-+]?\.(inf|nan)$", re.IGNORECASE),
    "number_form": re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|[0-9][0-9_]*_[0-9]+(\.[0-9]*)?)$"),
}
"""Words that some YAML readers take for a number, by the fault's code."""
_YES = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~"), None),
}

FULL_WIDTH = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    "\u3000": " ",
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u3001": ",",
    "\u3002": ".",
    "\u3010": "[",
    "\u3011": "]",
}
"""What a Chinese keyboard types, and the ASCII character of the same key."""

_KEY_VALUE = re.compile(r"(^|[,\uff0c] *)[a-z_][a-z0-9_]*\uff1a")
_QUOTED = re.compile(r"[\u201c\u2018][^\u201c\u201d\u2018\u2019]*[\u201d\u2019]$")
_QUOTES = "\u201c\u201d\u2018\u2019"
_LIST_COMMAS = "\uff0c\u3001"
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a scalar: a message id and its values, and the character at which it begins."""

    code: str
    found: str
    allowed: str = ""
    offset: int = 0


def plain(text: str) -> tuple[Scalar, Finding | None]:
    """The meaning of an unquoted scalar, and what is wrong with it.

    Where something is wrong the value is the text as it stands.
    """
    if text in _WORDS:
        return _WORDS[text], None
    if _WHOLE.match(text):
        return int(text), None
    finding = _number_fault(text)
    if finding:
        return text, finding
    if _DECIMAL.match(text) or _SIGNED_EXPONENT.match(text):
        return float(text), None
    if text.lower() in _YES:
        return text, Finding("yes_no", f"'{text}'", _YES[text.lower()])
    return text, None


def _number_fault(text: str) -> Finding | None:
    if not text or text[0] not in "+-.0123456789":
        return None
    if _EXPONENT.match(text):
        return None if _SIGNED_EXPONENT.match(text) else Finding("exponent", text, _written_out(text))
    allowed = {"octal": f'"{text}"', "number_form": _other_number(text)}
    code = next((code for code, form in _FORMS.items() if form.match(text)), None)
    return Finding(code, text, allowed.get(code, "")) if code else None


def _other_number(text: str) -> str:
    """A hexadecimal, octal, binary or underscored number in plain decimal."""
    if not _FORMS["number_form"].match(text):
        return text
    return str(int(text, 0)) if text.lstrip("+-")[1] in "xob" else text.replace("_", "")


def _written_out(text: str) -> str:
    """A number with an exponent, without it: `1e3` is 1000 (kept as it is where it would not fit a line)."""
    number = Decimal(text)
    return f"{number:f}" if abs(number.adjusted()) <= 20 else f"{float(number)!r}"  # noqa: PLR2004


def full_width(text: str, *, key: bool = False, in_list: bool = False) -> Finding | None:
    """The full-width character that spoils an unquoted scalar, if ASCII was meant.

    Args:
        text: the scalar as typed.
        key: whether it is a key (where no full-width punctuation is ever meant).
        in_list: whether it stands in `[...]`, where a full-width comma separates nothing.
    """
    at = [index for index, char in enumerate(text) if char in FULL_WIDTH]
    if not at:
        return None
    pair = _KEY_VALUE.search(text)
    if pair:
        return full_width_at(text, pair.end() - 1)
    if key or _QUOTED.match(text):
        return full_width_at(text, at[0])
    if not _IDEOGRAPH.search(text):
        at = [index for index in at if text[index] not in _QUOTES or index == 0]
    elif in_list:
        at = [index for index in at if text[index] in _LIST_COMMAS]
    else:
        return None
    return full_width_at(text, at[0]) if at else None


def full_width_at(text: str, offset: int) -> Finding:
    """The finding for one character of a text."""
    char = text[offset]
    return Finding("full_width", f"'{char}' (U+{ord(char):04X})", f"'{FULL_WIDTH[char]}'", offset)
