"""The client against a real server that misbehaves in every way we know of."""

import asyncio
import gc
import logging
import time
import warnings
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from aiohttp import web

from askfirst.errors import RunError
from askfirst.providers.server.client import MOST_BYTES, ServerClient, Surroundings
from askfirst.providers.server.reply import ServerReply, read_reply
from askfirst.providers.server.settings import ServerSettings
from benchmarks.fault_server import FAULTS, Handler, completion, serving

Answer = TypeVar("Answer")

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


class Script:
    """A handler that answers by one handler after the other, then properly."""

    def __init__(self, *handlers: Handler) -> None:
        self.handlers = handlers
        self.requests: list[web.Request] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        self.requests.append(request)
        if len(self.requests) <= len(self.handlers):
            return await self.handlers[len(self.requests) - 1](request)
        return web.json_response(completion("Boat."))


def answers(status: int = 200, body: str = "", **headers: str) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=body, headers=named)

    return handler


class Pauses(list[float]):
    """A sleep that only notes for how long."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(url: str, pauses: Pauses | None = None, **settings: Any) -> ServerClient:
    waiter = Pauses() if pauses is None else pauses
    world = Surroundings(now=lambda: NOW, sleep=waiter, draw=lambda: 0.0)
    chosen = {"timeout": 0.5, "attempts": 3} | settings
    return ServerClient(url, None, ServerSettings(**chosen), world)


def alone(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """What is answered in an event loop of its own.

    Not asyncio.run, which inspect_ai, once it has run, makes use one loop over and over.
    """
    with asyncio.Runner() as loop:
        return loop.run(asking)


def ask(asked: ServerClient) -> ServerReply:
    return alone(asked.ask("/chat/completions", b"{}", read_reply))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_every_fault_passes_with_the_next_attempt(fault: Handler) -> None:
    script, pauses = Script(fault, fault), Pauses()
    with serving(script) as url:
        assert ask(client(url, pauses)).text == "Boat."
    assert len(script.requests) == 3
    assert pauses == [0.5, 1.0]


@pytest.mark.parametrize(
    ("fault", "reason"),
    list(
        zip(
            FAULTS,
            (
                "429 Too Many Requests: too many requests",
                "500 Internal Server Error: Internal Server Error",
                "503 Service Unavailable: loading the model",
                "no whole reply within 0.5 s",
                "the connection was cut (ServerDisconnectedError)",
                "a reply that breaks off or is no HTTP",
                "a reply that breaks off or is no HTTP",
                "no JSON, or a part of it: <html>Welcome! Apple.</html>",
                "no JSON, or a part of it: ",
                "JSON without choices[0].message: ",
                "a reply that broke off (finish_reason 'abort'): ",
            ),
            strict=True,
        )
    ),
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_after_the_last_attempt_the_fault_is_the_error(fault: Handler, reason: str) -> None:
    script = Script(*[fault] * 3)
    with serving(script) as url, pytest.raises(RunError) as caught:
        ask(client(url))
    assert len(script.requests) == 3
    assert str(caught.value).startswith(f"{url}/chat/completions (3 attempts): {reason}")
    assert "\n" not in str(caught.value)


def test_one_attempt_is_one_request() -> None:
    script = Script(answers(500))
    with serving(script) as url, pytest.raises(RunError, match="completions: 500 Internal"):
        ask(client(url, attempts=1))
    assert len(script.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refusal_is_final_and_says_why(status: int) -> None:
    script, pauses = Script(answers(status, '{"error": {"message": "not\\nlike this"}}')), Pauses()
    with serving(script) as url, pytest.raises(RunError, match=f"{status} .*: not like this$"):
        ask(client(url, pauses))
    assert len(script.requests) == 1
    assert pauses == []


@pytest.mark.parametrize(
    ("asked", "pause"),
    [("7", 7.0), ("Sun, 22 Nov 2026 12:00:09 GMT", 9.0), ("86400", 300.0), ("soon", 0.5)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_up_to_a_bound(status: int, asked: str, pause: float) -> None:
    pauses = Pauses()
    with serving(Script(answers(status, Retry_After=asked))) as url:
        assert ask(client(url, pauses)).text == "Boat."
    assert pauses == [pause]


def test_no_server_is_a_fault_that_may_pass() -> None:
    with serving(Script()) as url:
        pass
    pauses = Pauses()
    with pytest.raises(RunError, match=r"\(3 attempts\): no connection: "):
        ask(client(url, pauses))
    assert len(pauses) == 2


def test_a_server_that_does_not_speak_tls_is_no_connection() -> None:
    with serving(Script()) as url, pytest.raises(RunError, match="no connection"):
        ask(client(url.replace("http:", "https:"), attempts=1))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    elsewhere = Script()
    with (
        serving(elsewhere) as other,
        serving(Script(answers(status, Location=other))) as url,
        pytest.raises(RunError, match=f"{status} .*sends elsewhere, to {other}"),
    ):
        ask(client(url))
    assert elsewhere.requests == []


@pytest.mark.parametrize("stated", [True, False])
def test_bodies_are_read_up_to_a_bound(stated: bool) -> None:
    sent = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        if stated:
            response.content_length = 100 * MOST_BYTES
        await response.prepare(request)
        while sent < 100 * MOST_BYTES:
            await response.write(b" " * 2**16)
            sent += 2**16
        return response

    with serving(flood) as url, pytest.raises(RunError, match=f"more than {MOST_BYTES} bytes"):
        ask(client(url, attempts=1, timeout=30))
    assert sent < 10 * MOST_BYTES


def test_a_trickle_does_not_outlast_the_time_out() -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    begun = time.monotonic()
    with serving(trickle) as url, pytest.raises(RunError, match=r"no whole reply within 0\.5 s"):
        ask(client(url, attempts=1))
    assert time.monotonic() - begun < 5


async def many(asked: ServerClient, count: int) -> list[ServerReply]:
    requests = [asked.ask("/chat/completions", b"{}", read_reply) for _ in range(count)]
    return await asyncio.gather(*requests)


def test_requests_under_way_are_bounded_and_waiting_is_no_time_out() -> None:
    under_way, most = 0, 0

    async def slow(request: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        return web.json_response(completion("Boat."))

    with serving(slow) as url:
        replies = alone(many(client(url, connections=2, attempts=1), 20))
    assert [reply.text for reply in replies] == ["Boat."] * 20
    assert most == 2


def test_connections_are_kept_and_belong_to_their_event_loop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    peers: list[set[Any]] = [set(), set()]
    part = 0

    async def noting(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        peers[part].add(request.transport)  # the object: a port may be given anew
        return web.json_response(completion("Boat."))

    async def in_turn(asked: ServerClient) -> None:
        for _ in range(5):
            await asked.ask("/chat/completions", b"{}", read_reply)

    gc.collect()  # what other tests left would be heard below
    with serving(noting) as url, warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        asked = client(url)
        alone(in_turn(asked))
        part = 1
        alone(in_turn(asked))
        del asked
        gc.collect()
    assert [len(part) for part in peers] == [1, 1]
    assert peers[0].isdisjoint(peers[1])
    assert caplog.records == []


def test_the_key_is_sent_as_a_bearer_token_and_not_shown() -> None:
    script = Script()
    with serving(script) as url:
        asked = ServerClient(url, "s3cret")
        ask(asked)
        assert "s3cret" not in repr(asked)
        ask(ServerClient(url))
    sent = [request.headers.get("Authorization") for request in script.requests]
    assert sent == ["Bearer s3cret", None]
