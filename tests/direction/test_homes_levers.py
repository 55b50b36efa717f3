"""What is done to homes moves what it says: same random numbers, one small city, each lever alone."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pytest

from sim.codes import Ability, BedKind, Group, Ownership
from sim.model import CareModel, simulate
from sim.scenario.resolve import load_scenario

pytestmark = pytest.mark.long

RUNS = (1, 2, 3)
END = "horizon.end=2023-06"
FIRST_COUNTED = 12


def quantity(value: float, unit: str) -> str:
    return f"{{value: {value}, unit: {unit}, status: assumption, source: test}}"


def beds(number: int, ownership: str, nursing: int = 0, converted: int = 0) -> str:
    return (
        f"pipeline=[{{id: item, opens: 2021-06, beds: {number}, nursing_beds: {nursing}, "
        f"converted_to_nursing: {converted}, ownership: {ownership}, status: assumption, source: test}}]"
    )


def lever(name: str, yuan: float, more: str = "") -> str:
    return (
        f"levers.{name}={{yuan_per_month: {quantity(yuan, 'yuan_per_month')}, payers: {{city: 1.0}}{more}}}"
    )


OFF_THE_CHARGE = lever("resident_subsidy", 800, f", at_most_share: {quantity(0.4, 'share')}")
DEARER = tuple(
    f"homes.generator.price_private_{who}={quantity(yuan, 'yuan_per_month')}"
    for who, yuan in (("intact", 2300), ("partly", 3500), ("severe", 5500))
)


@lru_cache
def played(*settings: str) -> SimpleNamespace:
    """Means over some runs of Kaili: waits (of all, and at public homes by kind of bed), waiting at public
    homes, open beds, money of the levers.
    """
    found = []
    for run in RUNS:
        model = CareModel(load_scenario("kaili", [END, *settings]), 1, run)
        public = model.estate.ownership != Ownership.PRIVATE
        waits, waiting, at_public = [], [], ([], [])
        for month in range(model.calendar.months):
            model.step()
            if month >= FIRST_COUNTED:
                waits += [one.waited_days for one in model.log.admissions]
                for kind, days in enumerate(at_public):
                    days += [
                        one.waited_days
                        for one in model.log.admissions
                        if one.kind == kind and public[one.home]
                    ]
                waiting.append(
                    sum(bool(public[home]) for home, _, _ in model.desk.waiting.by_person().values())
                )
        opened = model.estate.opened().sum(axis=1)
        lines = [line for line in model.ledger.lines if line.entry.measure.startswith("lever_")]
        found.append((
            np.mean(waits), *map(np.mean, at_public), np.mean(waiting),
            opened[public].sum(), opened[~public].sum(),
            sum(line.amount_fen for line in lines), sum(line.payer == "city" for line in lines), len(lines),
        ))  # fmt: skip
    names = (
        "wait", "ordinary_wait", "nursing_wait", "waiting_public", "open_public", "open_private", "fen",
        "lines_of_city", "lines",
    )  # fmt: skip
    return SimpleNamespace(**dict(zip(names, np.mean(found, axis=0), strict=True)))


def test_beds_of_the_kind_that_is_short_shorten_its_waits_and_others_hardly_do():
    """What is short are beds at public homes, of both kinds; private ones stand empty already."""
    none, private = played(), played(beds(150, "private", 150))
    nursing, ordinary = played(beds(150, "public", 150)), played(beds(150, "public"))
    assert nursing.nursing_wait < 0.7 * none.nursing_wait
    assert ordinary.ordinary_wait < 0.8 * none.ordinary_wait
    for more, name in (
        (nursing, "ordinary_wait"), (ordinary, "nursing_wait"),
        (private, "ordinary_wait"), (private, "nursing_wait"),
    ):  # fmt: skip
        assert getattr(more, name) == pytest.approx(getattr(none, name), rel=0.05), name
    assert nursing.waiting_public < none.waiting_public
    assert none.waiting_public - private.waiting_public < 0.3 * (none.waiting_public - nursing.waiting_public)
    assert private.open_private > none.open_private + 100


def test_one_central_list_shortens_the_mean_wait():
    assert played("waiting_list.allocation=central").wait < played().wait


def test_a_higher_operating_subsidy_opens_beds_where_operators_answer():
    none, some, more = (
        played("operators=responsive", *([lever("operating_subsidy", yuan)] if yuan else []))
        for yuan in (0, 150, 400)
    )
    assert none.open_private < some.open_private < more.open_private
    fixed = played(lever("operating_subsidy", 400))
    assert fixed.open_private == played().open_private
    assert fixed.wait == played().wait, "a subsidy that nobody answers moves money only"


def test_a_higher_private_price_moves_people_to_public_lists():
    assert played(*DEARER).waiting_public > played().waiting_public


def test_an_allowance_for_caregivers_opens_beds_in_public_homes():
    assert played(lever("staff_allowance", 500)).open_public > played().open_public
    off = played("mechanisms.staffed_beds=false")
    assert (
        played("mechanisms.staffed_beds=false", lever("staff_allowance", 500)).open_public == off.open_public
    )


def test_what_is_taken_off_the_charge_brings_more_people():
    assert played(OFF_THE_CHARGE).waiting_public > played().waiting_public


@pytest.mark.parametrize(
    "setting",
    [lever("operating_subsidy", 150), lever("staff_allowance", 500), OFF_THE_CHARGE],
    ids=["operating_subsidy", "staff_allowance", "resident_subsidy"],
)
def test_each_lever_shows_in_the_ledger(setting):
    paid = played(setting)
    assert paid.fen > 0
    assert paid.lines_of_city == paid.lines > 0
    assert played().lines == 0


def test_nothing_is_taken_off_the_charge_of_those_who_pay_none():
    """The destitute are placed free of charge: a subsidy of residents is not paid for them."""
    model = CareModel(load_scenario("kaili", ["horizon.end=2021-01", OFF_THE_CHARGE]), 1, 1)
    model.step()
    people = model.residents
    meant = (people.home >= 0) & (people.left == 0) & (people.ability >= Ability.MODERATE)
    destitute = (people.groups & Group.DESTITUTE) != 0
    assert (meant & destitute).sum() > 20, "nobody is placed free of charge: the test would see nothing"
    paid = sum(line.entry.quantity for line in model.ledger.lines)
    assert paid == (meant & ~destitute).sum()


def test_converted_beds_close_for_the_works_and_cost_money():
    shares = "homes.conversion.payers={city: 0.6, district: 0.4}"
    scenario = load_scenario("kaili", [END, beds(0, "private", 0, 40), shares])
    model = CareModel(scenario, 1, 1)
    private = model.estate.ownership == Ownership.PRIVATE
    opened, registered = [], []
    while model.month <= scenario.pipeline[0].opens_month:
        model.step()
        opened.append(model.estate.decided()[private].sum(axis=0))
        registered.append(model.estate.registered()[private].sum(axis=0))
    before, during, after = opened[0], opened[3], opened[-1]
    assert before[BedKind.ORDINARY] - during[BedKind.ORDINARY] == 38, "0.95 of the 40 beds were open"
    assert during[BedKind.NURSING] == before[BedKind.NURSING]
    assert (after - during).tolist() == [0, 38]
    assert (registered[-2] == registered[0]).all(), "registered beds keep the plan's arithmetic"
    assert (registered[-1] - registered[0]).tolist() == [-40, 40]
    lines = [line for line in model.ledger.lines if line.entry.measure == "lever_conversion"]
    assert {str(line.month) for line in lines} == {"2020-12"}
    assert {str(line.payer): line.amount_fen for line in lines} == {
        "city": 40 * 4000 * 60,
        "district": 40 * 4000 * 40,
    }


def test_a_lever_of_nothing_changes_nothing_but_its_rows(tmp_path):
    for name, settings in (("none", []), ("zero", [lever("staff_allowance", 0)])):
        part = simulate(load_scenario("kaili", ["horizon.end=2021-12", *settings]), 3, 1).to_pandas()
        part[~part["measure"].astype(str).str.startswith("lever_")].to_csv(tmp_path / name)
    assert (tmp_path / "none").read_bytes() == (tmp_path / "zero").read_bytes()
