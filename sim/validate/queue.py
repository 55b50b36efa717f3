"""Vacancy and queue at once: does the criterion come out by itself, over what is not known of the homes?

No list of homes is published, so a pattern that hangs on one invented list shows nothing. Each draw takes the
public share of beds, the sizes, the charges and the nursing share of public homes anew, evenly between the
low and the high end of each, and a list of homes from them; what the criterion asks is in
`calibration/observed.yaml`. Nothing is fitted to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim import month_end
from sim.calibrate.observed import Queue, load_observed
from sim.codes import BedKind, Ownership
from sim.model import CareModel
from sim.scenario.quantity import Quantity
from sim.scenario.resolve import load_scenario
from sim.scenario.types import Scenario
from sim.streams import START, Purpose, key, text_id, uniform

DRAWS = 40
_SEED = 1
PROXIES = {
    "public_share": ("public_bed_share",),
    "size_public": ("beds_per_public_home",),
    "size_private": ("beds_per_private_home",),
    "nursing_public": ("public_nursing_share_factor",),
    "price_public": ("price_public_intact", "price_public_dependent"),
    "price_private": ("price_private_intact", "price_private_partly", "price_private_severe"),
}
"""What is drawn together -> keys of `homes.generator`: charges rise with need in every draw."""


MECHANISMS = (
    "homes_differ", "outside_option", "in_house_moves", "staffed_beds",
    "strain", "family_events", "take_back",
)  # fmt: skip
"""What the ablation turns off; the rest act only where a service has a capacity or a plan converts beds."""


@dataclass(frozen=True)
class Found:
    """What one draw shows, over the months counted.

    Attributes:
        waiting: people whose first choice is a public home with nursing beds, over its open beds.
        wait_days: median wait of those admitted to these homes.
        others_vacant: share of all other open beds that stand empty.
        utilisation: occupied over open beds, all homes.
        nursing_waiting, nursing_wait_days: the same as the first two, of the nursing beds of these homes.
        open_share: open over registered beds.
        admitted: admissions a year.
    """

    waiting: float
    wait_days: float
    others_vacant: float
    utilisation: float
    nursing_waiting: float
    nursing_wait_days: float
    open_share: float
    admitted: float

    def parts(self, asked: Queue) -> dict[str, bool]:
        """Each part of the criterion: whether it holds."""
        return {
            "waiting": self.waiting >= asked.waiting_over_open.value,
            "wait_days": self.wait_days >= asked.median_wait.value,
            "others_vacant": self.others_vacant >= asked.others_vacant.value,
        }

    def holds(self, asked: Queue) -> bool:
        """The criterion: all its parts at once."""
        return all(self.parts(asked).values())

    def near_half(self, asked: Queue) -> bool:
        """The pattern beside it: as many of all open beds are in use as is asked."""
        return asked.utilisation_low.value <= self.utilisation <= asked.utilisation_high.value

    def rows(self, asked: Queue) -> dict[str, bool]:
        """Parts, the criterion, use of all beds, and both together, in the order of the printed tables."""
        return self.parts(asked) | {
            "criterion": self.holds(asked),
            "utilisation": self.near_half(asked),
            "both": self.holds(asked) and self.near_half(asked),
        }


def drawn(scenario: Scenario, number: int) -> Scenario:
    """The scenario with the proxies of a draw: each even between its ends, keyed by its name and the draw."""
    generator, update = scenario.homes.generator, {}
    for group, names in PROXIES.items():
        u = uniform(key(_SEED, Purpose.LIST_PROXIES, START), text_id(f"{group}/{number}"))
        for name in names:
            quantity: Quantity = getattr(generator, name)
            low, high = (quantity.value if end is None else end for end in (quantity.low, quantity.high))
            update[name] = quantity.model_copy(update={"value": low + u * (high - low)})
    homes = scenario.homes.model_copy(update={"generator": generator.model_copy(update=update)})
    return scenario.model_copy(update={"homes": homes})


def measure(scenario: Scenario, number: int, asked: Queue) -> Found:
    """Play one draw and measure its queue and its vacancy."""
    model = CareModel(scenario, _SEED, number)
    estate = model.estate
    public = estate.ownership != Ownership.PRIVATE
    sums = np.zeros(8)
    waits: list[float] = []
    nursing_waits: list[float] = []
    admitted = 0
    for month in range(asked.months):
        model.step()
        if month < asked.months - asked.months_counted:
            continue
        opened, registered = estate.open_now(), estate.registered()
        here = public & (opened[:, BedKind.NURSING] > 0)
        people = model.residents
        inside = people.home[(people.home >= 0) & (people.left == 0)].astype(np.int64)
        occupied = np.bincount(inside, minlength=len(public))
        waiting = month_end.waiting_by_home(model.desk.waiting.columns()[1], len(public))
        beds = opened.sum(axis=1)
        sums += (
            waiting[here].sum(), beds[here].sum(),
            (beds[~here] - occupied[~here]).sum(), beds[~here].sum(),
            occupied.sum(), beds.sum(),
            waiting[here, BedKind.NURSING].sum(), opened[here, BedKind.NURSING].sum(),
        )  # fmt: skip
        admitted += len(model.log.admissions)
        for one in model.log.admissions:
            if here[one.home]:
                waits.append(one.waited_days)
                if one.kind == BedKind.NURSING:
                    nursing_waits.append(one.waited_days)
        last = opened.sum() / registered.sum()
    return Found(
        sums[0] / sums[1],
        float(np.median(waits)) if waits else 0.0,
        sums[2] / sums[3],
        sums[4] / sums[5],
        sums[6] / sums[7],
        float(np.median(nursing_waits)) if nursing_waits else 0.0,
        float(last),
        admitted / asked.months_counted * 12,
    )


def over_draws(scenario: Scenario, draws: int, asked: Queue, first: int = 1) -> list[Found]:
    """One `Found` for each draw, from number `first` on."""
    return [measure(drawn(scenario, number), number, asked) for number in range(first, first + draws)]


def table(found: Sequence[Found], asked: Queue) -> str:
    """Share of draws in which each part holds, and all; ends and medians of what was found, for people."""
    lines = [f"{'part':<20}{'holds in':>9}{'least':>9}{'median':>9}{'most':>9}"]
    held = {name: np.mean([one.rows(asked)[name] for one in found]) for name in found[0].rows(asked)}
    for name in Found.__dataclass_fields__:
        values = np.array([getattr(one, name) for one in found])
        share = f"{held[name]:>9.0%}" if name in held else " " * 9
        lines.append(f"{name:<20}{share}{values.min():>9.3g}{np.median(values):>9.3g}{values.max():>9.3g}")
    wanted = f"of {len(found)} draws; asked: {asked.draws_that_hold.value:.0%}"
    lines.append(f"{'criterion':<20}{held['criterion']:>9.0%}   {wanted}")
    lines.append(f"{'with utilisation':<20}{held['both']:>9.0%}   in the same draw")
    return "\n".join(lines)


def without(scenario: Scenario, mechanism: str) -> Scenario:
    """The scenario with one mechanism off."""
    mechanisms = scenario.mechanisms.model_copy(update={mechanism: False})
    return scenario.model_copy(update={"mechanisms": mechanisms})


def ablation(scenario: Scenario, draws: int, asked: Queue) -> str:
    """Share of draws in which each part holds, with each mechanism off in turn: the table of docs/odd.md."""
    lines: list[str] = []
    for mechanism in ("", *MECHANISMS):
        found = over_draws(without(scenario, mechanism) if mechanism else scenario, draws, asked)
        rows = [one.rows(asked) for one in found]
        if not lines:
            lines += [f"| off | {' | '.join(rows[0])} |", "| --- " * (len(rows[0]) + 1) + "|"]
        shares = " | ".join(f"{np.mean([row[name] for row in rows]):.0%}" for name in rows[0])
        lines.append(f"| {f'`{mechanism}`' if mechanism else 'nothing'} | {shares} |")
    return "\n".join(lines)


def main(place: str, draws: int = DRAWS, ablated: int = 0) -> None:
    """Print the criterion over draws of a shipped place, and the ablation over so many draws each."""
    asked, scenario = load_observed().queue, load_scenario(place)
    print(table(over_draws(scenario, draws, asked), asked))  # noqa: T201 - a command of the workshop
    if ablated:
        print(ablation(scenario, ablated, asked))  # noqa: T201 - a command of the workshop


if __name__ == "__main__":
    import sys

    main(sys.argv[1], *(int(number) for number in sys.argv[2:]))
