"""The house of docs/decisions.md: imports go down the floors, and parts do not know each other.

Every import counts: at the top, inside a function, under `TYPE_CHECKING`. A module that is not on the list of
floors is a fault too, so a new room gets its floor on the day it is built.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
SIM = ROOT / "sim"

FLOORS = {
    0: """quantiles errors messages messages_run messages_plan messages_clauses messages_init
          messages_compare messages_ensemble months codes streams money queueing strictyaml
          yamltree yamlsyntax scalars typefaults textfile words""",
    1: "policy tables",
    2: "scenario store choice_kernels",
    3: "population facilities services choice waitlist ledger accounts",
    4: "applicants indicators checks record costs dues start filling burnin desk month_end provision state "
    "operation waiting",
    5: "model rules",
    6: "ensemble clauses servicerows",
    7: "calibrate validate wiring decide",
    8: "docs report results",
    9: "cli api",
}
FLOOR = {room: floor for floor, rooms in FLOORS.items() for room in rooms.split()}

NEIGHBOURS = {
    *{
        ("messages", f"messages_{other}")
        for other in ("run", "plan", "clauses", "init", "compare", "ensemble")
    },
    *{("errors", "messages"), ("yamltree", "scalars")},
    *{("yamlsyntax", other) for other in ("errors", "scalars")},
    *{("strictyaml", other) for other in ("errors", "scalars", "textfile", "yamlsyntax", "yamltree")},
    *{("typefaults", other) for other in ("errors", "messages", "yamltree")},
    ("policy", "tables"),  # the table of targets has its columns there
    ("facilities", "population.rake"),  # largest remainders: beds add up as people do
    ("ledger", "accounts"),
    *{(room, "applicants") for room in ("start", "filling", "burnin", "desk")},  # send them to a list
    *{("start", "filling"), ("start", "burnin")},
    ("desk", "waiting"),
    ("costs", "dues"),
    ("cli", "api"),
    *{("state", other) for other in ("costs", "indicators", "month_end", "provision")},
    ("validate", "calibrate.observed"),  # what was observed: data only
    *{("month_end", "indicators"), ("month_end", "record")},
}
"""Edges between rooms of one floor that are meant: room -> room, or room -> the one module of a room."""

ONLY_IN = {
    "mesa": ("model", "facilities"),
    "simpy": ("waitlist",),
    "typer": ("cli",),
    "rich": ("cli",),
    "matplotlib": ("report",),
}
"""Libraries that only these rooms may import."""


class Import(NamedTuple):
    """One import: where, by which module below `sim`, of what."""

    file: Path
    line: int
    module: str
    target: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.module} imports {self.target}"


def module_of(file: Path, package: Path) -> str:
    """`sim/scenario/read.py` -> `scenario.read`; a package's `__init__` stands for the package."""
    parts = file.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path, package: Path) -> Iterator[Import]:
    """Every import of a file; `from sim.room import module` names the module itself."""
    module = module_of(file, package)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, module, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                inner = package.joinpath(*f"{base}.{alias.name}".split(".")[1:])
                is_module = inner.is_dir() or inner.with_suffix(".py").is_file()
                is_ours = base == package.name or base.startswith(f"{package.name}.")
                yield Import(
                    file, node.lineno, module, f"{base}.{alias.name}" if is_ours and is_module else base
                )
        elif isinstance(node, ast.Call) and _called(node).endswith(("import_module", "__import__")):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield Import(file, node.lineno, module, str(first.value))


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def wrong_way(found: Import, package: str = "sim") -> str | None:
    """Why an import is not allowed, or None."""
    room = found.module.split(".")[0]
    first, _, rest = found.target.partition(".")
    if found.target.startswith("."):
        return "a relative import; write the whole name"
    if first == package:
        return between_rooms(room, rest) if room and rest else None
    if first in ONLY_IN and room not in ONLY_IN[first]:
        return f"{first} belongs in {' and '.join(ONLY_IN[first])} only"
    if first in {"random", "secrets", "uuid"} or found.target.startswith("numpy.random"):
        return "chance is keyed: draw with sim.streams"
    return None


def between_rooms(room: str, target: str) -> str | None:
    """Why a room may not import a module below `sim`, or None."""
    other = target.split(".", maxsplit=1)[0]
    if room == other:
        return None
    unknown = [name for name in (room, other) if name not in FLOOR]
    if unknown:
        return f"'{unknown[0]}' has no floor yet; give it one in {Path(__file__).name}"
    if FLOOR[other] < FLOOR[room] or {(room, other), (room, target)} & NEIGHBOURS:
        return None
    where = "the same floor" if FLOOR[other] == FLOOR[room] else "a higher floor"
    return f"{where}: '{other}' is on {FLOOR[other]}, '{room}' on {FLOOR[room]}"


