"""Counts of episodes, summed by cluster: all that any measure needs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from askfirst.metrics.table import Array, Codes


@dataclass(frozen=True, slots=True)
class Sums:
    """Named sums over episodes.

    Attributes:
        values: Shape (…, columns): one row of sums for each cluster, resample or total.
        places: Where the columns of a name stand; a name may have a block of several.
    """

    values: Array
    places: Mapping[str, slice]

    def __getitem__(self, name: str) -> Array:
        """The sums of one column, shape (…)."""
        return np.asarray(self.values[..., self.places[name].start], dtype=np.float64)

    def block(self, name: str) -> Array:
        """The sums of a block of columns, shape (…, columns of the block)."""
        return np.asarray(self.values[..., self.places[name]], dtype=np.float64)

    def over(self, values: Array) -> "Sums":
        """The same columns with other rows."""
        return Sums(values, self.places)

    @property
    def total(self) -> "Sums":
        """The sums over all rows, shape (columns,)."""
        return self.over(self.values.sum(axis=0))

    @property
    def without_one(self) -> "Sums":
        """The totals with each row left out in turn, same shape (jackknife)."""
        return self.over(self.values.sum(axis=0) - self.values)


def sum_by_cluster(columns: Mapping[str, Array], cluster: Codes, clusters: int) -> Sums:
    """Sum columns of shape (episodes,) or (episodes, k) over the episodes of each cluster."""
    widths = {name: 1 if column.ndim == 1 else column.shape[1] for name, column in columns.items()}
    ends = np.cumsum([0, *widths.values()])
    places = {name: slice(int(ends[i]), int(ends[i + 1])) for i, name in enumerate(widths)}
    values = np.zeros((clusters, int(ends[-1])))
    if len(cluster):
        rows = np.column_stack([np.asarray(c, dtype=np.float64) for c in columns.values()])
        np.add.at(values, cluster, rows)
    return Sums(values, places)
