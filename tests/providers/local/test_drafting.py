"""Replies checked instead of spelled: the same replies, in fewer steps."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
import torch

from askfirst.protocol.play import play
from askfirst.protocol.protocol import protocol
from askfirst.providers.local.drafting import draftable
from askfirst.providers.local.job import Answer, Job, Line, Writing
from askfirst.providers.local.loader import LoadedModel, load
from askfirst.providers.local.pictures import Opened
from askfirst.providers.local.rehearsal import rehearse
from askfirst.providers.local.settings import local_settings
from askfirst.providers.local.writing import write
from askfirst.scenarios.registry import scenario
from askfirst.suites.pixels import open_picture
from askfirst.suites.suite import load_suite

Change = Callable[[str, int], tuple[str, ...]]


@pytest.fixture(scope="module")
def drafting() -> LoadedModel:
    """The shipped model: of one with random weights no reply would be an option."""
    torch.set_num_threads(1)
    folder = files("askfirst") / "models" / "mini"
    return rehearse(load(local_settings(str(folder), {}), "cpu"))


@pytest.fixture(scope="module")
def questions() -> list[Opened]:
    """The first question of one sample of every scenario of the studio."""
    suite, asked = load_suite("studio"), []
    for key, (sample, *_) in suite.samples.items():
        request = next(play(scenario(key), sample, protocol("askfirst-v1")))
        message = request.messages[-1]
        assert message.picture is not None
        options = tuple(option.text for option in request.observation.options)
        line = Line("user", message.text, ("a picture",))
        job = Job(len(asked), (line,), Writing(20), request.labels, options)
        asked.append(Opened(job, (open_picture(suite, message.picture),)))
    return asked


def written(loaded: LoadedModel, batch: Sequence[Opened]) -> tuple[list[Answer], int]:
    """The answers, and how often the model was called for them."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    with loaded.model.register_forward_pre_hook(count):
        answers = write(loaded, [one.job for one in batch], [one.images for one in batch])
    return answers, calls


def offering(batch: Sequence[Opened], replies: Sequence[str], change: Change) -> list[Opened]:
    """The same questions, with options made of what the model replies to them."""
    options = [change(reply, number) for number, reply in enumerate(replies)]
    labels = tuple("ABCDE")
    return [
        replace(one, job=replace(one.job, options=texts, labels=labels[: len(texts)]))
        for one, texts in zip(batch, options, strict=True)
    ]


def known(reply: str, _: int) -> tuple[str, ...]:
    return "Boat.", reply.strip()


