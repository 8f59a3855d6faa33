from dataclasses import dataclass

from tools.studio.render.cache import planned


@dataclass(frozen=True)
class Scene:
    name: str
    split: str


SCENES = [Scene("a", "test"), Scene("b", "train"), Scene("c", "test")]
REPEATS = {"test": 2, "train": 1}
FIRST_ID = {"test": 11, "train": 61}


def test_samples_are_numbered_within_their_split() -> None:
    plan = planned(SCENES, REPEATS, FIRST_ID, {"test": None, "train": None})
    assert [(s.name, repeat, number) for s, repeat, number in plan] == [
        ("a", 0, 11),
        ("a", 1, 12),
        ("b", 0, 61),
        ("c", 0, 13),
        ("c", 1, 14),
    ]


def test_no_more_samples_are_planned_than_are_wanted() -> None:
    plan = planned(SCENES, REPEATS, FIRST_ID, {"test": 3, "train": 0})
    assert [(s.name, number) for s, _, number in plan] == [("a", 11), ("a", 12), ("c", 13)]
