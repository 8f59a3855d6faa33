"""Curves: utility over the cost of asking, asking and being right over the evidence shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from askfirst.metrics.estimate import Estimate
from askfirst.protocol.episode import Episode


@dataclass(frozen=True, slots=True)
class UtilityCurve:
    """Utility over the cost of one ask; every tuple is aligned with `costs`.

    Attributes:
        costs: Costs c of one ask.
        wrong_cost: Cost w of a wrong answer.
        utility: Mean of correct − c·asks − w·wrong.
        oracle: The same of the oracle; None where the fewest asks are unknown.
        regret_oracle: Oracle minus model, over the episodes whose fewest asks are known.
        regret_own_stop: What the model's own best ask limit would have gained.
    """

    costs: tuple[float, ...]
    wrong_cost: float
    utility: tuple[Estimate, ...]
    oracle: tuple[float | None, ...]
    regret_oracle: tuple[Estimate, ...]
    regret_own_stop: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Observed share of a bin of evidence: mean evidence, share in [0, 1], number of turns."""

    evidence: float
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class LogisticCurve:
    """P(event | evidence) = 1 / (1 + exp(−slope·(evidence − threshold))), fitted to turns.

    Attributes:
        evidence: Grid in [0, 1] on which `fitted` stands.
        fitted: Fitted probability in [0, 1], with pointwise interval; empty without a fit.
        points: Observed shares by bin of evidence.
        threshold: Evidence at which the fitted probability is one half.
        slope: Change of the log odds per unit of evidence.
        n, clusters: Numbers of turns and of clusters.
        note: What the curve rests on, or why there is no fit.
    """

    evidence: tuple[float, ...]
    fitted: tuple[Estimate, ...]
    points: tuple[Point, ...]
    threshold: Estimate
    slope: Estimate
    n: int
    clusters: int
    note: str


def utility_curve(
    episodes: Sequence[Episode],
    *,
    costs: Sequence[float] = tuple(i / 20 for i in range(11)),
    wrong_cost: float = 1.0,
    resamples: int = 10_000,
    seed: int = 0,
) -> UtilityCurve:
    """Utility and regrets over the cost of one ask."""
    raise NotImplementedError


def ask_curve(episodes: Sequence[Episode], *, bins: int = 10) -> LogisticCurve:
    """P(ask | evidence) over all turns whose evidence is known."""
    raise NotImplementedError


def accuracy_curve(episodes: Sequence[Episode], *, bins: int = 10) -> LogisticCurve:
    """P(right | evidence) over all turns that answered with a category."""
    raise NotImplementedError
