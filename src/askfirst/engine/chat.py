"""From requests to inspect_ai chat messages, pictures inline or by reference."""

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
from askfirst.suites.reference import refer, to_uri
from askfirst.suites.suite import Suite

CACHED_PICTURES = 256


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture as it stands in a message.

    Attributes:
        uri: A data URI, or a reference of ours.
        sha256: Hex digest of the bytes in the URI, or of the file that it refers to.
    """

    uri: str
    sha256: str


Encoder = Callable[[Picture], SentPicture]


def picture_encoder(suite: Suite, by_reference: bool = False) -> Encoder:
    """A function that turns pictures of a suite to URIs and remembers the last few hundred."""
    encode = _referred if by_reference else _inline
    return lru_cache(maxsize=CACHED_PICTURES)(partial(encode, suite))


def _inline(suite: Suite, picture: Picture) -> SentPicture:
    encoded = encode_picture(suite, picture)
    data = base64.b64encode(encoded.content).decode("ascii")
    return SentPicture(f"data:{encoded.media_type};base64,{data}", encoded.sha256)


def _referred(suite: Suite, picture: Picture) -> SentPicture:
    reference = refer(suite, picture)
    return SentPicture(to_uri(reference), reference.sha256)


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
