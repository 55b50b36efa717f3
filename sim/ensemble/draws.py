"""Which parameters a replication has: the points of a randomised sequence in the ranges of the inputs.

Run 0 is central. The others take the points of a sequence that fills every range evenly however far it goes:
each aligned block of 2^k points has one in each of 2^k equal slices of every input. Every input has its own
order and its own scrambling, keyed by the seed and its path, so an input more or less changes no other's
draws, and more runs keep all earlier ones. It is the one-dimensional Sobol sequence with Owen's scrambling,
once of the points and once of their order, for each input apart (Kollig and Keller 2002; Burley 2020, Journal
of Computer Graphics Techniques 9(4)). One Sobol sequence over all inputs was tried: of 40 inputs some pairs
then go together almost fully in the first hundred points (docs/decisions.md).

Every fourth run has the point of the run before it, with other chance. From these pairs follows how much of
the spread is chance and how much the parameters (`sim.ensemble.uncertainty`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.errors import RunError
from sim.scenario.types import Scenario
from sim.scenario.uncertain import Input, drawn, with_values
from sim.streams import START, Purpose, key, pair_ids, text_id, uniforms
from sim.tables import DRAWS_COLUMNS

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]

PAIR_EVERY = 4
_BITS = 32
_ORDER, _VALUE = 0, 1


def point_of(run: int) -> int:
    """The number of the parameter point of a replication from 1 on: 0, 1, 2, 2, 3, 4, 5, 5, 6, ..."""
    return run - 1 - run // PAIR_EVERY


def points(runs: Sequence[int], *, vary: bool) -> I64:
    """Which replications share parameters: one number for each, equal where they do.

    Args:
        runs: numbers of replications from 1 on.
        vary: whether parameters are drawn; else chance alone sets replications apart, and all differ.
    """
    return np.array([point_of(run) if vary else run for run in runs], dtype=np.int64)


def unit_point(seed: int, names: Sequence[str], point: int) -> F64:
    """Where each input stands in its distribution: (inputs,), in (0, 1).

    Args:
        seed: seed of the run.
        names: dotted paths of the inputs; inputs drawn together have one name.
        point: number of the point.
    """
    draw_key = key(seed, Purpose.PARAMETER, START)
    ids = np.array([text_id(name) for name in names], dtype=np.uint64)
    place = _scrambled(draw_key, ids, np.full(len(ids), point, dtype=np.uint64), _ORDER)
    value = _scrambled(draw_key, ids, _reversed(place), _VALUE)
    return (value.astype(np.float64) + 0.5) / 2.0**_BITS


def _reversed(words: U64) -> U64:
    """The bits of words in the other order: the first coordinate of the Sobol sequence."""
    turned = np.zeros_like(words)
    for bit in range(_BITS):
        turned |= ((words >> np.uint64(bit)) & np.uint64(1)) << np.uint64(_BITS - 1 - bit)
    return turned


def _scrambled(draw_key: np.uint64, ids: U64, words: U64, stage: int) -> U64:
    """Nested uniform scrambling (Owen 1995): each bit is flipped or not by a draw of all bits above it."""
    mixed = words.copy()
    for bit in range(_BITS):
        above = words >> np.uint64(_BITS - bit)  # 0 at the top bit
        where = pair_ids(ids, (np.uint64(2 * bit + stage) << np.uint64(_BITS)) + above)
        flips = uniforms(draw_key, where) < 0.5  # noqa: PLR2004 - heads or tails
        mixed ^= flips.astype(np.uint64) << np.uint64(_BITS - 1 - bit)
    return mixed


def parameters(scenario: Scenario, seed: int, run: int) -> Scenario:
    """The scenario with the parameters of a replication; as it is for run 0, or if nothing is uncertain.

    Raises:
        RunError: if the scenario refuses the values that were drawn.
    """
    inputs = drawn(scenario) if run else ()
    if not inputs:
        return scenario
    values = _values(inputs, seed, run)
    try:
        return with_values(scenario, {one.path: value for one, value in zip(inputs, values, strict=True)})
    except ValidationError as error:
        raise RunError("drawn_refused", {"run": run, "error": error.errors()[0]["msg"]}) from error


def _values(inputs: Sequence[Input], seed: int, run: int) -> list[float]:
    """The value of each drawn input in a replication; the central one in run 0."""
    if run == 0:
        return [one.quantity.value for one in inputs]
    where = unit_point(seed, [one.drawn_with for one in inputs], point_of(run))
    return [one.quantile(float(u)) for one, u in zip(inputs, where, strict=True)]


def table(scenario: Scenario, seed: int, runs: int) -> pa.Table:
    """draws.csv: what each replication has for each input that is drawn.

    It follows from scenario, seed and number, as the draws themselves do, so no part need hold it.
    """
    inputs = drawn(scenario)
    rows = [
        (run, one.name, value, one.quantity.unit)
        for run in range(runs if inputs else 0)
        for one, value in zip(inputs, _values(inputs, seed, run), strict=True)
    ]
    types = (pa.int64(), pa.string(), pa.float64(), pa.string())
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(dict(zip(DRAWS_COLUMNS, arrays, strict=True)))
