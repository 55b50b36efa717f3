import numpy as np
import pytest
from made_up import part

from sim import store
from sim.ensemble import collect, costs
from sim.ensemble.cells import Frame, Spread
from sim.errors import RunError
from sim.months import Calendar, Month
from sim.tables import (
    COSTS_COLUMNS,
    POPULATION_COLUMNS,
    SUMMARY_COLUMNS,
    WAITS_COLUMNS,
)

NOV_2020, DEC_2020, MAY_2021 = (Month.of(*at).index for at in ((2020, 11), (2020, 12), (2021, 5)))
DEC_2021, FEB_2022 = Month.of(2021, 12).index, Month.of(2022, 2).index
REGIONS = {"total": "全市", "640104": "兴庆区", "640105": "西夏区"}


def summary(month, metric, value, region="total", kind="all"):
    return {"table": "summary", "month": month, "metric": metric, "region_code": region, "bed_kind": kind,
            "value": value}  # fmt: skip


def wait(month, metric, value=0.0, *, region="640104", ownership="public", kind="nursing", tier=1):
    return {"table": "waits", "month": month, "metric": metric, "region_code": region, "ownership": ownership,
            "bed_kind": kind, "tier": tier, "value": value}  # fmt: skip


def cost(month, payer, yuan, metric="amount_fen", *, measure="canteens", clause="x.1", scale=100):
    return {"table": "costs", "month": month, "metric": metric, "measure": measure, "clause_id": clause,
            "payer": payer, "region_code": "total", "value": round(yuan * scale)}  # fmt: skip


def person(month, value, region="640104", sex="female"):
    return {"table": "population", "month": month, "region_code": region, "sex": sex, "age_band": "80-84",
            "ability": "mild", "setting": "home", "value": value}  # fmt: skip


def tables(tmp_path, runs, lines=(), last=FEB_2022, begins=1, notice=None):
    """The result tables of parts given as lists of rows, by name, as lists of dicts."""
    folder = store.RunFolder(tmp_path, "k")
    for run, rows in enumerate(runs):
        store.write_part(part(rows), folder.part(run))
    calendar = Calendar(Month(NOV_2020), last - NOV_2020 + 1)
    frame = Frame("s", "yinchuan", REGIONS, calendar, len(runs), begins, notice)
    gathered = collect.gather(folder, len(runs), begins)
    made = collect.tables(gathered, frame, lines, lambda rows, _: rows)
    return {name: table.to_pylist() for name, table in made.items()}, made


def only(rows, **keys):
    found = [row for row in rows if all(row[key] == value for key, value in keys.items())]
    assert len(found) == 1, found
    return found[0]


# ---- summary


def test_stock_is_december_and_flow_is_the_sum(tmp_path):
    rows = [
        summary(month, metric, value)
        for metric in ("waiting", "admitted")
        for month, value in ((NOV_2020, 1), (DEC_2020, 2), (MAY_2021, 4), (DEC_2021, 8), (FEB_2022, 16))
    ]
    found = tables(tmp_path, [rows])[0]["summary"]
    by_key = {(row["metric"], row["year"]): row["run0"] for row in found}
    assert by_key == {
        ("waiting", 2020): 2, ("waiting", 2021): 8,
        ("admitted", 2020): 3, ("admitted", 2021): 12, ("admitted", 2022): 16,
    }  # fmt: skip


def test_run_0_enters_only_alone(tmp_path):
    alone = tables(tmp_path / "1", [[summary(DEC_2020, "waiting", 100)]])[0]["summary"][0]
    assert (alone["run0"], alone["mean"], alone["p50"], alone["n_runs"], alone["mcse"]) == (
        100,
        100,
        100,
        1,
        None,
    )
    values = [100, 1, 2, 3, 4, 5]
    many = tables(tmp_path / "6", [[summary(DEC_2020, "waiting", v)] for v in values])[0]["summary"][0]
    assert (many["run0"], many["mean"], many["n_runs"]) == (100, 3, 5)
    assert (many["p10"], many["p50"], many["p90"]) == (pytest.approx(1.4), 3, pytest.approx(4.6))
    assert many["mcse"] == pytest.approx(np.sqrt(2.5 / 5))


