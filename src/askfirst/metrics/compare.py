"""Two models on the same samples: paired differences, and what can be concluded from them.

Both models played the same samples, so that in each resample the same clusters are drawn for both.
The standard error of a difference is its standard deviation over the resamples; interval and
p-value are those of Student's t with (clusters − 1) degrees of freedom, so that they always agree.
Over the scenarios p-values are adjusted by Benjamini and Hochberg ("Controlling the false discovery
rate", JRSS B 57, 1995). The smallest difference that would have been found with a power of 80 % is
(t₀.₉₇₅ + t₀.₈₀) · standard error (Bloom, "Minimum detectable effects", Evaluation Review 19, 1995).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from askfirst.errors import AskFirstError
from askfirst.metrics.conclusion import conclusion
from askfirst.metrics.definition import Measure
from askfirst.metrics.difference import MACRO, Difference
from askfirst.metrics.estimate import Estimate
from askfirst.metrics.group import RESAMPLES, Group, groups_of
from askfirst.metrics.intervals import UPPER, satterthwaite, within
from askfirst.metrics.measures import MEASURE_BY_KEY
from askfirst.metrics.table import Array
from askfirst.protocol.episode import Episode

COMPARED: tuple[str, ...] = (
    "acc",
    "psr",
    "ask_recall",
    "false_ask_rate",
    "informedness",
    "pair_consistency",
    "efficiency",
    "utility",
    "parse_rate",
)
"""Keys of the measures that are compared where no others are named."""

POWER = 0.8
"""Power to which the smallest detectable difference refers."""

PAIRED_T = "paired cluster bootstrap, Student's t"
NO_VARIATION = "no interval: the difference does not vary between clusters; p of a sign-flip test"
UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of two models.

    Attributes:
        rows: By measure, then by scenario, the macro average last.
        paired: Number of samples that both played without an error.
        left_out: Number of samples that only one of them played, or that an error ended.
        sentence: What can and what cannot be concluded.
    """

    rows: tuple[Difference, ...]
    paired: int
    left_out: int
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        return {
            "paired": self.paired,
            "left_out": self.left_out,
            "sentence": self.sentence,
            "differences": [row.to_json() for row in self.rows],
        }


