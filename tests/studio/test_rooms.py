import numpy as np
import pytest

from tools.studio.rooms.kinds import KINDS, Stage
from tools.studio.rooms.layout import Placed, covered, furnish, outline, project
from tools.studio.rooms.scenes import SCENES, kind_of, layout_of
from tools.studio.rooms.things import things
from tools.studio.rooms.truth import Room, akin_to, wrong_things

STRAIGHT = Stage((0, -2, 1), (0, 0, 1), 36, 2, (-1, 1), (-1, 1), (1, 2), 3)


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize(
    ("point", "seen"),
    [
        ((0, 0, 1), (0.5, 0.5)),  # straight ahead
        ((0.5, 0, 1), (0.75, 0.5)),  # a 36 mm lens sees 1 m to each side at 2 m, in 4:3
        ((0, 0, 1.75), (0.5, 0.0)),
        ((1, 2, 1), (0.75, 0.5)),
    ],
)
def test_a_pinhole_camera_projects_points(point, seen) -> None:
    assert project(STRAIGHT, np.array([point], dtype=float))[0] == pytest.approx(seen)


def test_covered_is_the_share_of_the_rear_rectangle() -> None:
    assert covered((0, 0, 1, 1), (0.5, 0.5, 2, 2)) == 0.25
    assert covered((0, 0, 1, 1), (1, 0, 2, 1)) == 0


def test_all_things_that_a_kind_may_hold_are_in_the_table() -> None:
    named = {key for kind in KINDS for slot in kind.slots for key in slot.things}
    assert named <= set(things())


@pytest.mark.parametrize("kind", KINDS[::4], ids=lambda kind: kind.name)
def test_a_room_is_furnished_the_same_by_the_same_seed_and_stays_in_the_picture(kind) -> None:
    layout = furnish(kind, "a", rng())
    assert furnish(kind, "a", rng()) == layout
    for placed in layout.placed:
        rect = outline(kind.stage, placed)
        assert min(rect) >= 0
        assert max(rect) <= 1


@pytest.mark.parametrize("kind", KINDS[1::4], ids=lambda kind: kind.name)
def test_what_stands_on_something_touches_its_upper_side(kind) -> None:
    placed = furnish(kind, "a", rng()).placed
    for one in placed:
        if one.support is not None:
            base = placed[one.support]
            assert one.at[2] == pytest.approx(base.at[2] + things()[base.thing].size[2])


def test_no_scene_is_in_both_splits_and_each_has_a_kind() -> None:
    assert not set(SCENES["test"]) & set(SCENES["train"])
    for name in SCENES["test"] + SCENES["train"]:
        assert kind_of(name).slots


def test_a_scene_keeps_the_richest_of_several_draws() -> None:
    assert len({placed.thing for placed in layout_of(0, "tool_bench-1").placed}) >= 8


def room_with(*keys: str) -> Room:
    """A room whose mask is split into one column of 10×40 pixels a thing."""
    layout = layout_of(0, "tool_bench-1")
    placed = tuple(Placed(key, (0.0, 0.0, 0.0), 0.0) for key in keys)
    mask = np.repeat(np.arange(1, len(keys) + 1, dtype=np.uint8), 10)[None, :].repeat(40, axis=0)
    return Room(type(layout)("tool_bench-1", layout.kind, layout.place, 0, 0, placed), mask)


def test_a_box_encloses_all_pixels_of_a_thing() -> None:
    room = room_with("cat", "dog")
    assert room.box(2) == (10, 0, 20, 40)
    assert Room(room.layout, np.zeros_like(room.mask)).box(2) is None


def test_things_of_one_family_are_not_unique() -> None:
    room = room_with("sofa_leather", "cat", "sofa_futon")
    assert room.unique() == [2]


@pytest.mark.parametrize("key", sorted(things())[::9])
def test_wrong_answers_can_never_be_right_too(key) -> None:
    answer = things()[key]
    absent = {"cat", "table"}
    wrong = wrong_things(answer, absent, list(things().values()), rng())
    families = {
        thing.family for thing in things().values() for label in wrong if thing.label == label
    }
    assert len({answer.label, *wrong}) == 4
    assert not families & akin_to({answer.family} | absent)


def test_too_few_candidates_are_an_error() -> None:
    with pytest.raises(ValueError, match="fewer than three"):
        wrong_things(things()["cat"], set(), [things()["dog"]], rng())
