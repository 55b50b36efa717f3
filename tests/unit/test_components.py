"""Every key of a scenario belongs to one component, and a scenario can be put together from two."""

import pytest

from sim.decide.components import COMPONENTS, KEYS, component_of, differing, exchanged
from sim.messages import CATALOGUE
from sim.scenario.resolve import resolve
from sim.scenario.types import Scenario
from sim.tables import INTERACTION
from sim.typefaults import keys_at


@pytest.fixture(scope="module")
def kaili():
    return resolve("kaili")


def test_every_section_has_a_component_and_every_key_of_the_list_is_one():
    for section in Scenario.model_fields:
        component_of((section,))
    keys = [key for listed in KEYS.values() for key in listed.split()]
    assert len(set(keys)) == len(keys)
    for key in keys:
        *above, last = key.split(".")
        assert last in keys_at(Scenario, tuple(above)), key


def test_a_section_that_nobody_has_placed_is_an_error():
    with pytest.raises(KeyError, match="weather"):
        component_of(("weather", "rain"))


@pytest.mark.parametrize(
    ("setting", "component"),
    [
        ("population.net_migration_per_year=0.002", "ageing"),
        ("population.prevalence_scenario=clhls_pooled", "ability"),
        ("applying.weight_severe=18", "ability"),
        ("families.hours_given_child_near=6", "family"),
        ("applying.k_per_year=0.002", "behaviour"),
        ("waiting_list.turnover=5", "behaviour"),
        ("norms.institutional_share=0.12", "policy"),
        ("waiting_list.allocation=central", "policy"),
        ("mechanisms.staffed_beds=false", "capacity"),
        ("homes.open_share=0.7", "capacity"),
        ("homes.generator.price_private_intact=1600", "price"),
    ],
)
def test_a_changed_key_makes_its_component_differ_and_no_other(kaili, setting, component):
    other = resolve("kaili", [setting])
    assert differing(kaili, other) == (component,)
    assert exchanged(kaili, other, {component}).fingerprint == other.fingerprint
    assert exchanged(kaili, other, set(COMPONENTS) - {component}).fingerprint == kaili.fingerprint


def test_all_components_make_the_alternative_and_none_the_base(kaili):
    other = resolve("kaili-no-plan", ["families.hours_given_child_near=6"])
    assert set(differing(kaili, other)) == {"policy", "capacity", "family"}
    assert exchanged(kaili, other, ()).fingerprint == kaili.fingerprint
    both = exchanged(kaili, other, COMPONENTS)
    assert both.data["title"] == kaili.data["title"]
    said = {"name", "title", "schema_version"}
    assert both.scenario.model_dump(exclude=said) == other.scenario.model_dump(exclude=said)


def test_another_name_is_no_difference(kaili, tmp_path):
    twin = tmp_path / "twin.yaml"
    twin.write_text("extends: kaili\nname: twin\ntitle: {zh: 孪生, en: A twin}\n", encoding="utf-8")
    assert differing(kaili, resolve(twin)) == ()


def test_every_component_has_a_name_in_both_languages():
    assert {f"component_{name}" for name in (*COMPONENTS, INTERACTION)} <= set(CATALOGUE)
