"""The Python interface mirrors the commands, with tidy frames; importing it is cheap."""

import subprocess
import sys
import types

import made_up
import numpy as np
import pandas as pd
import pytest

import sim
from sim import api
from sim.errors import InputError, RunError
from sim.months import Month

END = ["horizon.end=2023-12"]


def simulate(scenario, seed, run):
    beds = sum(item.beds for item in scenario.pipeline)
    december = Month.of(2022, 12).index
    rows = [
        {"table": "summary", "month": december, "metric": metric, "region_code": region, "bed_kind": "all",
         "value": value + run - beds / 100}
        for metric, value in (("expressed_gap", 100), ("waiting", 90), ("residents_60plus", 5))
        for region in ("total", "640104")
    ]  # fmt: skip
    rows.append({"table": "costs", "month": december, "metric": "amount_fen", "measure": "canteen_upgrade",
                 "clause_id": "yinchuan.2.4.a", "payer": "city", "value": 100 * run})  # fmt: skip
    return made_up.part(rows)


@pytest.fixture
def model(monkeypatch):
    monkeypatch.setitem(sys.modules, "sim.model", types.SimpleNamespace(simulate=simulate))


def test_importing_the_package_imports_nothing_heavy():
    heavy = ("numpy", "pandas", "numba", "mesa", "pydantic")
    code = f"import sys, sim; sim.__all__; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_offers_what_it_says():
    assert set(sim.__all__) == {"load_scenario", "run", "load_run", "compare"}
    assert all(getattr(sim, name) is getattr(api, name) for name in sim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'walk'"):
        sim.walk  # noqa: B018


def test_a_run_and_the_same_run_loaded(tmp_path, model):
    scenario = sim.load_scenario("yinchuan", END)
    done = []
    result = sim.run(scenario, runs=3, out=tmp_path, progress=lambda *told: done.append(told))
    assert done[-1] == (3, 3)
    again = sim.load_run(result.path)
    assert again == result
    assert (again.runs, again.manifest["seed"]) == (3, 1)
    gap = again.summary[(again.summary.metric == "waiting") & (again.summary.region_code == "640104")]
    assert gap["mean"].tolist() == [90 + 1.5 - 700 / 100]
    for name in ("summary", "targets", "costs", "budget", "waits", "population", "draws"):
        assert isinstance(getattr(again, name), pd.DataFrame)
    parts = again.parts("summary")
    assert parts.run.unique().tolist() == [0, 1, 2]
    assert parts[parts.metric == "waiting"].groupby("run").value.first().tolist() == [83, 84, 85]
    assert set(again.parts().table) == {"summary", "costs"}


def test_comparison_frames(tmp_path, model):
    found = sim.compare("yinchuan-no-plan", "yinchuan", runs=3, out=tmp_path)
    gap = found.diff[(found.diff.metric == "expressed_gap") & (found.diff.region_code == "total")]
    assert gap.diff_mean.tolist() == [-7]
    assert gap.prob_better.tolist() == [1]
    assert set(found.inputs.component) == {"capacity"}
    why = found.decomposition.query("metric == 'expressed_gap' and region_code == 'total'")
    assert why.set_index("component").diff_mean[["capacity", "interaction", "total"]].tolist() == [-7, 0, -7]
    assert found.base.summary["scenario"].unique().tolist() == ["yinchuan-no-plan"]
    assert found.alt.path.name.startswith("yinchuan-")
    assert len(found.costs) > 0
    assert "clause_id" in found.targets.columns
    assert "mean_days" in set(found.waits.metric) | {"mean_days"}
    assert list(tmp_path.glob("compare-yinchuan-no-plan-yinchuan/comparison.json"))


def test_errors_are_those_of_the_commands(tmp_path, model):
    with pytest.raises(InputError, match="no-such-place"):
        sim.run("no-such-place", out=tmp_path)
    with pytest.raises(InputError, match=r"place\.id"):
        sim.compare("yinchuan", "kaili", out=tmp_path)
    with pytest.raises(RunError, match=r"manifest\.json"):
        sim.load_run(tmp_path)
    with pytest.raises(RunError, match=r"manifest\.json"):
        sim.load_run(tmp_path / "nothing")
    with pytest.raises(ValueError, match="seed"):
        sim.run("yinchuan", seed=2**64, out=tmp_path)
    with pytest.raises(ValueError, match="runs"):
        sim.compare("yinchuan", "yinchuan-no-plan", runs=0, out=tmp_path)
    with pytest.raises(ValueError, match="until_mcse"):
        sim.run("yinchuan", until_mcse=1, out=tmp_path)
    with pytest.raises(ValueError, match="no 31 December"):
        sim.run("yinchuan", until_mcse=0.01, settings="horizon.end=2020-11", out=tmp_path)
    with pytest.raises(ValueError, match="at least 30"):
        sim.run("yinchuan", runs=20, until_mcse=0.01, out=tmp_path)
    with pytest.raises(TypeError, match="integer"):
        sim.run("yinchuan", runs=2.5, out=tmp_path)
    loaded = sim.load_scenario("yinchuan")
    for wrong in (lambda: sim.run(loaded, settings=END, out=tmp_path),
                  lambda: sim.compare("yinchuan-no-plan", loaded, settings=END, out=tmp_path)):  # fmt: skip
        with pytest.raises(ValueError, match="load_scenario"):
            wrong()
    assert not list(tmp_path.iterdir())


def test_a_run_whose_manifest_is_broken_is_told_and_made_anew(tmp_path, model):
    result = sim.run("yinchuan", runs=2, settings=END, out=tmp_path)
    (result.path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match="broken"):
        sim.load_run(result.path)
    found = sim.compare("yinchuan", "yinchuan-no-plan", runs=2, settings=END, out=tmp_path)
    assert found.base.runs == 2


def test_a_run_stops_by_itself(tmp_path, model):
    result = sim.run("yinchuan", until_mcse=0.5, settings=END, out=tmp_path)
    assert result.runs == 30
    assert {"chance_share", "parameter_share"} <= set(result.uncertainty.columns)


def test_one_setting_as_a_text_and_numbers_of_numpy(tmp_path, model):
    result = sim.run("yinchuan", runs=np.int64(2), seed=np.int64(7), settings=END[0], out=tmp_path)
    assert (result.runs, result.manifest["seed"]) == (2, 7)
    assert result.path == sim.run("yinchuan", runs=2, seed=7, settings=END, out=tmp_path).path
