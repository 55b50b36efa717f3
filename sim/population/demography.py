"""What happens to everybody every month, as compiled kernels over the columns.

Within a month deaths come first in the arithmetic: whoever dies is not counted for another change of ability,
but may apply on an earlier day of the month. Hazards use the age completed in the month.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Group
from sim.population.lifetable import FIFTY, FIRST_MONTHS, GRID, SIXTY
from sim.streams import draw, draw_bits

_DESTITUTE = int(Group.DESTITUTE)
_NOT_DORMANT = SIXTY
_FIFTY = FIFTY

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""


def bounds(probability: F64) -> U64:
    """Probabilities as bounds of a draw's 53 bits: `draw(...) < p` is `draw_bits(...) < bound`."""
    return np.ceil(np.clip(probability, 0.0, 1.0) * 2.0**53).astype(np.uint64)


@njit(cache=True)
def _screen(  # noqa: D417 - four draws, each with its key and its bounds
    ids: U64, ability: Codes, maybe: Mask, key_death: np.uint64, dies: np.uint64, key_ability: np.uint64,
    changes: U64, key_apply: np.uint64, asks: np.uint64,
) -> None:  # fmt: skip
    """Who of neighbours with one age and sex may have an event: some draw below its bound.

    Without branches, so that it runs on vectors.

    Args:
        ids, ability: columns; `maybe` is filled for them.
        changes: (4,) by ability.
    """
    intact, mild, moderate, severe = changes[0], changes[1], changes[2], changes[3]
    for at in range(len(ids)):
        state = ability[at]
        change = (mild if state == 1 else intact) if state < 2 else (moderate if state == 2 else severe)  # noqa: PLR2004
        maybe[at] = (
            (draw_bits(key_death, ids[at]) < dies)
            | (draw_bits(key_ability, ids[at]) < change)
            | (draw_bits(key_apply, ids[at]) < asks)
        )


@njit(cache=True)
def _screen_also(ids: U64, maybe: Mask, draw_key: np.uint64, bound: np.uint64) -> None:
    """Beside those already found, who has this draw below its bound."""
    for at in range(len(ids)):
        maybe[at] |= draw_bits(draw_key, ids[at]) < bound


