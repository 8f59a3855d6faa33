"""The shortest way to a state from which the question can be answered."""

from collections import deque
from typing import Any

from askfirst.scenarios.observation import Mode, Observation
from askfirst.scenarios.option import OptionKind
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario, State


def ready(observation: Observation) -> bool:
    """Whether the picture suffices, as far as is known, and the right category is accepted."""
    accepted = any(o.valid for o in observation.options if o.kind is OptionKind.CATEGORY)
    return accepted and observation.sufficient is not False


def shortest_plan(
    scenario: Scenario[Any, Any], sample: Sample, mode: Mode | None = None
) -> tuple[int, ...] | None:
    """Option indices, one a turn, that lead to a ready state by the fewest suggestions.

    Returns:
        The suggestions to choose turn after turn, empty when the first state is ready already;
        None when no ready state can be reached within the horizon.
    """
    mode = mode or Mode()
    start: State[Any] = State(scenario.start(sample))
    queue: deque[tuple[State[Any], tuple[int, ...]]] = deque([(start, ())])
    seen = {(start.cursor, min(start.turn, 1))}
    while queue:
        state, plan = queue.popleft()
        observation = scenario.observe(sample, state, mode)
        if ready(observation):
            return plan
        for index, option in enumerate(observation.options):
            if option.kind is not OptionKind.ACTION or not option.valid:
                continue
            following = scenario.step(sample, state, index, mode)
            # Breadth first: whoever comes later to the same cursor has no turn to spare over this.
            if isinstance(following, State) and (following.cursor, 1) not in seen:
                seen.add((following.cursor, 1))
                queue.append((following, (*plan, index)))
    return None
