"""Every error that carecap raises on purpose, and the one way of writing a fault.

::

    CarecapError
    ├── InputError(faults)                 what the user wrote can't be used: all faults at once (exit code 2)
    ├── RunError(message, values)          a run could not be finished (exit code 1)
    └── InvariantError(month, message)     the model broke one of its own rules (exit code 1)

A `Fault` is a place and what is wrong there. It prints as one line::

    my.yaml:7:3: population.migraton: unknown key; did you mean 'migration'?

All of them have `text(lang)`; `str()` uses the language of the locale.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim import messages

COMMAND_LINE = "command line"
"""The `file` of a fault or an origin that was typed as an option."""


def shown_file(file: str, lang: str | None = None) -> str:
    """A file's name as a user reads it: relative to the working folder where it lies inside it."""
    if file == COMMAND_LINE:
        return messages.say("command_line", lang)
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else file


def nearest(word: str, words: Iterable[str]) -> str:
    """The most similar of some words, or "" if none is similar."""
    match = difflib.get_close_matches(word, list(words), n=1)
    return match[0] if match else ""


def choices(word: str, words: Iterable[str]) -> str:
    """What may stand in the place of a word: all of it, or of a long list what is most like the word."""
    there = list(words)
    if len(there) <= _MANY:
        return ", ".join(there) or "-"
    like = difflib.get_close_matches(word, there, n=_MANY // 2, cutoff=0)
    return ", ".join([*sorted(like), "..."])


_MANY = 12
"""A list that is longer than this is not read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in an input.

    Attributes:
        file: path of the file, or `COMMAND_LINE`.
        line: line, counted from 1; 0 if the fault is in no line (the file as a whole, a table's column).
        column: column, counted from 1; 0 if unknown.
        key: dotted path of the key, or "".
        code: id of the sentence in `sim.messages`.
        found: what was found, for the sentence's `{found}`.
        allowed: what is allowed, for the sentence's `{allowed}`.
        hint: the nearest right spelling, or "".
    """

    file: str
    line: int = 0
    column: int = 0
    key: str = ""
    code: str = "other"
    found: str = ""
    allowed: str = ""
    hint: str = ""

    def order(self) -> tuple[str, int, int, str, str]:
        """Where the fault belongs in a list: by file, line, column, key, code."""
        return (self.file, self.line, self.column, self.key, self.code)

    def text(self, lang: str | None = None) -> str:
        """The fault in one line, `file:line:column: key: sentence`.

        Args:
            lang: `zh` or `en`; the locale's language if left out.
        """
        place = f":{self.line}:{self.column}" if self.line else ""
        where = shown_file(self.file, lang) + place if self.file else ""
        code = self.code if self.code in messages.CATALOGUE else "other"
        sentence = messages.say(code, lang, found=self.found, allowed=self.allowed)
        hint = messages.say("did_you_mean", lang, hint=self.hint) if self.hint else ""
        return ": ".join(part for part in (where, self.key, sentence + hint) if part)

    def __str__(self) -> str:
        """The fault in one line, in the locale's language."""
        return self.text()


def first_told(faults: Iterable[Fault], later: Iterable[Fault]) -> list[Fault]:
    """The faults, and those found later that are not about a value (a place, a key) already told of."""
    kept = list(faults)
    told: set[tuple[str, object, object]] = set()
    for fault in kept:
        told |= _about(fault)
    return [*kept, *(fault for fault in later if not _about(fault) & told)]


def _about(fault: Fault) -> set[tuple[str, object, object]]:
    by_place: set[tuple[str, object, object]] = {(fault.file, fault.line, fault.column)}
    if fault.file == COMMAND_LINE and fault.key:  # all stand at one place; a number set is that of a quantity
        return {(fault.file, "key", fault.key.removesuffix(".value"))}
    return by_place | ({(fault.file, "key", fault.key)} if fault.key else set())


class CarecapError(Exception):
    """The root: whatever carecap raises on purpose."""

    def text(self, lang: str | None = None) -> str:
        """The message in a language (`zh`, `en`, or the locale's if left out)."""
        del lang
        return super().__str__()

    def __str__(self) -> str:
        """The message in the locale's language."""
        return self.text()


class TableError(ValueError):
    """What is wrong in a CSV table, all of it: pairs of a fault's code with what was found and is allowed.

    Attributes:
        faults: (code, found, allowed); `found` begins with the table's file name.
    """

    def __init__(self, faults: Iterable[tuple[str, str, str]]) -> None:
        """Keep the faults; the text is English."""
        self.faults = tuple(faults)
        super().__init__("; ".join(messages.say(c, "en", found=f, allowed=a) for c, f, a in self.faults))


class InputError(CarecapError):
    """What the user wrote can't be used. Carries every fault, each once, by file, line and column.

    `notices` say what was accepted and may explain the faults (another encoding).
    """

    def __init__(self, faults: Iterable[Fault], notices: Iterable[Fault] = ()) -> None:
        """Sort the faults; drop repeated ones."""
        self.faults: list[Fault] = sorted(set(faults), key=Fault.order)
        self.notices = tuple(notices)
        super().__init__(self.faults)

    def text(self, lang: str | None = None) -> str:
        """One line per fault."""
        return "\n".join(fault.text(lang) for fault in self.faults)


class RunError(CarecapError):
    """A run could not be finished.

    Args:
        message: an id in `sim.messages`, or a plain sentence.
        values: what the id's sentence names.
    """

    def __init__(self, message: str, values: Mapping[str, object] | None = None) -> None:
        """Keep the message and its values apart, so that the language can be chosen later."""
        super().__init__(message, values)
        self.message = message
        self.values = dict(values or {})

    def text(self, lang: str | None = None) -> str:
        """The sentence of the id, or the message as it is."""
        if self.message in messages.CATALOGUE:
            return messages.say(self.message, lang, **self.values)
        return self.message


class InvariantError(CarecapError):
    """The model broke one of its own rules: a bug of ours, never of the user.

    Args:
        month: the month, `YYYY-MM`.
        message: the rule and the two numbers that disagree.
    """

    def __init__(self, month: str, message: str) -> None:
        """Keep month and rule apart."""
        super().__init__(month, message)
        self.month = month
        self.message = message

    def text(self, lang: str | None = None) -> str:
        """Month and rule."""
        return messages.say("invariant", lang, month=self.month, message=self.message)
