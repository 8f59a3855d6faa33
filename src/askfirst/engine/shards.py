"""A run over several workers: shares are dealt, episodes come back, lost workers are replaced.

The run's own process keeps the folder, its lock and the one journal; a worker plays and writes
nothing but logs. What a worker finishes it hands over at once, so that losing it costs only the
episodes that it was in the middle of. They are played again.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from askfirst.engine.crew import Crew, Event, Finished, Free, Lost
from askfirst.engine.crew_processes import ProcessCrew
from askfirst.engine.journal import Key
from askfirst.engine.shard_worker import Job
from askfirst.engine.shares import Deck, Share, Unit
from askfirst.engine.store import Recorder
from askfirst.errors import RunError

PATIENCE = 2
"""Workers that may be lost, beyond as many as there are, with no episode finished in between.

All may go at once, with their machine. If more go one after another, it is for what they play.
"""


@dataclass(frozen=True, slots=True)
class Shards:
    """How a run is spread.

    Attributes:
        workers: Number of workers. None, with Ray only: one for each GPU of the cluster, or for
            each CPU if it has none.
        ray: Address of a Ray cluster, or `local`; None means processes of this machine.
        gpus_per_worker: GPUs for each worker alone; None means one if there are any.
    """

    workers: int | None
    ray: str | None = None
    gpus_per_worker: float | None = None


@dataclass(frozen=True, slots=True)
class CrewState:
    """How a crew is doing.

    Attributes:
        ready: Number of workers that have started and are not lost.
        size: Number of workers that there are to be.
        notice: What is worth a line, such as the loss of a worker; None most of the time.
    """

    ready: int
    size: int
    notice: str | None = None


Watcher = Callable[[CrewState], None]


def play_shards(
    shards: Shards,
    job: Job,
    units: list[Unit],
    recorded: Recorder,
    watch: Watcher | None = None,
) -> None:
    """Play samples with as many workers as are asked for.

    Args:
        shards: How many, and where.
        job: What all of them must know.
        units: What is to be played; there must be something.
        recorded: Called with every episode, the moment that it arrives.
        watch: Called when workers come and go.

    Raises:
        RunError: Workers cannot start, cannot play, or are lost again and again.
    """
    with closing(_crew(shards, job, len(units))) as crew:
        _Dealer(crew, Deck(units, crew.size), recorded, watch).deal_out()


def _crew(shards: Shards, job: Job, most: int) -> Crew:
    if shards.ray is None:
        return ProcessCrew(job, min(shards.workers or 1, most), shards.gpus_per_worker)
    from askfirst.engine.crew_ray import RayCrew  # noqa: PLC0415  # an extra

    return RayCrew(job, shards.ray, shards.workers, most, shards.gpus_per_worker)


@dataclass(slots=True)
class _Hand:
    """A share in a worker's hands, and what of it is still to come."""

    share: Share
    awaited: set[Key]


class _Dealer:
    """Deals shares to whoever is free until everything is played."""

    def __init__(self, crew: Crew, deck: Deck, recorded: Recorder, watch: Watcher | None) -> None:
        self._crew = crew
        self._deck = deck
        self._recorded = recorded
        self._watch = watch
        self._hands: dict[int, _Hand] = {}
        self._free: list[int] = []
        self._ready: set[int] = set()
        self._fruitless = 0

    def deal_out(self) -> None:
        for worker in range(self._crew.size):
            self._crew.start(worker)
        self._tell()
        while self._deck or self._hands:
            for event in self._crew.wait():
                self._take(event)
            while self._free and (share := self._deck.deal()):
                worker = self._free.pop()
                self._hands[worker] = _Hand(share, set(share.keys))
                self._crew.give(worker, share)

    def _take(self, event: Event) -> None:
        match event:
            case Finished(worker, episodes):
                self._fruitless = 0
                for episode in episodes:
                    self._hands[worker].awaited.discard(episode.key)
                    self._recorded(episode)
            case Free(worker):
                if left := self._put_back(worker):
                    self._bear(worker, "ended early", left)
                self._free.append(worker)
                if worker not in self._ready:
                    self._ready.add(worker)
                    self._tell()
            case Lost(worker, reason):
                left = self._put_back(worker)
                self._ready.discard(worker)
                self._free = [other for other in self._free if other != worker]
                self._bear(worker, reason, left)
                if self._deck:
                    self._crew.start(worker)

    def _put_back(self, worker: int) -> int:
        """Take a worker's share back; the number of episodes that it did not finish."""
        hand = self._hands.pop(worker, None)
        if hand is None:
            return 0
        self._deck.put_back(hand.share, hand.awaited)
        return len(hand.awaited)

    def _bear(self, worker: int, reason: str, left: int) -> None:
        """Note a loss, or end the run if there were too many."""
        self._fruitless += 1
        if self._fruitless >= self._crew.size + PATIENCE:
            missing = len(self._deck) + sum(len(hand.awaited) for hand in self._hands.values())
            raise RunError(
                f"{self._fruitless} workers were lost one after another and finished nothing (the "
                f"last one: {reason}); {missing} episodes are missing: run the same command again "
                f"to play them"
            )
        self._tell(f"Worker {worker} was lost ({reason}); what it left is dealt again: {left}")

    def _tell(self, notice: str | None = None) -> None:
        if self._watch:
            self._watch(CrewState(len(self._ready), self._crew.size, notice))
