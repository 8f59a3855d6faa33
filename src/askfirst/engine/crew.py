"""A crew: some workers that play shares, wherever they are, and what may happen to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from askfirst.engine.shard_worker import Taken, Unable
from askfirst.engine.shares import Share
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode


@dataclass(frozen=True, slots=True)
class Free:
    """A worker waits for a share."""

    worker: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A worker has finished some episodes."""

    worker: int
    episodes: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A worker is no more: it was killed, or its machine is gone."""

    worker: int
    reason: str


Event = Free | Finished | Lost


class Crew(Protocol):
    """Workers with numbers from 0; each that is started reports as free when it is ready.

    Attributes:
        size: Number of workers.
    """

    size: int

    def start(self, worker: int) -> None:
        """Start a worker, for the first time or in the place of a lost one."""

    def give(self, worker: int, share: Share) -> None:
        """Hand a share to a worker that is free."""

    def wait(self) -> Iterable[Event]:
        """Wait until something happens.

        Raises:
            RunError: A worker cannot play at all.
        """

    def close(self) -> None:
        """End all workers, also those that are playing; once is enough."""


def event_of(worker: int, taken: Taken) -> Free | Finished:
    """What it means that a worker hands something out.

    Raises:
        RunError: It says that it cannot play.
    """
    if isinstance(taken, Unable):
        raise RunError(f"worker {worker} cannot play: {taken.reason}")
    return Finished(worker, taken) if taken else Free(worker)
