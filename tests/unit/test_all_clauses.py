"""All clauses in scope of the five plans lead to code that can be imported, and all such code to a clause."""

from __future__ import annotations

import ast
import csv
import importlib
import io
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from sim import clauses, costs, rules, services
from sim.cli.main import app
from sim.indicators import board
from sim.indicators.needs import NEEDS
from sim.policy import priority
from sim.scenario.plan_types import Register
from sim.scenario.resolve import load_scenario

SIM = Path(clauses.__file__).parent
IN_SCOPE = {"baotou": 52, "shou": 54, "kaili": 62, "yinchuan": 43, "haikou": 39}
BOOKS = {book.document.place: book for book in clauses.books()}
ALL = [(book, clause) for book in BOOKS.values() for clause in book.clauses]
SERVED = (services.entitled, services.ranks)


@pytest.fixture(scope="module")
def rows():
    result = CliRunner().invoke(app, ["clauses", "--csv", "--lang", "en"])
    assert result.exit_code == 0
    found = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8"))))
    return [row for row in found if row["kind"] != clauses.OUT_OF_SCOPE]


def test_250_clauses_in_scope_each_implemented(rows):
    assert Counter(row["id"].partition(".")[0] for row in rows) == IN_SCOPE
    assert len(rows) == len({row["id"] for row in rows}) == 250
    assert [row["id"] for row in rows if not row["implemented_by"]] == []


def test_every_path_can_be_imported_and_is_no_private_helper_of_another_package(rows):
    for path in {row["implemented_by"] for row in rows}:
        module, _, name = path.rpartition(".")
        assert module.startswith("sim.")
        assert callable(getattr(importlib.import_module(module), name))


def test_every_indicator_measure_rule_and_register_has_a_clause():
    named = {clause.indicator for _, clause in ALL if clause.indicator}
    assert set(board.INDICATORS) - named == set()
    assert set(rules.RULES) - named == set()
    assert set(get_args(Register)) - named == set()
    assert {name for _, clause in ALL for name in clause.measures} == set(costs.MEASURES)
    assert {clause.plan_input for _, clause in ALL if clause.plan_input} == set(rules.PLAN_INPUTS)


SHOWN_BY_EXAMPLES = {
    "by_state": "adds up `schedule`, which a test holds against the ledger of a run",
    "passes": "to the fen; a run tests the percentage",
    "required_land_m2": "a run asks for the worst estate",
    "site_complies": "a run asks for the smallest site",
    "target_in_force": "the rule in one call; a run tests every due date",
}  # fmt: skip
"""Functions of `sim.policy` that no run calls, each with the reason."""


def test_no_rule_of_the_law_is_left_without_a_caller():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SIM.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    called = {node.id for node in nodes if isinstance(node, ast.Name)}
    called |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    rules_of_law = {
        node.name
        for path in (SIM / "policy").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for name in rules_of_law - called if not name.startswith("_")} == set(SHOWN_BY_EXAMPLES)


def test_only_orders_of_admission_lead_to_the_tiers():
    """Of the clauses of eligibility others lead to services, payments, registers, and the list."""
    tiers = [c for _, c in ALL if rules.function_of(c) is priority.tiers]
    assert {c.indicator for c in tiers} == {
        "admission_priority_public", "public_home_open_admission", "assessment_before_admission",
    }  # fmt: skip
    assert {c.kind for c in tiers} == {"eligibility"}
    eligible = {rules.function_of(c) for _, c in ALL if c.kind == "eligibility"}
    assert {*SERVED, priority.not_entitled, costs.post} <= eligible


@pytest.mark.parametrize("place", [place for place in IN_SCOPE if place != "yinchuan"])
def test_a_clause_about_who_is_served_is_named_by_a_service_of_its_place(place):
    named = {clause for row in load_scenario(place).services for clause in row.clauses}
    meant = {c.id for c in BOOKS[place].clauses if rules.function_of(c) in SERVED}
    assert meant <= named
    assert place == "shou" or meant


@pytest.mark.parametrize("place", IN_SCOPE)
def test_the_place_runs_under_its_own_law_with_the_plan_and_without(place):
    for name in (place, f"{place}-no-plan"):
        assert load_scenario(name).policy.stem == place


def test_an_eligibility_clause_without_a_rule_is_told():
    clause = BOOKS["haikou"].by_id["haikou.2.15.a"]
    assert clauses.implemented_by(clause.model_copy(update={"indicator": "nobody_wrote_this"})) == ""
    process = BOOKS["kaili"].by_id["kaili.annex1.3.2.b"]
    assert clauses.implemented_by(process.model_copy(update={"indicator": "nobody_wrote_this"})) == ""


def test_whatever_rests_on_an_input_says_which():
    """Registers, services, estates, and sites and homes that a document counts: the missing key is named."""
    tested = {c.indicator for _, c in ALL if c.kind in ("target", "standard", "funding_floor")}
    silent = {name for name in tested if name in board.INDICATORS and name not in NEEDS}
    assert silent == {
        "beds_per_1000_elderly", "nursing_bed_share", "new_institution_beds", "new_nursing_beds",
        "chain_integrated_homes", "canteens_upgraded", "subdistrict_care_centres_built",
        "subdistrict_centre_coverage", "destitute_dependent_collective_support_rate",
        "destitute_willing_collective_support_rate", "community_facility_radius_m",
        "standard_care_centres", "embedded_day_care_centres", "home_care_network_points_upgraded",
        "travel_residence_institutions", "eldercare_complex_count",
        "rehab_nursing_facilities_opened_per_year", "district_destitute_homes_per_district",
        "kaili_project_set",
    }  # fmt: skip
