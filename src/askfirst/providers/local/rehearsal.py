"""Trying a model on an easy question before a run relies on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from PIL import Image
from transformers import GenerationMixin

from askfirst.errors import RunError, reason_of
from askfirst.providers.local.continuing import ReadSoFar, go_on, prefix_of, read, taken_back
from askfirst.providers.local.job import Job, Line, Writing
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.prefixes import dividable, read_rest
from askfirst.providers.local.prompt import inputs_of, prompt_of
from askfirst.providers.local.scoring import reply_tokens, score
from askfirst.providers.local.settings import Mode
from askfirst.providers.local.writing import write

SIDE = 224
"""Side of the picture in pixels."""

TOLERANCE = {torch.float32: 0.01, torch.bfloat16: 0.3, torch.float16: 0.1}
"""Difference in nats a token that rounding may make: a wrong position makes a larger one."""

LIKELY = 10
"""How many of the likeliest next tokens are compared."""


def rehearse(loaded: LoadedModel) -> LoadedModel:
    """Let a model answer in the mode in which it will be asked.

    Returns:
        The model; as one that takes drafts, if it does.

    Raises:
        RunError: It cannot; the message says why.
    """
    name, plainly = loaded.settings.model, _numbers_plainly(loaded.model)
    picture = Image.new("RGB", (max(SIDE, loaded.least_side),) * 2, (200, 120, 40))
    jobs = [_question(0, "What is on the table?"), _question(1, "Which of these is it, then?")]
    try:
        if loaded.settings.mode == Mode.TEXT:
            write(loaded, jobs[:1], [[picture]])
            drafts = plainly and _takes_drafts(loaded, jobs, picture)
            prefixes = drafts and _takes_prefixes(loaded)
            return replace(loaded, takes_drafts=drafts, takes_prefixes=prefixes)
        alike = plainly and _alike(loaded, jobs, picture)
    except RunError:
        raise
    except Exception as error:  # whatever a model's own code raises
        raise RunError(
            f"{name} cannot be asked about a picture: {type(error).__name__}: {reason_of(error)}"
        ) from error
    if not alike:
        raise RunError(
            f"the mode logprobs is wrong for {name}: its log-probabilities of options differ from "
            f"those of a plain reading; use the mode text"
        )
    return replace(loaded, takes_prefixes=_takes_prefixes(loaded))


def _takes_drafts(loaded: LoadedModel, jobs: Sequence[Job], picture: Image.Image) -> bool:
    """Whether what is read in steps is what would be read at once; if in doubt, it is not."""
    if not loaded.settings.drafts:
        return False
    try:
        with torch.inference_mode():
            passed_over = _passes_over(loaded, jobs[1], picture)
        return passed_over and _alike(loaded, jobs, picture)
    except torch.AcceleratorError:
        raise  # the device has failed for good
    except Exception:  # a model's own code, asked in a way that it does not know
        return False


def _passes_over(loaded: LoadedModel, job: Job, picture: Image.Image) -> bool:
    """Whether a wrong token that was read and taken back leaves no trace."""
    inputs, model = _inputs(loaded, job.lines, [picture]), loaded.model
    wrong, right = sorted(reply_tokens(loaded, job), key=len)
    prompt = read(model, inputs)
    if not prompt.forgetful:
        return False
    tried = taken_back(go_on(model, prompt, [[right[0], *wrong]]), [1])
    return _agree(
        loaded,
        go_on(model, tried, [right[1:]]),
        go_on(model, read(model, inputs), [right]),
    )


def _agree(loaded: LoadedModel, found: ReadSoFar, wanted: ReadSoFar) -> bool:
    """Whether the likeliest next tokens are as likely by one reading as by another."""
    likely, other = (one.logits[0, -1].float().log_softmax(-1) for one in (wanted, found))
    places = likely.topk(LIKELY).indices
    difference = (likely[places] - other[places]).abs().max().item()
    return difference <= TOLERANCE[loaded.model.dtype]


def _numbers_plainly(model: Any) -> bool:
    """Whether a model numbers its positions one by one; some give a picture's their own."""
    name = "_prepare_position_ids_for_generation"
    return getattr(type(model), name, None) is getattr(GenerationMixin, name, None)


def _takes_prefixes(loaded: LoadedModel) -> bool:
    """Whether a conversation read turn by turn is what would be read at once."""
    if not loaded.settings.prefixes:
        return False
    side = max(SIDE, loaded.least_side)
    first, second = (Image.new("RGB", (side, side), color) for color in ("orange", "navy"))
    begin = _question(0, "What is on the table?").lines
    whole = (*begin, Line("assistant", "Move it."), *_question(0, "And now?").lines)
    try:
        parts = _inputs(loaded, begin, [first]), _inputs(loaded, whole, [first, second])
        if not dividable(parts[1], 2):
            return False
        short, long = (part["input_ids"][0].tolist() for part in parts)
        with torch.inference_mode():
            so_far = read(loaded.model, parts[0])
            if not so_far.forgetful or long[: len(short)] != short:
                return False
            prefix = prefix_of(so_far, 0, short, 1)
            rest = read_rest(loaded.model, [prefix], [long], parts[1]["pixel_values"], [2])
            at_once = read(loaded.model, parts[1])
        return _agree(loaded, rest, at_once)
    except torch.AcceleratorError:
        raise  # the device has failed for good
    except Exception:  # a model's own code, asked in a way that it does not know
        return False


def _inputs(loaded: LoadedModel, lines: tuple[Line, ...], images: Sequence[Image.Image]) -> Any:
    inputs = inputs_of(loaded.processor, [prompt_of(loaded.processor, lines)], [images])
    return inputs.to(loaded.device, loaded.model.dtype)


def _question(number: int, text: str) -> Job:
    options = ("An apple.", "A boat under a bridge.")
    return Job(number, (Line("user", text, ("picture",)),), Writing(2), ("A", "B"), options)


def plain_logprobs(loaded: LoadedModel, job: Job, images: Sequence[Image.Image]) -> list[float]:
    """Summed log-probability of each option, each read with its whole prompt and nothing else.

    The slow way, in which a model numbers its positions itself: what the fast way must agree with.
    """
    sums = []
    for tokens in reply_tokens(loaded, job):
        reply = torch.tensor([tokens], device=loaded.device)
        inputs = _inputs(loaded, job.lines, images)
        start = inputs["input_ids"].shape[1]
        inputs["input_ids"] = torch.cat([inputs["input_ids"], reply], dim=1)
        inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
        with torch.inference_mode():
            logits = loaded.model(**inputs).logits[:, start - 1 : -1].float()
        sums.append(logits.log_softmax(-1).gather(-1, reply[..., None]).sum().item())
    return sums


def _alike(loaded: LoadedModel, jobs: Sequence[Job], picture: Image.Image) -> bool:
    """Whether options have the same log-probabilities from one reading and from plain ones."""
    tolerance = TOLERANCE[loaded.model.dtype]
    shared = [answer.option_logprobs or () for answer in score(loaded, jobs, [[picture]] * 2)]
    return all(
        abs(fast - slow) <= tolerance * len(tokens)
        for job, ours in zip(jobs, shared, strict=True)
        for tokens, fast, slow in zip(
            reply_tokens(loaded, job), ours, plain_logprobs(loaded, job, [picture]), strict=True
        )
    )
