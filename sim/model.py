# Over 300 lines: the order of the month is written once, in one place.
"""The calendar and the month. Only this module knows the order in which things happen.

 1 law in force       what the policy book says in this month
 2 supply             homes open; registered and open beds; staff come and go
 3 demography         deaths, moves, ageing, new sixty-year-olds      with a keyed day each
 4 ability            onset, worsening, recovery
 5 families           widowhood, children, ill carers; strain; who asks for services, applies, takes back
 6 services           to those entitled who ask when the month begins, by the rows of the scenario
 7 applications       who applies, to which homes; the willing destitute
 8 waiting list       the month in day order: vacancies, offers, refusals, withdrawals, admissions, live exits
 9 settle             the table of residents is the only truth on who lives where
10 money              what is due -> ledger lines in whole fen
11 record, check      indicators against targets; invariants raise
"""

from __future__ import annotations

import gc
from dataclasses import replace
from functools import partial

import mesa
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim import burnin, checks, costs, month_end, start, state
from sim.accounts import lever_accounts
from sim.codes import BedKind
from sim.desk import LIVE_CAUSES, Desk, Span, bed_events
from sim.dues import payees
from sim.facilities.delivery import delivered
from sim.facilities.estate import Estate
from sim.facilities.supply import BedChange
from sim.indicators import board
from sim.indicators.first_met import FirstMet
from sim.ledger import Ledger
from sim.months import Calendar, Month
from sim.operation import Operation
from sim.policy import schedule
from sim.policy.book import Law, PolicyBook
from sim.policy.clauses import Clause
from sim.population.base import Base, wishing
from sim.population.census import Census, count
from sim.population.lifetable import SIXTY
from sim.population.step import Happened, PeopleStep, sixty_or_more
from sim.provision import Provision
from sim.record import Recorder
from sim.scenario.types import Scenario
from sim.services import Relief
from sim.streams import replication_seed
from sim.tables import TOTAL
from sim.waitlist.admissions import Waitlist

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_UNLIMITED_BEDS = 10**6


def _beds_taken(home: NDArray[np.integer], bed: NDArray[np.integer], homes: int) -> I64:
    taken = np.zeros((homes, len(BedKind)), np.int64)
    np.add.at(taken, (home, bed), 1)
    return taken


