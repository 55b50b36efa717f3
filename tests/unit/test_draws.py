"""Where each input stands in its range in each replication, and which inputs are drawn at all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import start
from sim.ensemble import draws
from sim.ensemble.draws import parameters, point_of, points, unit_point
from sim.errors import InputError, RunError
from sim.scenario.resolve import load_scenario, resolve
from sim.scenario.uncertain import drawn, quantities
from tests.county import write_county

NAMES = [f"part.input_{i}" for i in range(40)]


def table(seed, names, count):
    return np.array([unit_point(seed, names, point) for point in range(count)])


# The sequence


@given(st.integers(0, 2**64 - 1), st.integers(0, 5), st.integers(0, 20))
@settings(max_examples=20, deadline=None)
def test_every_aligned_block_of_points_has_one_in_each_slice_of_every_input(seed, power, block):
    n = 2**power
    found = np.array([unit_point(seed, NAMES[:3], point) for point in range(block * n, (block + 1) * n)])
    for column in found.T:
        assert sorted((column * n).astype(int).tolist()) == list(range(n))


def test_an_input_more_or_less_changes_no_other_and_more_points_keep_the_earlier():
    assert (table(5, NAMES[:7], 20)[:, 2] == table(5, NAMES[2:3], 20)[:, 0]).all()
    assert (table(5, NAMES, 40)[:20] == table(5, NAMES, 20)).all()
    assert (table(5, NAMES, 5) != table(6, NAMES, 5)).all()


def test_inputs_do_not_go_together():
    """About as little as independent draws, 1 / sqrt(n). One Sobol sequence over 40 inputs has pairs with a
    correlation of 0.9 in its first hundred points."""
    for n in (64, 150):
        found = np.corrcoef(table(1, NAMES, n).T)[np.triu_indices(len(NAMES), 1)]
        assert np.abs(found).max() < 5 / np.sqrt(n)
        assert np.sqrt((found**2).mean()) < 1.5 / np.sqrt(n)


def test_every_fourth_run_repeats_the_parameters_of_the_one_before():
    assert [point_of(run) for run in range(1, 10)] == [0, 1, 2, 2, 3, 4, 5, 5, 6]
    assert points([1, 2, 3, 4], vary=True).tolist() == [0, 1, 2, 2]
    assert len(set(points(range(1, 9), vary=False).tolist())) == 8


# What is drawn


@pytest.fixture(scope="module")
def yinchuan():
    return load_scenario("yinchuan")


def test_run_0_is_central_and_the_others_stay_in_their_ranges(yinchuan):
    assert parameters(yinchuan, 1, 0) is yinchuan
    inputs = drawn(yinchuan)
    found = [quantities(parameters(yinchuan, 1, run)) for run in range(1, 7)]
    for one in inputs:
        values = [run[one.name].quantity.value for run in found]
        low, high = one.ends
        assert all(low <= value <= high for value in values)
        assert len(set(values)) == 5  # runs 3 and 4 share their parameters
    still = set(quantities(yinchuan)) - {one.name for one in inputs}
    assert all(
        run[name].quantity.value == quantities(yinchuan)[name].quantity.value
        for run in found
        for name in still
    )


def test_means_and_medians_are_those_of_the_distributions(yinchuan):
    """Triangular: mean (low + value + high) / 3; uniform: the middle; split: median at the value, means of
    the halves a third from it. The points fill ranges evenly."""
    peaked = "{path: leaving.per_year, distribution: triangular}"
    flat = "{path: homes.open_share, distribution: uniform}"
    changed = [f"uncertain=[{peaked}, applying.k_per_year, {flat}]"]
    scenario = load_scenario("yinchuan", changed)
    places = table(1, [one.name for one in drawn(scenario)], 256)
    means = {
        one.name: np.mean([one.quantile(u) for u in column])
        for one, column in zip(drawn(scenario), places.T, strict=True)
    }
    assert means["leaving.per_year"] == pytest.approx((0.05 + 0.10 + 0.20) / 3, rel=2e-3)
    of_k = scenario.applying.k_per_year
    low, value, high = of_k.low, of_k.value, of_k.high
    assert low < value < high
    assert means["applying.k_per_year"] == pytest.approx(value + (high + low - 2 * value) / 6, rel=2e-3)
    (k,) = (one for one in drawn(scenario) if one.name == "applying.k_per_year")
    assert [k.quantile(u) for u in (0.0, 0.5, 1.0)] == pytest.approx([low, value, high])
    assert means["homes.open_share"] == pytest.approx((0.54 + 0.95) / 2, rel=2e-3)


def test_inputs_drawn_together_are_low_or_high_at_once_and_keep_their_order():
    names = [f"choosing.going_on_at_home.{need}" for need in ("severe", "moderate", "mild", "intact")]
    pattern = "choosing.going_on_at_home.*"

    def values(entry: str) -> np.ndarray:
        scenario = load_scenario("yinchuan", [f"uncertain=[{entry}]"])
        runs = [quantities(parameters(scenario, 1, run)) for run in range(1, 33)]
        return np.array([[run[name].quantity.value for name in names] for run in runs])

    together, apart = values(f"{{path: {pattern}, together: true}}"), values(pattern)
    orders = together.argsort(axis=0, kind="stable")
    assert (orders == orders[:, :1]).all()
    assert (np.diff(together, axis=1) > 0).all()
    assert (np.diff(apart, axis=1) < 0).any()


def test_dated_changes_move_with_their_value_and_stay_possible():
    key = "population.net_migration_per_year"
    changed = [f"{key}.changes.2022-01=0.099", f"{key}.changes.2023-01=0.005", f"uncertain=[{key}]"]
    scenario = load_scenario("yinchuan", changed)
    moved = parameters(scenario, 1, 1).population.net_migration_per_year
    by = moved.value - 0.009
    assert by != 0
    assert moved.changes["2023-01"] == pytest.approx(0.005 + by)
    assert moved.changes["2022-01"] == pytest.approx(min(0.099 + by, 0.1))


def test_what_is_drawn_together_can_still_be_refused_and_says_where(tmp_path, monkeypatch):
    scenario = load_scenario("yinchuan", ["uncertain=[groups.destitute]"])
    monkeypatch.setattr(draws, "with_values", refuse)
    with pytest.raises(RunError) as caught:
        parameters(scenario, 1, 2)
    assert caught.value.message == "drawn_refused"
    assert caught.value.values["run"] == 2


def refuse(scenario, values):
    return type(scenario).model_validate({})


def test_the_base_is_made_anew_only_for_inputs_that_enter_it(tmp_path):
    path = write_county(tmp_path, uncertain=["homes.open_share", "leaving.per_year"])
    scenario = load_scenario(path)
    base = start.base_of(scenario)
    dearer = load_scenario(path, ["homes.generator.price_private_intact=1600"])
    assert start.base_of(dearer) is base
    assert start.base_of(parameters(scenario, 1, 1)) is not base
    assert start.base_of(parameters(scenario, 1, 3)) is start.base_of(parameters(scenario, 1, 4))


# What a user may write


def faults(text, *more):
    with pytest.raises(InputError) as caught:
        resolve("yinchuan", [f"uncertain={text}", *more])
    return [(fault.key, fault.code, fault.hint) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("[homes.open_shar]", "no_such_input", "homes.open_share"),
        ("[applying.weight_intact]", "no_range", ""),
        ("[nothing.*]", "uncertain_none", ""),
        ("[leaving.*]", None, ""),
        ("[choosing.homes_named_at_most]", "uncertain_refused", ""),
        ("[families.with_one_65plus]", "uncertain_refused", ""),
        ("[homes.open_share, homes.open_share]", "uncertain_twice", ""),
        ("[{path: homes.open_share, distribution: normal}]", "not_choice", "uniform"),
        ("[services.meals.units_per_person]", None, ""),
        ("[all, {path: families.with_*, distribution: fixed}]", None, ""),
        ("[]", None, ""),
    ],
)
def test_entries_are_checked(text, code, hint):
    if code is None:
        resolve("yinchuan", [f"uncertain={text}"])
    else:
        ((key, found, told),) = faults(text)
        assert (found, told) == (code, hint)
        assert key.startswith("uncertain[")


def test_a_pattern_passes_over_what_must_be_whole_and_fixed_takes_out():
    names = {one.name for one in drawn(load_scenario("yinchuan", ["uncertain=[choosing.*]"]))}
    assert "choosing.private_weight" in names
    assert "choosing.homes_named_at_most" not in names
    entry = "{path: choosing.private_weight, distribution: fixed}"
    less = {one.name for one in drawn(load_scenario("yinchuan", [f"uncertain=[choosing.*, {entry}]"]))}
    assert names - less == {"choosing.private_weight"}


def test_an_inherited_list_over_a_number_without_a_range_is_a_notice_only():
    resolved = resolve("yinchuan", ["homes.open_share=0.3"])  # outside the range, which is dropped with it
    assert [notice.code for notice in resolved.notices] == ["no_range"]
    assert "homes.open_share" not in {one.name for one in drawn(resolved.scenario)}


def test_an_inherited_list_may_name_what_the_heir_removed(tmp_path):
    share = "{value: 0.5, low: 0.4, high: 0.6, unit: share, status: assumption, source: test}"
    (tmp_path / "one.yaml").write_text(
        "extends: yinchuan\nname: one\nuncertain: [norms.mainly_nursing_share]\n"
        f"norms: {{mainly_nursing_share: {share}}}\n"
    )
    (tmp_path / "heir.yaml").write_text(
        "extends: one.yaml\nname: heir\nnorms: {mainly_nursing_share: null}\n"
    )
    assert len(drawn(load_scenario(tmp_path / "one.yaml"))) == 1
    assert drawn(load_scenario(tmp_path / "heir.yaml")) == ()


@pytest.mark.parametrize("place", ["yinchuan", "baotou", "haikou", "kaili", "shou"])
def test_shipped_scenarios_take_any_of_their_draws(place):
    scenario = load_scenario(place)
    assert len(drawn(scenario)) > 25
    for run in range(1, 40, 2):
        one = parameters(scenario, 1, run)
        for names in ORDERED:
            in_order(names, quantities(scenario), quantities(one))
        assert one.groups.wish_able.value == one.groups.in_homes_able_at_start.value


BY_NEED = ("severe", "moderate", "mild", "intact")
ORDERED = [
    [f"staff.homes.residents_per_carer.{need}" for need in BY_NEED],
    [f"choosing.going_on_at_home.{need}" for need in BY_NEED],
    [f"choosing.settles_for_less.{need}" for need in reversed(BY_NEED)],
    [f"homes.generator.price_public_{need}" for need in ("intact", "dependent")],
    [f"homes.generator.price_private_{need}" for need in ("intact", "partly", "severe")],
]


def in_order(names, before, after):
    """What is drawn together keeps its order, where the ends of the ranges have it (not so in Haikou)."""
    if (np.diff([before[name].ends for name in names], axis=0) >= 0).all():
        values = [after[name].quantity.value for name in names]
        assert values == sorted(values)
