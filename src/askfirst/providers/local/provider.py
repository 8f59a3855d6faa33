"""What inspect_ai sees of a local model: `local/<path or Hub id>`, and `askfirst/mini`."""

import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ContentImage,
    ContentText,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from inspect_ai.util import concurrency

from askfirst.errors import RunError
from askfirst.protocol.play import Request
from askfirst.protocol.protocol import ParserName
from askfirst.providers.direct import NOTE, OPTION_LOGPROBS, DirectModel
from askfirst.providers.local.job import Answer, Job, Line, Writing
from askfirst.providers.local.pool import Pool, pool_of
from askfirst.providers.local.settings import BATCHES_WAITING, local_settings

PROVIDER = "local"
SHIPPED_PROVIDER = "askfirst"
SHIPPED = ("mini",)
LOCAL_PROVIDERS = (f"{PROVIDER}/", f"{SHIPPED_PROVIDER}/")
"""How the names of local models begin."""

DEFAULT_MODEL = f"{SHIPPED_PROVIDER}/{SHIPPED[0]}"

OFFERED = "askfirst-options"
"""Key of what a model is told of the options, in the metadata of a message."""

MOST_TOKENS = 512
"""Limit of a reply's length where nobody gave one."""


class Local(DirectModel):
    """A vision-language model of transformers in worker processes of its own."""

    opens_pictures = True

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        for package in ("torch", "transformers"):
            if find_spec(package) is None:
                raise RunError(
                    f'local models need {package}: pip install "askfirst[local]", or play a '
                    f"baseline (--model baseline/uniform)"
                )
        self._settings = local_settings(self._where(model_name), model_args)
        pool_of(self._settings)  # what cannot be loaded is to be said now

    @property
    def _pool(self) -> Pool:
        return pool_of(self._settings)

    def _where(self, model_name: str) -> str:
        """Folder or Hub id of a model."""
        folder = Path(model_name).expanduser()
        return str(folder) if folder.exists() else model_name

    def max_connections(self) -> int:
        """Requests in flight: enough to keep every worker's next batch full."""
        return BATCHES_WAITING * self._settings.batch * len(self._pool.workers)

    def told(self, request: Request, draw: str) -> dict[str, Any]:
        """What a `Job` says of its request beside the conversation."""
        offered = {
            "labels": request.labels,
            "options": [option.text for option in request.observation.options],
            "cuttable": request.parser is ParserName.OFFICIAL,
            "continued": request.continued,
        }
        return {OFFERED: json.dumps(offered)}

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Ask the model.

        Raises:
            RunError: The request or the worker broke.
        """
        metadata = input[-1].metadata or {}
        offered = json.loads(metadata[OFFERED]) if OFFERED in metadata else {}
        writing = Writing(
            max_tokens=config.max_tokens or MOST_TOKENS,
            temperature=config.temperature or 0.0,
            top_p=1.0 if config.top_p is None else config.top_p,
            seed=config.seed,
        )
        job = Job(
            self._pool.next_number(),
            tuple(_line(message) for message in input),
            writing,
            tuple(offered.get("labels", ())),
            tuple(offered.get("options", ())),
            bool(offered.get("cuttable", False)),
            bool(offered.get("continued", False)),
        )
        # Several tasks may run at a time, each with as many connections: the rest waits here, where
        # a lost worker does not take it along.
        async with concurrency(f"{PROVIDER} {self.model_name}", self.max_connections()):
            answer = await self._pool.ask(job)
        return _output(self.model_name, answer)


class Shipped(Local):
    """A model that lies in this package: `askfirst/mini`."""

    def _where(self, model_name: str) -> str:
        if model_name not in SHIPPED:
            known = ", ".join(f"{SHIPPED_PROVIDER}/{name}" for name in SHIPPED)
            raise RunError(
                f"unknown model '{SHIPPED_PROVIDER}/{model_name}': this package ships {known}"
            )
        return str(files("askfirst") / "models" / model_name)


def _line(message: ChatMessage) -> Line:
    """A chat message; pictures go before its text, as AskFirst's own messages have them."""
    if isinstance(message.content, str):
        return Line(_role(message), message.content)
    pictures = [part.image for part in message.content if isinstance(part, ContentImage)]
    texts = [part.text for part in message.content if isinstance(part, ContentText)]
    if len(pictures) + len(texts) != len(message.content):
        raise RunError("a local model takes texts and pictures only")
    return Line(_role(message), "\n".join(texts), tuple(pictures))


def _role(message: ChatMessage) -> str:
    if message.role == "tool":
        raise RunError("a local model calls no tools")
    return message.role


def _output(model: str, answer: Answer) -> ModelOutput:
    output = ModelOutput.from_content(model, answer.text)
    output.choices[0].stop_reason = "stop" if answer.finished else "max_tokens"
    output.usage = ModelUsage(
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        total_tokens=answer.input_tokens + answer.output_tokens,
    )
    told = {OPTION_LOGPROBS: answer.option_logprobs, NOTE: answer.note}
    output.metadata = {key: value for key, value in told.items() if value is not None} or None
    return output


@modelapi(name=PROVIDER)
def local() -> type[ModelAPI]:
    """The registration of `local/…`."""
    return Local


@modelapi(name=SHIPPED_PROVIDER)
def shipped() -> type[ModelAPI]:
    """The registration of `askfirst/…`."""
    return Shipped
