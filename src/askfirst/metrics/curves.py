"""Curves: utility over the cost of asking, asking and being right over the evidence shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from askfirst.metrics.estimate import Estimate
from askfirst.metrics.estimation import estimate_part
from askfirst.metrics.group import RESAMPLES, group_of
from askfirst.metrics.intervals import Interval
from askfirst.metrics.logistic import LogisticFit, fit_logistic
from askfirst.metrics.table import Array, Codes, Flags, episode_table
from askfirst.metrics.utility_measures import WRONG_COST, oracle_utility, utility_measures
from askfirst.protocol.episode import Episode, Turn
from askfirst.scenarios.option import OptionKind

ASK_COSTS: tuple[float, ...] = tuple(step / 20 for step in range(11))
"""Costs of one ask at which a utility curve stands where no others are named."""

GRID: Array = np.linspace(0, 1, 41)
"""Evidence at which a fitted curve stands."""

SANDWICH = "cluster-robust sandwich, Student's t"
FIELLER = "Fieller, cluster-robust sandwich"
NO_FIT = "no fit"


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
    costs: Sequence[float] = ASK_COSTS,
    wrong_cost: float = WRONG_COST,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> UtilityCurve:
    """Utility and regrets over the cost of one ask; formulas in `utility_measures`."""
    group = group_of(episodes, resamples, seed)
    found = [
        [estimate_part(measure, group).estimate for measure in utility_measures(cost, wrong_cost)]
        for cost in costs
    ]
    total = group.clusters.total
    best = [float(oracle_utility(total, cost)) for cost in costs]
    return UtilityCurve(
        costs=tuple(costs),
        wrong_cost=wrong_cost,
        utility=tuple(row[0] for row in found),
        oracle=tuple(value if np.isfinite(value) else None for value in best),
        regret_oracle=tuple(row[1] for row in found),
        regret_own_stop=tuple(row[2] for row in found),
    )


def ask_curve(episodes: Sequence[Episode], *, bins: int = 10) -> LogisticCurve:
    """P(ask | evidence): logistic fit over all turns whose evidence is known, twins' among them.

    The psychometric function of asking. A model that knows when to ask has a steep negative slope
    and its threshold where pictures begin to suffice. Turns after the first are seen only of
    episodes that asked before.
    """
    return _curve(
        episodes,
        lambda turn: turn.evidence is not None,
        lambda turn: turn.asked,
        "all turns whose evidence is known",
        bins,
    )


def accuracy_curve(episodes: Sequence[Episode], *, bins: int = 10) -> LogisticCurve:
    """P(right | evidence): logistic fit over turns that answered with a category.

    The model chose when to answer. What it would have answered where it asked needs probes without
    suggestions, such as runs under a reference protocol: pass their episodes and the curve is free
    of that choice.
    """
    return _curve(
        episodes,
        lambda turn: turn.evidence is not None and _answer(turn) is not None,
        lambda turn: bool(_answer(turn)),
        "turns that answered: the model chose which, so this is no probe of what it can see",
        bins,
    )


def _answer(turn: Turn) -> bool | None:
    """Whether the chosen category is accepted; None where no category was chosen."""
    if turn.choice is None or turn.options[turn.choice].kind is not OptionKind.CATEGORY:
        return None
    return turn.options[turn.choice].valid


def _curve(
    episodes: Sequence[Episode],
    counts: Callable[[Turn], bool],
    event: Callable[[Turn], bool],
    note: str,
    bins: int,
) -> LogisticCurve:
    table = episode_table(episodes)
    chosen = [
        (turn.evidence, event(turn), table.cluster[row])
        for row, episode in enumerate(episodes)
        if table.played[row]
        for turn in episode.turns
        if counts(turn)
    ]
    evidence = np.array([row[0] for row in chosen], dtype=np.float64)
    events = np.array([row[1] for row in chosen], dtype=np.bool_)
    cluster = np.array([row[2] for row in chosen], dtype=np.int64)
    fit = fit_logistic(evidence, events, cluster) if chosen else None
    turns, clusters = len(chosen), len(np.unique(cluster))
    return LogisticCurve(
        evidence=tuple(GRID.tolist()),
        fitted=_fitted(fit, turns, clusters),
        points=_points(evidence, events, bins),
        threshold=_threshold(fit, evidence, events, turns, clusters),
        slope=_slope(fit, turns, clusters),
        n=turns,
        clusters=clusters,
        note=note if fit else f"{note}; {_why_no_fit(evidence, events, cluster)}",
    )


def _fitted(fit: LogisticFit | None, turns: int, clusters: int) -> tuple[Estimate, ...]:
    if fit is None:
        return ()
    low, high = fit.band(GRID)
    rows = zip(fit.probability(GRID), low, high, strict=True)
    return tuple(
        Estimate(float(p), float(a), float(b), turns, clusters, SANDWICH) for p, a, b in rows
    )


def _threshold(
    fit: LogisticFit | None, evidence: Array, events: Flags, turns: int, clusters: int
) -> Estimate:
    """The fitted threshold, or where one evidence separates the events, the middle of the gap."""
    if fit is not None:
        low, high = fit.threshold_interval or (None, None)
        method = FIELLER if low is not None else "no interval: the slope may be zero"
        return Estimate(fit.threshold, low, high, turns, clusters, method)
    gap = _gap(evidence, events)
    if gap is None:
        return Estimate(None, None, None, turns, clusters, NO_FIT)
    return Estimate(sum(gap) / 2, None, None, turns, clusters, "middle of the separating gap")


def _gap(evidence: Array, events: Flags) -> Interval | None:
    """The gap in evidence between the turns with and without the event, None without one."""
    if events.all() or not events.any():
        return None
    yes, no = evidence[events], evidence[~events]
    for below, above in ((yes, no), (no, yes)):
        if below.max() < above.min():
            return float(below.max()), float(above.min())
    return None


def _slope(fit: LogisticFit | None, turns: int, clusters: int) -> Estimate:
    if fit is None:
        return Estimate(None, None, None, turns, clusters, NO_FIT)
    low, high = fit.slope_interval
    return Estimate(float(fit.coefficients[1]), low, high, turns, clusters, SANDWICH)


def _why_no_fit(evidence: Array, events: Flags, cluster: Codes) -> str:
    if not len(events):
        return "no such turn"
    if events.all() or not events.any():
        return "no fit: every turn went alike"
    if np.ptp(evidence) == 0:
        return "no fit: all turns show the same evidence"
    if len(np.unique(cluster)) < 2:
        return "no fit: one cluster only"
    return "no fit: some evidence separates the turns"


def _points(evidence: Array, events: Flags, bins: int) -> tuple[Point, ...]:
    """Observed shares in bins of equal width over [0, 1]; empty bins are left out."""
    places = np.minimum((evidence * bins).astype(np.int64), bins - 1)
    return tuple(
        Point(
            float(evidence[places == place].mean()),
            float(events[places == place].mean()),
            int((places == place).sum()),
        )
        for place in np.unique(places)
    )
