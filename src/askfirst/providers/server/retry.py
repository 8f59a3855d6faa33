"""When a request is tried again, and after how long: a value and pure functions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

from askfirst.providers.server.settings import ServerSettings

PASSING = frozenset({408, 409, 425, 429})
"""Refusals (4xx) that say "not now"; all others say "not like this"."""

NOT_BUILT_IN = frozenset({501, 505})
"""Failures (5xx) that last; all others may pass."""

MOST_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an attempt brought no reply.

    Attributes:
        reason: One line, free of secrets.
        passing: Whether another attempt may end better.
        asked: Seconds that the server asks to wait.
    """

    reason: str
    passing: bool = True
    asked: float | None = None


def may_pass(status: int) -> bool:
    """Whether a request that was answered with this status is worth another attempt."""
    return status in PASSING or (status >= 500 and status not in NOT_BUILT_IN)


def pause_after(settings: ServerSettings, attempt: int, fault: Fault, draw: float) -> float | None:
    """Seconds to wait after a failed attempt; None to give up.

    The doubled wait is drawn between its half and its whole, so that requests which failed together
    do not come back together. What the server asks for is waited in full, up to a bound, with the
    same spread on top.

    Args:
        settings: The bounds.
        attempt: How many attempts were made, this one counted: 1 or more.
        fault: How it failed.
        draw: A number drawn uniformly from [0, 1).
    """
    if not fault.passing or attempt >= settings.attempts:
        return None
    doubled = settings.wait * 2.0 ** min(attempt - 1, MOST_DOUBLINGS)
    backoff = min(doubled, settings.longest_wait)
    if fault.asked is None:
        return backoff * (1 + draw) / 2
    return max(min(fault.asked, settings.longest_asked), backoff / 2) + backoff * draw / 2


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date (RFC 9110, 10.2.3).

    None if there is no header or it cannot be read; a date that has passed asks for nothing.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return None
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())
    return seconds if isfinite(seconds) and seconds >= 0 else None
