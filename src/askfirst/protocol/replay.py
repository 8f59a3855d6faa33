"""Playing recorded replies, to compare environments and parsers with the published ones."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from askfirst.errors import AskFirstError
from askfirst.protocol.episode import Episode, Turn
from askfirst.protocol.official_parser import OfficialReading
from askfirst.protocol.play import Reply, play
from askfirst.protocol.protocol import OFFICIAL_V1, ParserName
from askfirst.scenarios.picture import Crop, Resize, View
from askfirst.scenarios.registry import scenario

RECORDED_SIZE = (640, 480)
"""Width and height in pixels of the picture to which a recorded resize refers."""


def replay_case(case: Mapping[str, Any]) -> dict[str, Any]:
    """Play one recorded case under the published rules.

    Args:
        case: An object with `id`, `scenario`, `entry` (a sample record), `mode` (flags `reference`,
            `hint`, `resize`) and `replies` (what is said, turn by turn).

    Returns:
        An object with `id`, `turns`, `correct`, `num_turns` and `reached_max_steps`; each turn with
        `image`, `prompt`, `options`, `view`, `user_prompt`, `reply`, `action_evaluation`,
        `category_evaluation` and `action`.

    Raises:
        AskFirstError: A field is missing or wrong, or the replies end before the episode does.
    """
    try:
        case_id, mode = case["id"], case["mode"]
        replies = list(case["replies"])
        rules = scenario(case["scenario"])
        sample = rules.read(case["entry"])
        protocol = replace(
            OFFICIAL_V1,
            reference=bool(mode.get("reference")),
            hint=bool(mode.get("hint")),
            resize=bool(mode.get("resize")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise AskFirstError(f"not a recorded case: {error!r}") from error
    playing = play(rules, sample, protocol)
    prompts: list[str] = []
    try:
        request = next(playing)
        for reply in replies:
            prompts.append(request.messages[-1].text)
            request = playing.send(Reply(reply))
    except StopIteration as stop:
        return _result(case_id, stop.value, prompts)
    raise AskFirstError(f"case {case_id}: {len(replies)} replies end before the episode does")


def _result(case_id: Any, episode: Episode, prompts: list[str]) -> dict[str, Any]:
    return {
        "id": case_id,
        "turns": [_turn(turn, prompt) for turn, prompt in zip(episode.turns, prompts, strict=True)],
        "correct": episode.correct,
        "num_turns": episode.num_turns,
        "reached_max_steps": episode.reached_max_steps,
    }


def _turn(turn: Turn, user_prompt: str) -> dict[str, Any]:
    reading = turn.readings[ParserName.OFFICIAL]
    assert isinstance(reading, OfficialReading)
    return {
        "image": turn.picture.path,
        "prompt": turn.prompt,
        "options": [option.text for option in turn.options],
        "view": _view(turn.picture.view),
        "user_prompt": user_prompt,
        "reply": turn.reply,
        "action_evaluation": reading.action_evaluation.value,
        "category_evaluation": reading.category_evaluation.value,
        "action": turn.move.value,
    }


def _view(view: View) -> dict[str, list[float]] | None:
    if isinstance(view, Crop):
        return {"crop": list(view.box)}
    return {"resize": list(view.size_for(RECORDED_SIZE))} if isinstance(view, Resize) else None
