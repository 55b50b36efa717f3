"""Homes with something of their own: an agreement with a hospital, a clinic, a star.

Which homes have it is not known of a generated list, so the scenario counts them (`homes.features`); over how
many homes the count is taken follows from the simulated homes. None = not counted: "not computable".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.codes import Ownership
from sim.indicators.beds import NAN, Ints, Mask, percent
from sim.scenario.bed_types import HomeFeature
from sim.scenario.subsidy_types import StarHomes

Features = Mapping[HomeFeature, int | None]
Conditions = Mapping[str, float]


@dataclass(frozen=True)
class HomesNow:
    """The homes at the end of a month; arrays of shape (homes,).

    Attributes:
        beds: registered beds.
        destitute: destitute residents.
        ownership: codes of `codes.Ownership`.
    """

    beds: Ints
    destitute: Ints
    ownership: npt.NDArray[np.integer]

    @classmethod
    def none(cls) -> HomesNow:
        """No homes at all."""
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, empty)

    @property
    def open(self) -> Mask:
        """Homes that have beds."""
        return self.beds > 0


def agreement_rate(homes: HomesNow, features: Features, conditions: Conditions) -> float:
    """Homes with an agreement with a medical institution, in percent (indicator `medical_agreement_rate`).

    Over all open homes, or over those without a unit of their own where the law says so (`own_unit`).
    """
    asked = int(homes.open.sum())
    if "own_unit" in conditions:
        asked -= min(features.get("in_house_unit") or 0, asked)
    return _share(features.get("medical_agreement"), asked)


def clinic_compliance(homes: HomesNow, features: Features, conditions: Conditions) -> float:
    """Homes with a clinic of their own, in percent of those that must have one, each once.

    Indicator `in_house_clinic_compliance`. Asked are homes of so many beds (`homes`), and public homes with
    so many destitute residents (`destitute_homes`); what the law does not name asks nobody.
    """
    large = homes.beds >= conditions.get("homes", np.inf)
    crowded = homes.destitute >= conditions.get("destitute_homes", np.inf)
    asked = homes.open & (large | (crowded & (homes.ownership == Ownership.PUBLIC)))
    return _share(features.get("in_house_unit"), int(asked.sum()))


def unit_rate(homes: HomesNow, features: Features, conditions: Conditions) -> float:
    """Homes with a medical unit of their own, in percent of those of so many beds (`homes`).

    Indicator `in_house_medical_unit_rate`.
    """
    asked = homes.open & (homes.beds >= conditions.get("homes", 0))
    return _share(features.get("in_house_unit"), int(asked.sum()))


def insured_rate(homes: HomesNow, features: Features, _: Conditions) -> float:
    """Homes with liability insurance, in percent of open homes (indicator `liability_insurance_coverage`)."""
    return _share(features.get("liability_insurance"), int(homes.open.sum()))


def _share(feature: int | None, asked: int) -> float:
    """Homes with something, in percent of those it is asked of; NaN where nobody counted them, or none is."""
    return NAN if feature is None else percent(min(feature, asked), asked)


def count_with(feature: int | None) -> float:
    """Homes with something; NaN where nobody counted them."""
    return NAN if feature is None else feature


def of_star(rows: Iterable[StarHomes], star: int, month: int) -> float:
    """Homes that have reached a star grade by the end of a month; NaN where the scenario lists none."""
    some = list(rows)
    reached = [row.homes for row in some if row.star == star and row.reached_month.index <= month]
    return sum(reached) if some else NAN


def closed(sizes: Iterable[tuple[int, int]], month: int) -> int:
    """Items of the pipeline that closed beds by the end of a month.

    Args:
        sizes: beds (negative: closed) and month index of each item.
        month: month index.
    """
    return sum(1 for beds, when in sizes if beds < 0 and when <= month)
