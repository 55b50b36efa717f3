"""Fit k, the level of the hazard of applying, to admissions: the only fitted value of the model.

Observed: 0.8 percent of Chinese aged 65+ outside homes were admitted within three years (CLHLS 2008-2011;
Peng and Wu 2015, doi:10.1177/0898264315577779). k is scaled until the model's admissions, over the first 36
months and the mean of several replications, are that. Beside it the share of applications that end in an
admission is measured: the start is drawn from it. Nothing else is fitted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.codes import NEVER, Group
from sim.model import CareModel
from sim.population.lifetable import FIRST_MONTHS, SIXTY
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario

OBSERVED_SHARE = 0.008
LOWEST_SHARE = 0.005
MONTHS = 36
_FIRST_AGE = FIRST_MONTHS + SIXTY + 60
_ROUNDS = 8
_CLOSE = 0.005


@dataclass(frozen=True)
class Measured:
    """Outcomes of some replications.

    Attributes:
        admitted: share of those aged 65+ outside homes at the start who were admitted within 36 months.
        per_application: admissions over applications of those not destitute.
        standard_error: of `admitted`, over replications.
    """

    admitted: float
    per_application: float
    standard_error: float


def measure(scenario: Scenario, seed: int, runs: int) -> Measured:
    """Run replications over 36 months and count first admissions of those aged 65+ at the start."""
    shares, ratios = [], []
    for run in range(1, runs + 1):
        model = CareModel(scenario, seed, run)
        people = model.residents
        age = scenario.horizon.first.index - 1 - people.birth.astype(np.int64)
        at_risk = (age >= _FIRST_AGE) & (people.home == NEVER) & (people.left == 0)
        start_rows = len(people)
        admitted = np.zeros(start_rows, dtype=bool)
        applied = entered = 0
        for _ in range(MONTHS):
            model.step()
            rows = np.array([a.person for a in model.log.admissions], dtype=np.int64)
            old = rows[rows < start_rows]
            admitted[old] = True
            poor = (people.groups[rows] & Group.DESTITUTE) != 0
            entered += int((~poor).sum())
            asked = np.array([a.person for a in model.applications], dtype=np.int64)
            applied += int(((people.groups[asked] & Group.DESTITUTE) == 0).sum())
        shares.append(float((admitted & at_risk).sum() / at_risk.sum()))
        ratios.append(entered / applied)
    return Measured(
        float(np.mean(shares)), float(np.mean(ratios)), float(np.std(shares, ddof=1) / np.sqrt(len(shares)))
    )


def fit(name: str, seed: int = 1, runs: int = 8) -> tuple[Scenario, Measured]:
    """Scale k until the admissions are the observed ones, within half a percent of them.

    Raises:
        RuntimeError: if eight rounds do not suffice.
    """
    scenario = load_scenario(name)
    for _ in range(_ROUNDS):
        measured = measure(scenario, seed, runs)
        if abs(measured.admitted / OBSERVED_SHARE - 1) < _CLOSE:
            return scenario, measured
        scenario = _with(scenario, measured)
    found = f"{measured.admitted:.4%}"
    raise RuntimeError(f"admissions are {found} after {_ROUNDS} rounds, wanted {OBSERVED_SHARE:.2%}")


def _with(scenario: Scenario, measured: Measured) -> Scenario:
    applying = scenario.applying
    k = applying.k_per_year.model_copy(
        update={"value": applying.k_per_year.value * OBSERVED_SHARE / measured.admitted}
    )
    ratio = applying.admitted_per_application.model_copy(update={"value": min(measured.per_application, 1.0)})
    changed = applying.model_copy(update={"k_per_year": k, "admitted_per_application": ratio})
    return scenario.model_copy(update={"applying": changed})


def main(name: str, folder: Path) -> None:
    """Fit a shipped scenario and write its calibration file."""
    scenario, measured = fit(name)
    k = scenario.applying.k_per_year.value
    text = _FILE.format(
        k=k,
        low=k * LOWEST_SHARE / OBSERVED_SHARE,
        high=k * 2,
        admitted=measured.admitted,
        error=measured.standard_error,
        per_application=measured.per_application,
    )
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - a command of the workshop


_FILE = """\
# The one fitted value, and what the fit measured beside it. Made by `make fit`; see docs/odd.md.
schema_version: 1
applying:
  k_per_year:
    value: {k:.6f}
    low: {low:.6f}
    high: {high:.6f}
    unit: per_year
    status: derived
    source: >-
      fitted: admissions of residents aged 65+ within 36 months are {admitted:.3%} (standard error
      {error:.3%}) against 0.8 percent in CLHLS 2008-2011 (Peng and Wu 2015, doi:10.1177/0898264315577779);
      low end: 0.5 percent in 2002-2005, same paper; high end: an assumption
  admitted_per_application:
    value: {per_application:.3f}
    unit: share
    status: derived
    source: "measured in the same replications: admissions over applications of those not destitute"
"""


if __name__ == "__main__":
    import sys

    main(sys.argv[1], Path(sys.argv[2]))
