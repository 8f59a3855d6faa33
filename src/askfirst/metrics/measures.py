"""All measures of a group of episodes, each with its interval."""

from collections.abc import Sequence

from askfirst.metrics.answer_measures import ANSWER_MEASURES
from askfirst.metrics.asking_measures import ASKING_MEASURES
from askfirst.metrics.definition import Measure
from askfirst.metrics.estimate import Estimate
from askfirst.metrics.estimation import estimate_part
from askfirst.metrics.group import RESAMPLES, group_of
from askfirst.metrics.outcome_measures import OUTCOME_MEASURES
from askfirst.metrics.parsing_measures import PARSING_MEASURES
from askfirst.metrics.utility_measures import utility_measures
from askfirst.protocol.episode import Episode

__all__ = ["MEASURES", "MEASURE_BY_KEY", "Measure", "measure"]

MEASURES: tuple[Measure, ...] = (
    *OUTCOME_MEASURES,
    *ASKING_MEASURES,
    *ANSWER_MEASURES,
    *utility_measures(),
    *PARSING_MEASURES,
)
"""Every measure, in the order in which they are shown; docs/measures.md explains each."""

MEASURE_BY_KEY: dict[str, Measure] = {measure.key: measure for measure in MEASURES}
"""The same, by key."""


def measure(
    episodes: Sequence[Episode], *, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Estimate]:
    """Every measure of the episodes of one model and one group.

    Args:
        episodes: Twins among them; those that an error ended count in no measure but the outcomes.
        resamples: Number of bootstrap resamples.
        seed: Seed of the resamples; the same episodes and seed give the same intervals.

    Returns:
        By measure key, in the order of `MEASURES`; a measure that is undefined has value None.
    """
    group = group_of(episodes, resamples, seed)
    return {entry.key: estimate_part(entry, group).estimate for entry in MEASURES}
