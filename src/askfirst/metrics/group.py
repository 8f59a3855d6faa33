"""A group of episodes as sums by cluster and by resample: what every estimate starts from."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from askfirst.metrics.answer_measures import answer_columns
from askfirst.metrics.asking_measures import asking_columns
from askfirst.metrics.outcome_measures import outcome_columns
from askfirst.metrics.parsing_measures import parsing_columns
from askfirst.metrics.resample import resample
from askfirst.metrics.table import Array, EpisodeTable, episode_table
from askfirst.metrics.tally import Sums, sum_by_cluster
from askfirst.metrics.utility_measures import ask_limits, utility_columns
from askfirst.protocol.episode import Episode

RESAMPLES = 10_000
"""Number of bootstrap resamples where no other is named."""


@dataclass(frozen=True, slots=True)
class Group:
    """Episodes of one model, summed.

    Attributes:
        clusters: Sums, one row a cluster.
        resamples: Sums, one row a resample of the clusters.
    """

    clusters: Sums
    resamples: Sums


def table_columns(table: EpisodeTable, limits: Array) -> dict[str, Array]:
    """Everything that any measure counts, by name."""
    return {
        **outcome_columns(table),
        **asking_columns(table),
        **answer_columns(table),
        **utility_columns(table, limits),
        **parsing_columns(table),
    }


def stream(seed: int, scenarios: Sequence[str]) -> np.random.Generator:
    """The generator of a group's resamples: of the seed and the scenarios, of nothing else."""
    return np.random.default_rng([seed, zlib.crc32("\n".join(sorted(scenarios)).encode())])


def group_of(episodes: Sequence[Episode], resamples: int, seed: int) -> Group:
    """The group of these episodes of one model, in which clusters are drawn freely."""
    table = episode_table(episodes)
    columns = table_columns(table, ask_limits([table]))
    sums = sum_by_cluster(columns, table.cluster, table.clusters)
    rng = stream(seed, [*{episode.scenario for episode in episodes}])
    return Group(sums, resample(sums, resamples, rng))


def groups_of(
    scenarios: Mapping[str, Sequence[Episode]], resamples: int, seed: int
) -> dict[str, Group]:
    """One group a scenario, with the same columns, so that they can be pooled."""
    tables = {key: episode_table(episodes) for key, episodes in scenarios.items()}
    limits = ask_limits(list(tables.values()))
    groups = {}
    for key, table in tables.items():
        sums = sum_by_cluster(table_columns(table, limits), table.cluster, table.clusters)
        groups[key] = Group(sums, resample(sums, resamples, stream(seed, [key])))
    return groups


def pooled(groups: Sequence[Group]) -> Group:
    """All episodes of several scenarios; clusters are drawn within each of them."""
    first = groups[0]
    rows = np.concatenate([group.clusters.values for group in groups])
    drawn = np.sum([group.resamples.values for group in groups], axis=0)
    return Group(first.clusters.over(rows), first.resamples.over(drawn))
