"""`carecap check` and `carecap show`: exit codes, languages, origins; no traceback for a mistake."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from sim.cli.main import app, guarded
from sim.errors import InvariantError, RunError
from sim.strictyaml import parse

runner = CliRunner()


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: yinchuan\ngroups:\n  destitut: 0.01\n  destitute: 2\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_a_good_scenario_is_one_line():
    result = runner.invoke(app, ["check", "yinchuan"])
    assert result.exit_code == 0
    assert result.stdout.startswith("yinchuan: good; 6 districts, ")
    assert len(result.stdout.splitlines()) == 1


def test_all_faults_and_exit_code_2(broken):
    result = runner.invoke(app, ["check", str(broken)])
    assert result.exit_code == 2
    first, second = result.stderr.splitlines()
    assert first == f"{broken}:3:3: groups.destitut: unknown key; did you mean 'destitute'?"
    assert second.startswith(f"{broken}:4:14: groups.destitute: 2 is out of bounds")
    assert result.stdout == ""


def test_faults_in_chinese(broken):
    result = runner.invoke(app, ["check", str(broken), "--lang", "zh"])
    assert result.exit_code == 2
    assert "未知的键；是否想写“destitute”？" in result.stderr
    assert "unknown" not in result.stderr


def test_language_of_the_locale(broken, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "未知的键" in runner.invoke(app, ["check", str(broken)]).stderr
    assert "unknown key" in runner.invoke(app, ["check", str(broken), "--lang", "en"]).stderr


def test_several_files_are_all_checked(broken):
    result = runner.invoke(app, ["check", "yinchuan", str(broken), "yinchaun"])
    assert result.exit_code == 2
    assert "yinchuan: good" in result.stdout
    assert "destitut" in result.stderr
    assert "did you mean 'yinchuan'?" in result.stderr


def test_a_file_name_is_shown_from_the_working_folder(broken, monkeypatch):
    monkeypatch.chdir(broken.parent)
    assert runner.invoke(app, ["check", "mine.yaml"]).stderr.startswith("mine.yaml:3:3: ")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_show_is_yaml(lang):
    result = runner.invoke(app, ["show", "yinchuan", "--lang", lang])
    assert result.exit_code == 0
    document = parse(result.stdout, "/x.yaml")
    assert document.faults == []
    assert document.data["name"] == "yinchuan"


def test_show_origin_names_file_and_line(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: yinchuan\n\ngroups: {destitute: 0.5}\n", encoding="utf-8")
    result = runner.invoke(app, ["show", str(path), "--origin", "--set", "horizon.end=2024-12"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert f"    value: 0.5  # {path}:3" in lines
    assert '  end: "2024-12"  # command line' in lines
    assert any("defaults.yaml:" in line for line in lines)
    assert "beds_unlimited: false  # default" in lines
    scenario = lines[: lines.index("")]  # contradictions of the plan follow
    leaves = [line for line in scenario if not line.rstrip().endswith(":")]
    assert all("  # " in line for line in leaves)


def test_a_wrong_set_is_a_fault_of_the_command_line():
    result = runner.invoke(app, ["show", "yinchuan", "--set", "horizn.end=2024-12"])
    assert result.exit_code == 2
    assert result.stderr.startswith("command line: horizn.end: ")
    assert "did you mean 'horizon'?" in result.stderr


def test_gbk_is_read_with_a_notice(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes("extends: yinchuan\ntitle: {zh: 我的方案, en: mine}\n".encode("gbk"))
    result = runner.invoke(app, ["check", str(path)])
    assert result.exit_code == 0
    assert "notice: " in result.stderr
    assert "GBK" in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(RunError("disk full"), 1), (InvariantError("2023-09", "3, 4"), 1), (KeyboardInterrupt(), 130)],
)
def test_other_errors_have_their_code(error, code):
    import typer

    def verb() -> None:
        raise error

    alone = typer.Typer()
    alone.command()(guarded(verb))
    result = runner.invoke(alone, [])
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from sim.cli.main import app; "
        "heavy = {'numpy', 'pandas', 'pydantic', 'mesa', 'numba', 'yaml'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
