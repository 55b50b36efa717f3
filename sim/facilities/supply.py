"""What opens when: the stock between published counts, and the pipeline of a plan.

Operators are fixed here: registered beds move by dated counts and the pipeline, and open beds are a share of
them, exact in total. Between two published counts the stock grows linearly (proxy).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind, Ownership
from sim.facilities.home import HomeSpec
from sim.facilities.list_draws import ListDraws
from sim.months import Month
from sim.population.rake import largest_remainder
from sim.scenario.bed_types import PipelineBeds, Stock

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, order=True)
class BedChange:
    """Beds of a home and kind that are registered and opened (negative: closed) in a month."""

    month: int
    home: int
    kind: int
    registered: int
    opened: int


def registered_at(stock: list[Stock], month: Month) -> float:
    """Registered beds at the end of a month, linear between the dated counts, flat outside them."""
    at = [float(Month.parse(count.month).index) for count in stock]
    return float(np.interp(month.index, at, [float(count.beds) for count in stock]))


def plan(
    specs: list[HomeSpec], stock: list[Stock], start: Month, open_share: float, draws: ListDraws
) -> tuple[I64, list[BedChange]]:
    """Beds of each home at the start, and what opens until the latest count.

    Homes open in drawn order; the home at the margin of the start opens in two stages, so that the stock of
    the start is exact. Later homes open in the month in which the interpolated stock reaches them.

    Args:
        specs: homes that add up to the latest count.
        stock: dated counts.
        start: first month of the run; the start is the end of the month before.
        open_share: open over registered beds.
        draws: keyed by a seed, or the even spread of run 0.

    Returns:
        (homes, 2) registered beds at the start, and later changes with their open beds.
    """
    last = stock[-1]
    target = round(registered_at(stock, start.plus(-1)))
    order = np.argsort(_opens(specs, draws), kind="stable").tolist()
    at_start = np.zeros((len(specs), len(BedKind)), dtype=np.int64)
    changes: list[BedChange] = []
    reached = 0
    for i in order:
        beds = np.array(specs[i].beds)
        here = int(np.clip(target - reached, 0, beds.sum()))
        at_start[i] = largest_remainder(beds.astype(float), here) if beds.sum() else 0
        reached += int(beds.sum())
        if here < beds.sum():
            month = _month_reached(stock, start, reached, last)
            changes += [
                BedChange(month, i, kind, int(number), 0)
                for kind, number in enumerate(beds - at_start[i])
                if number
            ]
    return at_start, with_open_beds(changes, open_share)


def _opens(specs: list[HomeSpec], draws: ListDraws) -> F64:
    """Place of each home in the order of opening; public and private homes are spread each over all of it."""
    drawn = np.zeros(len(specs))
    private = np.array([spec.ownership == Ownership.PRIVATE for spec in specs], dtype=np.bool_)
    for homes in (np.flatnonzero(~private), np.flatnonzero(private)):
        drawn[homes] = draws.of("opens", [specs[i].name for i in homes])
    return drawn


def _month_reached(stock: list[Stock], start: Month, beds: int, last: Stock) -> int:
    month = start
    end = Month.parse(last.month)
    while month < end and registered_at(stock, month) < beds:
        month = month.plus(1)
    return month.index


def open_at_start(registered: I64, open_share: float) -> I64:
    """Open beds of each home and kind at the start, exact in total by kind: (homes, 2)."""
    opened = np.zeros_like(registered)
    for kind in range(registered.shape[1]):
        exact: F64 = registered[:, kind].astype(np.float64) * open_share
        opened[:, kind] = np.minimum(largest_remainder(exact, round(float(exact.sum()))), registered[:, kind])
    return opened


def with_open_beds(
    changes: list[BedChange], open_share: float, beds: tuple[I64, I64] | None = None
) -> list[BedChange]:
    """Give changes their open beds: the share, rounded over the sum of all so that totals stay exact.

    Args:
        changes: at most one per home, kind and month.
        open_share: open over registered beds.
        beds: (homes, 2) registered and open beds that are there; no home then closes open beds that it has
            not, nor keeps open beds that are no longer registered. Not needed where beds are only added.
    """
    wanted = dict.fromkeys(range(len(BedKind)), 0)
    done = dict.fromkeys(range(len(BedKind)), 0)
    result = []
    for change in sorted(changes):
        kind = change.kind
        wanted[kind] += change.registered
        low, high = sorted((0, change.registered))
        if beds is not None:
            registered, opened = (int(at[change.home, kind]) for at in beds)
            low, high = max(low, -opened), min(high, registered + change.registered - opened)
        step = min(max(round(wanted[kind] * open_share) - done[kind], low), high)
        done[kind] += step
        result.append(replace(change, opened=step))
    return result


def pipeline_name(item_id: str) -> str:
    """The text id of the home that an item of the pipeline opens."""
    return f"pipeline-{item_id}"


def pipeline_homes(
    opening: list[PipelineBeds],
    districts: list[str],
    district_weights: F64,
    prices: dict[Ownership, tuple[float, float, float, float]],
) -> list[HomeSpec]:
    """New homes of the pipeline; items without a district go to that with the most residents aged 60+."""
    largest = int(np.argmax(district_weights))
    return [
        HomeSpec(
            pipeline_name(item.id), Ownership[item.ownership.upper()],
            largest if item.district is None else districts.index(item.district),
            (item.beds - item.nursing_beds, item.nursing_beds), prices[Ownership[item.ownership.upper()]],
            government_invested=item.government_invested,
        )
        for item in opening
    ]  # fmt: skip