OPTIONS: dict[str, Change] = {
    "its reply": known,
    "half of it": lambda reply, _: (reply[: len(reply) // 2].strip(), "Boat."),
    "more than it": lambda reply, _: (reply.strip() + " And so on.", reply.strip()),
    "one that begins so": lambda reply, _: (reply.strip()[:-4] + "boat", reply.strip()),
    "only for some": lambda reply, number: ((reply.strip(), "Wait."), ("Boat.", "Wait."))[
        number % 2
    ],
    "none": lambda reply, _: ("Boat.", "Wait for it."),
    "an empty one": lambda reply, _: ("", reply.strip()),
}


@pytest.mark.parametrize("change", OPTIONS.values(), ids=OPTIONS)
def test_drafts_change_no_reply(
    drafting: LoadedModel, questions: Sequence[Opened], change: Change
) -> None:
    plain = replace(drafting, takes_drafts=False)
    replies, _ = written(plain, questions)
    asked = offering(questions, [answer.text for answer in replies], change)
    assert written(drafting, asked)[0] == written(plain, asked)[0] == replies


def test_a_reply_that_is_an_option_takes_two_steps(
    drafting: LoadedModel, questions: Sequence[Opened]
) -> None:
    replies, slow = written(replace(drafting, takes_drafts=False), questions)
    found, fast = written(drafting, offering(questions, [r.text for r in replies], known))
    assert found == replies
    assert slow == max(answer.output_tokens for answer in replies) + 1
    assert fast == 2


class Reciting:
    """Makes a model write a text behind a prompt, whatever it was asked."""

    def __init__(self, script: Sequence[int]) -> None:
        self.script = script
        self.prompt: int | None = None

    def __call__(self, module: Any, positional: Any, given: Any, output: Any) -> None:
        read, width = output.past_key_values.get_seq_length(), output.logits.shape[1]
        self.prompt = self.prompt or read
        for place in range(width):
            step = read - self.prompt - (width - 1 - place)
            output.logits[:, place] = -100.0
            output.logits[:, place, self.script[min(step, len(self.script) - 1)]] = 0.0


def test_a_reply_may_end_early_in_a_draft(
    drafting: LoadedModel, questions: Sequence[Opened]
) -> None:
    line = "B. A bridge over a river."
    tokens = drafting.processor.tokenizer(" " + line, add_special_tokens=False)["input_ids"]
    speaking = replace(drafting, model=copy.deepcopy(drafting.model))
    speaking.model.register_forward_hook(Reciting(tokens), with_kwargs=True)
    job = replace(questions[0].job, labels=("A", "B"), options=("A boat.", line[3:]), cuttable=True)
    (answer,), steps = written(speaking, [replace(questions[0], job=job)])
    assert (answer.text, answer.finished) == (line, True)
    assert answer.note is not None
    assert answer.note.startswith("ended early, after ' B. A b")
    assert answer.output_tokens < len(tokens)
    assert steps == 2


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("drawn", lambda one: replace(one, writing=Writing(8, temperature=1.0, seed=1))),
        ("not told the options", lambda one: replace(one, options=())),
    ],
)
def test_other_replies_are_not_drafted(
    drafting: LoadedModel, questions: Sequence[Opened], why: str, changed: Callable[..., object]
) -> None:
    assert draftable(drafting, [questions[0].job])
    assert not draftable(drafting, [changed(questions[0].job)]), why  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("setting", "value", "drafted"),
    [
        ("repetition_penalty", 1.05, False),
        ("repetition_penalty", 1.0, True),
        ("no_repeat_ngram_size", 3, False),
        ("min_length", 0, True),
        ("suppress_tokens", [5], False),
        ("temperature", 0.2, True),
        ("cache_implementation", "static", False),
    ],
)
def test_a_model_whose_own_settings_change_greedy_replies_is_not_drafted(
    drafting: LoadedModel, questions: Sequence[Opened], setting: str, value: Any, drafted: bool
) -> None:
    own = copy.deepcopy(drafting.generation)
    setattr(own, setting, value)
    assert draftable(replace(drafting, generation=own), [questions[0].job]) == drafted


def test_a_model_that_numbers_the_places_of_pictures_takes_no_drafts(
    drafting: LoadedModel,
) -> None:
    model = copy.deepcopy(drafting.model)

    class Numbering(type(model)):  # type: ignore[misc]
        def _prepare_position_ids_for_generation(self, *given: Any, **named: Any) -> Any:
            return super()._prepare_position_ids_for_generation(*given, **named)

    model.__class__ = Numbering
    assert not rehearse(replace(drafting, model=model)).takes_drafts


def test_a_model_that_minds_what_was_taken_back_takes_no_drafts(drafting: LoadedModel) -> None:
    """It counts what lies in its cache, wrong tokens included."""
    model = copy.deepcopy(drafting.model)

    def count(module: object, positional: object, given: dict[str, Any]) -> object:
        cache = given.get("past_key_values")
        if cache is None:
            return None
        ids = given["input_ids"]
        begin = cache.get_seq_length()
        return positional, {**given, "position_ids": begin + torch.arange(ids.shape[1])[None]}

    model.register_forward_pre_hook(count, with_kwargs=True)
    assert not rehearse(replace(drafting, model=model)).takes_drafts


def test_a_model_that_numbers_positions_otherwise_takes_no_drafts(drafting: LoadedModel) -> None:
    """It goes by the length of what it is given, as if nothing had been read before."""
    stubborn = replace(drafting, model=copy.deepcopy(drafting.model))

    def renumber(module: object, positional: object, given: dict[str, Any]) -> object:
        return positional, {**given, "position_ids": None, "past_key_values": None}

    stubborn.model.model.language_model.register_forward_pre_hook(renumber, with_kwargs=True)
    assert drafting.takes_drafts
    assert not rehearse(stubborn).takes_drafts


def test_who_wants_none_gets_none(drafting: LoadedModel) -> None:
    settings = replace(drafting.settings, drafts=False)
    assert not rehearse(replace(drafting, settings=settings, takes_drafts=False)).takes_drafts
