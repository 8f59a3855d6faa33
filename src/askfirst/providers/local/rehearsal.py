"""Trying a model on an easy question before a run relies on it."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from PIL import Image

from askfirst.errors import RunError, reason_of
from askfirst.providers.local.continuing import read
from askfirst.providers.local.job import Job, Line, Writing
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.prompt import inputs_of, prompt_of
from askfirst.providers.local.scoring import reply_tokens, score
from askfirst.providers.local.settings import Mode
from askfirst.providers.local.writing import write

SIDE = 224
"""Side of the picture in pixels."""

TOLERANCE = {torch.float32: 0.01, torch.bfloat16: 0.3, torch.float16: 0.1}
"""Difference in nats a token that rounding may make: a wrong position makes a larger one."""


def rehearse(loaded: LoadedModel) -> LoadedModel:
    """Let a model answer in the mode in which it will be asked.

    Returns:
        The model; as one that takes drafts, if it does.

    Raises:
        RunError: It cannot; the message says why.
    """
    name = loaded.settings.model
    picture = Image.new("RGB", (max(SIDE, loaded.least_side),) * 2, (200, 120, 40))
    jobs = [_question(0, "What is on the table?"), _question(1, "Which of these is it, then?")]
    try:
        if loaded.settings.mode == Mode.TEXT:
            write(loaded, jobs[:1], [[picture]])
            return replace(loaded, takes_drafts=_takes_drafts(loaded, jobs, picture))
        alike = _alike(loaded, jobs, picture)
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
    return loaded


def _takes_drafts(loaded: LoadedModel, jobs: Sequence[Job], picture: Image.Image) -> bool:
    """Whether what is read in steps is what would be read at once; if in doubt, it is not."""
    if not loaded.settings.drafts:
        return False
    try:
        inputs = inputs_of(
            loaded.processor, [prompt_of(loaded.processor, jobs[0].lines)], [[picture]]
        )
        with torch.inference_mode():
            so_far = read(loaded.model, inputs.to(loaded.device, loaded.model.dtype))
        return so_far.forgetful and _alike(loaded, jobs, picture)
    except torch.AcceleratorError:
        raise  # the device has failed for good
    except Exception:  # a model's own code, asked in a way that it does not know
        return False


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
        inputs = inputs_of(loaded.processor, [prompt_of(loaded.processor, job.lines)], [images])
        inputs = inputs.to(loaded.device, loaded.model.dtype)
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
