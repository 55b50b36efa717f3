"""What other bodies count: the latest dated value of a register, and projects with central money on time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.indicators.beds import NAN, percent
from sim.months import Month
from sim.scenario.plan_types import CentralProject, RegisterValue


def latest(values: Iterable[RegisterValue], month: int, label: str = "") -> float:
    """The latest value that is dated not after a month (index); NaN if there is none.

    Args:
        values: of one register.
        month: month index.
        label: which of several values a clause asks for; a value without a label is of all of them.
    """
    meant = [value for value in values if not label or value.label in (None, label)]
    dated = [(Month.parse(value.month).index, value.value) for value in meant]
    return max((pair for pair in dated if pair[0] <= month), default=(0, NAN), key=lambda pair: pair[0])[1]


def on_time_rate(planned: Sequence[str], actual: Sequence[str | None], month: int) -> float:
    """What was due by the end of a month and done by its planned month, in percent; NaN if nothing was due.

    Args:
        planned: planned month of each project.
        actual: its actual month, None if it has not happened; same length.
        month: month index.
    """
    due = [
        (plan, done) for plan, done in zip(planned, actual, strict=True) if Month.parse(plan).index <= month
    ]
    on_time = [done for plan, done in due if done is not None and Month.parse(done) <= Month.parse(plan)]
    return percent(len(on_time), len(due))


def started_on_time(projects: Sequence[CentralProject], month: int) -> float:
    """Projects with central money that started on time, see `on_time_rate`."""
    return on_time_rate([p.planned_start for p in projects], [p.actual_start for p in projects], month)


def finished_on_time(projects: Sequence[CentralProject], month: int) -> float:
    """Projects with central money that finished on time, see `on_time_rate`."""
    return on_time_rate([p.planned_finish for p in projects], [p.actual_finish for p in projects], month)
