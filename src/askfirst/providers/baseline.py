"""The baselines as an inspect_ai provider: `baseline/oracle` and its kin take part like any model.

A baseline must know what no model may: which options are accepted. The solver attaches that to the
message as metadata, for this provider alone; metadata is never sent to anybody.
"""

import json
import random
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from askfirst.errors import RunError
from askfirst.protocol.baseline import POLICIES
from askfirst.protocol.play import Request
from askfirst.providers.direct import DirectModel
from askfirst.scenarios.option import Option, OptionKind

PROVIDER = "baseline"
BASELINES = tuple(f"{PROVIDER}/{name}" for name in POLICIES)

SECRET = "askfirst-baseline"
"""Key of what a baseline is told, in the metadata of its message."""


class Baseline(DirectModel):
    """Replies with the text of the option that a policy chooses."""

    opens_pictures = True

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        **model_args: Any,
    ) -> None:
        if model_name not in POLICIES:
            raise RunError(
                f"unknown model '{PROVIDER}/{model_name}': choose from {', '.join(BASELINES)}"
            )
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())

    def told(self, request: Request, draw: str) -> dict[str, Any]:
        # One text, not an object: inspect_ai copies a message's metadata value by value.
        options = [
            {"text": o.text, "kind": o.kind.value, "valid": o.valid}
            for o in request.observation.options
        ]
        return {SECRET: json.dumps({"options": options, "advice": request.advice, "seed": draw})}

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Choose an option of the last message."""
        metadata = input[-1].metadata
        if not metadata or SECRET not in metadata:
            raise RunError("a baseline plays AskFirst's own tasks only")
        told = json.loads(metadata[SECRET])
        options = [Option(o["text"], OptionKind(o["kind"]), o["valid"]) for o in told["options"]]
        rng = random.Random(f"{self.model_name}:{told['seed']}")
        index = POLICIES[self.model_name](options, told["advice"], rng)
        output = ModelOutput.from_content(f"{PROVIDER}/{self.model_name}", options[index].text)
        # Without usage the engine would count tokens with a vocabulary that it downloads.
        output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return output


@modelapi(name=PROVIDER)
def baseline() -> type[ModelAPI]:
    """The provider's registration."""
    return Baseline
