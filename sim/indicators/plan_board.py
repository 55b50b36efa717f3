"""Indicators of plan inputs, staff, services and money by name; `sim.indicators.board` joins them."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from sim.indicators import estates, money, proximity, registers, services, staff
from sim.indicators.beds import NAN
from sim.indicators.needs import SERVICE_OF
from sim.indicators.state import State
from sim.scenario.plan_types import Register

_BACKGROUND = ("model_place_application",)
"""Registers that are told and never tested: facts and orders of the day."""


def _new_estates(state: State, _: str) -> float:
    return estates.worst_m2_per_100_households(state.estates, "new", state.month)


def _old_estates(state: State, _: str) -> float:
    return estates.worst_m2_per_100_households(state.estates, "existing", state.month)


def _four_synchronous(state: State, _: str) -> float:
    return estates.four_synchronous(state.estates, state.month)


def _radius(_state: State, _: str) -> float:
    return proximity.community_facility_radius_m()


def _within_15_min(state: State, _: str) -> float:
    near = state.proximity
    return NAN if near is None else proximity.share_within_15_min(near.facilities.value, near.built_up.value)


def _social_per_1000(state: State, denominator: str) -> float:
    persons = state.persons[denominator or "residents_60plus"]
    return staff.social_workers_per_1000(*state.social_workers, persons)


def _social_per_100_beds(state: State, _: str) -> float:
    return staff.social_workers_per_100_beds(state.social_workers[0], int(state.registered.sum()))


def _execution(state: State, _: str) -> float:
    return money.budget_execution(state.spent_fen, state.budget_fen)


def _lottery(state: State, _: str) -> float:
    return money.lottery_share(*state.lottery_fen)


def _home_community(state: State, _: str) -> float:
    return money.home_community_yuan(state.home_community_fen)


def _on_time(state: State, which: str) -> float:
    """The rate that the label names (start, finish); without a label the lower of both."""
    rates = {
        "start": registers.started_on_time(state.central_projects, state.month),
        "finish": registers.finished_on_time(state.central_projects, state.month),
    }
    known = [rate for rate in rates.values() if rate == rate]  # noqa: PLR0124 - not NaN
    return rates[which] if which else min(known, default=NAN)


def _respite(state: State, _: str) -> float:
    served = state.services.get(SERVICE_OF["respite_service_coverage"], (None, None))
    return services.respite_service_coverage(*served)


def _register(name: Register) -> Callable[[State, str], float]:
    def latest(state: State, label: str) -> float:
        return registers.latest(state.registers.get(name, ()), state.month, label)

    return latest


PLAN_INDICATORS: dict[str, Callable[[State, str], float]] = {
    "new_estate_m2_per_100_households": _new_estates,
    "old_estate_m2_per_100_households": _old_estates,
    "new_estate_four_synchronous": _four_synchronous,
    "community_facility_radius_m": _radius,
    "share_within_15_min": _within_15_min,
    "social_workers_per_1000_elderly": _social_per_1000,
    "social_workers_per_100_beds": _social_per_100_beds,
    "budget_execution_rate": _execution,
    "lottery_share_eldercare": _lottery,
    "home_community_funding_cny": _home_community,
    "central_project_on_time_rate": _on_time,
    "respite_service_coverage": _respite,
    **{name: _register(name) for name in get_args(Register) if name not in _BACKGROUND},
}
"""Indicator -> function of the state and the denominator (or the label of one of several values)."""
