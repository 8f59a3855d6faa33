"""Providers of ours, which the engine calls itself.

inspect_ai's `Model.generate` retries, counts connections and writes an event with a copy of the
whole exchange for every call; that costs more CPU time than the rest of a turn. The providers here
bound their connections and retry by themselves, and every exchange stands in the run's journal.
"""

from typing import Any

from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelAPI, ModelOutput

from askfirst.protocol.play import Request

OPTION_LOGPROBS = "option_logprobs"
"""Key in an output's metadata: log-probability of each option as the reply, a tuple of floats."""

NOTE = "note"
"""Key in an output's metadata: what the provider did to the request, a text."""


class DirectModel(ModelAPI):
    """A provider whose `generate` the solver may call without inspect_ai's machinery.

    Attributes:
        opens_pictures: Whether it takes pictures by reference (`askfirst.suites.reference`)
            instead of inline.
    """

    opens_pictures: bool = False

    async def reply(self, messages: list[ChatMessage], config: GenerateConfig) -> ModelOutput:
        """The model's reply to a conversation; whatever breaks is raised."""
        output = await self.generate(messages, [], "none", config)
        # inspect_ai lets a provider return the raw call with its output; ours have none to show.
        assert isinstance(output, ModelOutput)
        return output

    def told(self, request: Request, draw: str) -> dict[str, Any] | None:
        """What the message's metadata tells this provider, and nobody else.

        Args:
            request: The turn.
            draw: Seed of a random draw, different for every turn.
        """
        return None


def opens_pictures(model: Model) -> bool:
    """Whether a model takes pictures by reference."""
    return isinstance(model.api, DirectModel) and model.api.opens_pictures
