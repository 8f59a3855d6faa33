"""Replies that are checked instead of spelled.

Most replies are one of the options, so the likeliest of them is put behind the prompt and read in
one step; as far as the model would have written the same, that is its reply. What it would have
written otherwise is taken from it, and the next option that begins so is tried. The outcome is
that of greedy writing, token by token, whatever the drafts were (speculative decoding:
arXiv:2211.17192, with options in the place of a small model's guesses).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from transformers import GenerationConfig

from askfirst.providers.local.continuing import ReadSoFar, go_on, only, taken_back
from askfirst.providers.local.job import Job, Line
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.prompt import prompt_of, reply_part, tokens_behind

Tokens = Sequence[int]
Seam = tuple[str, str]

HARMLESS = frozenset(
    {
        *("transformers_version", "_from_model_config", "use_cache", "num_beams"),
        *("bos_token_id", "eos_token_id", "pad_token_id", "max_length", "max_new_tokens"),
        *("do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p"),
        *("output_attentions", "output_hidden_states", "output_scores"),
        *("length_penalty", "early_stopping", "epsilon_cutoff", "eta_cutoff"),
    }
)
"""Generation settings of a model that say nothing of which token greedy writing takes next."""

NEUTRAL = {
    "repetition_penalty": 1.0,
    "encoder_repetition_penalty": 1.0,
    "no_repeat_ngram_size": 0,
    "encoder_no_repeat_ngram_size": 0,
    "min_length": 0,
    "min_new_tokens": 0,
    "num_return_sequences": 1,
    "num_beam_groups": 1,
    "diversity_penalty": 0.0,
}
"""Values at which the others do nothing; some models' files spell them out."""


def draftable(loaded: LoadedModel, batch: Sequence[Job]) -> bool:
    """Whether the replies to a batch can be checked: greedy ones, by a model that allows it."""
    greedy = batch[0].writing.temperature == 0
    told = all(job.options for job in batch)
    return loaded.takes_drafts and greedy and told and not _peculiar(loaded.generation)


def _peculiar(generation: GenerationConfig) -> bool:
    """Whether a model's own settings make it take other tokens than the likeliest."""
    return any(
        value not in (None, False) and value != NEUTRAL.get(name)
        for name, value in generation.to_diff_dict().items()
        if name not in HARMLESS
    )


def write_drafted(
    loaded: LoadedModel,
    batch: Sequence[Job],
    so_far: ReadSoFar,
    ended: Callable[[Job, Tokens], bool],
) -> list[list[int]]:
    """Write greedily, with the options as drafts.

    Args:
        loaded: The model.
        batch: Requests that share their settings and say what their options are.
        so_far: Their prompts, as the model has read them.
        ended: Whether a reply needs no further token.

    Returns:
        The tokens of each reply, up to the one that ended it.
    """
    seam = _seam(loaded)
    likely = [_likely(job) for job in batch]
    written = [[token] for token in so_far.logits[:, -1].argmax(-1).tolist()]
    present = list(range(len(batch)))
    while True:
        going = [row for row in present if not ended(batch[row], written[row])]
        if not going:
            return written
        if going != present:
            so_far = only(so_far, [present.index(row) for row in going])
        present = going
        tried = [_draft(loaded, seam, likely[row], written[row]) for row in present]
        steps = [[written[row][-1], *draft[:-1]] for row, draft in zip(present, tried, strict=True)]
        so_far = go_on(loaded.model, so_far, steps)
        best = so_far.logits.argmax(-1).tolist()
        right = [_right(draft, found) for draft, found in zip(tried, best, strict=True)]
        so_far = taken_back(so_far, [len(tokens) for tokens in right])
        for row, tokens in zip(present, right, strict=True):
            for token in tokens:
                written[row].append(token)
                if ended(batch[row], written[row]):
                    break


def _likely(job: Job) -> list[str]:
    """The replies that are likely: an option by its text, by label and text, by its label."""
    pairs = list(zip(job.labels, job.options, strict=False))
    return [*job.options, *(f"{a}. {text}" for a, text in pairs), *(a for a, _ in pairs)]


def _draft(loaded: LoadedModel, seam: Seam, replies: Sequence[str], written: Tokens) -> Tokens:
    """What follows what has been written, in the first likely reply that begins with it."""
    tokenizer = loaded.processor.tokenizer
    text = tokenizer.decode(written).strip()
    for reply in replies:
        if reply.startswith(text):
            tokens = (*_reply_tokens(tokenizer, seam, reply), *loaded.end_tokens[:1])
            if len(tokens) > len(written) and tokens[: len(written)] == tuple(written):
                return tokens[len(written) :]
    return ()


def _right(draft: Tokens, best: Tokens) -> list[int]:
    """Tokens that the model would have written: the draft's while they agree, then its own."""
    differing = (place for place, token in enumerate(draft) if token != best[place])
    return list(best[: next(differing, max(0, len(draft) - 1)) + 1])


def _seam(loaded: LoadedModel) -> Seam:
    """Where a prompt ends, and what the model's template puts between it and a reply."""
    question, reply = (Line("user", "?"),), "reply"
    prompt = prompt_of(loaded.processor, question)
    try:
        added = reply_part(loaded.processor, prompt, question, reply)
    except ValueError:  # a template that writes answered questions otherwise
        return prompt, ""
    return prompt, added.partition(reply)[0]


@lru_cache(maxsize=10_000)
def _reply_tokens(tokenizer: Any, seam: Seam, reply: str) -> tuple[int, ...]:
    """Ids of a reply behind the end of a prompt, where it may be cut up otherwise than alone."""
    prompt, between = seam
    return tuple(*tokens_behind(tokenizer, prompt, [between + reply]))
