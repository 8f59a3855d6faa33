"""A paired difference of one measure between two models."""

from dataclasses import asdict, dataclass
from typing import Any

from askfirst.metrics.estimate import Estimate

MACRO = "macro"
"""Name that stands in place of a scenario for the unweighted mean over the scenarios."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more of one measure the second model has than the first.

    Attributes:
        key: Key of the measure.
        scenario: Key of the scenario, or "macro".
        a, b: The values of both models on the samples that both played; None where undefined.
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

    @property
    def certain(self) -> bool:
        """Whether the 95 % interval leaves out zero."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and (low > 0 or high < 0)

    def to_json(self) -> dict[str, Any]:
        """The difference as a JSON object."""
        return asdict(self)