@njit(cache=True)
def month_events(  # noqa: D417 - one pass over everybody; columns are told in groups
    month: int, runs: I64, maybe: Mask, ids: U64, birth: Codes, sex: Codes, ability: Codes, left: Codes,
    home: Codes, waiting: Mask, groups: Codes, living: Codes, may_die: U64, may_change: U64, may_ask: U64,
    death: F64, worsen: F64, recover: F64, apply: F64, prevalence: F64, moving_out: float,
    key_death: np.uint64, key_ability: np.uint64, key_entry: np.uint64, key_move: np.uint64,
    key_apply: np.uint64,
    died: Codes, changed: Codes, changed_to: Codes, turned: Codes, moved: Codes, applied: Codes,
) -> tuple[int, int, int, int, int]:  # fmt: skip
    """One month of everybody.

    Neighbours in a run have one sex and birth month, so their hazards differ by ability and family alone.
    The first look at a run only asks, with the draws that decide, to whom anything could happen at the
    highest hazards of the run; the few who remain are decided one by one.

    Args:
        month: month index.
        runs: first rows of the runs, and the row after the last run; rows from there on are decided one by
            one.
        maybe: buffer for the longest run.
        ids .. living: columns of the residents; `ability` is written only for those who turn 60.
        may_die, may_change, may_ask: (2, GRID), (2, GRID, 4), (GRID,) `bounds` of the probabilities below, the highest
            of each run.
        death, worsen, recover: (2, GRID, 4) probabilities of the month.
        apply: (GRID, 4, 4) probability of applying, by age, ability and living arrangement.
        prevalence: (2, GRID, 4), the ability of those who turn 60.
        moving_out: probability of moving away.
        key_*: keys of the draws.
        died .. applied: (rows,) buffers that are filled with row numbers; `changed_to` with abilities.

    Returns:
        How many of each buffer are filled: died, changed, turned 60, moved, applied.
    """
    eights = maybe.view(np.uint64)
    leaves = np.uint64(np.ceil(moving_out * 2.0**53))
    n_died = n_changed = n_turned = n_moved = n_applied = 0
    for run in range(len(runs)):
        first, end = runs[run], runs[run + 1] if run + 1 < len(runs) else len(ids)
        screened = False
        if run + 1 < len(runs):
            cell = min(month - birth[first] - FIRST_MONTHS, GRID - 1)
            screened = cell != _NOT_DORMANT
        if screened:
            s, own = sex[first], ids[first:end]
            if cell > _NOT_DORMANT:
                _screen(
                    own, ability[first:end], maybe, key_death, may_die[s, cell], key_ability, may_change[s, cell],
                    key_apply, may_ask[cell],
                )  # fmt: skip
            else:
                maybe[: end - first] = False
                _screen_also(own, maybe, key_death, may_die[s, cell])
            if moving_out > 0 and cell >= _FIFTY:
                _screen_also(own, maybe, key_move, leaves)
        row = first - 1
        while row + 1 < end:
            row += 1
            if screened:
                place = row - first
                if place % 8 == 0 and eights[place // 8] == 0:  # nobody among the next eight
                    row += 7
                    continue
                if not maybe[place]:
                    continue
            if left[row] != 0:
                continue
            identity = ids[row]
            cell = min(month - birth[row] - FIRST_MONTHS, GRID - 1)
            s, state = sex[row], ability[row]
            dies = draw(key_death, identity) < death[s, cell, state]
            if dies:
                died[n_died] = row
                n_died += 1
            elif moving_out > 0 and cell >= _FIFTY and draw(key_move, identity) < moving_out:
                moved[n_moved] = row
                n_moved += 1
            if cell < _NOT_DORMANT:
                continue
            if cell == _NOT_DORMANT:
                u = draw(key_entry, identity)
                first_state = 0
                total = prevalence[s, cell, 0]
                while first_state < 3 and u >= total:  # noqa: PLR2004
                    first_state += 1
                    total += prevalence[s, cell, first_state]
                ability[row] = first_state
                turned[n_turned] = row
                n_turned += 1
                continue
            if not dies:
                u = draw(key_ability, identity)
                worse = worsen[s, cell, state]
                if u < worse + recover[s, cell, state]:
                    changed[n_changed] = row
                    changed_to[n_changed] = state + 1 if u < worse else state - 1
                    n_changed += 1
            if (
                draw(key_apply, identity) < apply[cell, state, living[row]]
                and home[row] < 0
                and not waiting[row]
                and groups[row] & _DESTITUTE == 0
            ):
                applied[n_applied] = row
                n_applied += 1
    return n_died, n_changed, n_turned, n_moved, n_applied


@njit(cache=True)
def start_draws(  # noqa: D417 - one pass over everybody; columns are told in groups
    start: int, ids: U64, birth: Codes, sex: Codes, may_be_home: F64, destitute: F64, ability_cumulated: F64,
    in_homes: F64, group_bounds: F64, group_flags: Codes,
    key_home: np.uint64, key_destitute: np.uint64, key_ability: np.uint64, key_groups: np.uint64,
    key_wish: np.uint64,
    ability: Codes, groups: Codes, wish: NDArray[np.float32], at_home: Mask,
) -> None:  # fmt: skip
    """Draw who lives in a home, groups, ability and wish of everybody at the start.

    Args:
        start: month index of the first month.
        may_be_home: (rows,) probability of living in a home.
        destitute: (2, 2, GRID); `ability_cumulated`: (2, 2, 2, GRID, 3): see `base.HomeResidents`.
        in_homes: (4,) share of the destitute in homes, by ability.
        group_bounds: cumulated shares of the other groups; `group_flags` their flags.
        ability, groups, wish, at_home: columns that are written.
    """
    for row in range(len(ids)):
        identity = ids[row]
        cell = min(max(start - 1 - birth[row] - FIRST_MONTHS, 0), GRID - 1)
        s = sex[row]
        inside = 1 if may_be_home[row] > 0 and draw(key_home, identity) < may_be_home[row] else 0
        at_home[row] = inside == 1
        where = max(cell, SIXTY)
        poor = 1 if draw(key_destitute, identity) < destitute[inside, s, where] else 0
        if cell >= SIXTY:
            u = draw(key_ability, identity)
            state = 0
            while state < 3 and u >= ability_cumulated[inside, poor, s, cell, state]:  # noqa: PLR2004
                state += 1
            ability[row] = state
        u = draw(key_wish, identity)
        in_share = in_homes[ability[row]]
        if poor == 1:
            groups[row] = _DESTITUTE
            wish[row] = u * in_share if inside == 1 else in_share + u * (1 - in_share)
            continue
        wish[row] = u
        u = draw(key_groups, identity)
        flag = 0
        while flag < len(group_bounds) and u >= group_bounds[flag]:
            flag += 1
        groups[row] = group_flags[flag] if flag < len(group_bounds) else 0


@njit(cache=True)
def first_applications(  # noqa: D417 - one pass over everybody; columns are told in groups
    start: int, span_months: float, ids: U64, birth: Codes, ability: Codes, left: Codes, at_home: Mask,
    groups: Codes, living: Codes, apply_hazard: F64, key_apply: np.uint64, rows: I64, months: F64,
) -> int:  # fmt: skip
    """Applications during a burn-in in which nobody ages: at most one of each resident.

    Args:
        start: month index of the first month; `span_months` length of the burn-in.
        apply_hazard: (GRID, 4, 4) hazard per month.
        rows, months: buffers for the row and the time of application, in months before the start.

    Returns:
        How many applied.
    """
    count = 0
    for row in range(len(ids)):
        cell = min(start - 1 - birth[row] - FIRST_MONTHS, GRID - 1)
        if cell < SIXTY or left[row] != 0 or at_home[row] or groups[row] & _DESTITUTE != 0:
            continue
        hazard = apply_hazard[cell, ability[row], living[row]]
        u = draw(key_apply, ids[row])
        if u < 1 - np.exp(-hazard * span_months):
            rows[count] = row
            months[count] = span_months + np.log(1 - u) / hazard
            count += 1
    return count
