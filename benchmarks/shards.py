"""Episodes a second with one process and with several, and what a worker costs to start.

    python -m benchmarks.shards [--samples 600] [--shards 2]

The oracle plays drawings of three turns each (those of `benchmarks.engine_cost`): nearly all of the
time is the engine's own, which is what more processes can share. A worker's start is the time from
the run's begin to its first episode; the rate is that of all episodes after the first one.
"""

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from askfirst.engine.run import plan_run, run
from askfirst.engine.shards import Shards
from askfirst.protocol.episode import Episode
from benchmarks.engine_cost import write_suite


@dataclass(frozen=True)
class Timing:
    """Seconds to the first episode, and episodes a second from then on."""

    start: float
    rate: float


def timing(suite: Path, workers: int | None) -> Timing:
    """Play all of a suite with so many workers; None is this process alone."""
    spec = plan_run(["baseline/oracle"], str(suite), protocol="official-v1")
    moments: list[float] = []

    def recorded(episode: Episode) -> None:
        moments.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        shards = None if workers is None else Shards(workers)
        begin = time.perf_counter()
        run(spec, Path(folder) / "out", recorded=recorded, shards=shards)
    first, last = moments[0], moments[-1]
    return Timing(first - begin, (len(moments) - 1) / (last - first))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=600)
    parser.add_argument("--shards", type=int, default=2)
    given = parser.parse_args()
    print(f"{os.cpu_count()} CPUs, load before {os.getloadavg()[0]:.1f}; {given.samples} samples")
    with tempfile.TemporaryDirectory() as folder:
        suite = write_suite(Path(folder) / "suite", given.samples)
        timing(write_suite(Path(folder) / "warm", 2), None)  # what this process loads on first use
        rates = {}
        for workers in (None, 1, given.shards):
            found = timing(suite, workers)
            rates[workers] = found.rate
            name = "this process" if workers is None else f"{workers} workers"
            print(f"{name:>12}: first episode after {found.start:.1f} s, {found.rate:.1f} a second")
    print(f"{given.shards} workers to 1: {rates[given.shards] / rates[1]:.2f} times the episodes")


if __name__ == "__main__":
    main()