def test_what_a_run_lacks_counts_as_zero(tmp_path):
    runs = [[], [summary(DEC_2020, "waiting", 6)], [summary(DEC_2020, "bed_need", 1)]]
    found = tables(tmp_path, runs)[0]["summary"]
    assert only(found, metric="waiting")["mean"] == 3
    assert only(found, metric="waiting")["run0"] == 0


def test_summary_keys_in_order_with_names_and_units(tmp_path):
    rows = [
        summary(DEC_2020, "waiting", 1, region, kind)
        for region in ("640105", "640104", "total")
        for kind in ("ordinary", "nursing", "all")
    ] + [summary(DEC_2020, "open_beds", 1)]
    found, made = tables(tmp_path, [rows])
    assert tuple(made["summary"].column_names) == SUMMARY_COLUMNS
    keys = [(row["region_code"], row["bed_kind"], row["metric"]) for row in found["summary"]]
    assert keys[:3] == [
        ("total", "all", "open_beds"),
        ("total", "all", "waiting"),
        ("total", "ordinary", "waiting"),
    ]
    assert [key[0] for key in keys] == ["total"] * 4 + ["640104"] * 3 + ["640105"] * 3
    row = only(found["summary"], region_code="640104", bed_kind="all")
    assert (row["scenario"], row["region_name"], row["unit"]) == ("s", "兴庆区", "persons")


def test_parts_with_dictionaries_in_another_order(tmp_path):
    one = [summary(DEC_2020, "waiting", 1), summary(DEC_2020, "open_beds", 10)]
    found = tables(tmp_path, [one, one, one[::-1]])[0]["summary"]
    assert only(found, metric="waiting")["mean"] == 1
    assert only(found, metric="open_beds")["mean"] == 10


def test_quantiles_are_those_of_numpy():
    values = np.random.default_rng(3).normal(size=(4, 31))
    spread = Spread.of(values, np.arange(values.shape[1] - 1))
    np.testing.assert_array_equal(spread.p10, np.quantile(values[:, 1:], 0.1, axis=1))
    np.testing.assert_array_equal(spread.p90, np.quantile(values[:, 1:], 0.9, axis=1))
    assert spread.n_runs == 30


def test_every_table_says_how_much_of_a_year_it_holds_and_what_is_reconstructed(tmp_path):
    rows = [summary(month, "admitted", 1) for month in (NOV_2020, MAY_2021, FEB_2022)]
    rows += [wait(FEB_2022, "applied"), person(DEC_2020, 1), person(DEC_2021, 1)]
    rows += [cost(month, "city", 1) for month in (NOV_2020, MAY_2021, FEB_2022)]
    months = {2020: 2, 2021: 12, 2022: 2}
    basis = {2020: "reconstructed", 2021: "projected", 2022: "projected"}
    found = tables(tmp_path, [rows], notice=Month(DEC_2021))[0]
    for name in ("summary", "waits", "costs"):
        assert {row["year"]: row["months"] for row in found[name]} == months, name
        assert {row["year"]: row["basis"] for row in found[name]} == basis, name
    assert {row["year"]: row["basis"] for row in found["population"]} == {
        2020: "reconstructed", 2021: "projected",
    }  # fmt: skip
    unplanned = tables(tmp_path / "no plan", [rows])[0]
    assert {row["basis"] for table in unplanned.values() for row in table} == {"projected"}


def test_a_fiscal_year_has_its_own_months_and_basis(tmp_path):
    rows = [cost(month, "city", 1) for month in (NOV_2020, MAY_2021, FEB_2022)]
    found = tables(tmp_path, [rows], begins=4, notice=Month(MAY_2021))[0]["costs"]
    assert {row["year"]: (row["months"], row["basis"]) for row in found} == {
        2020: (5, "reconstructed"),  # November to March
        2021: (11, "projected"),  # April to the run's end in February
    }


