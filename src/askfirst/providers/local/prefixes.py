"""What was read in one turn, kept for the next turn of the same conversation."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from askfirst.providers.local.continuing import Prefix, ReadSoFar, prefix_of, read, read_on
from askfirst.providers.local.job import Job, Line
from askfirst.providers.local.loader import LoadedModel
from askfirst.suites.reference import SCHEME

UNDERSTOOD = {"input_ids", "attention_mask", "pixel_values"}
"""What a processor may give for a conversation that is read in parts: nothing else is divided."""


class Prefixes:
    """The conversations that were read last.

    Args:
        limit: Bytes of keys and values that are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._kept: OrderedDict[tuple[Line, ...], Prefix] = OrderedDict()

    def keep(self, lines: tuple[Line, ...], prefix: Prefix) -> None:
        """Keep what was read of a conversation, at the expense of those read long ago."""
        self._drop(lines)
        if prefix.size > self._limit:
            return
        self._kept[lines] = prefix
        self._held += prefix.size
        while self._held > self._limit:
            self._drop(next(iter(self._kept)))

    def before(self, lines: tuple[Line, ...], tokens: Sequence[int]) -> Prefix | None:
        """What was read of a conversation before its last reply and question."""
        prefix = self._kept.get(lines[:-2])
        if prefix is None or len(prefix.tokens) >= len(tokens):
            return None
        return prefix if tuple(tokens[: len(prefix.tokens)]) == prefix.tokens else None

    def forget(self) -> None:
        """Keep nothing: memory is needed."""
        self._kept.clear()
        self._held = 0

    def _drop(self, lines: tuple[Line, ...]) -> None:
        dropped = self._kept.pop(lines, None)
        self._held -= dropped.size if dropped else 0


def read_prompts(
    loaded: LoadedModel, batch: Sequence[Job], inputs: Any, prefixes: Prefixes | None
) -> ReadSoFar:
    """Read the prompts of a batch: the whole of them, or what has come since they were last read.

    Args:
        loaded: The model.
        batch: The requests.
        inputs: Left-padded tensors of the whole prompts.
        prefixes: What is kept from earlier turns; None keeps nothing.
    """
    pictures = [len(job.pictures) for job in batch]
    continued = any(job.continued for job in batch) and loaded.takes_prefixes
    if prefixes is None or not continued or not dividable(inputs, sum(pictures)):
        return read(loaded.model, inputs)
    rows = [
        [token for token, counts in zip(tokens, mask, strict=True) if counts]
        for tokens, mask in zip(
            inputs["input_ids"].tolist(), inputs["attention_mask"].tolist(), strict=True
        )
    ]
    known = [prefixes.before(job.lines, tokens) for job, tokens in zip(batch, rows, strict=True)]
    found = [prefix for prefix in known if prefix is not None]
    # A batch has requests of the same turn, so either all of them have been read before or, after
    # a worker was lost or memory ran out, so few that the rest decides.
    so_far = (
        read_rest(loaded.model, found, rows, inputs["pixel_values"], pictures)
        if len(found) == len(batch)
        else read(loaded.model, inputs)
    )
    for row, job in enumerate(batch):
        if job.continued and so_far.forgetful and _fixed(job):
            prefixes.keep(job.lines, prefix_of(so_far, row, rows[row], pictures[row]))
    return so_far


def read_rest(
    model: Any,
    found: Sequence[Prefix],
    rows: Sequence[Sequence[int]],
    pixels: Any,
    pictures: Sequence[int],
) -> ReadSoFar:
    """Read what follows prefixes, with the pictures that are not among them.

    Args:
        model: A transformers model.
        found: The prefixes, one a row.
        rows: Ids of the whole prompts.
        pixels: Pixel values of all pictures, row after row.
        pictures: Number of pictures of each row.
    """
    ends = [sum(pictures[: row + 1]) for row in range(len(pictures))]
    new = [
        place
        for prefix, end, count in zip(found, ends, pictures, strict=True)
        for place in range(end - count + prefix.pictures, end)
    ]
    rest = [row[len(prefix.tokens) :] for row, prefix in zip(rows, found, strict=True)]
    return read_on(model, found, rest, pixels[new])


def dividable(inputs: Any, pictures: int) -> bool:
    """Whether inputs can be divided by turns: nothing but tokens, and pixels a picture."""
    return set(inputs) == UNDERSTOOD and len(inputs["pixel_values"]) == pictures


def _fixed(job: Job) -> bool:
    """Whether a reference says which pixels it stands for; a path does not."""
    return all(picture.startswith((SCHEME, "data:")) for picture in job.pictures)
