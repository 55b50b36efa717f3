"""Whether a file is UTF-8, and where it first is not."""

from __future__ import annotations


def not_utf8(raw: bytes) -> tuple[int, int] | None:
    """Line and column, from 1, of the first byte that is not UTF-8; None if all of it is."""
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        return before.count("\n") + 1, len(before) - before.rfind("\n")
    return None


def as_gbk(raw: bytes) -> str | None:
    """The text of bytes in GBK (or GB 18030); None if they are not that: UTF-16, or no text at all."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
