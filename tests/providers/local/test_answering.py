"""Answers of a batch: alone or in company, with memory to spare or not, cut short or not."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from PIL import Image

from askfirst.providers.local.answering import Answerer
from askfirst.providers.local.job import Answer, Failure, Job, Line, Writing
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.pictures import Opened
from tests.providers.local.conftest import question

MODES = ("text", "logprobs")


def in_mode(loaded: LoadedModel, mode: str) -> LoadedModel:
    return replace(loaded, settings=replace(loaded.settings, mode=mode))


def answers(loaded: LoadedModel, batch: Sequence[Opened]) -> list[Answer]:
    found = Answerer(loaded, len(batch)).answers(batch)
    assert all(isinstance(one, Answer) for one in found), found
    return [one for one in found if isinstance(one, Answer)]


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_does_not_depend_on_its_company(
    loaded: LoadedModel, questions: Sequence[Opened], mode: str
) -> None:
    model = in_mode(loaded, mode)
    together = [a for part in (questions[:16], questions[16:]) for a in answers(model, part)]
    alone = [answer for one in questions for answer in answers(model, [one])]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert len({answer.text for answer in alone}) > 2, "or there would be nothing to mix up"
    for one, other in zip(together, alone, strict=True):
        assert one.option_logprobs == pytest.approx(other.option_logprobs, abs=1e-3)
    assert [a.output_tokens for a in together] == [a.output_tokens for a in alone]


def test_a_conversation_of_several_pictures_is_read(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    def after(first: Opened, last: Opened) -> Opened:
        lines = (*first.job.lines, Line("assistant", "Rewind the video."), *last.job.lines)
        return Opened(replace(last.job, lines=lines), first.images + last.images)

    talks = [after(first, last) for first, last in zip(questions[8:], questions, strict=False)]
    together, alone = answers(loaded, talks), [answers(loaded, [talk])[0] for talk in talks]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    short = answers(loaded, questions[: len(talks)])
    assert [answer.text for answer in together] != [answer.text for answer in short]
    assert all(a.input_tokens > b.input_tokens for a, b in zip(together, short, strict=True))


def test_memory_that_runs_out_halves_the_batch_and_is_noted(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    cramped = copy.deepcopy(loaded.model)

    def refuse(module: Any, positional: Any, given: dict[str, Any]) -> None:
        if len(given["input_ids"]) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")

    cramped.register_forward_pre_hook(refuse, with_kwargs=True)
    answerer = Answerer(replace(loaded, model=cramped), 10)
    found = answerer.answers(questions[:10])
    assert [one.number for one in found] == [one.job.number for one in questions[:10]]
    assert [a.text for a in found if isinstance(a, Answer)] == [
        a.text for a in answers(loaded, questions[:10])
    ]
    assert {one.note for one in found if isinstance(one, Answer)} == {
        "batch of 5 halved: out of memory"
    }
    assert answerer.most == 3, "later batches begin with what fits"


def test_a_request_that_breaks_breaks_alone(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    untold = replace(questions[1].job, options=())
    batch = [questions[0], Opened(untold, questions[1].images), questions[2]]
    good, broken, fine = Answerer(in_mode(loaded, "logprobs"), 3).answers(batch)
    assert isinstance(good, Answer)
    assert isinstance(fine, Answer)
    assert isinstance(broken, Failure)
    assert "needs to be told the options" in broken.error


def test_a_device_that_has_failed_is_not_asked_again(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    asked: list[int] = []

    def fail(module: Any, positional: Any, given: dict[str, Any]) -> None:
        asked.append(len(given["input_ids"]))
        raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    failing = copy.deepcopy(loaded.model)
    failing.register_forward_pre_hook(fail, with_kwargs=True)
    answerer = Answerer(replace(loaded, model=failing), 4)
    found = answerer.answers(questions[:4])
    assert answerer.broken
    assert asked == [4]
    assert [one.number for one in found if isinstance(one, Failure)] == [
        one.job.number for one in questions[:4]
    ]


def test_a_tiny_picture_is_answered_and_noted(loaded: LoadedModel) -> None:
    tiny = question(0, image=Image.new("RGB", (1, 1)))
    (first, second) = answers(loaded, [tiny, question(1)])
    assert first.note == "picture of 1×1 px scaled up to 32×32"
    assert second.note is None


def test_draws_with_a_seed_repeat_themselves(loaded: LoadedModel) -> None:
    def drawn(seed: int) -> str:
        writing = Writing(20, temperature=1.0, seed=seed)
        return answers(loaded, [question(writing=writing)])[0].text

    assert drawn(1) == drawn(1)
    assert len({drawn(seed) for seed in range(4)}) > 1
    assert len({answers(loaded, [question()])[0].text for _ in range(3)}) == 1, "greedy is greedy"


class Reciting:
    """Makes a model write given texts, one a row, whatever it was asked."""

    def __init__(self, loaded: LoadedModel, texts: Sequence[str]) -> None:
        tokenizer = loaded.processor.tokenizer
        end = tokenizer.eos_token_id
        self.scripts = [[*tokenizer.encode(text), end] for text in texts]
        self.steps: Iterator[int] = iter(range(1000))
        self.written = 0

    def __call__(self, module: Any, positional: Any, output: Any) -> Any:
        step = next(self.steps)
        self.written = step + 1
        for row, script in enumerate(self.scripts):
            output.logits[row, -1] = -100.0
            output.logits[row, -1, script[min(step, len(script) - 1)]] = 0.0
        return output


LABELS, OPTIONS = ("A", "B", "C"), ("Wait for it.", "Boat.", "I cannot answer this question.")


def recited(
    loaded: LoadedModel, texts: Sequence[str], early_stop: bool, max_tokens: int = 60
) -> tuple[list[Answer], int]:
    """Answers of a model that writes the texts, and how many steps it took."""
    model = copy.deepcopy(loaded.model)
    recital = Reciting(loaded, texts)
    model.register_forward_hook(recital)
    settings = replace(loaded.settings, early_stop=early_stop)
    batch = [
        question(n, writing=Writing(max_tokens), labels=LABELS, options=OPTIONS, cuttable=True)
        for n in range(len(texts))
    ]
    return answers(replace(loaded, model=model, settings=settings), batch), recital.written


def test_a_reply_ends_as_soon_as_it_has_named_its_option(loaded: LoadedModel) -> None:
    text = "C. I cannot answer this question."
    (whole,), steps = recited(loaded, [text], early_stop=False)
    assert (whole.text, whole.note, whole.finished) == (text, None, True)
    (cut,), fewer = recited(loaded, [text], early_stop=True)
    assert (cut.text, cut.finished) == (text, True)
    assert cut.note is not None
    assert cut.note.startswith("ended early, after 'C. I")
    assert fewer < steps
    assert cut.output_tokens == fewer


def test_only_the_rows_that_are_settled_end_early(loaded: LoadedModel) -> None:
    texts = ["B. Boat.", "Boat, I think.", "A. or B. or so", "C. I see a boat"]
    found, _ = recited(loaded, texts, early_stop=True)
    assert [answer.text for answer in found] == [
        "B. Boat.",
        "Boat, I think.",
        "A. or B. or so",
        "C. I cannot answer this question.",
    ]
    assert [bool(answer.note) for answer in found] == [True, False, False, True]
    assert all(answer.finished for answer in found)


def test_a_reply_that_the_limit_cuts_is_not_finished(loaded: LoadedModel) -> None:
    (answer,), _ = recited(loaded, ["Boat, or so it seems to me"], True, max_tokens=3)
    assert not answer.finished
    assert answer.output_tokens == 3


def test_a_job_knows_its_pictures_in_order() -> None:
    one = question().job
    earlier = replace(one.lines[0], pictures=("first",))
    assert Job(0, (earlier, one.lines[0]), Writing(1)).pictures == ("first", "a picture")
