"""The measures of a whole run: by scenario, macro (mean of scenarios) and micro (pooled)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from askfirst.metrics.estimate import Estimate
from askfirst.protocol.episode import Episode


@dataclass(frozen=True, slots=True)
class ModelMeasures:
    """The measures of one model, by measure key.

    Attributes:
        scenarios: By scenario, then by measure key.
        macro: Unweighted means over the scenarios.
        micro: All episodes pooled.
        errors: Number of episodes by scenario that an error ended; they count in no measure.
    """

    scenarios: Mapping[str, Mapping[str, Estimate]]
    macro: Mapping[str, Estimate]
    micro: Mapping[str, Estimate]
    errors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunMeasures:
    """The measures of every model of a run.

    Attributes:
        models: By model name.
    """

    models: Mapping[str, ModelMeasures]


def run_measures(
    groups: Mapping[str, Mapping[str, Sequence[Episode]]],
    *,
    resamples: int = 10_000,
    seed: int = 0,
) -> RunMeasures:
    """Measure a run: episodes (twins among them) by model and scenario."""
    raise NotImplementedError
