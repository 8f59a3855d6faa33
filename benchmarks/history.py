"""What it saves that a conversation is not read again from its beginning in every turn.

    python -m benchmarks.history                      # askfirst/mini, 10 conversations a scenario
    python -m benchmarks.history --dtype bfloat16 --samples 20

Conversations of `official-v1-history` as the oracle holds them, in which every request shows all
that was said and all pictures so far. A local model is asked every question of them, with and
without what its workers keep from turn to turn, in turns; its replies are compared and otherwise
ignored.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from askfirst.protocol.play import Message, Reply, Request, play
from askfirst.protocol.protocol import protocol
from askfirst.providers.local.job import Answer, Job, Line, Writing
from askfirst.providers.local.pool import Pool
from askfirst.providers.local.settings import local_settings
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.suites.reference import refer, to_uri
from askfirst.suites.suite import Suite, load_suite
from benchmarks.local_speed import shipped_folder

PROTOCOL = protocol("official-v1-history")


def conversation(suite: Suite, key: str, sample: Sample) -> list[Job]:
    """What is asked in each turn, if the oracle replies."""
    playing = play(scenario(key), sample, PROTOCOL)
    jobs = []
    request: Request = next(playing)
    while True:
        options = request.observation.options
        jobs.append(
            Job(
                number=0,
                lines=tuple(_line(suite, message) for message in request.messages),
                writing=Writing(PROTOCOL.max_tokens),
                labels=request.labels,
                options=tuple(option.text for option in options),
                cuttable=True,
                continued=True,
            )
        )
        advised = f"{request.labels[request.advice]}. {options[request.advice].text}"
        try:
            request = playing.send(Reply(advised))
        except StopIteration:
            return jobs


def _line(suite: Suite, message: Message) -> Line:
    pictures = (to_uri(refer(suite, message.picture)),) if message.picture else ()
    return Line(message.role, message.text, pictures)


async def asked(pool: Pool, talks: Sequence[Sequence[Job]]) -> list[list[Answer]]:
    """The model's replies to all turns; conversations run side by side."""
    slots = asyncio.Semaphore(48 * len(pool.workers))

    async def talked(talk: Sequence[Job]) -> list[Answer]:
        async with slots:
            return [await pool.ask(replace(job, number=pool.next_number())) for job in talk]

    return await asyncio.gather(*map(talked, talks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--samples", type=int, default=10, help="of each scenario")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dtype", default="float32")
    options = parser.parse_args()
    suite = load_suite("studio")
    talks = [
        conversation(suite, key, sample)
        for key, samples in suite.samples.items()
        for sample in samples[: options.samples]
    ]
    seconds: dict[int, list[float]] = {0: [], 1000: []}
    replies: dict[int, list[list[str]]] = {}
    answers: list[list[Answer]] = []
    for megabytes in list(seconds) * options.rounds:
        arguments = {"dtype": options.dtype, "prefixes": megabytes}
        pool = Pool(local_settings(shipped_folder(), arguments))
        asyncio.run(asked(pool, talks[:2]))  # what is loaded on first use
        begun = time.perf_counter()
        answers = asyncio.run(asked(pool, talks))
        seconds[megabytes].append(time.perf_counter() - begun)
        replies[megabytes] = [[answer.text for answer in talk] for talk in answers]
        pool.close()
    read = sum(answer.input_tokens for talk in answers for answer in talk)
    again = sum(answer.input_tokens for talk in answers for answer in talk[:-1])
    turns = sum(map(len, talks))
    anew, kept = (median(taken) for taken in seconds.values())
    ratios = [slow / fast for slow, fast in zip(*seconds.values(), strict=True)]
    differing = sum(one != other for one, other in zip(*replies.values(), strict=True))
    print(
        f"{len(talks)} conversations, {turns} turns, {read} tokens of prompts, of which "
        f"{again} ({100 * again / read:.0f} %) had been read the turn before; "
        f"{turns / anew:.1f} turns/s without, {turns / kept:.1f} with what was kept: "
        f"{median(ratios):.2f} × ({', '.join(f'{ratio:.2f}' for ratio in sorted(ratios))}); "
        f"conversations with another reply: {differing}"
    )


if __name__ == "__main__":
    main()
