"""charges.csv: what of fees, taxes and rents a law leaves due, and what it waives. No chance enters."""

from __future__ import annotations

import math

import pyarrow as pa

from sim.money import fen, yuan
from sim.policy import charges
from sim.policy.book import PolicyBook
from sim.scenario.types import Scenario
from sim.tables import CHARGES_COLUMNS, NOT_GIVEN, NOT_IN_DOCUMENT


def table(scenario: Scenario, book: PolicyBook) -> pa.Table:
    """The rows of `charges.csv`: the charges of the scenario by year and rule; then rules without a charge.

    A rule for which the scenario has no charge has a row for each kind of payer, without year and amounts.
    """
    horizon = scenario.horizon
    given = [
        charges.Charged(
            row.clause, row.payer, row.due_month, fen(row.full.value),
            None if row.share_due is None else row.share_due.value,
        )
        for row in scenario.charges
    ]  # fmt: skip
    last = horizon.first.plus(horizon.months - 1)
    found = charges.settle(given, book.by_id, horizon.first, last)
    rows: list[tuple[object, ...]] = [
        (
            scenario.place.id, one.year, one.clause_id, one.payer, one.share_due, yuan(one.full_fen),
            yuan(one.due_fen), yuan(one.waived_fen), NOT_IN_DOCUMENT,
        )
        for one in found
    ]  # fmt: skip
    charged = {(one.clause_id, one.payer) for one in found}
    for clause in book.clauses:
        if clause.plan_input == charges.SECTION:
            for payer in clause.labels or ("",):
                if (clause.id, payer) not in charged:
                    share = charges.share_due(clause, payer)
                    rows.append(
                        (scenario.place.id, None, clause.id, payer, share, *[math.nan] * 3, NOT_GIVEN)
                    )
    columns = list(zip(*rows, strict=True)) or [()] * len(CHARGES_COLUMNS)
    return pa.table(dict(zip(CHARGES_COLUMNS, (pa.array(column) for column in columns), strict=True)))
