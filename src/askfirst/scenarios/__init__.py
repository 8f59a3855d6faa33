"""The seven environments as deterministic state machines; needs the standard library only."""

from askfirst.scenarios.environment import Environment
from askfirst.scenarios.observation import Ending, Mode, Observation, Outcome
from askfirst.scenarios.option import Option, OptionKind
from askfirst.scenarios.picture import Crop, Picture, Resize, View
from askfirst.scenarios.plan import shortest_plan
from askfirst.scenarios.registry import scenario, scenarios
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario
from askfirst.scenarios.twin import answerable_twin

__all__ = [
    "Crop",
    "Ending",
    "Environment",
    "Mode",
    "Observation",
    "Option",
    "OptionKind",
    "Outcome",
    "Picture",
    "Resize",
    "Sample",
    "Scenario",
    "View",
    "answerable_twin",
    "scenario",
    "scenarios",
    "shortest_plan",
]
