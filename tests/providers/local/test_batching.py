"""Which requests run together."""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from askfirst.providers.local.batching import halves, next_batch
from askfirst.providers.local.job import Writing
from askfirst.providers.local.pictures import Opened
from tests.providers.local.conftest import question

WRITINGS = [Writing(8), Writing(50), Writing(8, temperature=1.0), Writing(8, 1.0, seed=3)]

waiting_lists = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from(WRITINGS)), min_size=1, max_size=30
).map(
    lambda rows: [
        question(number, "x" * length, writing=writing)
        for number, (length, writing) in enumerate(rows)
    ]
)


@given(waiting_lists, st.integers(1, 8))
def test_a_batch_takes_the_oldest_and_leaves_nobody_out(waiting: list[Opened], most: int) -> None:
    batch, left = next_batch(waiting, most)
    assert waiting[0] in batch
    assert 1 <= len(batch) <= most
    assert len({one.job.writing for one in batch}) == 1
    assert sorted(one.job.number for one in batch + left) == list(range(len(waiting)))
    assert left == [one for one in waiting if one in left], "those who wait keep their order"


@given(waiting_lists)
def test_one_that_draws_with_a_seed_runs_alone(waiting: list[Opened]) -> None:
    batch, _ = next_batch(waiting, len(waiting))
    assert batch[0].job.writing.seed is None or len(batch) == 1


def test_the_company_of_the_oldest_is_nearest_in_length() -> None:
    lengths = [100, 5, 90, 300, 104]
    waiting = [question(number, "x" * length) for number, length in enumerate(lengths)]
    batch, left = next_batch(waiting, 3)
    assert [one.job.number for one in batch] == [4, 0, 2]
    assert [one.job.number for one in left] == [1, 3]


def test_a_large_picture_counts_as_length() -> None:
    large, small = Image.new("RGB", (900, 900)), Image.new("RGB", (90, 90))
    waiting = [question(n, image=image) for n, image in enumerate([large, small, large])]
    batch, _ = next_batch(waiting, 2)
    assert [one.job.number for one in batch] == [0, 2]


@given(st.lists(st.integers(), min_size=2, max_size=9))
def test_halves_are_the_whole(batch: list[int]) -> None:
    first, second = halves(batch)
    assert [*first, *second] == batch
    assert 0 <= len(first) - len(second) <= 1
