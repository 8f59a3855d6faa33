"""Reading a prompt once, and going on from it: by options, by drafts, token by token.

transformers' `generate` numbers positions itself. Here they are given, so that rows of one batch
may go on by different numbers of tokens, and so that what turned out wrong can be passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from transformers.cache_utils import DynamicCache, DynamicLayer


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """What a model has read of the rows of a batch.

    Attributes:
        cache: Keys and values. Going on adds to it in place: a value is gone on from once.
        mask: Which of its places count, (rows, places).
        position: Position of each row's next token, (rows,).
        logits: Of the tokens read last, (rows, tokens, vocabulary).
    """

    cache: Any
    mask: torch.Tensor
    position: torch.Tensor
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
    mask = inputs["attention_mask"]
    positions = mask.long().cumsum(-1).sub(1).clamp(min=0)
    output = model(**inputs, position_ids=positions, use_cache=True, logits_to_keep=1)
    return ReadSoFar(output.past_key_values, mask, positions[:, -1] + 1, output.logits)


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
    device = pictures.device
    read_mask = _left_padded([[1] * len(prefix.tokens) for prefix in prefixes], device)
    mask = torch.cat([read_mask, _left_padded([[1] * len(row) for row in rows], device)], dim=1)
    positions = mask.cumsum(-1).sub(1).clamp(min=0)[:, read_mask.shape[1] :]
    cache = DynamicCache()
    for number in range(len(prefixes[0].layers)):
        keys, values = (
            _side_by_side([prefix.layers[number][part] for prefix in prefixes]) for part in (0, 1)
        )
        cache.update(keys, values, number)
    output = model(
        input_ids=_left_padded(rows, device),
        attention_mask=mask,
        position_ids=positions,
        pixel_values=pictures,
        past_key_values=cache,
        logits_to_keep=1,
    )
    return ReadSoFar(cache, mask, positions[:, -1] + 1, output.logits)


def go_on(model: Any, before: ReadSoFar, rows: Sequence[Sequence[int]]) -> ReadSoFar:
    """Read some more tokens of each row; the logits are those after each of them.

    Args:
        model: A transformers model.
        before: What it has read.
        rows: Ids of at least one token of each row.
    """
    tokens, kept = _right_padded(rows, before.mask.device)
    mask = torch.cat([before.mask, kept], dim=1)
    steps = torch.arange(tokens.shape[1], device=tokens.device)
    output = model(
        input_ids=tokens,
        attention_mask=mask,
        position_ids=before.position[:, None] + steps,
        past_key_values=before.cache,
    )
    return ReadSoFar(before.cache, mask, before.position + kept.sum(1), output.logits)


def only(before: ReadSoFar, rows: Sequence[int]) -> ReadSoFar:
    """Some of the rows, in the given order, each as often as it is named."""
    index = torch.tensor(rows, device=before.mask.device)
    before.cache.batch_select_indices(index)
    return ReadSoFar(before.cache, before.mask[index], before.position[index], before.logits[index])


def taken_back(before: ReadSoFar, kept: Sequence[int]) -> ReadSoFar:
    """The same without the end of what was read last.

    Args:
        before: What was read; it must be `forgetful`.
        kept: How many of the tokens that each row read last remain.
    """
    width = before.logits.shape[1]
    counts = torch.tensor(kept, device=before.mask.device)
    remains = torch.arange(width, device=counts.device) < counts[:, None]
    last = before.mask[:, -width:]
    mask = torch.cat([before.mask[:, :-width], last * remains], dim=1)
    return replace(before, mask=mask, position=before.position - last.sum(1) + counts)


def _side_by_side(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """(heads, tokens, size) each as (rows, heads, longest, size), with zeros on the left."""
    longest = max(part.shape[1] for part in parts)
    padded = parts[0].new_zeros((len(parts), parts[0].shape[0], longest, parts[0].shape[2]))
    for row, part in enumerate(parts):
        padded[row, :, longest - part.shape[1] :] = part
    return padded


def _left_padded(rows: Sequence[Sequence[int]], device: torch.device) -> torch.Tensor:
    """Numbers (rows, longest), with zeros on the left."""
    width = max(len(row) for row in rows)
    return torch.tensor([[0] * (width - len(row)) + list(row) for row in rows], device=device)


def _right_padded(
    rows: Sequence[Sequence[int]], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids (rows, longest), filled up with 0, and which of them count."""
    width = max(len(row) for row in rows)
    tokens = torch.zeros((len(rows), width), dtype=torch.long, device=device)
    kept = torch.zeros_like(tokens)
    for number, row in enumerate(rows):
        tokens[number, : len(row)] = torch.tensor(row, device=device)
        kept[number, : len(row)] = 1
    return tokens, kept
