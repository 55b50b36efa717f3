"""The wheel carries all that a run needs: installed in an empty environment, it runs from an empty folder."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ("-n", "1", "--set", "horizon.end=2021-03")


def call(*command: str | Path, **options) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, encoding="utf-8", check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
        "--wheel-dir", folder, ROOT,
    )  # fmt: skip
    (built,) = folder.glob("carecap-*.whl")
    return built


def test_wheel_carries_scenarios_and_calibration_and_nothing_of_the_workshop(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("scenarios", "calibration"):
        shipped = {
            f"sim/shipped/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and path.suffix in {".yaml", ".csv"}
        }
        assert shipped
        assert shipped <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"sim"}


def test_wheel_in_an_empty_environment_runs_yinchuan_from_an_empty_folder(wheel, tmp_path):
    home, empty = tmp_path / "env", tmp_path / "empty"
    empty.mkdir()
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    base = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", base))
    bin_folder = Path(sysconfig.get_path("scripts", "venv", base))
    python = bin_folder / Path(sys.executable).name
    call(
        sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index",
        "--disable-pip-version-check", wheel,
    )  # fmt: skip
    # The dependencies of this environment serve the new one, so no network is needed. The path stands behind
    # the wheel, and editable installs in it are not followed, so `sim` can come from the wheel alone.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NUMBA", "COV"))
    } | {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONUTF8": "1"}
    told = {"cwd": empty, "env": environment}

    where = call(python, "-c", "import sim; print(sim.__file__)", **told).stdout
    assert Path(where.strip()).is_relative_to(site)

    done = call(bin_folder / "carecap", "run", "yinchuan", *SETTINGS, **told)
    folder = empty / done.stdout.splitlines()[-1]
    assert folder.parent == empty / "outputs"
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    tables = {f"{name}.csv" for name in ("summary", "targets", "costs", "waits", "population")}
    assert {"manifest.json", "scenario.resolved.yaml", "gap.png", "parts/run=000.parquet"} | tables <= written

    call(bin_folder / "carecap", "init", "mou", **told)
    assert (empty / "mou" / "census.csv").read_bytes().startswith("\ufeffdistrict,sex".encode())
