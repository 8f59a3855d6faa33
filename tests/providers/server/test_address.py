"""Names of models on servers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.errors import RunError
from askfirst.providers.server.address import ServerAddress, parse_address


@pytest.mark.parametrize(
    ("name", "model", "url"),
    [
        ("m@http://localhost:8000/v1", "m", "http://localhost:8000/v1"),
        ("m@http://localhost:8000", "m", "http://localhost:8000/v1"),
        ("m@http://localhost:8000/", "m", "http://localhost:8000/v1"),
        ("m@https://host/api/v3/", "m", "https://host/api/v3"),
        ("m@HTTP://host", "m", "http://host/v1"),
        ("m@http://[::1]:8000/v1", "m", "http://[::1]:8000/v1"),
        ("Qwen/Qwen2.5-VL-7B@http://h/v1", "Qwen/Qwen2.5-VL-7B", "http://h/v1"),
        ("org/lora@v2@http://h/v1", "org/lora@v2", "http://h/v1"),
        ("qwen2.5vl:7b@http://h:11434/v1", "qwen2.5vl:7b", "http://h:11434/v1"),
        ("@http://h/v1", "", "http://h/v1"),
    ],
)
def test_the_last_at_separates_model_and_address(name: str, model: str, url: str) -> None:
    assert parse_address(name) == ServerAddress(model, url)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("m", "the @ is missing"),
        ("", "the @ is missing"),
        ("m@", "begin with http"),
        ("m@localhost:8000/v1", "begin with http"),
        ("m@ftp://host/v1", "begin with http"),
        ("m@file:///etc/passwd", "begin with http"),
        ("m@http://", "begin with http"),
        ("m@http:///v1", "begin with http"),
        ("m@http://host:port/v1", "cannot be read"),
        ("m@http://host:99999/v1", "cannot be read"),
        ("m@http://[::1/v1", "cannot be read"),
        ("m@http://host/v1?key=s3cret", r"without \? and #"),
        ("m@http://host/v1#s3cret", r"without \? and #"),
        ("m@http://ho st/v1", "blanks"),
        ("m@http://host/v1\r\nX-Evil:s3cret", "blanks"),
        ("m@http://user:s3cret@host/v1", "user names"),
        ("m@http://s3cret@host/v1", "user names"),
        ("http://user:s3cret@host/v1", "user names"),
        ("m@http://a/v1@http://b/v1", "user names"),
    ],
)
def test_a_bad_address_is_named_in_one_line_that_repeats_nothing(name: str, reason: str) -> None:
    with pytest.raises(RunError, match=reason) as caught:
        parse_address(name)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


@given(st.text())
def test_any_text_is_an_address_or_an_error_of_ours(name: str) -> None:
    try:
        address = parse_address(name)
    except RunError:
        return
    assert address.base_url.startswith(("http://", "https://"))
    assert name.startswith(address.model)
