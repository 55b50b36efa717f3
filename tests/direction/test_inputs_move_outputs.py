"""No dead input: every number of a scenario, moved alone on a small made-up county, moves some value.

The county has one of everything, so that each input has something to act on. Compared are all rows of the
part, and every indicator at the end, whether or not a clause of the plan asks for it; month by month what
of them is there already, so that a run ends with the first difference. Ranges (`low`, `high`)
and `changes` are left out: they are no inputs of run 0 and of a place without changes.
"""

import json
from types import SimpleNamespace

import pytest

from sim import month_end, start, state
from sim.indicators import board
from sim.model import CareModel
from sim.scenario.mechanism_types import Mechanisms
from sim.scenario.types import Scenario
from tests.places import quantity, stationary_place

pytestmark = pytest.mark.long

WORDS = {"status": "assumption", "source": "test"}
STILL = {
    "homes.stock.0.beds": "at the start the later count holds alone; between two counts see test_homes",
    "choosing.accept_lower_choice": "the simpler rule without `mechanisms.outside_option`; see test_choice",
    "choosing.other_district_weight": "the county has one district; see test_choice",
    "staff.residents_per_caregiver": "the count of caregivers goes before it; without one see below",
    "homes.nursing_share": "the county counts its nursing beds; see test_national_defaults",
    "population.urban_share": "the county has a table of households; see test_national_defaults",
    **{
        f"families.with_{number}_65plus": "the county has a table of households; see test_national_defaults"
        for number in ("one", "two", "three")
    },
    "subsidies.oldest_old_from_years": "no order of admission here asks for it; see test_dues",
    "registers.model_place_application.0": "background of the plan, tested by nothing",
}
"""Inputs that rightly move nothing here, each with the reason."""
FARTHER = {
    "applying.doubling_age.value": 5.0, "waiting_list.burn_in.value": 6.0,
    "groups.overdue_after_days.value": 400.0, "groups.wish_able.value": 0.9,
    "population.recovery_slope_per_year.value": -0.02, "money.price_base_year": 2020,
    "homes.generator.chain_integrated_homes.value": 2.0, "means.resident_pension.value": 3_000.0,
    "homes.operators.price_most.value": 0.01, "staff.homes.hired_per_month.value": 0.9,
    "families.strain.acceptance_elasticity.value": 8.0,
    "families.strain.take_back_hours_share.value": 1.0,
    "homes.stock.1.beds": 260, "means.employee_pension_log_sd.value": 1.5,
}  # fmt: skip
"""What some inputs become, where half as much is no sensible value or changes nobody in a small county."""
OF_BASE = ("population", "families", "groups", "applying", "leaving")
"""Sections that enter the start population: what moves nothing with that of the county gets its own."""


def dated(**more):
    return {"month": "2023-10", **WORDS, **more}


