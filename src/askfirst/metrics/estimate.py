"""A number with what is known about its uncertainty."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value and its 95 % interval.

    Attributes:
        value: The value in the measure's unit; None where it is undefined.
        low, high: Ends of the 95 % interval; None where the data say nothing about them.
        n: Number of episodes (of turns, where a measure is about turns) that the value rests on.
        clusters: Number of clusters among them.
        method: How the interval was made, or why there is none.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    method: str

    def to_json(self) -> dict[str, Any]:
        """The estimate as a JSON object."""
        return asdict(self)
