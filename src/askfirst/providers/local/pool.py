"""The workers of one model: a process a device, each fed with what it can take in one batch."""

import asyncio
import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future

from askfirst.errors import RunError
from askfirst.providers.gpus import machine_gpus
from askfirst.providers.local.job import Answer, Failure, Job, Line, Ready, Unusable
from askfirst.providers.local.settings import LocalSettings, cpu_cores, cpu_workers

KEPT_LINES = 20
"""Lines of a worker's standard error that an error message may quote from."""

REPLACEMENTS = 3
"""Workers that a pool starts in the place of lost ones, before it gives up."""

MOST_HOMES = 10_000
"""Conversations of which a pool knows what worker has read them."""

WORKER_VARIABLES = {"THP_MEM_ALLOC_ENABLE": "1", "TOKENIZERS_PARALLELISM": "false"}
"""Environment of a worker, where the user's says nothing else.

With huge pages torch spends less on a CPU on getting memory for a picture's activations; the
tokenizers' threads would be in the way of the other workers.
"""

Waiting = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Answer]"]


class Worker:
    """One worker process, and who waits for what from it.

    It may be asked as soon as it has been started: what it is asked waits for its model.

    Args:
        settings: What it loads.
        device: Where to.
        threads: CPU threads that it may use.
        lost: Called with it when its process has ended although it was able to work.

    Attributes:
        device: Where its model is.
        jobs: Who waits, by number of the job.
        ready: Resolves when the model is loaded, or to a `RunError`.
    """

    def __init__(
        self,
        settings: LocalSettings,
        device: str,
        threads: int,
        lost: Callable[["Worker"], None],
    ) -> None:
        self.device = device
        self.jobs: dict[int, Waiting] = {}
        self.ready: Future[None] = Future()
        self._lost = lost
        self._end: str | None = None
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._last_words: deque[str] = deque(maxlen=KEPT_LINES)
        # -P: the folder in which somebody happens to stand must not decide what is imported.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "askfirst.providers.local.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**WORKER_VARIABLES, **os.environ},
        )
        self._errors = threading.Thread(target=self._listen_to_errors, daemon=True)
        self._errors.start()
        threading.Thread(target=self._listen, daemon=True).start()
        self._write((settings, device, threads))

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._end is None

    async def ask(self, job: Job) -> Answer:
        """The answer to a job.

        Raises:
            RunError: The job broke, or the worker was lost.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        with self._lock:
            if self._end is not None:
                raise RunError(self._end)
            self.jobs[job.number] = (loop, future)
        self._write(job)
        try:
            return await future
        finally:
            with self._lock:
                self.jobs.pop(job.number, None)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _write(self, message: object) -> None:
        assert self._process.stdin is not None
        content = pickle.dumps(message)
        # A worker that has ended is noticed by the listening thread, which tells all who wait.
        with self._writing, contextlib.suppress(OSError):
            self._process.stdin.write(content)
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        refusal: str | None = None
        try:
            while True:
                message = pickle.load(self._process.stdout)
                if isinstance(message, Ready):
                    self.ready.set_result(None)
                elif isinstance(message, Unusable):
                    refusal = message.error
                else:
                    self._deliver(message)
        except (EOFError, pickle.UnpicklingError, OSError, ValueError):
            self._give_up(refusal or self._obituary())

    def _deliver(self, results: list[Answer | Failure]) -> None:
        """Hand the results of a batch to those who wait, one wake-up for each event loop."""
        by_loop: dict[
            asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Answer], Answer | Failure]]
        ] = {}
        with self._lock:
            for result in results:
                if result.number in self.jobs:
                    loop, future = self.jobs[result.number]
                    by_loop.setdefault(loop, []).append((future, result))
        for loop, settled in by_loop.items():
            _call(loop, settled)

    def _give_up(self, reason: str) -> None:
        if self.ready.done():
            # First of all, so that whoever asks next asks another. If none can be started, those
            # who wait must hear of this one all the same.
            with contextlib.suppress(OSError):
                self._lost(self)
        with self._lock:
            self._end = reason
            waiting = list(self.jobs)
        self._deliver([Failure(number, reason) for number in waiting])
        if not self.ready.done():
            self.ready.set_exception(RunError(reason))

    def _obituary(self) -> str:
        code = self._process.wait()
        self._errors.join(timeout=1.0)
        end = f"signal {-code}" if code < 0 else f"exit status {code}"
        last = f": {self._last_words[-1]}" if self._last_words else ""
        return f"the worker of the local model on {self.device} ended ({end}){last}"

    def _listen_to_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if text := line.decode("utf-8", "replace").strip():
                self._last_words.append(text[:300])


def _call(
    loop: asyncio.AbstractEventLoop,
    settled: list[tuple["asyncio.Future[Answer]", Answer | Failure]],
) -> None:
    def settle() -> None:
        for future, result in settled:
            if future.done():
                continue
            if isinstance(result, Failure):
                future.set_exception(RunError(result.error))
            else:
                future.set_result(result)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return  # the loop was closed by an interruption: nobody waits any more


class Pool:
    """All workers of one model.

    Raises:
        RunError: It cannot be loaded.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self._numbers = 0
        self._replacements = REPLACEMENTS
        self._homes: OrderedDict[tuple[Line, ...], Worker] = OrderedDict()
        self._lock = threading.Lock()
        devices = settings.devices or _devices(settings.model)
        self._threads = settings.threads or max(1, cpu_cores() // len(devices))
        self._workers = [self._started(device) for device in devices]
        atexit.register(self.close)
        try:
            for worker in self.workers:
                worker.ready.result()
        except RunError:
            self.close()
            raise

    @property
    def workers(self) -> tuple[Worker, ...]:
        """The present workers, one a device."""
        with self._lock:
            return tuple(self._workers)

    def next_number(self) -> int:
        """A number for a new job."""
        self._numbers += 1
        return self._numbers

    async def ask(self, job: Job) -> Answer:
        """The answer to a job.

        Raises:
            RunError: The job broke, or no worker is left.
        """
        return await self.worker_for(job).ask(job)

    def worker_for(self, job: Job) -> Worker:
        """The worker that had the last turn of a job's conversation, or has the least to do."""
        workers = self.workers
        alive = [worker for worker in workers if worker.alive] or workers
        idlest = min(alive, key=lambda one: len(one.jobs))
        if not (job.continued and self.settings.prefixes):
            return idlest
        with self._lock:
            home = self._homes.pop(job.earlier, None)
            worker = home if home is not None and home in alive else idlest
            self._homes[job.lines] = worker
            if len(self._homes) > MOST_HOMES:
                self._homes.popitem(last=False)
        return worker

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._replacements = 0
        for worker in self.workers:
            worker.close()

    def _started(self, device: str) -> Worker:
        return Worker(self.settings, device, self._threads, self._replace)

    def _replace(self, lost: Worker) -> None:
        """Start another worker where one was lost; the requests that it had are lost too.

        Not asked again: one of them may be what ended it.
        """
        with self._lock:
            if self._replacements:
                self._replacements -= 1
                self._workers[self._workers.index(lost)] = self._started(lost.device)


_POOLS: dict[LocalSettings, Pool] = {}


def pool_of(settings: LocalSettings) -> Pool:
    """The workers of a model: the same for whoever asks with the same settings."""
    if settings not in _POOLS:
        _POOLS[settings] = Pool(settings)
    return _POOLS[settings]


def close_pools() -> None:
    """End the workers of all models; whoever asks for one again gets new ones."""
    while _POOLS:
        _POOLS.popitem()[1].close()


def _devices(model: str) -> tuple[str, ...]:
    """Every GPU, or as many CPU workers as are worth it."""
    gpus = len(machine_gpus())
    if gpus:
        return tuple(f"cuda:{number}" for number in range(gpus))
    return ("cpu",) * cpu_workers(model)
