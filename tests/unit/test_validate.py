"""What is known of homes is data beside the model: read, complete, and refused where it does not fit."""

from dataclasses import fields

import pytest

from sim.errors import InputError
from sim.validate.homes import Homes, load_known


def test_each_outcome_has_what_is_known_of_it():
    known = load_known()
    assert list(known) == [one.name for one in fields(Homes)]
    assert str(known["stay_years"]).startswith("2.7 to 4.6")
    assert str(known["entrants_dependent"]).startswith("- ")


def test_an_outcome_that_nobody_measures_is_refused_with_its_place(tmp_path):
    path = tmp_path / "homes.yaml"
    path.write_text(
        "schema_version: 1\nhomes:\n  beds: {status: assumption, source: test}\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        load_known(path)
    assert ":2:1: homes: beds; allowed: entrants_per_year" in refused.value.text("en")
