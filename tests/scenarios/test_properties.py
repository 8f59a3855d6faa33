"""What holds in every scenario, for every sample and every way of playing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from askfirst.scenarios import Environment, Mode, Observation, OptionKind, Outcome, scenario
from askfirst.scenarios.coco import DIRECTIONS
from tests.tiny_suite import records

RECORDS = records()
MODES = st.builds(Mode, reference=st.booleans(), resize=st.booleans())


@st.composite
def any_records(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A scenario key and a playable record, without ground truth, its numbers varied."""
    key = draw(st.sampled_from(list(RECORDS)))
    record = {k: v for k, v in RECORDS[key][0].items() if k not in ("evidence", "sufficient")}
    images = draw(st.integers(1, 9))
    changes: dict[str, Any] = {"num_images": images, "reference_image": 0}
    if key in ("ROD", "VSOD", "CIT"):
        changes["first_image"] = draw(st.integers(0, images - 1))
    if key == "CIT":
        changes |= {"step_size": draw(st.integers(1, 4)), "max_steps": draw(st.integers(1, 6))}
    if key == "IN-C":
        changes["first_image"] = images - 1
    if key == "MVP-N":
        changes["valid_images"] = list(range(images))
    if key == "COCO":
        direction = draw(st.sampled_from(list(DIRECTIONS)))
        wording = {"left": "to the left", "right": "to the right", "zoom": "farther"}
        changes |= {
            "direction": direction,
            "granularity": draw(st.integers(1, 5)),
            "horizontal_step": draw(st.floats(0.1, 40)),
            "vertical_step": draw(st.floats(0.1, 40)),
            "options": [
                f"Move the camera {wording.get(move, move)}." for move in DIRECTIONS[direction]
            ]
            + ["I cannot tell."],
        }
    return key, record | changes


def play(env: Environment, choices: list[int]) -> list[Observation | Outcome]:
    """All steps of an episode in which each choice is taken modulo the number of options."""
    steps: list[Observation | Outcome] = [env.reset()]
    for choice in choices:
        last = steps[-1]
        if isinstance(last, Outcome):
            break
        steps.append(env.step(choice % len(last.options)))
    return steps


@given(any_records(), MODES, st.lists(st.integers(0, 50), min_size=40, max_size=40))
def test_episodes_end_within_the_horizon_whatever_is_chosen(
    drawn: tuple[str, dict[str, Any]], mode: Mode, choices: list[int]
) -> None:
    key, record = drawn
    rules = scenario(key)
    env = Environment(rules, rules.read(record), mode)
    steps = play(env, choices)
    assert isinstance(steps[-1], Outcome)
    assert steps[-1].num_turns == len(steps) - 1 <= rules.horizon(env.sample)


@given(any_records(), MODES, st.lists(st.integers(0, 50), max_size=20))
def test_the_same_choices_give_the_same_episode(
    drawn: tuple[str, dict[str, Any]], mode: Mode, choices: list[int]
) -> None:
    key, record = drawn
    rules = scenario(key)
    env = Environment(rules, rules.read(record), mode)
    other = Environment(rules, rules.read(record), mode)
    assert play(env, choices) == play(other, choices) == play(env, choices)


@given(any_records(), st.lists(st.integers(0, 50), max_size=12))
def test_no_state_rejects_as_unknown_what_it_offers(
    drawn: tuple[str, dict[str, Any]], choices: list[int]
) -> None:
    key, record = drawn
    rules = scenario(key)
    sample = rules.read(record)
    last = play(Environment(rules, sample), choices)[-1]
    if isinstance(last, Outcome):
        return
    for index, option in enumerate(last.options):
        branch = Environment(rules, sample)
        assert play(branch, choices)[-1] == last
        result = branch.step(index)
        if option.valid and option.kind is OptionKind.ACTION:
            assert isinstance(result, Observation) or result.reached_max_steps
        else:
            assert isinstance(result, Outcome)
            assert result.correct == option.valid
