from collections import Counter

import numpy as np
import pytest
from PIL import Image

from askfirst.scenarios import scenario
from askfirst.scenarios.plan import shortest_plan
from tests.studio.test_rooms import room_with
from tools.studio.vsod import (
    ASKING,
    FRAME,
    FRAMES,
    OCCLUDED_BELOW,
    SORTS,
    SUFFICIENT_AT,
    WAITING,
    Question,
    Shot,
    choose,
    draw_shot,
    evidence_of,
    first_frame,
    main_colour,
    person_layer,
    plural,
    questions,
    record,
    visible_shares,
    window_at,
)

SIZE = (1280, 960)
STILL = Shot((0, 0, 0, 0, 640, 480), 800, -80, 5, 15, True, ((0.0, 0.0),) * FRAMES)
EMPTY = np.zeros((FRAME[1], FRAME[0], 4), np.float32)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def block_of_flats() -> Image.Image:
    """A person as simple as can be: an opaque red rectangle in a transparent picture."""
    person = Image.new("RGBA", (200, 400))
    person.paste((255, 0, 0, 255), (40, 20, 160, 380))
    return person


@pytest.mark.parametrize("seed", range(5))
def test_the_window_stays_in_the_picture_and_pans(seed) -> None:
    shot = draw_shot(SIZE, rng(seed))
    windows = [window_at(shot, frame) for frame in range(FRAMES)]
    for left, top, right, bottom in windows:
        assert 0 <= left < right <= SIZE[0]
        assert 0 <= top < bottom <= SIZE[1]
    assert len({(right - left, bottom - top) for left, top, right, bottom in windows}) == 1
    assert abs(windows[0][0] - windows[-1][0]) > 100


def test_the_person_comes_crosses_and_goes() -> None:
    cover = [
        float(person_layer(block_of_flats(), STILL, frame)[..., 3].mean())
        for frame in range(FRAMES)
    ]
    assert cover[0] == cover[-1] == 0
    assert max(cover) == cover[10] > 0.5
    assert cover[6] < cover[8] < cover[10] > cover[12] > cover[14]


def test_walking_left_is_the_mirror_image_of_walking_right() -> None:
    leftward = Shot(
        **{name: getattr(STILL, name) for name in Shot.__slots__} | {"rightward": False}
    )
    right = person_layer(block_of_flats(), STILL, 8)[..., 3]
    left = person_layer(block_of_flats(), leftward, 8)[..., 3]
    assert np.abs(right - left[:, ::-1]).mean() < 0.02


def test_visible_shares_count_the_window_and_the_person() -> None:
    room = room_with("cat", "dog")
    mask = np.zeros((960, 1280), np.uint8)
    mask[0:200, 0:200] = 1  # whole in the window
    mask[0:200, 540:740] = 2  # half of it lies right of the window's edge at 640
    room = type(room)(room.layout, mask)
    clear = visible_shares(room, STILL, [EMPTY] * FRAMES)
    assert clear[0] == pytest.approx([1, 0.5])
    half = EMPTY.copy()
    half[..., 3] = 0.5
    assert visible_shares(room, STILL, [half] * FRAMES)[3] == pytest.approx([0.5, 0.25])


def test_evidence_is_the_least_share_when_all_is_needed_and_else_the_greatest() -> None:
    shares = np.array([[0.2, 0.9, 0.5]])
    every = Question("count", "", "Two", ("One", "Three", "Four"), (1, 3))
    either = Question("place", "", "Gym", ("a", "b", "c"), (1, 3), all_needed=False)
    assert evidence_of(every, shares) == [0.2]
    assert evidence_of(either, shares) == [0.5]


def test_the_first_frame_is_one_in_which_the_person_hides_what_is_asked() -> None:
    evidence, clear = np.ones(FRAMES), np.ones(FRAMES)
    evidence[3] = evidence[9] = evidence[12] = 0.1
    clear[9] = 0.2  # there it is out of the window anyway
    assert first_frame(evidence, clear, STILL) == 12
    assert first_frame(np.full(FRAMES, 0.1), clear, STILL) is None
    assert first_frame(np.ones(FRAMES), clear, STILL) is None


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((200, 30, 30), "Red"),
        ((30, 60, 200), "Blue"),
        ((40, 160, 50), "Green"),
        ((20, 20, 22), "Black"),
        ((235, 235, 230), "White"),
        ((128, 128, 128), None),
    ],
)
def test_colours_are_named_only_where_they_are_plain(colour, name) -> None:
    assert main_colour(np.array([colour] * 10, np.uint8)) == name


def test_a_mixed_thing_has_no_main_colour() -> None:
    assert main_colour(np.array([(200, 30, 30)] * 5 + [(30, 60, 200)] * 5, np.uint8)) is None


def test_plurals() -> None:
    assert [plural(label) for label in ("Cat", "Boots")] == ["cats", "pairs of boots"]


def test_questions_about_a_room_have_four_different_options_and_one_right_answer() -> None:
    room = room_with("teddy_bear", "dog", "crate", "crate", "radio")
    mask = np.zeros((960, 1280), np.uint8)
    for index in room.indices():
        mask[400:560, 230 * index - 150 : 230 * index] = index
    room = type(room)(room.layout, mask)
    found = list(questions(room, Image.new("RGB", SIZE, (210, 20, 20)), rng()))
    assert {question.sort for question in found} == {"count", "beside", "colour", "present"}
    for question in found:
        assert len({question.answer, *question.wrong}) == 4
    counts = [question for question in found if question.sort == "count"]
    assert [(q.blank, q.answer, q.asked) for q in counts] == [("wooden crates", "Two", (3, 4))]
    beside = {(q.blank, q.answer) for q in found if q.sort == "beside"}
    assert ("the right of the teddy bear", "Dog") in beside


def test_questions_are_chosen_by_rare_sorts_and_never_twice_for_one_answer() -> None:
    pool = [
        Question("present", "", "Cat", ("a", "b", "c"), (1,)),
        Question("beside", "the left of the sofa", "Cat", ("a", "b", "c"), (1, 2)),
        Question("place", "", "Gym", ("a", "b", "c"), (1,)),
        Question("present", "", "Dog", ("a", "b", "c"), (3,)),
    ]
    used = Counter({"present": 5})
    assert [(q.sort, q.answer) for q in choose(pool, 3, used)] == [
        ("beside", "Cat"),
        ("place", "Gym"),
        ("present", "Dog"),
    ]
    assert used["present"] == 6


def test_wordings_are_understood_and_plenty() -> None:
    assert set(ASKING) == set(SORTS)
    assert sum(map(len, ASKING.values())) >= 10
    assert len(set(WAITING)) >= 10
    assert all(text.startswith("Wait for the ") and text.endswith(".") for text in WAITING)


def test_a_sample_can_be_solved_by_waiting_or_rewinding() -> None:
    evidence = np.ones(FRAMES)
    evidence[8:15] = 0.1
    question = Question("place", "", "Gym", ("Office", "Kitchen", "Garage"), (1,))
    wording = ("What place is this?", WAITING[0], "I do not know the answer.")
    row = record(question, evidence, 11, wording, 70001, "vsod/gym-1-0", "gym-1", rng())
    vsod = scenario("VSOD")
    plan = shortest_plan(vsod, vsod.read(row))
    assert plan is not None
    assert len(plan) == 4  # 11 → 7 or 11 → 15
    assert row["evidence"][row["first_image"]] < OCCLUDED_BELOW < SUFFICIENT_AT
    assert sorted(row["categories"]) == ["Garage.", "Gym.", "Kitchen.", "Office."]