def compare(
    a: Mapping[str, Sequence[Episode]],
    b: Mapping[str, Sequence[Episode]],
    *,
    keys: Sequence[str] = COMPARED,
    names: tuple[str, str] = ("A", "B"),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Compare two models' episodes, twins among them, by scenario.

    Args:
        keys: Measures to compare.
        names: What to call the models in the sentence.
        resamples, seed: As in `measures.measure`.

    Raises:
        AskFirstError: No sample was played by both, or one was played as two different things.
    """
    shared = _same_samples(a, b)
    paired = sum(len(ours) for ours, _ in shared.values())
    if not paired:
        raise AskFirstError("nothing to compare: no sample was played by both without an error")
    ours = groups_of({key: pair[0] for key, pair in shared.items()}, resamples, seed)
    theirs = groups_of({key: pair[1] for key, pair in shared.items()}, resamples, seed)
    rows = [row for key in keys for row in _differences(MEASURE_BY_KEY[key], ours, theirs)]
    everything = len(_keys(a.values()) | _keys(b.values()))
    return Comparison(tuple(rows), paired, everything - paired, conclusion(rows, names))


def _keys(groups: Iterable[Sequence[Episode]]) -> set[tuple[str, int]]:
    return {(episode.scenario, episode.sample) for group in groups for episode in group}


def _same_samples(
    a: Mapping[str, Sequence[Episode]], b: Mapping[str, Sequence[Episode]]
) -> dict[str, tuple[list[Episode], list[Episode]]]:
    """By scenario the episodes that both played without an error, in the same order."""
    shared = {}
    for key in a:
        theirs = {episode.sample: episode for episode in b.get(key, ()) if not episode.failed}
        pairs = [(e, theirs[e.sample]) for e in a[key] if not e.failed and e.sample in theirs]
        for one, other in pairs:
            if _world(one) != _world(other):
                raise AskFirstError(
                    f"{key} sample {one.sample} is not the same in both runs: compare runs of one "
                    f"suite"
                )
        if pairs:
            shared[key] = ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    return shared


def _world(episode: Episode) -> tuple[object, ...]:
    """What must be the same for two episodes to be of the same sample."""
    return episode.answer, episode.cluster, episode.twin_of


@dataclass(frozen=True, slots=True)
class _Paired:
    """One measure of one group for both models; nan where undefined."""

    a: float
    b: float
    replicates: Array
    n: int
    clusters: int

    @property
    def error(self) -> float:
        """Standard error of the difference: its standard deviation over the resamples."""
        defined = self.replicates[np.isfinite(self.replicates)]
        return float(np.std(defined)) if len(defined) > len(self.replicates) / 2 else np.nan


def _differences(
    measure: Measure, ours: Mapping[str, Group], theirs: Mapping[str, Group]
) -> list[Difference]:
    pairs = {key: _paired(measure, ours[key], theirs[key]) for key in ours}
    rows = [_row(measure, key, pair, pair.clusters - 1) for key, pair in pairs.items()]
    rows = _adjusted(rows)
    applying = [
        pair for key, pair in pairs.items() if ours[key].clusters.total[measure.applies] > 0
    ]
    if applying:
        rows.append(_macro(measure, applying))
    return [row for row in rows if row.a is not None or row.b is not None]


def paired_difference(
    measure: Measure, ours: Group, theirs: Group, scenario: str = ""
) -> Difference:
    """The difference of one measure between two models' groups of the same samples.

    Args:
        ours, theirs: Groups whose clusters and resamples are the same, row by row.
    """
    pair = _paired(measure, ours, theirs)
    return _row(measure, scenario, pair, pair.clusters - 1)


def _paired(measure: Measure, ours: Group, theirs: Group) -> _Paired:
    counts = [np.stack([group.clusters[name] for name in measure.of]) for group in (ours, theirs)]
    return _Paired(
        a=float(measure.value(ours.clusters.total)),
        b=float(measure.value(theirs.clusters.total)),
        replicates=measure.value(theirs.resamples) - measure.value(ours.resamples),
        n=round(min(float(count.sum()) for count in counts)),
        clusters=int(np.any(np.concatenate(counts) > 0, axis=0).sum()),
    )


def _macro(measure: Measure, pairs: Sequence[_Paired]) -> Difference:
    """The difference of the unweighted means over the scenarios."""
    mean = _Paired(
        a=float(np.mean([pair.a for pair in pairs])),
        b=float(np.mean([pair.b for pair in pairs])),
        replicates=np.mean([pair.replicates for pair in pairs], axis=0),
        n=sum(pair.n for pair in pairs),
        clusters=sum(pair.clusters for pair in pairs),
    )
    freedom = satterthwaite(
        [pair.error**2 for pair in pairs], [pair.clusters - 1 for pair in pairs]
    )
    return _row(measure, MACRO, mean, freedom)


def _row(measure: Measure, scenario: str, pair: _Paired, freedom: float) -> Difference:
    value, error = pair.b - pair.a, pair.error
    row = Difference(
        key=measure.key,
        scenario=scenario,
        a=pair.a if np.isfinite(pair.a) else None,
        b=pair.b if np.isfinite(pair.b) else None,
        difference=Estimate(None, None, None, pair.n, pair.clusters, UNDEFINED),
        p=None,
        q=None,
        detectable=None,
    )
    if not np.isfinite(value):
        return row
    known = replace(row.difference, value=value, method=NO_VARIATION)
    if not np.isfinite(error) or error < 1e-12 or freedom <= 0:
        # Alike in every cluster: of all ways to flip the signs, two are as extreme as this one.
        flips = min(1.0, 2.0 ** (1 - pair.clusters)) if value and error < 1e-12 else None
        return replace(row, difference=known, p=flips)
    reach = float(stdtrit(freedom, UPPER))
    widest = measure.span[1] - measure.span[0]
    low, high = within((value - reach * error, value + reach * error), (-widest, widest))
    return replace(
        row,
        difference=replace(known, low=low, high=high, method=PAIRED_T),
        p=float(2 * stdtr(freedom, -abs(value) / error)),
        detectable=(reach + float(stdtrit(freedom, POWER))) * error,
    )


def _adjusted(rows: Sequence[Difference]) -> list[Difference]:
    """The rows with q-values over those that have a p-value."""
    # scipy.stats takes long to import, and only those who compare should wait for it.
    from scipy.stats import false_discovery_control  # noqa: PLC0415

    known = [row.p for row in rows if row.p is not None]
    adjusted = iter(false_discovery_control(known) if known else ())
    return [row if row.p is None else replace(row, q=float(next(adjusted))) for row in rows]
