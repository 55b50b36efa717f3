"""Switches of the mechanisms: each one off is the simpler rule that stands beside it (docs/odd.md).

They are there for ablation: which pattern breaks without which mechanism.
"""

from __future__ import annotations

from sim.scenario.quantity import Frozen


class Mechanisms(Frozen):
    """Which mechanisms are on.

    Attributes:
        homes_differ: homes have a reputation, integrated medical care or none, stand in a town or in the
            country, and a thin purse feels a charge more; off: they differ by owner, charge and district.
        outside_option: an applicant names only homes better than going on at home, and takes a lower choice
            only if it is not much worse; off: any affordable home, and chance decides on offers.
        in_house_moves: residents who come to need a nursing bed move to one in their home before anybody from
            outside; off: everybody keeps their bed.
        staffed_beds: caregivers limit the beds that are open; off: a fixed share of the registered ones.
        conversion_takes_time: beds to be converted close for the works before; off: from one day to the next.
    """

    homes_differ: bool = True
    outside_option: bool = True
    in_house_moves: bool = True
    staffed_beds: bool = True
    conversion_takes_time: bool = True
