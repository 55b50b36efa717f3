"""The places beside Yinchuan: their people are those of the census, and they run as a planner runs them."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.calibrate.admissions import measure
from sim.calibrate.observed import load_observed
from sim.months import Month
from sim.population.households import collective_65plus
from sim.scenario import inputs
from sim.scenario.library import shipped_names
from sim.scenario.resolve import load_scenario, resolve
from sim.services import persons_served
from tests.add_up import faults

RESIDENTS_60PLUS = {
    "baotou": 547_019, "haikou": 356_892, "shou": 212_219, "kaili": 96_735, "yinchuan": 365_778,
}  # fmt: skip
"""Census of 2020, by county-level unit."""
OUTSIDE_HOUSEHOLDS_65PLUS = {
    "baotou": 14_309, "haikou": 27_435, "shou": 3_942, "kaili": 1_746, "yinchuan": 6_957,
}  # fmt: skip
UNITS = {"baotou": 10, "haikou": 4, "shou": 1, "kaili": 1, "yinchuan": 6}
NEW = ["baotou", "shou", "kaili", "haikou"]


def census_of(scenario):
    return inputs.read_census(scenario.tables.census, [district.id for district in scenario.place.districts])


@pytest.mark.parametrize("place", RESIDENTS_60PLUS)
def test_people_of_the_census(place):
    scenario = load_scenario(place)
    census = census_of(scenario)
    assert len(scenario.place.districts) == UNITS[place]
    assert census.persons[:, :, census.age_from >= 60].sum() == RESIDENTS_60PLUS[place]
    codes = [district.id for district in scenario.place.districts]
    counts = inputs.read_households(scenario.tables.households, codes)
    old = census.persons[:, :, census.age_from >= 65].sum(axis=(1, 2))
    outside = collective_65plus(old, counts.by_65plus)
    assert (outside > 0).all()
    assert outside.sum() == OUTSIDE_HOUSEHOLDS_65PLUS[place]
    assert (counts.urban <= counts.persons).all()
    assert (census.persons.sum(axis=(1, 2)) < counts.persons).all()


@pytest.mark.parametrize("place", NEW)
def test_stocks_that_nobody_published_are_proxies_with_a_range(place):
    scenario = load_scenario(place)
    (stock,) = scenario.homes.stock
    assert stock.status == "proxy"
    assert stock.nursing_beds is None
    assert stock.low < stock.beds < stock.high
    per_1000 = 1000 * stock.beds / RESIDENTS_60PLUS[place]
    assert 10 < per_1000 < 17


def test_proxies_of_beds_follow_from_their_sources():
    beds = {place: load_scenario(place).homes.stock[-1] for place in NEW}
    for place in ("baotou", "kaili"):
        residents = RESIDENTS_60PLUS[place]
        assert beds[place].beds == round(residents * 0.0169)
        assert beds[place].low == round(residents * 15_985 / 1_476_599)
        assert beds[place].high == round(residents * 9_688 / 365_778)
    assert (beds["shou"].low, beds["shou"].beds, beds["shou"].high) == (25 * 50, 25 * 88, 25 * 126)
    assert beds["haikou"].beds == round(RESIDENTS_60PLUS["haikou"] * 15_985 / 1_476_599)
    assert beds["haikou"].low == beds["haikou"].beds - 618


def test_the_page_on_places_gives_the_figures_of_the_scenarios():
    """docs/places.md: rows `| place | 60+ | registered | beds | low to high | found a bed |`."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "places.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    table = {row[0]: row[1:] for row in rows if row[0] in RESIDENTS_60PLUS}
    assert set(table) == set(RESIDENTS_60PLUS)
    for place, cells in table.items():
        scenario = load_scenario(place)
        stock = scenario.homes.stock[-1]
        registered = scenario.population.registered_60plus[-1].value
        ends = f"{stock.low:,} to {stock.high:,}" if stock.low else "counted"
        ratio = scenario.applying.admitted_per_application.value
        rate = 100 * scenario.population.net_migration_per_year.value
        assert cells == [
            f"{RESIDENTS_60PLUS[place]:,}", f"{registered:,.0f}", f"{rate:.2f}", f"{stock.beds:,}",
            ends, f"{scenario.homes.open_share.value:g}", f"{ratio:g}",
        ]  # fmt: skip


@pytest.mark.parametrize("place", NEW)
def test_both_counts_of_older_persons_are_carried(place):
    counts = load_scenario(place).population.registered_60plus
    assert len(counts) == 2
    for count in counts:
        assert count.status in ("proxy", "derived")
        if count.low is not None:
            assert count.low < count.value < count.high


def test_more_are_registered_in_shou_than_live_there():
    first = load_scenario("shou").population.registered_60plus[0]
    assert first.value > 1.2 * RESIDENTS_60PLUS["shou"]
    assert first.low == RESIDENTS_60PLUS["shou"]


