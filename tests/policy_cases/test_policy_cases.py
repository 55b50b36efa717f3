"""Worked examples of the plans, run through book, rules, ledger, indicators and targets together."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.indicators import beds, money, services
from sim.indicators.advice import nursing_advice
from sim.ledger import Ledger
from sim.money import fen, yuan
from sim.months import Month
from sim.policy import subsidies, targets
from sim.policy.book import PolicyBook
from sim.policy.facts import fact
from sim.strictyaml import read_file

HERE = Path(__file__).parent
BOOK = PolicyBook.load(HERE.parents[1] / "scenarios" / "policy" / "yinchuan.yaml")
CASES = read_file(HERE / "yinchuan.yaml")
DUE = Month.parse("2023-12")


def named(kind):
    return [pytest.param(case, id=case["id"]) for case in CASES.data[kind]]


def verdicts(found):
    """Indicator -> status at the due date, for values by indicator."""
    rows = [
        {"run": 0, "month": e.month.index, "clause_id": e.clause_id, "indicator": e.indicator,
         "denominator": e.denominator, "value": found[e.indicator]}
        for e in targets.evaluations(BOOK, DUE, DUE)
        if e.indicator in found
    ]  # fmt: skip
    table = targets.table(BOOK, "yinchuan", pd.DataFrame(rows), lambda *_: False)
    return dict(zip(table["indicator"], table["status"], strict=True))


def test_the_cases_are_readable_and_name_clauses_of_the_book():
    assert CASES.faults == []
    named_clauses = {
        clause for kind in ("canteens", "beds") for case in CASES.data[kind] for clause in case["clauses"]
    }
    assert named_clauses <= set(BOOK.by_id)


@pytest.mark.parametrize("case", named("canteens"))
def test_canteens(case):
    payers = {"canteen_upgrade": case["payers"]} if "payers" in case else {}
    ledger = Ledger("yinchuan", BOOK, payers)
    rate, budget = fen(case["rate_yuan"]), fen(BOOK.at(DUE).terms("canteen_upgrade").budget_yuan)
    finished = {Month.parse(text): sites for text, sites in case["finished"].items()}
    for month, sites in finished.items():
        if "canteen_upgrade" not in BOOK.at(month).measures:
            continue
        spent = ledger.total(measure="canteen_upgrade", year=month.year)
        due = subsidies.sites_due(sites, rate, budget, spent)
        ledger.post(month, ledger.entry(
            "canteen_upgrade", district="total", subject="canteens", quantity=due.quantity, rate_fen=rate,
            amount_fen=due.amount_fen,
        ))  # fmt: skip
    paid = {payer: yuan(ledger.total(payer=payer)) for payer in case["paid_yuan"]}
    assert paid == case["paid_yuan"]
    assert yuan(budget - ledger.total()) == case["unspent_yuan"]
    assert round(money.budget_execution(ledger.total(), budget), 2) == case["execution_percent"]
    completed, sites = np.array([m.index for m in finished]), np.array(list(finished.values()))
    upgraded = services.canteens_upgraded(completed, sites, DUE.index)
    assert upgraded == case["upgraded"]
    assert verdicts({"canteens_upgraded": upgraded})["canteens_upgraded"] == case["status"]


@pytest.mark.parametrize("case", named("beds"))
def test_beds(case):
    total, nursing = (
        int(fact(BOOK, *key)) for key in (("institution_beds_total", "beds"), ("nursing_bed_share", "beds"))
    )
    after, nursing_after = total + case["added"], nursing + case["added_nursing"]
    assert (after, nursing_after) == (case["beds_after"], case["nursing_after"])
    share = beds.nursing_bed_share(nursing_after, after)
    assert round(share, 2) == case["share_percent"]
    words = verdicts({
        "new_institution_beds": beds.new_beds_net(after, total),
        "new_nursing_beds": beds.new_beds_net(nursing_after, nursing),
        "nursing_bed_share": share,
    })  # fmt: skip
    said = {True: "met if delivered as planned", False: "not met if delivered as planned"}
    assert words == {name: said[good] for name, good in case["met"].items()}
    mark = targets.target_in_force(BOOK, "nursing_bed_share", DUE.year)
    advice = nursing_advice(after, nursing_after, total, nursing, mark.value.value)
    assert (advice and asdict(advice)) == case["advice"]
