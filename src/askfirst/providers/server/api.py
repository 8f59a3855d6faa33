"""The provider: a model behind an OpenAI-compatible server, for inspect_ai."""

import os
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from askfirst.errors import RunError
from askfirst.providers.direct import NOTE, DirectModel
from askfirst.providers.server.address import PROVIDER, parse_address
from askfirst.providers.server.client import ServerClient
from askfirst.providers.server.reply import ServedModel, ServerReply, read_models, read_reply
from askfirst.providers.server.request import holds_webp, request_body, sent_settings
from askfirst.providers.server.settings import read_settings
from askfirst.providers.server.wording import one_line

KEY_VARIABLE = "ASKFIRST_SERVER_KEY"

READ_WEBP = frozenset({"vllm", "sglang"})
"""Servers that are known to read WebP, as they call themselves in their list of models."""

LIST_ATTEMPTS = 5
"""Attempts at that list, however often a turn is tried: without it, pictures go as PNG."""

SENT_AS_PNG = "WebP sent as PNG of the same pixels"


class ServerAPI(DirectModel):
    """`server/<model>@<url>`: sends chat completions to a server.

    It retries by itself, and tells inspect_ai never to: what it raises is final.

    Args:
        model_name: `<model>@<url>`.
        base_url: Must be left out; the address is part of the name, and so of every result.
        api_key: The bearer token; else that of the environment's `ASKFIRST_SERVER_KEY`.
        config: Settings of generation.
        settings: Fields of `ServerSettings`.

    Raises:
        RunError: The name, the key or a setting cannot be used.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        **settings: Any,
    ) -> None:
        self.address = parse_address(model_name)
        if base_url is not None:
            raise RunError(f"a {PROVIDER}/ model has its address in its name, and needs no other")
        config = config or GenerateConfig()
        super().__init__(model_name, None, api_key, [KEY_VARIABLE], config)
        self.settings = read_settings(settings, config.max_connections)
        self._sent = sent_settings(config)
        key = self.api_key or os.environ.get(KEY_VARIABLE) or None
        self.client = ServerClient(self.address.base_url, _checked(key), self.settings)
        self._models: tuple[ServedModel, ...] | None = None

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Ask for one reply; a server that gives none in all attempts raises `RunError`."""
        if tools:
            raise RunError(f"{PROVIDER}/ models are not sent tools")
        model = self.address.model or await self._only_model()
        as_png = holds_webp(input) and not await self._reads_webp()
        body = request_body(model, input, self._sent | sent_settings(config), not as_png)
        reply = await self.client.ask("/chat/completions", body, read_reply)
        return self._output(reply, model, {NOTE: SENT_AS_PNG} if as_png else None)

    def _output(
        self, reply: ServerReply, model: str, metadata: dict[str, Any] | None
    ) -> ModelOutput:
        named = one_line(reply.model, self.client.key) or model
        message = ChatMessageAssistant(content=reply.text, model=named, source="generate")
        return ModelOutput(
            model=named,
            choices=[ChatCompletionChoice(message=message, stop_reason=reply.stop_reason)],
            # Always: without counts inspect_ai would make its own, with a downloaded vocabulary.
            usage=ModelUsage(
                input_tokens=reply.input_tokens,
                output_tokens=reply.output_tokens,
                total_tokens=reply.input_tokens + reply.output_tokens,
            ),
            metadata=metadata,
        )

    async def _only_model(self) -> str:
        names = [model.name for model in await self._list()]
        if len(names) == 1:
            return names[0]
        listed = one_line(", ".join(names), self.client.key) or "none"
        raise RunError(f"{self.address.base_url} serves {len(names)} models, name one: {listed}")

    async def _reads_webp(self) -> bool:
        """Whether the server is known to; one whose list of models cannot be had is not."""
        try:
            models = await self._list(LIST_ATTEMPTS)
        except RunError:
            # Settled for all turns, unless a list has arrived for another one by now.
            models = self._models = self._models or ()
        return bool(models) and all(model.owner in READ_WEBP for model in models)

    async def _list(self, attempts: int | None = None) -> tuple[ServedModel, ...]:
        if self._models is None:
            self._models = await self.client.ask("/models", None, read_models, attempts)
        return self._models

    def max_connections(self) -> int:
        return self.settings.connections

    def connection_key(self) -> str:
        return self.address.base_url

    async def aclose(self) -> None:
        await self.client.close()


def _checked(key: str | None) -> str | None:
    """A key that may stand in a header."""
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise RunError(f"the key in {KEY_VARIABLE} holds blanks or characters that no header may")
    return key
