"""Two scenarios with the same random numbers: a twin is the same, a small policy shows in few pairs."""

import numpy as np
import pytest
import yaml

from sim.decide import compare, diff
from sim.decide.finding import finding
from sim.ensemble import cells
from sim.scenario.resolve import resolve
from sim.tables import INTERACTION, TOTAL
from tests.places import quantity, stationary_place

pytestmark = pytest.mark.long

RUNS = 6
NOTHING = {"diff_mean": 0.0, "diff_p10": 0.0, "diff_p90": 0.0, "diff_se": 0.0}
FEW_BEDS = {"id": "few-beds", "opens": "2023-02", "beds": 10, "nursing_beds": 10, "ownership": "public",
            "status": "assumption", "source": "test"}  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A small county beside its twin, beside ten more beds, and beside these and a third more applicants."""
    folder = tmp_path_factory.mktemp("pairs")
    stationary_place(
        folder, 20_000, 250, 120, horizon={"start": "2022-11", "end": "2023-12"},
        waiting_list__burn_in=quantity(24, "months"),
    )  # fmt: skip
    base = resolve(folder / "stationary.yaml")
    k = base.scenario.applying.k_per_year.value
    more = {"applying": {"k_per_year": quantity(1.3 * k, "per_year")}}
    alts = []
    for name, changes in (
        ("twin", {"title": {"zh": "孪生", "en": "A twin"}}),
        ("few", {"pipeline": [FEW_BEDS]}),
        ("several", {"pipeline": [FEW_BEDS], **more}),
    ):
        file = folder / f"{name}.yaml"
        text = yaml.safe_dump({"extends": "stationary.yaml", "name": name, **changes}, allow_unicode=True)
        file.write_text(text, encoding="utf-8")
        alts.append(resolve(file))
    running = compare.Running(runs=RUNS, out=folder / "out", jobs=1)
    return dict(zip(("twin", "few", "several"), compare.compare(base, alts, running), strict=True))


def test_a_twin_under_another_name_differs_in_no_table_at_all(compared):
    twin = compared["twin"]
    assert twin.components == ()
    assert twin.differences == []
    for name in ("diff", "diff_costs", "diff_waits", "diff_targets", "decomposition"):
        table = twin.tables[name]
        assert len(table) > 0, name
        for column in NOTHING:
            assert {value for value in table[column].to_pylist() if value is not None} == {0.0}, name
        if "prob_better" in table.column_names:
            assert set(table["prob_better"].to_pylist()) <= {0.0, None}
    assert twin.tables["diff_inputs"].num_rows == 0
    assert finding(twin).same
    # there is something that could have differed
    people = twin.tables["diff"].filter(twin.tables["diff"]["base_mean"].to_numpy() > 0)
    assert {"waiting", "expressed_gap", "admitted"} <= set(people["metric"].to_pylist())


def test_pairing_saves_nine_in_ten_replications_of_a_small_policy(compared):
    """The whole measurement, in a city with 20 replications, is tests/benchmarks/bench_pairs.py."""
    few = compared["few"]
    pairs = diff.pairs_of_summary(few.base, few.alt)
    keys = list(zip(*pairs.keys.values(), strict=True))
    chosen = cells.entering(RUNS)
    for metric in ("bed_demand", "occupied"):
        row = keys.index((2023, TOTAL, "all", metric))
        base, alt = pairs.base[row, chosen], pairs.alt[row, chosen]
        assert (base != alt).any(), "the policy does nothing: the test would see nothing"
        assert base.var(ddof=1) + alt.var(ddof=1) > 10 * (alt - base).var(ddof=1)


def test_ten_more_beds_move_the_gap_and_nothing_else_does(compared):
    """Not always down: a new home also draws people who liked none before, and finds its staff slowly."""
    found = finding(compared["few"])
    assert found.gap.mean != 0
    assert found.gap.error > 0
    assert set(found.why) == {"capacity"}
    assert found.why["capacity"] == found.gap


def test_the_components_add_up_and_what_does_not_differ_is_exactly_zero(compared):
    several = compared["several"]
    assert several.components == ("behaviour", "capacity")
    table = several.tables["decomposition"].to_pandas()
    keys = ["year", "region_code", "bed_kind", "metric"]
    parts = table[table.component != TOTAL]
    millionths = (parts.diff_mean * 1e6).round().astype(np.int64)
    added = millionths.groupby([parts[key] for key in keys]).sum()
    total = table[table.component == TOTAL].set_index(keys)
    np.testing.assert_array_equal(added, (total.diff_mean * 1e6).round().reindex(added.index))
    own = several.tables["diff"].to_pandas().set_index(keys)
    np.testing.assert_allclose(total.diff_mean, own.loc[total.index].diff_mean, atol=1e-6)
    np.testing.assert_array_equal(total.diff_p90, own.loc[total.index].diff_p90)
    np.testing.assert_allclose(total.diff_se, own.loc[total.index].diff_se, atol=1e-9)
    for component in ("ageing", "ability", "family", "policy", "price"):
        assert not table[table.component == component][list(NOTHING)].to_numpy().any()
    last = table[(table.year == 2023) & (table.region_code == TOTAL) & (table.bed_kind == "all")]
    gap = last[last.metric == "expressed_gap"].set_index("component").diff_mean
    assert gap["behaviour"] > 0
    assert gap["capacity"] != 0
    assert INTERACTION in gap


def test_whole_numbers_are_decomposed(compared):
    """Exact sums rest on it: beds short, beds empty and people are counts in every replication."""
    several = compared["several"]
    pairs = diff.pairs_of_summary(several.base, several.alt)
    for row, metric in enumerate(pairs.keys["metric"]):
        if metric in ("expressed_gap", "vacant_open_beds", "waiting"):
            np.testing.assert_array_equal(pairs.alt[row], np.round(pairs.alt[row]))
