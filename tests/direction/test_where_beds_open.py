"""Beds of the place that is short shorten the waits there, hardly those elsewhere; same random numbers."""

import numpy as np
import pytest

from sim.codes import BedKind, Ownership
from sim.model import CareModel
from sim.scenario.resolve import load_scenario
from tests.county import AGES, write_county

DISTRICTS = ("990001", "990002")
RUNS = (1, 2, 3)
FIRST_COUNTED = 14
"""Months; the beds open in the fifth and find their staff slowly."""


def _nursing_waits(folder, *opened_in):
    """Mean days waited by those admitted to nursing beds of public homes, by district of the home."""
    districts = [{"id": code, "zh": code, "en": code} for code in DISTRICTS]
    place = {"id": "county", "zh": "某县", "en": "A county", "districts": districts}
    pipeline = [
        {"id": f"more-{code}", "opens": "2021-03", "beds": 100, "nursing_beds": 100, "ownership": "public",
         "district": code, "status": "assumption", "source": "test"}
        for code in opened_in
    ]  # fmt: skip
    horizon = {"start": "2020-11", "end": "2023-06"}
    path = write_county(folder, place=place, pipeline=pipeline, horizon=horizon)
    rows = ["district,sex,age_from,age_to,persons"]
    rows += [
        f"{code},{sex},{age},{age + 4 if age < 85 else ''},{persons // 2}"
        for code in DISTRICTS
        for sex in ("male", "female")
        for age, persons in AGES
    ]
    (folder / "census.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    waits = [[] for _ in DISTRICTS]
    for run in RUNS:
        model = CareModel(load_scenario(path), 1, run)
        public, district = model.estate.ownership != Ownership.PRIVATE, model.estate.district
        for month in range(model.calendar.months):
            model.step()
            for one in model.log.admissions if month >= FIRST_COUNTED else ():
                if public[one.home] and one.kind == BedKind.NURSING:
                    waits[district[one.home]].append(one.waited_days)
    assert min(map(len, waits)) >= 20
    return np.array([np.mean(days) for days in waits])


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    return _nursing_waits(tmp_path_factory.mktemp("without"))


@pytest.mark.parametrize("here", [0, 1])
def test_beds_of_a_district_shorten_its_waits_and_hardly_those_of_the_other(tmp_path, without, here):
    change = _nursing_waits(tmp_path, DISTRICTS[here]) / without - 1
    assert change[here] < -0.3
    assert abs(change[1 - here]) < abs(change[here]) / 2
