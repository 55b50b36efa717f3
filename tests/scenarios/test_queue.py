"""Queue and vacancy at once in a small city, over what is not known of its homes; fitted to nothing."""

from sim.calibrate.observed import load_observed
from sim.scenario.resolve import load_scenario
from sim.validate.queue import over_draws, without

DRAWS = 5


def test_the_criterion_holds_in_most_draws_and_not_without_staff():
    asked, kaili = load_observed().queue, load_scenario("kaili")
    found = over_draws(kaili, DRAWS, asked)
    assert sum(one.holds(asked) for one in found) >= asked.draws_that_hold.value * DRAWS
    simpler = over_draws(without(kaili, "staffed_beds"), DRAWS, asked)
    assert sum(one.holds(asked) for one in simpler) < sum(one.holds(asked) for one in found)
