"""What a scenario's maker hands over: a record, and how to make each picture that it shows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

Split = Literal["test", "train"]
SPLITS: tuple[Split, ...] = ("test", "train")


@dataclass(frozen=True)
class PictureDraft:
    """A picture that is made when it is missing.

    Attributes:
        make: Returns the picture; called at most once, and not at all if the file is there.
        lossless: Whether to encode without loss (drawings) or as a photograph.
    """

    make: Callable[[], Image.Image]
    lossless: bool = False


@dataclass(frozen=True)
class SampleDraft:
    """A sample before it is written.

    Attributes:
        split: The part of the suite to which it belongs.
        record: The sample record (`docs/suites.md`), `id` included.
        pictures: By path inside the suite's folder. Samples may share pictures.
    """

    split: Split
    record: dict[str, Any]
    pictures: Mapping[str, PictureDraft] = field(default_factory=dict)


@dataclass(frozen=True)
class Workshop:
    """What every maker is given.

    Attributes:
        seed: Seed of the whole suite.
        cache: Folder for assets and for renders, kept between runs.
        counts: Most samples a scenario by split; None leaves it to the maker.
    """

    seed: int
    cache: Path
    counts: Mapping[Split, int | None] = field(default_factory=lambda: dict.fromkeys(SPLITS, None))

    def generator(self, *names: str | int) -> np.random.Generator:
        """The generator of one thing, such as ("IN-C", 17): independent of everything else made."""
        digits = [byte for name in names for byte in (*str(name).encode(), 0)]
        return np.random.default_rng([self.seed, *digits])


Maker = Callable[[Workshop], Iterator[SampleDraft]]


def shuffled_options(
    rng: np.random.Generator, suggestions: list[str], answer: str, wrong: list[str]
) -> dict[str, Any]:
    """The fields `options`, `categories` and `answer`, shuffled within the two blocks."""
    categories = [answer, *wrong]
    return {
        "options": [suggestions[i] for i in rng.permutation(len(suggestions))],
        "categories": [categories[i] for i in rng.permutation(len(categories))],
        "answer": answer,
    }
