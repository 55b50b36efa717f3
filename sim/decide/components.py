"""Which component of a change a key of the scenario belongs to, and a scenario with some of them exchanged.

The components are those in which a planner thinks: who grows old, how able they are, who else cares for them,
how people come to a home, what the rules give whom, what there is, and what it costs. The most exact key
decides; every key of a scenario is in one of them; in none is what only names something, nor which inputs are
drawn: a mixed scenario draws those of the base.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.resolve import Resolved, fingerprint
from sim.scenario.types import Scenario
from sim.scenario.uncertain import drawn, quantities

KEYS: dict[str, str] = {
    "ageing": """tables.census tables.single_years tables.mortality population""",
    "ability": """tables.prevalence population.prevalence_scenario population.relative_risk_mild
        population.relative_risk_moderate population.relative_risk_severe population.recovery_log_intercept
        population.recovery_slope_per_year population.recovery_highest_per_year applying.weight_intact
        applying.weight_mild applying.weight_moderate applying.weight_severe""",
    "family": """tables.households tables.marital families means services mechanisms.strain
        mechanisms.family_events mechanisms.take_back mechanisms.family_services applying.family_alone
        applying.family_couple applying.family_others applying.willingness applying.willingness_reference""",
    "behaviour": """applying choosing waiting_list leaving mechanisms""",
    "policy": """policy groups norms registers subsidies payers levers waiting_list.held_for_tier_1
        waiting_list.allocation""",
    "capacity": """homes pipeline sites coverage staff estates central_projects proximity operators
        beds_unlimited mechanisms.staffed_beds mechanisms.conversion_takes_time""",
    "price": """money rates charges homes.generator.price_public_intact homes.generator.price_public_dependent
        homes.generator.price_private_intact homes.generator.price_private_partly
        homes.generator.price_private_severe homes.generator.price_log_sd""",
    "": """schema_version name title place horizon tables uncertain""",
}
"""Component -> keys of the scenario that belong to it, with all that stands below them."""

COMPONENTS = tuple(name for name in KEYS if name)

_RULES = {tuple(key.split(".")): name for name, keys in KEYS.items() for key in keys.split()}

Path = tuple[str | int, ...]


def component_of(path: Path) -> str:
    """The component of a key; empty for what only names something.

    Raises:
        KeyError: if nobody has said where a section of the scenario belongs.
    """
    for length in range(len(path), 0, -1):
        if path[:length] in _RULES:
            return _RULES[tuple(str(part) for part in path[:length])]
    raise KeyError(".".join(str(part) for part in path))


def exchanged(base: Resolved, alt: Resolved, components: Collection[str]) -> Resolved:
    """The base with the values that the alternative has for some components.

    Raises:
        pydantic.ValidationError: if the two do not go together.
    """
    data = _exchanged(base.data, alt.data, (), components)
    return Resolved(Scenario.model_validate(data), data, {})


def differing(base: Resolved, alt: Resolved) -> tuple[str, ...]:
    """The components in which two scenarios differ; other names, or equal tables elsewhere, are no change."""
    same = fingerprint(_exchanged(base.data, alt.data, (), ()))
    return tuple(
        name for name in COMPONENTS if fingerprint(_exchanged(base.data, alt.data, (), {name})) != same
    )


def same_draws(base: Resolved, alt: Resolved) -> bool:
    """Whether both name the same inputs as uncertain; else their pairs differ in what is drawn, too."""
    return base.scenario.uncertain == alt.scenario.uncertain


@dataclass(frozen=True)
class DrawnInOne:
    """Inputs that both scenarios have and one of them draws: pairs differ by their spread, too.

    Attributes:
        drawn_in, fixed_in: names of the scenarios.
        without_range: inputs that have a single value in the other: a number that was written there without
            low and high, and lies outside the range that it had.
        not_named: inputs that the other's `uncertain` does not name, or fixes.
    """

    drawn_in: str
    fixed_in: str
    without_range: tuple[str, ...]
    not_named: tuple[str, ...]


def drawn_in_one(base: Resolved, alt: Resolved) -> list[DrawnInOne]:
    """Which inputs the base draws and the alternative does not, and the other way round; empty if none."""
    found = []
    for side, other in ((base.scenario, alt.scenario), (alt.scenario, base.scenario)):
        there = quantities(other)
        also = {one.name for one in drawn(other)}
        only = [one.name for one in drawn(side) if one.name in there and one.name not in also]
        varies = tuple(name for name in only if there[name].varies)
        still = tuple(name for name in only if not there[name].varies)
        if only:
            found.append(DrawnInOne(side.name, other.name, still, varies))
    return found


def _exchanged(
    base: Mapping[str, Any], alt: Mapping[str, Any], path: Path, components: Collection[str]
) -> dict[str, Any]:
    """The mapping at a path, key by key from the one or the other."""
    made: dict[str, Any] = {}
    for key in dict.fromkeys([*base, *alt]):
        below = (*path, key)
        if any(rule[: len(below)] == below and len(rule) > len(below) for rule in _RULES):
            inside = [side.get(key) or {} for side in (base, alt)]
            if found := _exchanged(inside[0], inside[1], below, components):
                made[key] = found
            continue
        side = alt if component_of(below) in components else base
        if key in side:
            made[key] = side[key]
    return made
