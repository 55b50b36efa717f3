"""What stands in where a place gives less: shares for households and nursing beds; the rest is not known."""

import math

import numpy as np
import pytest
import yaml

from sim import state
from sim.errors import InputError
from sim.indicators import board
from sim.model import CareModel
from sim.population.households import collective_65plus
from sim.scenario import inputs
from sim.scenario.bed_types import Stock
from sim.scenario.coverage_types import Coverage
from sim.scenario.household_counts import household_counts
from sim.scenario.library import scenarios_folder
from sim.scenario.resolve import load_scenario, resolve
from tests.county import BEDS, write_county

SOURCED = {"status": "assumption", "source": "test"}


@pytest.fixture
def county(tmp_path):
    return load_scenario(write_county(tmp_path))


def census_of(scenario):
    codes = [district.id for district in scenario.place.districts]
    return inputs.read_census(scenario.tables.census, codes)


def changed(scenario, section, name, value):
    part = getattr(scenario, section)
    quantity = getattr(part, name).model_copy(update={"value": value})
    return scenario.model_copy(update={section: part.model_copy(update={name: quantity})})


def test_households_follow_the_shares_of_those_of_65_and_over(county):
    census = census_of(county)
    old = int(census.persons[:, :, census.age_from >= 65].sum())
    counts = household_counts(county, census)
    families = county.families
    shares = [getattr(families, f"with_{number}_65plus").value for number in ("one", "two", "three")]
    for column, share in enumerate(shares):
        assert counts.by_65plus[0, column] == math.floor(old * share / (column + 1))
    outside = collective_65plus(np.array([old]), counts.by_65plus)[0]
    assert outside / old == pytest.approx(1 - sum(shares), abs=1e-3)
    assert counts.urban / counts.persons == pytest.approx(county.population.urban_share.value)


@pytest.mark.parametrize(
    ("section", "name", "column"),
    [
        ("families", "with_one_65plus", 0),
        ("families", "with_two_65plus", 1),
        ("families", "with_three_65plus", 2),
    ],
)
def test_each_share_of_households_moves_its_own_count(county, section, name, column):
    census = census_of(county)
    value = getattr(county.families, name).value
    before = household_counts(county, census).by_65plus
    after = household_counts(changed(county, section, name, value / 2), census).by_65plus
    assert after[0, column] == pytest.approx(before[0, column] / 2, abs=1)
    others = [other for other in range(3) if other != column]
    assert (after[:, others] == before[:, others]).all()


def test_the_urban_share_moves_the_urban(county):
    census = census_of(county)
    counts = household_counts(changed(county, "population", "urban_share", 0.25), census)
    assert counts.urban / counts.persons == pytest.approx(0.25)


def test_a_table_of_households_goes_before_the_shares(yinchuan):
    counts = household_counts(yinchuan, census_of(yinchuan))
    assert counts.persons.sum() == 2_859_074


def test_shares_of_households_above_one_are_refused(tmp_path):
    path = write_county(tmp_path)
    with pytest.raises(InputError) as error:
        resolve(path, ["families.with_one_65plus=0.6"])
    (fault,) = error.value.faults
    assert (fault.key, fault.code) == ("families.with_one_65plus.value", "shares_sum")


def test_nursing_beds_by_the_share_only_where_they_are_not_counted(county):
    assert county.homes.stock[-1].nursing_beds is None
    assert county.homes.latest.nursing_beds == round(county.homes.nursing_share.value * BEDS)
    half = changed(county, "homes", "nursing_share", 0.5)
    assert CareModel(half, 1, 0).estate.registered().sum(axis=0).tolist() == [BEDS / 2] * 2
    counted = county.homes.stock[-1].model_copy(update={"nursing_beds": 7})
    assert county.homes.model_copy(update={"stock": [counted]}).latest.nursing_beds == 7


