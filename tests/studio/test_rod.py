import numpy as np
import pytest

from askfirst.scenarios import scenario
from askfirst.scenarios.plan import shortest_plan
from tools.studio.rod import MOVES, QUESTIONS, record, wrong_objects
from tools.studio.rod_scene import COLOURS, HIDDEN, rod_scenes, table_objects

SCENES = rod_scenes(0)
EVIDENCE = [1, 1, 1, 0.99, 0.86, 0.45, 0.09, 0, 0.06, 0.44, 0.83, 1, 1, 1]


def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def test_the_suite_has_enough_scenes_and_categories() -> None:
    counts = {split: sum(s.split == split for s in SCENES) for split in ("test", "train")}
    assert counts["test"] >= 60
    assert counts["train"] >= 40
    assert len({s.label for s in SCENES}) == len(SCENES)


def test_no_model_is_in_both_splits() -> None:
    of = {
        split: {o.model for o in table_objects() if o.split == split} for split in ("test", "train")
    }
    assert not of["test"] & of["train"]


def test_another_seed_gives_other_scenes_and_the_same_seed_the_same() -> None:
    assert rod_scenes(0) == SCENES
    assert rod_scenes(1) != SCENES


@pytest.mark.parametrize("scene", SCENES[::12], ids=lambda scene: scene.name)
def test_a_sample_starts_hidden_and_is_solved_by_three_moves_one_way(scene) -> None:
    rod = scenario("ROD")
    sample = rod.read(record(scene, EVIDENCE, 10001, generator()))
    assert sample.first_image == HIDDEN
    plan = shortest_plan(rod, sample)
    assert plan is not None
    assert len(plan) == 3  # 7 → 4 shows 0.86; 7 → 10 shows 0.83
    assert len(set(plan)) == 1


def test_sufficient_means_six_tenths_of_the_object() -> None:
    made = record(SCENES[0], [0.0, 0.599, 0.6, *EVIDENCE[3:]], 1, generator())
    assert made["sufficient"][:3] == [False, False, True]


def test_wrong_answers_are_other_objects_of_the_split_one_of_them_of_the_same_kind() -> None:
    objects = table_objects()
    labels = {o.label: o for o in objects}
    for scene in SCENES:
        wrong = wrong_objects(scene, objects, generator())
        assert len({scene.label, *wrong}) == 4
        assert {labels[w].split for w in wrong} == {scene.split}
        assert scene.kind in {labels[w].kind for w in wrong}


@pytest.mark.parametrize(("left", "right"), MOVES)
def test_each_pair_of_moves_is_known_by_its_direction_alone(left, right) -> None:
    for colour in COLOURS:
        left_text, right_text = (text.format(colour=colour) for text in (left, right))
        assert "to the left" in left_text
        assert "to the right" not in left_text
        assert "to the right" in right_text
        assert "to the left" not in right_text


def test_questions_are_many_and_name_the_colour() -> None:
    assert len(set(QUESTIONS)) >= 10
    assert all("{colour}" in question for question in QUESTIONS)
