"""All numbers of a report: every measure of every model over every scope, and the curves."""

from collections.abc import Mapping
from dataclasses import dataclass

from askfirst.metrics.curves import (
    LogisticCurve,
    UtilityCurve,
    accuracy_curve,
    ask_curve,
    utility_curve,
)
from askfirst.metrics.estimate import Estimate
from askfirst.metrics.measures import MEASURES, Measure
from askfirst.metrics.run_measures import ModelMeasures, RunMeasures, model_measures
from askfirst.protocol.episode import Episode
from askfirst.report.progress import Progress, silent
from askfirst.report.runs import Run

MACRO, MICRO = "macro", "micro"
"""Scopes beside the scenarios: the unweighted mean over them, and all episodes pooled."""


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of one model over one scope."""

    utility: UtilityCurve
    ask: LogisticCurve
    right: LogisticCurve


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a report.

    Attributes:
        run: What they are about.
        measures: Every measure by model and scope.
    """

    run: Run
    measures: RunMeasures

    @property
    def scopes(self) -> tuple[str, ...]:
        """`macro`, `micro`, then the scenarios."""
        return (MACRO, MICRO, *self.run.scenarios)

    @property
    def defined(self) -> tuple[Measure, ...]:
        """The measures that have a value for some model in some scope."""
        return tuple(
            measure
            for measure in MEASURES
            if any(
                estimate.value is not None
                for model in self.measures.models.values()
                for scope in (model.micro, *model.scenarios.values())
                if (estimate := scope.get(measure.key)) is not None
            )
        )

    def estimates(self, scope: str, model: str) -> Mapping[str, Estimate]:
        """The measures of a model over a scope by key; empty if it did not play the scenario."""
        found = self.measures.models[model]
        return of_scope(found, scope)


def described(measure: Measure) -> dict[str, str]:
    """What is to be told of a measure: key, title, unit, which end is better, and its meaning."""
    return {
        "key": measure.key,
        "title": measure.title,
        "unit": measure.unit,
        "better": measure.better,
        "explains": measure.explains,
    }


def of_scope(found: ModelMeasures, scope: str) -> Mapping[str, Estimate]:
    """The measures of one scope by key; empty where there are none."""
    if scope == MACRO:
        return found.macro
    return found.micro if scope == MICRO else found.scenarios.get(scope, {})


def summarise(run: Run, resamples: int, seed: int, progress: Progress = silent) -> Summary:
    """Measure every model of a run.

    Args:
        run: The episodes.
        resamples: Number of bootstrap resamples.
        seed: Seed of the bootstrap.
        progress: Told of every model.
    """
    models: dict[str, ModelMeasures] = {}
    for done, model in enumerate(run.models, start=1):
        models[model] = model_measures(run.groups(model), resamples=resamples, seed=seed)
        progress("Measures", done, len(run.models))
    return Summary(run, RunMeasures(models))


def curves(
    run: Run, resamples: int, seed: int, progress: Progress = silent
) -> dict[str, dict[str, Curves]]:
    """The curves by scope (`micro` and the scenarios) and model; arguments as for `summarise`."""
    by_scope: dict[str, dict[str, Curves]] = {scope: {} for scope in (MICRO, *run.scenarios)}
    for done, model in enumerate(run.models, start=1):
        groups = run.groups(model)
        by_scope[MICRO][model] = _curves([e for g in groups.values() for e in g], resamples, seed)
        for key, group in groups.items():
            by_scope[key][model] = _curves(group, resamples, seed)
        progress("Curves", done, len(run.models))
    return by_scope


def _curves(episodes: list[Episode], resamples: int, seed: int) -> Curves:
    return Curves(
        utility=utility_curve(episodes, resamples=resamples, seed=seed),
        ask=ask_curve(episodes),
        right=accuracy_curve(episodes),
    )
