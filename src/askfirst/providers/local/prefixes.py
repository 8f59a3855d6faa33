"""What was read in one turn, kept for the next turn of the same conversation."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from askfirst.providers.local.continuing import Prefix, ReadSoFar, prefix_of, read, read_on
from askfirst.providers.local.job import Job, Line
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.settings import BATCHES_WAITING
from askfirst.suites.reference import SCHEME

UNDERSTOOD = {"input_ids", "attention_mask", "pixel_values"}
"""What a processor may give for a conversation that is read in parts: nothing else is divided."""


class Prefixes:
    """The conversations that were read last.

    Args:
        limit: Bytes of keys and values that are kept.
        most: Conversations that are kept; of more at a time none is under way.

    Attributes:
        held: Bytes that are kept at present.
    """

    def __init__(self, limit: int, most: int) -> None:
        self._limit = limit
        self._most = most
        self.held = 0
        self._kept: OrderedDict[tuple[Line, ...], Prefix] = OrderedDict()

    def has_room(self, size: int) -> bool:
        """Whether what a batch has read, of so many bytes, would still be here for its next turn.

        Other batches come in between: where not all of them fit, each would drive out the next.
        """
        return BATCHES_WAITING * size <= self._limit

    def keep(self, lines: tuple[Line, ...], prefix: Prefix) -> None:
        """Keep what was read of a conversation, at the expense of those read long ago."""
        self._drop(lines)
        self._kept[lines] = prefix
        self.held += prefix.size
        while self.held > self._limit or len(self._kept) > self._most:
            self._drop(next(iter(self._kept)))

    def take(self, lines: tuple[Line, ...], tokens: Sequence[int]) -> Prefix | None:
        """What was read of a conversation, kept no longer; None if it is not as it was read.

        Args:
            lines: The conversation as it was read.
            tokens: Ids of all of it by now.
        """
        prefix = self._drop(lines)
        if prefix is None or len(prefix.tokens) >= len(tokens):
            return None
        return prefix if tuple(tokens[: len(prefix.tokens)]) == prefix.tokens else None

    def shrink(self) -> bool:
        """Forget everything and keep half as much from now on; whether there was anything."""
        if not self._kept:
            return False
        self._limit = self.held // 2
        self._kept.clear()
        self.held = 0
        return True

    def _drop(self, lines: tuple[Line, ...]) -> Prefix | None:
        dropped = self._kept.pop(lines, None)
        self.held -= dropped.size if dropped else 0
        return dropped


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
    known = [prefixes.take(job.earlier, tokens) for job, tokens in zip(batch, rows, strict=True)]
    found = [
        prefix
        for prefix, count in zip(known, pictures, strict=True)
        if prefix is not None and prefix.pictures < count
    ]
    # A batch has requests of the same turn: that a part of them has not been read before, as when
    # a worker was lost, is too rare to divide it.
    so_far = (
        read_rest(loaded.model, found, rows, inputs["pixel_values"], pictures)
        if len(found) == len(batch)
        else read(loaded.model, inputs)
    )
    if so_far.forgetful and prefixes.has_room(so_far.size):
        for row, job in enumerate(batch):
            if job.continued and _fixed(job):
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
