"""What can never be false: raised each month, naming the month and the numbers."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from sim.errors import InvariantError
from sim.facilities.estate import Estate
from sim.ledger import Ledger
from sim.months import Month
from sim.population.census import Counted
from sim.waitlist.admissions import Waitlist

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def people(month: Month, before: int, arrived: int, died: int, moved: int, now: int) -> None:
    """Rows that are here: those of the month before, plus arrivals, less deaths and departures."""
    if before + arrived - died - moved != now:
        raise InvariantError(
            str(month), f"people: {before} + {arrived} came - {died} died - {moved} moved is not {now}"
        )


def sixty(month: Month, before: F64, flows: dict[str, F64], now: F64) -> None:
    """Residents aged 60+ per district: those before, who turned 60, moved in, died and moved away."""
    came, went = flows["entered_60"] + flows["moved_in"], flows["died_60plus"] + flows["moved_out"]
    if (before + came - went != now).any():
        raise InvariantError(str(month), f"aged 60+: {before} + {came} - {went} is not {now}")


def beds(month: Month, estate: Estate, occupied: I64) -> None:
    """Occupied <= open <= registered, per home and kind; a closed bed with a resident counts as open."""
    opened, registered, in_use = estate.opened(), estate.registered(), estate.open_now()
    wrong = np.argwhere((occupied < 0) | (occupied > in_use) | (opened < 0) | (opened > registered))
    for home, kind in wrong:
        used, there, known = (int(table[home, kind]) for table in (occupied, in_use, registered))
        name = estate.homes[home].spec.name
        raise InvariantError(
            str(month), f"{name}, kind {kind}: occupied {used}, open {there}, registered {known}"
        )


def list_and_table(month: Month, waitlist: Waitlist, counted: Counted, occupied: I64) -> None:
    """Who waits and who lives in which home is the same in the list and in the table; nobody is twice."""
    if counted.waiting != len(waitlist.waiting):
        raise InvariantError(
            str(month), f"list: {len(waitlist.waiting)} wait, the table has {counted.waiting}"
        )
    if counted.both or counted.ghosts:
        raise InvariantError(
            str(month), f"{counted.both} wait and live in a home, {counted.ghosts} left and are still there"
        )
    listed = np.array(waitlist.all_occupied()).reshape(occupied.shape)
    for home, kind in np.argwhere(listed != occupied):
        raise InvariantError(
            str(month),
            f"home {home}, kind {kind}: the list counts {listed[home, kind]} residents, "
            f"the table {occupied[home, kind]}",
        )


def ledger(month: Month, lines: Ledger) -> None:
    """What was due is what the lines hold: paid, outstanding or taken back; nobody pays less than nothing.

    Lines come of splitting and of settling promises, entries are what was due before that: the two are
    written at different times by different code, so a line lost, doubled or split wrongly shows.
    """
    due, held = Counter[str](), Counter[str]()
    for entry in lines.entries:
        due[entry.measure] += entry.amount_fen
    for line in lines.lines:
        held[line.entry.measure] += line.amount_fen
    for one in lines.commitments:
        open_still = one.cancelled is not None or lines.settled is None or one.line.month > lines.settled
        held[one.line.entry.measure] += one.line.amount_fen if open_still else 0
    for measure in sorted(due.keys() | held.keys()):
        if due[measure] != held[measure]:
            raise InvariantError(
                str(month),
                f"ledger: {due[measure]} fen were due for {measure}, its lines hold {held[measure]}",
            )
    wrong = next((line for line in lines.lines if line.amount_fen * line.entry.amount_fen < 0), None)
    if wrong is not None:
        raise InvariantError(
            str(month), f"ledger: {wrong.payer} has {wrong.amount_fen} fen for {wrong.entry}"
        )
