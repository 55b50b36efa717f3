"""Queue and vacancy at once in a small city, over what is not known of its homes; fitted to nothing."""

from sim.calibrate.observed import load_observed
from sim.scenario.resolve import load_scenario
from sim.validate.queue import over_draws, without

DRAWS = 5


def test_queue_and_vacancy_in_most_draws_and_shorter_waits_without_staff():
    """How much of all beds is used is not asked of Kaili: it has few beds for its people (docs/odd.md, 9)."""
    asked, kaili = load_observed().queue, load_scenario("kaili")
    found = over_draws(kaili, DRAWS, asked)
    for part in ("waiting", "wait_days", "others_vacant"):
        assert sum(one.parts(asked)[part] for one in found) >= asked.draws_that_hold.value * DRAWS
    simpler = over_draws(without(kaili, "staffed_beds"), DRAWS, asked)
    assert sum(one.wait_days for one in simpler) < sum(one.wait_days for one in found)
