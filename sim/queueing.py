"""Closed forms of queueing theory: what a list must show when its rules are simple enough to be solved.

Pure functions of numbers. Rates and times are in any one unit (`arrivals` per day and `stay` in days, or both
in months); the results are in the same unit. All raise ValueError, naming the rule and the value, for a rate,
time or number outside its range.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErlangC:
    """Steady state of beds where everybody waits until admitted (M/M/c)."""

    wait_probability: float
    mean_wait: float
    mean_queue: float
    utilisation: float


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Steady state of beds where those waiting lose patience (M/M/c+M)."""

    wait_probability: float
    abandon_probability: float
    mean_queue: float
    mean_wait: float
    mean_wait_admitted: float
    utilisation: float


@dataclass(frozen=True, slots=True)
class Priorities:
    """Steady state of beds with priority classes, the first class first."""

    wait_probability: float
    mean_waits: tuple[float, ...]
    mean_wait: float


@dataclass(frozen=True, slots=True)
class Sojourn:
    """Steady state of a single server: those in the system and the time that they spend in it."""

    mean_number: float
    mean_time: float
    rate: float

    def longer_than(self, time: float) -> float:
        """Share of people in the system for longer than `time` (exponential): e^(-(μ-λ)·time)."""
        _at_least_zero("time", time)
        return math.exp(-self.rate * time)


def erlang_c(arrivals: float, stay: float, beds: int) -> ErlangC:
    """M/M/c without reneging. Needs load λ·stay < beds.

    C = B / (1 - ρ(1 - B)) with Erlang's B by its recursion; mean wait = C·stay/(c(1-ρ)); mean queue = λ·mean
    wait. Source: Erlang 1917; Kleinrock 1975, Queueing Systems I, section 3.5.
    """
    load = _load(arrivals, stay, beds)
    _stable(load, beds)
    blocked = 1.0
    for n in range(1, beds + 1):
        blocked = load * blocked / (n + load * blocked)
    rho = load / beds
    wait_probability = blocked / (1.0 - rho * (1.0 - blocked))
    mean_wait = wait_probability * stay / (beds * (1.0 - rho))
    return ErlangC(wait_probability, mean_wait, arrivals * mean_wait, rho)


def erlang_a(arrivals: float, stay: float, beds: int, patience: float) -> ErlangA:
    """M/M/c+M: exponential patience of mean `patience`, counted from the application until admission.

    Birth-death with births λ and deaths min(n,c)μ + max(0,n-c)θ; P(abandon) = θ·Lq/λ; mean wait of all =
    Lq/λ. Somebody who finds k waiting before them is admitted with probability cμ/(cμ+(k+1)θ) (the product
    over their way to the head telescopes) and then waits Σ 1/(cμ+jθ), j = 1..k+1, on average. Source: Palm
    1957; Garnett, Mandelbaum & Reiman 2002. Stable at any load.
    """
    load = _load(arrivals, stay, beds)
    _positive("patience", patience)
    if math.isinf(patience):
        raise ValueError("patience (inf) must be finite; without reneging use erlang_c")
    service, reneging = beds / stay, 1.0 / patience
    weights = _erlang_a_weights(arrivals, load, beds, service, reneging)
    total = math.fsum(weights)
    at_least_all_busy = [w / total for w in weights[beds:]]
    queue = math.fsum(k * p for k, p in enumerate(at_least_all_busy))
    abandon = reneging * queue / arrivals
    way, admitted_wait = 0.0, 0.0
    for k, p in enumerate(at_least_all_busy):
        way += 1.0 / (service + (k + 1) * reneging)
        admitted_wait += p * service / (service + (k + 1) * reneging) * way
    return ErlangA(
        wait_probability=math.fsum(at_least_all_busy),
        abandon_probability=abandon,
        mean_queue=queue,
        mean_wait=queue / arrivals,
        mean_wait_admitted=admitted_wait / (1.0 - abandon),
        utilisation=load * (1.0 - abandon) / beds,
    )


def _erlang_a_weights(
    arrivals: float, load: float, beds: int, service: float, reneging: float
) -> list[float]:
    """Weights of the states 0, 1, … in proportion; logarithms until the largest is known (no overflow)."""
    logs = [0.0]
    for n in range(1, beds + 1):
        logs.append(logs[-1] + math.log(load / n))
    top, waiting = max(logs), 0
    while logs[-1] > top - 50.0 or arrivals > service + waiting * reneging:
        waiting += 1
        logs.append(logs[-1] + math.log(arrivals / (service + waiting * reneging)))
        top = max(top, logs[-1])
    return [math.exp(x - top) for x in logs]


