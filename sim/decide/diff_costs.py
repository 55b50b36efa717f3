"""diff_costs.csv: what each measure costs whom in one scenario more than in another.

Totals are differences of the totals of each replication. With fiscal years that begin in different months
nothing can be compared, see `sim.decide.compare`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.decide.pairs import Pairs, directions
from sim.decide.sides import Side, common_years, of_years, points
from sim.ensemble import costs
from sim.money import FEN_PER_YUAN
from sim.months import fiscal_span
from sim.tables import DIFF_COSTS_COLUMNS, TOTAL

METRIC = "amount_yuan"


def table(base: Side, alt: Side) -> pa.Table:
    """Rows as in costs.csv of either scenario, zero amounts included."""
    begins = base.frame.fiscal_first_month
    years = common_years(base.frame, alt.frame, begins)
    rows = [_with_totals(of_years(side.gathered.costs, years)) for side in (base, alt)]
    pairs = Pairs.of(rows[0], rows[1], costs.KEYS, base.frame.runs)
    at = {key: row for row, key in enumerate(zip(*(pairs.keys[key] for key in costs.KEYS), strict=True))}
    listed = [_listed(side, years) for side in (base, alt)]
    keys = sorted({*listed[0], *listed[1]}, key=costs.place_in_table)
    nothing = np.zeros(base.frame.runs)
    amounts = [
        np.array([values[at[key]] if key in at else nothing for key in keys]).reshape(len(keys), len(nothing))
        for values in (pairs.base / FEN_PER_YUAN, pairs.alt / FEN_PER_YUAN)
    ]
    found = Pairs({}, amounts[0], amounts[1])
    columns: dict[str, Any] = {
        "base": [base.name] * len(keys),
        "alt": [alt.name] * len(keys),
        **{name: [key[place] for key in keys] for place, name in enumerate(costs.KEYS)},
        "metric": [METRIC] * len(keys),
        "unit": ["yuan"] * len(keys),
        **found.columns(directions([METRIC] * len(keys)), points(base.frame, alt.frame)),
        "base_rate_status": [listed[0].get(key, "") for key in keys],
        "alt_rate_status": [listed[1].get(key, "") for key in keys],
        "year_begins": [str(fiscal_span(key[0], begins)[0]) for key in keys],
        "months": [base.frame.months_of(key[0], begins) for key in keys],
    }
    return pa.table({name: columns[name] for name in DIFF_COSTS_COLUMNS})


def _listed(side: Side, years: list[int]) -> dict[costs.Key, str]:
    """The rows of costs.csv in some years, and their rate status."""
    made = of_years(side.tables["costs"], years)
    columns = [made[name].to_pylist() for name in (*costs.KEYS, "rate_status")]
    return {
        (int(year), str(measure), str(clause), str(payer)): str(status)
        for year, measure, clause, payer, status in zip(*columns, strict=True)
    }


def _with_totals(rows: pa.Table) -> pa.Table:
    """The amounts of the ledger, with those of each payer, and of all, beside them."""
    amounts = rows.filter(pc.equal(rows["metric"].cast(pa.string()), "amount_fen"))

    def named(table: pa.Table, **texts: str) -> pa.Table:
        for name, text in texts.items():
            place = table.schema.get_field_index(name)
            table = table.set_column(place, name, pa.array([text] * len(table), pa.string()))
        return table

    of_payer = named(amounts, measure=TOTAL, clause_id="")
    return pa.concat_tables([amounts, of_payer, named(of_payer, payer=TOTAL)])
