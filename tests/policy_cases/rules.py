"""How each kind of worked example is played: law of the place, rules, ledger; what comes out, in yuan."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date

import numpy as np

from sim.ledger import Ledger
from sim.money import fen, yuan
from sim.months import Month
from sim.policy import (
    allowances,
    awards,
    charges,
    estates_rules,
    floors,
    instalments,
    insurance,
    occupancy,
    subsidies,
)

DECEMBER = 12


class Books:
    """A ledger under one law, and what was posted in it."""

    def __init__(self, book, options):
        self.book, self.options = book, options
        split = options.get("payers", {})
        inferred = {name: split for name, measure in book.measures.items() if split and not measure.payers}
        self.ledger = Ledger(book.document.place, book, inferred)

    def terms(self, measure, month):
        return self.book.at(Month.parse(str(month))).terms(measure)

    def post(self, month, measure, quantity, amount_fen, rate_fen=0):
        entry = self.ledger.entry(
            measure, district="total", subject="case", quantity=quantity, rate_fen=rate_fen,
            amount_fen=amount_fen,
        )  # fmt: skip
        self.ledger.post(month, entry)

    def by_year(self, measure=None):
        found = defaultdict(lambda: defaultdict(int))
        for line in self.ledger.lines:
            if line.amount_fen and measure in (None, line.entry.measure):
                found[line.month.year][line.payer] += line.amount_fen
        return {year: {payer: yuan(f) for payer, f in payers.items()} for year, payers in found.items()}

    def total(self):
        return yuan(self.ledger.total())


def months_of(year):
    return [Month.of(year, month) for month in range(1, DECEMBER + 1)]


def construction(books, given):
    """Beds with enough room, paid over the years of the law."""
    opened, horizon = Month.parse(given["opened"]), Month.parse(given["horizon_end"])
    closed = Month.parse(given["closed"]) if "closed" in given else None
    stop = books.options.get("stop_instalments_on_closure", True)
    all_parts, eligible, due = [], [], 0
    for item in given["items"]:
        measure = f"bed_construction_{item['kind']}"
        terms = books.book.at(opened).measures.get(measure)
        if terms is None:
            continue
        beds = instalments.eligible_beds(
            item["beds"], item["area_m2"], terms.least_m2_per_bed, books.options["area_rule"]
        )
        total = subsidies.per_unit(beds, fen(terms.rate_yuan)).amount_fen
        parts = instalments.schedule(
            total, books.book.instalments(measure), opened.year, horizon=horizon, closed=closed,
            stop_on_closure=stop,
        )  # fmt: skip
        for part in parts:
            if part.state == "paid":
                books.post(Month.of(part.year, DECEMBER), measure, beds, part.amount_fen)
        all_parts += parts
        eligible.append(beds)
        due += total
    states = instalments.by_state(all_parts)
    later = defaultdict(int)
    for part in all_parts:
        if part.state == "outstanding" and part.amount_fen:
            later[part.year] += part.amount_fen
    return {
        "total": yuan(due), "eligible_beds": eligible, "by_year": books.by_year(),
        "outstanding": yuan(states["outstanding"]), "cancelled": yuan(states["cancelled"]),
        "outstanding_by_year": {year: yuan(amount) for year, amount in later.items()},
    }  # fmt: skip


def flat(books, given):
    """One payment for a new facility that is large enough."""
    opened, measure = Month.parse(given["opened"]), given["measure"]
    terms = books.book.at(opened).measures.get(measure)
    if terms and given["new"]:
        least = terms.least_households or terms.least_m2
        amount = awards.flat(fen(terms.rate_yuan), given["size"], least)
        books.post(opened, measure, 1, amount)
    return {"by_year": books.by_year()}


def operating(books, given):
    """Residents counted month by month."""
    rule = books.options["occupancy_rule"]
    stays = given.get("stays") or [[None, None]] * given["residents"]
    day = [
        [_day(text, edge) for text, edge in zip(stay, (-math.inf, math.inf), strict=True)] for stay in stays
    ]
    arrived, departed = (np.array(column, dtype=float) for column in zip(*day, strict=True))
    for month in months_of(given["year"]):
        begin = date(month.year, month.month, 1).toordinal()
        bed_months = occupancy.counted(
            arrived, departed, begin=begin, days=month.days, beds=given["beds"], rule=rule
        )
        rate = fen(books.terms("operating_subsidy", month).rate_yuan)
        books.post(
            month, "operating_subsidy", float(bed_months), occupancy.operating_fen(rate, bed_months), rate
        )
    return {"total": books.total(), "by_year": books.by_year()}


def _day(text, edge):
    return edge if text is None else date.fromisoformat(text).toordinal()


def caregivers(books, given):
    """Post allowances by grade and service on the first of each month."""
    paid = [0] * len(given["caregivers"])
    first = [None] * len(paid)
    start = Month.parse(given["from"])
    for month in [m for m in months_of(given["year"]) if m >= start]:
        terms = books.terms("caregiver_post_allowance", month)
        step = month.minus(start)
        grades = np.array([_grade(one, month) for one in given["caregivers"]])
        served = np.array([one["months_at_start"] + step for one in given["caregivers"]])
        higher = books.options.get("higher_grade_allowance")
        amounts = allowances.post_allowance(
            grades, served, {g: fen(y) for g, y in terms.rate_by_yuan.items()}, terms.least_months,
            None if higher is None else fen(higher),
        )  # fmt: skip
        for index, amount in enumerate(amounts):
            paid[index] += int(amount)
            if amount and first[index] is None:
                first[index] = str(month)
        books.post(month, "caregiver_post_allowance", int((amounts > 0).sum()), int(amounts.sum()))
    return {
        "by_caregiver": [yuan(f) for f in paid], "first_paid_month": first, "total": books.total(),
        "by_year": books.by_year(),
    }  # fmt: skip


def _grade(one, month):
    """The grade held on the first of a month; a change within the month counts from the next."""
    change = one.get("grade_from")
    later = change and date.fromisoformat(change) <= date(month.year, month.month, 1)
    return (one["grade_after"] if later else one["grade"]) or allowances.NO_GRADE


def premium(books, given):
    """Insurance shared by the law's ratio."""
    law = {str(payer): share for payer, share in books.book.measures["liability_insurance"].payers.items()}
    shares = insurance.shares(fen(given["premium"]), law)
    before = len(books.ledger.lines)
    books.post(Month.parse(given["month"]), "liability_insurance", 1, fen(given["premium"]))
    assert {line.payer: line.amount_fen for line in books.ledger.lines[before:]} == shares
    return {"by_year": books.by_year()}


