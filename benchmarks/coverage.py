"""Do 95 % intervals hold under clustered data? Truth is known here, so it can be counted.

    python benchmarks/coverage.py [--trials 2000] [--resamples 1000]

Each trial draws scenes; a scene has its own chance that the model asks on an insufficient picture,
its own chance that it asks on a twin, and 1 to 8 samples of each (beta-binomial, so that samples of
one scene are alike). Counted is how often each interval holds the true value:

- `naive`: percentile bootstrap of single episodes, as if they were independent;
- `percentile`: percentile bootstrap of clusters, as many drawn as there are;
- `askfirst`: what `askfirst.metrics` reports.

Statistics: a share (ask recall), a difference of shares (informedness J), the mean over four
scenarios (macro recall), and the paired difference of recall between two models.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from askfirst.metrics.compare import paired_difference
from askfirst.metrics.definition import Measure
from askfirst.metrics.estimate import Estimate
from askfirst.metrics.estimation import estimate_macro, estimate_part
from askfirst.metrics.group import Group
from askfirst.metrics.measures import MEASURE_BY_KEY
from askfirst.metrics.resample import resample
from askfirst.metrics.table import Array
from askfirst.metrics.tally import Sums

COLUMNS = ("insufficient", "insufficient_asked", "sufficient", "sufficient_asked", "known")
PLACES = {name: slice(place, place + 1) for place, name in enumerate(COLUMNS)}
RECALL, J = MEASURE_BY_KEY["ask_recall"], MEASURE_BY_KEY["informedness"]
SCENARIOS = 4  # of the macro average

Ends = tuple[float, float] | None


@dataclass(frozen=True)
class Case:
    """What is simulated: scenes, true recall and false-ask rate, intra-class correlation."""

    clusters: int
    recall: float
    false_asks: float
    correlation: float


CASES = [
    Case(clusters, recall, recall / 2, correlation)
    for clusters in (25, 42, 60)
    for recall in (0.2, 0.5, 0.85)
    for correlation in (0.1, 0.3)
]


def scenes(case: Case, rng: np.random.Generator) -> Sums:
    """Sums of one draw of scenes, one row a scene."""
    samples = rng.integers(1, 9, case.clusters)
    asked, falsely = (
        rng.binomial(samples, _chances(rate, case, rng)) for rate in (case.recall, case.false_asks)
    )
    rows = np.stack([samples, asked, samples, falsely, 2 * samples], axis=1)
    return Sums(rows.astype(float), PLACES)


def _chances(rate: float, case: Case, rng: np.random.Generator) -> Array:
    strength = (1 - case.correlation) / case.correlation
    return rng.beta(rate * strength, (1 - rate) * strength, case.clusters)


def pair_of_models(case: Case, rng: np.random.Generator) -> tuple[Sums, Sums]:
    """Two models on the same scenes; what makes a scene hard for one does so for the other."""
    first = scenes(case, rng)
    chances = _chances(case.recall, case, rng)
    samples = first["insufficient"].astype(int)
    rows = [first.values.copy(), first.values.copy()]
    for row in rows:
        own = 0.7 * chances + 0.3 * _chances(case.recall, case, rng)
        row[:, 1] = rng.binomial(samples, own)
    return first.over(rows[0]), first.over(rows[1])


def naive(statistic: str, sums: Sums, resamples: int, rng: np.random.Generator) -> Ends:
    """Percentile bootstrap of single episodes: hits among n drawn are binomial."""
    counts = sums.total
    shares = []
    for hits, trials in (
        ("insufficient_asked", "insufficient"),
        ("sufficient_asked", "sufficient"),
    ):
        n = int(counts[trials])
        shares.append(rng.binomial(n, counts[hits] / n, resamples) / n)
    drawn = 100 * shares[0] if statistic == "share" else shares[0] - shares[1]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def percentile(measure: Measure, sums: Sums, resamples: int, rng: np.random.Generator) -> Ends:
    """Percentile bootstrap of clusters, as many drawn as there are."""
    clusters = len(sums.values)
    drawn = rng.integers(clusters, size=(resamples, clusters))
    drawn += np.arange(resamples)[:, None] * clusters
    counts = np.bincount(drawn.ravel(), minlength=resamples * clusters).reshape(resamples, clusters)
    low, high = np.quantile(measure.value(sums.over(counts @ sums.values)), [0.025, 0.975])
    return float(low), float(high)


def ends(estimate: Estimate) -> Ends:
    """The interval of an estimate."""
    if estimate.low is None or estimate.high is None:
        return None
    return estimate.low, estimate.high


def trial(
    case: Case, resamples: int, rng: np.random.Generator
) -> Iterator[tuple[str, str, float, Ends]]:
    """Statistic, method, truth and interval of one draw of everything."""
    sums = scenes(case, rng)
    group = Group(sums, resample(sums, resamples, rng))
    for name, measure, truth in (
        ("share", RECALL, 100 * case.recall),
        ("J", J, case.recall - case.false_asks),
    ):
        yield name, "naive", truth, naive(name, sums, resamples, rng)
        yield name, "percentile", truth, percentile(measure, sums, resamples, rng)
        yield name, "askfirst", truth, ends(estimate_part(measure, group).estimate)
    groups = {}
    for number in range(SCENARIOS):
        part = scenes(case, rng)
        groups[str(number)] = Group(part, resample(part, resamples, rng))
    yield "macro", "askfirst", 100 * case.recall, ends(estimate_macro(RECALL, groups))
    seed = int(rng.integers(2**32))
    first, second = (
        Group(part, resample(part, resamples, np.random.default_rng(seed)))
        for part in pair_of_models(case, rng)
    )
    yield "paired", "askfirst", 0.0, ends(paired_difference(RECALL, first, second).difference)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    rng = np.random.default_rng(wanted.seed)
    columns = [(s, m) for s in ("share", "J") for m in ("naive", "percentile", "askfirst")]
    columns += [("macro", "askfirst"), ("paired", "askfirst")]
    print("| clusters | recall | ICC | " + " | ".join(f"{s} {m}" for s, m in columns) + " |")
    print("|" + "---|" * (3 + len(columns)))
    started = time.process_time()
    held: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case in CASES:
        hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for _ in range(wanted.trials):
            for statistic, method, truth, found in trial(case, wanted.resamples, rng):
                if found is not None:
                    hits[statistic, method].append(found[0] <= truth <= found[1])
        shares = [100 * float(np.mean(hits[column])) for column in columns]
        for column, value in zip(columns, shares, strict=True):
            held[column].append(value)
        cells = " | ".join(f"{value:.1f}" for value in shares)
        print(f"| {case.clusters} | {case.recall} | {case.correlation} | {cells} |", flush=True)
    means = " | ".join(f"{np.mean(held[column]):.1f}" for column in columns)
    print(f"| mean | | | {means} |")
    print(
        f"{wanted.trials} trials, {wanted.resamples} resamples, "
        f"{time.process_time() - started:.0f} s of processor time"
    )


if __name__ == "__main__":
    main()
