"""From the sums of a group to a value with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from askfirst.metrics.definition import Measure
from askfirst.metrics.estimate import Estimate
from askfirst.metrics.group import Group
from askfirst.metrics.intervals import (
    Interval,
    bootstrap_interval,
    clopper_pearson,
    mean_of_intervals,
    satterthwaite,
    wilson,
    within,
)
from askfirst.metrics.table import Array, Flags

BOOTSTRAP = "cluster bootstrap"
WILSON = "Wilson"
CLOPPER_PEARSON = "Clopper–Pearson on clusters"
MOVER = "MOVER from the scenarios' intervals"
UNDEFINED = "undefined"
NO_INTERVAL = "no interval: no variation between clusters, or too few of them"


@dataclass(frozen=True, slots=True)
class Part:
    """One measure of one group, with what a mean over groups needs.

    Attributes:
        estimate: Value and interval.
        replicates: Value in each resample, shape (resamples,).
        influence: What leaving out each cluster takes from the value, shape (clusters,).
        freedom: Degrees of freedom: contributing clusters − 1.
    """

    estimate: Estimate
    replicates: Array
    influence: Array
    freedom: int


def estimate_part(measure: Measure, group: Group) -> Part:
    """Estimate one measure of one group."""
    counts = np.stack([group.clusters[name] for name in measure.of])
    contributing = np.any(counts > 0, axis=0)
    value = float(measure.value(group.clusters.total)) if len(contributing) else np.nan
    left_out = measure.value(group.clusters.without_one) if len(contributing) else np.zeros(0)
    part = Part(
        estimate=Estimate(
            value=value if np.isfinite(value) else None,
            low=None,
            high=None,
            n=round(float(counts.sum())),
            clusters=int(contributing.sum()),
            method=NO_INTERVAL if np.isfinite(value) else UNDEFINED,
        ),
        replicates=measure.value(group.resamples),
        influence=np.where(np.isfinite(left_out), value - left_out, 0.0),
        freedom=int(contributing.sum()) - 1,
    )
    return replace(part, estimate=_with_interval(measure, group, part, contributing))


def _with_interval(measure: Measure, group: Group, part: Part, contributing: Flags) -> Estimate:
    estimate = part.estimate
    if estimate.value is None:
        return estimate
    if measure.share is not None:
        found, method = _proportion(measure, group, contributing)
        if found is not None:
            return replace(estimate, low=100 * found[0], high=100 * found[1], method=method)
    drawn = bootstrap_interval(estimate.value, part.replicates, part.influence, part.freedom)
    if drawn is None:
        return estimate
    low, high = within(drawn, measure.span)
    return replace(estimate, low=low, high=high, method=BOOTSTRAP)


def _proportion(measure: Measure, group: Group, contributing: Flags) -> tuple[Interval | None, str]:
    """Interval of a plain proportion, where the bootstrap is not the one to take."""
    assert measure.share is not None
    hits = group.clusters[measure.share][contributing]
    trials = group.clusters[measure.of[0]][contributing]
    if np.all(trials == 1):
        return wilson(round(hits.sum()), len(trials)), WILSON
    if np.all(hits == 0) or np.all(hits == trials):
        # How much episodes of one cluster are alike cannot be seen where all of them are: each
        # cluster counts once, which errs on the wide side.
        return clopper_pearson(len(hits) if hits[0] else 0, len(hits)), CLOPPER_PEARSON
    return None, ""


def estimate_macro(measure: Measure, groups: Mapping[str, Group]) -> Estimate:
    """The unweighted mean of a measure over the scenarios to which it could apply.

    It is undefined where the measure could apply to a scenario but has no value there: a mean over
    the others would compare different things from model to model.
    """
    parts = [
        estimate_part(measure, group)
        for group in groups.values()
        if group.clusters.total[measure.applies] > 0
    ]
    values = [part.estimate.value for part in parts]
    known = [value for value in values if value is not None]
    mean = Estimate(
        value=float(np.mean(known)) if known and len(known) == len(values) else None,
        low=None,
        high=None,
        n=sum(part.estimate.n for part in parts),
        clusters=sum(part.estimate.clusters for part in parts),
        method=NO_INTERVAL if known and len(known) == len(values) else UNDEFINED,
    )
    return mean if mean.value is None else _with_macro_interval(measure, mean, parts)


def _with_macro_interval(measure: Measure, mean: Estimate, parts: list[Part]) -> Estimate:
    ends = [_ends(part.estimate) for part in parts]
    inner = [interval for interval in ends if interval is not None]
    certain = any(part.estimate.method == CLOPPER_PEARSON for part in parts)
    if certain and len(inner) == len(parts):
        # In a resample a scenario in which all went alike never varies; its interval knows better.
        low, high = mean_of_intervals([p.estimate.value or 0.0 for p in parts], inner)
        return replace(mean, low=low, high=high, method=MOVER)
    assert mean.value is not None
    replicates = np.mean([part.replicates for part in parts], axis=0)
    variances = [float(np.nanvar(part.replicates)) for part in parts]
    freedom = satterthwaite(variances, [part.freedom for part in parts])
    influence = np.concatenate([part.influence for part in parts]) / len(parts)
    drawn = bootstrap_interval(mean.value, replicates, influence, freedom)
    if drawn is None:
        return mean
    low, high = within(drawn, measure.span)
    return replace(mean, low=low, high=high, method=BOOTSTRAP)


def _ends(estimate: Estimate) -> Interval | None:
    if estimate.low is None or estimate.high is None:
        return None
    return estimate.low, estimate.high
