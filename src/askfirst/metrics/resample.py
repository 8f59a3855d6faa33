"""The cluster bootstrap: whole clusters are drawn with replacement, never single episodes."""

import numpy as np

from askfirst.metrics.table import Array
from askfirst.metrics.tally import Sums

CHUNK_CELLS = 2_000_000
"""Resampling weights that are held in memory at a time."""


def weights(resamples: int, clusters: int, rng: np.random.Generator) -> Array:
    """Weights of each cluster in each resample, shape (resamples, clusters).

    `clusters − 1` clusters are drawn, not `clusters`, and weighted up to the full number. With as
    many draws as clusters the variance comes out too small by (clusters − 1)/clusters (Rao and Wu,
    "Resampling inference with complex survey data", JASA 83, 1988).
    """
    draws = max(clusters - 1, 1)
    drawn = rng.integers(clusters, size=(resamples, draws))
    drawn += np.arange(resamples)[:, None] * clusters
    counts = np.bincount(drawn.ravel(), minlength=resamples * clusters)
    return counts.reshape(resamples, clusters).astype(np.float64) * (clusters / draws)


def resample(sums: Sums, resamples: int, rng: np.random.Generator) -> Sums:
    """The totals in each resample: `sums` has one row a cluster, the result one a resample."""
    clusters = len(sums.values)
    totals = np.zeros((resamples, sums.values.shape[1]))
    if clusters:
        step = max(1, CHUNK_CELLS // clusters)
        for start in range(0, resamples, step):
            size = min(step, resamples - start)
            totals[start : start + size] = weights(size, clusters, rng) @ sums.values
    return sums.over(totals)
