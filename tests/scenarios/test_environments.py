"""Each environment moves as the protocol says; unhappy samples are refused with a reason."""

from typing import Any

import pytest

from askfirst.errors import EpisodeOver, SampleError, UnknownChoice, UnknownName
from askfirst.scenarios import (
    Crop,
    Ending,
    Environment,
    Mode,
    Observation,
    OptionKind,
    Outcome,
    Resize,
    scenario,
    scenarios,
    shortest_plan,
)
from tests.tiny_suite import ABSTENTION, records

RECORDS = records()


def environment(key: str, mode: Mode | None = None, **changes: Any) -> Environment:
    rules = scenario(key)
    return Environment(rules, rules.read(RECORDS[key][0] | changes), mode)


def choose(observation: Observation | Outcome, text: str) -> int:
    assert isinstance(observation, Observation)
    return [option.text for option in observation.options].index(text)


def walk(env: Environment, *texts: str) -> list[str]:
    """Paths of the pictures seen while choosing options by their text."""
    step: Observation | Outcome = env.reset()
    paths = []
    for text in texts:
        assert isinstance(step, Observation)
        paths.append(step.picture.path)
        step = env.step(choose(step, text))
    if isinstance(step, Observation):
        paths.append(step.picture.path)
    return paths


LEFT, RIGHT = "Move the red block to the left.", "Move the red block to the right."
WAIT, REWIND = "Wait for the person to pass.", "Rewind the video."


@pytest.mark.parametrize(
    ("key", "texts", "paths"),
    [
        ("ROD", [LEFT, LEFT, RIGHT], ["rod/7.webp", "rod/6.webp", "rod/5.webp", "rod/6.webp"]),
        ("VSOD", [WAIT, WAIT, WAIT], [f"vsod/000{i}.webp" for i in (2, 3, 4, 0)]),
        ("VSOD", [REWIND, REWIND, REWIND], [f"vsod/000{i}.webp" for i in (2, 1, 0, 4)]),
        ("MVP-N", ["Rotate the object."] * 2, [f"mvp_n/000{i}.webp" for i in (3, 2, 1)]),
        (
            "IN-C",
            ["Remove the blur: deblur the image."] * 3,
            [f"in_c/{i}.webp" for i in (3, 2, 1, 0)],
        ),
        ("QD", ["Add more details."] * 2, [f"qd/000{i}.webp" for i in (0, 1, 2)]),
        (
            "CIT",
            ["Wait for the action to start."] * 2 + [REWIND],
            [f"cit/{i}.webp" for i in (0, 2, 4, 2)],
        ),
    ],
)
def test_accepted_suggestions_change_the_picture(
    key: str, texts: list[str], paths: list[str]
) -> None:
    assert walk(environment(key), *texts) == paths


def test_the_ring_of_block_positions_closes() -> None:
    assert walk(environment("ROD", first_image=0), LEFT, RIGHT) == [
        f"rod/{i}.webp" for i in (0, 13, 0)
    ]


@pytest.mark.parametrize(("move", "stand_in"), [(LEFT, "s5"), (RIGHT, "s7")])
def test_the_missing_published_picture_is_replaced_by_its_neighbour(
    move: str, stand_in: str
) -> None:
    env = environment(
        "ROD",
        image_template="a/natural_bluebl_greenr-banana-s{image}.jpg",
        first_image=7 if move == LEFT else 5,
    )
    assert walk(env, move)[1] == f"a/natural_bluebl_greenr-banana-{stand_in}.jpg"


def crops(env: Environment, *texts: str) -> list[tuple[float, ...]]:
    step: Observation | Outcome = env.reset()
    seen = []
    for text in (*texts, None):
        assert isinstance(step, Observation)
        assert isinstance(step.picture.view, Crop)
        seen.append(step.picture.view.box)
        if text is not None:
            step = env.step(choose(step, text))
    return seen


