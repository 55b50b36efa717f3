"""Homes: generated lists that add up, a user's list, and beds that open, close and convert as stated."""

from __future__ import annotations

from statistics import NormalDist

import mesa
import numpy as np
import pytest

from sim.codes import BedKind, Ownership
from sim.errors import TableError
from sim.facilities import stock, supply
from sim.facilities.estate import Estate
from sim.facilities.home import Home, HomeSpec
from sim.facilities.list_draws import ATTRIBUTES, ListDraws, even_spread
from sim.months import Month
from sim.scenario.bed_types import PipelineBeds, Stock
from sim.scenario.resolve import load_scenario

WEIGHTS = np.array([118_000.0, 46_000, 66_000, 43_000, 44_000, 38_000])
HEADER = "id,ownership,district,beds,nursing_beds,price_intact,price_partly,price_severe,chain_integrated"
SEEDS = (None, 0, 1, 2, 3, 99, 2**63 + 5)
"""Lists of homes; None is that of run 0."""


@pytest.fixture(scope="module")
def latest(yinchuan):
    return yinchuan.homes.stock[-1]


def generated(yinchuan, latest, seed=0) -> list[HomeSpec]:
    return stock.generate(yinchuan.homes.generator, latest, WEIGHTS, ListDraws(seed))


def item(**changes) -> PipelineBeds:
    values = {"id": "x", "opens": "2021-03", "beds": 0, "nursing_beds": 0, "ownership": "public"}
    return PipelineBeds(**{**values, "status": "assumption", "source": "test", **changes})


def estate_of(yinchuan, *items: PipelineBeds, seed: int | None = 0, share: float = 0.82) -> Estate:
    homes = yinchuan.homes
    homes = homes.model_copy(update={"open_share": homes.open_share.model_copy(update={"value": share})})
    scenario = yinchuan.model_copy(update={"pipeline": list(items), "homes": homes})
    return Estate(mesa.Model(rng=0), scenario, WEIGHTS, seed)


