"""Names, columns, units and dtypes of every result table. Labels may be translated; these names may not.

A part (one replication) is one long table, `PART_SCHEMA`: which table a row belongs to, its keys, and one
value. It holds what every summary can be made again from. Keys that a table does not use are empty text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

SCHEMA_VERSION = 1
IN_DOCUMENT = "in document"
NOT_IN_DOCUMENT = "not in document"
"""Rate statuses of a measure: its amount is the document's, or the scenario's."""
NOT_GIVEN = "not given"
"""Rate status of a measure for which neither the document nor the scenario has an amount."""
INCOMPLETE = "incomplete"
"""Rate status of a total in which such a measure stands with amount 0."""
PARTLY = "partly "
"""Before a rate status: only some of what a total adds up has it. Several statuses of a total by `; `."""
RECONSTRUCTED, PROJECTED = "reconstructed", "projected"
"""Column `basis`: the year (or what the run has of it) ended before the month of the notice, or later. A year
with the notice in it is projected: stocks are of its end; flows of its first months are not marked apart."""
TOTAL = "total"
ALL = "all"

_KEY = pa.dictionary(pa.int16(), pa.string())
KEYS = (
    "table", "metric", "region_code", "bed_kind", "ownership", "tier", "sex", "age_band", "ability",
    "setting", "measure", "clause_id", "payer", "indicator", "denominator",
)  # fmt: skip
PART_SCHEMA = pa.schema(
    [("month", pa.int32()), *[(key, _KEY) for key in KEYS], ("value", pa.float64())],
    metadata={"schema_version": str(SCHEMA_VERSION)},
)
"""`month` is the month index of `sim.months.Month`; `value` holds persons, beds, days or fen (whole)."""


@dataclass(frozen=True)
class Metric:
    """A metric of `summary.csv`.

    Attributes:
        name: name in the column `metric`.
        unit: unit of the value.
        kind: a stock is the state at the end of a month, a flow is what happened in the month.
        by_bed_kind: given by bed kind too; else only for `all`.
    """

    name: str
    unit: str
    kind: Literal["stock", "flow"]
    by_bed_kind: bool


METRICS = (
    Metric("residents_60plus", "persons", "stock", by_bed_kind=False),
    Metric("residents_65plus", "persons", "stock", by_bed_kind=False),
    Metric("residents_80plus", "persons", "stock", by_bed_kind=False),
    Metric("care_need", "persons", "stock", by_bed_kind=False),
    Metric("bed_need", "beds", "stock", by_bed_kind=False),
    Metric("bed_demand", "persons", "stock", by_bed_kind=True),
    Metric("registered_beds", "beds", "stock", by_bed_kind=True),
    Metric("open_beds", "beds", "stock", by_bed_kind=True),
    Metric("occupied", "beds", "stock", by_bed_kind=True),
    Metric("vacant_open_beds", "beds", "stock", by_bed_kind=True),
    Metric("normative_gap", "beds", "stock", by_bed_kind=False),
    Metric("expressed_gap", "beds", "stock", by_bed_kind=True),
    Metric("waiting", "persons", "stock", by_bed_kind=True),
    Metric("waiting_public_nursing", "persons", "stock", by_bed_kind=False),
    Metric("dependent_in_ordinary_beds", "persons", "stock", by_bed_kind=False),
    Metric("admitted", "persons", "flow", by_bed_kind=True),
    Metric("left_alive", "persons", "flow", by_bed_kind=True),
    Metric("left_to_family", "persons", "flow", by_bed_kind=False),
    Metric("left_to_hospital", "persons", "flow", by_bed_kind=False),
    Metric("left_elsewhere", "persons", "flow", by_bed_kind=False),
    Metric("left_cannot_pay", "persons", "flow", by_bed_kind=False),
    Metric("died_in_home", "persons", "flow", by_bed_kind=True),
    Metric("unmet_hours", "hours_per_week", "stock", by_bed_kind=False),
    Metric("family_hours", "hours_per_week", "stock", by_bed_kind=False),
    Metric("families_caring", "families", "stock", by_bed_kind=False),
    Metric("families_strained", "families", "stock", by_bed_kind=False),
    Metric("caregivers_needed", "persons", "stock", by_bed_kind=False),
    Metric("caregivers_present", "persons", "stock", by_bed_kind=False),
    Metric("entered_60", "persons", "flow", by_bed_kind=False),
    Metric("died_60plus", "persons", "flow", by_bed_kind=False),
    Metric("moved_in", "persons", "flow", by_bed_kind=False),
    Metric("moved_out", "persons", "flow", by_bed_kind=False),
)
"""In `summary`, rows with `region_code` of each district and `total`, `bed_kind` ordinary, nursing, all."""

BETTER: dict[str, Literal["less", "more"]] = {
    "normative_gap": "less", "expressed_gap": "less", "vacant_open_beds": "less", "waiting": "less",
    "waiting_public_nursing": "less", "dependent_in_ordinary_beds": "less", "left_cannot_pay": "less",
    "unmet_hours": "less", "families_strained": "less",
    "waiting_end": "less", "died_waiting": "less", "mean_days": "less", "p50_days": "less",
    "p90_days": "less", "share_over_30d": "less", "share_over_90d": "less", "amount_yuan": "less",
}  # fmt: skip
"""Metric -> which direction is the better one in a comparison; a metric that is not here has none.

