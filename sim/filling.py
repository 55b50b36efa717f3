"""Who lives in which home at the start."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.applicants import Applicants
from sim.choice import HomesOnOffer, bed_kind
from sim.codes import NEVER, Ability, BedKind, Group, Ownership
from sim.facilities.carers import Carers, load_of
from sim.population.base import Base
from sim.population.lifetable import completed
from sim.streams import START, Purpose, key, uniforms

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Staffed = tuple[Carers, I64] | None
"""Caregivers and the registered beds (homes, 2) of their homes; None where they limit no beds."""


def fill_homes(
    base: Base, applicants: Applicants, homes: HomesOnOffer, at_home: NDArray[np.bool_], open_beds: I64,
    staffed: Staffed, left: tuple[I64, NDArray[np.bool_]] | None = None,
) -> I64:  # fmt: skip
    """Give those who live in homes a home and a bed; returns (homes, 2) free beds.

    The destitute first, then in keyed order each takes the home of highest utility that still has a bed of
    the kind and caregivers to spare. Who finds none lives in a private home: those drawn are as many, and as
    frail, as flows keep, but no richer than others, while homes that are not full have those who can pay.
    How long they have lived there is not drawn: stays are exponential, so the past of a stay says nothing
    about its rest. Those who entered able chose as such; where residents change beds, who of them has come to
    need a nursing bed has one in that home if it has any left: residents go before newcomers.

    Args:
        base: with what need residents of homes entered.
        applicants: for the homes they would name.
        homes: the homes at the start.
        at_home: (residents,) who lives in a home; set to False where no bed is left.
        open_beds: (homes, 2).
        staffed: the caregivers of the homes, None where they limit no beds: a home takes whom they can care
            for. They are at work afterwards, and free beds are staffed ones.
        left: what a burn-in leaves, if given: (homes, 2) beds taken, which are taken first, and which beds
            somebody waits for. None of these stays free: where too few residents could pay for such a bed,
            some live there who could not, those before others whom no home suits.
    """
    people, seed = applicants.residents, applicants.seed
    rows = np.flatnonzero(at_home)
    ability, since = _at_entry(base, applicants, rows)
    before = bed_kind(ability)
    drawn = uniforms(key(seed, Purpose.HOME_CHOICE_AT_START, START), people.id[rows])
    destitute = (people.groups[rows] & Group.DESTITUTE) != 0
    order = np.lexsort((drawn, before, ~destitute))
    rows, ability, since = rows[order], ability[order], since[order]
    utility = applicants.chooser.utility_inside(homes, applicants.seekers(rows, ability))
    kinds = bed_kind(ability)
    moves = applicants.scenario.mechanisms.in_house_moves
    needs = np.where(since, int(BedKind.NURSING), kinds) if moves else kinds.copy()
    free = open_beds.copy()
    loads, room = np.zeros(len(rows)), np.full(len(open_beds), np.inf)
    if staffed is not None:
        loads, room = staffed[0].load[people.ability[rows]], staffed[0].at_start(staffed[1])
    found = np.full(len(rows), NEVER)
    anyhow = np.full(len(open_beds), np.inf)
    if left is not None:
        taken, waited = left
        first = np.minimum(taken, free)
        free -= first
        _fill(utility, kinds, needs, loads, first, anyhow, found)
        empty = np.where(waited, first, 0)
        first -= empty
        _place(
            np.ones(len(free), np.bool_),
            kinds,
            needs,
            empty,
            found,
            _unsuited_first(utility, destitute[order]),
        )
        free += first + empty
        np.subtract.at(room, found[found != NEVER], loads[found != NEVER])
    _fill(utility, kinds, needs, loads, free, room, found)
    private = homes.ownership == Ownership.PRIVATE
    everybody = np.arange(len(rows))
    _place(private, kinds, needs, free, found, everybody)
    _fill(utility, kinds, needs, loads, free, anyhow, found)
    _place(np.ones_like(private), kinds, needs, free, found, everybody)
    at_home[rows[found == NEVER]] = False
    people.home[rows] = found
    people.bed[rows] = np.where(found == NEVER, 0, kinds)
    if staffed is None:
        return free
    carers, registered = staffed
    inside = np.flatnonzero(at_home)
    need = load_of(carers.load, people.home[inside], people.ability[inside], len(open_beds))
    carers.begin(registered, open_beds, need)
    lived_in = open_beds - free
    usable = carers.usable(need, lived_in, open_beds) - lived_in
    return usable if left is None else np.where(left[1] & (lived_in >= left[0]), 0, usable)


@njit(cache=True)
def _fill(
    utility: F64, kinds: I64, needs: I64, loads: F64, free: I64, room: F64, found: I64
) -> None:  # fmt: skip
    """Who has none yet takes the best home with a bed left, of the kind needed or else asked for.

    Of homes that are as good the first is taken.

    Args:
        utility: (residents, homes), -inf where they could not live.
        kinds: of bed asked for.
        needs: the kind needed now.
        loads: caregivers that each takes.
        free: (homes, 2) beds left; taken from.
        room: caregivers left of each home; taken from.
        found: the home of each is written; `kinds` becomes the kind of bed.
    """
    for i in range(len(found)):
        if found[i] != NEVER:
            continue
        most, best, kind = -np.inf, NEVER, kinds[i]
        for home in range(len(room)):
            if utility[i, home] > most and room[home] >= loads[i]:
                bed = needs[i] if free[home, needs[i]] > 0 else kinds[i]
                if free[home, bed] > 0:
                    most, best, kind = utility[i, home], home, bed
        if best != NEVER:
            free[best, kind] -= 1
            room[best] -= loads[i]
            found[i], kinds[i] = best, kind


def _unsuited_first(utility: F64, destitute: NDArray[np.bool_]) -> I64:
    """Residents who are not destitute, first those whom no home suits, else in the same order."""
    suited = (utility > -np.inf).any(axis=1)
    return np.concatenate([np.flatnonzero(~destitute & ~suited), np.flatnonzero(~destitute & suited)])


def _place(
    homes: NDArray[np.bool_], kinds: I64, needs: I64, free: I64, found: I64, who: I64
) -> None:  # fmt: skip
    """Who still has no home lives in that of these with most beds left, of the kind needed or asked for.

    Args:
        homes: (homes,) which.
        kinds: of bed asked for.
        needs: the kind needed now.
        free: (homes, 2) beds left; taken from.
        found: the home of each who has none yet is written; `kinds` becomes the kind of bed.
        who: whom to place, in this order.
    """
    for i in who[found[who] == NEVER].tolist():
        if not free.any():
            break
        for bed in (int(needs[i]), int(kinds[i]), 1 - int(needs[i])):
            home = int(np.where(homes, free[:, bed], 0).argmax())
            if homes[home] and free[home, bed] > 0:
                free[home, bed] -= 1
                found[i], kinds[i] = home, bed
                break


def _at_entry(base: Base, applicants: Applicants, rows: I64) -> tuple[I64, NDArray[np.bool_]]:
    """Ability at entry of residents of homes, as far as the kind of bed goes; and who came to need since."""
    people = applicants.residents
    ability = people.ability[rows].astype(np.int64)
    start = applicants.scenario.horizon.first
    cell = completed(start, people.birth[rows])
    bounds = base.stays.entered[people.sex[rows], cell, ability]
    drawn = uniforms(key(applicants.seed, Purpose.ENTERED_ABLE, START), people.id[rows])
    able = drawn < bounds[:, 1]
    entered = np.where(able, np.minimum(ability, Ability.MILD), np.maximum(ability, Ability.MODERATE))
    return entered, able & (drawn >= bounds[:, 0])