def floor(books, given):
    """Least spending out of a lottery fund."""
    by = {
        clause.indicator: clause.marks[0].value
        for clause in books.book.clauses
        if clause.kind == "funding_floor"
    }
    least = by["lottery_share_eldercare"]
    fixed = fen(by.get("home_community_funding_cny", 0))
    fund = fen(books.options["fund"])
    spent = [fen(amount) for amount in given.get("spent", [])]
    return {
        "required_total": yuan(floors.required_fen(fund, least, fixed)),
        "required_home_community": yuan(fixed),
        "pass": [floors.passes(amount, fund, least, fixed) for amount in spent],
    }  # fmt: skip


def yearly_award(books, given):
    """An award between two ends, by score."""
    month = Month.of(given["year"], DECEMBER)
    terms = books.terms("community_facility_award", month)
    amounts = [
        awards.by_score(
            fen(terms.least_yuan), fen(terms.most_yuan), one["score"], operating=one.get("open", True)
        )
        for one in given["facilities"]
    ]
    for amount in amounts:
        books.post(month, "community_facility_award", 1, amount)
    return {"by_facility": [yuan(f) for f in amounts], "total": books.total(), "by_year": books.by_year()}


def everything(books, given):
    """One home under all rules, each played as its own case into one ledger."""
    for rule, parts in given["parts"].items():
        for part in parts if isinstance(parts, list) else [parts]:
            RULES[rule](books, part)
    lines = {
        name: {year: sum(payers.values()) for year, payers in books.by_year(name).items()}
        for name in books.book.measures
        if books.by_year(name)
    }
    by_year = books.by_year()
    totals = {year: sum(payers.values()) for year, payers in by_year.items()}
    return {"lines": lines, "by_year": by_year, "total_by_year": totals}


