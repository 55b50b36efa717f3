"""budget.csv: totals per payer and year from each replication, and the chance that they are exceeded."""

import numpy as np
import pyarrow as pa
import pytest
from made_up import part

from sim.ensemble import budget, costs
from sim.ensemble.cells import Frame
from sim.errors import InputError
from sim.months import Calendar, Month
from sim.policy.verdict import jeffreys
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Money
from sim.tables import BUDGET_COLUMNS

START, LAST = Month.of(2022, 11), Month.of(2024, 6)
YUAN = {"unit": "yuan", "status": "published", "source": "finance bureau"}


def rows_of(run, amounts):
    """The reduced ledger of one replication: (month, measure, payer, yuan)."""
    listed = [
        {"table": "costs", "month": month.index, "metric": "amount_fen", "measure": measure, "payer": payer,
         "clause_id": "x.1", "region_code": "total", "value": round(yuan * 100)}
        for month, measure, payer, yuan in amounts
    ]  # fmt: skip
    reduced = costs.reduce(part(listed))
    text = reduced.cast(pa.schema([pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
                                   for f in reduced.schema]))  # fmt: skip
    return text.append_column("run", pa.array([run] * len(text), pa.int64()))


def made(yinchuan, runs, **money):
    """The table of replications given as lists of amounts, by (year, payer)."""
    frame = Frame("s", "p", {"total": "p"}, Calendar(START, LAST.minus(START) + 1), len(runs))
    rows = pa.concat_tables([rows_of(run, amounts) for run, amounts in enumerate(runs)])
    stated = Money.model_validate(yinchuan.money.model_dump() | money)
    table = budget.table(rows, frame, costs.table(rows, frame, ()), stated)
    assert tuple(table.column_names) == BUDGET_COLUMNS
    return {(row["year"], row["payer"]): row for row in table.to_pylist()}


IN_2023, IN_2024 = Month.of(2023, 5), Month.of(2024, 2)


def test_quantiles_come_from_the_totals_of_each_run_and_are_no_sums(yinchuan):
    runs = [[(IN_2023, "a", "city", 1), (IN_2023, "b", "city", 1)]]
    runs += [[(IN_2023, "a", "city", x), (IN_2023, "b", "city", 100 - x)] for x in range(0, 101, 10)]
    row = made(yinchuan, runs)[2023, "city"]
    assert (row["amount_yuan_p10"], row["amount_yuan_p50"], row["amount_yuan_p90"]) == (100, 100, 100)
    assert (row["amount_yuan_run0"], row["amount_yuan_mean"], row["n_runs"]) == (2, 100, 11)
    assert row["appropriation_yuan"] is None
    assert row["prob_over"] is None


def test_the_chance_of_exceeding_what_a_payer_has_set_aside(yinchuan):
    runs = [[(IN_2023, "a", "city", 0), (IN_2023, "a", "district", 50)]]
    runs += [[(IN_2023, "a", "city", x), (IN_2023, "a", "district", 50)] for x in range(1, 41)]
    given = {"city": {"2023": {"value": 30, **YUAN}}, "district": {"2023": {"value": 49, **YUAN}},
             "centre": {"2023": {"value": 7, **YUAN}}}  # fmt: skip
    found = made(yinchuan, runs, appropriations=given)
    city = found[2023, "city"]
    assert city["prob_over"] == 10 / 40  # 30 itself is not over
    assert (city["prob_low"], city["prob_high"]) == jeffreys(10, 40)
    assert (city["appropriation_yuan"], city["appropriation_status"]) == (30, "published")
    assert city["over_yuan_p50"] == pytest.approx(20.5 - 30)
    certain = found[2023, "district"]  # all runs agree: no chance, but over
    assert (certain["prob_over"], certain["over_yuan_p50"]) == (None, 1)
    assert found[2023, "centre"]["amount_yuan_mean"] == 0
    assert found[2023, "centre"]["over_yuan_p50"] == -7
    assert found[2023, "total"]["appropriation_yuan"] is None


def test_a_budget_for_all_measures_is_that_of_the_total_and_one_for_some_is_not(yinchuan):
    runs = [[(IN_2023, "a", "city", float(x))] for x in np.arange(31)]
    whole = made(yinchuan, runs, budgets={"2023": {"value": 10, **YUAN}})[2023, "total"]
    assert (whole["appropriation_yuan"], whole["prob_over"]) == (10, 20 / 30)
    some = made(yinchuan, runs, budgets={"2023": {"value": 10, **YUAN, "measures": ["a"]}})[2023, "total"]
    assert some["appropriation_yuan"] is None


def test_a_year_cut_off_and_few_runs_have_no_chance(yinchuan):
    runs = [[(IN_2023, "a", "city", float(x)), (IN_2024, "a", "city", float(x))] for x in np.arange(31)]
    given = {"city": {year: {"value": 10, **YUAN} for year in ("2023", "2024")}}
    found = made(yinchuan, runs, appropriations=given)
    assert found[2023, "city"]["prob_over"] is not None
    cut = found[2024, "city"]
    assert (cut["months"], cut["appropriation_yuan"]) == (6, 10)
    assert (cut["prob_over"], cut["over_yuan_p50"]) == (None, None)
    few = made(yinchuan, runs[:29], appropriations=given)[2023, "city"]
    assert few["prob_over"] is None
    assert few["over_yuan_p50"] is not None


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("{mayor: {'2023': {value: 1, unit: yuan, status: assumption, source: s}}}", "mayor"),
        ("{city: {'23': {value: 1, unit: yuan, status: assumption, source: s}}}", "23"),
        ("{city: {'2023': {value: -1, unit: yuan, status: assumption, source: s}}}", "out of bounds"),
        ("{city: {'2023': {value: 1, unit: beds, status: assumption, source: s}}}", "yuan"),
        ("{city: {'2023': {value: 1, unit: yuan}}}", "source"),
    ],
)
def test_a_wrong_appropriation_is_told_where_it_stands(tmp_path, setting, words):
    file = tmp_path / "a.yaml"
    file.write_text(f"extends: yinchuan\nname: a\nmoney:\n  appropriations: {setting}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    text = caught.value.text("en")
    assert ":4:" in text
    assert words in text
