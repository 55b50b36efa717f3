"""The waiting list against queueing theory: V1, V2 and V9 of the validation cases, and Little's law.

A case passes if the mean over independent replications lies within 4 standard errors of the exact value, and
the standard error under its cap. A month has 30 days; figures are in months. Seeds are fixed once.
"""

from math import inf

import numpy as np
import pytest

from sim import queueing
from sim.waitlist import Application, ListCause, Waitlist

MONTH, WEEK = 30.0, 7.0


def check(values, exact, cap, name):
    """Compare replications with the exact value; print what was found (pytest -s)."""
    values = np.asarray(values, float)
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
    print(f"{name}: {mean:.5f} +- {error:.5f} ({100 * error / exact:.2f} %), exact {exact:.5f}")
    assert error <= cap * exact, f"{name}: standard error {error} above {cap} of {exact}"
    assert abs(mean - exact) <= 4 * error, f"{name}: {mean} +- {error}, exact {exact}"


def arrivals(rng, rates, until, stay, *, patience=inf):
    """Applications to one home until a day, Poisson with `rates` per day by tier, in order of day."""
    total = sum(rates)
    number = rng.poisson(total * until)
    days = np.sort(rng.uniform(0.0, until, number)).tolist()
    tiers = (rng.choice(len(rates), size=number, p=np.array(rates) / total) + 1).tolist()
    stays = rng.exponential(stay, number).tolist()
    waits = [inf] * number if patience == inf else rng.exponential(patience, number).tolist()
    choices = ((0, True),)
    return [Application(days[i], i, i, tiers[i], 0, 0, choices, waits[i], stays[i]) for i in range(number)]


def stationary(rng, rate, stay, beds):
    """Draw the number in an M/M/c system from its exact law: Poisson weights below c, geometric above."""
    load = rate * stay
    logs = np.concatenate([[0.0], np.cumsum(np.log(load / np.arange(1, beds + 1)))])
    weights = np.exp(logs - logs.max())
    weights[-1] /= 1.0 - load / beds  # "all beds taken", with any number waiting
    number = int(rng.choice(beds + 1, p=weights / weights.sum()))
    return number + (int(rng.geometric(1.0 - load / beds)) - 1 if number == beds else 0)


def started(rng, number, *, beds, stay, tier, first):
    """One home with `number` people in the system: in beds first, the rest waiting since day 0."""
    waitlist = Waitlist()
    waitlist.add_home(0, (max(0, beds - number), 0))
    for n in range(min(number, beds)):
        waitlist.settle(first + n, 0, 0, float(rng.exponential(stay)))
    for n in range(beds, number):
        left = float(rng.exponential(stay))
        waitlist.enlist(Application(0.0, first + n, first + n, tier, 0, 0, ((0, True),), inf, left))
    return waitlist


