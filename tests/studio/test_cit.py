import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.scenarios import scenario
from askfirst.scenarios.plan import shortest_plan
from tools.studio.cit import DEEDS, QUESTIONS, REWIND, STEPS, WAITS, answers, record
from tools.studio.cit_scene import (
    ANSWERS,
    EARLIEST,
    FRAMES,
    LATEST,
    cit_scenes,
    evidence,
    phase,
)

SCENES = cit_scenes(0)
EVENTS = st.integers(EARLIEST, LATEST)


def test_there_are_enough_films_of_enough_changes() -> None:
    films = {split: [s for s in SCENES if s.split == split] for split in ("test", "train")}
    assert len(films["test"]) * len(STEPS) >= 60
    assert len(films["train"]) * len(STEPS) >= 40
    for scenes in films.values():
        assert len({s.change for s in scenes}) >= 10


def test_films_have_names_of_their_own_and_no_shown_thing_is_in_both_splits() -> None:
    assert len({s.name for s in SCENES}) == len(SCENES)
    shown = [s for s in SCENES if s.outcome == "shown"]
    test, train = ({s.model for s in shown if s.split == split} for split in ("test", "train"))
    assert not test & train


@given(EVENTS)
def test_nothing_changes_before_the_event_and_everything_has_changed_at_the_end(event) -> None:
    phases = [phase(i, event) for i in range(FRAMES)]
    assert phases[0] == -1
    assert phases[-1] == 1
    assert all((p > 0) == (i >= event) for i, p in enumerate(phases))
    assert phases == sorted(phases)


def test_evidence_is_the_share_of_the_time_to_the_event() -> None:
    assert evidence(4) == (0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_waiting_until_the_event_solves_a_film(scene, step) -> None:
    cit = scenario("CIT")
    sample = cit.read(record(scene, step, 50001, np.random.default_rng(3)))
    plan = shortest_plan(cit, sample)
    assert plan is not None
    assert len(plan) == -(-scene.event // step)
    assert len(set(sample.categories)) == 4


def test_the_first_frame_of_films_of_one_change_leaves_each_other_s_answers_possible() -> None:
    rng = np.random.default_rng(0)
    for scene in SCENES:
        if scene.outcome == "shown":
            continue
        answer, wrong = answers(scene, rng)
        assert {answer, *wrong} <= set(ANSWERS[scene.change].values())


def test_waits_are_recognised_and_are_not_taken_for_rewinding() -> None:
    assert len(set(WAITS)) >= 10
    assert all("wait for the" in wait.lower() for wait in WAITS)
    assert not any("rewind the video." in wait.lower() for wait in WAITS)
    assert REWIND == "Rewind the video."


def test_every_change_has_questions_and_deeds_have_four_answers() -> None:
    assert set(QUESTIONS) == set(ANSWERS)
    assert sum(map(len, QUESTIONS.values())) + len(DEEDS) >= 10
    assert all(len(set(choices)) == 4 for _, choices in DEEDS.values())