def faults(package: Path) -> list[str]:
    """Every import of a package that goes the wrong way, with file and line."""
    files = sorted(package.rglob("*.py"))
    found = [each for file in files for each in imports(file, package)]
    return [f"{each}: {why}" for each in found if (why := wrong_way(each, package.name))]


def chance(package: Path) -> list[str]:
    """Every use of a random number generator, with file and line."""
    wrong = []
    for file in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = ast.unparse(node) if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if name in {"np.random", "numpy.random", "default_rng"} or name.endswith(".default_rng"):
                wrong.append(f"{file}:{node.lineno}: {name}: chance is keyed, draw with sim.streams")
    return wrong


def test_imports_go_down_the_floors():
    assert faults(SIM) == []


def test_chance_is_keyed():
    assert chance(SIM) == []


def test_every_floor_is_lived_in():
    rooms = {path.stem for path in SIM.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert set(FLOOR) - rooms - {"__init__"} == set()


def test_meant_neighbours_are_neighbours_indeed():
    seen = {
        (each.module.split(".")[0], name)
        for file in SIM.rglob("*.py")
        for each in imports(file, SIM)
        if each.target.startswith("sim.")
        for name in (each.target.split(".")[1], ".".join(each.target.split(".")[1:]))
    }
    assert NEIGHBOURS - seen == set()


PLANTED = {
    "upward": ("policy/book.py", "import sim.model\n", 1, "a higher floor"),
    "sideways": ("population/base.py", "\nfrom sim.facilities.home import Home\n", 2, "the same floor"),
    "sideways, whole room": ("population/base.py", "from sim import waitlist\n", 1, "the same floor"),
    "not the one module": (
        "facilities/stock.py",
        "from sim.population.base import Base\n",
        1,
        "the same floor",
    ),
    "inside a function": ("tables.py", "def f():\n    from sim.store import x\n", 2, "a higher floor"),
    "for types only": (
        "ledger.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.model import CareModel\n",
        3,
        "a higher floor",
    ),
    "command line, from below": ("report/gap.py", "from sim.cli.options import Lang\n", 1, "a higher floor"),
    "by name": ("money.py", "import importlib\nimportlib.import_module('sim.tables')\n", 2, "a higher floor"),
    "between floors of 0": ("months.py", "from sim.errors import Fault\n", 1, "the same floor"),
    "against a meant edge": ("messages.py", "from sim import errors\n", 1, "the same floor"),
    "relative": ("scenario/read.py", "from .merge import merge\n", 1, "relative"),
    "without a floor": ("attic.py", "from sim import months\n", 1, "no floor"),
    "mesa elsewhere": ("population/base.py", "import mesa\n", 1, "model and facilities only"),
    "simpy elsewhere": ("model.py", "from simpy import Environment\n", 1, "waitlist only"),
    "random": ("choice.py", "def f():\n    import random\n", 2, "keyed"),
}


@pytest.fixture
def house(tmp_path):
    """An empty house with the rooms of the real one."""
    for file in SIM.rglob("*.py"):
        copy = tmp_path / "sim" / file.relative_to(SIM)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text("")
    return tmp_path / "sim"


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_is_reported_with_file_and_line(name, house):
    file, text, line, why = PLANTED[name]
    (house / file).write_text(text)
    (said,) = faults(house)
    assert said.startswith(f"{house / file}:{line}: ")
    assert why in said


def test_planted_imports_downward_are_fine(house):
    (house / "facilities/stock.py").write_text(
        "from sim.population.rake import largest_remainder\nimport mesa\n"
    )
    (house / "cli/run.py").write_text("def f():\n    from sim.model import simulate\n    import rich\n")
    (house / "start.py").write_text("from sim.applicants import Applicants\nfrom sim import months\n")
    assert faults(house) == []


@pytest.mark.parametrize(
    "text",
    [
        "np.random.seed(1)\n",
        "x = np.random.default_rng(1)\n",
        "default_rng()\n",
        "import numpy.random\n",
        "import random\n",
    ],
)
def test_planted_chance_is_reported(text, house):
    (house / "choice.py").write_text("import numpy as np\n" + text)
    said = chance(house) + faults(house)
    assert said
    assert all(f"{house / 'choice.py'}:2: " in line for line in said)
