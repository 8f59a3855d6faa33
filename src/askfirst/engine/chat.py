"""From requests to inspect_ai chat messages, pictures inline."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    ContentImage,
    ContentText,
)

from askfirst.protocol.play import Message
from askfirst.scenarios.picture import Picture
from askfirst.suites.pixels import encode_picture
from askfirst.suites.suite import Suite

CACHED_PICTURES = 256


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A picture as a data URI, with the digest of the bytes in it."""

    uri: str
    sha256: str


Encoder = Callable[[Picture], InlinePicture]


def picture_encoder(suite: Suite) -> Encoder:
    """A function that encodes pictures of a suite and remembers the last few hundred."""
    return lru_cache(maxsize=CACHED_PICTURES)(partial(_inline, suite))


def _inline(suite: Suite, picture: Picture) -> InlinePicture:
    encoded = encode_picture(suite, picture)
    data = base64.b64encode(encoded.content).decode("ascii")
    return InlinePicture(f"data:{encoded.media_type};base64,{data}", encoded.sha256)


def chat_message(
    message: Message, encode: Encoder, metadata: dict[str, Any] | None = None
) -> ChatMessage:
    """One message: the picture first, then the text."""
    if message.role == "assistant":
        return ChatMessageAssistant(content=message.text)
    if message.picture is None:
        return ChatMessageUser(content=message.text, metadata=metadata)
    image = ContentImage(image=encode(message.picture).uri)
    return ChatMessageUser(content=[image, ContentText(text=message.text)], metadata=metadata)
