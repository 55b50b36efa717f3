"""Delivery moves beds, sites and targets; as planned nothing; probabilities are those of the draws."""

import json

import numpy as np
import pytest

from sim import store
from sim.ensemble.run import run_scenario
from sim.facilities.delivery import draw
from sim.model import CareModel, simulate
from sim.months import Month
from sim.policy.verdict import jeffreys
from sim.scenario.delivery_types import Delivery, part_of
from sim.scenario.resolve import load_scenario, resolve
from sim.streams import replication_seed
from tests.places import stationary_place

pytestmark = pytest.mark.long

WORDS = {"status": "assumption", "source": "test"}
FIXED = {
    "share": {"distribution": "fixed", "value": 1, "unit": "share", **WORDS},
    "delay_months": {"distribution": "fixed", "value": 0, "unit": "months", **WORDS},
}
PART = {"share": {**FIXED["share"], "value": 0.8}, "delay_months": FIXED["delay_months"]}
UNCERTAIN = {
    "share": {
        "distribution": "triangular", "low": 0.5, "mode": 1, "high": 1, "as_planned": 0.6, "unit": "share",
        **WORDS,
    },
    "delay_months": {
        "distribution": "uniform", "low": 0, "high": 2, "as_planned": 0.3, "unit": "months", **WORDS,
    },
}  # fmt: skip
SEED = 11


def county(folder, delivery, *, end="2024-06"):
    """A small county that opens 700 beds and completes 30 canteens in the months of Yinchuan's plan."""
    more = WORDS | ({"delivery": delivery} if delivery else {})
    changes = {
        "horizon": {"start": "2023-06", "end": end},
        "uncertain": [],  # delivery alone: no two runs share parameters
        "pipeline": [
            {"id": "plan-beds", "opens": "2023-12", "beds": 700, "nursing_beds": 300, "ownership": "public",
             **more},
        ],
        "sites": [
            {"id": "canteens", "kind": "canteen_upgraded", "completes": "2023-12", "sites": 30, **more}
        ],
        "rates": {"canteen_upgrade": {"value": 100_000, "unit": "yuan", **WORDS}},
    }  # fmt: skip
    without_anchors = json.loads(json.dumps(changes))
    stationary_place(folder, residents_60plus=6_000, beds=60, nursing_beds=40, **without_anchors)
    return folder / "stationary.yaml"


def series(scenario, metric, run=1):
    """Registered beds (or another total) at the end of each month: month -> value."""
    part = simulate(scenario, SEED, run).to_pandas()
    where = "table == 'summary' and metric == @metric and region_code == 'total' and bed_kind == 'all'"
    return part.query(where).set_index("month")["value"]


def test_certainly_as_planned_gives_the_same_bytes(tmp_path):
    parts = {}
    for name, delivery in (("plan", None), ("fixed", FIXED)):
        scenario = load_scenario(county(tmp_path / name, delivery))
        for run in (0, 1):
            path = tmp_path / f"{name}-{run}.parquet"
            store.write_part(simulate(scenario, SEED, run), path)
            parts[name, run] = path.read_bytes()
    for run in (0, 1):
        assert parts["plan", run] == parts["fixed", run]
    assert parts["plan", 0] != parts["plan", 1]


def test_a_delayed_item_opens_later_and_beyond_the_horizon_not_at_all(tmp_path):
    planned = series(load_scenario(county(tmp_path, None)), "waiting")
    opens, end = Month.parse("2023-12").index, Month.parse("2024-06").index
    for months, expected in ((0, opens), (4, opens + 4), (6.4, end), (7, None), (300, None)):
        delay = {"distribution": "fixed", "value": months, "unit": "months", **WORDS}
        late = load_scenario(county(tmp_path / str(months), {**FIXED, "delay_months": delay}))
        beds = series(late, "registered_beds")
        full = beds[beds == 760]
        assert (min(full.index) if len(full) else None) == expected
        assert set(beds) <= {60, 760}
        waiting = series(late, "waiting")
        before = beds.index < opens
        assert (waiting[before] == planned[before]).all(), "until then all is the same"
        assert months == 0 or waiting.sum() > planned.sum()


