"""First months: each pass mark once, from the notice on, what can't be computed not again."""

import pytest

from sim.indicators.first_met import FirstMet
from sim.policy.book import PolicyBook
from sim.scenario.library import scenarios_folder

SHARE = "yinchuan.2.2.c"


@pytest.fixture(scope="module")
def book():
    return PolicyBook.load(scenarios_folder() / "policy" / "yinchuan.yaml")


def test_each_mark_is_found_once_and_nothing_before_the_notice(book):
    watch = FirstMet(book, lambda _, denominator: [denominator])
    assert not watch.looks_at(book.notice.plus(-1))
    assert watch.looks_at(book.notice)
    asked = []

    def value(indicator, denominator, share):
        asked.append(indicator)
        return share if indicator == "nursing_bed_share" else float("nan")

    found = [
        [mark.clause_id for mark in watch.look(lambda i, d, share=share: value(i, d, share))]
        for share in (59.0, 60.0, 59.0)
    ]
    assert SHARE not in found[0]
    assert found[1].count(SHARE) == 1
    assert found[2] == []
    assert asked.count("canteens_upgraded") == 1  # not computable in the first month, not asked again
    assert not watch.looks_at(book.notice)


def test_readings_of_an_unknown_have_their_own_months(book):
    watch = FirstMet(book, lambda clause, d: ["40 before", "41 before"] if clause.read_from else [d])
    read = [
        mark
        for mark in watch.look(lambda _, d: 99.0 if d == "41 before" else 0.0)
        if " before" in mark.denominator
    ]
    assert {mark.denominator for mark in read} == {"41 before"}
