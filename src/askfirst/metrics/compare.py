"""Two models on the same samples: paired differences, and what can be concluded from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from askfirst.metrics.estimate import Estimate
from askfirst.protocol.episode import Episode


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more of one measure the second model has than the first.

    Attributes:
        key: Key of the measure.
        scenario: Key of the scenario, or "macro".
        a, b: The values of both models on the samples that both played.
        difference: b − a.
        p: Two-sided p-value; None where it is undefined.
        q: p adjusted by Benjamini and Hochberg over the scenarios; None for "macro".
        detectable: Smallest true difference that would have been found with a power of 80 %.
    """

    key: str
    scenario: str
    a: float | None
    b: float | None
    difference: Estimate
    p: float | None
    q: float | None
    detectable: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of two models.

    Attributes:
        rows: By measure, then by scenario, the macro average last.
        paired: Number of samples that both played without an error.
        left_out: Number of samples that only one of them played, or that an error ended.
        sentence: What can and what cannot be concluded.
    """

    rows: tuple[Difference, ...]
    paired: int
    left_out: int
    sentence: str


def compare(
    a: Mapping[str, Sequence[Episode]],
    b: Mapping[str, Sequence[Episode]],
    *,
    resamples: int = 10_000,
    seed: int = 0,
) -> Comparison:
    """Compare two models' episodes, by scenario."""
    raise NotImplementedError
