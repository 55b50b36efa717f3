"""What is said of appropriations: only where a chance is known."""

import pyarrow as pa
import pytest

from sim.cli.wording import appropriations

ROWS = [
    {"year": 2024, "payer": "city", "prob_over": 0.25, "prob_low": 0.125, "prob_high": 0.4},
    {"year": 2024, "payer": "district", "prob_over": None, "prob_low": None, "prob_high": None},
    {"year": 2025, "payer": "total", "prob_over": 1.0, "prob_low": 0.9, "prob_high": 1.0},
]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            "more is spent than appropriated: 2024 the city 25% (12% to 40%); 2025 all payers 100% (90% to",
        ),
        ("zh", "支出超过安排资金的概率：2024年市 25%（12% 至 40%）；2025年合计 100%（90% 至 100%）。"),
    ],
)
def test_each_year_and_payer_with_a_chance_is_told(lang, words):
    (said,) = appropriations(pa.Table.from_pylist(ROWS), lang)
    assert words in said


def test_without_a_chance_nothing_is_said():
    assert list(appropriations(pa.Table.from_pylist(ROWS[1:2]), "en")) == []
