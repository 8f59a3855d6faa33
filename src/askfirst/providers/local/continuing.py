"""Reading a prompt once, and going on from it: by options, by drafts, token by token.

transformers' `generate` numbers positions itself. Here they are given, so that rows of one batch
may go on by different numbers of tokens, and so that what turned out wrong can be passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers.cache_utils import DynamicCache, DynamicLayer


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """What a model has read of the rows of a batch.

    Attributes:
        cache: Keys and values. Going on adds to it in place: a value is gone on from once.
        mask: Which of its places count, (rows, places).
        logits: Of the tokens read last, (rows, tokens, vocabulary).
    """

    cache: Any
    mask: torch.Tensor
    logits: torch.Tensor

    @property
    def forgetful(self) -> bool:
        """Whether places can be passed over: not where a window or a state moves with each."""
        layers = getattr(self.cache, "layers", ())
        return type(self.cache) is DynamicCache and {type(one) for one in layers} == {DynamicLayer}

    @property
    def size(self) -> int:
        """Bytes of the keys and values, padding included."""
        return sum(layer.keys.nbytes + layer.values.nbytes for layer in self.cache.layers)


@dataclass(frozen=True, slots=True)
class Prefix:
    """What a model has read of one conversation, apart from a batch.

    Attributes:
        tokens: Ids of what was read.
        pictures: How many pictures were among it.
        layers: Keys and values of each layer, both (heads, tokens, size).
    """

    tokens: tuple[int, ...]
    pictures: int
    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(part.nbytes for layer in self.layers for part in layer)


def prefix_of(so_far: ReadSoFar, row: int, tokens: Sequence[int], pictures: int) -> Prefix:
    """One row of what has been read; it must be `forgetful`."""
    counted = so_far.mask[row].nonzero().squeeze(1)
    layers = tuple(
        (layer.keys[row].index_select(1, counted), layer.values[row].index_select(1, counted))
        for layer in so_far.cache.layers
    )
    return Prefix(tuple(tokens), pictures, layers)


def read(model: Any, inputs: Any) -> ReadSoFar:
    """Read left-padded prompts with their pictures; the logits are those of the next token."""
    return _read(model, inputs["input_ids"].shape[1], **inputs, logits_to_keep=1)


def read_on(
    model: Any, prefixes: Sequence[Prefix], rows: Sequence[Sequence[int]], pictures: torch.Tensor
) -> ReadSoFar:
    """Read the rest of conversations of which the beginning has been read.

    Args:
        model: A transformers model.
        prefixes: What it has read, one a row.
        rows: Ids of the tokens that follow.
        pictures: Pixel values of the pictures among them, (pictures, channels, height, width).
    """
    _, before = _padded([prefix.tokens for prefix in prefixes], pictures.device, "left")
    tokens, kept = _padded(rows, pictures.device, "left")
    cache = DynamicCache()
    for number, parts in enumerate(zip(*(prefix.layers for prefix in prefixes), strict=True)):
        keys, values = map(_side_by_side, zip(*parts, strict=True))
        cache.update(keys, values, number)
    return _read(
        model,
        tokens.shape[1],
        input_ids=tokens,
        attention_mask=torch.cat([before, kept], dim=1),
        pixel_values=pictures,
        past_key_values=cache,
        logits_to_keep=1,
    )


def go_on(model: Any, before: ReadSoFar, rows: Sequence[Sequence[int]]) -> ReadSoFar:
    """Read some more tokens of each row; the logits are those after each of them.

    Args:
        model: A transformers model.
        before: What it has read.
        rows: Ids of at least one token of each row.
    """
    tokens, kept = _padded(rows, before.mask.device, "right")
    return _read(
        model,
        tokens.shape[1],
        input_ids=tokens,
        attention_mask=torch.cat([before.mask, kept], dim=1),
        past_key_values=before.cache,
    )


def only(before: ReadSoFar, rows: Sequence[int]) -> ReadSoFar:
    """Some of the rows, in the given order, each as often as it is named."""
    index = torch.tensor(rows, device=before.mask.device)
    before.cache.batch_select_indices(index)
    return ReadSoFar(before.cache, before.mask[index], before.logits[index])


def taken_back(before: ReadSoFar, kept: Sequence[int]) -> ReadSoFar:
    """The same without the end of what was read last.

    Args:
        before: What was read; it must be `forgetful`.
        kept: How many of the tokens that each row read last remain.
    """
    width = before.logits.shape[1]
    counts = torch.tensor(kept, device=before.mask.device)
    remains = torch.arange(width, device=counts.device) < counts[:, None]
    last = before.mask[:, -width:] * remains
    return replace(before, mask=torch.cat([before.mask[:, :-width], last], dim=1))


def _read(model: Any, width: int, **given: Any) -> ReadSoFar:
    """Have a model read, every token at the position that its mask gives it.

    Args:
        model: A transformers model.
        width: Tokens a row that it is given, after those that its cache holds.
        given: What else it is given, the mask of all places among it.
    """
    mask = given["attention_mask"]
    positions = mask.long().cumsum(-1).sub(1).clamp(min=0)[:, -width:]
    output = model(**given, position_ids=positions, use_cache=True)
    return ReadSoFar(output.past_key_values, mask, output.logits)


def _side_by_side(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """(heads, tokens, size) each as (rows, heads, longest, size), with zeros on the left."""
    rows = [part.transpose(0, 1) for part in parts]
    return pad_sequence(rows, batch_first=True, padding_side="left").transpose(1, 2)


def _padded(
    rows: Sequence[Sequence[int]], device: torch.device, side: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids (rows, longest), filled up with 0 on a side, and which of them count."""
    tokens, kept = (
        pad_sequence(parts, batch_first=True, padding_side=side)
        for parts in ([torch.tensor(row) for row in rows], [torch.ones(len(row)) for row in rows])
    )
    return tokens.to(device), kept.long().to(device)
