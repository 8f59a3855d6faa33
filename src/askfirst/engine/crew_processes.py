"""A crew of processes on this machine."""

import itertools
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from askfirst.engine.crew import Event, Free, Lost, event_of
from askfirst.engine.shard_worker import Job, Player, Taken
from askfirst.engine.shares import Share
from askfirst.providers.gpus import VISIBLE, machine_gpus, worker_gpus

GRACE = 10.0
"""Seconds that a worker has to end before it is killed."""


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: "Connection[Share, Taken]"
    free: bool = False


class ProcessCrew:
    """Workers as processes: each begins anew (`spawn`), with nothing of this one's state.

    Args:
        job: What they play.
        size: Number of workers.
        gpus_per_worker: GPUs for each; None means one if there are any.
    """

    def __init__(self, job: Job, size: int, gpus_per_worker: float | None = None) -> None:
        self.size = size
        self._job = job
        self._gpus = machine_gpus()
        self._gpus_per_worker = 1 if gpus_per_worker is None else gpus_per_worker
        self._workers: dict[int, _Worker] = {}

    def start(self, worker: int) -> None:
        """Start a worker, for the first time or in the place of a lost one."""
        context = get_context("spawn")
        pipe, its_end = context.Pipe()
        gpus = worker_gpus(worker, self._gpus_per_worker, self._gpus)
        process = context.Process(target=_serve, args=(self._job, worker, gpus, its_end))
        with _interrupts_held_back():
            process.start()
        its_end.close()
        self._workers[worker] = _Worker(process, pipe)

    def give(self, worker: int, share: Share) -> None:
        """Hand a share to a worker that is free; that it may be dead by now is noticed later."""
        self._workers[worker].free = False
        with suppress(OSError):
            self._workers[worker].pipe.send(share)

    def wait(self) -> Iterator[Event]:
        """Wait for words or deaths of workers."""
        sources = [(w.pipe, w.process.sentinel) for w in self._workers.values()]
        ready = set(wait(itertools.chain.from_iterable(sources)))
        for number, pair in zip(list(self._workers), sources, strict=True):
            if not ready.isdisjoint(pair):
                yield from self._hear(number)

    def _hear(self, number: int) -> Iterator[Event]:
        worker = self._workers[number]
        alive = worker.process.is_alive()  # asked first, so that its last words are heard too
        try:
            while worker.pipe.poll():
                event = event_of(number, worker.pipe.recv())
                worker.free = isinstance(event, Free)
                yield event
        except (EOFError, OSError):
            alive = False
        if not alive:
            del self._workers[number]
            _end(worker, signal.SIGKILL)
            yield Lost(number, _fate(worker.process.exitcode))

    def close(self) -> None:
        """End all workers: those that wait go by themselves, the others are told to."""
        for worker in self._workers.values():
            worker.pipe.close()
            if not worker.free:
                _signal(worker, signal.SIGTERM)
        for worker in self._workers.values():
            worker.process.join(GRACE)
            _end(worker, signal.SIGKILL)
        self._workers.clear()


def _end(worker: _Worker, how: signal.Signals) -> None:
    """End a worker and every process that it started, such as one that holds a model."""
    _signal(worker, how)
    worker.process.join()
    worker.pipe.close()


def _signal(worker: _Worker, what: signal.Signals) -> None:
    assert worker.process.pid is not None
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(worker.process.pid, what)
    if worker.process.is_alive():  # it may not have got so far as to lead a group
        os.kill(worker.process.pid, what)


def _fate(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"ended by {signal.Signals(-exitcode).name}"
    return f"ended with code {exitcode}"


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started here never see Ctrl-C: it is for the run's own process to end them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(job: Job, number: int, gpus: list[str], pipe: "Connection[Taken, Share]") -> None:
    """The life of a worker."""
    os.setsid()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if gpus:
        os.environ[VISIBLE] = ",".join(gpus)
    player = Player(job, number)
    pipe.send(player.ready())
    while True:
        try:
            share = pipe.recv()
        except EOFError:
            return
        player.begin(share)
        while taken := player.take():
            pipe.send(taken)
        pipe.send(taken)


def _end_with_parent() -> None:
    """When the run's process dies, however it does, so do this one and all that it started."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.killpg(0, signal.SIGKILL)
