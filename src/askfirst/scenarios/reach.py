"""Everything that a sample can show, whatever is chosen."""

from collections import deque
from typing import Any

from askfirst.scenarios.observation import Mode, Observation
from askfirst.scenarios.option import OptionKind
from askfirst.scenarios.picture import Picture
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario, State


def reachable(
    scenario: Scenario[Any, Any], sample: Sample, mode: Mode | None = None
) -> list[Observation]:
    """One observation for each picture that an episode can show, the first one first."""
    mode = mode or Mode()
    queue: deque[State[Any]] = deque([State(scenario.start(sample))])
    found: dict[Picture, Observation] = {}
    while queue:
        state = queue.popleft()
        observation = scenario.observe(sample, state, mode)
        if observation.picture in found:
            continue
        found[observation.picture] = observation
        for index, option in enumerate(observation.options):
            if option.kind is OptionKind.ACTION and option.valid:
                following = scenario.step(sample, state, index, mode)
                if isinstance(following, State):
                    queue.append(following)
    return list(found.values())
