"""The HTTP client: bounded, patient, and trusting the server with nothing."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

import aiohttp

from askfirst import __version__
from askfirst.errors import RunError
from askfirst.providers.server.reply import Unreadable
from askfirst.providers.server.retry import Fault, may_pass, pause_after, retry_after
from askfirst.providers.server.settings import ServerSettings
from askfirst.providers.server.wording import message_of, one_line

MOST_BYTES = 4 * 2**20
"""Bytes of a body that are read; a reply of a few tokens never comes near."""

KEEP_ALIVE = 4.0
"""Seconds that an unused connection is kept: less than uvicorn's five, so that the server never
closes it under a request."""

DNS_SECONDS = 300

STATUSES = frozenset(HTTPStatus)

Read = TypeVar("Read")


class Refused(RunError):
    """The server answered that it will not: asking again is no use."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client takes from the world besides the network.

    Attributes:
        now: The time, with its zone.
        sleep: Waits for some seconds.
        draw: A number drawn uniformly from [0, 1).
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Link:
    """What belongs to one event loop: its session, and the right to use it."""

    session: aiohttp.ClientSession
    keeper: AsyncGenerator[aiohttp.ClientSession, None]
    slots: asyncio.Semaphore


@dataclass(slots=True)
class ServerClient:
    """Sends requests to one server until they are answered.

    Attributes:
        base_url: What paths are appended to.
        key: Sent as a bearer token; never shown.
        settings: Bounds.
        world: Clock, sleep and chance.
    """

    base_url: str
    key: str | None = field(default=None, repr=False)
    settings: ServerSettings = field(default_factory=ServerSettings)
    world: Surroundings = field(default_factory=Surroundings)
    _links: dict[asyncio.AbstractEventLoop, _Link] = field(
        default_factory=dict, init=False, repr=False
    )

    async def ask(
        self,
        path: str,
        body: bytes | None,
        read: Callable[[bytes], Read],
        attempts: int | None = None,
    ) -> Read:
        """POST a body to a path, or GET it without one, and read the answer.

        Args:
            path: Appended to the base URL.
            body: JSON.
            read: Reads the body of the answer, or raises `Unreadable`.
            attempts: How often it is tried, if not as often as the settings say.

        Raises:
            Refused: The server refused.
            RunError: It failed as often as is tried. Either is one line, without the key.
        """
        settings = replace(self.settings, attempts=attempts or self.settings.attempts)
        attempt = 1
        while True:
            answer = await self._attempt(path, body, read)
            if not isinstance(answer, Fault):
                return answer
            pause = pause_after(settings, attempt, answer, self.world.draw())
            if pause is None:
                tried = f" ({attempt} attempts)" if attempt > 1 else ""
                kind = RunError if answer.passing else Refused
                raise kind(f"{self.base_url}{path}{tried}: {answer.reason}")
            await self.world.sleep(pause)
            attempt += 1

    async def _attempt(
        self, path: str, body: bytes | None, read: Callable[[bytes], Read]
    ) -> Read | Fault:
        link = await self._link()
        method = "GET" if body is None else "POST"
        # The slot is held while a request is under way only, so that neither waiting for it nor the
        # pause between attempts eats into the time-out.
        async with link.slots:
            try:
                async with link.session.request(
                    method, self.base_url + path, data=body, allow_redirects=False
                ) as response:
                    content = await _content(response)
                    asked = response.headers.get("Retry-After")
                    place = response.headers.get("Location", "")
            except (aiohttp.ClientError, OSError) as error:
                return self._broken(error)
        if content is None:
            return Fault(f"a body of more than {MOST_BYTES} bytes")
        if response.status != HTTPStatus.OK:
            return self._refused(response.status, content, asked, place)
        try:
            return read(content)
        except Unreadable as error:
            said = message_of(content, self.key)
            return Fault(f"{error}: {said}" if said else f"{error}: an empty body")

    def _refused(self, status: int, content: bytes, asked: str | None, place: str) -> Fault:
        name = f"{status} {HTTPStatus(status).phrase}" if status in STATUSES else str(status)
        said = message_of(content, self.key)
        if 300 <= status < 400:
            said = f"it sends elsewhere, to {one_line(place, self.key)}; give that address instead"
        reason = f"{name}: {said}" if said else name
        return Fault(reason, may_pass(status), retry_after(asked, self.world.now()))

    def _broken(self, error: aiohttp.ClientError | OSError) -> Fault:
        # Never an error's repr: aiohttp's holds the headers that were sent.
        match error:
            case aiohttp.ConnectionTimeoutError():
                reason = f"no connection within {self.settings.connect:g} s"
            case TimeoutError():
                reason = f"no whole reply within {self.settings.timeout:g} s"
            case aiohttp.ClientConnectorCertificateError():
                return Fault(f"no trusted connection: {one_line(str(error), self.key)}", False)
            case aiohttp.ClientConnectorError():
                reason = f"no connection: {one_line(str(error.os_error), self.key)}"
            case aiohttp.ClientResponseError() | aiohttp.ClientPayloadError():
                reason = "a reply that breaks off or is no HTTP"
            case _:
                reason = f"the connection was cut ({type(error).__name__})"
        return Fault(reason)

    async def _link(self) -> _Link:
        """The session of the running event loop, opened with its first request."""
        loop = asyncio.get_running_loop()
        link = self._links.get(loop)
        if link is None:
            self._links = {k: v for k, v in self._links.items() if not k.is_closed()}
            keeper = _kept_session(self.key, self.settings)
            session = await anext(keeper)
            link = _Link(session, keeper, asyncio.Semaphore(self.settings.connections))
            link = self._links.setdefault(loop, link)
        return link

    async def close(self) -> None:
        """Close the running event loop's session; a later request opens another."""
        link = self._links.pop(asyncio.get_running_loop(), None)
        if link:
            await link.keeper.aclose()


async def _kept_session(
    key: str | None, settings: ServerSettings
) -> AsyncGenerator[aiohttp.ClientSession, None]:
    """A session that closes with its event loop.

    inspect_ai ends a run without closing its models. An event loop that ends closes its open
    generators, and so this session.
    """
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "User-Agent": f"askfirst/{__version__}",
    }
    if key:
        headers["Authorization"] = f"Bearer {key}"
    async with aiohttp.ClientSession(
        headers=headers,
        connector=aiohttp.TCPConnector(
            limit=0, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=DNS_SECONDS
        ),
        timeout=aiohttp.ClientTimeout(total=settings.timeout, sock_connect=settings.connect),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    ) as session:
        while True:
            yield session


async def _content(response: aiohttp.ClientResponse) -> bytes | None:
    """The body; None if it is larger than anything we asked for."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            response.close()
            return None
    return b"".join(chunks)
