"""What those did before the start who are here at the start, and those who died meanwhile: by looking back.

Who is here has come to the present ability along a path that is drawn backwards, from the prevalence of the
ages before and the monthly changes: so who asked for a bed then asked at the age and ability of then, and is
at the start as old and as frail as the table says. Who died before the start is in no table; each resident
stands for such as were like them when they died, as often as the hazard of death says. In a population whose
numbers and hazards do not change these two are all who lived then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.codes import Ability, Group
from sim.population.ability import STATES
from sim.population.lifetable import FIRST_MONTHS, GRID, SIXTY
from sim.population.past_tables import PastTables
from sim.population.residents import Residents
from sim.streams import Purpose, draw, key, pair_id

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Codes = NDArray[Any]
"""A column of small integers, see `residents.COLUMNS`."""

_ROUNDING = 1e-6
_DESTITUTE = int(Group.DESTITUTE)
_NEEDING = int(Ability.MODERATE)
MOST_DEATHS = 6
"""Those who died for whom one resident stands, at most."""
MOST_REPEATS = 6
"""Applications of a person before the start, at most."""


class Past(NamedTuple):
    """What happened before the start, in months before it; somebody's latest application comes first.

    Somebody is a row and a copy: 0 is the resident, above it who died and was like the resident.

    Attributes:
        rows, copies, numbers, months, ability: of applications; `numbers` count those of a person.
        changed_rows, changed_copies, changed_months, changed_to: changes of ability that change the kind of
            bed needed, of those who applied, after their first application.
        died_rows, died_copies, died_months: deaths of those who applied.
    """

    rows: I64
    copies: I64
    numbers: I64
    months: F64
    ability: I64
    changed_rows: I64
    changed_copies: I64
    changed_months: F64
    changed_to: I64
    died_rows: I64
    died_copies: I64
    died_months: F64


def look_back(
    tables: PastTables, people: Residents, pressure: F32, start: int, months: int, willing: F64, seed: int,
    origin: int,
) -> Past:  # fmt: skip
    """Who applied in the months before the start, and what became of them.

    Args:
        tables: of looking back.
        people: at the start.
        pressure: (residents,) factor on applying, then as at the start.
        start: index of the first month.
        months: how far back.
        willing: (4,) rank of the wish below which a destitute resident of an ability wants a home.
        seed: of the replication.
        origin: draws are made in the months `origin`, `origin` - 1, ... of their purposes.
    """

    def keys(purpose: Purpose, count: int) -> U64:
        return np.array([key(seed, purpose, origin - n) for n in range(count)], np.uint64)

    room, n = len(people) // 4 + 100, -1
    while n < 0:  # who apply so often that they do not find room are looked at once more
        whole = [np.empty(room, np.int64) for _ in range(8)]
        parts = [np.empty(room) for _ in range(3)]
        rows, copies, numbers, ability, c_rows, c_copies, c_to, d_codes = whole
        n, c, d = _look_back(
            start, months, people.id, people.birth, people.sex, people.ability, people.left, people.groups,
            people.living, pressure, people.wish, willing,
            tables.back, tables.earlier, tables.asked, np.ascontiguousarray(tables.asked[..., months]),
            tables.hazard, tables.dying,
            keys(Purpose.APPLY, MOST_REPEATS), keys(Purpose.PAST_ABILITY, MOST_REPEATS),
            keys(Purpose.ABILITY, months), keys(Purpose.ABILITY_DAY, months),
            keys(Purpose.DEATH, MOST_DEATHS),
            rows, copies, numbers, parts[0], ability, c_rows, c_copies, parts[1], c_to, d_codes, parts[2],
        )  # fmt: skip
        room *= 2
    died_copies, died_rows = np.divmod(d_codes[:d], len(people))
    return Past(
        rows[:n], copies[:n], numbers[:n], parts[0][:n], ability[:n],
        c_rows[:c], c_copies[:c], parts[1][:c], c_to[:c], died_rows, died_copies, parts[2][:d],
    )  # fmt: skip


@njit(cache=True)
def _look_back(
    start: int, months: int, ids: U64, birth: Codes, sex: Codes, ability: Codes, left: Codes, groups: Codes,
    living: Codes, pressure: Codes, wish: Codes, willing: F64,
    back: F64, earlier: F32, asked: F32, asked_in_all: F32, hazard: F64, dying: F64,
    keys_apply: U64, keys_state: U64, keys_path: U64, keys_day: U64, keys_death: U64,
    rows: I64, copies: I64, numbers: I64, before: F64, then: I64,
    c_rows: I64, c_copies: I64, c_before: F64, c_to: I64, d_codes: I64, d_before: F64,
) -> tuple[int, int, int]:  # fmt: skip
    """Fill the buffers `rows` and on; returns how many applications, changes, deaths; -1 without room.

    `d_codes` is the copy times the number of residents, and the row.
    """
    zero: Any = np.int64(0)  # not 0, for which what is called would be compiled once more
    n = c = d = zero
    room, changes = len(rows) - len(keys_apply), len(c_rows) - months
    path = np.zeros(months + 1, np.int64)
    for row in range(len(ids)):
        cell = min(start - 1 - birth[row] - FIRST_MONTHS, GRID - 1) - SIXTY
        if cell < 0 or left[row] != 0:
            continue
        s, state, home = sex[row], ability[row], living[row]
        poor = groups[row] & _DESTITUTE != 0
        dies, died = dying[s, cell, state], 0.0
        for copy in range(len(keys_death) + 1):
            identity, since = ids[row], zero
            if copy > 0:
                u = draw(keys_death[copy - 1], identity)
                if u > dies * (months - died) + _ROUNDING:  # a probability is below its hazard
                    break
                died -= np.log(1 - u) / dies
                since = int(died) + 1  # the month of death has begun with this age and ability
                if since >= months:
                    break
                identity = pair_id(identity, np.uint64(copy))
            if n >= room or c >= changes or d >= len(d_codes) - 1:
                return zero - 1, zero, zero
            first = n
            if poor:
                n, c = _placed(
                    row, copy, identity, since, s, cell, state, months, wish[row], willing, back, keys_path,
                    keys_day, path, n, c, rows, copies, numbers, before, then, c_rows, c_copies, c_before,
                    c_to,
                )  # fmt: skip
            else:
                most = asked_in_all[s, cell, state, home] * pressure[row]
                if draw(keys_apply[0], identity) > most + _ROUNDING:
                    continue
                n, c = _asked(
                    row, copy, identity, since, s, cell, state, home, months, pressure[row], back, earlier,
                    asked, hazard, keys_apply, keys_state, keys_path, keys_day, n, c, rows, copies, numbers,
                    before, then, c_rows, c_copies, c_before, c_to,
                )  # fmt: skip
            if copy > 0 and n > first:
                d_codes[d], d_before[d] = copy * len(ids) + row, died
                d += 1
    if c >= changes:
        return zero - 1, zero, zero
    return n, c, d


@njit(cache=True)
def _asked(
    row: int, copy: int, identity: np.uint64, since: int, s: int, cell: int, state: int, home: int,
    months: int, pressure: float, back: F64, earlier: F32, asked: F32, hazard: F64,
    keys_apply: U64, keys_state: U64, keys_path: U64, keys_day: U64, n: int, c: int,
    rows: I64, copies: I64, numbers: I64, before: F64, then: I64,
    c_rows: I64, c_copies: I64, c_before: F64, c_to: I64,
) -> tuple[int, int]:  # fmt: skip
    """Applications of somebody who was of an age and ability so many months before the start, latest first.

    The latest is drawn by the hazard expected over the paths that lead here, the ability of then by which of
    them applies, the path between by both ends; the one before is found from there in the same way.
    """
    for number in range(len(keys_apply)):
        upto = months - since
        u = draw(keys_apply[number], identity)
        expected = asked[s, cell, state, home]
        if upto <= 0 or u >= 1 - np.exp(-expected[upto] * pressure):
            break
        wanted = -np.log(1 - u) / pressure
        low, high = 0, upto  # expected[low] <= wanted < expected[high]
        while high - low > 1:
            middle = (low + high) // 2
            if expected[middle] <= wanted:
                low = middle
            else:
                high = middle
        part = min(max((wanted - expected[low]) / (expected[high] - expected[low]), 0.0), 1.0)
        weights = earlier[s, cell, state, high] * hazard[cell - low, :, home]
        u = draw(keys_state[number], identity) * weights.sum()
        aim = 0
        while aim < STATES - 1 and u >= weights[aim]:
            u -= weights[aim]
            aim += 1
        at = since + low + part
        rows[n], copies[n], numbers[n], before[n], then[n] = row, copy, number, at, aim
        for k in range(high):
            month = since + k
            prior = _earlier(
                back[s, cell - k, state], earlier, s, cell - k - 1, high - k - 1, aim,
                draw(keys_path[month], identity),
            )  # fmt: skip
            if prior != state:
                day = month + draw(keys_day[month], identity)
                if k == low and day >= at:
                    then[n] = state
                elif (prior >= _NEEDING) != (state >= _NEEDING):
                    c_rows[c], c_copies[c], c_before[c], c_to[c] = row, copy, day, state
                    c += 1
            state = prior
        n += 1
        since += high
        cell -= high
        if c >= len(c_rows) - months:
            break
    return n, c


@njit(cache=True)
def _earlier(chance: F64, earlier: F32, s: int, cell: int, ahead: int, aim: int, u: float) -> int:
    """The ability a month earlier, given the one that a path comes from so many months before that."""
    total = 0.0
    for prior in range(STATES):
        total += chance[prior] * earlier[s, cell, prior, ahead, aim]
    u *= total
    last = aim
    for prior in range(STATES):
        weight = chance[prior] * earlier[s, cell, prior, ahead, aim]
        if weight > 0:
            last = prior
            if u < weight:
                return prior
            u -= weight
    return last


@njit(cache=True)
def _placed(
    row: int, copy: int, identity: np.uint64, since: int, s: int, cell: int, state: int, months: int,
    wish: float, willing: F64, back: F64, keys_path: U64, keys_day: U64, path: I64, n: int, c: int,
    rows: I64, copies: I64, numbers: I64, before: F64, then: I64,
    c_rows: I64, c_copies: I64, c_before: F64, c_to: I64,
) -> tuple[int, int]:  # fmt: skip
    """The application of a destitute person who came to want a home in these months: once, for good.

    Who wants one already when they begin has asked before, and is not counted.
    """
    steps = min(months - since, cell)
    path[0], wants = state, 0
    for k in range(1, steps + 1):
        u, prior = draw(keys_path[since + k - 1], identity), 0
        chance = back[s, cell - k + 1, path[k - 1]]
        while prior < STATES - 1 and u >= chance[prior]:
            u -= chance[prior]
            prior += 1
        path[k] = prior
        if wish < willing[prior]:
            wants = k
    if wants == 0 or (wants == steps and steps < cell):
        return n, c
    month = since + wants - 1  # asks in the month after the one in which the wish came
    at = month + draw(keys_day[month], pair_id(identity, np.uint64(month)))
    rows[n], copies[n], numbers[n], before[n], then[n] = row, copy, 0, at, path[wants]
    for k in range(wants):
        if path[k] != path[k + 1]:
            day = since + k + draw(keys_day[since + k], identity)
            if k == wants - 1 and day >= at:
                then[n] = path[k]
            elif (path[k] >= _NEEDING) != (path[k + 1] >= _NEEDING):
                c_rows[c], c_copies[c], c_before[c], c_to[c] = row, copy, day, path[k]
                c += 1
    return n + 1, c
