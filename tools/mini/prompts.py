"""From examples to token ids: the prompt as AskFirst writes it, and the reply to learn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from askfirst.protocol.labels import codepoint_labels
from askfirst.protocol.prompt import PUBLISHED_TEMPLATE, prompt_text
from askfirst.scenarios.observation import Observation
from askfirst.scenarios.option import OptionKind
from tools.mini.architecture import IMAGE_TOKENS
from tools.mini.examples import Example
from tools.mini.looks import Random
from tools.mini.names import bare, option_of
from tools.mini.tokenizer import ASSISTANT, BEGIN, END, IMAGE, USER

ASKS, ABSTAINS = 0.1, 0.2  # shares of the replies to insufficient pictures; the rest guesses right
HINTED = 0.1  # share of the prompts with the scenario's hint


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompts with their replies, padded at the end.

    Attributes:
        ids: examples × length.
        mask: 1 where there is a token.
        answers: 1 where a token is one of the reply.
        starts: examples × options, the place of each option's first token, -1 for no option.
        right: examples, index of the option that the reply repeats.
        sources: examples × length, where in the options a token of the reply stands, else -1.
    """

    ids: Tensor
    mask: Tensor
    answers: Tensor
    starts: Tensor
    right: Tensor
    sources: Tensor


def reply_to(example: Example, rng: Random) -> str:
    """What a reactive player says: it answers; where it cannot, it mostly guesses or abstains."""
    options = example.observation.options
    draw = rng.random()
    if not example.sufficient and draw < ASKS + ABSTAINS:
        kind = OptionKind.ACTION if draw < ASKS else OptionKind.ABSTAIN
        fitting = [o.text for o in options if o.kind is kind and o.valid]
        if fitting:
            return fitting[int(rng.integers(len(fitting)))]
    return answer_of(example.observation)


def answer_of(observation: Observation) -> str:
    """The correct category of a training example."""
    options = observation.options
    return next(o.text for o in options if o.kind is OptionKind.CATEGORY and o.valid)


def target_name(example: Example) -> str:
    """The words that the picture stands for: the thing's name, else the answer."""
    return example.name or bare(answer_of(example.observation))


def prompt_of(observation: Observation, hint: bool) -> str:
    """The text of one user message."""
    labels = codepoint_labels(len(observation.options))
    return prompt_text(observation, labels, PUBLISHED_TEMPLATE, hint)


def encode(tokenizer: PreTrainedTokenizerFast, examples: Sequence[Example], rng: Random) -> Prompts:
    """Tokens of some examples; the replies to insufficient pictures are drawn."""
    rows = [_row(tokenizer, example, rng) for example in examples]
    shape = (len(rows), max(len(asked) + len(replied) for asked, replied, _, _ in rows))
    ids = np.full(shape, tokenizer.pad_token_id)
    mask, answers = np.zeros((2, *shape), dtype=np.int64)
    sources = np.full(shape, -1)
    starts = np.full((len(rows), max(len(begun) for _, _, begun, _ in rows)), -1)
    for i, (asked, replied, begun, right) in enumerate(rows):
        end = len(asked) + len(replied)
        ids[i, :end] = asked + replied
        mask[i, :end] = 1
        answers[i, len(asked) : end] = 1
        starts[i, : len(begun)] = begun
        sources[i, len(asked) : end - 1] = begun[right] + np.arange(len(replied) - 1)
    rights = np.array([right for *_, right in rows])
    arrays = (ids, mask, answers, starts, rights, sources)
    return Prompts(*(torch.from_numpy(array) for array in arrays))


def _row(
    tokenizer: PreTrainedTokenizerFast, example: Example, rng: Random
) -> tuple[list[int], list[int], list[int], int]:
    """Tokens of prompt and reply, the first token of each option, and which option is the reply."""
    texts = [option.text for option in example.observation.options]
    before = f"{BEGIN}{USER}{IMAGE * IMAGE_TOKENS} "
    asked = f"{before}{prompt_of(example.observation, bool(rng.random() < HINTED))}{ASSISTANT}"
    coded = tokenizer(asked, add_special_tokens=False, return_offsets_mapping=True)
    place = {first: i for i, (first, _) in enumerate(coded["offset_mapping"])}
    begun, at = [], asked.index("Options:\n")
    for label, text in zip(codepoint_labels(len(texts)), texts, strict=True):
        at = asked.index(f"\n{label}. {text}\n", at) + len(label) + 2
        begun.append(place[at])
    reply = reply_to(example, rng)
    replied = tokenizer.encode(f" {reply}{END}", add_special_tokens=False)
    return coded["input_ids"], replied, begun, texts.index(reply)


def name_tokens(tokenizer: PreTrainedTokenizerFast, names: Sequence[str]) -> Tensor:
    """names × vocabulary: the tokens of each name as among the options, weights that sum to 1."""
    weights = torch.zeros(len(names), len(tokenizer))
    for row, name in enumerate(names):
        ids = tokenizer.encode(f" {option_of(name)[:-1]}", add_special_tokens=False)
        for token in ids:
            weights[row, token] += 1 / len(ids)
    return weights