def test_a_list_of_homes_may_tell_its_nursing_beds_itself(tmp_path):
    path = write_county(tmp_path)
    (tmp_path / "homes.csv").write_text(
        "id,ownership,district,beds,nursing_beds,price_intact,price_partly,price_severe,chain_integrated\n"
        "a,public,990001,500,200,1000,1500,1500,false\n"
        "b,private,990001,300,50,1500,2500,4500,false\n",
        encoding="utf-8",
    )
    listed = {"file": tmp_path / "homes.csv", "status": "assumption", "source": "test"}
    scenario = load_scenario(path, [f"homes.listed.{key}={value}" for key, value in listed.items()])
    model = CareModel(scenario, 1, 0)
    assert model.estate.registered().tolist() == [[300, 200], [250, 50]]


def test_beds_outside_their_range_are_refused():
    with pytest.raises(ValueError, match="outside their range"):
        Stock(month="2020-07", beds=100, low=120, high=200, **SOURCED)


def test_registered_persons_that_nobody_counted_are_not_computable(county):
    model = CareModel(county, 1, 0)
    model.step()
    month = county.horizon.first
    residents = {"residents_60plus": 1000.0, "residents_65plus": 700.0}
    poor = None
    seen = state.build(
        county, model.book, month, model.estate, model._beds_at_notice, residents, poor, model.ledger,
        model.residents, model.provision, model.families,
    )  # fmt: skip
    assert board.value(seen, "beds_per_1000_elderly", "residents_60plus") == pytest.approx(BEDS)
    assert math.isnan(board.value(seen, "beds_per_1000_elderly", "registered_60plus"))
    assert seen.coverage == Coverage()
    assert math.isnan(board.value(seen, "subdistrict_centre_coverage", ""))
    assert math.isnan(board.value(seen, "community_facility_coverage_urban", ""))


def test_a_clause_of_unknown_centres_is_not_computable(tmp_path):
    """The plan of Yinchuan over a county that knows nothing of its centres: one row, and no number."""
    law = scenarios_folder() / "policy" / "yinchuan.yaml"
    changes = {"horizon": {"start": "2020-11", "end": "2023-12"}, "policy": str(law)}
    path = write_county(tmp_path, **changes)
    text = path.read_text(encoding="utf-8").replace("id: county", "id: yinchuan")
    path.write_text(text, encoding="utf-8")  # whose law it is
    model = CareModel(load_scenario(path), 1, 0)
    for _ in range(model.calendar.months):
        model.step()
    rows = [row for row in model.part().to_pylist() if row["indicator"] == "subdistrict_centre_coverage"]
    assert rows
    assert all(math.isnan(row["value"]) for row in rows)
    assert {row["denominator"] for row in rows} == {""}


def test_extending_finds_shipped_files_from_any_folder(tmp_path):
    own = tmp_path / "national" / "defaults.yaml"
    path = write_county(tmp_path / "elsewhere")
    assert load_scenario(path).name == "county"
    own.parent.mkdir()
    own.write_text(
        yaml.safe_dump({"extends": str(scenarios_folder() / "national" / "defaults.yaml")}), encoding="utf-8"
    )
    beside = write_county(tmp_path)
    assert str(own) in resolve(beside).files, "a file beside the scenario goes first"


def test_every_default_of_a_bare_county_says_its_status_and_source(tmp_path):
    """Each number that the county did not give stands in a shipped file, with status and source."""
    resolved = resolve(write_county(tmp_path))
    shipped = str(scenarios_folder().parent)

    def quantities(data, path=()):
        if isinstance(data, dict):
            if "value" in data and "unit" in data:
                yield path, data
            for key, value in data.items():
                yield from quantities(value, (*path, key))
        elif isinstance(data, list):
            for index, value in enumerate(data):
                yield from quantities(value, (*path, index))

    found = dict(quantities(resolved.data))
    assert {"k_per_year", "open_share", "nursing_share", "urban_share"} <= {path[-1] for path in found}
    for path, quantity in found.items():
        assert quantity["status"] in ("published", "derived", "proxy", "assumption"), path
        assert quantity["source"], path
        assert resolved.origins[(*path, "value")].file.startswith(shipped), path
