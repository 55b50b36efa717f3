"""Means of parts that add up to the mean of the whole exactly, in the six decimals of every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from sim.ensemble.cells import Floats

_STEP = Decimal("0.000001")


def exact_means(parts: Mapping[str, Floats], whole: str, rest: str) -> dict[str, list[Decimal]]:
    """The mean of each row over the replications in millionths; parts add up to the whole exactly.

    Args:
        parts: name -> values, cells x replications, whole numbers; all but `whole` add up to it.
        whole: name of the sum.
        rest: the part that takes what rounding leaves; where it is zero in every replication, the largest
            part does, so that nothing is there only by rounding.
    """
    count = parts[whole].shape[1]
    rounded = {
        name: [_rounded(Fraction(round(row.sum())) / count) for row in values]
        for name, values in parts.items()
    }
    names = [name for name in parts if name != whole]
    for cell, total in enumerate(rounded[whole]):
        takes = rest
        if not parts[rest][cell].any():
            takes = _largest(rounded, names, cell)
        rounded[takes][cell] = total - sum(rounded[name][cell] for name in names if name != takes)
    return rounded


def _largest(rounded: Mapping[str, Sequence[Decimal]], names: Sequence[str], cell: int) -> str:
    return max(names, key=lambda name: abs(rounded[name][cell]))


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).quantize(_STEP, ROUND_HALF_EVEN)
