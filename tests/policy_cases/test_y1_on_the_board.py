"""Y1 through the whole month: 29 of 30 canteens finished, as the model and its board see it."""

import pytest

from sim import month_end, state
from sim.indicators import board
from sim.model import CareModel
from sim.money import yuan
from tests.places import quantity, stationary_place


@pytest.mark.parametrize(
    ("finished", "execution", "unspent", "fiscal"),
    [(29, 96.67, 100_000, 1), (30, 100, 0, 1), (29, 96.67, 100_000, 11)],
)
def test_budget_execution(tmp_path, finished, execution, unspent, fiscal):
    """The document's budget is of its calendar year, whatever month a fiscal year begins in."""
    site = {"id": "canteens", "kind": "canteen_upgraded", "completes": "2023-12", "sites": finished}
    scenario = stationary_place(
        tmp_path, residents_60plus=5_000, beds=120, nursing_beds=60,
        horizon={"start": "2023-08", "end": "2023-12"}, money__fiscal_year_first_month=fiscal,
        sites=[site | {"status": "assumption", "source": "test"}],
        rates={"canteen_upgrade": quantity(100_000, "yuan"), "old_age_allowance": quantity(100, "yuan")},
    )  # fmt: skip
    model = CareModel(scenario, 1, 1)
    for _ in range(model.calendar.months):
        model.step()
    now = scenario.horizon.first.plus(4)
    poor = month_end.destitute(model.residents, model.desk.poor_rows(), scenario, now, 0)
    seen = state.build(
        scenario,
        model.book,
        now,
        model.estate,
        model._beds_at_notice,
        {},
        poor,
        model.ledger,
        model.residents,
        model.provision,
        model.families,
    )
    assert round(board.value(seen, "budget_execution_rate", ""), 2) == execution
    assert yuan(seen.budget_fen - seen.spent_fen) == unspent
    assert board.value(seen, "canteens_upgraded", "") == finished
    assert model.ledger.total(measure="old_age_allowance") > 0  # paid, and not out of this budget
    rows = [
        row for row in model.part().to_pylist()
        if row["indicator"] == "budget_execution_rate" and row["table"] == "targets"
    ]  # fmt: skip
    assert [round(row["value"], 2) for row in rows] == [execution]
