"""What in the program implements a clause: an indicator, a measure, a calendar, or a named rule of the model.

The function itself is taken, so that its path can't go out of date. A name that leads to nothing gives None.
"""

from __future__ import annotations

import dis
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from sim import choice, costs, services
from sim.indicators import board, registers
from sim.ledger import Ledger
from sim.policy import charges, duties, facts, priority
from sim.policy.clauses import Clause
from sim.policy.schedule import is_calendar
from sim.waitlist.admissions import Waitlist

Function = Callable[..., Any]

PLAN_INPUTS: dict[str, Function] = {
    "payers": Ledger,
    "instalments": costs.pay,
    "charges": charges.share_due,
}
"""Section of the scenario that a clause names as its plan input -> what reads it."""

RULES: dict[str, Function] = {
    # who is admitted first, and to what
    "admission_priority_public": priority.tiers,
    "public_home_open_admission": priority.tiers,
    "admission_tie_break_entitled": priority.not_entitled,
    "admission_priority_veterans_home": priority.not_entitled,
    "assessment_before_admission": priority.tiers,
    "waiting_list_required": Waitlist,
    "destitute_nearest_placement": choice.Chooser,
    # who has services, and who comes first; `services` of the place carry the groups
    "focus_group_service_rate": services.entitled,
    "commissioned_home_care_group": services.entitled,
    "special_difficulty_group": services.entitled,
    "basic_service_kinds": services.entitled,
    "assessment_required": services.entitled,
    "service_priority": services.ranks,
    # who is paid
    "basic_service_list": costs.post,
    "subsidy_ownership_neutral": costs.post,
}
"""Indicator of a clause of eligibility -> the rule of the model; such clauses have no number."""


def function_of(clause: Clause) -> Function | None:
    """What implements a clause that names something; None if there is nothing."""
    if clause.indicator:
        return _behind_indicator(clause, clause.indicator)
    return _posting(clause.measures) if clause.measures else PLAN_INPUTS.get(clause.plan_input or "")


def _behind_indicator(clause: Clause, indicator: str) -> Function | None:
    """The indicator's function; else what reads rules of eligibility, calendars and facts."""
    if indicator in board.INDICATORS:
        return _pure(board.INDICATORS[indicator])
    if clause.kind == "eligibility":
        return RULES.get(indicator)
    if is_calendar(clause):
        return duties.duties
    if clause.kind == "baseline_fact":
        return facts.fact if clause.numbers else registers.latest
    return None


def _posting(measures: tuple[str, ...]) -> Function | None:
    """What says what is due for a measure, or posts several; None if one of them has no code."""
    functions = [costs.MEASURES.get(measure) for measure in measures]
    if None in functions:
        return None
    return functions[0] if len(functions) == 1 else costs.post


def _pure(on_board: Function) -> Function:
    """The indicator's own function: the first of a room of `sim.indicators` that the board's function calls.

    The board's function itself, if it calls none.
    """
    if not isinstance(on_board, FunctionType):
        return on_board
    room: ModuleType | None = None
    for step in dis.get_instructions(on_board):
        if room is not None:
            found = getattr(room, str(step.argval), None)
            if isinstance(found, FunctionType) and found.__module__ == room.__name__:
                return found
        named = on_board.__globals__.get(str(step.argval)) if step.opname == "LOAD_GLOBAL" else None
        room = named if isinstance(named, ModuleType) else None
    return on_board
