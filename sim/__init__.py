"""carecap: an agent-based simulation of regional elderly-care capacity.

Importing the package sets one environment variable, before numba is imported: the folder in which numba
keeps compiled kernels is named by the hash of this package's sources, because numba otherwise serves a
stale kernel to a caller in another module after an edit.

`load_scenario`, `run`, `load_run` and `compare` are those of `sim.api`, imported when first asked for.
"""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, load_run, load_scenario, run

__all__ = ["compare", "load_run", "load_scenario", "run"]
__version__ = "0.1.0"


def _sources_hash() -> str:
    """Hash of every Python source file of the package (hex, 16 digits)."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


SOURCES_HASH = _sources_hash()
if "NUMBA_CACHE_DIR" not in os.environ:
    _cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    os.environ["NUMBA_CACHE_DIR"] = str(_cache / "carecap" / SOURCES_HASH)


def __getattr__(name: str) -> Any:
    """The functions of `sim.api`, so that importing the package stays cheap."""
    if name in __all__:
        from sim import api  # noqa: PLC0415 - when it is first asked for

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