def played(estate: Estate, first: str, last: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Registered and open beds at the end of each month, checked on the way."""
    states, month = {}, Month.parse(first)
    while month <= Month.parse(last):
        before = estate.registered(), estate.opened()
        changes = estate.supply(month)
        for which, array in enumerate((estate.registered(), estate.opened())):
            told = np.zeros_like(array)
            for change in changes:
                told[change.home, change.kind] += (change.registered, change.opened)[which]
            assert (array - before[which] == told).all(), "what changes is what is told"
        assert (estate.opened() <= estate.registered()).all()
        assert (estate.opened() >= 0).all()
        states[str(month)] = estate.registered(), estate.opened()
        month = month.plus(1)
    return states


# The generator


@pytest.mark.parametrize("seed", SEEDS)
def test_generated_homes_add_up(yinchuan, latest, seed):
    homes = generated(yinchuan, latest, seed)
    beds = np.array([home.beds for home in homes])
    assert beds.sum() == 9688
    assert beds[:, BedKind.NURSING].sum() == 5586
    assert beds.min() >= 0
    assert beds.sum(axis=1).min() >= 10
    assert len({home.name for home in homes}) == len(homes)
    public = np.array([home.ownership != Ownership.PRIVATE for home in homes])
    assert beds[public].sum() == round(0.53 * 9688)
    built = np.array([home.ownership == Ownership.PUBLIC_BUILT for home in homes])
    largest = int(beds[public].sum(axis=1).max())
    assert abs(beds[built].sum() - 0.35 * beds[public].sum()) <= largest / 2
    assert built.any()
    assert public.sum() == round(round(0.53 * 9688) / 116)
    assert (~public).sum() == round((9688 - round(0.53 * 9688)) / 174)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_generated_homes_follow_the_proxies(yinchuan, latest, seed):
    homes = generated(yinchuan, latest, seed)
    beds = np.array([home.beds for home in homes])
    public = np.array([home.ownership != Ownership.PRIVATE for home in homes])
    share = beds[public, 1].sum() / beds[public].sum()
    assert share == pytest.approx(0.8 * 5586 / 9688, abs=0.001)
    for mine in (public, ~public):
        found = np.bincount([home.district for home, m in zip(homes, mine, strict=True) if m], minlength=6)
        assert found == pytest.approx(WEIGHTS / WEIGHTS.sum() * mine.sum(), abs=1), "by residents"
    level = np.log([home.prices[0] for home, p in zip(homes, public, strict=True) if p]) - np.log(1000)
    assert abs(level.mean()) < 4 * 0.2 / np.sqrt(len(level))
    ratio = [home.prices[2] / home.prices[0] for home in homes]
    assert ratio == pytest.approx(np.where(public, 1500 / 1000, 2500 / 1800))
    assert all(home.prices[1] == home.prices[2] for home in homes)


def test_every_seed_has_its_own_list(yinchuan, latest):
    lists = [generated(yinchuan, latest, seed) for seed in SEEDS]
    assert lists[1] == generated(yinchuan, latest, SEEDS[1])
    places = {tuple(np.bincount([home.district for home in homes], minlength=6)) for homes in lists}
    assert len(places) > 1, "nor does every list have as many homes in each district"
    for i, one in enumerate(lists):
        for other in lists[i + 1 :]:
            assert one != other


def test_run_0_has_the_same_list_for_any_seed(yinchuan, yinchuan_base):
    from sim.model import CareModel

    runs = ((1, 0), (2, 0), (1, 1), (2, 1))
    models = {(seed, run): CareModel(yinchuan, seed, run, base=yinchuan_base) for seed, run in runs}
    lists = {which: [home.spec for home in model.estate.homes] for which, model in models.items()}
    assert lists[1, 0] == lists[2, 0]
    assert lists[1, 1] != lists[1, 0]
    assert lists[1, 1] != lists[2, 1]
    for model in models.values():
        mesa.Agent._ids.pop(model, None)


# The list of run 0


@pytest.mark.parametrize("count", [1, 2, 3, 10, 26, 44, 200])
def test_each_attribute_takes_each_slice_once(count):
    for row in even_spread(count):
        assert sorted(row) == pytest.approx((np.arange(count) + 0.5) / count)


@pytest.mark.parametrize("count", [20, 26, 44, 200])
def test_no_attribute_goes_with_another(count):
    table = np.corrcoef(even_spread(count)) - np.eye(len(ATTRIBUTES))
    assert np.abs(table).max() < 0.15
    drawn = ListDraws(1)
    names = [f"public-{i + 1:03d}" for i in range(count)]
    one = np.corrcoef([drawn.of(attribute, names) for attribute in ATTRIBUTES]) - np.eye(len(ATTRIBUTES))
    assert (table**2).sum() < (one**2).sum() / 2, "a drawn list has more of it"


def test_the_list_of_run_0_has_the_quantiles_of_the_proxies(yinchuan, latest):
    """Sizes and charges stand at the midpoints of equal slices, not where chance put them."""
    homes = generated(yinchuan, latest, None)
    for mine in (True, False):
        part = [home for home in homes if (home.ownership == Ownership.PRIVATE) == mine]
        n = len(part)
        normal = NormalDist().inv_cdf
        expected = [0.2 * normal((i + 0.5) / n) for i in range(n)]
        level = sorted(np.log([home.prices[0] / (1800 if mine else 1000) for home in part]))
        assert level == pytest.approx(expected, abs=1e-9)
        weights = np.exp([0.6 * normal((i + 0.5) / n) for i in range(n)])
        sizes = 10 + weights / weights.sum() * (sum(sum(home.beds) for home in part) - 10 * n)
        assert sorted(sum(home.beds) for home in part) == pytest.approx(sizes, abs=1)


def test_homes_of_run_0_open_evenly(yinchuan):
    """At the start public and private homes have the same share of their beds, within one home."""
    estate = estate_of(yinchuan, seed=None)
    beds = np.array([sum(home.spec.beds) for home in estate.homes])
    there = estate.registered().sum(axis=1)
    private = estate.ownership == Ownership.PRIVATE
    for mine in (private, ~private):
        short = there[mine].sum() - beds[mine].sum() * 7926 / 9688
        assert abs(short) <= beds[mine].max()


@pytest.mark.parametrize("seed", [None, 0])
@pytest.mark.parametrize(("beds", "nursing"), [(0, 0), (1, 1), (30, 30), (30, 0), (9688, 9688), (9688, 1)])
def test_borders_of_the_generator(yinchuan, beds, nursing, seed):
    total = Stock(month="2023-09", beds=beds, nursing_beds=nursing, status="proxy", source="x")
    homes = generated(yinchuan, total, seed)
    assert sum(sum(home.beds) for home in homes) == beds
    assert sum(home.beds[1] for home in homes) == nursing


def test_chain_homes_are_private(yinchuan, latest):
    chains = yinchuan.homes.generator.chain_integrated_homes
    generator = yinchuan.homes.generator.model_copy(
        update={"chain_integrated_homes": chains.model_copy(update={"value": 2})}
    )
    homes = [
        home for home in stock.generate(generator, latest, WEIGHTS, ListDraws(0)) if home.chain_integrated
    ]
    assert [home.ownership for home in homes] == [Ownership.PRIVATE] * 2


# A user's list


def written(tmp_path, *lines: str):
    path = tmp_path / "homes.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8-sig")
    return path


def test_a_users_list(tmp_path, latest):
    path = written(
        tmp_path,
        "one,public,640104,6000,3000,1000,1500,1600,false",
        "二号,private,640181,3688,2586,1800,2500.5,3400,true",
    )
    one, two = stock.read_homes(path, ["640104", "640181"], latest)
    assert one == HomeSpec("one", Ownership.PUBLIC, 0, (3000, 3000), (1000, 1500, 1500, 1600))
    assert two == HomeSpec("二号", Ownership.PRIVATE, 1, (1102, 2586), (1800, 2500.5, 2500.5, 3400), True)


def test_every_fault_of_a_users_list_at_once(tmp_path, latest):
    path = written(
        tmp_path,
        "one,publik,640104,100,50,1000,1500,1600,false",
        "one,public,999999,100,150,1000,1500,1600,false",
        ",private,640104,-5,0,1800,,3400,no",
        "four,private,640104,many,2.5,1800,2500,nan,",
    )
    with pytest.raises(TableError) as caught:
        stock.read_homes(path, ["640104", "640181"], latest)
    text = str(caught.value)
    parts = (
        "homes.csv:2: ownership = 'publik'; must be public, public_built, private",
        "homes.csv:3: district = '999999'; must be 640104, 640181",
        "homes.csv:3: nursing_beds = '150'; must be <= 100",
        "homes.csv:4: id = ''",
        "homes.csv:4: beds = '-5'",
        "homes.csv:4: price_partly = ''; must be >= 0",
        "homes.csv:4: chain_integrated = 'no'",
        "homes.csv:5: beds = 'many'",
        "homes.csv:5: nursing_beds = '2.5'",
        "homes.csv:5: price_severe = 'nan'",
        "homes.csv:5: chain_integrated = ''",
        "homes.csv: id 'one' stands twice",
        "homes.csv: beds = 200 in all; the stated total is 9688",
        "homes.csv: nursing_beds = 200 in all; the stated total is 5586",
    )
    for part in parts:
        assert part in text, part
    assert len(caught.value.faults) == len(parts)


def test_a_users_list_with_other_columns(tmp_path, latest):
    path = tmp_path / "homes.csv"
    path.write_text("id,beds\none,5\n", encoding="utf-8")
    with pytest.raises(TableError, match="id, beds; must be id, ownership"):
        stock.read_homes(path, ["640104"], latest)


def test_the_model_takes_a_users_list(tmp_path, yinchuan):
    path = written(
        tmp_path,
        "one,public,640104,6000,3000,1000,1500,1600,false",
        "two,private,640181,3688,2586,1800,2500,3400,true",
    )
    list_of = {"file": path, "status": "assumption", "source": "test"}
    listed = load_scenario("yinchuan", [f"homes.listed.{key}={value}" for key, value in list_of.items()])
    estate = Estate(mesa.Model(rng=0), listed, WEIGHTS, 0)
    assert [home.spec.name for home in estate.homes] == ["one", "two", "pipeline-plan-beds"]


# Beds in time


def test_stock_between_published_counts(yinchuan):
    counts = yinchuan.homes.stock
    assert supply.registered_at(counts, Month.of(2014, 4)) == 4000
    assert supply.registered_at(counts, Month.of(2010, 1)) == 4000
    assert supply.registered_at(counts, Month.of(2023, 9)) == 9688
    assert supply.registered_at(counts, Month.of(2030, 1)) == 9688
    # 113 months from April 2014 to September 2023, 78 of them until the end of October 2020
    assert supply.registered_at(counts, Month.of(2020, 10)) == pytest.approx(4000 + 5688 * 78 / 113)
    assert round(supply.registered_at(counts, Month.of(2020, 10))) == 7926


@pytest.mark.parametrize("seed", SEEDS)
def test_beds_of_yinchuan_in_time(yinchuan, seed):
    estate = estate_of(yinchuan, *yinchuan.pipeline, seed=seed)
    assert estate.registered().sum() == 7926, "exact at the start"
    assert estate.opened().sum() == pytest.approx(0.82 * 7926, abs=1.01)
    states = played(estate, "2020-11", "2025-12")
    beds = {month: registered.sum() for month, (registered, _) in states.items()}
    assert beds["2023-09"] == beds["2023-11"] == 9688
    assert beds["2023-12"] == beds["2025-12"] == 10_388
    nursing = {month: registered[:, 1].sum() for month, (registered, _) in states.items()}
    assert nursing["2023-09"] == 5586
    assert nursing["2023-12"] == 5886
    largest = max(sum(home.spec.beds) for home in estate.homes)
    for month in ("2021-06", "2022-06", "2023-03"):
        interpolated = supply.registered_at(yinchuan.homes.stock, Month.parse(month))
        assert interpolated - largest < beds[month] <= interpolated
    assert list(beds.values()) == sorted(beds.values())
    for registered, opened in states.values():
        assert opened.sum(axis=0) == pytest.approx(0.82 * registered.sum(axis=0), abs=2.01)


@pytest.mark.parametrize("share", [0.54, 0.95, 1.0, 0.0])
def test_open_beds_are_the_share(yinchuan, share):
    estate = estate_of(yinchuan, *yinchuan.pipeline, share=share)
    for registered, opened in played(estate, "2020-11", "2024-01").values():
        assert opened.sum() == pytest.approx(share * registered.sum(), abs=3.01)


def test_a_new_home(yinchuan):
    new = item(beds=100, nursing_beds=60, ownership="private", district="640181", government_invested=True)
    states = played(estate_of(yinchuan, new), "2020-11", "2021-04")
    without = played(estate_of(yinchuan), "2020-11", "2021-04")
    assert states["2021-02"][0][-1].tolist() == [0, 0]
    assert states["2021-03"][0][-1].tolist() == [40, 60]
    assert states["2021-03"][1][-1].tolist() == [33, 49]
    for month, (registered, opened) in without.items():
        assert (states[month][0][:-1] == registered).all()
        assert (states[month][1][:-1] == opened).all()
    spec = estate_of(yinchuan, new).homes[-1].spec
    assert (spec.ownership, spec.district, spec.government_invested) == (Ownership.PRIVATE, 5, True)
    assert spec.prices == (1800, 2500, 2500, 3400)
    assert estate_of(yinchuan, item(beds=1)).homes[-1].spec.district == 0, "else the largest district"


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_a_conversion_changes_what_it_says(yinchuan, seed):
    estate = estate_of(yinchuan, item(converted_to_nursing=347), seed=seed)
    played(estate, "2020-11", "2021-02")
    estate.supply(Month.of(2021, 3))
    twin = estate_of(yinchuan, seed=seed)
    played(twin, "2020-11", "2021-03")
    change = estate.registered() - twin.registered()
    assert change.sum(axis=0).tolist() == [-347, 347]
    assert (change.sum(axis=1) == 0).all(), "no home gains or loses a bed"
    public = estate.ownership == Ownership.PUBLIC
    assert (change[~public] == 0).all()
    assert (change[public, 0] <= 0).all()
    open_change = estate.opened() - twin.opened()
    assert open_change[:, 0].sum() == -round(347 * 0.82)
    assert open_change[:, 1].sum() == round(347 * 0.82)
    assert (open_change[~public] == 0).all()


@pytest.mark.parametrize(("beds", "nursing"), [(-300, -100), (-50, 0), (-50, -50)])
def test_a_closing_changes_what_it_says(yinchuan, beds, nursing):
    estate = estate_of(yinchuan, item(beds=beds, nursing_beds=nursing, ownership="private"))
    twin = estate_of(yinchuan)
    assert len(estate.homes) == len(twin.homes), "a closing is no home"
    played(estate, "2020-11", "2021-04")
    played(twin, "2020-11", "2021-04")
    change = estate.registered() - twin.registered()
    assert change.sum(axis=0).tolist() == [beds - nursing, nursing]
    private = estate.ownership == Ownership.PRIVATE
    assert (change[~private] == 0).all()
    assert (change <= 0).all()
    opened = (estate.opened() - twin.opened()).sum(axis=0)
    assert opened == pytest.approx(np.array([beds - nursing, nursing]) * 0.82, abs=1)


def test_closing_and_converting_everything(yinchuan):
    """Nothing is left open that is not registered: found by closing a whole ownership."""
    twin = estate_of(yinchuan)
    played(twin, "2020-11", "2021-03")
    public = twin.ownership == Ownership.PUBLIC
    ordinary, nursing = (int(beds) for beds in twin.registered()[public].sum(axis=0))
    for changes in (
        [item(converted_to_nursing=ordinary)],
        [item(beds=-ordinary - nursing, nursing_beds=-nursing)],
        [item(id="a", beds=-ordinary), item(id="b", beds=-nursing, nursing_beds=-nursing)],
        [item(id="a", converted_to_nursing=ordinary - 3), item(id="b", beds=-3)],
    ):
        estate = estate_of(yinchuan, *changes)
        played(estate, "2020-11", "2021-04")
        assert estate.registered()[public, 0].sum() == 0
        assert estate.opened()[public, 0].sum() == 0


def test_more_than_there_is_is_refused(yinchuan):
    estate = estate_of(yinchuan, item(beds=-9000))
    with pytest.raises(ValueError, match="x: takes 9000 ordinary beds, there are"):
        played(estate, "2020-11", "2021-04")


def test_beds_of_a_home_stay_within_bounds(yinchuan):
    spec = HomeSpec("h", Ownership.PUBLIC, 0, (10, 0), (1.0, 1.0, 1.0, 1.0))
    home = Home(mesa.Model(rng=0), spec, 0)
    home.change(0, 10, 8)
    with pytest.raises(ValueError, match=r"h: open\(=8\) must be from 0 to registered\(=7\)"):
        home.change(0, -3, 0)
    with pytest.raises(ValueError, match="open"):
        Home(mesa.Model(rng=0), spec, 0).change(1, 5, -1)
