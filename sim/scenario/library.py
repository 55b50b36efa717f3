"""Finds the files that are shipped with the package, and tells a shipped name from a path.

In a clone they lie beside the package (`scenarios/`, `calibration/`), in a wheel inside it (`sim/shipped/`).
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import Fault, InputError, nearest

_PACKAGE = Path(__file__).resolve().parents[1]
_ENDINGS = (".yaml", ".yml")


def root() -> Path:
    """The folder that holds `scenarios` and `calibration`."""
    shipped = _PACKAGE / "shipped"
    return shipped if (shipped / "scenarios").is_dir() else _PACKAGE.parent


def scenarios_folder() -> Path:
    """Where the shipped scenarios lie."""
    return root() / "scenarios"


def calibration_folder() -> Path:
    """Where observed and fitted values lie."""
    return root() / "calibration"


def shipped_names() -> list[str]:
    """Names of the shipped scenarios, in order."""
    return sorted(path.stem for path in scenarios_folder().glob("*.yaml"))


def is_path(text: str) -> bool:
    """Whether a text means a file (it has a separator or ends with .yaml) and not a shipped name."""
    return "/" in text or os.sep in text or text.endswith(_ENDINGS)


def locate(name_or_path: str | Path, folder: Path | None = None) -> Path:
    """The absolute path of a scenario.

    Args:
        name_or_path: `yinchuan` for a shipped scenario; anything with a separator or `.yaml` for a file.
        folder: where a relative path starts, and after it the shipped scenarios (`national/defaults.yaml`);
            the working folder alone if left out.

    Raises:
        InputError: if there is no such scenario or file.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or is_path(text):
        path = ((folder or Path.cwd()) / Path(text).expanduser()).resolve()
        if not path.is_file() and folder is not None and (shipped := scenarios_folder() / text).is_file():
            return shipped
        if not path.is_file():
            beside = [other.name for other in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
            if path.is_dir():
                raise InputError([folder_fault(text, path)])
            raise InputError(
                [Fault("", code="no_such_file", found=f"'{text}'", hint=nearest(path.name, beside))]
            )
        return path
    names = shipped_names()
    if text not in names:
        if ((folder or Path.cwd()) / text).is_dir():
            raise InputError([folder_fault(text, (folder or Path.cwd()) / text)])
        there, hint = ", ".join(names), nearest(text, names)
        raise InputError([Fault("", code="no_such_scenario", found=f"'{text}'", allowed=there, hint=hint)])
    return scenarios_folder() / f"{text}.yaml"


def folder_fault(text: str, folder: Path) -> Fault:
    """What to say of a folder where a file is needed: the YAML files in it."""
    inside = sorted(path.name for ending in _ENDINGS for path in folder.glob(f"*{ending}"))
    return Fault("", code="is_folder", found=f"'{text}'", allowed=", ".join(inside) or "-")


def portable(path: str) -> str:
    """A file's path without the machine in it: relative to the library, or the bare name of a user's file."""
    file = Path(path)
    return file.relative_to(root()).as_posix() if file.is_relative_to(root()) else file.name