def headcounts(books, given):
    """Operating subsidy from headcounts at the ends of months."""
    for first, last, residents in given["months"]:
        month = Month.parse(first)
        while month <= Month.parse(last):
            rate = fen(books.terms("operating_subsidy", month).rate_yuan)
            books.post(month, "operating_subsidy", residents, occupancy.operating_fen(rate, residents), rate)
            month = month.plus(1)
    return {}


def fees(books, given):
    """What is left of charges, by kind of home."""
    month = Month.parse("2024-05")
    charged = [
        charges.Charged(name, given["home"], month, fen(amount)) for name, amount in given["charges"].items()
    ]
    return {"due": yuan(sum(one.due_fen for one in charges.settle(charged, books.book.by_id, month, month)))}


def smart_construction(books, given):
    """A multiple of the base, once."""
    opened = Month.parse(given["opened"])
    factor = books.terms("smart_home_construction", opened).factor
    amount = instalments.multiplied(given["beds"], fen(books.options["base_rate"]), factor)
    books.post(opened, "smart_home_construction", given["beds"], amount)
    return {"total": books.total(), "by_year": books.by_year()}


def smart_award(books, given):
    """One award, refused below the law's bound."""
    reached = Month.parse(given["reached"])
    least = fen(books.terms("smart_award", reached).least_yuan)
    try:
        amount = awards.at_least(fen(books.options.get("award", yuan(least))), least)
    except ValueError as refused:
        return {"refused": str(refused)}
    books.post(reached, "smart_award", 1, amount)
    return {"by_year": books.by_year()}


def smart_operating(books, given):
    """An operating subsidy raised from the year after the standard is reached."""
    base, uplift = fen(books.options["base"]), books.options["uplift"]
    reached = int(given["reached"][:4]) if given.get("reached") else None
    for year in given["years"]:
        for month in months_of(year):
            law = books.book.at(month).measures.get("smart_operating")
            least = law.least_uplift if law else 0.0  # before the plan the present rate is paid as it was
            try:
                factor = occupancy.uplift_factor(uplift, least, reached, year)
            except ValueError as refused:
                return {"refused": str(refused)}
            amount = occupancy.operating_fen(base, given["residents"], factor)
            books.post(month, "smart_operating", given["residents"], amount, base)
    return {"by_year": books.by_year()}


def age_allowance(books, given):
    """Paid from the month of a birthday on."""
    birth = np.array([Month.parse(given["birth"]).index])
    for month in months_of(given["year"]):
        years = books.terms("old_age_allowance", month).from_age_years
        persons = int(allowances.of_age(birth, month.index, years).sum())
        rate = fen(books.options["amount"])
        books.post(month, "old_age_allowance", persons, subsidies.per_unit(persons, rate).amount_fen, rate)
    return {"total": books.total(), "by_year": books.by_year()}


def star(books, given):
    """An award by star grade; nothing without an amount."""
    reached = Month.parse(given["reached"])
    table = books.options.get("star_awards")
    amount = awards.by_star(given["star"], {int(s): fen(y) for s, y in table.items()} if table else None)
    books.post(reached, "star_award", 1, amount)
    return {"by_year": books.by_year(), "quantity": sum(line.entry.quantity for line in books.ledger.lines)}


def split(books, given):
    """The cost of basic services, shared by the payers of the scenario."""
    month = Month.of(given["year"], DECEMBER)
    books.post(month, given["measure"], 1, fen(given["cost"]))
    return {"by_year": books.by_year()}


def estate(books, given):
    """Room for care that estates must have."""
    rules = estates_rules.of_law(books.book, given["kind"], pooling=books.options.get("pooling", False))
    found = {}
    if "households" in given:
        found["required_m2"] = estates_rules.required_m2(rules, given["households"])
        found["required_outdoor_m2"] = estates_rules.required_outdoor_m2(rules, given["households"])
    if "residents" in given:
        found["required_land_m2"] = estates_rules.required_land_m2(rules, given["residents"])
    if "site_m2" in given:
        try:
            found["complies"] = estates_rules.site_complies(rules, given["site_m2"], given["served"])
        except ValueError as refused:
            found["refused"] = str(refused)
    return found


RULES = {
    function.__name__: function
    for function in (
        construction, flat, operating, caregivers, premium, floor, yearly_award, everything, headcounts, fees,
        smart_construction, smart_award, smart_operating, age_allowance, star, split, estate,
    )
}  # fmt: skip
