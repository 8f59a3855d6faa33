"""Plays episodes against a server that fails one request in five, in eleven ways.

    python -m benchmarks.fault_server [--episodes 1000] [--share 0.2]

The same episodes are played three times: against a server that never fails; against one that does,
by a client that tries again; and by one that does not, so that faults end episodes as errors and
the same command is repeated until none is left. Every run must end with the same episodes, turn by
turn.

What the model says depends on the request alone; whether a request fails, on the request and on how
often it was made. Concurrency therefore changes nothing.
"""

import argparse
import asyncio
import json
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import web
from inspect_ai.model import ModelAPI, modelapi

from askfirst.engine.journal import read_episodes
from askfirst.engine.run import EPISODES_FILE, plan_run, run
from askfirst.providers.server.api import ServerAPI
from benchmarks.engine_cost import write_suite

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STALL = 30.0
"""Seconds that a stalled request is left without a reply: more than any client here waits."""

MOST_RUNS = 100

REPLIES = (
    "Add more details to the drawing.",
    "Add more details to the drawing.",
    "Add more details to the drawing.",
    "Boat.",
    "Candle.",
    "I cannot answer this question.",
    "Let me think about it",
    "",
)


@contextmanager
def serving(handler: Handler) -> Iterator[str]:
    """A server on a free port of this machine, in a thread of its own; yields its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    async def start() -> web.AppRunner:
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    runner = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def completion(text: str, **changes: Any) -> dict[str, Any]:
    """A chat completion as servers send it."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "toy",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 40, "completion_tokens": 5, "total_tokens": 45},
    } | changes


def model_list(*names: str, owner: str = "vllm") -> dict[str, Any]:
    """A list of models as servers send it."""
    models = [{"id": name, "object": "model", "owned_by": owner} for name in names]
    return {"object": "list", "data": models}


async def rate_limit(_: web.Request) -> web.StreamResponse:
    return web.json_response(
        {"error": {"message": "too many requests"}}, status=429, headers={"Retry-After": "0.2"}
    )


async def internal_error(_: web.Request) -> web.StreamResponse:
    return web.Response(text="Internal Server Error", status=500)


async def unavailable(_: web.Request) -> web.StreamResponse:
    return web.Response(text="loading the model", status=503)


async def stall(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(STALL)
    return web.json_response(completion("Apple."))


async def cut_before(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def cut_within(request: web.Request) -> web.StreamResponse:
    content = json.dumps(completion("Apple.")).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(content)
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


async def no_http(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"\x00\xff this is no HTTP\r\n\r\n")
    request.transport.close()
    return web.Response()


async def garbage(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Welcome! Apple.</html>", content_type="text/html")


async def partial_json(_: web.Request) -> web.StreamResponse:
    content = json.dumps(completion("Apple."))
    return web.Response(text=content[: content.index("Apple") + 3])


async def wrong_shape(_: web.Request) -> web.StreamResponse:
    return web.json_response({"choices": [], "text": "Apple."})


async def broken_off(_: web.Request) -> web.StreamResponse:
    reply = completion("Apple.")
    reply["choices"][0]["finish_reason"] = "abort"
    return web.json_response(reply)


FAULTS: tuple[Handler, ...] = (
    rate_limit,
    internal_error,
    unavailable,
    stall,
    cut_before,
    cut_within,
    no_http,
    garbage,
    partial_json,
    wrong_shape,
    broken_off,
)


class FaultyModel:
    """Answers, but for a share of requests.

    Attributes:
        share: Of requests that fail.
        faults: How often it failed, by kind.
        requests: How many requests came.
    """

    def __init__(self, share: float, seed: int = 0) -> None:
        self.share = share
        self.seed = seed
        self.faults: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()

    @property
    def requests(self) -> int:
        return self._seen.total()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        asked = sha256(await request.read()).hexdigest()
        self._seen[asked] += 1
        rng = random.Random(f"{self.seed}:{asked}:{self._seen[asked]}")
        if rng.random() < self.share:
            fault = rng.choice(FAULTS)
            self.faults[fault.__name__] += 1
            return await fault(request)
        if request.method == "GET":
            return web.json_response(model_list("toy"))
        return web.json_response(completion(random.Random(asked).choice(REPLIES)))


@modelapi(name="patient")
def patient() -> type[ModelAPI]:
    """The provider, in a hurry: what takes minutes with a real server takes moments here."""

    class Patient(ServerAPI):
        def __init__(self, model_name: str, **arguments: Any) -> None:
            super().__init__(model_name, timeout=1, wait=0.02, attempts=12, **arguments)

    return Patient


@modelapi(name="impatient")
def impatient() -> type[ModelAPI]:
    """The same without a second attempt."""

    class Impatient(ServerAPI):
        def __init__(self, model_name: str, **arguments: Any) -> None:
            super().__init__(model_name, timeout=1, attempts=1, **arguments)

    return Impatient


def write_numbered_suite(root: Path, samples: int) -> Path:
    """The suite of `engine_cost`, each sample with a question of its own."""
    write_suite(root, samples)
    rows = [json.loads(line) for line in (root / "QD.jsonl").read_text().splitlines()]
    for row in rows:
        row["prompt"] = f"What is drawn on page {row['id']}?"
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (root / "QD.jsonl").write_text(text)
    manifest = json.loads((root / "suite.json").read_text())
    manifest["samples"]["QD"]["sha256"] = sha256(text.encode()).hexdigest()
    (root / "suite.json").write_text(json.dumps(manifest))
    return root


def played(model: str, suite: Path, folder: Path) -> tuple[dict[int, Any], int]:
    """Play until no error is left: what was said and how it ended, by sample; and in how many runs.

    Every run must tell of every sample exactly once, and the journal must hold each once.
    """
    spec = plan_run([model], str(suite), protocol="official-v1")
    runs, errors = 0, 1
    while errors:
        told: Counter[int] = Counter()
        result = run(
            spec, folder, max_connections=20, recorded=lambda e, told=told: told.update([e.sample])
        )
        assert told == Counter(sample.id for sample in spec.selection["QD"])
        runs, errors = runs + 1, result.errors
        assert runs < MOST_RUNS, f"{errors} episodes still fail"
    episodes = read_episodes(folder / EPISODES_FILE)
    ends = {e.sample: (e.outcome, [turn.reply for turn in e.turns]) for e in episodes}
    assert len(episodes) == len(ends) == spec.size
    return ends, runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        suite = write_numbered_suite(Path(folder) / "suite", given.episodes)
        with serving(FaultyModel(0)) as url:
            wanted, _ = played(f"patient/toy@{url}", suite, Path(folder) / "sound")
        ends = Counter(outcome.value for outcome, _ in wanted.values())
        print(f"{len(wanted)} episodes, no faults: {dict(ends)}")
        for name in ("patient", "impatient"):
            model = FaultyModel(given.share)
            with serving(model) as url:
                found, runs = played(f"{name}/toy@{url}", suite, Path(folder) / name)
            differing = sum(found[sample] != end for sample, end in wanted.items())
            print(
                f"{name}: {model.requests} requests, {model.faults.total()} faults "
                f"{dict(model.faults)}; {len(found)} episodes after {runs} run(s) of the command, "
                f"{differing} of them other than without faults"
            )


if __name__ == "__main__":
    main()
