"""Models behind OpenAI-compatible servers (vLLM, SGLang, llama.cpp, Ollama …), as `server/…`."""

from inspect_ai.model import ModelAPI, modelapi

from askfirst.providers.server.address import PROVIDER
from askfirst.providers.server.api import ServerAPI


@modelapi(name=PROVIDER)
def server() -> type[ModelAPI]:
    """The provider's registration."""
    return ServerAPI
