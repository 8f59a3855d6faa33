"""Servers' messages in ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.providers.server.wording import LONGEST, message_of, one_line

KEY = "sk-s3cret/+=1"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "no such model", "code": 404}}', "no such model"),
        (b'{"error": "no such model"}', "no such model"),
        (b'{"object": "error", "message": "no such model"}', "no such model"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b'{"detail": [{"loc": ["body"]}]}', '{"detail": [{"loc": ["body"]}]}'),
        (b"Internal Server Error\n", "Internal Server Error"),
        (b"\x1b[31mred\x1b[0m\x00\r\n\ttext \xff", "[31mred[0m text �"),
        (b"", ""),
    ],
)
def test_the_message_is_found(body: bytes, message: str) -> None:
    assert message_of(body, None) == message


@given(st.text(), st.text(), st.sampled_from(["", "\x00", "\x1b", "\u200b"]))
def test_no_message_holds_the_key_or_a_second_line(before: str, after: str, within: str) -> None:
    echoed = before + KEY[:4] + within + KEY[4:] + after
    for body in (echoed.encode("utf-8", "replace"), json.dumps({"error": echoed}).encode()):
        message = message_of(body, KEY)
        assert KEY not in message
        assert message.isprintable()
        assert len(message) <= LONGEST


@pytest.mark.parametrize("spelling", [r"sk-s3cret\/+=1", "sk-s3cret%2F%2B%3D1"])
def test_other_spellings_of_the_key_are_hidden(spelling: str) -> None:
    assert message_of(f'{{"error": "bad key {spelling}'.encode(), KEY).endswith("bad key [key]")


def test_a_key_at_the_cut_is_hidden_whole() -> None:
    for padding in range(LONGEST - len(KEY) - 2, LONGEST + 2):
        assert KEY[:6] not in one_line("x" * padding + KEY, KEY)
