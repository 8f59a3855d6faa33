"""CPU time of this process for one turn through a server that answers at once.

    pip install openai
    python -m benchmarks.server_cost [--samples 400] [--calls 1500] [--rounds 3]

`server/` and inspect_ai's built-in `vllm/` (the openai package, on httpx) play the same episodes
through the engine, in one process, against the same server, which lives in another. Beside them a
model that answers inside this process: what is left without any provider. As in `engine_cost`, two
runs of different length give the cost a turn as a slope; shown is the median of rounds. Then the
same request many times by `Model.generate` outside a run, and by the provider's own `generate`.

The engine calls our own providers itself and all others through `Model.generate`, so there is a
model inside this process of either kind.
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from inspect_ai.model import (
    ChatMessage,
    ChatMessageUser,
    ContentImage,
    ContentText,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    get_model,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from askfirst.engine.run import plan_run, run
from askfirst.providers.direct import DirectModel
from benchmarks.engine_cost import TURNS, inline_pictures, slope, write_suite
from benchmarks.fault_server import completion, model_list

SUGGEST, ANSWER = "Add more details to the drawing.", "Boat."


class InstantServer(asyncio.Protocol):
    """As little of HTTP as a client needs: answers `/models` and chat completions."""

    telling = b""
    """What only a request for the last turn holds."""

    def __init__(self) -> None:
        self.received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.received[:end]).lower()
            length = 0
            if b"content-length:" in head:
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            whole = end + 4 + length
            if len(self.received) < whole:
                return
            body = bytes(self.received[end + 4 : whole])
            del self.received[:whole]
            self._answer(head.startswith(b"get"), body)

    def _answer(self, lists_models: bool, body: bytes) -> None:
        if lists_models:
            record = model_list("toy")
        else:
            record = completion(ANSWER if self.telling in body else SUGGEST)
        content = json.dumps(record).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        self.transport.write(head.encode() + content)


def serve(told: Connection, telling: bytes) -> None:
    """Serve until killed; tells its port."""
    InstantServer.telling = telling

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(InstantServer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def serving(telling: bytes) -> Iterator[str]:
    """The server in a process of its own; yields its address."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, telling), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def telling_part(uris: list[str]) -> str:
    """Part of the last picture that the others do not have."""
    part = uris[-1][400:480]
    assert not any(part in uri for uri in uris[:-1])
    return part


class Within(ModelAPI):
    """The server's answers from inside this process; its name is what tells the last picture."""

    def __init__(self, model_name: str, *_: object, **__: object) -> None:
        super().__init__(model_name)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        picture = input[-1].content[0]
        assert isinstance(picture, ContentImage)
        last = self.model_name in picture.image
        output = ModelOutput.from_content("toy", ANSWER if last else SUGGEST)
        output.usage = ModelUsage(input_tokens=40, output_tokens=5, total_tokens=45)
        return output


@modelapi(name="within")
def within() -> type[ModelAPI]:
    return Within


@modelapi(name="within-direct")
def within_direct() -> type[ModelAPI]:
    class WithinDirect(Within, DirectModel):
        pass

    return WithinDirect


def run_cpu_seconds(model: str, suite: Path, samples: int) -> float:
    """CPU seconds of a run of `samples` episodes."""
    spec = plan_run([model], str(suite), protocol="official-v1", limit=samples)
    with tempfile.TemporaryDirectory() as folder:
        before = time.process_time()
        result = run(spec, Path(folder), max_connections=20)
        spent = time.process_time() - before
    row = result.summary["models"][model]["scenarios"]["QD"]
    assert (row["n"], row["acc"], row["psr"]) == (samples, 100, TURNS - 1), row
    return spent


def call_cpu(call: Callable[[], Awaitable[object]], calls: int) -> float:
    """Milliseconds of CPU time a call, twenty under way at once."""

    async def some(count: int) -> None:
        for _ in range(count):
            await call()

    async def all_calls() -> float:
        await some(20)
        gc.collect()
        before = time.process_time()
        await asyncio.gather(*(some(calls // 20) for _ in range(20)))
        return time.process_time() - before

    return 1000 * asyncio.run(all_calls()) / (calls // 20 * 20)


def direct(model_name: str, uri: str, calls: int) -> tuple[float, float]:
    """Milliseconds a call of `Model.generate` outside a run, and of the provider's own."""
    model = get_model(model_name, memoize=False)
    messages: list[ChatMessage] = [
        ChatMessageUser(content=[ContentImage(image=uri), ContentText(text="word " * 60)])
    ]
    config = GenerateConfig(max_tokens=50, temperature=0.0, max_connections=20)
    whole = call_cpu(partial(model.generate, messages, config=config), calls)
    return whole, call_cpu(partial(model.api.generate, messages, [], "auto", config), calls)


def models_at(url: str, telling: str) -> dict[str, str]:
    """What is compared, by the name it has in the table."""
    os.environ["VLLM_BASE_URL"] = url
    return {
        "none, direct": f"within-direct/{telling}",
        "server/": f"server/toy@{url}",
        "none": f"within/{telling}",
        "vllm/": "vllm/toy",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--calls", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        suite = write_suite(Path(folder) / "suite", given.samples)
        uris = inline_pictures(suite)
        telling = telling_part(uris)
        with serving(telling.encode()) as url:
            models = models_at(url, telling)
            rounds = [
                {
                    name: slope(partial(run_cpu_seconds, model, suite), 50, given.samples)
                    for name, model in models.items()
                }
                for _ in range(given.rounds)
            ]
            calls = {name: direct(model, uris[0], given.calls) for name, model in models.items()}
    print(f"ms CPU a turn: medians of {given.rounds} rounds, 50 to {given.samples} samples")
    print("provider        in a run (least, most)  its share  Model.generate  api.generate")
    cost = {name: median(r[name] for r in rounds) for name in models}
    share = {
        "server/": cost["server/"] - cost["none, direct"],
        "vllm/": cost["vllm/"] - cost["none"],
    }
    for name, (whole, alone) in calls.items():
        spread = f"({min(r[name] for r in rounds):5.2f}, {max(r[name] for r in rounds):5.2f})"
        own = f"{share[name]:9.2f}" if name in share else " " * 9
        print(f"{name:14}{cost[name]:10.2f} {spread:15}{own}{whole:14.2f}{alone:16.2f}")
    print(
        f"server/ : vllm/ in a run {cost['server/'] / cost['vllm/']:.2f}, "
        f"share {share['server/'] / share['vllm/']:.2f}, "
        f"Model.generate {calls['server/'][0] / calls['vllm/'][0]:.2f}, "
        f"api.generate {calls['server/'][1] / calls['vllm/'][1]:.2f}"
    )


if __name__ == "__main__":
    main()
