"""Shares: the parts of a run that are dealt to its workers.

Workers differ in speed, so a run is not cut into as many parts as there are workers: shares are
dealt one after another, large ones first, ever smaller ones towards the end, when the last worker
keeps all others waiting.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from askfirst.engine.journal import Key
from askfirst.engine.provenance import RunSpec
from askfirst.scenarios.sample import Sample

Unit = tuple[Key, ...]
"""What is never parted: a sample with its twin, so that a worker shows their pictures once."""

SMALLEST = 16
"""Units of the smallest share: handing one over costs about as much as playing a few samples."""


@dataclass(frozen=True, slots=True)
class Share:
    """Some samples for one worker, of all scenarios alike.

    Of one model only: a worker that holds a model in memory should not have to hold two.
    """

    units: tuple[Unit, ...]

    @property
    def keys(self) -> frozenset[Key]:
        """The episodes that are to be played."""
        return frozenset(key for unit in self.units for key in unit)

    @property
    def model(self) -> str:
        """The model that plays them."""
        return self.units[0][0][0]

    @property
    def samples(self) -> Mapping[str, frozenset[int]]:
        """Ids of the samples by scenario key."""
        by_scenario: dict[str, set[int]] = {}
        for _, scenario, sample in self.keys:
            by_scenario.setdefault(scenario, set()).add(sample)
        return {key: frozenset(ids) for key, ids in by_scenario.items()}


class Deck:
    """What is still to be dealt.

    Args:
        units: In the order in which they are dealt, model by model.
        workers: Number of workers that share them.
        smallest: Units of a share at the end; fewer if there is not even so much for everybody.
    """

    def __init__(self, units: Sequence[Unit], workers: int, smallest: int = SMALLEST) -> None:
        self._units = deque(units)
        self._workers = workers
        self._smallest = min(smallest, -(-len(units) // workers))

    def __len__(self) -> int:
        """Number of episodes."""
        return sum(len(unit) for unit in self._units)

    def deal(self) -> Share | None:
        """Take the next share off; None when nothing is left."""
        if not self._units:
            return None
        # Half of what is everybody's equal part of the rest: late and slow workers still find work.
        size = max(self._smallest, -(-len(self._units) // (2 * self._workers)))
        model = self._units[0][0][0]
        taken: list[Unit] = []
        while len(taken) < size and self._units and self._units[0][0][0] == model:
            taken.append(self._units.popleft())
        return Share(tuple(taken))

    def put_back(self, share: Share, unplayed: Collection[Key]) -> None:
        """Take back what of a share was not played; it is dealt last.

        Last, because what ended one worker may end the next one as well.
        """
        left = (tuple(key for key in unit if key in unplayed) for unit in share.units)
        self._units.extend(unit for unit in left if unit)


def units_to_play(spec: RunSpec, finished: Collection[Key]) -> list[Unit]:
    """What a run still has to play: model by model, scenarios evenly mixed.

    Args:
        finished: Episodes that need not be played again.
    """
    placed: list[tuple[float, Sequence[Sample], str]] = []
    for key, samples in spec.selection.items():
        pairs = _pairs(samples)
        placed += [((rank + 0.5) / len(pairs), pair, key) for rank, pair in enumerate(pairs)]
    placed.sort(key=lambda place: place[0])
    units = (
        tuple((model, key, sample.id) for sample in pair)
        for model in spec.models
        for _, pair, key in placed
    )
    missing = (tuple(key for key in unit if key not in finished) for unit in units)
    return [unit for unit in missing if unit]


def _pairs(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Samples in order, each beside its twin where it is followed by one."""
    pairs: list[list[Sample]] = []
    for sample in samples:
        if pairs and sample.twin_of is not None and sample.twin_of == pairs[-1][0].id:
            pairs[-1].append(sample)
        else:
            pairs.append([sample])
    return pairs
