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
from sim.streams import draw

_DESTITUTE = int(Group.DESTITUTE)
_NOT_DORMANT = SIXTY
_FIFTY = FIFTY

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""


@njit(cache=True)
def month_events(  # noqa: D417 - columns are told in groups
    month: int, rows: I64, ids: U64, birth: Codes, sex: Codes, ability: Codes, left: Codes, home: Codes,
    waiting: Mask, groups: Codes, living: Codes,
    death: F64, worsen: F64, recover: F64, apply: F64, prevalence: F64, moving_out: float,
    key_death: np.uint64, key_ability: np.uint64, key_entry: np.uint64, key_move: np.uint64,
    key_apply: np.uint64,
    died: Codes, changed: Codes, changed_to: Codes, turned: Codes, moved: Codes, applied: Codes,
) -> tuple[int, int, int, int, int]:  # fmt: skip
    """One month of some residents.

    Args:
        month: month index.
        rows: whom to decide, see `screen`; nothing happens to the others.
        ids .. living: columns of the residents; `ability` is written only for those who turn 60.
        death, worsen, recover: (2, GRID, 4) probabilities of the month.
        apply: (GRID, 4, 4) probability of applying, by age, ability and living arrangement; only the intact
            are decided here, see `families`.
        prevalence: (2, GRID, 4), the ability of those who turn 60.
        moving_out: probability of moving away.
        key_*: keys of the draws.
        died .. applied: (rows,) buffers that are filled with row numbers; `changed_to` with abilities.

    Returns:
        How many of each buffer are filled: died, changed, turned 60, moved, applied.
    """
    # flat tables and unsigned indices: no wrap-around check, neighbours in a row share a line of memory
    dying, worse_at, better_at = death.reshape(-1), worsen.reshape(-1), recover.reshape(-1)
    applying = apply.reshape(-1)
    grid, last, states = np.uint64(GRID), GRID - 1, np.uint64(4)
    n_died = n_changed = n_turned = n_moved = n_applied = 0
    for row in rows:
        if left[row] != 0:
            continue
        identity = ids[row]
        cell = min(month - birth[row] - FIRST_MONTHS, last)
        s = sex[row]
        state = np.uint64(ability[row])
        at = (np.uint64(s) * grid + np.uint64(cell)) * states + state
        if draw(key_death, identity) < dying[at]:
            died[n_died] = row
            n_died += 1
            dies = True
        else:
            dies = False
            if moving_out > 0 and cell >= _FIFTY and draw(key_move, identity) < moving_out:
                moved[n_moved] = row
                n_moved += 1
        if cell < _NOT_DORMANT:
            continue
        if cell == _NOT_DORMANT:
            u = draw(key_entry, identity)
            first = 0
            total = prevalence[s, cell, 0]
            while first < 3 and u >= total:  # noqa: PLR2004
                first += 1
                total += prevalence[s, cell, first]
            ability[row] = first
            turned[n_turned] = row
            n_turned += 1
            continue
        if not dies:
            u = draw(key_ability, identity)
            worse = worse_at[at]
            if u < worse + better_at[at]:
                changed[n_changed] = row
                changed_to[n_changed] = ability[row] + 1 if u < worse else ability[row] - 1
                n_changed += 1
        if state != 0:
            continue
        asks = applying[np.uint64(cell) * states * states + np.uint64(living[row])]
        if (
            draw(key_apply, identity) < asks
            and home[row] < 0
            and not waiting[row]
            and groups[row] & _DESTITUTE == 0
        ):
            applied[n_applied] = row
            n_applied += 1
    return n_died, n_changed, n_turned, n_moved, n_applied


@njit(cache=True)
def start_draws(  # noqa: D417 - one pass over everybody; columns are told in groups
    start: int, ids: U64, birth: Codes, sex: Codes, may_be_home: NDArray[np.float32], destitute: F64,
    ability_cumulated: F64, in_homes: F64, group_bounds: F64, group_flags: Codes,
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
            if cell >= SIXTY:  # that the younger are outside says nothing of what they wish
                u = u * in_share if inside == 1 else in_share + u * (1 - in_share)
            wish[row] = u
            continue
        wish[row] = u
        u = draw(key_groups, identity)
        flag = 0
        while flag < len(group_bounds) and u >= group_bounds[flag]:
            flag += 1
        groups[row] = group_flags[flag] if flag < len(group_bounds) else 0
