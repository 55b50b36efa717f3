"""A checked scenario whose plan names nothing that the program does not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.resolve import Resolved


def resolve_wired(file: str, settings: Sequence[str]) -> Resolved:
    """The scenario of a name or path.

    Raises:
        InputError: with every fault of its files; or, if they are good, with every indicator and measure of
            the plan that the program does not have.
    """
    from sim.errors import InputError
    from sim.scenario.library import scenarios_folder
    from sim.scenario.resolve import resolve

    resolved = resolve(file, settings)
    policy = resolved.scenario.policy
    if not policy.is_relative_to(scenarios_folder()):  # shipped plans are held to it by the tests
        from sim.wiring import unwired

        if faults := unwired(policy):
            raise InputError(faults, resolved.notices)
    return resolved
