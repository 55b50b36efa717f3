"""What is known of each of two compared scenarios after its replications are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from sim import store
from sim.ensemble.cells import Frame, Ints
from sim.ensemble.collect import Gathered
from sim.policy.book import PolicyBook
from sim.scenario.resolve import Resolved


@dataclass(frozen=True)
class Side:
    """One of the two.

    Attributes:
        resolved: the scenario with its files.
        book: its law.
        folder: its run folder.
        frame: what its tables share.
        gathered: reduced rows of its replications.
        tables: its result tables of as many replications as are compared.
    """

    resolved: Resolved
    book: PolicyBook
    folder: store.RunFolder
    frame: Frame
    gathered: Gathered
    tables: dict[str, pa.Table]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.resolved.scenario.name


def common_years(base: Frame, alt: Frame, begins: int = 1) -> list[int]:
    """The years of which both runs hold the same months: others can't be compared.

    Args:
        base: one run.
        alt: the other.
        begins: first month of a year, 1 to 12.
    """
    years = range(base.calendar.start.year - 1, base.last_month.year + 1)
    months = ((year, base.months_of(year, begins), alt.months_of(year, begins)) for year in years)
    return [year for year, one, other in months if one == other > 0]


def points(base: Frame, alt: Frame) -> Ints:
    """Which pairs of replications share their parameters: they do where either scenario draws any."""
    return replace(base, vary=base.vary or alt.vary).points


def of_years(rows: pa.Table, years: Iterable[int]) -> pa.Table:
    """The rows of some years; a table without rows has no type to compare with, and stays as it is."""
    if not rows.num_rows:
        return rows
    return rows.filter(pc.is_in(rows["year"], pa.array(list(years), rows["year"].type)))
