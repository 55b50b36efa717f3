"""Construction subsidies per bed: which beds count, and the years in which the money is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from sim.money import Exact, apportion
from sim.months import Month

AreaRule = Literal["strict", "capped"]
State = Literal["paid", "outstanding", "cancelled"]


@dataclass(frozen=True, slots=True)
class Instalment:
    """The part of a subsidy that falls due in a year, and whether it is paid."""

    year: int
    amount_fen: int
    state: State


def eligible_beds(beds: int, area_m2: float, least_m2_per_bed: float, rule: AreaRule) -> int:
    """Beds of one item that have the room asked for; areas are read by their decimal text.

    Args:
        beds: beds of the item (new wing and rebuilt wing are two items).
        area_m2: gross floor area of the item, shared space included.
        least_m2_per_bed: of the law; the number itself is enough.
        rule: how the law is read. strict = all beds or none, by the item's average; capped = as many beds
            as the area has room for.

    Raises:
        ValueError: if beds or area are negative, or the rule is unknown.
    """
    if beds < 0 or area_m2 < 0:
        raise ValueError(f"beds(={beds}) and area_m2(={area_m2}) must not be negative")
    room = Fraction(str(area_m2)) / Fraction(str(least_m2_per_bed))
    if rule == "strict":
        return beds if room >= beds else 0
    if rule == "capped":
        return min(beds, int(room))
    raise ValueError(f"area_rule(={rule!r}) must be strict or capped")


def multiplied(beds: int, rate_fen: Exact, factor: float) -> Fraction:
    """Fen for beds at a multiple of a rate (1.3 times the base); exact."""
    return beds * rate_fen * Fraction(str(factor))


def parts(total_fen: int, shares: Sequence[float]) -> list[int]:
    """An amount in instalments: each rounded half up, the last takes what is left.

    Raises:
        ValueError: if the shares are negative or do not add up to one.
    """
    named = {str(index): share for index, share in enumerate(shares)}
    return list(apportion(total_fen, named, remainder_to=str(len(shares) - 1)).values())


def schedule(
    total_fen: int,
    shares: Sequence[float],
    first_year: int,
    *,
    horizon: Month,
    closed: Month | None = None,
    stop_on_closure: bool = True,
) -> list[Instalment]:
    """When a subsidy is paid: a share on 31 December of each year from the first on.

    Args:
        total_fen: the whole subsidy.
        shares: of the years, as the law has them.
        first_year: the year of the first instalment.
        horizon: the last month known; what falls due later is outstanding, neither paid nor cancelled.
        closed: the month in which the home closed, if it did by then.
        stop_on_closure: whether a home that is closed on 31 December loses that instalment and the later
            ones; they are cancelled, even those after the horizon.
    """
    found = []
    for step, amount in enumerate(parts(total_fen, shares)):
        december = Month.of(first_year + step, 12)
        state: State = "paid" if december <= horizon else "outstanding"
        if stop_on_closure and closed is not None and closed <= min(december, horizon):
            state = "cancelled"
        found.append(Instalment(first_year + step, amount, state))
    return found


def by_state(found: Sequence[Instalment]) -> Mapping[State, int]:
    """Fen paid, outstanding and cancelled; together they are the whole subsidy."""
    states: tuple[State, ...] = ("paid", "outstanding", "cancelled")
    return {state: sum(one.amount_fen for one in found if one.state == state) for state in states}
