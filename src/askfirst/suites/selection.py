"""Which samples of a suite are played."""

import random
from collections.abc import Mapping, Sequence

from askfirst.errors import RunError
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.twin import answerable_twin
from askfirst.suites.suite import Suite


def with_twins(selection: Mapping[str, tuple[Sample, ...]]) -> dict[str, tuple[Sample, ...]]:
    """A selection in which every sample that has an answerable twin is followed by it."""
    paired = {}
    for key, samples in selection.items():
        pairs = ((sample, answerable_twin(scenario(key), sample)) for sample in samples)
        paired[key] = tuple(s for pair in pairs for s in pair if s is not None)
    return paired


def select(
    suite: Suite, keys: Sequence[str] = (), limit: int | None = None, seed: int = 0
) -> dict[str, tuple[Sample, ...]]:
    """Choose scenarios and samples.

    Args:
        keys: Scenarios to play; none means all of the suite.
        limit: Most samples a scenario; None means all. Fewer are drawn at random, the same ones
            for the same seed, so that models are compared on equal terms.
        seed: Seed of that draw.

    Returns:
        Samples by scenario key, in stored order.

    Raises:
        UnknownName: A key is no scenario.
        RunError: The suite lacks a scenario, or nothing is left to play.
    """
    wanted = list(dict.fromkeys(scenario(key).key for key in keys)) or list(suite.samples)
    missing = [key for key in wanted if key not in suite.samples]
    if missing:
        raise RunError(
            f"suite {suite.manifest.name!r} has no scenario {', '.join(missing)}; "
            f"it has {', '.join(suite.samples)}"
        )
    chosen = {key: _draw(suite.samples[key], key, limit, seed) for key in wanted}
    if not any(chosen.values()):
        raise RunError("the selection is empty: no sample is left to play")
    return {key: group for key, group in chosen.items() if group}


def _draw(
    samples: tuple[Sample, ...], key: str, limit: int | None, seed: int
) -> tuple[Sample, ...]:
    if limit is None or limit >= len(samples):
        return samples
    drawn = random.Random(f"{seed}:{key}").sample(range(len(samples)), limit)
    return tuple(samples[index] for index in sorted(drawn))
