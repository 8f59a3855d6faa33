"""Conversations that are read turn by turn: the same replies, with less to read."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from PIL import Image

from askfirst.providers.local.answering import Answerer
from askfirst.providers.local.continuing import Prefix
from askfirst.providers.local.job import Answer, Line
from askfirst.providers.local.loader import LoadedModel
from askfirst.providers.local.pictures import Opened
from askfirst.providers.local.pool import Pool
from askfirst.providers.local.prefixes import Prefixes
from askfirst.providers.local.rehearsal import rehearse
from askfirst.providers.local.settings import local_settings

REPLIES = ("Rewind the video.", "Move it to the left, then.", "No.")


@pytest.fixture(scope="module", params=["text", "logprobs"])
def reading(request: pytest.FixtureRequest, loaded: LoadedModel) -> LoadedModel:
    settings = replace(loaded.settings, mode=request.param)
    return rehearse(replace(loaded, settings=settings))


def turns(questions: Sequence[Opened], number: int) -> list[Opened]:
    """The first turns of a conversation about one picture after the other."""
    lines: tuple[Line, ...] = ()
    images: tuple[Image.Image, ...] = ()
    asked = []
    for place, reply in enumerate(REPLIES):
        one = questions[number + place]
        shown = replace(one.job.lines[0], pictures=(f"data:{number} {place}",))
        lines, images = (*lines, shown), images + one.images
        job = replace(one.job, number=number, lines=lines, continued=True)
        asked.append(Opened(job, images))
        lines = (*lines, Line("assistant", reply))
    return asked


class Counted:
    """Counts the tokens and pictures that a model is given."""

    def __init__(self, model: Any) -> None:
        self.tokens = self.pictures = 0
        model.register_forward_pre_hook(self, with_kwargs=True)

    def __call__(self, module: Any, positional: Any, given: dict[str, Any]) -> None:
        self.tokens += given["input_ids"].numel()
        self.pictures += len(given.get("pixel_values", ()))


def played(loaded: LoadedModel, questions: Sequence[Opened]) -> tuple[list[Answer], Counted]:
    """The answers of five conversations that run side by side, turn by turn."""
    model = copy.deepcopy(loaded.model)
    counted = Counted(model)
    answerer = Answerer(replace(loaded, model=model), 5)
    found: list[Any] = []
    for batch in zip(*(turns(questions, number) for number in range(5)), strict=True):
        found += answerer.answers(batch)
    assert all(isinstance(one, Answer) for one in found), found
    return found, counted


def test_what_was_read_is_not_read_again(reading: LoadedModel, questions: Sequence[Opened]) -> None:
    assert reading.takes_prefixes
    kept, less = played(reading, questions)
    plain, more = played(replace(reading, takes_prefixes=False), questions)
    for one, other in zip(kept, plain, strict=True):
        assert (one.text, one.input_tokens) == (other.text, other.input_tokens)
        assert one.option_logprobs == pytest.approx(other.option_logprobs, abs=1e-3)
    assert (less.pictures, more.pictures) == (15, 30)
    assert less.tokens < 0.8 * more.tokens


def test_a_conversation_with_another_past_is_read_anew(
    reading: LoadedModel, questions: Sequence[Opened]
) -> None:
    first, second, _ = turns(questions, 0)
    elsewhere, _, _ = turns(questions, 3)
    other = replace(
        second, job=replace(second.job, lines=(*elsewhere.job.lines, *second.job.lines[1:]))
    )
    other = replace(other, images=(*elsewhere.images, second.images[1]))
    answerer = Answerer(reading, 4)
    (before,) = Answerer(reading, 4).answers([other])
    answerer.answers([first])
    answerer.answers([elsewhere])
    (after,) = answerer.answers([other])
    assert isinstance(before, Answer)
    assert isinstance(after, Answer)
    assert after.text == before.text
    assert after.option_logprobs == pytest.approx(before.option_logprobs, abs=1e-3)


def test_a_batch_of_which_a_part_was_read_is_read_whole(
    reading: LoadedModel, questions: Sequence[Opened]
) -> None:
    first, second, _ = turns(questions, 0)
    _, other, _ = turns(questions, 3)
    answerer = Answerer(reading, 4)
    answerer.answers([first])
    together = answerer.answers([second, other])
    alone = [Answerer(reading, 4).answers([one])[0] for one in (second, other)]
    assert [a.text for a in together if isinstance(a, Answer)] == [
        a.text for a in alone if isinstance(a, Answer)
    ]


def test_only_conversations_that_go_on_are_kept(
    reading: LoadedModel, questions: Sequence[Opened]
) -> None:
    (first, *_) = turns(questions, 0)
    answerer = Answerer(reading, 4)
    answerer.answers([replace(first, job=replace(first.job, continued=False))])
    line = replace(first.job.lines[0], pictures=("photograph.png",))
    answerer.answers([replace(first, job=replace(first.job, lines=(line,)))])
    following = (*first.job.lines, Line("assistant", "No."), line)
    assert answerer.prefixes.before(following, range(10_000)) is None


def prefix(count: int) -> Prefix:
    part = torch.zeros(2, count, 4)
    return Prefix(tuple(range(count)), 1, ((part, part),))


def conversation(name: str) -> tuple[Line, ...]:
    return (Line("user", name, ("data:",)),)


def later(name: str) -> tuple[Line, ...]:
    return (*conversation(name), Line("assistant", "No."), Line("user", "Now?"))


def test_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    kept = Prefixes(2 * prefix(10).size)
    for name in ("first", "second", "third"):
        kept.keep(conversation(name), prefix(10))
    assert kept.before(later("first"), range(20)) is None
    assert kept.before(later("third"), range(20)) is not None
    kept.keep(conversation("large"), prefix(30))
    assert kept.before(later("large"), range(40)) is None
    assert kept.before(later("second"), range(20)) is not None
    kept.forget()
    assert kept.before(later("third"), range(20)) is None
    kept.keep(conversation("first"), prefix(20))
    assert kept.before(later("first"), range(30)) is not None, "the count began anew"


@pytest.mark.parametrize(
    ("tokens", "known"),
    [(range(20), True), (range(11), True), (range(10), False), ([0, 2, *range(2, 20)], False)],
)
def test_a_prefix_must_be_one(tokens: Sequence[int], known: bool) -> None:
    kept = Prefixes(10_000)
    kept.keep(conversation("it"), prefix(10))
    assert (kept.before(later("it"), tokens) is not None) == known


def test_memory_that_runs_out_takes_what_was_kept_first(
    reading: LoadedModel, questions: Sequence[Opened]
) -> None:
    first, second, _ = turns(questions, 0)
    cramped = copy.deepcopy(reading.model)
    refusals = iter([True])

    def refuse(module: Any, positional: Any, given: dict[str, Any]) -> None:
        if len(given.get("pixel_values", ())) == 2 and next(refusals, False):
            raise torch.OutOfMemoryError("CUDA out of memory")

    answerer = Answerer(replace(reading, model=cramped), 2)
    _, other, _ = turns(questions, 3)
    answerer.answers([first])
    cramped.register_forward_pre_hook(refuse, with_kwargs=True)
    with_room = answerer.answers([second, other])
    assert all(isinstance(one, Answer) for one in with_room)
    assert (
        answerer.prefixes.before((*second.job.lines, *second.job.lines[1:]), range(10**4)) is None
    )


def test_a_conversation_stays_with_its_worker(tiny_model: Any, questions: Sequence[Opened]) -> None:
    settings = local_settings(str(tiny_model), {"devices": "cpu,cpu", "threads": 1})
    pool = Pool(settings)
    home, other = pool.workers
    try:
        first, second, third = (one.job for one in turns(questions, 0))
        assert pool.worker_for(first) is home
        home.jobs[1] = home.jobs[2] = None  # type: ignore[assignment]
        assert pool.worker_for(turns(questions, 3)[0].job) is other, "it has less to do"
        assert pool.worker_for(second) is home
        assert pool.worker_for(third) is home
        assert pool.worker_for(second) is other, "nobody remembers a turn that is over"
    finally:
        home.jobs.clear()
        pool.close()


def test_who_wants_none_gets_none(loaded: LoadedModel) -> None:
    settings = replace(loaded.settings, prefixes=0)
    assert not rehearse(replace(loaded, settings=settings)).takes_prefixes
