"""Writes the commented starter of a new place from the templates in `scenarios/starter`.

No figure is made up: numbers are `sim.typefaults.PLACEHOLDER`, cells are empty; `carecap check` lists both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from string import Template

from sim.errors import COMMAND_LINE, Fault, InputError
from sim.scenario.library import scenarios_folder, shipped_names
from sim.typefaults import PLACEHOLDER

_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_ID_FORM = "A-Z a-z 0-9 -"
_DISTRICT = "${district}"
_TEMPLATES = {
    "census": "census.csv",
    "households": "households.csv",
    "homes": "homes.csv",
    "place": "place.yaml",
    "policy": "policy.yaml",
    "scenario": "scenario.yaml",
    "no_plan": "no-plan.yaml",
}


@dataclass(frozen=True)
class NewPlace:
    """What is known of a place before anything is filled in.

    Attributes:
        id: letters, digits and hyphens; the scenario's name and the beginning of the ids of clauses.
        zh, en: names; None = still to be filled in.
        districts: codes; none = the place is one unit, with its id as code.
    """

    id: str
    zh: str | None = None
    en: str | None = None
    districts: Sequence[str] = ()


def write_starter(place: NewPlace, folder: Path) -> dict[str, Path]:
    """Write the files of a new place.

    Args:
        place: id, names and districts.
        folder: where to write; made if it is not there.

    Returns:
        What each file is (census, households, homes, place, policy, scenario, no_plan) -> its path, in the
        order in which they are filled in.

    Raises:
        InputError: with every fault of the names, and every file that is there already; nothing is written.
        OSError: if the folder can't be written.
    """
    files = {what: folder / _file_name(what, place.id) for what in _TEMPLATES}
    faults = [*_wrong_names(place), *_in_the_way(folder, files.values())]
    if faults:
        raise InputError(faults)
    texts = {what: _filled(what, place) for what in files}
    folder.mkdir(parents=True, exist_ok=True)
    for what, path in files.items():
        # Excel takes a table for UTF-8 only if it begins with the byte order mark
        encoding = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
        with path.open("x", encoding=encoding, newline="\n") as file:
            file.write(texts[what])
    return files


def _file_name(what: str, place: str) -> str:
    own = {"scenario": f"{place}.yaml", "no_plan": f"{place}-no-plan.yaml"}
    return own.get(what, _TEMPLATES[what])


def _wrong_names(place: NewPlace) -> Iterator[Fault]:
    """What is wrong with ids and names."""
    own = [_file_name(what, place.id.lower()) for what in _TEMPLATES]
    if not _ID.fullmatch(place.id):
        yield Fault(COMMAND_LINE, 0, 0, "PLACE", "init_not_id", f"'{place.id}'", _ID_FORM)
    elif place.id.lower() in shipped_names():
        yield Fault(COMMAND_LINE, 0, 0, "PLACE", "init_shipped", place.id)
    elif len(set(own)) < len(own):
        yield Fault(COMMAND_LINE, 0, 0, "PLACE", "init_own_file", place.id)
    for code in dict.fromkeys(place.districts):
        if not _ID.fullmatch(code):
            yield Fault(COMMAND_LINE, 0, 0, "--district", "init_not_id", f"'{code}'", _ID_FORM)
        if list(place.districts).count(code) > 1:
            yield Fault(COMMAND_LINE, 0, 0, "--district", "init_twice", f"'{code}'")
    for option, name in (("--zh", place.zh), ("--en", place.en)):
        if name is not None and not name.strip():
            yield Fault(COMMAND_LINE, 0, 0, option, "init_empty_name")


def _in_the_way(folder: Path, files: Iterable[Path]) -> Iterator[Fault]:
    """What stands where the starter would be written."""
    above = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not above.is_dir():
        yield Fault(str(above), code="init_not_folder")
        return
    for path in files:
        if path.exists() or path.is_symlink():
            yield Fault(str(path.absolute()), code="init_exists")


def _filled(what: str, place: NewPlace) -> str:
    """A template with the place's names; lines that name a district once for each."""
    text = (scenarios_folder() / "starter" / _TEMPLATES[what]).read_text(encoding="utf-8")
    zh, en = (place.zh, place.en) if len(place.districts) <= 1 else (None, None)
    words = {
        "place": place.id,
        "zh": _text(place.zh), "en": _text(place.en),
        "title_zh": _inside(place.zh or place.id), "title_en": _inside(place.en or place.id),
        "district_zh": _text(zh), "district_en": _text(en),
    }  # fmt: skip
    lines: list[str] = []
    for repeated, block in groupby(text.splitlines(keepends=True), key=lambda line: _DISTRICT in line):
        part = "".join(block)
        codes = place.districts or [place.id] if repeated else [""]
        lines += [Template(part).substitute(words, district=code) for code in codes]
    return "".join(lines)


def _text(name: str | None) -> str:
    """A name as YAML."""
    return PLACEHOLDER if name is None else f'"{_inside(name)}"'


def _inside(name: str) -> str:
    """A name as it stands between the quotes of a YAML text."""
    return json.dumps(name.strip(), ensure_ascii=False)[1:-1]
