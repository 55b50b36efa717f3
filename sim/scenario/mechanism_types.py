"""Switches of mechanisms, for ablation: off is exactly the simpler rule. All are on by default."""

from __future__ import annotations

from sim.scenario.quantity import Frozen


class Mechanisms(Frozen):
    """Which mechanisms a run has.

    Attributes:
        strain: how strained a family is, and which hours stay unmet, moves applying and taking an offer.
            Off: ability, age and living arrangement alone decide.
        family_events: children move away and come nearer, carers fall ill. Off: a family only changes by
            death, departure and ability.
        take_back: a family takes a resident back from a home when it can give the hours again. Off: residents
            leave to their family at a constant hazard.
        family_services: families ask for care at home, day care, family care beds and respite when their
            hours fall short or they are strained. Off: everybody entitled is given them.
    """

    strain: bool = True
    family_events: bool = True
    take_back: bool = True
    family_services: bool = True
