"""Has any number moved? One made-up county, rounded; written anew on purpose: UPDATE_GOLDEN=1 make test."""

import os
from pathlib import Path

import pandas as pd

from sim.model import simulate
from tests.places import stationary_place

STORED = Path(__file__).parent / "county.csv"


def test_no_number_moved(tmp_path):
    scenario = stationary_place(tmp_path, residents_60plus=30_000, beds=700, nursing_beds=400)
    part = simulate(scenario, seed=1, run=1).to_pandas()
    rows = part[(part.table == "summary") & (part.region_code == "total") & (part.month % 12 == 11)]
    found = rows.assign(year=rows.month // 12, value=rows.value.round(1))
    found = found[["year", "metric", "bed_kind", "value"]].astype({"metric": str, "bed_kind": str})
    found = found.sort_values(["year", "metric", "bed_kind"]).reset_index(drop=True)
    if os.environ.get("UPDATE_GOLDEN"):
        found.to_csv(STORED, index=False)
    pd.testing.assert_frame_equal(found, pd.read_csv(STORED), check_dtype=False)