def cobham(arrivals: Sequence[float], stay: float, beds: int) -> Priorities:
    """Non-preemptive priorities M/M/c with one mean stay; `arrivals` by class, the first class first.

    W_k = W0 / ((1-σ_(k-1))(1-σ_k)), W0 = P(wait)·stay/c, σ_k = load of the classes 1..k per bed. Needs total
    load < beds. Source: Cobham 1954, Operations Research 2(1), 70-76.
    """
    if not arrivals:
        raise ValueError("arrivals (empty) must name at least one class")
    for rate in arrivals:
        _positive("arrivals", rate)
    together = erlang_c(math.fsum(arrivals), stay, beds)
    first = together.wait_probability * stay / beds
    waits, before = [], 0.0
    for rate in arrivals:
        upto = before + rate * stay / beds
        waits.append(first / ((1.0 - before) * (1.0 - upto)))
        before = upto
    overall = math.fsum(r * w for r, w in zip(arrivals, waits, strict=True)) / math.fsum(arrivals)
    return Priorities(together.wait_probability, tuple(waits), overall)


def mm1_sojourn(arrivals: float, services: float) -> Sojourn:
    """M/M/1 time in the system: exponential, μ-λ; mean number λ/(μ-λ). Needs λ < μ = `services` (a rate)."""
    _positive("arrivals", arrivals)
    if not services > arrivals:
        raise ValueError(f"services ({services}) must be > arrivals ({arrivals})")
    return Sojourn(arrivals / (services - arrivals), 1.0 / (services - arrivals), services - arrivals)


# Planning rules of waiting lists: Fong et al. 2022; R package NHSRwaitinglist. `factor` = target wait / mean
# wait: with exponential waits e^(-factor) of the people wait longer than the target.


def target_mean_wait(target_wait: float, factor: float = 4.0) -> float:
    """Mean wait at which all but e^(-factor) are admitted within `target_wait` (same unit)."""
    _positive("target_wait", target_wait)
    _positive("factor", factor)
    return target_wait / factor


def target_list_size(demand: float, target_wait: float, factor: float = 4.0) -> float:
    """People on the list at the target mean wait: demand per unit of time × mean wait (Little's law)."""
    _positive("demand", demand)
    return demand * target_mean_wait(target_wait, factor)


def relief_capacity(demand: float, list_size: float, target_size: float, duration: float) -> float:
    """Admissions per unit of time that bring the list from `list_size` to `target_size` within `duration`."""
    _positive("demand", demand)
    _positive("duration", duration)
    _at_least_zero("list_size", list_size)
    _at_least_zero("target_size", target_size)
    return demand + (list_size - target_size) / duration


def long_run_capacity(
    demand: float, target_wait: float, factor: float = 4.0, cv_demand: float = 1.0, cv_capacity: float = 1.0
) -> float:
    """Admissions per unit of time that keep the mean wait at target_wait/factor (Kingman 1961).

    demand + ((cv_demand² + cv_capacity²)/2)·(factor/target_wait); cv = coefficient of variation of the gaps.
    """
    _positive("demand", demand)
    _at_least_zero("cv_demand", cv_demand)
    _at_least_zero("cv_capacity", cv_capacity)
    return demand + (cv_demand**2 + cv_capacity**2) / 2.0 / target_mean_wait(target_wait, factor)


def miss_probability(target_wait: float, mean_wait: float) -> float:
    """Share of people who wait longer than the target when waits are exponential: e^(-target/mean)."""
    _positive("target_wait", target_wait)
    _positive("mean_wait", mean_wait)
    return math.exp(-target_wait / mean_wait)


def pressure(mean_wait: float, target_wait: float) -> float:
    """2 × mean wait / target wait; a list is in good order below 1 and should be relieved above 2."""
    _at_least_zero("mean_wait", mean_wait)
    _positive("target_wait", target_wait)
    return 2.0 * mean_wait / target_wait


def load(demand: float, capacity: float) -> float:
    """Demand / capacity; at 1 or above the list grows without bound."""
    _at_least_zero("demand", demand)
    _positive("capacity", capacity)
    return demand / capacity


def _load(arrivals: float, stay: float, beds: int) -> float:
    _positive("arrivals", arrivals)
    _positive("stay", stay)
    if beds < 1:
        raise ValueError(f"beds ({beds}) must be >= 1")
    return arrivals * stay


def _stable(offered: float, beds: int) -> None:
    if offered >= beds:
        raise ValueError(f"load ({offered}) must be < beds ({beds}), or the list grows without bound")


def _positive(name: str, value: float) -> None:
    if not value > 0.0:
        raise ValueError(f"{name} ({value}) must be > 0")


def _at_least_zero(name: str, value: float) -> None:
    if not value >= 0.0:
        raise ValueError(f"{name} ({value}) must be >= 0")
