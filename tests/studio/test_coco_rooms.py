import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.scenarios import scenario
from askfirst.scenarios.plan import shortest_plan
from tests.studio.test_rooms import room_with
from tools.studio.coco_rooms import (
    DIRECTIONS,
    LONG_ENOUGH,
    SHORTEST,
    askable,
    crop_after,
    crop_towards,
    crops_of,
    record,
    share_of,
    sound,
)

SIZE = (1280, 960)
LEFT = {
    "direction": "left",
    "granularity": 4,
    "horizontal_step": 10.0,
    "vertical_step": 0.0,
    "crop": {"top": 20, "left": 100, "height": 80, "width": 160},
}
ZOOM = {**LEFT, "direction": "zoom", "vertical_step": 5.0}


@pytest.mark.parametrize(
    ("fields", "moves", "crop"),
    [
        (LEFT, 0, (90, 20, 160, 80)),  # the first state has moved one step already
        (LEFT, 3, (60, 20, 160, 80)),
        (ZOOM, 0, (90, 15, 270, 105)),  # width and height count from left and top
        (ZOOM, 1, (80, 10, 280, 110)),
    ],
)
def test_crops_grow_as_published(fields, moves, crop) -> None:
    assert crop_after(fields, moves) == crop


def test_the_share_of_a_box_is_measured_by_area() -> None:
    assert share_of((0, 0, 10, 10), (5, 5, 20, 20)) == 0.25
    assert share_of((0, 0, 10, 10), (20, 20, 30, 30)) == 0


@st.composite
def boxes(draw):
    left, top = draw(st.integers(80, 900)), draw(st.integers(80, 600))
    return left, top, left + draw(st.integers(60, 260)), top + draw(st.integers(60, 220))


@settings(max_examples=60)
@given(boxes(), st.sampled_from(DIRECTIONS), st.integers(0, 1000))
def test_sound_crops_stay_in_the_picture_and_lead_from_little_to_enough(box, way, seed) -> None:
    geometry = crop_towards(box, SIZE, way, np.random.default_rng(seed))
    fields = {"direction": way, **(geometry or {}), "box": list(box)}
    if geometry is None or not sound(fields, SIZE):
        return
    last = fields["granularity"] - (way != "zoom")
    shares = [share_of(box, crop_after(fields, moves)) for moves in range(last + 1)]
    assert shares == sorted(shares)
    assert shares[0] < 0.35
    assert shares[-1] >= 0.85
    for moves in range(last + 1):
        left, top, right, bottom = crop_after(fields, moves)
        assert 0 <= left < right <= SIZE[0]
        assert 0 <= top < bottom <= SIZE[1]


@pytest.mark.parametrize("way", DIRECTIONS)
def test_every_direction_can_be_made_and_is_played_to_its_end(way) -> None:
    room = room_with("teddy_bear", "dog")
    box, generator = (500, 400, 700, 560), np.random.default_rng(1)
    tries = (crop_towards(box, SIZE, way, generator) for _ in range(50))
    fields = next(
        {"direction": way, **g, "box": list(box), "sufficient_at": 0.7}
        for g in tries
        if g and sound({"direction": way, **g, "box": list(box)}, SIZE)
    )
    row = record(room, 1, fields, ("What is it?", "I do not know."), 1, "coco/a.webp", generator)
    coco = scenario("COCO")
    plan = shortest_plan(coco, coco.read(row))
    assert plan
    assert len(row["options"]) == len(way.split("_")) + 1
    assert row["answer"] == "Teddy bear."
    assert "Dog." not in row["categories"]


def test_small_things_are_not_asked_for() -> None:
    room = room_with("teddy_bear", "dog")
    assert min(room.mask.shape) < LONG_ENOUGH
    assert askable(room) == []
    large = type(room)(room.layout, room.mask.repeat(SHORTEST, axis=0).repeat(SHORTEST, axis=1))
    assert [index for index, _ in askable(large)] == [1, 2]


def test_the_nine_directions_are_dealt_in_turn() -> None:
    room = room_with("teddy_bear", "dog", "cat", "drill", "vase", "radio", "toaster", "kettle")
    mask = np.zeros((960, 1280), np.uint8)
    for index in room.indices():
        left, top = 150 + 280 * ((index - 1) % 4), 200 + 350 * ((index - 1) // 4)
        mask[top : top + 120, left : left + 130] = index
    made = list(crops_of(type(room)(room.layout, mask), 1, np.random.default_rng(0)))
    assert [index for index, _ in made] == list(room.indices())
    assert len({fields["direction"] for _, fields in made}) >= 7
