"""Waiting lists and admissions to care homes, in continuous time on SimPy. Knows no people, only events.

The rules in plain words:

1. Who applies names homes in order of preference and the kind of bed. The homes are tried in that order: a
   free bed is offered at once, unless somebody who ranks before the applicant waits for it (then it is
   offered to them first).
2. Homes that had no bed are all waited for at the same time; the first bed that comes and is accepted ends
   the wait.
3. A home offers a bed to whoever ranks first on its list for that kind of bed: tier, then whether entitled,
   then day of entry, then identity.
4. An offer refused takes that home off the person's list. Who has refused all homes leaves the list.
5. A bed given up is offered again after the turnover time.
6. Who waits longer than their patience withdraws; who dies or moves away is off all lists at once. Neither
   frees a bed.
7. Who moved in leaves by death, by moving away, or alive after their stay, whichever comes first.
8. Somebody waiting whose need or tier changes waits for another kind of bed or under another tier, with the
   same day of entry and patience. A resident who comes to need a nursing bed moves to one in the same home as
   soon as one is free, before anybody on the list; until then, or until the need has passed, the resident
   stays in the ordinary bed (only if residents change beds, else everybody keeps their bed).
9. Beds that close are taken from the free ones first, then from those given up. Nobody is put out. Beds that
   open first call off closings still to come.
10. A home may hold its last free beds of a kind back for the first tier: the others are offered a bed only
    while more than those are free. Beds being made ready are not free yet.
11. In one instant: what was due (withdrawals, live exits, beds made ready), then openings and closings,
    deaths and departures, changed needs, applications; then the offers of beds that became free. Homes that
    free a bed in the same instant make their offers in the order in which they were woken, not in the order
    of anybody's preference.
"""

from sim.waitlist.admissions import Waitlist
from sim.waitlist.records import (
    FIRST_TIER,
    KINDS,
    NURSING,
    ORDINARY,
    Admission,
    Application,
    BedChange,
    Death,
    Departure,
    Event,
    ExitCause,
    HomeExit,
    ListCause,
    ListExit,
    MonthLog,
    Move,
    NeedChange,
    Offer,
)

__all__ = [
    "FIRST_TIER",
    "KINDS",
    "NURSING",
    "ORDINARY",
    "Admission",
    "Application",
    "BedChange",
    "Death",
    "Departure",
    "Event",
    "ExitCause",
    "HomeExit",
    "ListCause",
    "ListExit",
    "MonthLog",
    "Move",
    "NeedChange",
    "Offer",
    "Waitlist",
]
