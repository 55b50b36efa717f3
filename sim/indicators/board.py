"""All indicators by name: the state of the region at the end of a month in, one number out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import BedKind
from sim.indicators import beds, people, services
from sim.scenario.bed_types import Coverage, PipelineBeds, PipelineSites

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Destitute:
    """Destitute residents aged 60+ who are here at the end of a month; arrays of one shape.

    Attributes:
        unable: unable to care for themselves; `willing`: wish collective support.
        in_home: live in a home; `all_month`: were here, of age and so entitled from the first day on.
        days_waiting: days on the list so far, NaN for who is on none.
    """

    unable: Mask
    willing: Mask
    in_home: Mask
    all_month: Mask
    days_waiting: F64


@dataclass(frozen=True)
class State:
    """What indicators may look at.

    Attributes:
        month: month index.
        notice: month index of the notice.
        registered: (homes, 2) registered beds by kind; `at_notice`: (2,) of all homes at the end of the
            month of the notice.
        chain_integrated: (homes,) chain homes with integrated medical care.
        persons: denominator name -> persons.
        destitute: for the rates of collective support.
        overdue_after_days: days on the list after which someone willing is unmet.
        pipeline, sites, coverage: plan inputs; `required`: functions that a centre must have.
    """

    month: int
    notice: int
    registered: I64
    at_notice: I64
    chain_integrated: Mask
    persons: dict[str, float]
    destitute: Destitute
    overdue_after_days: float
    pipeline: list[PipelineBeds]
    sites: list[PipelineSites]
    coverage: Coverage
    required: tuple[str, ...]

    def sites_of(self, kind: str) -> tuple[I64, I64, Mask]:
        """Months of completion, sites and completeness of the pipeline's sites of a kind."""
        items = [item for item in self.sites if item.kind == kind]
        return (
            np.array([item.completes_month.index for item in items], dtype=np.int64),
            np.array([item.sites for item in items], dtype=np.int64),
            np.array([services.has_functions(item.functions, self.required) for item in items], dtype=bool),
        )

    def centres(self) -> int:
        """Complete centres built by the pipeline."""
        return services.centres_built(*self.sites_of("subdistrict_centre"), self.month)


def _beds_per_1000(state: State, denominator: str) -> float:
    return beds.beds_per_1000(int(state.registered.sum()), state.persons[denominator])


def _nursing_share(state: State, _: str) -> float:
    return beds.nursing_bed_share(
        int(state.registered[:, BedKind.NURSING].sum()), int(state.registered.sum())
    )


def _new_beds(state: State, _: str) -> float:
    return beds.new_beds_net(int(state.registered.sum()), int(state.at_notice.sum()))


def _new_nursing(state: State, _: str) -> float:
    return beds.new_beds_net(
        int(state.registered[:, BedKind.NURSING].sum()), int(state.at_notice[BedKind.NURSING])
    )


def _chain(state: State, _: str) -> float:
    is_open = state.registered.sum(axis=1) > 0
    return beds.chain_integrated_homes(is_open, state.chain_integrated, state.chain_integrated)


def _public_new(state: State, _: str) -> float:
    opened = [p for p in state.pipeline if state.notice <= p.opens_month.index <= state.month]
    return beds.nursing_bed_share_public_new(
        np.array([p.beds for p in opened], dtype=np.int64),
        np.array([p.nursing_beds for p in opened], dtype=np.int64),
        np.array([p.government_invested for p in opened], dtype=bool),
    )


def _canteens(state: State, _: str) -> float:
    months, sites, _complete = state.sites_of("canteen_upgraded")
    return services.canteens_upgraded(months, sites, state.month)


def _centres(state: State, _: str) -> float:
    return state.centres()


def _centre_functions(state: State, _: str) -> float:
    return services.centre_functions(*state.sites_of("subdistrict_centre"), state.month)


def _centre_coverage(state: State, denominator: str) -> float:
    return services.centre_coverage(
        int(denominator.split(maxsplit=1)[0]), state.centres(), int(state.coverage.towns.value)
    )


def _urban(state: State, _: str) -> float:
    return services.community_coverage(state.coverage.communities_covered, state.coverage.communities)


def _rural(state: State, _: str) -> float:
    return services.community_coverage(state.coverage.villages_covered, state.coverage.villages)


def _unable_in_homes(state: State, _: str) -> float:
    d = state.destitute
    return people.destitute_unable_in_homes(d.unable, d.in_home, d.all_month)


def _willing_in_homes(state: State, _: str) -> float:
    d = state.destitute
    return people.destitute_willing_in_homes(
        d.willing, d.in_home, d.all_month, d.days_waiting, state.overdue_after_days
    )


INDICATORS: dict[str, Callable[[State, str], float]] = {
    "beds_per_1000_elderly": _beds_per_1000,
    "nursing_bed_share": _nursing_share,
    "new_institution_beds": _new_beds,
    "new_nursing_beds": _new_nursing,
    "chain_integrated_homes": _chain,
    "nursing_bed_share_public_new": _public_new,
    "canteens_upgraded": _canteens,
    "subdistrict_care_centres_built": _centres,
    "subdistrict_centre_functions": _centre_functions,
    "subdistrict_centre_coverage": _centre_coverage,
    "community_facility_coverage_urban": _urban,
    "community_facility_coverage_rural": _rural,
    "destitute_dependent_collective_support_rate": _unable_in_homes,
    "destitute_willing_collective_support_rate": _willing_in_homes,
}
"""Indicator of a clause -> function of the state and the denominator."""


def is_random(indicator: str, denominator: str) -> bool:
    """Whether chance enters an indicator: with simulated residents, not with plan inputs."""
    if indicator == "beds_per_1000_elderly":
        return denominator.startswith("residents")
    return indicator.startswith("destitute_")


def value(state: State, indicator: str, denominator: str) -> float:
    """One indicator.

    Raises:
        KeyError: if there is no such indicator; the policy file is checked against this table.
    """
    return float(INDICATORS[indicator](state, denominator))
