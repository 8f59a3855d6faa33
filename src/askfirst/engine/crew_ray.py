"""A crew of Ray actors, on a cluster that is there already or on this machine."""

import logging
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from askfirst.engine.crew import Event, Finished, Lost, event_of
from askfirst.engine.shard_worker import Job, Player
from askfirst.engine.shares import Share
from askfirst.errors import RunError, reason_of

# Ray would otherwise report its use to its makers from a cluster that is started here.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

try:  # not by `import`: an extra has no types where it is not installed
    ray: Any = import_module("ray")
    RayError: type[Exception] = import_module("ray.exceptions").RayError
except ImportError as missing:
    raise RunError('Ray is not installed: pip install "askfirst[ray]"') from missing

LOCAL = "local"
STORE_BYTES = 100_000_000
"""Object store of a local Ray: episodes are small."""

CONNECT_SECONDS = 10.0


class RayCrew:
    """Workers as Ray actors; where they run is for Ray to decide.

    Args:
        job: What they play.
        address: Of a cluster (`auto`, `HOST:PORT`, `ray://…`), or `local` to start Ray here.
        workers: Number of workers; None means one for each GPU, or else for each CPU.
        most: More workers than this would have nothing to do.
        gpus_per_worker: GPUs for each; None means one if the cluster has any.

    Raises:
        RunError: No such cluster, or one that no worker fits into.
    """

    def __init__(
        self,
        job: Job,
        address: str,
        workers: int | None,
        most: int,
        gpus_per_worker: float | None = None,
    ) -> None:
        self._job = job
        self._actors: dict[int, Any] = {}
        self._awaited: dict[Any, int] = {}
        self._ours = not ray.is_initialized()
        try:
            if self._ours:
                _connect(address, workers)
            resources = ray.cluster_resources()
            gpus = _gpus_per_worker(resources, gpus_per_worker)
            self.size = min(workers or _fitting(resources, gpus), most)
        except BaseException:
            self.close()
            raise
        self._player: Any = ray.remote(num_cpus=1, num_gpus=gpus)(Player)

    def start(self, worker: int) -> None:
        """Start a worker, for the first time or in the place of a lost one."""
        actor = self._player.remote(self._job, worker)
        self._actors[worker] = actor
        self._awaited[actor.ready.remote()] = worker

    def give(self, worker: int, share: Share) -> None:
        """Hand a share to a worker that is free."""
        self._actors[worker].begin.remote(share)
        self._take(worker)

    def _take(self, worker: int) -> None:
        # Asking again and again, not a stream of results: Ray's own client (`ray://`) has none.
        self._awaited[self._actors[worker].take.remote()] = worker

    def wait(self) -> Iterator[Event]:
        """Wait for words or deaths of workers."""
        done, _ = ray.wait(list(self._awaited), num_returns=1)
        for word in done:
            yield self._hear(self._awaited.pop(word), word)

    def _hear(self, worker: int, word: Any) -> Event:
        try:
            event = event_of(worker, ray.get(word))
        except RayError as error:
            with suppress(RayError):
                ray.kill(self._actors[worker])  # if it was only out of reach
            return Lost(worker, _reason(error))
        if isinstance(event, Finished):
            self._take(worker)
        return event

    def close(self) -> None:
        """End all workers, and the connection (a local Ray altogether) if it was made here."""
        for actor in self._actors.values():
            with suppress(RayError):
                ray.kill(actor)
        if self._ours:
            ray.shutdown()


def _connect(address: str, workers: int | None) -> None:
    """Connect to a cluster, or start Ray on this machine."""
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    try:
        if address == LOCAL:
            cpus = max(workers or 1, os.cpu_count() or 1)
            # Ray demands a token of whoever connects, and would leave one in the home folder.
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex())
            ray.init(
                LOCAL,
                num_cpus=cpus,
                include_dashboard=False,
                object_store_memory=STORE_BYTES,
                **quiet,
            )
        else:
            _check_reachable(address)
            ray.init(address, **quiet)
    except (RayError, OSError, ValueError, RuntimeError, ImportError) as error:
        raise RunError(f"no Ray cluster can be used at {address!r}: {reason_of(error)}") from error


def _check_reachable(address: str) -> None:
    """Try whether anybody listens: Ray itself would try for many minutes, then end the process.

    Raises:
        OSError: Nobody does.
        ValueError: It is no address.
    """
    if address == "auto":
        return
    place = urlsplit(address if "://" in address else f"//{address}")
    if place.hostname is None or place.port is None:
        raise ValueError("give auto, local, HOST:PORT or ray://HOST:PORT")
    socket.create_connection((place.hostname, place.port), timeout=CONNECT_SECONDS).close()


def _gpus_per_worker(resources: Mapping[str, float], asked: float | None) -> float:
    """GPUs that each worker has for its own: as many as asked for, or one if there are any."""
    there = resources.get("GPU", 0.0)
    if asked is None:
        return min(there, 1.0)
    if asked > there:
        raise RunError(f"a worker is to have {asked:g} GPUs, but the Ray cluster has {there:g}")
    return asked


def _fitting(resources: Mapping[str, float], gpus: float) -> int:
    """Number of workers that a cluster has room for."""
    cpus = int(resources.get("CPU", 0))
    fitting = min(cpus, int(resources["GPU"] / gpus)) if gpus else cpus
    if fitting < 1:
        raise RunError("the Ray cluster has no CPU for a worker")
    return fitting


def _reason(error: Exception) -> str:
    """The first words of Ray's last line: what happened, after lines of where."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].split(". ")[0] if lines else type(error).__name__
