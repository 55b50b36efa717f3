"""The fit goes after what stands in `calibration/observed.yaml`, and says what it did."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sim.calibrate import admissions
from sim.calibrate.admissions import Measured, calibration_text, fit, report
from sim.calibrate.observed import FILE, load_observed
from sim.errors import InputError
from sim.scenario.library import calibration_folder

SHIPPED = calibration_folder() / FILE


def by_proportion(scenario, seed, runs, observed):
    """A made-up model: admissions are ten times k."""
    return Measured(10 * scenario.applying.k_per_year.value, 0.7, 0.0001)


def edited(folder, old, new):
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = folder / FILE
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_figures_say_where_they_come_from():
    observed = load_observed().admissions
    assert (observed.share.low, observed.share.value, observed.share.high) == (0.005, 0.008, 0.016)
    assert (observed.age_from, observed.months, observed.share.status) == (65, 36, "published")
    assert "doi:10.1177/0898264315577779" in observed.share.source


def test_no_observed_figure_stands_in_the_program():
    code = re.sub(r'"""[\s\S]*?"""', "", Path(admissions.__file__).read_text(encoding="utf-8"))
    assert not {"0.008", "0.016", "36", "65"} & set(re.findall(r"[\d.]+", code))


def test_another_figure_gives_another_k(tmp_path):
    found = fit("yinchuan", load_observed().admissions, by=by_proportion)
    other = load_observed(edited(tmp_path, "value: 0.008", "value: 0.012")).admissions
    assert found.k_per_year == pytest.approx(0.0008)
    assert fit("yinchuan", other, by=by_proportion).k_per_year == pytest.approx(0.0012)


def test_k_has_the_range_of_what_was_observed_and_the_error_of_chance():
    found = fit("yinchuan", load_observed().admissions, by=by_proportion)
    assert found.k_range == pytest.approx((0.0005, 0.0016))
    assert found.k_standard_error == pytest.approx(0.0001 / 10)


def test_a_fit_that_never_arrives_is_told():
    def stuck(scenario, seed, runs, observed):
        return Measured(0.004, 0.7, 0.0)

    with pytest.raises(RuntimeError, match=r"wanted 0\.80%"):
        fit("yinchuan", load_observed().admissions, by=stuck)


def test_the_report_says_what_was_fitted_to_what(tmp_path):
    found = fit("yinchuan", load_observed().admissions, by=by_proportion)
    text = report(found, "yinchuan", tmp_path / "yinchuan.yaml")
    assert "applying.k_per_year = 0.000800 per year\n          standard error 0.000010, from chance" in text
    assert "aged 65+ within 36 months: 0.800% (range 0.50% to 1.60%)" in text
    assert "0.800%, standard error 0.010% (8 replications of yinchuan, seed 1)" in text
    assert "residual  +0.0000 percentage points" in text or "residual  -0.0000 percentage points" in text


def test_the_calibration_file_can_be_extended(tmp_path):
    found = fit("yinchuan", load_observed().admissions, by=by_proportion)
    data = yaml.safe_load(calibration_text(found))["applying"]
    assert data["k_per_year"]["value"] == 0.0008
    assert "observed: CLHLS 2008-2011" in data["k_per_year"]["source"]
    assert data["admitted_per_application"]["value"] == 0.7


def test_the_reference_of_families_is_written_beside_k():
    other = {"alone_mild": 3.25, "take_back": 0.5}
    found = fit("yinchuan", load_observed().admissions, by=by_proportion, reference=other)
    written = yaml.safe_load(calibration_text(found))["families"]["strain"]["reference"]
    shipped = yaml.safe_load((calibration_folder() / "yinchuan.yaml").read_text(encoding="utf-8"))
    before = shipped["families"]["strain"]["reference"]
    assert written == before | {name: before[name] | {"value": value} for name, value in other.items()}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value: 0.008", "value: 0.8", "0.005 <= 0.8 <= 0.016"),
        ("age_from: 65", "age_from: 6", "admissions.age_from"),
        ("months: 36", "monts: 36", "did you mean 'months'?"),
        ("unit: share", "unit: percent", "the unit is percent; it must be share"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path, old, new, words):
    with pytest.raises(InputError) as caught:
        load_observed(edited(tmp_path, old, new))
    assert words in caught.value.text("en")
    assert all(fault.line > 0 for fault in caught.value.faults)
