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
    assert answerer.prefixes.held == 0
    answerer.answers([first])
    assert answerer.prefixes.held > 0


def prefix(count: int) -> Prefix:
    part = torch.zeros(2, count, 4)
    return Prefix(tuple(range(count)), 1, ((part, part),))


def conversation(name: str) -> tuple[Line, ...]:
    return (Line("user", name, ("data:",)),)


def test_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    by_size, by_count = Prefixes(2 * prefix(10).size, 100), Prefixes(10**6, 2)
    for kept in (by_size, by_count):
        for name in ("first", "second", "third"):
            kept.keep(conversation(name), prefix(10))
        assert kept.take(conversation("first"), range(20)) is None
        assert kept.take(conversation("second"), range(20)) is not None
        assert kept.take(conversation("third"), range(20)) is not None


def test_what_is_taken_is_kept_no_longer() -> None:
    kept = Prefixes(2 * prefix(10).size, 100)
    kept.keep(conversation("it"), prefix(10))
    assert kept.take(conversation("it"), range(20)) is not None
    assert kept.take(conversation("it"), range(20)) is None
    kept.keep(conversation("it"), prefix(20))
    assert kept.take(conversation("it"), range(30)) is not None, "its room is free again"


def test_after_memory_ran_out_less_is_kept() -> None:
    kept = Prefixes(10 * prefix(10).size, 100)
    assert not kept.shrink(), "there was nothing"
    for name in ("first", "second", "third", "fourth"):
        kept.keep(conversation(name), prefix(10))
    assert kept.shrink()
    assert kept.take(conversation("fourth"), range(20)) is None
    for name in ("first", "second", "third"):
        kept.keep(conversation(name), prefix(10))
    assert kept.take(conversation("first"), range(20)) is None
    assert kept.take(conversation("third"), range(20)) is not None


@pytest.mark.parametrize(("parts", "room"), [(3, True), (2.9, False)])
def test_nothing_is_kept_that_would_drive_out_its_like(parts: float, room: bool) -> None:
    assert Prefixes(int(parts * 1000), 100).has_room(1000) == room


@pytest.mark.parametrize(
    ("tokens", "known"),
    [(range(20), True), (range(11), True), (range(10), False), ([0, 2, *range(2, 20)], False)],
)
def test_a_prefix_must_be_one(tokens: Sequence[int], known: bool) -> None:
    kept = Prefixes(10_000, 10)
    kept.keep(conversation("it"), prefix(10))
    assert (kept.take(conversation("it"), tokens) is not None) == known


@pytest.mark.parametrize("size", [1, 3])
def test_memory_that_what_is_kept_takes_costs_no_answer(
    reading: LoadedModel, questions: Sequence[Opened], size: int
) -> None:
    """It runs out whenever more than one conversation is kept."""
    cramped = copy.deepcopy(reading.model)
    answerer = Answerer(replace(reading, model=cramped), size)

    def refuse(module: Any, positional: Any, given: dict[str, Any]) -> None:
        if answerer.prefixes.held > 500_000:
            raise torch.OutOfMemoryError("CUDA out of memory")

    cramped.register_forward_pre_hook(refuse, with_kwargs=True)
    found, plain = [], []
    for turn in zip(*(turns(questions, number) for number in range(3)), strict=True):
        for start in range(0, 3, size):
            batch = turn[start : start + size]
            found += answerer.answers(batch)
            plain += Answerer(replace(reading, takes_prefixes=False), size).answers(batch)
    assert all(isinstance(one, Answer) for one in found), found
    assert [a.text for a in found if isinstance(a, Answer)] == [
        a.text for a in plain if isinstance(a, Answer)
    ]
    notes = {one.note for one in found if isinstance(one, Answer)}
    assert notes == {None, "kept conversations forgotten: out of memory"}
    assert answerer.most == size, "no batch was halved"


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
