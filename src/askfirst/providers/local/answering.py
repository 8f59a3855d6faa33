"""Answering a batch, in smaller parts where memory does not suffice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from askfirst.errors import reason_of
from askfirst.providers.local.batching import halves
from askfirst.providers.local.job import Answer, Failure, Job
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.pictures import Opened, fitted
from askfirst.providers.local.prefixes import Prefixes
from askfirst.providers.local.scoring import score
from askfirst.providers.local.settings import BATCHES_WAITING
from askfirst.providers.local.writing import write

Answering = Callable[[LoadedModel, Sequence[Job], Sequence[Sequence[Any]], Prefixes], list[Answer]]

ANSWERING: dict[str, Answering] = {"text": write, "logprobs": score}
"""How the modes of a local model answer a batch."""


@dataclass
class Answerer:
    """A model that answers batches.

    Attributes:
        loaded: The model.
        most: Most requests of a batch; becomes smaller when memory runs out.
        prefixes: What is kept from turn to turn of a conversation.
        broken: Whether the device has failed for good, so that nothing more can be asked here.
    """

    loaded: LoadedModel
    most: int
    prefixes: Prefixes = field(init=False)
    broken: bool = False

    def __post_init__(self) -> None:
        settings = self.loaded.settings
        self.prefixes = Prefixes(1_000_000 * settings.prefixes, BATCHES_WAITING * settings.batch)

    def answers(
        self, batch: Sequence[Opened], note: str | None = None
    ) -> Sequence[Answer | Failure]:
        """Answer a batch; what breaks for one request breaks for that one only.

        Args:
            batch: Requests that share their settings.
            note: What was done to the batch before.
        """
        try:
            return self._at_once(batch, note)
        except Exception as error:
            failed, full = f"{type(error).__name__}: {reason_of(error)}", _out_of_memory(error)
            self.broken |= not full and isinstance(error, torch.AcceleratorError)
        # Outside of `except`: the error would keep the tensors of the batch alive.
        if full and self.loaded.device.type == "cuda":
            torch.cuda.empty_cache()
        if full and self.prefixes.shrink():
            return self.answers(
                batch, _joined([note, "kept conversations forgotten: out of memory"])
            )
        if len(batch) == 1 or self.broken:
            return [Failure(one.job.number, failed) for one in batch]
        if full:
            first, second = halves(batch)
            self.most = min(self.most, len(first))
            note = f"batch of {len(batch)} halved: out of memory"
            return [*self.answers(first, note), *self.answers(second, note)]
        # One of them breaks the batch: each by itself shows which.
        return [answer for one in batch for answer in self.answers([one], note)]

    def _at_once(self, batch: Sequence[Opened], note: str | None) -> list[Answer | Failure]:
        sized = [[fitted(image, self.loaded.least_side) for image in one.images] for one in batch]
        answers = ANSWERING[self.loaded.settings.mode](
            self.loaded,
            [one.job for one in batch],
            [[image for image, _ in images] for images in sized],
            self.prefixes,
        )
        return [
            replace(answer, note=_joined([*(told for _, told in images), answer.note, note]))
            for answer, images in zip(answers, sized, strict=True)
        ]


def _joined(notes: Sequence[str | None]) -> str | None:
    return "; ".join(filter(None, notes)) or None


def _out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory ran out; on a CPU that is a plain RuntimeError."""
    return isinstance(error, torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )
