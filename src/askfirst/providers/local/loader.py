"""Loading a model with its processor, and finding out at once what would fail later."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor, GenerationConfig
from transformers.utils import logging as transformers_logging

from askfirst.errors import RunError, reason_of
from askfirst.providers.local.job import Line
from askfirst.providers.local.prompt import prompt_of
from askfirst.providers.local.settings import LocalSettings

SMALLEST_SIDE = 32
"""Least side of a picture in pixels where the processor names none of its own."""


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to be asked.

    Attributes:
        model: The transformers model, in evaluation mode on its device.
        processor: Its processor, padding on the left.
        device: Where it is.
        least_side: Least side in pixels that its pictures must have.
        generation: Its own generation settings.
        settings: What was asked for.
        takes_drafts: Whether it was found to go on from what it has read as from a plain reading.
        takes_prefixes: Whether that holds for a conversation that goes on with another picture.
    """

    model: Any
    processor: Any
    device: torch.device
    least_side: int
    generation: GenerationConfig
    settings: LocalSettings
    takes_drafts: bool = False
    takes_prefixes: bool = False

    @property
    def end_tokens(self) -> tuple[int, ...]:
        """Ids of the tokens that end a reply."""
        ends = self.generation.eos_token_id
        if ends is None:
            ends = self.processor.tokenizer.eos_token_id
        if ends is None:
            return ()
        return (ends,) if isinstance(ends, int) else tuple(ends)


def load(settings: LocalSettings, device: str) -> LoadedModel:
    """Load a model and try its chat template.

    Raises:
        RunError: It cannot be loaded or cannot be asked about a picture; the message says why.
    """
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    processor = _processor(settings)
    model = _model(settings, device)
    generation = model.generation_config or GenerationConfig()  # type: ignore[no-untyped-call]
    least_side = _least_side(processor)
    loaded = LoadedModel(model, processor, model.device, least_side, generation, settings)
    _try_template(loaded)
    return loaded


def _processor(settings: LocalSettings) -> Any:
    try:
        processor = AutoProcessor.from_pretrained(  # type: ignore[no-untyped-call]
            settings.model, local_files_only=settings.offline, trust_remote_code=False
        )
    except Exception as error:  # transformers raises what its files make it raise
        what = "its processor cannot be loaded (is it a vision-language model?)"
        raise _unusable(settings, what, error) from error
    if not hasattr(processor, "tokenizer") or not hasattr(processor, "image_processor"):
        raise RunError(
            f"{settings.model} has no processor for pictures: it is not a vision-language model"
        )
    processor.tokenizer.padding_side = "left"
    if processor.tokenizer.pad_token is None:
        processor.tokenizer.pad_token = processor.tokenizer.eos_token
    processor.chat_template = _chat_template(settings, processor)
    return processor


def _chat_template(settings: LocalSettings, processor: Any) -> str:
    """The user's template, the processor's, or its tokenizer's, where older models keep it."""
    if settings.chat_template:
        try:
            return Path(settings.chat_template).read_text("utf-8")
        except OSError as error:
            raise RunError(
                f"chat template {settings.chat_template} cannot be read: {error.strerror}"
            ) from error
    template = getattr(processor, "chat_template", None)
    template = template or getattr(processor.tokenizer, "chat_template", None)
    if not template:
        raise RunError(
            f"{settings.model} has no chat template, so nobody can say how to ask it: choose its "
            f"instruct version, or give a template (-M chat_template=FILE)"
        )
    return str(template)


def _model(settings: LocalSettings, device: str) -> Any:
    dtype = settings.dtype
    if dtype == "auto":
        dtype = "float32" if device == "cpu" else "bfloat16"
    options = {"attn_implementation": settings.attention} if settings.attention else {}
    try:
        read: Any = AutoModelForImageTextToText.from_pretrained(
            settings.model,
            dtype=getattr(torch, dtype),
            local_files_only=settings.offline,
            trust_remote_code=False,  # unsaid, transformers would ask whoever sits at the keyboard
            output_loading_info=True,
            **options,
        )
        model, found = read
        if found["missing_keys"]:
            missing = sorted(found["missing_keys"])
            raise RunError(
                f"{settings.model} lacks weights of its own architecture, which would be random: "
                f"{', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}"
            )
        if settings.adapter:
            model = _adapted(model, settings)
        return placed(model, device)
    except RunError:
        raise
    except Exception as error:
        raise _unusable(settings, "the model cannot be loaded", error) from error


def placed(model: torch.nn.Module, device: str) -> torch.nn.Module:
    """A model on its device in evaluation mode, its convolutions' filters with channels last.

    Convolutions over a batch run faster on a CPU in that layout; values are the same. Only images'
    filters have it: those over video frames, of which some towers are made, have five dimensions.
    """
    model.to(torch.device(device))
    for parameter in model.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return model.eval()


def _adapted(model: Any, settings: LocalSettings) -> Any:
    """The model with the weights of a LoRA adapter added to its own."""
    try:
        from peft import PeftModel  # noqa: PLC0415
    except ImportError as error:
        raise RunError('adapters need peft: pip install "askfirst[local]"') from error
    return PeftModel.from_pretrained(
        model,
        settings.adapter,
        local_files_only=settings.offline or Path(settings.adapter).exists(),
    ).merge_and_unload()


def _least_side(processor: Any) -> int:
    """The least side of a picture, from the patches of the image processor."""
    images = processor.image_processor
    patch = getattr(images, "patch_size", None)
    merged = getattr(images, "merge_size", 1) or 1
    return max(SMALLEST_SIDE, patch * merged * 2) if isinstance(patch, int) else SMALLEST_SIDE


def _try_template(loaded: LoadedModel) -> None:
    """Make sure that a question with a picture gets through the template."""
    name, question = loaded.settings.model, "What is on the table?"
    try:
        text = prompt_of(loaded.processor, (Line("user", question, ("picture",)),))
        bare = prompt_of(loaded.processor, (Line("user", question),))
    except Exception as error:  # a template may raise anything
        raise _unusable(loaded.settings, "its chat template cannot be used", error) from error
    if question not in text:
        raise RunError(f"the chat template of {name} drops the text of a question")
    if "'type'" in text:
        raise RunError(f"the chat template of {name} does not know messages with pictures")
    if text == bare:
        raise RunError(f"the chat template of {name} drops the picture of a question")


def _unusable(settings: LocalSettings, what: str, error: Exception) -> RunError:
    reason = reason_of(error)
    if "trust_remote_code" in str(error):
        reason = "it runs code of its own repository, which is never done here: serve it instead"
    if not Path(settings.model).exists() and settings.model.startswith((".", "/", "~")):
        reason = "there is no such folder"
    elif os.environ.get("HF_HUB_OFFLINE") or settings.offline:
        reason += " (offline: only what is on this disk can be used)"
    return RunError(f"{settings.model}: {what}: {reason}")
