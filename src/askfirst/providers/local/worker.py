"""The worker process: one model on one device, asked over a pair of pipes.

It reads pickled `Job`s from its standard input and writes lists of `Answer`s and `Failure`s to its
standard output, the first message being `Ready` or `Unusable`. It ends when its input does.
"""

import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import torch

from askfirst.errors import AskFirstError
from askfirst.providers.local.answering import Answerer
from askfirst.providers.local.batching import next_batch
from askfirst.providers.local.job import Failure, Job, Ready, Unusable
from askfirst.providers.local.loader import load
from askfirst.providers.local.pictures import Opened, PictureCache
from askfirst.providers.local.rehearsal import rehearse

Inbox = queue.SimpleQueue[Opened | Failure]
Send = Callable[[object], None]


def serve(source: BinaryIO, send: Send) -> None:
    """Load what the first message says, then answer jobs for ever."""
    settings, device, threads = pickle.load(source)
    torch.set_num_threads(threads)
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(source, inbox), daemon=True).start()
    try:
        loaded = rehearse(load(settings, device))
    except AskFirstError as error:
        send(Unusable(str(error)))
        return
    send(Ready(device))
    answerer = Answerer(loaded, settings.batch)
    waiting: list[Opened] = []
    while True:
        _gather(inbox, waiting, answerer.most, settings.window / 1000, send)
        batch, waiting = next_batch(waiting, answerer.most)
        send(answerer.answers(batch))
        if answerer.broken:
            os._exit(1)  # every later request would fail as well: another worker is to take over


def _receive(source: BinaryIO, inbox: Inbox) -> None:
    """Open the pictures of jobs as they come, while the model is at work."""
    cache = PictureCache()
    try:
        while True:
            job: Job = pickle.load(source)
            try:
                inbox.put(Opened(job, tuple(cache.open(uri) for uri in job.pictures)))
            except Exception as error:
                inbox.put(Failure(job.number, f"{type(error).__name__}: {error}"))
    finally:
        # Nobody is left to answer, however far the batch at work may be.
        os._exit(0)


def _gather(inbox: Inbox, waiting: list[Opened], most: int, window: float, send: Send) -> None:
    """Add what has arrived; wait for the first job, then for a full batch as long as the window."""
    deadline: float | None = None
    while True:
        if waiting and deadline is None:
            deadline = time.monotonic() + window
        patience = deadline and max(0.0, deadline - time.monotonic())
        try:
            found = inbox.get(timeout=0.0 if len(waiting) >= most else patience)
        except queue.Empty:
            return
        if isinstance(found, Failure):
            send([found])
        else:
            waiting.append(found)


def main() -> None:
    """Serve on the standard streams, and keep libraries off them.

    What they print goes to standard error; what they ask a user finds the end of a file.
    """
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(message: object) -> None:
        pickle.dump(message, sink)
        sink.flush()

    serve(source, send)


if __name__ == "__main__":
    main()
