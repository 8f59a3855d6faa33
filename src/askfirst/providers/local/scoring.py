"""Log-probabilities of the options as replies, from one reading of the prompt.

The prompt with its pictures is read once; its keys and values are repeated for every option, whose
few tokens are then read in one further step. Log-probabilities are summed over the tokens of the
reply, its end included: a mean would favour long options.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch.nn.utils.rnn import pad_sequence

from askfirst.errors import RunError
from askfirst.providers.local.continuing import ReadSoFar, go_on, only
from askfirst.providers.local.job import Answer, Job
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.prefixes import Prefixes, read_prompts
from askfirst.providers.local.prompt import inputs_of, prompt_of, reply_part, tokens_behind


def score(
    loaded: LoadedModel,
    batch: Sequence[Job],
    pictures: Sequence[Sequence[Any]],
    prefixes: Prefixes | None = None,
) -> list[Answer]:
    """Reply to each request with its likeliest option.

    Args:
        loaded: The model.
        batch: The requests.
        pictures: The PIL pictures of each.
        prefixes: What is kept from turn to turn, if anything.

    Raises:
        RunError: A request does not say what its options are.
    """
    if not all(job.options for job in batch):
        raise RunError("the mode logprobs needs to be told the options: it plays our tasks only")
    texts = [prompt_of(loaded.processor, job.lines) for job in batch]
    replies = [reply_tokens(loaded, job) for job in batch]
    inputs = inputs_of(loaded.processor, texts, pictures).to(loaded.device, loaded.model.dtype)
    with torch.inference_mode():
        so_far = read_prompts(loaded, batch, inputs, prefixes)
        sums = option_logprobs(loaded.model, so_far, replies)
    read = inputs["attention_mask"].sum(1).tolist()
    return [
        _answer(job, row, int(count)) for job, row, count in zip(batch, sums, read, strict=True)
    ]


def _answer(job: Job, logprobs: list[float], read: int) -> Answer:
    if not all(map(math.isfinite, logprobs)):
        raise RunError("log-probabilities that are no numbers: try dtype=bfloat16 or float32")
    best = max(range(len(logprobs)), key=logprobs.__getitem__)
    answer = Answer(job.number, job.options[best], True, read, 0)
    return replace(answer, option_logprobs=tuple(logprobs))


def reply_tokens(loaded: LoadedModel, job: Job) -> list[list[int]]:
    """Tokens with which the model would write each option, up to the one that ends its reply."""
    prompt = prompt_of(loaded.processor, job.lines)
    added = [reply_part(loaded.processor, prompt, job.lines, option) for option in job.options]
    replies = tokens_behind(loaded.processor.tokenizer, prompt, added)
    return [_up_to_the_end(tokens, loaded.end_tokens) for tokens in replies]


def _up_to_the_end(tokens: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Tokens of a reply, the first that ends it included; some templates leave it to the model."""
    place = next((place for place, token in enumerate(tokens) if token in ends), None)
    return [*tokens, *ends[:1]] if place is None else list(tokens[: place + 1])


def option_logprobs(
    model: Any, prompt: ReadSoFar, replies: Sequence[Sequence[Sequence[int]]]
) -> list[list[float]]:
    """Summed log-probability of every option of every row, in nats.

    Args:
        model: A transformers model.
        prompt: The prompts, as the model has read them.
        replies: Tokens of each option of each row.
    """
    first = prompt.logits[:, -1].float().log_softmax(-1)
    rows = [row for row, options in enumerate(replies) for _ in options]
    flat = [list(option) for options in replies for option in options]
    # The last token of a reply predicts nothing that counts, but reading it keeps shapes simple.
    logits = go_on(model, only(prompt, rows), flat).logits.float()
    tokens = pad_sequence([torch.tensor(option) for option in flat], True, -1).to(first.device)
    every = torch.cat([first[rows, None], logits[:, :-1].log_softmax(-1)], dim=1)
    found = every.gather(-1, tokens.clamp(min=0)[..., None]).squeeze(-1)
    total = found.masked_fill(tokens < 0, 0.0).sum(-1)
    return _by_row(total.tolist(), [len(options) for options in replies])


def _by_row(values: Sequence[float], counts: Sequence[int]) -> list[list[float]]:
    rest = iter(values)
    return [[next(rest) for _ in range(count)] for count in counts]
