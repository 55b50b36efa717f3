"""Every notebook runs from its first cell to its last on a tiny run, and is stored without outputs."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from sim.ensemble.run import run_scenario
from sim.scenario.resolve import resolve
from tests.places import stationary_place

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(path, kind="code"):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """A folder with `outputs/` of a small county over the notice, and `notebooks/` beside it."""
    folder = tmp_path_factory.mktemp("work")
    stationary_place(folder / "place", 20_000, 250, 120, horizon={"start": "2022-11", "end": "2023-12"})
    resolved = resolve(folder / "place" / "stationary.yaml")
    run_scenario(resolved, runs=3, jobs=1, out=folder / "outputs")
    beds = (
        "{id: more, opens: 2023-06, beds: 20, nursing_beds: 20, ownership: public, status: proxy, source: t}"
    )
    text = f"extends: stationary.yaml\nname: more\npipeline: [{beds}]\n"
    (folder / "place" / "more.yaml").write_text(text, encoding="utf-8")
    (folder / "notebooks").mkdir()
    return folder


@pytest.fixture
def quiet():
    mpl.use("agg")
    yield
    plt.close("all")


def played(path, place=None):
    """The names that all cells leave behind, one after the other; `place` holds scenarios to take instead."""
    names: dict[str, object] = {}
    for number, text in enumerate(cells(path)):
        source = text
        if place is not None:
            for shipped, ours in (("kaili-no-plan", "stationary"), ("kaili", "more"), ("runs=20", "runs=3")):
                old, new = (shipped, ours) if "=" in shipped else (f'"{shipped}"', f'"{place / ours}.yaml"')
                source = source.replace(old, new)
        exec(compile(source, f"{path.name}, cell {number}", "exec"), names)  # noqa: S102 - our own cells
    return names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_without_outputs_and_readable_as_a_notebook(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["metadata"]["language_info"]["name"]) == (4, "python")
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert cells(path, "markdown")[0].startswith("# ")


@pytest.mark.parametrize("beside", [".", "notebooks"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_from_the_clone_and_from_its_own_folder(path, beside, outputs, monkeypatch, quiet):
    monkeypatch.chdir(outputs / beside)
    name = played(path, outputs / "place")["RUN"].name
    assert name.startswith("compare-stationary-more" if path.stem == "compare" else ("stationary-", "more-"))


def test_the_bars_of_a_comparison_add_up(outputs, monkeypatch, quiet):
    monkeypatch.chdir(outputs)
    names = played(FOLDER / "compare.ipynb", outputs / "place")
    bars = {bar.get_y(): bar.get_width() for bar in plt.figure(plt.get_fignums()[-1]).axes[0].patches}
    widths = dict(zip(names["why"].component, (bars[y] for y in sorted(bars)), strict=True))
    assert sum(widths.values()) - widths["total"] == pytest.approx(widths["total"], abs=1e-9)
    assert widths["capacity"] == widths["total"] != 0


def test_the_gap_that_is_drawn_is_that_of_the_table(outputs, monkeypatch, quiet):
    monkeypatch.chdir(outputs)
    names = played(FOLDER / "gap.ipynb")
    lines = {
        line.get_label(): line for axes in map(plt.figure, plt.get_fignums()) for line in axes.axes[0].lines
    }
    table = pd.read_csv(names["RUN"] / "summary.csv", encoding="utf-8-sig", dtype={"region_code": str})
    table = table[(table.region_code == "total") & (table.bed_kind == "all")]
    for metric in ("expressed_gap", "vacant_open_beds", "waiting"):
        rows = table[table.metric == metric]
        assert lines[metric].get_xdata().tolist() == rows.year.tolist() == [2022, 2023]
        np.testing.assert_array_equal(lines[metric].get_ydata(), rows.run0)
    assert table[table.metric == "waiting"].run0.max() > 0


def test_every_target_with_a_value_has_its_bar(outputs, monkeypatch, quiet):
    monkeypatch.chdir(outputs)
    names = played(FOLDER / "gap.ipynb")
    bars = plt.figure(plt.get_fignums()[-1]).axes[0].patches
    table = pd.read_csv(names["RUN"] / "targets.csv", encoding="utf-8-sig")
    known = table[table.target.notna() & table.value_run0.notna()]
    assert len(bars) == len(known) > 5
    shown = sorted(bar.get_width() for bar in bars)
    assert shown == pytest.approx(sorted(known.value_run0 / known.target))
    green = sum(1 for bar in bars if bar.get_facecolor() == mpl.colors.to_rgba("tab:green"))
    assert (
        green
        == (
            known.status.isin(["met", "met if delivered as planned", "denominator not in document: met"])
        ).sum()
    )


def test_without_a_run_the_notebook_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="carecap run yinchuan"):
        played(FOLDER / "gap.ipynb")
