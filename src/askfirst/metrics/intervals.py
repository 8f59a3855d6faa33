"""95 % intervals. Which one is used where, and how well each covers: docs/measures.md."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from askfirst.metrics.table import Array

LEVEL = 0.95
UPPER = 1 - (1 - LEVEL) / 2
MOST_UNDEFINED = 0.05
"""Share of resamples without a value above which a bootstrap interval would be a guess."""

Interval = tuple[float, float]


def wilson(successes: int, n: int) -> Interval:
    """Wilson's score interval of a proportion (JASA 22, 1927), as shares in [0, 1]."""
    return _proportion(successes, n, "wilson")


def clopper_pearson(successes: int, n: int) -> Interval:
    """Clopper and Pearson's exact interval of a proportion (Biometrika 26, 1934)."""
    return _proportion(successes, n, "exact")


def _proportion(successes: int, n: int, method: Literal["wilson", "exact"]) -> Interval:
    # scipy.stats takes long to import, and only those who measure should wait for it.
    from scipy.stats import binomtest  # noqa: PLC0415

    ends = binomtest(successes, n).proportion_ci(LEVEL, method=method)
    return float(ends.low), float(ends.high)


def bootstrap_interval(
    value: float, replicates: Array, influence: Array, freedom: float
) -> Interval | None:
    """Bootstrap interval for few clusters: at each end the farther of two.

    The first is the bias-corrected and accelerated interval (Efron, "Better bootstrap confidence
    intervals", JASA 82, 1987) whose normal quantiles ±1.96 are replaced by those of t with
    `freedom` degrees of freedom (in the manner of Hesterberg, "What teachers should know about the
    bootstrap", The American Statistician 69, 2015). The second is value ± t · bootstrap standard
    error. With few clusters the first covers too little for differences and the second for
    proportions near 0 or 1 (measured in benchmarks/coverage.py).

    Args:
        value: The estimate.
        replicates: The estimate in each resample; nan where it is undefined.
        influence: What leaving out each cluster takes from the estimate, up to a constant factor.
        freedom: Degrees of freedom, for one group the number of clusters − 1.

    Returns:
        None where too many resamples are undefined, or all are alike.
    """
    defined = replicates[np.isfinite(replicates)]
    if len(defined) < (1 - MOST_UNDEFINED) * len(replicates) or freedom <= 0:
        return None
    if np.ptp(defined) <= 1e-12 * max(1.0, abs(value)):
        return None
    below = (np.mean(defined < value) + np.mean(defined <= value)) / 2
    bias = ndtri(np.clip(below, 0.5 / len(defined), 1 - 0.5 / len(defined)))
    spread = float(np.sum(influence**2))
    acceleration = float(np.sum(influence**3)) / (6 * spread**1.5) if spread > 0 else 0.0
    quantile = float(stdtrit(freedom, UPPER))
    reach = bias + np.array([-quantile, quantile])
    low, high = np.quantile(defined, ndtr(bias + reach / (1 - acceleration * reach)))
    error = float(np.std(defined))
    return float(min(low, value - quantile * error)), float(max(high, value + quantile * error))


def within(interval: Interval, span: Interval) -> Interval:
    """An interval cut to the values that are possible."""
    return max(interval[0], span[0]), min(interval[1], span[1])


def satterthwaite(variances: Sequence[float], freedoms: Sequence[float]) -> float:
    """Degrees of freedom of a sum of independent variances (Biometrics Bulletin 2, 1946)."""
    bottom = sum(v**2 / f for v, f in zip(variances, freedoms, strict=True) if f > 0)
    return float(sum(variances) ** 2 / bottom) if bottom > 0 else 0.0


def mean_of_intervals(values: Sequence[float], intervals: Sequence[Interval]) -> Interval:
    """Interval of the mean of independent estimates from the interval of each.

    The distances to the lower ends are added as standard errors are, likewise to the upper ends
    (MOVER; Zou and Donner, Statistics in Medicine 27, 2008). Unlike a bootstrap it keeps the
    uncertainty of a scenario in which every episode went alike.
    """
    middle, count = float(np.mean(values)), len(values)
    down = sum((v - low) ** 2 for v, (low, _) in zip(values, intervals, strict=True))
    up = sum((high - v) ** 2 for v, (_, high) in zip(values, intervals, strict=True))
    return middle - float(np.sqrt(down)) / count, middle + float(np.sqrt(up)) / count
