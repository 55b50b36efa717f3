"""Every number of validation cases V1, V2 and V9, to the digits printed there."""

import math

import pytest

from sim import queueing as q


def digits(value: float, printed: str) -> bool:
    """True if the value rounds to what is printed."""
    places = len(printed.partition(".")[2])
    return f"{value:.{places}f}" == printed


@pytest.mark.parametrize(
    ("case", "printed"),
    [
        ((5, 24, 100, 12), ("0.90573", "0.17014", "10.2083", "2.0417", "2.1348", "0.99583")),
        ((10, 30.3, 250, 12), ("0.97554", "0.17532", "21.0379", "2.1038", None, "0.99952")),
        ((48, 1, 50, 2), ("0.46777", "0.03091", "2.9676", "0.06182", "0.06027", "0.93032")),
    ],
)
def test_v1_erlang_a(case, printed):
    exact = q.erlang_a(*case)
    values = (
        exact.wait_probability,
        exact.abandon_probability,
        exact.mean_queue,
        exact.mean_wait,
        exact.mean_wait_admitted,
        exact.utilisation,
    )
    assert all(figure is None or digits(value, figure) for value, figure in zip(values, printed, strict=True))


def test_v1_call_centre_in_seconds_with_and_without_reneging():
    assert digits(60 * q.erlang_a(48, 1, 50, 2).mean_wait, "3.71")
    without = q.erlang_c(48, 1, 50)
    assert digits(without.wait_probability, "0.69446")
    assert digits(without.mean_queue, "16.667")
    assert digits(without.mean_wait, "0.34723")
    assert digits(60 * without.mean_wait, "20.83")
    assert digits(without.utilisation, "0.96")


def test_v2_cobham():
    result = q.cobham([1.2, 2.7], 24, 100)
    assert digits(result.wait_probability, "0.40702")
    assert [f"{wait:.5f}" for wait in result.mean_waits] == ["0.13720", "2.14372"]
    assert digits(result.mean_wait, "1.52633")


@pytest.mark.parametrize(
    ("arrivals", "wait", "mean_wait", "queue"),
    [(3.8, "0.27065", "0.73814", "2.80494"), (4.0, "0.58728", "3.52369", "14.09475")],
)
def test_v2_one_class(arrivals, wait, mean_wait, queue):
    result = q.erlang_c(arrivals, 24, 100)
    assert digits(result.wait_probability, wait)
    assert digits(result.mean_wait, mean_wait)
    assert digits(result.mean_queue, queue)


def test_v9_planning_rules():
    assert q.target_mean_wait(52) == 13
    assert q.target_list_size(30, 52) == 390
    assert digits(q.relief_capacity(30, 1200, 390, 26), "61.15")
    assert digits(q.long_run_capacity(30, 52), "30.077")
    assert digits(q.long_run_capacity(30, 52, factor=1), "30.02")
    assert digits(q.long_run_capacity(30, 52, factor=6.58), "30.13")
    assert digits(100 * q.miss_probability(52, 13), "1.83")
    assert digits(q.pressure(63, 52), "2.42")
    assert digits(q.load(30, 27), "1.11")


def test_v9_single_server():
    sojourn = q.mm1_sojourn(3, 3 + 1 / 13)
    assert sojourn.mean_number == pytest.approx(39)
    assert sojourn.mean_time == pytest.approx(13)
    assert digits(100 * sojourn.longer_than(52), "1.83")


def test_erlang_a_tends_to_erlang_c_as_patience_grows():
    patient, endless = q.erlang_a(3.9, 24, 100, 1e7), q.erlang_c(3.9, 24, 100)
    assert patient.wait_probability == pytest.approx(endless.wait_probability, rel=1e-4)
    assert patient.mean_wait_admitted == pytest.approx(endless.mean_wait, rel=1e-4)


def test_erlang_a_neither_overflows_nor_vanishes():
    assert q.erlang_a(1.0, 10, 3000, 5).wait_probability < 1e-300
    assert q.erlang_a(1000.0, 100, 500, 40).abandon_probability == pytest.approx(1 - 500 / 100_000, rel=1e-6)


def test_one_class_is_erlang_c_and_priorities_conserve_the_mean():
    assert q.cobham([3.9], 24, 100).mean_wait == pytest.approx(q.erlang_c(3.9, 24, 100).mean_wait)
    assert q.cobham([0.4, 1.3, 2.2], 24, 100).mean_wait == pytest.approx(q.erlang_c(3.9, 24, 100).mean_wait)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: q.erlang_c(5, 24, 100), r"load \(120\) must be < beds \(100\)"),
        (lambda: q.erlang_c(0, 24, 100), r"arrivals \(0\) must be > 0"),
        (lambda: q.erlang_c(1, math.nan, 100), r"stay \(nan\) must be > 0"),
        (lambda: q.erlang_c(1, 24, 0), r"beds \(0\) must be >= 1"),
        (lambda: q.erlang_a(1, 24, 10, math.inf), r"patience \(inf\) must be finite"),
        (lambda: q.erlang_a(1, 24, 10, 0), r"patience \(0\) must be > 0"),
        (lambda: q.cobham([], 24, 10), r"arrivals \(empty\)"),
        (lambda: q.cobham([1, -1], 24, 100), r"arrivals \(-1\) must be > 0"),
        (lambda: q.mm1_sojourn(3, 3), r"services \(3\) must be > arrivals \(3\)"),
        (lambda: q.mm1_sojourn(3, 4).longer_than(-1), r"time \(-1\) must be >= 0"),
        (lambda: q.target_mean_wait(52, 0), r"factor \(0\) must be > 0"),
        (lambda: q.relief_capacity(30, 1200, 390, 0), r"duration \(0\) must be > 0"),
        (lambda: q.load(30, 0), r"capacity \(0\) must be > 0"),
    ],
)
def test_what_is_out_of_range_is_refused_with_rule_and_value(call, says):
    with pytest.raises(ValueError, match=says):
        call()
