"""Reading replies: what is a reply, and what is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.providers.server.reply import Unreadable, read_models, read_reply
from benchmarks.fault_server import completion

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def with_message(message: Any, finish: Any = "stop") -> bytes:
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return json.dumps(completion("", choices=[choice])).encode()


def test_a_reply_is_its_text_reason_model_and_counts() -> None:
    reply = read_reply(json.dumps(completion("Boat.")).encode())
    assert (reply.text, reply.stop_reason, reply.model) == ("Boat.", "stop", "toy")
    assert (reply.input_tokens, reply.output_tokens) == (40, 5)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "Boat."}, "Boat."),
        ({"content": " Boat.\n"}, " Boat.\n"),
        ({"content": "Bäume 🌳"}, "Bäume 🌳"),
        ({"content": ""}, ""),
        ({"content": None}, ""),
        ({"content": None, "reasoning_content": "Is it a boat?"}, ""),
        ({"content": "Boat.", "reasoning_content": "Is it a boat?"}, "Boat."),
        ({"content": None, "refusal": "I cannot help."}, "I cannot help."),
        ({"refusal": "I cannot help."}, "I cannot help."),
        ({"content": "Boat.", "refusal": None}, "Boat."),
        ({"content": []}, ""),
        ({"content": [{"type": "text", "text": "Bo"}, {"type": "text", "text": "at."}]}, "Boat."),
        (
            {"content": [{"type": "thinking", "thinking": "?"}, {"type": "text", "text": "Boat."}]},
            "Boat.",
        ),
    ],
)
def test_the_text_is_what_the_model_said(message: dict[str, Any], text: str) -> None:
    assert read_reply(with_message({"role": "assistant"} | message)).text == text


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("stop", "stop"),
        ("length", "max_tokens"),
        ("tool_calls", "tool_calls"),
        ("content_filter", "content_filter"),
        ("eos", "unknown"),
        (None, "unknown"),
        ({"type": "stop"}, "unknown"),
    ],
)
def test_finish_reasons(finish: Any, reason: str) -> None:
    assert read_reply(with_message({"content": "Boat."}, finish)).stop_reason == reason


@pytest.mark.parametrize(
    "usage", [None, [], "many", {}, {"prompt_tokens": None}, {"prompt_tokens": -1}]
)
def test_counts_that_make_no_sense_are_zero(usage: Any) -> None:
    reply = read_reply(json.dumps(completion("Boat.", usage=usage)).encode())
    assert (reply.text, reply.input_tokens, reply.output_tokens) == ("Boat.", 0, 0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b"Boat.", "no JSON"),
        (b"<html>Boat.</html>", "no JSON"),
        (json.dumps(completion("Boat.")).encode()[:-1], "no JSON"),
        (b'"\xff"', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"n": ' + b"9" * 5000 + b"}", "no JSON"),
        (b"null", "no object"),
        (b'["Boat."]', "no object"),
        (b"{}", "without choices"),
        (b'{"error": {"message": "out of memory"}}', "without choices"),
        (b'{"choices": []}', "without choices"),
        (b'{"choices": {"0": {}}}', "without choices"),
        (b'{"choices": ["Boat."]}', "without choices"),
        (b'{"choices": [{"text": "Boat."}]}', "without choices"),
        (b'{"choices": [{"message": "Boat."}]}', "without choices"),
        (with_message({}), "without text"),
        (with_message({"content": 5}), "without text"),
        (with_message({"content": {"text": "Boat."}}), "without text"),
        (with_message({"content": ["Boat."]}), "without text"),
        (with_message({"content": [{"type": "text"}]}), "without text"),
        (with_message({"content": "\ud800"}), "not Unicode"),
        (with_message({"content": "Bo"}, "abort"), "broke off"),
        (with_message({"content": "Bo"}, "error"), "broke off"),
    ],
)
def test_what_cannot_be_read_is_no_reply(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_reply(body)


@given(JSON.map(lambda record: json.dumps(record).encode()) | st.binary())
def test_nothing_else_is_raised_whatever_comes(body: bytes) -> None:
    for read in (read_reply, read_models):
        try:
            read(body)
        except Unreadable as error:
            assert "\n" not in str(error)


@given(st.text(), st.data())
def test_no_part_of_a_reply_is_taken_for_a_reply(text: str, data: st.DataObject) -> None:
    whole = json.dumps(completion(text)).encode()
    assert read_reply(whole).text == text
    with pytest.raises(Unreadable):
        read_reply(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"data": []}', []),
        (b'{"object": "list", "data": [{"id": "a"}, {"id": "b/c"}]}', [("a", ""), ("b/c", "")]),
        (b'{"data": [{"id": "a", "owned_by": "vllm"}]}', [("a", "vllm")]),
        (b'{"data": [{"id": "a", "owned_by": ["vllm"]}]}', [("a", "")]),
    ],
)
def test_models_are_listed_with_their_owners(body: bytes, names: list[tuple[str, str]]) -> None:
    assert [(model.name, model.owner) for model in read_models(body)] == names


@pytest.mark.parametrize("body", [b"{}", b'{"data": null}', b'{"data": ["a"]}', b'{"data": [{}]}'])
def test_another_list_of_models_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match="list of models"):
        read_models(body)
