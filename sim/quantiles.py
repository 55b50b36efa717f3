"""Quantiles of the distributions that draws become, without the slow front of a statistics library."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, pdtr, pdtrik

F64 = NDArray[np.float64]

_LEAST = 1e-12


def exponential(u: F64, mean: ArrayLike) -> F64:
    """Exponential quantile with a mean."""
    return np.asarray(-np.log1p(-u) * mean)


def normal(u: ArrayLike) -> F64:
    """Standard normal quantile; draws are kept 1e-12 away from 0 and 1."""
    return np.asarray(ndtri(np.clip(u, _LEAST, 1 - _LEAST)))


@lru_cache(maxsize=64)
def poisson_table(mean: float) -> F64:
    """Distribution function of a Poisson count at 0, 1, ..., up to where it is one in floating point."""
    return np.asarray(pdtr(np.arange(int(mean + 12 * mean**0.5) + 40), mean))


def poisson_of(u: F64, mean: float) -> F64:
    """Poisson quantile of draws that share one mean, as `poisson`."""
    return np.searchsorted(poisson_table(mean), u).astype(np.float64)


def poisson(u: F64, mean: ArrayLike) -> F64:
    """Poisson quantile: the least whole number whose distribution function is at least the draw."""
    upper = np.ceil(pdtrik(u, mean))
    below = np.maximum(upper - 1, 0)
    return np.asarray(np.where(pdtr(below, mean) >= u, below, upper))


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Quantile of the triangular distribution on [low, high] with a mode; `low` where both ends are one."""
    width = high - low
    if not width:
        return low
    rising = (mode - low) / width  # the part of the draws below the mode
    if u < rising:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1 - u) * width * (high - mode))