@pytest.mark.parametrize(
    ("direction", "texts", "expected"),
    [
        ("left", ["Move the camera to the left."], [(30, 10, 60, 40), (20, 10, 60, 40)]),
        ("right", ["Move the camera to the right."], [(40, 10, 70, 40), (40, 10, 80, 40)]),
        ("up", ["Move the camera up."], [(40, 4, 60, 40), (40, -2, 60, 40)]),
        ("down", ["Move the camera down."], [(40, 10, 60, 46), (40, 10, 60, 52)]),
        (
            "up_right",
            ["Move the camera up.", "Move the camera to the right."],
            [(40, 4, 70, 40), (40, -2, 70, 40), (40, -2, 80, 40)],
        ),
        # For zoom the record's right and bottom are counted from left and top.
        ("zoom", ["Move farther from the object."], [(30, 4, 110, 56), (20, -2, 120, 62)]),
    ],
)
def test_the_crop_grows_towards_where_the_camera_goes(
    direction: str, texts: list[str], expected: list[tuple[float, ...]]
) -> None:
    env = environment("COCO", direction=direction, options=[*texts, ABSTENTION])
    assert crops(env, *texts) == expected


@pytest.mark.parametrize(
    ("direction", "texts", "moves", "horizon"),
    [
        ("left", ["Move the camera to the left."], 2, 3),
        ("zoom", ["Move farther from the object."], 3, 4),
        ("down_left", ["Move the camera down.", "Move the camera to the left."], 4, 6),
    ],
)
def test_a_camera_move_disappears_when_its_axis_is_spent(
    direction: str, texts: list[str], moves: int, horizon: int
) -> None:
    env = environment("COCO", direction=direction, options=[*texts, ABSTENTION])
    step: Observation | Outcome = env.reset()
    made = 0
    while isinstance(step, Observation) and step.options[0].kind is OptionKind.ACTION:
        assert step.horizon == horizon
        step = env.step(0)
        made += 1
    assert made == moves
    assert isinstance(step, Observation)
    assert [option.kind for option in step.options].count(OptionKind.ACTION) == 0


@pytest.mark.parametrize(
    ("first", "step_size", "offered"),
    [
        (0, 2, ["Wait for the action to start."]),
        (2, 2, [REWIND, "Wait for the action to start."]),
        (4, 2, [REWIND]),
        (1, 4, []),  # too short for either: the released code stops with an assertion here
    ],
)
def test_a_tutorial_offers_only_moves_inside_the_film(
    first: int, step_size: int, offered: list[str]
) -> None:
    seen = environment("CIT", first_image=first, step_size=step_size).reset()
    assert [o.text for o in seen.options if o.kind is OptionKind.ACTION] == offered


@pytest.mark.parametrize(
    ("key", "text", "ending"),
    [
        ("IN-C", "Increase the contrast.", Ending.INVALID_ACTION),
        ("IN-C", ABSTENTION, Ending.ABSTAINED),
        ("QD", "Apple.", Ending.WRONG_CATEGORY),
        ("QD", "Boat.", Ending.CORRECT),
        ("ROD", "Boat.", Ending.WRONG_CATEGORY),  # right, but nothing can be seen yet
    ],
)
def test_the_first_reply_can_end_the_episode(key: str, text: str, ending: Ending) -> None:
    env = environment(key)
    outcome = env.step(choose(env.reset(), text))
    assert outcome == Outcome(ending, 1, reached_max_steps=False)


@pytest.mark.parametrize("key", ["MVP-N", "IN-C", "QD"])
def test_on_the_last_turn_only_the_category_counts(key: str) -> None:
    env = environment(key)
    step: Observation | Outcome = env.reset()
    while isinstance(step, Observation) and step.turn + 1 < step.horizon:
        step = env.step(next(i for i, o in enumerate(step.options) if o.valid))
    assert isinstance(step, Observation)
    assert {o.kind for o in step.options if o.valid} == {OptionKind.CATEGORY}
    action = next(i for i, o in enumerate(step.options) if o.kind is OptionKind.ACTION)
    outcome = env.step(action)
    assert isinstance(outcome, Outcome)
    assert (outcome.ending, outcome.reached_max_steps) == (Ending.EXHAUSTED, True)


@pytest.mark.parametrize("key", list(RECORDS))
def test_reference_mode_shows_the_answer_and_only_categories(key: str) -> None:
    env = environment(key, Mode(reference=True))
    seen = env.reset()
    assert {option.kind for option in seen.options} == {OptionKind.CATEGORY}
    assert seen.sufficient
    assert seen.picture.view is None
    outcome = env.step(choose(seen, "Boat."))
    assert isinstance(outcome, Outcome)
    assert outcome.correct