def given():
    """One of everything."""
    workers = {"social_workers_in_homes": 20, "social_workers_community": 30, "caregivers": 25}
    capacities = {
        "home_visit": (400, "visits"), "visiting": (40, "visits"), "meals": (1_200, "meals"),
        "day_care": (40, "persons"), "respite": (40, "persons"), "family_care_bed": (40, "households"),
        "home_adaptation": (40, "households"), "health_management": (40, "persons"),
        "carer_training": (20, "persons"),
    }  # fmt: skip
    costs = dict.fromkeys(capacities, "yuan_per_person_month") | {
        "home_visit": "yuan_per_visit", "meals": "yuan_per_meal", "respite": "yuan_per_hour",
        "family_care_bed": "yuan_per_household",
    }  # fmt: skip
    flows = {
        name: {
            "recruited_per_year": quantity(6, "persons_per_year"),
            "leaving_share_per_year": quantity(0.2, "share"),
        }
        for name in workers
    }
    site = {"completes": "2023-11", **WORDS}
    functions = ["full_care", "day_care", "home_visit", "coordination"]
    project = {
        "planned_start": "2023-09", "planned_finish": "2023-12", "actual_start": "2023-09",
        "actual_finish": "2023-12", **WORDS,
    }  # fmt: skip
    estate = {"households": 430, "care_m2": 129.0, "handover": "2023-10", "care_handover": "2023-10", **WORDS}
    measures = (
        "canteen_upgrade", "nursing_bed_premium", "quality_award", "old_age_allowance", "nursing_subsidy",
        "free_bus", "care_worker_subsidy",
    )  # fmt: skip
    return {
        "horizon": {"start": "2022-10", "end": "2023-12"},
        "pipeline": [
            {"id": "wing", "opens": "2023-11", "beds": 40, "nursing_beds": 20, "converted_to_nursing": 6,
             "ownership": "private", "government_invested": True, **WORDS},
        ],
        "sites": [
            {"id": "canteens", "kind": "canteen_upgraded", "sites": 4, **site},
            {"id": "centres", "kind": "subdistrict_centre", "sites": 5, "functions": functions, **site},
        ],
        "services": [
            {"id": name, "capacity_per_month": quantity(*capacity), "cost": quantity(20, costs[name])}
            for name, capacity in capacities.items()
        ],
        "staff": {**{name: quantity(value, "persons") for name, value in workers.items()}, "flows": flows},
        "estates": [{"id": "a", "kind": "new", **estate}, {"id": "b", "kind": "existing", **estate}],
        "registers": {
            name: [dated(value=70.0, unit=unit)]
            for name, unit in (
                ("pension_insurance_rate", "percent"),
                ("elderly_university_per_county", "institutions_per_county"),
                ("model_place_application", "count"),
            )
        },
        "central_projects": [{"id": "p", **project}],
        "proximity": {"facilities": quantity(30, "count"), "built_up": quantity(60, "km2")},
        "money__price_growth_per_year": quantity(0.02, "per_year"),
        "money__price_base_year": 2022,
        "money__budgets": {"2023": {**quantity(500_000, "yuan"), "measures": []}},
        "coverage__communities": 50, "coverage__communities_covered": 40,
        "coverage__before": {
            kind: quantity(20, "count") for kind in ("meal_service_point", "integrated_health_centre")
        },
        "coverage__health_centres": quantity(30, "count"),
        "operators": "responsive",
        "levers": {
            "operating_subsidy": {"yuan_per_month": quantity(300, "yuan_per_month")},
            "resident_subsidy": {
                "yuan_per_month": quantity(300, "yuan_per_month"), "at_most_share": quantity(0.1, "share"),
            },
            "staff_allowance": {"yuan_per_month": quantity(500, "yuan_per_month")},
        },
        "homes__features": [
            {"feature": feature, "month": "2023-06", "homes": 4, **WORDS}
            for feature in ("medical_agreement", "integrated_medical_care", "liability_insurance")
        ],
        "coverage__villages": 60, "coverage__villages_covered": 30,
        "rates": {name: quantity(100, "yuan") for name in measures},
        "payers": {"canteen_upgrade": {"city": 0.5, "district": 0.5}},
        "population__registered_60plus": [
            {"month": month, "value": value, **WORDS} for month, value in (("2023-06", 8e3), ("2024-06", 9e3))
        ],
        "waiting_list__burn_in": quantity(12, "months"),
        "groups__destitute": quantity(0.08, "share"), "groups__wish_unable": quantity(0.8, "share"),
        "groups__special_family_planning": quantity(0.1, "share"),
        "applying__willingness": quantity(0.6, "share"), "leaving__per_year": quantity(1.0, "per_year"),
        "homes__generator__beds_per_public_home": quantity(15, "beds"),
        "homes__generator__beds_per_private_home": quantity(20, "beds"),
    }  # fmt: skip


def played(scenario, base=None):
    """The rows and the amounts of each month, and in the end every row of the part and every indicator."""
    model = CareModel(scenario, 1, 1, base=base)
    record, months, days, lines = model.recorder, 0, 0, 0
    for _ in range(model.calendar.months):
        model.step()
        amounts = [(line.entry.measure, line.payer, line.amount_fen) for line in model.ledger.lines[lines:]]
        columns = [cube for _, cube in record._summary[months:]] + record._waits[days:] + record._days[days:]
        yield [column.tobytes() for column in columns], amounts
        months, days, lines = len(record._summary), len(record._days), len(model.ledger.lines)
    yield repr(model.part().to_pylist())
    yield repr(indicators(model, scenario))


