"""Charges that a law waives or halves: from the scenario to `charges.csv`, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ensemble import charges as charges_table
from sim.errors import InputError
from sim.months import Month
from sim.policy import charges
from sim.policy.book import PolicyBook
from sim.scenario.library import scenarios_folder
from tests.places import quantity, stationary_place

POLICY = scenarios_folder() / "policy"
SOME = quantity(0.5, "share")
BAOTOU = PolicyBook.load(POLICY / "baotou.yaml")
RULES = [clause for clause in BAOTOU.clauses if clause.plan_input == charges.SECTION]


def charge(name, clause, yuan, month="2024-05", **more):
    return {"id": name, "clause": clause, "month": month, "full": quantity(yuan, "yuan"), **more}


def place(folder, rows, policy="baotou"):
    return stationary_place(
        folder, 5_000, 120, 60, policy=str(POLICY / f"{policy}.yaml"), charges=rows,
        horizon={"start": "2020-11", "end": "2025-12"},
    )  # fmt: skip


def rows_of(scenario, book=BAOTOU):
    return charges_table.table(scenario, book).to_pylist()


def test_the_worked_example_of_fees_on_building_through_a_scenario(tmp_path):
    fees = (("baotou.3.2.c", 100_000), ("baotou.3.2.d", 30_001))
    rows = [
        charge(f"{clause}-{payer}", clause, yuan, payer=payer)
        for clause, yuan in fees
        for payer in ("for_profit", "non_profit")
    ]
    found = [row for row in rows_of(place(tmp_path, rows)) if row["year"]]
    assert {row["year"] for row in found} == {2024}
    assert {row["rate_status"] for row in found} == {"not in document"}
    due = {
        payer: sum(row["due_yuan"] for row in found if row["payer"] == payer)
        for payer in ("for_profit", "non_profit")
    }
    assert due == {"for_profit": 65_000.5, "non_profit": 0}
    assert all(row["due_yuan"] + row["waived_yuan"] == row["charge_yuan"] for row in found)


def test_a_rule_without_a_charge_is_listed_and_says_so(tmp_path):
    found = rows_of(place(tmp_path, [charge("vat", "baotou.3.2.a", 10)]))
    lacking = {(row["clause_id"], row["payer"]) for row in found if row["rate_status"] == "not given"}
    assert lacking == {(rule.id, label) for rule in RULES for label in rule.labels or ("",)} - {
        ("baotou.3.2.a", "")
    }
    assert all(row["charge_yuan"] != row["charge_yuan"] for row in found if row["year"] is None)


def test_what_falls_due_after_the_run_is_left_out(tmp_path):
    rows = [
        charge("late", "baotou.3.2.a", 10, month="2026-01"),
        charge("last", "baotou.3.2.a", 7, month="2025-12"),
    ]
    found = [row for row in rows_of(place(tmp_path, rows)) if row["year"]]
    assert [(row["year"], row["charge_yuan"]) for row in found] == [(2025, 7)]


def test_free_or_at_low_rent_is_free_unless_the_scenario_gives_a_share(tmp_path):
    book = PolicyBook.load(POLICY / "haikou.yaml")
    low = charge("low", "haikou.2.18.b", 1_000, share_due=quantity(0.2, "share"))
    free = charge("free", "haikou.2.18.b", 1_000)
    found = [row for row in rows_of(place(tmp_path, [low, free], "haikou"), book) if row["year"]]
    assert [(row["share_due"], row["due_yuan"]) for row in found] == [(0, 0), (0.2, 200)]


@pytest.mark.parametrize(
    ("row", "key", "words"),
    [
        (charge("a", "baotou.3.1.j", 1), "charges[0].clause", "baotou.3.2.c"),
        (charge("a", "baotou.3.2.c", 1), "charges[0]", "non_profit"),
        (charge("a", "baotou.3.2.c", 1, payer="profit"), "charges[0].payer", "for_profit"),
        (charge("a", "baotou.3.2.a", 1, payer="non_profit"), "charges[0].payer", "no payer"),
        (charge("a", "baotou.3.2.a", 1, month="2019-11"), "charges[0].month", "2019-12"),
        (charge("a", "baotou.3.2.a", 1, share_due=SOME), "charges[0].share_due", "baotou.3.2.a"),
    ],
)  # fmt: skip
def test_a_charge_that_no_rule_is_about_is_refused(tmp_path, row, key, words):
    with pytest.raises(InputError) as refused:
        place(tmp_path, [row])
    (fault,) = refused.value.faults
    assert fault.key == key
    assert words in refused.value.text("en")


CHARGE = st.builds(
    charges.Charged,
    st.sampled_from([rule.id for rule in RULES if not rule.labels]),
    st.just(""),
    st.integers(Month.of(2020, 1).index, Month.of(2025, 12).index).map(Month),
    st.integers(0, 10**14),
)


@given(st.lists(CHARGE, max_size=12))
@settings(max_examples=50, deadline=None)
def test_charged_is_due_and_waived_and_nothing_is_lost(rows):
    found = charges.settle(rows, BAOTOU.by_id, Month.of(2020, 1), Month.of(2025, 12))
    assert sum(one.full_fen for one in found) == sum(row.full_fen for row in rows)
    assert all(one.due_fen + one.waived_fen == one.full_fen and one.waived_fen >= 0 for one in found)
