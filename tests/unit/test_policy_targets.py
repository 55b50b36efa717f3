"""What is tested when, and in which words the verdict stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.months import Month
from sim.policy import targets, verdict
from sim.tables import TARGETS_COLUMNS
from tests.unit.test_policy_book import FILE, STANDING, PolicyBook, edited

FIRST, LAST = Month.parse("2020-11"), Month.parse("2025-12")
DUE, CARRIED = Month.parse("2023-12"), Month.parse("2025-12")
COVERAGE, DENSITY, SHARE = "yinchuan.2.4.f", "yinchuan.2.1.c", "yinchuan.2.2.c"


@pytest.fixture(scope="module")
def book():
    return PolicyBook.load(FILE)


def values(book, clause_id, runs, denominator="", month=DUE):
    """The frame of one clause: one value per run."""
    return pd.DataFrame({
        "run": range(len(runs)), "month": month.index, "clause_id": clause_id,
        "indicator": book.by_id[clause_id].indicator, "denominator": denominator, "value": runs,
    })  # fmt: skip


def row(book, frame, random=()):
    found = targets.table(book, "yinchuan", frame, lambda indicator, _: indicator in set(random))
    assert list(found.columns) == list(TARGETS_COLUMNS)
    assert len(found) == 1
    return found.iloc[0]


def test_each_target_is_tested_when_due_and_again_when_carried_forward(book):
    rows = targets.evaluations(book, FIRST, LAST)
    by_clause = {}
    for month, clause_id, _, _ in rows:
        by_clause.setdefault(clause_id, []).append(str(month))
    for clause in [c for c in book.clauses if c.basis_2025 == "carried_forward"]:
        times = 4 if clause.id == DENSITY else 1
        assert by_clause.pop(clause.id) == ["2023-12"] * times + ["2025-12"] * times
    assert set(by_clause) == STANDING | {
        "yinchuan.2.2.d", "yinchuan.2.4.g", "yinchuan.2.11.b", *(f"yinchuan.2.3.{x}" for x in "abce"),
    }  # fmt: skip
    for clause_id, months in by_clause.items():
        times = len(book.by_id[clause_id].denominators_or_one)
        assert months == [month for month in ("2023-12", "2024-12", "2025-12") for _ in range(times)]
    assert [r.denominator for r in rows if r.clause_id == DENSITY and r.month == DUE] == [
        "residents_60plus", "residents_65plus", "registered_60plus", "registered_65plus",
    ]  # fmt: skip


def test_nothing_is_tested_outside_the_horizon_or_before_the_notice(book):
    assert targets.evaluations(book, FIRST, Month.parse("2023-11")) == []
    assert {r.month for r in targets.evaluations(book, FIRST, Month.parse("2024-06"))} == {DUE}
    assert {r.month for r in targets.evaluations(book, Month.parse("2025-01"), LAST)} == {CARRIED}


def test_a_value_due_before_the_notice_is_background(tmp_path):
    early = PolicyBook.load(edited(tmp_path, "value: 700, unit: beds, due: \"2023-12-31\"",
                                   "value: 700, unit: beds, due: \"2022-12-31\""))  # fmt: skip
    tested = [r for r in targets.evaluations(early, FIRST, LAST) if r.clause_id == "yinchuan.2.1.b"]
    assert [r.month for r in tested] == [CARRIED]
    assert targets.target_in_force(early, "new_institution_beds", 2023) is None


@pytest.mark.parametrize(("year", "expected"), [(2022, None), (2023, 60), (2025, 60)])
def test_target_in_force_is_the_latest_that_is_due(book, year, expected):
    found = targets.target_in_force(book, "nursing_bed_share", year)
    assert (found and found.value.value) == expected


def test_a_ladder_is_tested_step_by_step(tmp_path):
    ladder = PolicyBook.load(edited(
        tmp_path, '{value: 60, unit: percent, due: "2023-12-31"}',
        '{value: 60, unit: percent, due: "2023-12-31"}, {value: 65, unit: percent, due: "2024-12-31"}',
    ))  # fmt: skip
    marks = {year: targets.target_in_force(ladder, "nursing_bed_share", year) for year in (2023, 2024, 2025)}
    assert [mark.value.value for mark in marks.values()] == [60, 65, 65]
    months = [r.month for r in targets.evaluations(ladder, FIRST, LAST) if r.clause_id == SHARE]
    assert [str(month) for month in months] == ["2023-12", "2024-12", "2025-12"]
    assert row(ladder, values(ladder, SHARE, [62.0], month=CARRIED))["gap_p50"] == 3


@pytest.mark.parametrize(
    ("test", "value", "passed", "missing"),
    [
        (">=", 60.0, True, 0), (">=", 59.0, False, 1), (">=", 61.0, True, -1),
        ("<=", 60.0, True, 0), ("<=", 61.0, False, 1),
        ("<", 60.0, False, 0), ("<", 59.0, True, -1),
        ("=", 60.0, True, 0), ("=", 59.0, False, 1), ("=", 61.0, False, -1),
    ],
)  # fmt: skip
def test_operators_and_the_sign_of_the_gap(test, value, passed, missing):
    assert verdict.met(np.array([value]), test, 60.0).tolist() == [passed]
    assert verdict.gap(value, test, 60.0) == missing


def test_where_nothing_random_enters_there_is_no_probability(book):
    found = row(book, values(book, SHARE, [56.66] * 40))
    assert found["status"] == "not met if delivered as planned"
    assert found[["prob_met", "prob_low", "prob_high"]].isna().all()
    assert found["gap_p50"] == pytest.approx(3.34)
    assert row(book, values(book, SHARE, [60.0]))["status"] == "met if delivered as planned"
    assert (found["due"], found["evaluated_on"], found["unit"]) == ("2023-12-31", "2023-12-31", "percent")
    assert (found["operator"], found["target"], found["basis_2025"]) == (">=", 60, "carried_forward")


def test_probability_leaves_the_central_run_aside(book):
    clause = "yinchuan.2.6.b"
    runs = [99.0] + [70.0] * 30 + [50.0] * 10
    found = row(book, values(book, clause, runs), [book.by_id[clause].indicator])
    assert (found["value_run0"], found["value_p50"], found["prob_met"]) == (99, 70, 0.75)
    low, high = verdict.jeffreys(30, 40)
    assert (found["prob_low"], found["prob_high"]) == (low, high)
    assert low < 0.75 < high
    assert found["status"] == "met"
    few = row(book, values(book, clause, runs[:29]), [book.by_id[clause].indicator])
    assert few[["prob_met", "prob_low", "prob_high"]].isna().all()
    enough = row(book, values(book, clause, runs[:30]), [book.by_id[clause].indicator])
    assert enough["prob_high"] == 1


def test_runs_with_the_same_parameters_make_the_interval_wider(book):
    """Jeffreys on the effective number of runs; the probability itself is the share of all runs."""
    frame = values(book, SHARE, [50.0, *[61.0, 59.0] * 30])
    frame["value"] = frame["value"].astype(float)
    alone = targets.table(book, "yinchuan", frame, lambda *_: True).iloc[0]
    paired = {run: (run + 1) // 2 for run in range(1, 61)}
    together = targets.table(book, "yinchuan", frame, lambda *_: True, points=paired).iloc[0]
    assert alone["prob_met"] == together["prob_met"] == 0.5
    assert (alone["prob_low"], alone["prob_high"]) == pytest.approx(verdict.jeffreys(30, 60))
    assert (together["prob_low"], together["prob_high"]) == pytest.approx(verdict.jeffreys(15, 30))


def test_expected_shortfall_is_the_mean_of_what_is_missing(book):
    found = row(book, values(book, SHARE, [99.0, 50.0, 60.0, 70.0, 58.0]), random=["nursing_bed_share"])
    assert found["expected_shortfall"] == pytest.approx((10 + 0 + 0 + 2) / 4)


def test_first_month_met_is_that_of_run_0_and_of_the_median_run(book):
    frame = values(book, SHARE, [50.0, 61.0, 61.0, 59.0])
    first = pd.DataFrame(
        [(0, 24287, SHARE, "", 60.0), (1, 24290, SHARE, "", 60.0), (2, 24288, SHARE, "", 60.0),
         (3, 24288, SHARE, "", 55.0)],
        columns=["run", "month", "clause_id", "denominator", "value"],
    )  # fmt: skip
    found = targets.table(book, "yinchuan", frame, lambda *_: True, first_met=first).iloc[0]
    assert (found["first_met_run0"], found["first_met_p50"]) == (str(Month(24287)), str(Month(24290)))
    never = targets.table(book, "yinchuan", frame, lambda *_: True, first_met=first[:2]).iloc[0]
    assert (never["first_met_run0"], never["first_met_p50"]) == (str(Month(24287)), "")


def test_one_run_alone_has_values_but_no_probability(book):
    found = row(book, values(book, "yinchuan.2.6.b", [45.0]), ["destitute_dependent_collective_support_rate"])
    assert (found["value_p10"], found["value_p50"], found["value_p90"]) == (45, 45, 45)
    assert (found["status"], found["gap_p50"]) == ("not met", 15)
    assert np.isnan(found["prob_met"])


def test_a_planned_indicator_that_varies_is_taken_as_random(book):
    found = row(book, values(book, SHARE, [60.0] + [61.0, 59.0] * 20))
    assert (found["prob_met"], found["status"]) == (0.5, "met")


def test_jeffreys_against_published_values():
    # Brown, Cai, DasGupta 2001, table of the Jeffreys interval: n = 10
    assert verdict.jeffreys(0, 10) == (0.0, pytest.approx(0.217, abs=5e-4))
    assert verdict.jeffreys(5, 10) == (pytest.approx(0.224, abs=5e-4), pytest.approx(0.776, abs=5e-4))
    assert verdict.jeffreys(10, 10)[1] == 1.0


def test_what_can_not_be_computed_is_said_so(book):
    found = row(book, values(book, "yinchuan.2.4.c", [float("nan")] * 3))
    assert found["status"] == "not computable"
    assert found[["value_p50", "gap_p50", "prob_met"]].isna().all()


def test_a_standard_without_a_mark_is_only_reported(book):
    found = row(book, values(book, "yinchuan.2.2.d", [float("nan")]))
    assert (found["status"], found["operator"], found["unit"]) == ("report only", "", "percent")
    assert np.isnan(found["target"])
    assert row(book, values(book, "yinchuan.2.4.g", [100.0]))["value_p50"] == 100


@pytest.mark.parametrize(
    ("pair", "statuses"),
    [
        ((100 * 48 / 55, 100 * 49 / 55), ["undetermined", "undetermined"]),
        ((80.0, 81.0), ["not met if delivered as planned"] * 2),
        ((90.0, 91.0), ["met if delivered as planned"] * 2),
    ],
)
def test_coverage_is_undetermined_where_the_readings_disagree(book, pair, statuses):
    frames = [values(book, COVERAGE, [v], f"{n} before") for n, v in zip((40, 41), pair, strict=True)]
    found = targets.table(book, "yinchuan", pd.concat(frames), lambda *_: False)
    assert found["denominator"].tolist() == ["40 before", "41 before"]
    assert found["status"].tolist() == statuses
    count = targets.pass_count(book, found, "2023-12-31")
    assert len(count.met) + len(count.not_met) + len(count.open) == 1
    assert count.open == ((COVERAGE,) if statuses[0] == "undetermined" else ())


def test_an_unpicked_denominator_has_a_verdict_but_does_not_count(book, tmp_path):
    names = book.by_id[DENSITY].denominators
    frames = [values(book, DENSITY, [v], n) for n, v in zip(names, (28.0, 41.0, 31.0, 45.0), strict=True)]
    frame = pd.concat(frames)
    found = targets.table(book, "yinchuan", frame, lambda *_: True)
    assert found["denominator"].tolist() == list(names)
    assert found["status"].tolist() == [
        f"denominator not in document: {word}" for word in ("not met", "met", "not met", "met")
    ]
    assert targets.pass_count(book, found, "2023-12-31").left_out == (DENSITY,)
    picked = PolicyBook.load(
        edited(tmp_path, "picked_denominator: null", "picked_denominator: residents_65plus")
    )
    found = targets.table(picked, "yinchuan", frame, lambda *_: True)
    assert found["status"].tolist()[1] == "met"
    assert targets.pass_count(picked, found, "2023-12-31").met == (DENSITY,)


def test_before_its_first_due_date_a_target_has_only_a_distance_and_then_one_test(tmp_path):
    old = '{value: 60, unit: percent, due: "2023-12-31"}'
    late = PolicyBook.load(edited(tmp_path, old, old.replace("2023", "2025")))
    months = [row.month for row in targets.evaluations(late, FIRST, LAST) if row.clause_id == SHARE]
    assert [str(month) for month in months] == ["2023-12", "2024-12", "2025-12"]
    frame = pd.concat([values(late, SHARE, [56.66]).assign(month=month.index) for month in months])
    found = targets.table(late, "yinchuan", frame, lambda *_: False)
    assert found["status"].tolist() == ["not due yet", "not due yet", "not met if delivered as planned"]
    assert found["due"].tolist() == ["2025-12-31"] * 3
    assert found["target"].tolist() == [60] * 3
    assert found["gap_p50"].round(2).tolist() == [3.34] * 3
    assert found["prob_met"].isna().all()
    for day, where in (("2024-12-31", "left_out"), ("2025-12-31", "not_met")):
        assert getattr(targets.pass_count(late, found, day), where) == (SHARE,)


@pytest.mark.parametrize("change", ["suspect: true", "restates: [yinchuan.2.2.b]"])
def test_suspect_and_restated_clauses_do_not_count(book, tmp_path, change):
    old = 'indicator: nursing_bed_share\n    operator: ">="'
    other = PolicyBook.load(edited(tmp_path, old, f"{old}\n    {change}"))
    for law, counts in ((book, True), (other, False)):
        assert targets.in_pass_count(law.by_id[SHARE]) is counts
        assert (targets.target_in_force(law, "nursing_bed_share", 2023) is not None) is counts
        found = targets.table(law, "yinchuan", values(law, SHARE, [56.66]), lambda *_: False)
        assert targets.pass_count(law, found, "2023-12-31").not_met == ((SHARE,) if counts else ())
        assert set(found["restates"]) == {" ".join(law.by_id[SHARE].restates)}


@pytest.mark.parametrize(
    ("rates", "verdict"),
    [((100.0, 100.0), "met"), ((100.0, 50.0), "not_met"), ((100.0, float("nan")), "open")],
)
def test_each_of_two_values_has_its_row_and_the_clause_counts_once(book, rates, verdict):
    clause = "yinchuan.2.10.a"
    frames = [values(book, clause, [v], name) for name, v in zip(("start", "finish"), rates, strict=True)]
    found = targets.table(book, "yinchuan", pd.concat(frames), lambda *_: False)
    assert found["denominator"].tolist() == ["start", "finish"]
    assert found["target"].tolist() == [100, 100]
    count = targets.pass_count(book, found, "2023-12-31")
    assert {name: getattr(count, name) for name in ("met", "not_met", "open")} == {
        name: (clause,) if name == verdict else () for name in ("met", "not_met", "open")
    }


def test_a_wrong_denominator_is_an_error(book):
    with pytest.raises(ValueError, match="no denominator '60plus'"):
        targets.table(book, "yinchuan", values(book, SHARE, [1.0], "60plus"), lambda *_: False)
