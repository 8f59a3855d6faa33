"""Answerable twins: the same item and the same options, begun in a picture that suffices.

Only beside its twin does asking become right or wrong: who asks in both has not looked.
"""

from dataclasses import replace
from typing import Any

from askfirst.scenarios.observation import Mode
from askfirst.scenarios.plan import shortest_plan
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario, State

TWIN_IDS = 1_000_000
"""Added to a sample's id to make that of its twin; ids of samples stay below."""


def answerable_twin(scenario: Scenario[Any, Any], sample: Sample) -> Sample | None:
    """The twin of a sample that starts in an insufficient picture.

    It begins in the first sufficient picture on the shortest way to one.

    Returns:
        None where there is nothing to pair: the suite does not know which pictures suffice, the
        start suffices already, or no sufficient picture can be reached.
    """
    mode = Mode()
    state: State[Any] = State(scenario.start(sample))
    first = scenario.observe(sample, state, mode)
    plan = shortest_plan(scenario, sample, mode)
    if not plan or first.sufficient is not False:
        return None
    for choice in plan:
        following = scenario.step(sample, state, choice, mode)
        assert isinstance(following, State)
        state = following
    begun: Sample = scenario.restart(sample, state.cursor)
    return replace(begun, id=sample.id + TWIN_IDS, twin_of=sample.id)