def indicators(model, scenario):
    """Every indicator of the last month."""
    now = model.calendar.month(model.calendar.months - 1)
    day = float(model._days[-1]) + now.days
    poor = month_end.destitute(model.residents, model.desk.poor_rows(), scenario, now, day)
    persons = {"residents_60plus": 1000.0, "residents_65plus": 700.0}
    seen = state.build(
        scenario, model.book, now, model.estate, model._beds_at_notice, persons, poor, model.ledger,
        model.residents, model.provision, model.families, workers=model.workforce,
    )  # fmt: skip
    labels = {
        "beds_per_1000_elderly": ["registered_65plus"],
        "kaili_project_set": ["standard_care_centres"],
        "subdistrict_centre_coverage": [f"{before} before" for before in scenario.coverage.centres_before],
    }
    return {
        name: [board.value(seen, name, label) for label in labels.get(name, [""])]
        for name in board.INDICATORS
    }


def numbers(data, path=()):
    """Paths of all numbers, ranges and changes left out."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in ("low", "high", "changes", "schema_version"):
                yield from numbers(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from numbers(value, (*path, at))
    elif isinstance(data, (int, float)) and not isinstance(data, bool):
        yield path


def moved(scenario, path):
    """The scenario with one number changed to one that is allowed; its range is dropped."""
    text = ".".join(map(str, path))
    data = scenario.model_dump(mode="json")
    *above, last = path
    at = data
    for key in above:
        at = at[key]
    value = at[last]
    whole = isinstance(value, int)
    for new in (FARTHER.get(text), value / 2, value + 20 if whole else 0.05, value + 1):
        if new is None or new == value:
            continue
        at[last] = round(new) if whole else new
        if isinstance(at, dict):
            at |= {key: None for key in ("low", "high") if key in at}
        _add_up(data, path)
        try:
            return Scenario.model_validate(data)
        except ValueError:
            continue
    pytest.fail(f"{text}: no other value is allowed")
    return None


def _add_up(data, path):
    """Give what a share has lost to another one, where shares must add up."""
    if path[0] == "payers":
        shares = data["payers"][path[1]]
        shares |= {payer: 1 - shares[path[2]] for payer in shares if payer != path[2]}
    elif path[0] == "leaving" and path[1] != "per_year":
        causes = [data["leaving"][cause] for cause in ("family", "hospital", "elsewhere", "cannot_pay")]
        other = causes[0] if path[1] != "family" else causes[1]
        missing = 1 - sum(cause["value"] for cause in causes)
        other["value"] = round(other["value"] + missing, 9)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    scenario = stationary_place(
        folder, residents_60plus=7_000, beds=220, nursing_beds=110, **json.loads(json.dumps(given()))
    )  # YAML without anchors
    base = start.base_of(scenario)
    return SimpleNamespace(scenario=scenario, base=base, found=list(played(scenario, base)))


def _same(anew, found):
    """Whether nothing differs; played no longer than until something does."""
    return all(one == other for one, other in zip(anew, found, strict=True))


def test_every_number_moves_something(county):
    dead = []
    for path in numbers(county.scenario.model_dump(mode="json")):
        scenario = moved(county.scenario, path)
        bases = (county.base, None) if path[0] in OF_BASE else (county.base,)
        if all(_same(played(scenario, base), county.found) for base in bases):
            dead.append(".".join(map(str, path)).removesuffix(".value"))
    assert (set(dead) - set(STILL), set(STILL) - set(dead)) == (set(), set())


def test_every_mechanism_moves_something(county):
    still = []
    for name in Mechanisms.model_fields:
        off = county.scenario.mechanisms.model_copy(update={name: False})
        anew = played(county.scenario.model_copy(update={"mechanisms": off}), county.base)
        if _same(anew, county.found):
            still.append(name)
    assert still == ["family_services"], "here services reach all who may have them; see test_more_service"


def test_the_ratio_of_caregivers_counts_where_nobody_counted_them(county):
    found = []
    for ratio in (6, 4):
        plan = county.scenario.staff.model_dump() | {"caregivers": None}
        plan["residents_per_caregiver"] |= {"value": ratio, "low": None, "high": None}
        scenario = Scenario.model_validate(county.scenario.model_dump() | {"staff": plan})
        model = CareModel(scenario, 1, 1, base=county.base)
        found.append(model.workforce.caregivers)
    assert found[1] == pytest.approx(found[0] * 6 / 4)