An empty bed is taken for the worse: it costs and cares for nobody. An amount is looked at as whoever pays it.
"""

WAIT_EVENTS = (
    "applied",
    "admitted",
    "withdrawn",
    "died_waiting",
    "moved_waiting",
    "refused_all",
    "waiting_end",
)
"""Table `waits`, metric: one row per event, value = days waited (0 for applied); `waiting_end` at each year's
end holds the number waiting. Region and ownership are those of the first choice, for `admitted` those of the
admitting home."""

LEDGER_METRICS = ("quantity", "amount_fen", "outstanding_fen", "cancelled_fen")
"""Table `costs`, keys measure, clause_id, payer; months of posting; outstanding at each fiscal year's end,
cancelled in the month in which a promise was taken back."""

SERVICE_METRICS = ("served", "entitled", "served_all_month", "entitled_all_month", "visits_required")
"""Table `services`, key measure = id of the service, each December; services of unknown capacity have no row.
`visits_required`: what all entitled would take in the month, for services counted in visits."""

SUMMARY_COLUMNS = (
    "scenario", "year", "region_code", "region_name", "bed_kind", "metric", "unit",
    "run0", "mean", "p10", "p50", "p90", "n_runs", "mcse", "months", "basis",
)  # fmt: skip
"""`months`: how many months of the year are in the run, 12 if all; also in waits.csv and costs.csv.
`basis`: see `RECONSTRUCTED`; also in waits.csv, population.csv and costs.csv."""
TARGETS_COLUMNS = (
    "place", "clause_id", "indicator", "denominator", "operator", "target", "unit", "due", "evaluated_on",
    "basis_2025", "force", "suspect", "computed", "value_run0", "value_p10", "value_p50", "value_p90",
    "prob_met", "prob_low", "prob_high", "gap_p50", "status", "restates", "first_met_run0", "first_met_p50",
    "expected_shortfall",
)  # fmt: skip
"""`restates`: clauses, by spaces, that say the same; such a row stays out of the pass count."""
COSTS_COLUMNS = (
    "place", "year", "measure", "clause_id", "payer", "quantity", "unit", "amount_yuan_run0",
    "amount_yuan_mean", "amount_yuan_p10", "amount_yuan_p50", "amount_yuan_p90", "outstanding_yuan",
    "rate_status", "cancelled_yuan", "year_begins", "months", "basis",
)  # fmt: skip
"""`year` is the fiscal year, named by the calendar year in which it begins; `year_begins` its first month."""
WAITS_COLUMNS = (
    "place", "year", "region_code", "ownership", "bed_kind", "tier", "applications", "admitted", "withdrawn",
    "died_waiting", "waiting_end", "mean_days", "p50_days", "p90_days", "share_over_30d", "share_over_90d",
    "months", "basis",
)  # fmt: skip
POPULATION_COLUMNS = (
    "place", "year", "region_code", "sex", "age_band", "ability", "setting", "persons_run0", "persons_mean",
    "basis",
)  # fmt: skip
UNCERTAINTY_COLUMNS = (
    "scenario", "year", "metric", "unit", "mean", "sd", "chance_share", "chance_low", "chance_high",
    "parameter_share", "n_runs", "n_pairs", "months", "basis",
)  # fmt: skip
"""Of the variance between replications; the interval is of `chance_share`, `parameter_share` is the rest.
Metrics are those of summary.csv for the whole place, and `yuan`, where `year` is the fiscal year."""
DRAWS_COLUMNS = ("run", "key", "value", "unit")
"""What `uncertain:` draws, in each run: run 0 has the central values, every fourth run those of the run
before it. `key` is dotted, with the ids of list items; `value` is written in full; dated changes move by as
much as it does. No row where nothing is drawn."""
CHARGES_COLUMNS = (
    "place", "year", "clause_id", "payer", "share_due", "charge_yuan", "due_yuan", "waived_yuan",
    "rate_status",
)  # fmt: skip
"""By calendar year. `payer`: a kind of payer where the rule differs by it (non_profit). A rule for which the
scenario has no charge has no year and no amounts."""
CONTRADICTIONS_COLUMNS = (
    "id", "kind", "clause_ids", "zh", "en", "treatment_zh", "treatment_en", "parameter",
)  # fmt: skip
"""Where the document contradicts itself or leaves a reading open; several ids or keys by spaces."""

BUDGET_COLUMNS = (
    "place", "year", "payer", "amount_yuan_run0", "amount_yuan_mean", "amount_yuan_p10", "amount_yuan_p50",
    "amount_yuan_p90", "appropriation_yuan", "appropriation_status", "prob_over", "prob_low", "prob_high",
    "over_yuan_p50", "n_runs", "rate_status", "year_begins", "months", "basis",
)  # fmt: skip
"""Each fiscal year's total per payer, and of all (`total`), beside what is appropriated for it.

