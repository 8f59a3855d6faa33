"""All measures of a group of episodes, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from askfirst.metrics.estimate import Estimate
from askfirst.protocol.episode import Episode


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is called and what it says.

    Attributes:
        key: Its name in files.
        title: Its name for people.
        unit: "%" for values from 0 to 100, "asks" or "turn" for counts, "" for plain numbers.
        better: "higher" or "lower"; "" where neither is better in itself.
        explains: What it says, in one sentence.
    """

    key: str
    title: str
    unit: str
    better: str
    explains: str


MEASURES: tuple[Measure, ...] = (
    Measure("acc", "accuracy", "%", "higher", "Episodes that end in the correct category."),
)


def measure(
    episodes: Sequence[Episode], *, resamples: int = 10_000, seed: int = 0
) -> dict[str, Estimate]:
    """Every measure of the episodes of one model and one group, by key."""
    raise NotImplementedError
