"""What a run gave of the services that a clause is about: persons served, and visits that all would take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim import store
from sim.indicators.needs import SERVICE_OF
from sim.months import Month
from sim.policy.clauses import Clause
from sim.policy.fields import Words
from sim.strictyaml import read_file


@dataclass(frozen=True)
class ServiceYear:
    """A service in the December of a year, central parameters.

    Attributes:
        service: id; `title` in words.
        month: the December; None where the capacity is not known, so that nothing can be computed.
        served: persons; `entitled` those for whom it is.
        served_all_month: of those entitled all month, `entitled_all_month`; what targets of 100 percent ask.
        visits_required: what all entitled would take in the month; None for services that are no visits.
    """

    service: str
    title: Words
    month: Month | None = None
    served: float = 0.0
    entitled: float = 0.0
    served_all_month: float = 0.0
    entitled_all_month: float = 0.0
    visits_required: float | None = None


def services_of_run(folder: Path, clause: Clause) -> list[ServiceYear]:
    """The services that name a clause, or that its indicator measures, year by year.

    Args:
        folder: of a run; without its resolved scenario nothing is known.
        clause: the clause.
    """
    path = folder / "scenario.resolved.yaml"
    rows = (read_file(path).data or {}).get("services", []) if path.is_file() else []
    measured = SERVICE_OF.get(clause.indicator or "")
    about = [row for row in rows if clause.id in row.get("clauses", []) or row["id"] == measured]
    part = store.read_part(folder / "parts" / "run=000.parquet")
    return [year for row in about for year in _years(row, part)]


def _years(row: dict[str, Any], part: pa.Table | None) -> list[ServiceYear]:
    name, title = str(row["id"]), Words.model_validate(row["title"])
    values: dict[int, dict[str, float]] = {}
    if part is not None:
        where = (pc.field("table") == "services") & (pc.field("measure") == name)
        for one in part.filter(where).select(["month", "metric", "value"]).to_pylist():
            values.setdefault(one["month"], {})[one["metric"]] = one["value"]
    if not values:
        return [ServiceYear(name, title)]
    return [ServiceYear(name, title, Month(month), **found) for month, found in sorted(values.items())]