def test_missing_part_is_said(tmp_path):
    with pytest.raises(RunError):
        collect.gather(store.RunFolder(tmp_path, "k"), 1)


# ---- costs

LINES = [
    costs.CostLine(2020, "canteens", "x.1", ("city", "region"), "canteens", "in document"),
    costs.CostLine(2021, "canteens", "x.1", ("city", "region"), "canteens", "in document"),
    costs.CostLine(2021, "premium", "x.2", (), "beds", "not in document"),
]


def test_costs_of_every_measure_payer_and_year_even_zero(tmp_path):
    found, made = tables(tmp_path, [[cost(DEC_2020, "city", 12.34)]], LINES)
    assert tuple(made["costs"].column_names) == COSTS_COLUMNS
    rows = found["costs"]
    assert [(r["year"], r["measure"], r["payer"], r["amount_yuan_run0"]) for r in rows] == [
        (2020, "total", "total", 12.34), (2020, "total", "region", 0), (2020, "total", "city", 12.34),
        (2020, "canteens", "region", 0), (2020, "canteens", "city", 12.34),
        (2021, "total", "total", 0), (2021, "total", "region", 0), (2021, "total", "city", 0),
        (2021, "total", "unassigned", 0),
        (2021, "canteens", "region", 0), (2021, "canteens", "city", 0), (2021, "premium", "unassigned", 0),
    ]  # fmt: skip
    premium = only(rows, measure="premium")
    assert (premium["unit"], premium["rate_status"], premium["clause_id"]) == (
        "beds",
        "not in document",
        "x.2",
    )
    assert {r["quantity"] for r in rows if r["measure"] == "total"} == {None}


def test_amounts_of_a_year_add_up_and_outstanding_is_that_of_its_end(tmp_path):
    rows = [
        cost(MAY_2021, "city", 0.1), cost(DEC_2021, "city", 0.2), cost(DEC_2021, "", 5.0, measure="other"),
        cost(MAY_2021, "city", 3, "quantity", scale=1), cost(DEC_2021, "city", 4, "quantity", scale=1),
        cost(MAY_2021, "city", 50, "outstanding_fen"), cost(DEC_2021, "city", 20, "outstanding_fen"),
    ]  # fmt: skip
    found = tables(tmp_path, [rows], LINES)[0]["costs"]
    city = only(found, year=2021, measure="canteens", payer="city")
    assert (city["amount_yuan_run0"], city["quantity"], city["outstanding_yuan"]) == (0.3, 7, 20)
    assert only(found, year=2021, measure="other")["payer"] == "unassigned"
    assert only(found, year=2021, measure="total", payer="total")["amount_yuan_run0"] == 5.3


def test_outstanding_of_a_cut_off_year_is_that_of_the_runs_end(tmp_path):
    rows = [cost(DEC_2021, "city", 20, "outstanding_fen"), cost(FEB_2022, "city", 15, "outstanding_fen")]
    found = tables(tmp_path, [rows], LINES)[0]["costs"]
    assert only(found, year=2022, measure="total", payer="total")["outstanding_yuan"] == 15


def test_money_is_grouped_by_fiscal_years_that_say_when_they_begin(tmp_path):
    rows = [cost(DEC_2020, "city", 1), cost(MAY_2021, "city", 10), cost(DEC_2021, "city", 100)]
    calendar = tables(tmp_path / "calendar", [rows])[0]["costs"]
    fiscal = tables(tmp_path / "fiscal", [rows], begins=4)[0]["costs"]
    assert [
        (r["year"], r["year_begins"], r["amount_yuan_run0"]) for r in calendar if r["payer"] == "city"
        if r["measure"] == "canteens"
    ] == [(2020, "2020-01", 1), (2021, "2021-01", 110)]  # fmt: skip
    assert [
        (r["year"], r["year_begins"], r["amount_yuan_run0"]) for r in fiscal if r["payer"] == "city"
        if r["measure"] == "canteens"
    ] == [(2020, "2020-04", 1), (2021, "2021-04", 110)]  # fmt: skip
    january = tables(tmp_path / "later", [rows], begins=6)[0]["costs"]
    found = {r["year"]: r["amount_yuan_run0"] for r in january if r["measure"] == "canteens"}
    assert found == {2020: 11, 2021: 100}  # May 2021 belongs to the year that began in June 2020