def test_resizing_applies_everywhere_but_to_crops() -> None:
    views = {key: environment(key, Mode(resize=True)).reset().picture.view for key in RECORDS}
    assert isinstance(views.pop("COCO"), Crop)
    assert set(views.values()) == {Resize(224)}


def test_a_shown_size_is_cut_down_to_whole_pixels() -> None:
    assert Resize(224).size_for((640, 480)) == (298, 224)
    assert Resize(224).size_for((480, 640)) == (224, 298)


def test_a_start_known_to_suffice_accepts_the_category_at_once() -> None:
    env = environment("ROD", first_image=0)
    outcome = env.step(choose(env.reset(), "Boat."))
    assert isinstance(outcome, Outcome)
    assert outcome.correct


@pytest.mark.parametrize(
    ("key", "suggestions"),
    [("ROD", 4), ("VSOD", 2), ("MVP-N", 2), ("IN-C", 2), ("QD", 2), ("CIT", 2), ("COCO", 2)],
)
def test_the_shortest_plan_leads_to_a_sufficient_picture(key: str, suggestions: int) -> None:
    env = environment(key)
    plan = shortest_plan(env.scenario, env.sample)
    assert plan is not None
    assert len(plan) == suggestions
    step: Observation | Outcome = env.reset()
    for choice in plan:
        assert isinstance(step, Observation)
        assert step.sufficient is False
        step = env.step(choice)
    assert isinstance(step, Observation)
    assert step.sufficient


def test_there_is_no_plan_where_nothing_ever_suffices() -> None:
    env = environment("QD", evidence=[0, 0, 0], sufficient=[False] * 3)
    assert shortest_plan(env.scenario, env.sample) is None


def test_steps_outside_an_episode_are_errors() -> None:
    env = environment("QD")
    with pytest.raises(EpisodeOver):
        env.step(0)
    env.reset()
    env.step(None)
    with pytest.raises(EpisodeOver):
        env.step(0)


@pytest.mark.parametrize("choice", [-1, 6, 99])
def test_an_option_that_does_not_exist_is_an_error_and_changes_nothing(choice: int) -> None:
    env = environment("QD")
    seen = env.reset()
    with pytest.raises(UnknownChoice):
        env.step(choice)
    assert isinstance(env.step(choose(seen, "Add more details.")), Observation)


@pytest.mark.parametrize(
    ("key", "changes", "reason"),
    [
        ("QD", {"answer": "Zebra."}, "not one of its categories"),
        ("QD", {"num_images": 0}, "num_images"),
        ("QD", {"prompt": " "}, "prompt"),
        ("QD", {"options": "Add more details."}, "options"),
        ("QD", {"options": ["Dance for me."]}, "no move"),
        ("QD", {"image_template": "{nothing}.webp"}, "cannot be filled"),
        ("QD", {"image_template": "{image.__class__}.webp"}, "cannot be filled"),
        ("QD", {"evidence": [0, 2, 1]}, "between 0 and 1"),
        ("QD", {"evidence": [0, 1]}, "one entry a frame"),
        ("QD", {"evidence": [0, 1], "sufficient": [False, True]}, "evidence has 2 entries"),
        ("IN-C", {"quality_answer": "Deblur the image."}, "not offered"),
        ("IN-C", {"first_image": 2}, "below level 0"),
        ("MVP-N", {"valid_images": [3]}, "valid_images"),
        ("CIT", {"step_size": 0}, "step_size"),
        ("COCO", {"direction": "sideways"}, "direction"),
        ("COCO", {"horizontal_step": -1}, "negative"),
        ("COCO", {"crop": {"top": 1}}, "left"),
        ("COCO", {"box": [3, 3, 3, 9]}, "area"),
        ("VSOD", {"strong_occlusions": "yes"}, "strong_occlusions"),
    ],
)
def test_a_record_that_cannot_be_played_is_refused_with_its_id(
    key: str, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SampleError, match=reason) as caught:
        environment(key, **changes).reset()
    assert "image_template" in changes or "1" in str(caught.value)


def test_the_seven_scenarios_are_known_by_key_whatever_its_case() -> None:
    assert list(scenarios())[:7] == ["ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO"]
    assert scenario("in-c") is scenario("IN-C")
    with pytest.raises(UnknownName, match="choose from ROD, VSOD"):
        scenario("XYZ")
