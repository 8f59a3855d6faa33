"""Logistic regression of a yes-or-no on one number, with intervals that know of clusters."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, stdtrit

from askfirst.metrics.intervals import UPPER, Interval
from askfirst.metrics.table import Array, Codes, Flags

STEPS = 50
"""Most Newton steps; a fit that has not settled by then is none."""

SETTLED = 1e-10
"""Size of a Newton step at which the fit has settled."""

STEEPEST = 1e4
"""Slope beyond which the data are taken to be separated: no finite slope fits best."""


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """log odds = intercept + slope · x, fitted by maximum likelihood.

    Attributes:
        coefficients: Intercept and slope.
        covariance: Their covariance, shape (2, 2), robust against dependence within clusters.
        freedom: Degrees of freedom for intervals: clusters − 1.
    """

    coefficients: Array
    covariance: Array
    freedom: int

    def probability(self, x: Array) -> Array:
        """Fitted probabilities in [0, 1]."""
        return np.asarray(expit(_design(x) @ self.coefficients))

    def band(self, x: Array) -> tuple[Array, Array]:
        """Pointwise 95 % interval of the fitted probabilities: on log odds, then transformed."""
        design = _design(x)
        middle = design @ self.coefficients
        errors = np.sqrt(np.einsum("ij,jk,ik->i", design, self.covariance, design))
        reach = stdtrit(self.freedom, UPPER) * errors
        return np.asarray(expit(middle - reach)), np.asarray(expit(middle + reach))

    @property
    def threshold(self) -> float | None:
        """The x at which the fitted probability is one half: −intercept / slope; None if level."""
        intercept, slope = self.coefficients
        return float(-intercept / slope) if slope else None

    @property
    def threshold_interval(self) -> Interval | None:
        """Fieller's 95 % interval of the threshold; None where the slope may be zero.

        All x at which the log odds cannot be told from zero (Fieller, "Some problems in interval
        estimation", JRSS B 16, 1954).
        """
        a, b = self.coefficients
        t2 = float(stdtrit(self.freedom, UPPER)) ** 2
        (vaa, vab), (_, vbb) = self.covariance
        square, linear, constant = b * b - t2 * vbb, a * b - t2 * vab, a * a - t2 * vaa
        if square <= 0:
            return None
        # Never negative in theory where `square` is positive; rounding may take it below zero.
        root = np.sqrt(max(0.0, linear**2 - square * constant))
        return float((-linear - root) / square), float((-linear + root) / square)

    @property
    def slope_interval(self) -> Interval:
        """95 % interval of the slope."""
        reach = float(stdtrit(self.freedom, UPPER) * np.sqrt(self.covariance[1, 1]))
        slope = float(self.coefficients[1])
        return slope - reach, slope + reach


def fit_logistic(x: Array, event: Flags, cluster: Codes) -> LogisticFit | None:
    """Fit P(event | x) by Newton's method, with a cluster-robust covariance.

    The covariance is the sandwich of Liang and Zeger (Biometrika 73, 1986) with the factor
    G/(G − 1) · (n − 1)/(n − 2) for G clusters and n observations.

    Args:
        x, event, cluster: Arrays of shape (n,).

    Returns:
        None where there is no best fit: one cluster only, x or the event never varies, or some x
        separates the events.
    """
    clusters = np.unique(cluster)
    if len(clusters) < 2 or np.ptp(x) == 0 or event.all() or not event.any():
        return None
    design, coefficients = _design(x), np.zeros(2)
    for _ in range(STEPS):
        fitted = expit(design @ coefficients)
        information = (design * (fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.cond(information) > 1 / np.finfo(float).eps:
            return None
        step = np.linalg.solve(information, design.T @ (event - fitted))
        coefficients = coefficients + step
        if np.abs(coefficients).max() > STEEPEST:
            return None
        if np.abs(step).max() < SETTLED:
            return _robust(design, event, cluster, coefficients)
    return None


def _robust(design: Array, event: Flags, cluster: Codes, coefficients: Array) -> LogisticFit:
    fitted = expit(design @ coefficients)
    bread = np.linalg.inv((design * (fitted * (1 - fitted))[:, None]).T @ design)
    scores = np.zeros((int(cluster.max()) + 1, 2))
    np.add.at(scores, cluster, design * (event - fitted)[:, None])
    count, n = len(np.unique(cluster)), len(design)
    factor = count / (count - 1) * (n - 1) / max(n - 2, 1)
    return LogisticFit(coefficients, factor * bread @ (scores.T @ scores) @ bread, count - 1)


def _design(x: Array) -> Array:
    return np.column_stack([np.ones(len(x)), x])
