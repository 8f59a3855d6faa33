"""What happens inside a worker: it plays one share after another and hands out episodes at once.

The same in a process of this machine and in a Ray actor of another. A worker keeps its process
over all of its shares, and with it a model that it has loaded.
"""

import queue
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from rich.errors import MarkupError
from rich.text import Text

from askfirst import __version__
from askfirst.engine.playing import play_selection
from askfirst.engine.provenance import MANIFEST_FILE, RunSpec
from askfirst.engine.shares import Share
from askfirst.engine.store import EpisodeStore
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode
from askfirst.protocol.protocol import protocol as protocol_named
from askfirst.providers.local.pool import close_pools
from askfirst.suites.selection import with_twins
from askfirst.suites.suite import EMBEDDED, load_suite, suite_folder

SHARD_LOGS_FOLDER = "shard-logs"
"""Beside a run's `logs`: below them inspect_ai would take a share's log for a whole task's."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run must know.

    Attributes:
        suite: Name of an embedded suite, or the path of another's folder.
        protocol: Name of the protocol.
        seed: Seed of players that draw.
        identity: What must be the same where the worker is: package, suite and protocol.
        folder: The run's folder.
        max_connections: Most simultaneous requests of one worker to a model.
        model_args: What the models' providers are told.
    """

    suite: str
    protocol: str
    seed: int
    identity: Mapping[str, Any]
    folder: str
    max_connections: int | None
    model_args: Mapping[str, Any]


def job_of(spec: RunSpec, folder: Path, max_connections: int | None) -> Job:
    """What the workers of a run must know."""
    root = spec.suite.root.resolve()
    embedded = [name for name in EMBEDDED if suite_folder(name).resolve() == root]
    return Job(
        suite=embedded[0] if embedded else str(root),
        protocol=spec.protocol.name,
        seed=spec.seed,
        identity=_identity(spec),
        folder=str(folder.resolve()),
        max_connections=max_connections,
        model_args=dict(spec.model_args),
    )


def _identity(spec: RunSpec) -> dict[str, Any]:
    return {
        "version of askfirst": __version__,
        "suite": spec.identity["suite"],
        "protocol": spec.identity["protocol"],
    }


@dataclass(frozen=True, slots=True)
class Unable:
    """A worker's word that it cannot play, and why."""

    reason: str


Taken = tuple[Episode, ...] | Unable
"""What a worker hands out: finished episodes; none of them when it is free for a share."""


class Player:
    """Plays shares in a thread of its own, so that episodes can be taken while it plays.

    No method raises: what goes wrong is handed out as `Unable`, which passes every border.

    Args:
        job: What the run's workers play.
        number: Which of them this is, from 0.
    """

    def __init__(self, job: Job, number: int) -> None:
        self._job = job
        self._number = number
        self._whole: RunSpec | None = None
        self._model: str | None = None
        self._out: queue.SimpleQueue[Episode | Unable | None] = queue.SimpleQueue()

    def ready(self) -> Taken:
        """Load the suite; make sure that it and this package are those of the run."""
        try:
            self._whole = _load(self._job)
        except Exception as error:
            return Unable(one_line(error))
        return ()

    def begin(self, share: Share) -> None:
        """Begin to play a share; call `take` until nothing comes any more."""
        threading.Thread(target=self._play, args=(share,), daemon=True).start()

    def take(self) -> Taken:
        """Wait for episodes, and give all that are finished by then; none ends the share."""
        finished: list[Episode] = []
        while isinstance(item := self._out.get(), Episode):
            finished.append(item)
            if self._out.empty():
                return tuple(finished)
        if finished:
            self._out.put(item)  # the end is told by the next call
            return tuple(finished)
        return item or ()

    def _play(self, share: Share) -> None:
        try:
            assert self._whole is not None, "not ready"
            if share.model != self._model:
                close_pools()  # of the model before it: there may not be room for two
                self._model = share.model
            with _logs(self._job, self._number) as logs:
                spec = _restricted(self._whole, share)
                connections = self._job.max_connections
                play_selection(spec, Path(logs), EpisodeStore(recorded=self._out.put), connections)
        except BaseException as error:  # without a word the run would wait for ever
            self._out.put(Unable(one_line(error)))
        else:
            self._out.put(None)


def _load(job: Job) -> RunSpec:
    """All samples and twins of the job's suite, from the files that lie where the worker is."""
    suite, rules = load_suite(job.suite), protocol_named(job.protocol)
    samples = with_twins(suite.samples)
    spec = RunSpec((), suite, samples, rules, job.seed, None, job.model_args)
    found = _identity(spec)
    differing = [what for what, value in job.identity.items() if found[what] != value]
    if differing:
        raise RunError(f"it has another {', another '.join(differing)} than the run")
    return spec


def _restricted(spec: RunSpec, share: Share) -> RunSpec:
    selection = {
        key: tuple(sample for sample in spec.selection[key] if sample.id in ids)
        for key, ids in share.samples.items()
    }
    return replace(spec, models=(share.model,), selection=selection)


def _logs(job: Job, number: int) -> AbstractContextManager[str]:
    """A new folder for the logs of a share.

    It lies in the run's folder if the worker can see that; else the logs are not kept: a machine
    is not to be left full of folders that nobody looks for there.
    """
    folder = Path(job.folder)
    if not (folder / MANIFEST_FILE).exists():
        return TemporaryDirectory(prefix="askfirst-")
    return nullcontext(str(folder / SHARD_LOGS_FOLDER / str(number) / uuid4().hex[:8]))


def one_line(error: BaseException) -> str:
    """The words of an error; inspect_ai writes its own in rich markup, over several lines."""
    text = str(error)
    if type(error).__module__.startswith("inspect_ai."):
        with suppress(MarkupError):
            text = Text.from_markup(text).plain
    return " ".join(text.split()).removeprefix("ERROR: ") or repr(error)