def by_month(applications, until):
    """Yield (end of month, its applications)."""
    start, i = 0, 0
    for month in range(1, int(until // MONTH) + 1):
        while i < len(applications) and applications[i].day < month * MONTH:
            i += 1
        yield month * MONTH, applications[start:i]
        start = i


def overlap(starts, ends, begin, end):
    """Total time of the intervals within [begin, end), per unit of time."""
    inside = np.minimum(ends, end) - np.maximum(starts, begin)
    return np.maximum(inside, 0.0).sum() / (end - begin)


def test_v1_row_1_beds_with_reneging():
    """10 x 200 years after 50: started empty, the list forgets that within a few mean stays of 2 years."""
    exact = queueing.erlang_a(5, 24, 100, 12)
    begin, end = 50 * 12 * MONTH, 250 * 12 * MONTH
    found = {"Lq": [], "abandon": [], "utilisation": [], "wait": [], "admitted": []}
    for rng in np.random.default_rng(20201101).spawn(10):
        applications = arrivals(rng, [5 / MONTH], end, 24 * MONTH, patience=12 * MONTH)
        starts = np.array([application.day for application in applications])
        stays = np.array([application.stay_days for application in applications])
        ends, moved_in, withdrawn = np.full((3, len(applications)), inf)
        waitlist = Waitlist()
        waitlist.add_home(0, (100, 0))
        for until, events in by_month(applications, end):
            log = waitlist.replay(until, events)
            for record in log.admissions:
                ends[record.person] = moved_in[record.person] = record.day
            for record in log.list_exits:
                assert record.cause is ListCause.WITHDRAWN
                ends[record.person] = withdrawn[record.person] = record.day
        waitlist.audit()
        counted = (starts >= begin) & (ends < inf)
        found["Lq"].append(overlap(starts, ends, begin, end))
        found["abandon"].append((withdrawn[counted] < inf).mean())
        in_beds = moved_in < inf
        lived = overlap(moved_in[in_beds], moved_in[in_beds] + stays[in_beds], begin, end)
        found["utilisation"].append(lived / 100)
        found["wait"].append((ends[counted] > starts[counted]).mean())
        admitted = counted & in_beds
        found["admitted"].append((ends[admitted] - starts[admitted]).mean() / MONTH)
    check(found["Lq"], exact.mean_queue, 0.08, "V1 Lq")
    check(found["abandon"], exact.abandon_probability, 0.08, "V1 P(abandon)")
    check(found["utilisation"], exact.utilisation, 0.003, "V1 utilisation")
    check(found["wait"], exact.wait_probability, 0.03, "V1 P(wait)")
    check(found["admitted"], exact.mean_wait_admitted, 0.08, "V1 E[W] admitted")


def steady_waits(seed, rates, *, replications, months, warm_up=0.0, fifo=False):
    """Mean wait by tier, mean wait and P(wait) per replication of 100 beds, mean stay 24 months.

    The number in the system is drawn from its exact law; who waits then is of the last tier. Under priorities
    the mix of tiers among those waiting settles within a few months, so a warm-up of 60 months is ample.
    """
    total, stay, beds = sum(rates), 24 * MONTH, 100
    waits, means, waited = [], [], []
    for rng in np.random.default_rng(seed).spawn(replications):
        until = months * MONTH
        number = stationary(rng, total / MONTH, stay, beds)
        applications = arrivals(rng, [rate / MONTH for rate in rates], until, stay)
        tiers = np.array([application.tier for application in applications])
        counted = np.array([application.day for application in applications]) >= warm_up * MONTH
        if fifo:
            applications = [application._replace(tier=1) for application in applications]
        waitlist = started(
            rng, number, beds=beds, stay=stay, tier=1 if fifo else len(rates), first=len(applications)
        )
        wait = np.full(len(applications), np.nan)
        logs = [waitlist.replay(end, events) for end, events in by_month(applications, until)]
        while len(waitlist.waiting):  # let all who applied move in, so that no long wait is cut off
            logs.append(waitlist.replay(waitlist.now + 12 * MONTH, []))
        for log in logs:
            for record in log.admissions:
                if record.person < len(applications):
                    wait[record.person] = record.waited_days / MONTH
        waits.append([wait[counted & (tiers == tier)].mean() for tier in range(1, len(rates) + 1)])
        means.append(wait[counted].mean())
        waited.append((wait[counted] > 0).mean())
    return np.array(waits), np.array(means), np.array(waited)


@pytest.mark.long
def test_v2_priorities_and_the_conservation_law():
    """FIFO and priorities on the same arrivals: the same mean wait, shared out differently."""
    exact = queueing.cobham([1.2, 2.7], 24, 100)
    size = {"replications": 16, "months": 2_400, "warm_up": 60}
    waits, means, waited = steady_waits(101, [1.2, 2.7], **size)
    _, means_fifo, _ = steady_waits(101, [1.2, 2.7], fifo=True, **size)
    check(waits[:, 0], exact.mean_waits[0], 0.25, "V2 W1")
    check(waits[:, 1], exact.mean_waits[1], 0.25, "V2 W2")
    check(means, exact.mean_wait, 0.25, "V2 W")
    check(waited, exact.wait_probability, 0.25, "V2 P(wait)")
    check(means_fifo, exact.mean_wait, 0.25, "V2 W, FIFO")
    difference = means - means_fifo
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    print(f"V2 priority - FIFO: {difference.mean():.5f} +- {error:.5f}")
    assert abs(difference.mean()) <= 4 * error


@pytest.mark.parametrize(
    ("rate", "replications", "months"),
    [(3.8, 16, 1_600), pytest.param(4.0, 16, 4_200, marks=pytest.mark.long)],
)
def test_v2_one_class(rate, replications, months):
    exact = queueing.erlang_c(rate, 24, 100)
    _, means, waited = steady_waits(int(10 * rate), [rate], replications=replications, months=months)
    check(means, exact.mean_wait, 0.25, f"V2 Wq at {rate}")
    check(waited, exact.wait_probability, 0.25, f"V2 P(wait) at {rate}")


def test_v9_draining_a_list():
    """1,200 people waiting, 30 a week join, one server of 61.15 a week: 390 after 26 weeks."""
    capacity, replications = 61.15, 100
    left = []
    for rng in np.random.default_rng(1200).spawn(replications):
        waitlist = started(rng, 1200, beds=1, stay=WEEK / capacity, tier=1, first=100_000)
        waitlist.replay(26 * WEEK, arrivals(rng, [30 / WEEK], 26 * WEEK, WEEK / capacity))
        left.append(len(waitlist.waiting) + waitlist.occupied(0, 0))
    # The two flows are Poisson and independent while somebody waits: mean and variance are exact.
    check(left, 1200 + 26 * (30 - capacity), 0.015, "V9 list after 26 weeks")
    deviation, exact = np.std(left, ddof=1), np.sqrt(26 * (30 + capacity))
    print(f"V9 standard deviation: {deviation:.1f}, exact {exact:.1f}")
    assert abs(deviation - exact) <= 4 * exact / np.sqrt(2 * (replications - 1))
    assert abs(np.mean(left) - queueing.target_list_size(30, 52)) <= 4 * exact / np.sqrt(replications)


def test_littles_law_between_the_list_and_the_log():
    """Those waiting, counted at each month's end, against rate x mean wait from the log. No formula."""
    lists, products = [], []
    for rng in np.random.default_rng(1961).spawn(20):
        until = 200 * 12 * MONTH
        applications = arrivals(rng, [1 / MONTH, 2 / MONTH], until, 24 * MONTH, patience=9 * MONTH)
        waitlist = Waitlist(turnover_days=5.0)
        waitlist.add_home(0, (60, 0))
        counts, days, begin = [], 0.0, 600 * MONTH
        for end, events in by_month(applications, until):
            log = waitlist.replay(end, events)
            if end > begin:
                counts.append(len(waitlist.waiting))
                days += sum(record.waited_days for record in [*log.admissions, *log.list_exits])
        lists.append(np.mean(counts))
        products.append(days / (until - begin))
    difference = np.array(lists) - np.array(products)
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    print(f"Little: list {np.mean(lists):.4f}, rate x wait {np.mean(products):.4f} +- {error:.4f}")
    assert error <= 0.01 * np.mean(lists)
    assert abs(difference.mean()) <= 4 * error
