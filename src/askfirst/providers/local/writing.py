"""Replies that a model writes, for a batch of requests."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from transformers import GenerationConfig, StoppingCriteria, StoppingCriteriaList

from askfirst.protocol.early_stop import settled
from askfirst.providers.local.drafting import draftable, write_drafted
from askfirst.providers.local.job import Answer, Job, Writing
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.prefixes import Prefixes, read_prompts
from askfirst.providers.local.prompt import inputs_of, prompt_of

LONGEST_UNSETTLED = 12
"""Tokens after which a reply that has not named its choice by a label is no longer looked at."""


class Settled(StoppingCriteria):
    """Ends the rows of a batch whose reply has named its choice.

    Attributes:
        loaded: The model.
        batch: The requests, one a row.
        start: Number of tokens of the padded prompt.
    """

    def __init__(self, loaded: LoadedModel, batch: Sequence[Job], start: int) -> None:
        self.loaded = loaded
        self.batch = batch
        self.start = start

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        """Whether each row (batch,) is done."""
        written = input_ids[:, self.start :].tolist()
        done = [
            line_of(self.loaded, job, row) is not None
            for row, job in zip(written, self.batch, strict=True)
        ]
        return torch.tensor(done, device=input_ids.device)


def line_of(loaded: LoadedModel, job: Job, written: Sequence[int]) -> str | None:
    """What a reply will be once it has named its choice, where it may end early; None before."""
    if not (loaded.settings.early_stop and job.cuttable and len(written) <= LONGEST_UNSETTLED):
        return None
    text = loaded.processor.tokenizer.decode(written, skip_special_tokens=True)
    return settled(text, job.labels, job.options)


def write(
    loaded: LoadedModel,
    batch: Sequence[Job],
    pictures: Sequence[Sequence[Any]],
    prefixes: Prefixes | None = None,
) -> list[Answer]:
    """Let the model write its replies to a batch of requests that share their settings.

    Args:
        loaded: The model.
        batch: The requests.
        pictures: The PIL pictures of each.
        prefixes: What is kept from turn to turn, if anything.
    """
    texts = [prompt_of(loaded.processor, job.lines) for job in batch]
    inputs = inputs_of(loaded.processor, texts, pictures).to(loaded.device, loaded.model.dtype)
    with torch.inference_mode():
        if draftable(loaded, batch):
            so_far = read_prompts(loaded, batch, inputs, prefixes)
            rows = write_drafted(loaded, batch, so_far, partial(_ended, loaded))
        else:
            rows = _generated(loaded, batch, inputs)
    read = inputs["attention_mask"].sum(1).tolist()
    return [
        _answer(loaded, job, row, count) for job, row, count in zip(batch, rows, read, strict=True)
    ]


def _generated(loaded: LoadedModel, batch: Sequence[Job], inputs: Any) -> list[list[int]]:
    """The replies' tokens, as transformers writes them."""
    start = inputs["input_ids"].shape[1]
    stopping = StoppingCriteriaList()
    if loaded.settings.early_stop and any(job.cuttable for job in batch):
        stopping.append(Settled(loaded, batch, start))
    sequences = loaded.model.generate(
        **inputs,
        generation_config=_configured(loaded, batch[0].writing),
        stopping_criteria=stopping,
    )
    rows: list[list[int]] = sequences[:, start:].tolist()
    return rows


def _ended(loaded: LoadedModel, job: Job, written: Sequence[int]) -> bool:
    """Whether a reply needs no further token."""
    if written[-1] in loaded.end_tokens or len(written) >= job.writing.max_tokens:
        return True
    return line_of(loaded, job, written) is not None


def _configured(loaded: LoadedModel, writing: Writing) -> GenerationConfig:
    """The model's own settings, but for length and sampling, which the protocol decides."""
    if writing.seed is not None:
        torch.manual_seed(writing.seed)
    values = loaded.generation.to_dict()
    sampled = writing.temperature > 0
    values.update(
        max_new_tokens=writing.max_tokens,
        max_length=None,
        do_sample=sampled,
        num_beams=1,
        temperature=writing.temperature if sampled else None,
        top_p=writing.top_p if sampled else None,
        top_k=0 if sampled else None,
        pad_token_id=loaded.processor.tokenizer.pad_token_id,
        eos_token_id=list(loaded.end_tokens) or None,
    )
    return GenerationConfig.from_dict(values)


def _answer(loaded: LoadedModel, job: Job, row: Sequence[int], read: int) -> Answer:
    """A row of tokens as an answer; behind its end it is filled up for longer rows."""
    tokenizer = loaded.processor.tokenizer
    filling = {*loaded.end_tokens, tokenizer.pad_token_id}
    length = next((place for place, token in enumerate(row) if token in filling), len(row))
    text = tokenizer.decode(row[:length], skip_special_tokens=True)
    ended = length < len(row) and row[length] in loaded.end_tokens
    whole = line_of(loaded, job, row[:length])
    if whole is None or (ended and text.strip() == whole):
        return Answer(job.number, text, ended, read, length)
    note = f"ended early, after {text!r}"
    return Answer(job.number, whole, True, read, length, note=note)
