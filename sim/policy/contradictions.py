"""Where a document contradicts itself, slips, or leaves a reading open; and what the model then does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import pyarrow as pa
from pydantic import Field

from sim.policy.fields import Several, Strict, Words
from sim.tables import CONTRADICTIONS_COLUMNS


class Contradiction(Strict):
    """One point on which the document can't be followed by its words alone.

    Attributes:
        kind: contradiction = two passages, or two numbers, don't agree; slip = a number or word is likely
            misprinted; open = what it takes to compute the rule is not said.
        clauses: concerned, in scope or out of it.
        treatment: what the model does.
        parameters: dotted keys of the scenario that change the treatment; none if only another policy file
            does. `policy` stands for that where the file has a place for another reading.
    """

    id: str
    kind: Literal["contradiction", "slip", "open"]
    clauses: Several[str] = Field(min_length=1)
    what: Words
    treatment: Words
    parameters: Several[str] = ()


def table(contradictions: Iterable[Contradiction]) -> pa.Table:
    """The points as text, one row each, with columns `CONTRADICTIONS_COLUMNS`; several names by spaces."""
    rows = [
        (
            point.id, point.kind, " ".join(point.clauses), point.what.zh, point.what.en,
            point.treatment.zh, point.treatment.en, " ".join(point.parameters),
        )
        for point in contradictions
    ]  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * len(CONTRADICTIONS_COLUMNS)
    return pa.table(
        {
            name: pa.array(values, pa.string())
            for name, values in zip(CONTRADICTIONS_COLUMNS, columns, strict=True)
        }
    )
