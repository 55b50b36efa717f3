"""What must add up in the tables of a run folder, column by column: parts and totals, stocks and flows."""

# ruff: noqa: PD010 - to unstack refuses a key that stands twice, which a pivot table would take the mean of

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

_COLUMNS = {"run0": "persons_run0", "mean": "persons_mean"}
_COUNTS = ("applications", "admitted", "withdrawn", "died_waiting", "waiting_end")
_MONEY = ("amount_yuan_run0", "amount_yuan_mean", "outstanding_yuan", "cancelled_yuan")
_CAUSES = ("left_to_family", "left_to_hospital", "left_elsewhere", "left_cannot_pay")
_WAITS = ("year", "region_code", "ownership", "bed_kind", "tier")


def table(folder: Path, name: str) -> pd.DataFrame:
    """A result table, codes as text."""
    text = {"region_code": str, "tier": str}
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig", dtype=text)


def faults(folder: Path) -> list[str]:
    """Everything that does not add up, in words; empty if all does."""
    found = [*_summary(folder), *_costs(folder), *_waits(folder), *_population(folder)]
    return [f"{name}: off by up to {worst:g}" for name, worst in found if not worst < 1e-3]


Gaps = Iterator[tuple[str, float]]


def _worst(left: pd.Series, right: pd.Series) -> float:
    assert len(left), "nothing to compare"
    return float(np.abs(left.to_numpy(float) - right.reindex(left.index).to_numpy(float)).max())


def _summary(folder: Path) -> Gaps:
    summary = table(folder, "summary")
    for column in _COLUMNS:
        cells = summary.set_index(["year", "metric", "region_code", "bed_kind"])[column]
        by_region = cells.unstack("region_code")
        yield (
            f"summary {column}, districts",
            _worst(by_region.drop(columns="total").sum(axis=1), by_region["total"]),
        )
        by_kind = cells.unstack("bed_kind").dropna()
        yield f"summary {column}, kinds", _worst(by_kind["ordinary"] + by_kind["nursing"], by_kind["all"])
        one = cells.xs("all", level="bed_kind").unstack("metric")
        yield f"summary {column}, demand", _worst(one.occupied + one.waiting, one.bed_demand)
        yield f"summary {column}, vacant", _worst(one.open_beds - one.occupied, one.vacant_open_beds)
        yield f"summary {column}, normative gap", _worst(one.bed_need - one.open_beds, one.normative_gap)
        yield f"summary {column}, causes", _worst(one[list(_CAUSES)].sum(axis=1), one.left_alive)
        change = one.groupby("region_code").diff().dropna()
        flows = one.entered_60 + one.moved_in - one.died_60plus - one.moved_out
        yield f"summary {column}, residents", _worst(change.residents_60plus, flows)
        yield (
            f"summary {column}, homes",
            _worst(change.occupied, one.admitted - one.left_alive - one.died_in_home),
        )


def _costs(folder: Path) -> Gaps:
    costs = table(folder, "costs")
    if costs.empty:
        return
    parts, totals = costs[costs.measure != "total"], costs[costs.measure == "total"]
    for column in _MONEY:
        by_payer = totals[totals.payer != "total"].set_index(["year", "payer"])[column]
        yield f"costs {column}, payers", _worst(parts.groupby(["year", "payer"])[column].sum(), by_payer)
        whole = totals[totals.payer == "total"].set_index("year")[column]
        yield f"costs {column}, total", _worst(parts.groupby("year")[column].sum(), whole)
        yield f"costs {column}, totals of payers", _worst(by_payer.groupby("year").sum(), whole)


def _waits(folder: Path) -> Gaps:
    waits = table(folder, "waits").set_index(list(_WAITS))
    for count in _COUNTS:
        for by, whole in (
            ("ownership", "all"),
            ("bed_kind", "all"),
            ("tier", "all"),
            ("region_code", "total"),
        ):
            cells = waits[count].unstack(by).fillna(0)
            yield f"waits {count}, {by}", _worst(cells.drop(columns=whole).sum(axis=1), cells[whole])


def _population(folder: Path) -> Gaps:
    people, summary = table(folder, "population"), table(folder, "summary")
    own = summary[summary.bed_kind == "all"].set_index(["metric", "year", "region_code"]).sort_index()
    for column, persons in _COLUMNS.items():
        keys = ["year", "sex", "age_band", "ability", "setting"]
        by_region = people.set_index([*keys, "region_code"])[persons].unstack("region_code").fillna(0)
        yield (
            f"population {column}, districts",
            _worst(by_region.drop(columns="total").sum(axis=1), by_region["total"]),
        )
        whole = people.groupby(["year", "region_code"])[persons].sum()
        yield f"population {column}, residents", _worst(whole, own.loc["residents_60plus", column])
        inside = people[(people.setting == "home") & (people.region_code == "total")]
        of_homes = own.loc["occupied", column].xs("total", level="region_code")
        yield f"population {column}, homes", _worst(inside.groupby("year")[persons].sum(), of_homes)
        old = people[people.age_band.isin(["80-84", "85+"])].groupby(["year", "region_code"])[persons].sum()
        yield f"population {column}, 80 and over", _worst(old, own.loc["residents_80plus", column])
