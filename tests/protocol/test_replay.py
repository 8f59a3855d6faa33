"""Recorded episodes of the published environments, played again."""

import json
from pathlib import Path

import pytest

from askfirst.errors import AskFirstError
from askfirst.protocol.replay import replay_case

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "recorded_episodes.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def test_there_are_sixty_recorded_episodes_a_scenario() -> None:
    assert len(CASES) == 420
    assert {case["scenario"]: 0 for case in CASES}.keys() == {
        "ROD",
        "VSOD",
        "MVP-N",
        "IN-C",
        "QD",
        "CIT",
        "COCO",
    }


@pytest.mark.parametrize("scenario", ["ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO"])
def test_every_key_of_every_turn_agrees(scenario: str) -> None:
    for case in (case for case in CASES if case["scenario"] == scenario):
        recorded = {key: case[key] for key in ("id", "scenario", "entry", "mode", "replies")}
        assert replay_case(recorded) == {"id": case["id"], **case["expected"]}


def test_replies_that_end_before_the_episode_are_an_error() -> None:
    case = next(c for c in CASES if len(c["replies"]) > 1)
    with pytest.raises(AskFirstError, match="1 replies end before the episode does"):
        replay_case(case | {"replies": case["replies"][:1]})


@pytest.mark.parametrize("field", ["id", "scenario", "entry", "mode", "replies"])
def test_a_case_without_a_field_is_an_error(field: str) -> None:
    with pytest.raises(AskFirstError, match="not a recorded case"):
        replay_case({key: value for key, value in CASES[0].items() if key != field})
