"""When a request is tried again, and after how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.errors import RunError
from askfirst.providers.server.retry import Fault, may_pass, pause_after, retry_after
from askfirst.providers.server.settings import ServerSettings, read_settings

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
seconds = st.floats(1e-3, 1e6)


@st.composite
def some_settings(draw: st.DrawFn) -> ServerSettings:
    return ServerSettings(
        attempts=draw(st.integers(1, 5000)),
        wait=draw(seconds),
        longest_wait=draw(seconds),
        longest_asked=draw(seconds),
    )


draws = st.floats(0, 1, exclude_max=True)
asked = st.none() | st.floats(0, 1e9)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529, 599])
def test_these_statuses_are_tried_again(status: int) -> None:
    assert may_pass(status)


@pytest.mark.parametrize(
    "status",
    [204, 301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 451, 501, 505],
)
def test_these_statuses_are_final(status: int) -> None:
    assert not may_pass(status)


@pytest.mark.parametrize(
    ("attempt", "asked", "draw", "pause"),
    [
        (1, None, 0.0, 0.5),
        (1, None, 0.5, 0.75),
        (2, None, 0.0, 1.0),
        (3, None, 0.0, 2.0),
        (7, None, 0.0, 30.0),
        (9, None, 0.0, 30.0),
        (10, None, 0.0, None),
        (11, None, 0.0, None),
        (1, 0.0, 0.0, 0.5),
        (1, 20.0, 0.0, 20.0),
        (1, 20.0, 0.5, 20.25),
        (1, 86400.0, 0.0, 300.0),
        (10, 1.0, 0.0, None),
    ],
)
def test_pauses_of_the_default_settings(
    attempt: int, asked: float | None, draw: float, pause: float | None
) -> None:
    assert pause_after(ServerSettings(), attempt, Fault("", asked=asked), draw) == pause


@given(some_settings(), st.integers(1, 6000), asked, draws)
def test_a_fault_is_given_up_when_it_cannot_pass_or_attempts_are_used_up(
    settings: ServerSettings, attempt: int, wish: float | None, draw: float
) -> None:
    assert pause_after(settings, attempt, Fault("", passing=False, asked=wish), draw) is None
    pause = pause_after(settings, attempt, Fault("", asked=wish), draw)
    assert (pause is None) == (attempt >= settings.attempts)


@given(some_settings(), st.integers(1, 6000), asked, draws)
def test_pauses_are_bounded_and_as_long_as_asked(
    settings: ServerSettings, attempt: int, wish: float | None, draw: float
) -> None:
    pause = pause_after(settings, attempt, Fault("", asked=wish), draw)
    if pause is None:
        return
    assert 0 < pause <= settings.longest_wait + (settings.longest_asked if wish else 0)
    if wish is not None:
        assert pause >= min(wish, settings.longest_asked)


@given(some_settings(), st.integers(1, 6000), draws)
def test_pauses_never_get_shorter(settings: ServerSettings, attempt: int, draw: float) -> None:
    first = pause_after(settings, attempt, Fault(""), draw)
    second = pause_after(settings, attempt + 1, Fault(""), draw)
    if first is not None and second is not None:
        assert second >= first


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("0", 0.0),
        ("7", 7.0),
        ("1.5", 1.5),
        (" 3 ", 3.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("9" * 5000, None),
        ("", None),
        ("soon", None),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30.0),
        ("Sun, 22 Nov 2026 13:00:00 +0100", 0.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, wait: float | None) -> None:
    assert retry_after(value, NOW) == wait


@given(st.integers(-(10**6), 10**6))
def test_a_date_is_that_many_seconds_away(away: int) -> None:
    date = (NOW + timedelta(seconds=away)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert retry_after(date, NOW) == max(0, away)


@given(st.text())
def test_no_header_breaks_the_reading(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"timeout": 0}, "timeout must be a number above 0"),
        ({"timeout": "60"}, "timeout must be a number"),
        ({"timeout": float("inf")}, "timeout must be a number"),
        ({"timeout": float("nan")}, "timeout must be a number"),
        ({"attempts": 0}, "attempts must be a whole number, 1 or more"),
        ({"attempts": 2.5}, "attempts must be a whole number"),
        ({"attempts": True}, "attempts must be a whole number"),
        ({"connections": -1}, "connections must be a whole number"),
        ({"retries": 3}, "unknown model argument retries: a server/ model knows timeout, connect"),
    ],
)
def test_a_bad_setting_is_named(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(RunError, match=words):
        read_settings(arguments, None)


@pytest.mark.parametrize(("run", "used"), [(None, 8), (3, 3), (8, 8), (50, 8)])
def test_a_run_can_only_lower_the_number_of_connections(run: int | None, used: int) -> None:
    assert read_settings({"connections": 8}, run).connections == used
