"""Reading what a server sends. Nothing is guessed: what cannot be read is no reply."""

import json
from dataclasses import dataclass
from typing import Any

from inspect_ai.model import StopReason


class Unreadable(ValueError):
    """A body that is not what was asked for; the message says what is wrong with it."""


STOP_REASONS: dict[str, StopReason] = {
    "stop": "stop",
    "length": "max_tokens",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
}

BROKEN_OFF = frozenset({"abort", "error", "cancelled"})
"""Finish reasons by which servers own up that the reply is not whole."""


@dataclass(frozen=True, slots=True)
class ServerReply:
    """A whole reply.

    Attributes:
        text: What the model said; a refusal is what it said.
        stop_reason: Why it stopped, in inspect_ai's words.
        model: What the server says it is; empty if it does not.
        input_tokens, output_tokens: Counts; 0 where the server gives none.
    """

    text: str
    stop_reason: StopReason
    model: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class ServedModel:
    """An entry of a server's list of models.

    Attributes:
        name: What it is asked for by.
        owner: Whose it is; the servers that we know put their own name here.
    """

    name: str
    owner: str


def read_reply(body: bytes) -> ServerReply:
    """Read the body of a chat completion; only the first choice counts.

    Raises:
        Unreadable: It is not JSON, not of this form, or a reply that broke off.
    """
    record = _object(body)
    match record:
        case {"choices": [{"message": dict() as message, **choice}, *_]}:
            text = _text(message)
        case _:
            raise Unreadable("JSON without choices[0].message")
    named = choice.get("finish_reason")
    finish = named if isinstance(named, str) else ""
    if finish in BROKEN_OFF:
        raise Unreadable(f"a reply that broke off (finish_reason {finish!r})")
    usage = record.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    model = record.get("model")
    return ServerReply(
        text=text,
        stop_reason=STOP_REASONS.get(finish, "unknown"),
        model=model if isinstance(model, str) else "",
        input_tokens=_count(counts.get("prompt_tokens")),
        output_tokens=_count(counts.get("completion_tokens")),
    )


def read_models(body: bytes) -> tuple[ServedModel, ...]:
    """Read the body of `/models`.

    Raises:
        Unreadable: It is not JSON, or not a list of models.
    """
    match _object(body):
        case {"data": [*models]} if all(
            isinstance(model, dict) and isinstance(model.get("id"), str) for model in models
        ):
            return tuple(ServedModel(model["id"], _owner(model)) for model in models)
    raise Unreadable("JSON without a list of models")


def _owner(model: dict[str, Any]) -> str:
    owner = model.get("owned_by")
    return owner if isinstance(owner, str) else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("no JSON, or a part of it") from None
    if not isinstance(record, dict):
        raise Unreadable("JSON that is no object")
    return record


def _text(message: dict[str, Any]) -> str:
    """The text of a message: its content, or its refusal where there is no content.

    An empty text is a reply too. What a model thought (`reasoning_content`) is not what it said.
    """
    content, refusal = message.get("content"), message.get("refusal")
    if content is None and isinstance(refusal, str):
        content = refusal
    elif content is None and "content" in message:
        content = ""
    elif isinstance(content, list):
        content = "".join(_part(part) for part in content)
    if not isinstance(content, str):
        raise Unreadable("a message without text")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise Unreadable("text that is not Unicode") from None
    return content


def _part(part: Any) -> str:
    match part:
        case {"type": "text", "text": str() as text}:
            return text
        case {"type": str() as kind} if kind != "text":
            return ""
    raise Unreadable("a part of a message without text")


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0
