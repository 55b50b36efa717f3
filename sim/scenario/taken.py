"""Whether a pipeline takes away more beds than there are: told when a scenario is loaded, not in mid-run.

Who owns how many beds is known before any list of homes is drawn, but for the split of public beds by who
runs them: there the share of the generator counts, and a run whose list has fewer takes the rest from the
other public homes. Where delivery is uncertain the worst case counts: what is taken comes early and in full,
what is added comes late and is as little as can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.codes import BedKind, Ownership
from sim.scenario.bed_types import Homes, PipelineBeds
from sim.scenario.delivery_types import part_of, whole
from sim.scenario.types import Scenario

if TYPE_CHECKING:
    from sim.scenario.home_list import HomeRow

Beds = dict[tuple[str, BedKind], int]


@dataclass(frozen=True, order=True)
class _Step:
    """Beds of an ownership and kind that are added, or taken away (negative), in the order of time."""

    month: int
    order: tuple[int, str, int]
    index: int = field(compare=False)
    key: str = field(compare=False)
    ownership: str = field(compare=False)
    kind: BedKind = field(compare=False)
    beds: int = field(compare=False)


@dataclass(frozen=True)
class TooMany:
    """More beds taken than there are.

    Attributes:
        index: of the pipeline item; `key` the key that takes.
        taken: what it takes; `there` beds that are sure to be there.
    """

    index: int
    key: str
    taken: str
    there: int


def beds_by_owner(homes: Homes, rows: list[HomeRow] | None) -> Beds:
    """Beds of the latest count by ownership and kind: as listed, or as every generated list has them.

    Args:
        homes: stock and generator.
        rows: the user's list, if there is one.
    """
    if rows is not None:
        found: Beds = {(owner.name.lower(), kind): 0 for owner in Ownership for kind in BedKind}
        for row in rows:
            owner = row.ownership.name.lower()
            found[owner, BedKind.ORDINARY] += row.beds - row.nursing_beds
            found[owner, BedKind.NURSING] += row.nursing_beds
        return found
    public, private = homes.generator.split(homes.latest)
    built = tuple(round(homes.generator.public_built_share.value * beds) for beds in public)
    rest = (public[0] - built[0], public[1] - built[1])
    owners = {"public": rest, "public_built": built, "private": private}
    return {(owner, kind): beds[kind] for owner, beds in owners.items() for kind in BedKind}


def taken_too_many(scenario: Scenario, rows: list[HomeRow] | None = None) -> list[TooMany]:
    """Every closing or conversion of the pipeline for which the beds may be missing.

    Args:
        scenario: homes and pipeline; no item opens before the latest count.
        rows: the user's list, if there is one.
    """
    there = beds_by_owner(scenario.homes, rows)
    found = []
    steps = (step for index, item in enumerate(scenario.pipeline) for step in _steps(index, item))
    for step in sorted(steps):
        at = (step.ownership, step.kind)
        if there[at] + step.beds < 0:
            words = f"{-step.beds} ({step.kind.name.lower()}, {step.ownership})"
            found.append(TooMany(step.index, step.key, words, there[at]))
        else:
            there[at] += step.beds
    return found


def _steps(index: int, item: PipelineBeds) -> Iterator[_Step]:
    """What an item takes and adds, in the order in which the estate does it."""
    month, delivery = item.opens_month.index, item.delivery
    low, high = delivery.share.ends if delivery else (1.0, 1.0)
    early, late = (whole(delay) for delay in (delivery.delay_months.ends if delivery else (0.0, 0.0)))
    surely = delivery is None or delivery.certain
    ordinary = BedKind.ORDINARY, item.beds - item.nursing_beds, "beds"
    nursing = BedKind.NURSING, item.nursing_beds, "nursing_beds"
    changes = [ordinary, nursing] if item.beds < 0 else []
    if item.converted_to_nursing:
        changes += [
            (BedKind.ORDINARY, -item.converted_to_nursing, "converted_to_nursing"),
            (BedKind.NURSING, item.converted_to_nursing, "converted_to_nursing"),
        ]
    changes += [ordinary, nursing] if item.beds > 0 else []
    for phase, (kind, beds, key) in enumerate(changes):
        takes = beds < 0
        order = (1, item.id, phase) if surely else (0 if takes else 2, item.id, phase)
        yield _Step(
            month + (early if takes else late), order, index, key, item.ownership, kind,
            part_of(beds, high if takes else low),
        )  # fmt: skip
