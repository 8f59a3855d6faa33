"""An episode under way: the one object with state, in the manner of gymnasium's small interface."""

from typing import Any

from askfirst.errors import EpisodeOver
from askfirst.scenarios.observation import Mode, Observation, Outcome
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario, State


class Environment:
    """Plays one sample of one scenario.

    >>> from askfirst.scenarios import Environment, scenario
    >>> in_c = scenario("IN-C")
    >>> sample = in_c.read({
    ...     "id": 1, "image_template": "{level}.webp", "first_image": 2, "num_images": 2,
    ...     "reference_image": 1, "prompt": "What is this?", "categories": ["Cat.", "Dog."],
    ...     "answer": "Cat.", "quality_answer": "Deblur the image.",
    ...     "options": ["Deblur the image.", "I cannot tell."]})
    >>> environment = Environment(in_c, sample)
    >>> environment.reset().picture.path
    '2.webp'
    >>> environment.step(0).picture.path
    '1.webp'
    >>> environment.step(2).correct
    True
    """

    def __init__(
        self, scenario: Scenario[Any, Any], sample: Sample, mode: Mode | None = None
    ) -> None:
        self.scenario = scenario
        self.sample = sample
        self.mode = mode or Mode()
        self._state: State[Any] | None = None

    def reset(self) -> Observation:
        """Begin, or begin again, and return the first observation."""
        self._state = State(self.scenario.start(self.sample))
        return self.scenario.observe(self.sample, self._state, self.mode)

    def step(self, choice: int | None) -> Observation | Outcome:
        """Choose an option of the current observation by index; None for an unreadable reply.

        Raises:
            EpisodeOver: The episode has ended, or has not been reset.
            UnknownChoice: The index is outside the current options (the state stays).
        """
        if self._state is None:
            raise EpisodeOver("no episode is under way: call reset() first")
        result = self.scenario.step(self.sample, self._state, choice, self.mode)
        if isinstance(result, Outcome):
            self._state = None
            return result
        self._state = result
        return self.scenario.observe(self.sample, result, self.mode)
