"""M/M/c with reneging, played through the whole month loop with constant hazards: V1, row 1."""

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.model import CareModel
from sim.queueing import erlang_a
from sim.scenario.library import scenarios_folder
from sim.scenario.mechanism_types import Mechanisms
from sim.scenario.resolve import load_scenario
from tests.places import quantity, stationary_place

pytestmark = pytest.mark.long

ARRIVALS_PER_MONTH, STAY_MONTHS, BEDS, PATIENCE_MONTHS = 5.0, 24.0, 100, 12.0
PERSONS = 20_000
RUNS, MONTHS = 6, 200


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("erlang")
    scenario = _scenario(folder)
    found = []
    for run in range(1, RUNS + 1):
        model = CareModel(scenario, seed=3, run=run)
        for _ in range(MONTHS):
            model.step()
        part = model.part().to_pandas()
        total = part[(part.table == "summary") & (part.region_code == "total") & (part.bed_kind == "all")]
        monthly = total.pivot_table(
            index="month", columns="metric", values="value", aggfunc="first", observed=True
        )
        waits = part[part.table == "waits"].groupby("metric", observed=True).size()
        found.append(
            (
                monthly["occupied"].mean() / BEDS,
                monthly["waiting"].mean(),
                waits["withdrawn"] / waits["applied"],
                waits["applied"] / MONTHS,
            )
        )
    return np.array(found)


def _scenario(folder):
    """Immortal people of unchanging ability, one home, everything else off."""
    stationary_place(folder, PERSONS, BEDS, 0)  # for its files
    census = pd.read_csv(folder / "census.csv")
    census["persons"] = 0
    census.loc[census.age_from == 60, "persons"] = PERSONS // 2 - 1
    census.loc[census.age_from == 65, "persons"] = 1  # a census without anybody of 65 and over is refused
    census.to_csv(folder / "census.csv", index=False)
    households = pd.read_csv(folder / "households.csv")
    households[["households_one_65plus", "households_two_65plus", "households_three_65plus"]] = 0
    households.to_csv(folder / "households.csv", index=False)
    national = scenarios_folder() / "national"
    mortality = pd.read_csv(national / "mortality.csv")
    mortality["deaths_per_person_year"] = 1e-12
    mortality.to_csv(folder / "mortality.csv", index=False)
    prevalence = pd.read_csv(national / "prevalence.csv")
    prevalence[["mild", "moderate", "severe"]] = 1e-12
    prevalence.to_csv(folder / "prevalence.csv", index=False)
    columns = [
        "id", "ownership", "district", "beds", "nursing_beds", "price_intact", "price_partly", "price_severe",
        "chain_integrated",
    ]  # fmt: skip
    pd.DataFrame([("one", "private", "d1", BEDS, 0, 0, 0, 0, 0)], columns=columns).to_csv(
        folder / "homes.csv", index=False
    )
    path = folder / "stationary.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["horizon"] = {"start": "2020-11", "end": "2040-11"}
    data["tables"] |= {"mortality": "mortality.csv", "prevalence": "prevalence.csv"}
    data["population"] |= {"recovery_highest_per_year": quantity(0.0, "share")}
    at_risk = PERSONS - BEDS - 10
    flat = {name: quantity(1.0, "factor") for name in (
        "weight_intact", "weight_mild", "weight_moderate", "weight_severe",
        "family_alone", "family_couple", "family_others")}  # fmt: skip
    data["applying"] = flat | {
        "k_per_year": quantity(12 * ARRIVALS_PER_MONTH / at_risk, "per_year"),
        "doubling_age": quantity(1e9, "years"),
        "admitted_per_application": quantity(0.83, "share"),
    }
    data["groups"] = {name: quantity(0.0, "share") for name in (
        "destitute", "minimum_allowance", "low_income", "special_family_planning", "entitled", "wish_unable",
        "wish_able")}  # fmt: skip
    data["mechanisms"] = dict.fromkeys(Mechanisms.model_fields, False)
    data["choosing"] = {
        "homes_named_at_most": quantity(1, "count"),
        "accept_first_choice": quantity(1, "share"),
    }
    data["waiting_list"] = {
        "patience": quantity(PATIENCE_MONTHS, "months"), "turnover": quantity(0, "days"),
        "burn_in": quantity(120, "months"),
    }  # fmt: skip
    data["leaving"] = {"per_year": quantity(12 / STAY_MONTHS, "per_year")}
    data["homes"]["open_share"] = quantity(1.0, "share")
    data["homes"]["listed"] = {"file": "homes.csv", "status": "assumption", "source": "test"}
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return load_scenario(path)


def _error(values):
    return values.std(ddof=1) / np.sqrt(len(values))


def test_utilisation_within_two_percent(played):
    exact = erlang_a(ARRIVALS_PER_MONTH, STAY_MONTHS, BEDS, PATIENCE_MONTHS)
    assert played[:, 0].mean() == pytest.approx(exact.utilisation, rel=0.02)
    assert _error(played[:, 0]) < 0.003 * exact.utilisation


def test_arrivals_are_those_asked_for(played):
    assert abs(played[:, 3].mean() - ARRIVALS_PER_MONTH) <= 4 * np.sqrt(ARRIVALS_PER_MONTH / (RUNS * MONTHS))


@pytest.mark.parametrize(("column", "name"), [(1, "mean_queue"), (2, "abandon_probability")])
def test_queue_and_abandonment_within_four_standard_errors(played, column, name):
    exact = erlang_a(ARRIVALS_PER_MONTH, STAY_MONTHS, BEDS, PATIENCE_MONTHS)
    expected = getattr(exact, name)
    assert abs(played[:, column].mean() - expected) <= 4 * _error(played[:, column])
