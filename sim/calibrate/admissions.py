"""Fit k, the level of the hazard of applying, to admissions: the only fitted value of the model.

What was observed stands in `calibration/observed.yaml`: the share of old people outside homes who were
admitted within some months. k is scaled until the model's share, the mean of several replications, is that.
Beside it the share of applications that end in an admission is measured: the start is drawn from it; and
before it the reference of families (`sim.calibrate.families`). Nothing else is fitted here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.calibrate.families import measure_reference, reference_text, with_reference
from sim.calibrate.observed import Admissions, load_observed
from sim.codes import NEVER, Group
from sim.model import CareModel
from sim.months import MONTHS_PER_YEAR
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario

RUNS = 8
_ROUNDS = 8
_CLOSE = 0.005
_WIDTH = 104


@dataclass(frozen=True)
class Measured:
    """Outcomes of some replications.

    Attributes:
        admitted: share of those of the age observed, outside homes at the start, who were admitted in time.
        per_application: admissions over those who thought of applying, the destitute left out; not all of
            them found a home better than going on.
        standard_error: of `admitted`, over replications.
    """

    admitted: float
    per_application: float
    standard_error: float


Measure = Callable[[Scenario, int, int, Admissions], Measured]
"""(scenario, seed, replications, what was observed) -> what the model gives for it."""


@dataclass(frozen=True)
class Fit:
    """A finished fit: the scenario with the fitted value, what it gives, and what it was fitted to."""

    scenario: Scenario
    measured: Measured
    observed: Admissions
    seed: int
    runs: int

    @property
    def k_per_year(self) -> float:
        """The fitted value."""
        return self.scenario.applying.k_per_year.value

    @property
    def k_standard_error(self) -> float:
        """What chance in the replications leaves open: k moves in proportion to admissions."""
        return self.k_per_year * self.measured.standard_error / self.measured.admitted

    @property
    def k_range(self) -> tuple[float, float]:
        """The fitted value at the ends of the range of what was observed."""
        share = self.observed.share
        low, high = (share.value if end is None else end for end in (share.low, share.high))
        return self.k_per_year * low / share.value, self.k_per_year * high / share.value


def measure(scenario: Scenario, seed: int, runs: int, observed: Admissions) -> Measured:
    """Run replications over the months observed; count first admissions of those who were old at the start.

    Args:
        scenario: what is simulated.
        seed: seed of the replications.
        runs: how many; run 0, with central parameters, is not among them.
        observed: from which age on, over how many months.
    """
    shares, ratios = [], []
    for run in range(1, runs + 1):
        model = CareModel(scenario, seed, run)
        people = model.residents
        age = scenario.horizon.first.index - 1 - people.birth.astype(np.int64)
        old_enough = age >= observed.age_from * MONTHS_PER_YEAR
        at_risk = old_enough & (people.home == NEVER) & (people.left == 0)
        start_rows = len(people)
        admitted = np.zeros(start_rows, dtype=bool)
        applied = entered = 0
        for _ in range(observed.months):
            model.step()
            rows = np.array([a.person for a in model.log.admissions], dtype=np.int64)
            old = rows[rows < start_rows]
            admitted[old] = True
            poor = (people.groups[rows] & Group.DESTITUTE) != 0
            entered += int((~poor).sum())
            applied += len(model.happened.applied)
        shares.append(float((admitted & at_risk).sum() / at_risk.sum()))
        ratios.append(entered / applied)
    return Measured(
        float(np.mean(shares)), float(np.mean(ratios)), float(np.std(shares, ddof=1) / np.sqrt(len(shares)))
    )


def fit(
    name: str, observed: Admissions, seed: int = 1, runs: int = RUNS, by: Measure = measure,
    reference: Mapping[str, float] | None = None,
) -> Fit:  # fmt: skip
    """Scale k until the admissions are the observed ones, within half a percent of them.

    Args:
        name: of a shipped scenario.
        observed: what k is fitted to.
        seed: of the replications.
        runs: replications in each round.
        by: what measures a scenario.
        reference: of families, key of `StrainReference` -> mean; the shipped one if not given.

    Raises:
        RuntimeError: if eight rounds do not suffice.
    """
    scenario, wanted = with_reference(load_scenario(name), reference or {}), observed.share.value
    for _ in range(_ROUNDS):
        measured = by(scenario, seed, runs, observed)
        if abs(measured.admitted / wanted - 1) < _CLOSE:
            return Fit(scenario, measured, observed, seed, runs)
        scenario = _with(scenario, measured, wanted)
    raise RuntimeError(f"admissions are {measured.admitted:.4%} after {_ROUNDS} rounds, wanted {wanted:.2%}")


def _with(scenario: Scenario, measured: Measured, wanted: float) -> Scenario:
    applying = scenario.applying
    k = applying.k_per_year.model_copy(
        update={
            "value": applying.k_per_year.value * wanted / measured.admitted,
            "low": None,
            "high": None,
        }
    )
    ratio = applying.admitted_per_application.model_copy(update={"value": min(measured.per_application, 1.0)})
    changed = applying.model_copy(update={"k_per_year": k, "admitted_per_application": ratio})
    return scenario.model_copy(update={"applying": changed})


def report(found: Fit, name: str, path: Path) -> str:
    """What was fitted to what, how well, and how sure that is: lines for people."""
    share, measured = found.observed.share, found.measured
    low, high = found.k_range
    residual = measured.admitted - share.value
    ends = f" (range {share.low:.2%} to {share.high:.2%})" if share.low and share.high else ""
    who = f"residents aged {found.observed.age_from}+ within {found.observed.months} months"
    runs = f"{found.runs} replications of {name}, seed {found.seed}"
    ratio = f"{measured.per_application:.3f}, measured and fitted to nothing"
    lines = (
        ("fitted", f"applying.k_per_year = {found.k_per_year:.6f} per year"),
        ("", f"standard error {found.k_standard_error:.6f}, from chance in the replications"),
        ("", f"range {low:.6f} to {high:.6f}, from that of the observed"),
        ("to", f"admissions of {who}: {share.value:.3%}{ends}"),
        ("", share.source),
        ("model", f"{measured.admitted:.3%}, standard error {measured.standard_error:.3%} ({runs})"),
        (
            "residual",
            f"{residual * 100:+.4f} percentage points, {residual / share.value:+.2%} of the observed",
        ),
        ("beside", f"applying.admitted_per_application = {ratio}"),
        ("written", f"{path}"),
    )
    return "\n".join(f"{word:<10}{text}" for word, text in lines)


def calibration_text(found: Fit) -> str:
    """The calibration file of a fit."""
    share, measured = found.observed.share, found.measured
    who = f"residents aged {found.observed.age_from}+ within {found.observed.months} months"
    source = (
        f"fitted: admissions of {who} are {measured.admitted:.3%} (standard error "
        f"{measured.standard_error:.3%}) against {share.value:.1%}; observed: {share.source}; "
        f"{share.note or 'no range given'}"
    )
    low, high = found.k_range
    return _FILE.format(
        k=found.k_per_year,
        low=low,
        high=high,
        source=textwrap.indent(textwrap.fill(source, _WIDTH, break_on_hyphens=False), " " * 6),
        per_application=measured.per_application,
    ) + reference_text(found.scenario)


def main(name: str, folder: Path) -> None:
    """Fit a shipped scenario, write its calibration file and say how good the fit is."""
    reference = measure_reference(load_scenario(name), 1, RUNS)
    found = fit(name, load_observed().admissions, reference=reference)
    path = folder / f"{name}.yaml"
    path.write_text(calibration_text(found), encoding="utf-8")
    print(report(found, name, path))  # noqa: T201 - a command of the workshop


_FILE = """\
# The one fitted value, and what was measured beside it. Made by `make fit` from observed.yaml (docs/odd.md).
schema_version: 1
applying:
  k_per_year:
    value: {k:.6f}
    low: {low:.6f}
    high: {high:.6f}
    unit: per_year
    status: derived
    source: >-
{source}
  admitted_per_application:
    value: {per_application:.3f}
    unit: share
    status: derived
    source: "measured in the same replications: admissions over applications of those not destitute"
"""


if __name__ == "__main__":
    import sys

    main(sys.argv[1], Path(sys.argv[2]))