@pytest.mark.parametrize("place", NEW)
def test_one_k_for_all_places(place):
    k = load_scenario(place).applying.k_per_year
    assert k == load_scenario("yinchuan").applying.k_per_year
    at = resolve(place).origins["applying", "k_per_year", "value"]
    assert at.file.endswith("calibration/yinchuan.yaml")


@pytest.mark.parametrize("place", ["kaili", "haikou"])
def test_the_share_of_applications_that_find_a_bed_is_what_the_model_gives(place):
    """The start of each run begins with it and finds its own; lists of homes differ by as much as this."""
    scenario = load_scenario(place)
    found = measure(scenario, 5, 2, load_observed().admissions)
    assert found.per_application == pytest.approx(scenario.applying.admitted_per_application.value, abs=0.08)


@pytest.mark.parametrize("place", NEW)
def test_the_plan_adds_sites_and_no_beds_and_without_it_there_are_none(place):
    plan, none = load_scenario(place), load_scenario(f"{place}-no-plan")
    assert plan.sites
    assert not none.sites
    assert not plan.pipeline
    assert not none.pipeline
    assert all(service.capacity_per_month is None for service in none.services)
    assert plan.homes == none.homes


def test_what_the_plan_of_shou_gives_in_a_year():
    """185 households a year adapted at least, 15 and then 50 households with a family care bed."""
    services = {service.id: service for service in load_scenario("shou").services}
    for year in (2023, 2024, 2025):
        adapted = sum(persons_served(services["home_adaptation"], Month.of(year, m)) for m in range(1, 13))
        assert 185 <= adapted < 200
    beds = [persons_served(services["family_care_bed"], Month.of(year, 12)) for year in range(2022, 2026)]
    assert beds == [0, 15, 15, 50]


@pytest.mark.parametrize("name", [name for name in shipped_names() if name.split("-")[0] in NEW])
def test_every_scenario_of_a_place_runs_to_2040_by_one_line(name):
    assert load_scenario(name, ["horizon.end=2040-12"]).horizon.months == 242


@pytest.fixture(scope="module", params=NEW)
def ran(request, run_of):
    folder, _ = run_of(request.param)
    summary = pd.read_csv(folder / "summary.csv", encoding="utf-8-sig", dtype={"region_code": str})
    return request.param, folder, summary


def test_everybody_of_the_census_is_in_the_run(ran):
    place, folder, _ = ran
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["residents_start"] == RESIDENTS_60PLUS[place]
    assert (folder / "gap.png").is_file()


def test_homes_of_a_place_are_used_as_elsewhere(ran):
    """To 2022: 0.5 to 1.2 percent live in homes where beds allow; a third to three quarters of beds used."""
    place, _, summary = ran
    total = summary.query("region_code == 'total' and bed_kind == 'all' and year <= 2022")
    values = total.pivot_table(index="year", columns="metric", values="run0")
    share = values["occupied"] / values["residents_60plus"]
    lowest = 0.004 if place == "haikou" else 0.005  # Haikou has 10.8 beds per 1,000 at the start
    assert share.between(lowest, 0.012).all(), share
    assert (values["occupied"] / values["registered_beds"]).between(0.33, 0.75).all()
    assert (values["waiting"] > 0).all()
    assert (values["bed_demand"] == values["occupied"] + values["waiting"]).all()
    drift = values["occupied"].loc[2021] / values["occupied"].loc[2020] - 1
    assert abs(drift) < 0.08, "no jump in the first year: the start is in balance with the flows"


def test_every_table_adds_up(ran):
    _, folder, _ = ran
    assert faults(folder) == []


@pytest.mark.parametrize("ran", ["haikou"], indirect=True)
def test_haikou_grows_as_its_province(ran):
    """Hainan 60+ and 65+ at the end of 2022 (Hainan Statistics Bureau 2024) over the census; not fitted."""
    _, _, summary = ran
    total = summary.query("region_code == 'total' and bed_kind == 'all' and year == 2022").set_index("metric")
    for metric, census, province in (
        ("residents_60plus", 356_892, 1_626_000 / 1_476_599),
        ("residents_65plus", 250_105, 1_162_400 / 1_051_500),
    ):  # fmt: skip
        assert total.loc[metric, "run0"] / census == pytest.approx(province, abs=0.02)


def test_the_tie_break_of_haikou_has_somebody_to_put_first():
    entitled = load_scenario("haikou").groups.entitled
    assert entitled.status == "proxy"
    assert 0 < entitled.low < entitled.value < entitled.high


@pytest.mark.parametrize("ran", ["baotou"], indirect=True)
def test_baotou_ages_as_published(ran):
    """Residents aged 65+ at the end of 2021 and 2022 (Baotou Statistics Bureau 2023-04-03); not fitted."""
    _, _, summary = ran
    total = summary.query("region_code == 'total' and bed_kind == 'all' and metric == 'residents_65plus'")
    found = total.set_index("year")["run0"]
    assert found[2021] == pytest.approx(390_900, rel=0.02)
    assert found[2022] == pytest.approx(414_100, rel=0.02)
