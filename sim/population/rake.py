"""Iterative proportional fitting, and integer rounding that keeps two margins exact.

Fitting after Deming and Stephan 1940; controlled rounding of a two-way table always exists (Cox 1987,
doi:10.1080/01621459.1987.10478456) because the constraint matrix is totally unimodular: here it is the vertex
of a linear programme.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_ROUNDS = 2000
_TOLERANCE = 1e-8
_DIGITS = 9
"""Remainders are compared to so many decimals: the last bits of a float differ between machines, and where
two remainders are equal these bits would decide."""


def ipf(seed: F64, margins: Sequence[tuple[I64, F64]]) -> F64:
    """Scale a table until each margin holds.

    Args:
        seed: non-negative table of any shape; zeros stay zero.
        margins: pairs of labels (shape of the table; -1 for cells outside the margin) and totals per label.

    Returns:
        The fitted table: the closest to the seed in relative entropy that has the margins.

    Raises:
        ValueError: if the margins can't be met (they contradict each other or the zeros of the seed).
    """
    table = seed.astype(np.float64).copy()
    flat = table.reshape(-1)
    prepared = []
    for labels, totals in margins:
        cells = np.flatnonzero(labels.reshape(-1) >= 0)
        prepared.append((cells, labels.reshape(-1)[cells], np.asarray(totals, dtype=np.float64)))
    worst = np.inf
    for _ in range(_ROUNDS):
        worst = 0.0
        for cells, labels, totals in prepared:
            sums = np.bincount(labels, weights=flat[cells], minlength=len(totals))
            off = np.abs(sums - totals).max() / max(totals.max(), 1.0)
            worst = max(worst, float(off))
            factor = np.divide(totals, sums, out=np.zeros_like(totals), where=sums > 0)
            flat[cells] *= factor[labels]
        if worst < _TOLERANCE:
            return table
    raise ValueError(f"margins can't be met: off by {worst:.2g} of the largest total after {_ROUNDS} rounds")


def largest_remainder(shares: F64, total: int) -> I64:
    """Whole numbers in proportion to the shares that add up to the total (Hamilton's method).

    Raises:
        ValueError: if all shares are zero and the total is not, or a share or the total is negative.
    """
    if total < 0 or (shares < 0).any():
        raise ValueError(f"shares and the total(={total}) must not be negative")
    if total > 0 and not shares.sum() > 0:
        raise ValueError(f"nobody to give {total} to: every share is zero")
    exact = shares / shares.sum() * total if shares.sum() > 0 else np.zeros_like(shares)
    exact = np.round(exact, _DIGITS)
    whole = np.floor(exact).astype(np.int64)
    rest = total - int(whole.sum())
    whole[np.argsort(np.round(whole - exact, _DIGITS), kind="stable")[:rest]] += 1
    return whole


def round_two_way(table: F64, rows: I64, columns: I64, row_totals: I64, column_totals: I64) -> I64:
    """Whole numbers near a table, each cell rounded up or down where possible, with both margins exact.

    Args:
        table: (cells,) numbers whose margins are within rounding of the totals.
        rows: (cells,) row of each cell.
        columns: (cells,) column of each cell.
        row_totals: whole totals of the rows.
        column_totals: whole totals of the columns; same grand total.

    Raises:
        ValueError: if the grand totals differ.
    """
    if row_totals.sum() != column_totals.sum():
        raise ValueError(f"row totals {row_totals.sum()} differ from column totals {column_totals.sum()}")
    cells = len(table)
    floor = np.floor(table + _TOLERANCE)
    fraction = np.round(table - floor, _DIGITS)
    index = np.arange(cells)
    n_rows, n_columns = len(row_totals), len(column_totals)
    ones = np.ones(2 * cells)
    matrix = coo_array(
        (ones, (np.concatenate([rows, n_rows + columns]), np.concatenate([index, index]))),
        shape=(n_rows + n_columns, cells),
    )
    aims = np.concatenate([row_totals, column_totals]) - matrix @ floor
    bounds = [(-f if z else 0, None if z else 0) for f, z in zip(floor, table > 0, strict=True)]
    cost = np.where(fraction > 0, -fraction, 1.0)
    # piecewise: going one up is cheap where the fraction is high, going further or down costs
    upper = [(0, 1) if z else (0, 0) for z in table > 0]
    answer = linprog(cost, A_eq=matrix, b_eq=aims, bounds=upper, method="highs-ds")
    if not answer.success:
        answer = linprog(np.abs(cost) + 1, A_eq=matrix, b_eq=aims, bounds=bounds, method="highs-ds")
    if not answer.success:
        raise ValueError("no whole numbers with these margins")
    return np.asarray(np.rint(floor + answer.x), dtype=np.int64)
