"""Settings of the provider: inspect_ai's model arguments (`-M timeout=60`)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from askfirst.errors import RunError


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """How patient a client is.

    The defaults suit large models: a reply may queue for minutes, and a server that is started anew
    is waited for, for about four minutes.

    Attributes:
        timeout: Seconds that one attempt may take, from connecting to the reply's last byte. A
            server that does not stream sends nothing before it is done, so this is the time-out of
            reading too.
        connect: Seconds that connecting may take.
        attempts: Most attempts a request.
        wait: Seconds before the second attempt, doubled for each further one.
        longest_wait: Most seconds that this doubling leads to.
        longest_asked: Most seconds that are waited because the server's Retry-After asks for them.
        connections: Most requests under way at once.
    """

    timeout: float = 600.0
    connect: float = 15.0
    attempts: int = 10
    wait: float = 1.0
    longest_wait: float = 60.0
    longest_asked: float = 300.0
    connections: int = 100

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            whole = isinstance(field.default, int)
            kind = int if whole else int | float
            if isinstance(value, bool) or not isinstance(value, kind) or not 0 < value < math.inf:
                wanted = "a whole number, 1 or more" if whole else "a number above 0"
                raise RunError(f"model argument {field.name} must be {wanted}")


def read_settings(arguments: Mapping[str, Any], max_connections: int | None) -> ServerSettings:
    """Settings from model arguments; a run's --max-connections can only lower `connections`.

    Raises:
        RunError: An argument is unknown or out of range.
    """
    known = [field.name for field in fields(ServerSettings)]
    unknown = sorted(arguments.keys() - set(known))
    if unknown:
        raise RunError(
            f"unknown model argument {', '.join(unknown)}: a server/ model knows {', '.join(known)}"
        )
    settings = ServerSettings(**arguments)
    if max_connections is None or max_connections >= settings.connections:
        return settings
    return replace(settings, connections=max_connections)
