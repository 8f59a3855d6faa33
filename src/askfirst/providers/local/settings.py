"""Settings of a local model, from the arguments that a user gives."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from askfirst.errors import RunError


class Mode(StrEnum):
    """How a local model replies: it writes, or its likeliest option is taken."""

    TEXT = "text"
    LOGPROBS = "logprobs"


DTYPES = ("auto", "float32", "bfloat16", "float16")

BATCHES_WAITING = 3
"""Batches of requests in flight for each worker: one at work, two on the way to and from it."""

WEIGHTS_A_CORE = 200_000_000
"""Bytes of weights up to which every CPU core gets a copy of the model of its own."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """What decides how a local model is loaded and fed.

    Attributes:
        model: Folder of the model, or its id on the Hub.
        devices: One worker process each: "cpu", "cuda:0" …; empty chooses by what there is.
        threads: CPU threads of each worker; 0 shares the cores out among them.
        dtype: Of the weights; "auto" is float32 on a CPU and bfloat16 elsewhere.
        attention: transformers' attention implementation; empty leaves it to the model.
        adapter: Folder or Hub id of a LoRA adapter; empty for none.
        batch: Most requests in one batch.
        window: Milliseconds to wait for more requests before a batch that is not full starts.
        mode: "text" lets the model write; "logprobs" replies with the likeliest option.
        chat_template: File of a chat template to use instead of the model's own; empty for none.
        early_stop: Whether a reply ends as soon as it has named its choice.
        drafts: Whether options are tried as the reply before it is written token by token.
        prefixes: Megabytes of read conversations that a worker keeps for their next turn.
        offline: Whether the Hub is left alone, so that only what is on disk is used.
    """

    model: str
    devices: tuple[str, ...] = ()
    threads: int = 0
    dtype: str = "auto"
    attention: str = ""
    adapter: str = ""
    batch: int = 16
    window: float = 5.0
    mode: str = Mode.TEXT.value
    chat_template: str = ""
    early_stop: bool = True
    drafts: bool = True
    prefixes: int = 1000
    offline: bool = False


def local_settings(model: str, arguments: Mapping[str, Any]) -> LocalSettings:
    """Settings from a model's name and a user's arguments, which may all be texts.

    Raises:
        RunError: An unknown argument, or a value that it cannot have.
    """
    known = {field.name: field for field in fields(LocalSettings) if field.name != "model"}
    unknown = sorted(set(arguments) - set(known))
    if unknown:
        raise RunError(
            f"a local model has no argument {unknown[0]!r}: choose from {', '.join(sorted(known))}"
        )
    values = {name: _value(name, given) for name, given in arguments.items()}
    settings = LocalSettings(model, **values)
    for name, choices in (("mode", tuple(Mode)), ("dtype", DTYPES)):
        if getattr(settings, name) not in choices:
            raise RunError(f"{name} {getattr(settings, name)!r} is none of {', '.join(choices)}")
    if settings.batch < 1 or min(settings.window, settings.threads, settings.prefixes) < 0:
        raise RunError("batch must be 1 or more, window, threads and prefixes 0 or more")
    return settings


def _value(name: str, given: Any) -> Any:
    """An argument in the type of its field."""
    default = getattr(LocalSettings(""), name)
    try:
        if isinstance(default, tuple):
            parts = given.split(",") if isinstance(given, str) else given
            return tuple(str(part).strip() for part in parts if str(part).strip())
        if isinstance(default, bool):
            return given if isinstance(given, bool) else _TRUTH[str(given).lower()]
        if isinstance(default, int) and (isinstance(given, bool) or int(given) != float(given)):
            raise ValueError("not a whole number")
        return type(default)(given)
    except (KeyError, ValueError, TypeError) as error:
        kind = type(default).__name__
        raise RunError(f"{name} must be a {kind}, not {given!r}") from error


_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def cpu_cores() -> int:
    """Number of CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_workers(model: str) -> int:
    """Number of workers on a machine without GPUs.

    A small model runs faster as a copy on every core than with one copy on all of them.
    """
    folder = Path(model)
    weights = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    return cpu_cores() if 0 < weights <= WEIGHTS_A_CORE else 1
