"""The split of a variance into chance and parameters; the standard error that knows of repeated points."""

import numpy as np
import pytest

from sim.ensemble.cells import standard_error
from sim.ensemble.draws import points
from sim.ensemble.uncertainty import shares
from sim.policy.verdict import independent

RUNS = range(1, 200)


def ensembles(chance, parameters, count, seed=1, skewed=False):
    """`count` made-up ensembles of 199 runs: a value by parameters and one by chance, of known deviations."""
    rng = np.random.default_rng(seed)
    at = points(RUNS, vary=True)
    by_point = rng.normal(size=(count, at.max() + 1))
    if skewed:
        by_point = (rng.lognormal(0, 0.75, by_point.shape) - np.exp(0.28125)) / 1.1526
    return parameters * by_point[:, at] + chance * rng.normal(size=(count, len(at))), at


@pytest.mark.parametrize(
    ("chance", "parameters", "skewed"), [(1, 1, False), (1, 2, True), (3, 1, False), (0.2, 1, True)]
)
def test_the_share_is_found_and_its_interval_holds_it_about_as_often_as_it_says(chance, parameters, skewed):
    values, at = ensembles(chance, parameters, 400, skewed=skewed)
    found = shares(values, at)
    true = chance**2 / (chance**2 + parameters**2)
    assert np.median(found.chance) == pytest.approx(true, rel=0.12)
    inside = ((found.low <= true) & (true <= found.high)).mean()
    assert 0.85 <= inside <= 1
    assert (found.low <= found.chance).all()
    assert (found.chance <= found.high).all()


def test_chance_alone_and_parameters_alone():
    values, at = ensembles(1, 0, 200)
    assert np.median(shares(values, at).chance) > 0.85
    only, at = ensembles(0, 1, 5)
    assert (shares(only, at).chance == 0).all()


def test_nothing_is_said_without_pairs_or_without_spread():
    values, _ = ensembles(1, 1, 3)
    assert np.isnan(shares(values, points(RUNS, vary=False)).chance).all()
    constant = np.full((1, 199), 7.0)
    assert np.isnan(shares(constant, points(RUNS, vary=True)).chance).all()


def test_standard_error_of_independent_runs_is_the_usual_one():
    values, _ = ensembles(1, 1, 3)
    usual = values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
    assert standard_error(values, points(RUNS, vary=False)) == pytest.approx(usual)


def test_standard_error_knows_that_repeated_parameters_say_less():
    values, at = ensembles(0.3, 1, 3000)
    true = values.mean(axis=1).std()
    told = standard_error(values, at)
    assert np.sqrt((told**2).mean()) == pytest.approx(true, rel=0.05)
    naive = values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
    assert np.sqrt((naive**2).mean()) < 0.9 * true


def test_effective_number_of_replications():
    assert independent([1, 2, 3]) == 3
    assert independent([1, 1]) == 1
    assert independent(points(range(1, 201), vary=True).tolist()) == pytest.approx(200 / 1.5)


def test_probability_interval_holds_the_truth_with_repeated_parameters():
    """Jeffreys on the effective number: at least 95 percent, where parameters alone decide the verdict."""
    from sim.policy.verdict import jeffreys

    at = points(RUNS, vary=True)
    rng = np.random.default_rng(3)
    trials = independent(at.tolist())
    held = 0
    for _ in range(400):
        share = (rng.random(at.max() + 1) < 0.7)[at].mean()
        low, high = jeffreys(share * trials, trials)
        held += low <= 0.7 <= high
    assert held / 400 > 0.93