def test_what_was_taken_back_is_added_up_and_shown(tmp_path):
    rows = [cost(MAY_2021, "city", 3, "cancelled_fen"), cost(DEC_2021, "city", 4, "cancelled_fen")]
    found = tables(tmp_path, [rows], LINES)[0]["costs"]
    assert only(found, year=2021, measure="canteens", payer="city")["cancelled_yuan"] == 7
    assert only(found, year=2021, measure="total", payer="total")["cancelled_yuan"] == 7
    assert only(found, year=2020, measure="canteens", payer="city")["cancelled_yuan"] == 0


def test_instalments_of_a_measure_that_has_ended_keep_unit_and_status(tmp_path):
    found = tables(tmp_path, [[cost(FEB_2022, "city", 3)]], LINES)[0]["costs"]
    late = only(found, year=2022, measure="canteens")
    first = next(r for r in found if r["measure"] == "canteens" and r["year"] == 2020)
    assert (late["unit"], late["rate_status"]) == (first["unit"], first["rate_status"])
    assert late["unit"]


def line(measure, status, payer="city"):
    return costs.CostLine(2021, measure, "x", (payer,), "beds", status)


@pytest.mark.parametrize(
    ("statuses", "paid", "said"),
    [
        (["in document"], [1], "in document"),
        (["not in document"], [1], "not in document"),
        (["not in document"], [0], "not in document"),
        (["in document", "not in document"], [1, 1], "partly not in document"),
        (["in document", "not in document"], [1, 0], "in document"),
        (["in document", "not in document"], [0, 1], "not in document"),
        (["not given"], [0], "incomplete"),
        (["in document", "not given"], [1, 0], "incomplete; in document"),
        (["not in document", "not given"], [1, 0], "incomplete; not in document"),
        (["size not known", "not in document"], [1, 1],
         "partly not in document; partly size not known"),
    ],
)  # fmt: skip
def test_a_total_says_what_the_rates_are_that_it_rests_on(tmp_path, statuses, paid, said):
    names = [f"m{at}" for at in range(len(statuses))]
    lines = [line(name, status) for name, status in zip(names, statuses, strict=True)]
    rows = [cost(MAY_2021, "city", yuan, measure=m, clause="x") for m, yuan in zip(names, paid, strict=True)]
    found = tables(tmp_path, [rows], lines)[0]["costs"]
    totals = {row["rate_status"] for row in found if row["measure"] == "total"}
    assert totals == {said}
    assert [row["rate_status"] for row in found if row["measure"] != "total"] == statuses


def test_a_payer_has_the_status_of_what_it_pays(tmp_path):
    lines = [line("a", "in document"), line("b", "not in document", "district")]
    rows = [cost(MAY_2021, "city", 1, measure="a", clause="x"),
            cost(MAY_2021, "district", 1, measure="b", clause="x")]  # fmt: skip
    found = tables(tmp_path, [rows], lines)[0]["costs"]
    assert {row["payer"]: row["rate_status"] for row in found if row["measure"] == "total"} == {
        "total": "partly not in document", "city": "in document", "district": "not in document",
    }  # fmt: skip


def test_totals_come_from_the_totals_of_each_run(tmp_path):
    first = [10, 0, 10, 20, 30, 40]
    second = [10, 40, 30, 20, 10, 0]
    runs = [
        [cost(DEC_2020, "city", a), cost(DEC_2020, "region", b)] for a, b in zip(first, second, strict=True)
    ]
    found = tables(tmp_path, runs, LINES)[0]["costs"]
    city = only(found, year=2020, measure="canteens", payer="city")
    total = only(found, year=2020, measure="total", payer="total")
    assert (city["amount_yuan_p10"], city["amount_yuan_p90"]) == (pytest.approx(4), pytest.approx(36))
    assert (total["amount_yuan_p10"], total["amount_yuan_p90"]) == (40, 40)  # never 8 and 72
    assert (total["amount_yuan_run0"], total["amount_yuan_mean"]) == (20, 40)


