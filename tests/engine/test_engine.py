"""The engine: models that fail, conversations with history, inspect_ai's own command."""

import asyncio
import base64
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import (
    ChatMessage,
    ContentImage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from askfirst.engine.journal import read_episodes
from askfirst.engine.run import RunResult, plan_run, run
from askfirst.engine.tasks import qd
from askfirst.protocol.episode import EpisodeOutcome


class Scripted(ModelAPI):
    """Says (or raises) what the test put into `replies`, and keeps what it was shown."""

    replies: Iterator[str | Exception] = iter(())
    shown: list[list[ChatMessage]] = []

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        Scripted.shown.append(input)
        reply = next(Scripted.replies)
        if isinstance(reply, Exception):
            raise reply
        output = ModelOutput.from_content("scripted", reply)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output


@modelapi(name="scripted")
def scripted() -> type[ModelAPI]:
    return Scripted


def say(*replies: str | Exception) -> None:
    Scripted.replies = itertools.chain(replies)
    Scripted.shown = []


def plan(suite: Path, **settings: Any) -> Any:
    return plan_run(["scripted/x"], str(suite), ["QD"], **{"protocol": "official-v1"} | settings)


def summary_row(folder: Path) -> dict[str, Any]:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    row: dict[str, Any] = summary["models"]["scripted/x"]["scenarios"]["QD"]
    return row


def test_an_error_is_counted_apart_and_redone_by_the_same_command(
    tiny_suite: Path, tmp_path: Path
) -> None:
    spec = plan(tiny_suite)
    say("Add more details.", RuntimeError("the server fell over"), "Boat.")
    result = run(spec, tmp_path / "out", max_connections=1)
    assert result.errors == 1
    row = summary_row(tmp_path / "out")
    assert (row["n"], row["errors"], row["outcomes"]["error"]) == (2, 1, 0.5)
    failed = [e for e in read_episodes(tmp_path / "out" / "episodes.jsonl") if e.failed]
    assert [(e.error, len(e.turns)) for e in failed] == [("RuntimeError: the server fell over", 1)]

    finished = next(e for e in read_episodes(tmp_path / "out" / "episodes.jsonl") if not e.failed)
    say("Candle.")
    result = run(spec, tmp_path / "out", max_connections=1)
    assert result.errors == 0
    assert len(Scripted.shown) == 1
    again = read_episodes(tmp_path / "out" / "episodes.jsonl")
    assert len(again) == 2
    assert finished in again


def test_a_run_of_errors_only_has_no_accuracy(tiny_suite: Path, tmp_path: Path) -> None:
    say(RuntimeError("no"), RuntimeError("no"))
    run(plan(tiny_suite), tmp_path / "out", max_connections=1)
    row = summary_row(tmp_path / "out")
    assert (row["acc"], row["psr"], row["errors"]) == (None, None, 2)


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        (["Boat."], EpisodeOutcome.CORRECT_NOW),
        (["Add more details.", "Boat."], EpisodeOutcome.CORRECT_AFTER_ASKING),
        (["Apple."], EpisodeOutcome.WRONG_NOW),
        (["Add more details.", "Apple."], EpisodeOutcome.WRONG_AFTER_ASKING),
        (["I cannot answer this question."], EpisodeOutcome.ABSTAINED),
        (["Add more details."] * 3, EpisodeOutcome.EXHAUSTED),
        (["Let me think about boats"], EpisodeOutcome.UNPARSED),
    ],
)
def test_what_is_said_decides_the_outcome(
    tiny_suite: Path, tmp_path: Path, replies: list[str], outcome: EpisodeOutcome
) -> None:
    spec = plan(tiny_suite, limit=1)
    answer = spec.selection["QD"][0].answer
    say(*(reply.replace("Boat.", answer) for reply in replies))
    run(spec, tmp_path / "out")
    (episode,) = read_episodes(tmp_path / "out" / "episodes.jsonl")
    assert episode.outcome is outcome
    assert [turn.reply for turn in episode.turns] == [r.replace("Boat.", answer) for r in replies]


def test_a_model_sees_picture_and_prompt_and_nothing_else(tiny_suite: Path, tmp_path: Path) -> None:
    say("Add more details.", "Apple.")
    run(plan(tiny_suite, limit=1), tmp_path / "out")
    for messages in Scripted.shown:
        (message,) = messages
        assert message.metadata is None
        picture, text = message.content
        assert isinstance(picture, ContentImage)
        assert picture.image.startswith("data:image/webp;base64,")
        assert "What is in the image?" in str(text)


def test_with_history_earlier_turns_stay_in_the_conversation(
    tiny_suite: Path, tmp_path: Path
) -> None:
    say("Add more details.", "Add more details.", "Apple.")
    run(plan(tiny_suite, limit=1, protocol="official-v1-history"), tmp_path / "out")
    roles = [[message.role for message in messages] for messages in Scripted.shown]
    assert roles == [
        ["user"],
        ["user", "assistant", "user"],
        ["user", "assistant", "user", "assistant", "user"],
    ]
    (episode,) = read_episodes(tmp_path / "out" / "episodes.jsonl")
    assert episode.turns[0].picture.view is not None


def logs(folder: Path) -> list[EvalLog]:
    return [read_eval_log(str(file)) for file in sorted((folder / "logs").glob("*.eval"))]


def test_logs_hold_every_sample_but_no_pictures(tiny_suite: Path, tmp_path: Path) -> None:
    say("Apple.", "Apple.")
    run(plan(tiny_suite), tmp_path / "out")
    (log,) = logs(tmp_path / "out")
    assert log.status == "success"
    assert [sample.id for sample in log.samples or []] == ["QD-1", "QD-2"]
    picture = base64.b64encode((tiny_suite / "qd/0000.webp").read_bytes()).decode()
    assert picture[:40] in str(Scripted.shown)
    assert picture[:40] not in log.model_dump_json()


def test_inspect_plays_the_tasks_without_us(tiny_suite: Path, tmp_path: Path) -> None:
    (log,) = inspect_eval(
        qd(suite=str(tiny_suite), protocol="official-v1"),
        model="baseline/oracle",
        log_dir=str(tmp_path),
        display="none",
    )
    assert log.status == "success"
    assert log.results is not None
    values = {score.name: score.metrics["mean"].value for score in log.results.scores}
    assert values == {"acc": 1, "psr": 2}


def test_two_processes_do_not_play_in_one_folder(tiny_suite: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    from askfirst.errors import RunError

    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / ".lock"), pytest.raises(RunError, match="another process"):
        run(plan(tiny_suite), tmp_path / "out")


def test_a_run_can_be_started_where_an_event_loop_is_running(
    tiny_suite: Path, tmp_path: Path
) -> None:
    """As in a notebook."""

    async def cell() -> RunResult:
        spec = plan_run(["baseline/oracle"], str(tiny_suite), ["QD"])
        return run(spec, tmp_path / "out")

    assert asyncio.run(cell()).errors == 0
