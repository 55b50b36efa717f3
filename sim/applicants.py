"""Applications to the waiting list: tier, homes named, patience and stay, all from keyed draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.choice import Choices, Chooser, HomesOnOffer, Seekers, bed_kind, choices_of, means_yuan_per_month
from sim.codes import Group
from sim.months import DAYS_PER_YEAR, MONTHS_PER_YEAR
from sim.policy import priority
from sim.policy.book import Law
from sim.population.residents import Residents
from sim.quantiles import exponential
from sim.scenario.types import Scenario
from sim.streams import Purpose, key, uniforms
from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import Application

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

_application = partial(tuple.__new__, Application)  # as `Application._make`, without a call in Python
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR


@dataclass
class Applicants:
    """Makes applications: tier, homes named, patience and stay, all from keyed draws."""

    scenario: Scenario
    residents: Residents
    chooser: Chooser
    seed: int

    def means(self, rows: I64) -> F64:
        """What residents can pay, yuan per month."""
        families = self.scenario.families
        mean = (families.children_mean_urban.value, families.children_mean_rural.value)
        people = self.residents
        return means_yuan_per_month(self.scenario.means, mean, self.seed, people.id[rows], people.rural[rows])

    def choices(self, homes: HomesOnOffer, rows: I64, ability: I64) -> list[Choices]:
        """Homes that residents name at an ability."""
        return self.chooser.rank(homes, self.seekers(rows, ability))

    def seekers(self, rows: I64, ability: I64) -> Seekers:
        """What the choice of a home looks at, of residents at an ability."""
        people = self.residents
        destitute = (people.groups[rows] & Group.DESTITUTE) != 0
        power = self.scenario.families.strain.acceptance_elasticity.value
        return Seekers(
            people.id[rows], ability, people.district[rows].astype(np.int64), people.rural[rows],
            self.means(rows), destitute, people.pressure[rows].astype(np.float64) ** power,
        )  # fmt: skip

    def about(self, rows: I64, month: int) -> priority.About:
        """Living arrangement and age of residents, for an order of admission that asks for them."""
        months = self.scenario.subsidies.oldest_old_from_years * MONTHS_PER_YEAR
        people = self.residents
        return priority.About(people.living[rows], month - people.birth[rows].astype(np.int64) >= months)

    def hold_back(self, waitlist: Waitlist, homes: HomesOnOffer, law: Law) -> None:
        """Let the homes where tiers apply hold free beds back for tier 1, if the scenario says so."""
        held = self.scenario.waiting_list.held_for_tier_1
        if held is None:
            return
        share, beds = (held.value, 0) if held.unit == "share" else (0.0, int(held.value))
        for home in np.flatnonzero(priority.ranked_homes(homes.ownership.astype(np.uint8), law)).tolist():
            waitlist.hold(home, share=share, beds=beds)

    def apply(
        self, homes: HomesOnOffer, rows: I64, ability: I64, days: F64, law: Law, month: int,
        *, expected_exits: bool = False, persons: I64 | None = None, draw_ids: U64 | None = None,
    ) -> list[Application]:  # fmt: skip
        """Applications of residents on days of the axis of the list; who names no home applies nowhere.

        Args:
            homes: on offer.
            rows: of the residents.
            ability: of each.
            days: of each.
            law: in force.
            month: of the draws.
            expected_exits: see `stays`.
            persons: what the list calls them; their rows if not given.
            draw_ids: identities of the draws of patience and stay; their own if not given.
        """
        if not len(rows):
            return []
        people = self.residents
        ids = people.id[rows]
        codes, counts = self.chooser.named(homes, self.seekers(rows, ability))
        chosen = choices_of(codes, counts, len(homes.ids))
        destitute = (people.groups[rows] & Group.DESTITUTE) != 0
        drawn = ids if draw_ids is None else draw_ids
        patience = exponential(uniforms(key(self.seed, Purpose.PATIENCE, month), drawn), 1.0)
        patience *= self.scenario.waiting_list.patience.value * DAYS_PER_MONTH
        if self.scenario.mechanisms.outside_option:
            patience *= np.array(self.scenario.waiting_list.patience_by_need.values())[ability]
        patience[destitute] = np.inf
        u = uniforms(key(self.seed, Purpose.STAY, month), drawn)
        stay = stays(self.scenario, u, destitute, expected_exits=expected_exits)
        at = max(
            month, self.scenario.horizon.first.index - 1
        )  # a burn-in is in the law and at the ages of then
        ranked = priority.ranked_homes(homes.ownership.astype(np.uint8), law)
        names_ranked = np.zeros(len(rows), np.bool_)
        names_ranked[np.repeat(np.arange(len(rows)), counts)[ranked[codes >> 1]]] = True
        tiers = priority.of_applications(
            priority.tiers(people.groups[rows], ability.astype(np.uint8), law, self.about(rows, at)),
            names_ranked,
        )
        behind = priority.not_entitled(people.groups[rows], law)
        some = np.flatnonzero(counts)
        columns = (days, rows if persons is None else persons, ids, tiers, behind, bed_kind(ability))
        fields = zip(
            *(column[some].tolist() for column in columns), filter(None, chosen),
            patience[some].tolist(), stay[some].tolist(), strict=True,
        )  # fmt: skip
        return list(map(_application, fields))


def drawn_exits(scenario: Scenario) -> float:
    """Share of the live exits that are drawn at admission: all but those of families who take back."""
    return 1 - scenario.leaving.family.value if scenario.mechanisms.take_back else 1.0


def stays(
    scenario: Scenario, u: F64, destitute: NDArray[np.bool_], *, expected_exits: bool = False
) -> F64:  # fmt: skip
    """Days from admission to a live exit, exponential; the destitute stay.

    Without those whom their family takes back, unless `expected_exits` asks for all exits at the reference.
    """
    rate = scenario.leaving.per_year.value / DAYS_PER_YEAR * (1 if expected_exits else drawn_exits(scenario))
    days = exponential(u, 1 / rate) if rate > 0 else np.full(len(u), np.inf)
    return np.where(destitute, np.inf, days)
