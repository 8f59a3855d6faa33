"""A run over several workers, watched and disturbed from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil

SAMPLES = 4
"""Samples a scenario of the models of `worker_models`: enough to be in the middle of them."""


def command(suite: Path, out: Path, *words: object) -> list[str]:
    """The words of a run, without its report."""
    common = ["run", "--suite", suite, "--out", out, "--no-report", *words]
    return [sys.executable, "-m", "askfirst", *map(str, common)]


def played(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        words, capture_output=True, text=True, check=False, env=os.environ | environment
    )


def begun(words: list[str], **environment: str) -> "subprocess.Popen[str]":
    """Begin a command; what it says on standard error can be read."""
    return subprocess.Popen(
        words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        # Of a shell that runs in the background it would inherit deaf ears for SIGINT.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def wait_for(what: Callable[[], bool], reason: str, seconds: float = 120) -> None:
    """Wait until something is the case."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, reason
        time.sleep(0.005)


def wait_for_episodes(out: Path, number: int) -> None:
    """Wait until a run has written some episodes."""
    file = out / "episodes.jsonl"
    wait_for(
        lambda: file.exists() and file.read_bytes().count(b"\n") >= number,
        f"{file} has no {number} episodes",
    )


def workers(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The worker processes of a run."""
    children = psutil.Process(process.pid).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def kill(process: psutil.Process) -> None:
    """End a process without a chance to say anything."""
    os.kill(process.pid, signal.SIGKILL)
