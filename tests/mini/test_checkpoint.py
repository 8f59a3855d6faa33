"""The shipped model: loads offline by the Auto classes, fits, and answers in option text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import AutoProcessor

import askfirst
from askfirst.protocol.play import play
from askfirst.protocol.protocol import protocol
from askfirst.scenarios.registry import scenario
from askfirst.suites import load_suite, open_picture, select, with_twins
from tools.mini.evaluation import Player
from tools.mini.names import suite_texts
from tools.mini.saving import LARGEST

FOLDER = Path(askfirst.__file__).parent / "models" / "mini"


@pytest.fixture(scope="module")
def player() -> Iterator[Player]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield Player(FOLDER)


def test_the_weights_fit_into_the_wheel() -> None:
    assert (FOLDER / "model.safetensors").stat().st_size <= LARGEST


def test_replies_on_twins_are_texts_of_their_options(player: Player) -> None:
    suite, rules = load_suite("studio"), protocol("askfirst-v1")
    requests = [
        next(play(scenario(key), sample, rules))
        for key, samples in with_twins(select(suite, limit=2)).items()
        for sample in samples
        if sample.twin_of is not None
    ]
    pictures = [open_picture(suite, request.observation.picture) for request in requests]
    replies = player.replies(requests, pictures)
    offered = [[o.text for o in request.observation.options] for request in requests]
    assert len(replies) == 14
    assert sum(reply.strip() in texts for reply, texts in zip(replies, offered, strict=True)) >= 13


def test_a_reply_does_not_depend_on_its_batch(player: Player) -> None:
    suite, rules = load_suite("studio"), protocol("askfirst-v1")
    requests = [next(play(scenario("ROD"), s, rules)) for s in suite.samples["ROD"][:3]]
    requests += [next(play(scenario("IN-C"), s, rules)) for s in suite.samples["IN-C"][:3]]
    pictures = [open_picture(suite, request.observation.picture) for request in requests]
    alone = [player.replies([r], [p])[0] for r, p in zip(requests, pictures, strict=True)]
    assert player.replies(requests, pictures) == alone


def test_every_text_of_both_suites_survives_the_tokenizer(player: Player) -> None:
    tokenizer = player.loaded.processor.tokenizer
    for text in suite_texts():
        ids = tokenizer.encode(f" {text}", add_special_tokens=False)
        assert tokenizer.decode(ids) == f" {text}"


def test_a_reply_begins_with_the_token_of_its_option(player: Player) -> None:
    tokenizer = player.loaded.processor.tokenizer
    listed = tokenizer.encode("A. Fire extinguisher.\n", add_special_tokens=False)
    replied = tokenizer.encode(" Fire extinguisher.", add_special_tokens=False)
    assert listed[2 : 2 + len(replied)] == replied


def test_padding_is_on_the_left_and_generation_is_greedy(player: Player) -> None:
    assert AutoProcessor.from_pretrained(FOLDER).tokenizer.padding_side == "left"
    assert player.loaded.model.generation_config.do_sample is False
    assert player.loaded.end_tokens == (player.loaded.processor.tokenizer.eos_token_id,)


def test_a_conversation_with_several_pictures_runs(player: Player) -> None:
    def asked(text: str) -> dict[str, object]:
        parts = [{"type": "image"}, {"type": "text", "text": text}]
        return {"role": "user", "content": parts}

    said = {"role": "assistant", "content": [{"type": "text", "text": "Wait for the end."}]}
    talk = [asked("What is it? A. Cat."), said, asked("What is it now? A. Cat.")]
    text = player.loaded.processor.apply_chat_template(talk, add_generation_prompt=True)
    pictures = [Image.new("RGB", (320, 240)), Image.new("RGB", (100, 200))]
    given = player.loaded.processor(text=[text], images=pictures, return_tensors="pt")
    with torch.inference_mode():
        made = player.loaded.model.generate(**given, max_new_tokens=4)
    assert made.shape[1] > given["input_ids"].shape[1]


def test_log_probabilities_of_options_are_those_of_whole_replies(player: Player) -> None:
    suite = load_suite("studio")
    request = next(play(scenario("QD"), suite.samples["QD"][0], protocol("askfirst-v1")))
    picture = open_picture(suite, request.observation.picture)
    logs = player.option_log_probabilities(request, picture)
    assert len(logs) == len(request.observation.options)
    assert 0 < torch.tensor(logs).exp().sum() <= 1
