"""How long it takes to measure 7,557 episodes, the size of the published benchmark.

Every episode is a cluster of its own, as in the published data: the most there is to draw.

    python benchmarks/summarise.py

Prints processor and wall time of every measure with 10,000 resamples, by scenario, macro and micro.
"""

import random
import time

from askfirst.metrics.run_measures import model_measures
from askfirst.protocol.baseline import uniform
from askfirst.protocol.episode import Episode
from askfirst.protocol.play import Reply, play
from askfirst.protocol.protocol import OFFICIAL_V1
from askfirst.scenarios.registry import scenario

SIZES = {"ROD": 88, "VSOD": 42, "MVP-N": 2591, "IN-C": 1095, "QD": 2105, "CIT": 396, "COCO": 1240}
"""Samples of each scenario after the published filter."""


def main() -> None:
    from tests.tiny_suite import records

    rng = random.Random(0)
    groups: dict[str, list[Episode]] = {}
    for key, size in SIZES.items():
        record = records()[key][0]
        groups[key] = [
            played(key, record | {"id": number, "cluster": str(number)}, rng)
            for number in range(size)
        ]
    count = sum(len(group) for group in groups.values())
    wall, cpu = time.perf_counter(), time.process_time()
    measured = model_measures(groups)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{count} episodes, {len(measured.micro)} measures: {cpu:.1f} s of processor time, "
        f"{wall:.1f} s on the clock"
    )


def played(key: str, record: dict[str, object], rng: random.Random) -> Episode:
    """An episode of a player who chooses among all options alike."""
    rules = scenario(key)
    playing = play(rules, rules.read(record), OFFICIAL_V1)
    request = next(playing)
    while True:
        options = request.observation.options
        text = options[uniform(options, request.advice, rng)].text
        try:
            request = playing.send(Reply(text))
        except StopIteration as end:
            return end.value


if __name__ == "__main__":
    main()