`prob_over`: chance that it is exceeded, with its interval; empty without an appropriation, for a year that
the run cuts off, below 30 runs, and where all runs agree. `over_yuan_p50`: by how much in the median run."""

DRIVERS_COLUMNS = (
    "scenario", "from_year", "to_year", "region_code", "metric", "unit", "component", "change_run0",
    "change_mean", "change_p10", "change_p90", "n_runs",
)  # fmt: skip
"""Why the gap of a scenario moved between two 31 Decembers, see `sim.ensemble.drivers`; means add up."""

_DIFF_SE = "diff_se"
_DIFF = ("base_mean", "alt_mean", "diff_mean", "diff_p10", "diff_p90", "prob_better", "n_pairs")
DIFF_COLUMNS = ("base", "alt", "year", "region_code", "bed_kind", "metric", "unit", *_DIFF, _DIFF_SE)
"""Alternative minus base, paired by replication. Run 0 enters only if it is alone.

`diff_p10` and `diff_p90` are the spread between pairs, `diff_se` is how sure `diff_mean` is: its Monte Carlo
standard error over the pairs, by parameter point as `mcse`; 0 where all pairs agree, empty for a single pair.
`prob_better`: share of the pairs in which the alternative is strictly better, see `BETTER`; empty for a
metric without a direction, and for a single pair. `n_pairs`: pairs in which both have a value."""
DIFF_WAITS_COLUMNS = (
    "base", "alt", "year", "region_code", "ownership", "bed_kind", "tier", "metric", "unit", *_DIFF,
    _DIFF_SE,
)  # fmt: skip
"""Counts and days of waits.csv; a pair in which one has no admission has no difference in days."""
DIFF_COSTS_COLUMNS = (
    "base", "alt", "year", "measure", "clause_id", "payer", "metric", "unit", *_DIFF, "base_rate_status",
    "alt_rate_status", "year_begins", "months", _DIFF_SE,
)  # fmt: skip
"""As costs.csv: rows `total` from the totals of each replication."""
DIFF_TARGETS_COLUMNS = (
    "base", "alt", "clause_id", "indicator", "denominator", "operator", "unit", "evaluated_on",
    "base_target", "alt_target", *_DIFF, "base_prob_met", "alt_prob_met", "base_status", "alt_status",
    _DIFF_SE,
)  # fmt: skip
"""Each target on each day on which either tests it; better is along its operator."""
DIFF_INPUTS_COLUMNS = (
    "base", "alt", "component", "key", "base_value", "alt_value", "unit", "clause_ids", "base_origin",
    "alt_origin", "base_status", "alt_status",
)  # fmt: skip
"""Every value in which the resolved scenarios differ, and where it was written; several clauses by spaces."""
DECOMPOSITION_COLUMNS = (
    "base", "alt", "year", "region_code", "bed_kind", "metric", "unit", "component", "diff_mean", "diff_p10",
    "diff_p90", "n_pairs", _DIFF_SE,
)  # fmt: skip
"""Components, `interaction`, `total`: the means add up to the total exactly, quantiles do not."""
INTERACTION = "interaction"


def of_place(table: pa.Table, metric: str, year: int | None = None) -> pa.Table:
    """The rows of one metric for the whole place and all kinds of beds, in one year or in all.

    Args:
        table: with columns metric, region_code, bed_kind and year.
        metric: name in the column `metric`.
        year: all years if left out.
    """
    where = (pc.field("region_code") == TOTAL) & (pc.field("bed_kind") == ALL)
    where &= pc.field("metric") == metric
    return table.filter(where if year is None else where & (pc.field("year") == year))
