"""What would close a gap: three different answers to one target of nursing beds, printed side by side."""

from __future__ import annotations

from dataclasses import dataclass

from sim.indicators.beds import nursing_beds_needed, nursing_beds_on_top


@dataclass(frozen=True, slots=True)
class NursingAdvice:
    """Three ways to a share of nursing beds that is not met; each alone would do.

    Attributes:
        needed: nursing beds that the present total of beds needs (6,233 of Yinchuan's 10,388).
        among_new: nursing beds needed among the beds added since the baseline (647 of 700); None if they are
            more than were added.
        new_beds: beds added since the baseline.
        by_conversion: ordinary beds to convert, the total unchanged (347).
        on_top: further nursing beds, which raise the total too (867); None if no number will do.
    """

    needed: int
    among_new: int | None
    new_beds: int
    by_conversion: int
    on_top: int | None


def nursing_advice(
    total: int, nursing: int, total_at_baseline: int, nursing_at_baseline: int, share_percent: float
) -> NursingAdvice | None:
    """The three counts for a nursing-bed share; None if it is met.

    Args:
        total: registered beds when the target is tested.
        nursing: nursing beds among them.
        total_at_baseline: registered beds at the end of the month of the notice.
        nursing_at_baseline: nursing beds among them.
        share_percent: the target.
    """
    needed = nursing_beds_needed(total, nursing, share_percent)
    if needed <= nursing:
        return None
    new_beds, among_new = total - total_at_baseline, needed - nursing_at_baseline
    return NursingAdvice(
        needed=needed,
        among_new=among_new if among_new <= new_beds else None,
        new_beds=new_beds,
        by_conversion=needed - nursing,
        on_top=nursing_beds_on_top(total, nursing, share_percent),
    )