class CareModel(mesa.Model):  # type: ignore[misc]  # Mesa is not typed
    """One replication of a region."""

    def __init__(self, scenario: Scenario, seed: int, run: int, *, base: Base | None = None) -> None:
        """Build the state at the start.

        Args:
            scenario: the checked scenario.
            seed: seed of the ensemble; with `run` it gives the seed of the replication.
            run: number of the replication; run 0 has central parameters and an even list of homes.
            base: the start population without chance; made from the scenario if none is given.
        """
        super().__init__(rng=0)  # Mesa asks for a generator; every draw of ours is keyed
        self.seed = replication_seed(seed, run)
        self.book = PolicyBook.load(scenario.policy)
        self.base = base if base is not None else start.base_of(scenario)
        self.scenario = scenario = delivered(scenario, None if run == 0 else self.seed)
        self.calendar = Calendar(scenario.horizon.first, scenario.horizon.months)
        self._days = self.calendar.start_days()
        self._step = 0
        weights = self.base.expected[:, :, SIXTY:].sum(axis=(1, 2))
        self.estate = Estate(self, scenario, weights, None if run == 0 else self.seed)
        self.operation = Operation(scenario, self.estate)
        begun = self._begin()
        self.applicants, self.residents = begun.applicants, begun.applicants.residents
        self.families = begun.families
        hazard = start.living_hazard(scenario)
        self.people_step = PeopleStep(self.base, scenario, self.seed, hazard, self.residents)
        self.desk = self._start_list(begun)
        self.workforce = state.workforce(scenario, self.residents, self.estate.district)
        self.provision = Provision(scenario.services)
        begins = scenario.money.fiscal_year_first_month
        self.ledger = Ledger(
            scenario.place.id, self.book, scenario.payers, scenario.services, begins, lever_accounts(scenario)
        )
        self.recorder = Recorder([district.id for district in scenario.place.districts])
        last = self.calendar.month(self.calendar.months - 1)
        self._evaluations: dict[Month, list[schedule.Evaluation]] = {}
        for evaluation in schedule.evaluations(self.book, scenario.horizon.first, last):
            self._evaluations.setdefault(evaluation.month, []).append(evaluation)
        self._asked = state.asked(self.book, scenario)
        self._first_met = FirstMet(self.book, self._readings)
        self._beds_at_notice = self.estate.registered().sum(axis=0)
        self._here = len(self.residents)
        old = self.residents.district[sixty_or_more(self.month.plus(-1), self.residents, slice(None))]
        self._sixty = np.bincount(old, minlength=len(weights)).astype(np.float64)

    def _begin(self) -> start.Begun:
        scenario = self.scenario
        homes = start.on_offer(self.estate, np.zeros_like(self.estate.prices))  # levers act from now on
        opened = self.estate.opened()
        if scenario.beds_unlimited:
            opened = np.full((len(homes.ids), 2), _UNLIMITED_BEDS)
        law = self.book.at(scenario.horizon.first.plus(-1))
        carers = self.operation.carers
        staffed = (carers, self.estate.registered()) if carers else None
        begun = start.begin(self.base, scenario, self.seed, homes, opened, law, staffed)
        if carers:
            people = begun.applicants.residents
            inside = np.flatnonzero(begun.at_home)
            self.estate.staff(begun.free + _beds_taken(people.home[inside], people.bed[inside], len(opened)))
        return begun

    def _start_list(self, begun: start.Begun) -> Desk:
        scenario, free = self.scenario, begun.free
        waitlist = Waitlist(
            turnover_days=scenario.waiting_list.turnover.value,
            residents_change_beds=scenario.mechanisms.in_house_moves,
        )
        for home in range(len(self.estate.homes)):
            waitlist.add_home(home, (int(free[home, 0]), int(free[home, 1])))
        burnin.settle_residents(self.applicants, waitlist, begun.at_home)
        leave = scenario.leaving
        shares = np.array([getattr(leave, cause).value for cause in LIVE_CAUSES])
        if scenario.mechanisms.take_back:  # exits to the family are not drawn at admission
            shares[0] = 0
        causes = np.cumsum(shares) / max(shares.sum(), 1e-9)
        desk = Desk(self.applicants, waitlist, wishing(scenario.groups), causes)
        desk.enlist(begun.waiting)
        return desk

    def _closing(self) -> I64:
        """(homes, 2) beds that were closed while somebody lives in them."""
        return np.array(self.desk.waitlist.all_closing())

    @property
    def services_state(self) -> dict[str, tuple[int | None, int | None]]:
        """Service -> (served, entitled) of the latest month; None where its capacity is not known."""
        return self.provision.state

    @property
    def month(self) -> Month:
        """The month that the next step plays."""
        return self.calendar.month(self._step)

    def step(self) -> None:
        """One month, always in this order."""
        month = self.month
        span = Span(month, float(self._days[self._step]), month.days)
        residents = self.residents
        law = self.book.at(month)  # 1
        taken = self.desk.waitlist.all_taken()
        changes, opening = self.operation.supply(month, residents, self.families.in_homes, taken)  # 2
        self.workforce.advance(month)  # 2
        residents.rows_at_month_start = len(residents)
        self._poor_ability = residents.ability[self.desk.poor_rows()]
        happened = self.people_step.draw(month, residents)  # 3, 4
        self.provision.serve(month, residents, self.families)  # 6
        happened = self._families_decide(month, happened)  # 5
        homes = start.on_offer(self.estate, self.operation.off_the_charge(month))
        events, applications = self.desk.events(span, happened, homes, law, self._taken_back(month))  # 7
        log = self.desk.waitlist.replay(span.end, [*bed_events(opening, span.first_day), *events])  # 8
        self.people_step.settle(month, residents, happened)  # 5, 9
        settled = self.desk.settle(month, log, events)  # 9
        self.log, self.applications, self.happened = log, applications, happened
        self.estate.note_closing(self._closing())
        arrived = self.people_step.arrive(month, residents)  # 9
        self._settle_families(month, happened, arrived)  # 5
        relief = self.provision.relief(self.families)  # it is paid for, and counted
        self._pay(law, span, changes, relief)  # 10
        self.ledger.settle(month)
        flows = month_end.Flows(self._here, arrived, happened, applications, log, *settled)
        self._end(span, flows, relief)  # 11
        self._step += 1

    def _families_decide(self, month: Month, happened: Happened) -> Happened:
        """Let strain grow or fall with the month's services; add those in care need who apply."""
        in_need = self.families.apply(month, self.provision.help(self.families))
        return replace(happened, applied=np.sort(np.concatenate([happened.applied, in_need])))

    def _settle_families(self, month: Month, happened: Happened, arrived: slice) -> None:
        """Tell the families to whom anything happened that may begin or end care, or move its hours."""
        out = np.array([gone.person for gone in self.log.home_exits], np.int64)
        admitted = np.array([admission.person for admission in self.log.admissions], np.int64)
        came = np.arange(arrived.start, arrived.stop)
        people = happened.changed, happened.turned_60, happened.died, happened.moved
        self.families.settle(month, np.concatenate([*people, out, came]), admitted)

    def _taken_back(self, month: Month) -> I64 | None:
        """Residents of homes whom their family takes back in a month."""
        leave = self.scenario.leaving
        if not self.scenario.mechanisms.take_back:
            return None
        return self.families.taken_back(month, leave.per_year.value * leave.family.value)

    def _pay(self, law: Law, span: Span, changes: list[BedChange], relief: Relief | None) -> None:
        """Post what is due in a month."""
        if law.measures:
            month, homes = span.month, self.estate.homes
            stock = self.workforce.caregivers
            persons = state.recipients(self.residents, self.book, self.scenario, month, stock)
            persons = payees.complete(
                persons, self.residents, law, self.scenario, homes, self.log, span.first_day
            )
            costs.post(self.ledger, self.scenario, law, month, changes, homes, persons)
        costs.post_services(self.ledger, self.scenario, span.month, self.provision.given(relief))
        growth = self.scenario.money.price_factor(span.month.year)
        due = self.operation.due(span.month, self.residents)
        costs.post_levers(self.ledger, span.month, due, growth)

    def _end(self, span: Span, flows: month_end.Flows, relief: Relief | None) -> None:
        """Count, record and check a month."""
        month, estate, residents = span.month, self.estate, self.residents
        districts = len(self.scenario.place.districts)
        census = count(residents, month, districts, len(estate.homes))
        if month <= self.book.notice:
            self._beds_at_notice = estate.registered().sum(axis=0)
        _, waits_for = self.desk.waiting.columns()
        waiting = month_end.waiting_by_home(waits_for, len(estate.homes))
        people = month_end.people_metrics(census, self.scenario, self.families, relief)
        beds = month_end.bed_metrics(census, estate, waiting, people["bed_need"])
        moves = month_end.flow_metrics(flows, estate, residents, self.families.in_homes, month, districts)
        record = self.recorder
        by_district = self.workforce.caregivers_by_district
        carers = state.caregiver_metrics(self.scenario, beds["occupied"], by_district)
        record.summary(month.index, {**people, **beds, **moves, **carers})
        month_end.record_waits(record, flows, estate, waits_for, month)
        if month.is_december:
            unaided = month_end.unaided(self.families, relief)
            served = self.provision.settings(month, residents, districts, unaided)
            record.population(month.index, census.bands, served)
            for metric, service, value in self.provision.rows(month, residents):
                record.add("services", month.index, metric, value, measure=service, region_code=TOTAL)
        self._evaluate(span, census)
        checks.people(
            month, flows.before, flows.arrived, len(flows.died), len(flows.moved), census.counted.here
        )
        checks.sixty(month, self._sixty, moves, people["residents_60plus"])
        self._sixty = people["residents_60plus"]
        if not self.scenario.beds_unlimited:
            checks.beds(month, estate, census.occupied)
        self._here = census.counted.here
        checks.list_and_table(month, self.desk.waitlist, census.counted, census.occupied)
        checks.ledger(month, self.ledger)

    def _evaluate(self, span: Span, census: Census) -> None:
        """Indicators that are tested at the end of this month."""
        month = span.month
        due = self._evaluations.get(month, [])
        if not due and not self._first_met.looks_at(month):
            return
        scenario = self.scenario
        rows = self.desk.poor_rows()
        poor = month_end.destitute(self.residents, rows, scenario, month, span.end, self._poor_ability)
        seen = state.build(
            scenario, self.book, month, self.estate, self._beds_at_notice, state.persons(census), poor,
            self.ledger, self.residents, self.provision, self.families, self.workforce, self._asked,
        )  # fmt: skip
        value = partial(board.value, seen)
        for evaluation in due:
            for denominator in self._readings(self.book.by_id[evaluation.clause_id], evaluation.denominator):
                self.recorder.add(
                    "targets", month.index, "value", value(evaluation.indicator, denominator),
                    clause_id=evaluation.clause_id, indicator=evaluation.indicator, denominator=denominator,
                )  # fmt: skip
        if self._first_met.looks_at(month):
            for mark in self._first_met.look(value):
                self.recorder.add(
                    "targets", month.index, "first_met", mark.value,
                    clause_id=mark.clause_id, indicator=mark.indicator, denominator=mark.denominator,
                )  # fmt: skip

    def _readings(self, clause: Clause, denominator: str) -> list[str]:
        """The denominators under which a value is told: where an input is not known, one for each reading."""
        known = [f"{n} before" for n in self.scenario.coverage.centres_before]
        return known if clause.read_from and known else [denominator]

    def part(self) -> pa.Table:
        """The part of the replication, after the last month."""
        last = self.calendar.month(self.calendar.months - 1)
        for month, metric, measure, clause_id, payer, value in self.ledger.part_rows(
            self.calendar.start, last
        ):
            self.recorder.add(
                "costs",
                month.index,
                metric,
                value,
                measure=measure,
                clause_id=clause_id,
                payer=payer,
                region_code=TOTAL,
            )
        return self.recorder.part()


def simulate(scenario: Scenario, seed: int, run: int) -> pa.Table:
    """Run one replication from the first month to the last; returns its part (`sim.tables.PART_SCHEMA`)."""
    collecting = gc.isenabled()
    gc.disable()  # a run makes no garbage cycles worth the scans of a large heap: a tenth of its time
    try:
        model = CareModel(scenario, seed, run)
        for _ in range(model.calendar.months):
            model.step()
        part = model.part()
        mesa.Agent._ids.pop(model, None)
    finally:
        if collecting:
            gc.enable()
    return part
