"""How many replications pairing saves on a policy that touches few people.

A difference of means over unpaired runs has the variance of both scenarios, over pairs that of the
difference: their ratio is how many times as many replications the unpaired comparison needs for the same
interval. The policy: 20 nursing beds in one new public home, in a city of 97,000 residents aged 60 and over.
Prints the ratio beside its bar of 10, and exits with 1 if it is below.

    python tests/benchmarks/bench_pairs.py kaili -n 20
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from sim.decide import compare, diff
from sim.ensemble import cells
from sim.scenario.resolve import resolve

BAR = 10.0
POLICY = """extends: {place}
name: {place}-few-beds
title: {{zh: 少量床位, en: A few beds}}
pipeline:
  - {{id: few-beds, opens: 2024-01, beds: 20, nursing_beds: 20, ownership: public, status: assumption,
     source: benchmark}}
"""


def ratio(base: np.ndarray, alt: np.ndarray) -> float:
    """Variance of an unpaired difference over that of a paired one; values of both by replication."""
    unpaired = base.var(ddof=1) + alt.var(ddof=1)
    paired = (alt - base).var(ddof=1)
    return float(unpaired / paired) if paired else float("inf")


def main() -> int:
    """Measure, print, and compare with the bar."""
    parser = argparse.ArgumentParser()
    parser.add_argument("place", nargs="?", default="kaili")
    parser.add_argument("-n", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    settings = ["horizon.end=2024-12"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.yaml"
        file.write_text(POLICY.format(place=asked.place), encoding="utf-8")
        running = compare.Running(runs=asked.n, out=Path(folder), jobs=asked.jobs)
        scenarios = resolve(asked.place, settings), resolve(file, settings)
        (found,) = compare.compare(scenarios[0], [scenarios[1]], running, explain=False)
        pairs = diff.pairs_of_summary(found.base, found.alt)
    chosen = cells.entering(asked.n)
    ratios = {}
    for row, key in enumerate(zip(*pairs.keys.values(), strict=True)):
        year, region, kind, metric = key
        if (year, region, kind) != (2024, "total", "all"):
            continue
        if metric in ("expressed_gap", "waiting", "vacant_open_beds", "bed_demand", "occupied"):
            base, alt = pairs.base[row, chosen], pairs.alt[row, chosen]
            ratios[metric] = ratio(base, alt)
            print(
                f"{metric:18} base {base.mean():9.1f} (sd {base.std(ddof=1):6.1f})  alt - base "
                f"{(alt - base).mean():7.2f} (sd {(alt - base).std(ddof=1):6.2f})  unpaired needs "
                f"{ratios[metric]:8.1f} times as many replications"
            )
    good = min(ratios["expressed_gap"], ratios["waiting"]) >= BAR
    print(f"bar: at least {BAR:g} times, for expressed_gap and waiting: {'met' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
