"""What becomes of a plan's items in one run: how much of each is delivered, and when.

A draw is keyed by the item's id and by nothing else of the scenario: one item has one fate in two scenarios.
Run 0 takes the median of each distribution.
"""

from __future__ import annotations

from sim.months import Month
from sim.scenario.bed_types import PipelineBeds, PipelineSites
from sim.scenario.delivery_types import Delivery, part_of, whole
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, text_id, uniform

_MEDIAN = 0.5


def delivered(scenario: Scenario, seed: int | None) -> Scenario:
    """The scenario with the beds and sites that this run delivers, in the months in which it does.

    Args:
        scenario: the plan; items without `delivery` stay as they are.
        seed: of the replication; None for run 0, which takes medians.
    """
    if not any(i.delivery for i in scenario.pipeline) and not any(i.delivery for i in scenario.sites):
        return scenario
    pipeline = [_beds(item, *_drawn("pipeline", item, seed)) for item in scenario.pipeline]
    sites = [_sites(item, *_drawn("sites", item, seed)) for item in scenario.sites]
    return scenario.model_copy(update={"pipeline": pipeline, "sites": sites})


def draw(delivery: Delivery, name: str, seed: int | None) -> tuple[float, int]:
    """The share delivered and the delay in whole months, half a month rounded up.

    Args:
        delivery: the distributions.
        name: identity of the item, `pipeline/<id>` or `sites/<id>`.
        seed: of the replication; None for the medians.
    """
    share, delay = (
        distribution.quantile(_MEDIAN if seed is None else _uniform(f"{name}/{what}", seed))
        for what, distribution in (("share", delivery.share), ("delay_months", delivery.delay_months))
    )
    return share, whole(delay)


def _uniform(text: str, seed: int) -> float:
    return uniform(key(seed, Purpose.DELIVERY, START), text_id(text))


def _drawn(section: str, item: PipelineBeds | PipelineSites, seed: int | None) -> tuple[float, int]:
    return (1.0, 0) if item.delivery is None else draw(item.delivery, f"{section}/{item.id}", seed)


def _later(month: str, delay: int) -> str:
    return str(Month.parse(month).plus(delay)) if delay else month


def _beds(item: PipelineBeds, share: float, delay: int) -> PipelineBeds:
    beds = part_of(item.beds, share)
    area, smart = item.area_m2, item.smart_from
    return item.model_copy(
        update={
            "opens": _later(item.opens, delay),
            "beds": beds,
            "nursing_beds": part_of(item.nursing_beds, share),
            "converted_to_nursing": part_of(item.converted_to_nursing, share),
            "area_m2": area * beds / item.beds if area is not None and item.beds else area,
            "smart_from": _later(smart, delay) if smart is not None else None,
            "delivery": None,
        }
    )


def _sites(item: PipelineSites, share: float, delay: int) -> PipelineSites:
    return item.model_copy(
        update={
            "completes": _later(item.completes, delay),
            "sites": part_of(item.sites, share),
            "delivery": None,
        }
    )