def test_canteens_that_come_late_are_paid_late_and_fewer_cost_less(tmp_path):
    paid = {}
    for name, delivery in (("plan", None), ("part", PART)):
        model = CareModel(load_scenario(county(tmp_path / name, delivery)), SEED, 1)
        for _ in range(model.calendar.months):
            model.step()
        paid[name] = [
            (str(line.month), line.amount_fen)
            for line in model.ledger.lines
            if line.entry.measure == "canteen_upgrade"
        ]
    assert paid["plan"] == [("2023-12", 30 * 100_000 * 100)]
    assert paid["part"] == [("2023-12", 24 * 100_000 * 100)]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Targets of the county as planned, of 31 runs; with uncertain delivery, of 40 and of 20 of these."""
    found = {}
    for folder, delivery, counts in (("plan", None, (31,)), ("uncertain", UNCERTAIN, (40, 20))):
        place = tmp_path_factory.mktemp(folder)
        resolved = resolve(county(place, delivery, end="2023-12"))
        for runs in counts:
            result = run_scenario(resolved, seed=SEED, runs=runs, out=place / "out", jobs=1)
            found[folder if runs > 20 else "few"] = result.tables["targets"].to_pandas()
    return found


def rows(table, indicator):
    return table[(table.indicator == indicator) & (table.evaluated_on == "2023-12-31")]


@pytest.mark.parametrize(
    ("indicator", "section", "item", "number", "target"),
    [
        ("new_institution_beds", "pipeline", "plan-beds", 700, 700),
        ("new_nursing_beds", "pipeline", "plan-beds", 300, 300),
        ("canteens_upgraded", "sites", "canteens", 30, 30),
    ],
)
def test_the_probability_of_a_planned_target_is_that_of_the_draws(
    tables, tmp_path, indicator, section, item, number, target
):
    scenario = load_scenario(county(tmp_path, UNCERTAIN))
    delivery = getattr(scenario, section)[0].delivery
    drawn = [draw(delivery, f"{section}/{item}", replication_seed(SEED, run)) for run in range(1, 40)]
    met = [part_of(number, share) >= target and delay == 0 for share, delay in drawn]
    row = rows(tables["uncertain"], indicator).iloc[0]
    assert row["prob_met"] == pytest.approx(np.mean(met))
    assert (row["prob_low"], row["prob_high"]) == pytest.approx(jeffreys(sum(met), len(met)))
    # in full, or rounded to it: 0.6 + 0.4 P(share > (n - 1/2) / n); at once: 0.3 + 0.7 x 1/4
    in_full = 0.6 + 0.4 * (1 - ((1 - 0.5 / number - 0.5) / 0.5) ** 2)
    expected = in_full * (0.3 + 0.7 * 0.25)
    assert abs(row["prob_met"] - expected) < 4 * np.sqrt(expected * (1 - expected) / len(met))
    assert row["status"] == ("met" if row["prob_met"] >= 0.5 else "not met")


def test_as_planned_there_is_no_probability(tables):
    for indicator in ("new_institution_beds", "new_nursing_beds", "canteens_upgraded"):
        row = rows(tables["plan"], indicator).iloc[0]
        assert row["status"] == "met if delivered as planned"
        assert np.isnan(row["prob_met"])
    share = rows(tables["plan"], "nursing_bed_share").iloc[0]
    assert share["status"] == "not met if delivered as planned"


def test_below_thirty_runs_there_is_no_probability(tables):
    row = rows(tables["few"], "new_institution_beds").iloc[0]
    assert np.isnan(row["prob_met"])
    assert row["status"] in ("met", "not met")


def test_a_share_of_nursing_beds_has_a_probability_too(tables):
    """Fewer beds of the plan change the share: (40 + 300 s) of (60 + 700 s)."""
    row = rows(tables["uncertain"], "nursing_bed_share").iloc[0]
    assert row["value_p10"] < row["value_p90"]
    assert row["prob_met"] == pytest.approx(1 - np.mean([delay == 0 for _, delay in _fates()]), abs=1e-9), (
        "met as long as the plan's beds, fewer of them nursing beds, are not there"
    )


def _fates():
    delivery = Delivery.model_validate(UNCERTAIN)
    return [draw(delivery, "pipeline/plan-beds", replication_seed(SEED, run)) for run in range(1, 40)]


def test_stated_but_not_as_planned_is_no_plan_and_no_chance(tmp_path):
    resolved = resolve(county(tmp_path, PART, end="2023-12"))
    result = run_scenario(resolved, seed=SEED, runs=31, out=tmp_path / "out", jobs=1)
    row = rows(result.tables["targets"].to_pandas(), "canteens_upgraded").iloc[0]
    assert (row["value_run0"], row["status"]) == (24, "not met")
    assert np.isnan(row["prob_met"])