# ---- waits


def test_waits_roll_up_and_pool_durations(tmp_path):
    rows = [wait(DEC_2020, "applied") for _ in range(6)]
    rows += [wait(DEC_2020, "admitted", days) for days in (10, 40, 100)]
    rows += [wait(NOV_2020, "admitted", 30, region="640105", ownership="private", kind="ordinary", tier=3)]
    rows += [
        wait(DEC_2020, name, 5) for name in ("withdrawn", "moved_waiting", "refused_all", "died_waiting")
    ]
    rows += [wait(DEC_2020, "waiting_end", 2), wait(NOV_2020, "waiting_end", 9)]
    found, made = tables(tmp_path, [rows], last=DEC_2020)
    assert tuple(made["waits"].column_names) == WAITS_COLUMNS
    whole = only(found["waits"], region_code="total", ownership="all", bed_kind="all", tier="all")
    assert (whole["applications"], whole["admitted"], whole["withdrawn"], whole["died_waiting"]) == (
        6,
        4,
        3,
        1,
    )
    assert (whole["waiting_end"], whole["mean_days"], whole["p50_days"]) == (2, 45, 35)
    assert whole["p90_days"] == pytest.approx(82)
    assert (whole["share_over_30d"], whole["share_over_90d"]) == (0.5, 0.25)
    first = only(found["waits"], region_code="640104", ownership="public", bed_kind="nursing", tier="1")
    assert (first["admitted"], first["p50_days"], first["share_over_30d"]) == (3, 40, pytest.approx(2 / 3))
    assert len([r for r in found["waits"] if r["region_code"] == "640105"]) == 8
    assert not [r for r in found["waits"] if r["region_code"] == "640105" and r["tier"] == "1"]


def test_waits_are_means_over_entering_runs_with_durations_pooled(tmp_path):
    runs = [
        [wait(DEC_2020, "admitted", 999) for _ in range(50)],
        [wait(DEC_2020, "admitted", 10)],
        [wait(DEC_2020, "admitted", 20) for _ in range(3)],
    ]
    found = tables(tmp_path, runs, last=DEC_2020)[0]["waits"]
    whole = only(found, region_code="total", ownership="all", bed_kind="all", tier="all")
    assert (whole["admitted"], whole["mean_days"], whole["p90_days"]) == (2, 17.5, 20)


def test_waits_without_anything_keep_the_whole_and_a_cut_off_year_has_no_end(tmp_path):
    found = tables(tmp_path, [[wait(FEB_2022, "applied")]])[0]["waits"]
    empty = [r for r in found if r["year"] == 2021]
    assert [(r["region_code"], r["ownership"], r["applications"], r["mean_days"]) for r in empty] == [
        ("total", "all", 0, None), ("640104", "all", 0, None), ("640105", "all", 0, None),
    ]  # fmt: skip
    assert {r["waiting_end"] for r in empty} == {0}
    assert {r["waiting_end"] for r in found if r["year"] == 2022} == {None}


# ---- population


def test_population_of_decembers_with_the_total(tmp_path):
    runs = [
        [person(DEC_2020, 5), person(DEC_2020, 2, "640105"), person(NOV_2020, 99)],
        [person(DEC_2020, 10)],
        [person(DEC_2020, 20)],
    ]
    found, made = tables(tmp_path, runs)
    assert tuple(made["population"].column_names) == POPULATION_COLUMNS
    assert [(r["region_code"], r["persons_run0"], r["persons_mean"]) for r in found["population"]] == [
        ("total", 7, 15), ("640104", 5, 15), ("640105", 2, 0),
    ]  # fmt: skip


def test_no_rows_at_all(tmp_path):
    found = tables(tmp_path, [[], []])[0]
    assert found["summary"] == found["costs"] == found["population"] == []
    assert {r["applications"] for r in found["waits"]} == {0}
