"""Switches of the mechanisms: each one off is the simpler rule that stands beside it (docs/odd.md).

They are there for ablation: which pattern breaks without which mechanism. All are on by default.
"""

from __future__ import annotations

from sim.scenario.quantity import Frozen


class Mechanisms(Frozen):
    """Which mechanisms are on.

    Attributes:
        strain: how strained a family is, and which hours stay unmet, moves applying and taking an offer.
            Off: ability, age and living arrangement alone decide.
        family_events: children move away and come nearer, carers fall ill. Off: a family only changes by
            death, departure and ability.
        take_back: a family takes a resident back from a home when it can give the hours again. Off: residents
            leave to their family at a constant hazard.
        family_services: families ask for care at home, day care, family care beds and respite when their
            hours fall short or they are strained. Off: everybody entitled is given them.
        homes_differ: homes have a reputation, integrated medical care or none, stand in a town or in the
            country, and a thin purse feels a charge more; off: they differ by owner, charge and district.
        outside_option: an applicant names only homes better than going on at home, and takes a lower choice
            only if it is not much worse; off: any affordable home, and chance decides on offers.
        in_house_moves: residents who come to need a nursing bed move to one in their home before anybody from
            outside; off: everybody keeps their bed.
        staffed_beds: caregivers limit the beds that are open; off: a fixed share of the registered ones.
        conversion_takes_time: beds to be converted close for the works before; off: from one day to the next.
    """

    strain: bool = True
    family_events: bool = True
    take_back: bool = True
    family_services: bool = True
    homes_differ: bool = True
    outside_option: bool = True
    in_house_moves: bool = True
    staffed_beds: bool = True
    conversion_takes_time: bool = True
