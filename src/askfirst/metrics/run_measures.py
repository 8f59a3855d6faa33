"""The measures of a whole run: by scenario, macro (mean of scenarios) and micro (pooled)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from askfirst.metrics.estimate import Estimate
from askfirst.metrics.estimation import estimate_macro, estimate_part
from askfirst.metrics.group import RESAMPLES, groups_of, pooled
from askfirst.metrics.measures import MEASURES
from askfirst.protocol.episode import Episode


@dataclass(frozen=True, slots=True)
class ModelMeasures:
    """The measures of one model, by measure key.

    Attributes:
        scenarios: By scenario, then by measure key.
        macro: Unweighted means over the scenarios to which a measure applies.
        micro: All episodes pooled, so that a scenario counts by its number of episodes.
        errors: Number of episodes by scenario that an error ended; they count in no measure but
            the outcomes.
    """

    scenarios: Mapping[str, Mapping[str, Estimate]]
    macro: Mapping[str, Estimate]
    micro: Mapping[str, Estimate]
    errors: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """All measures as one JSON object."""
        return {
            "scenarios": {key: _to_json(group) for key, group in self.scenarios.items()},
            "macro": _to_json(self.macro),
            "micro": _to_json(self.micro),
            "errors": dict(self.errors),
        }


@dataclass(frozen=True, slots=True)
class RunMeasures:
    """The measures of every model of a run.

    Attributes:
        models: By model name.
    """

    models: Mapping[str, ModelMeasures]


def model_measures(
    scenarios: Mapping[str, Sequence[Episode]], *, resamples: int = RESAMPLES, seed: int = 0
) -> ModelMeasures:
    """Measure one model: episodes (twins among them) by scenario, at least one scenario.

    Clusters are drawn within each scenario, for all three kinds of numbers alike.
    """
    groups = groups_of(scenarios, resamples, seed)
    whole = pooled(list(groups.values()))
    return ModelMeasures(
        scenarios={
            key: {entry.key: estimate_part(entry, group).estimate for entry in MEASURES}
            for key, group in groups.items()
        },
        macro={entry.key: estimate_macro(entry, groups) for entry in MEASURES},
        micro={entry.key: estimate_part(entry, whole).estimate for entry in MEASURES},
        errors={key: sum(e.failed for e in episodes) for key, episodes in scenarios.items()},
    )


def run_measures(
    groups: Mapping[str, Mapping[str, Sequence[Episode]]],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> RunMeasures:
    """Measure a run: episodes (twins among them) by model and scenario."""
    return RunMeasures(
        {
            model: model_measures(scenarios, resamples=resamples, seed=seed)
            for model, scenarios in groups.items()
        }
    )


def _to_json(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {key: estimate.to_json() for key, estimate in estimates.items()}
