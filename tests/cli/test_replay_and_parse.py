"""`askfirst replay` and `askfirst parse`."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.command import Command

RECORDED = Path(__file__).parents[1] / "data" / "recorded_episodes.jsonl"

OPTIONS = [
    {"text": "Move the block to the left.", "kind": "action"},
    {"text": "I cannot tell.", "kind": "abstain"},
    {"text": "Banana.", "kind": "category"},
    {"text": "Pear.", "kind": "category"},
]


def test_replay_agrees_with_all_recorded_episodes(askfirst: Command) -> None:
    result = askfirst("replay", RECORDED)
    assert result.code == 0
    assert "420 of 420 cases agree" in result.err
    printed = [json.loads(line) for line in result.out.splitlines()]
    expected = [json.loads(line) for line in RECORDED.read_text("utf-8").splitlines()]
    assert printed == [{"id": case["id"], **case["expected"]} for case in expected]


def test_replay_needs_no_expectation_and_writes_where_told(
    askfirst: Command, tmp_path: Path
) -> None:
    case = json.loads(RECORDED.read_text("utf-8").splitlines()[0])
    expected = case.pop("expected")
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    result = askfirst("replay", tmp_path / "cases.jsonl", "--out", tmp_path / "out.jsonl")
    assert (result.code, result.out) == (0, "")
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"id": case["id"], **expected}


def test_replay_names_what_disagrees(askfirst: Command, tmp_path: Path) -> None:
    case = json.loads(RECORDED.read_text("utf-8").splitlines()[0])
    case["expected"]["num_turns"] += 1
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    result = askfirst("replay", tmp_path / "cases.jsonl")
    assert result.code == 1
    assert f"first disagreement: {case['id']}" in result.err


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "line 1 is not JSON"), ("[]", "line 1 is not a JSON object"), ("{}", "not a recorded")],
)
def test_replay_of_something_else_is_one_clear_line(
    askfirst: Command, tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "cases.jsonl").write_text(content)
    result = askfirst("replay", tmp_path / "cases.jsonl")
    assert result.code == 2
    assert message in result.err


@pytest.mark.parametrize(
    ("parser", "reply", "status", "index", "kind"),
    [
        ("official", "C", "ok", 2, "category"),
        ("official", "C. Banana.", "ok", 2, "category"),
        ("official", "(C)", "none", None, None),
        ("robust", "(C)", "ok", 2, "category"),
        ("robust", "banana", "ok", 2, "category"),
        ("robust", "C or D", "ambiguous", None, None),
        ("robust", "C. Pear.", "conflict", None, None),
        ("robust", "<think>C", "truncated", None, None),
        ("robust", "", "empty", None, None),
    ],
)
def test_parse_prints_one_record_a_line(
    askfirst: Command,
    monkeypatch: pytest.MonkeyPatch,
    parser: str,
    reply: str,
    status: str,
    index: int | None,
    kind: str | None,
) -> None:
    line = json.dumps({"options": OPTIONS, "reply": reply})
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{line}\n\n{line}\n"))
    result = askfirst("parse", "--parser", parser)
    assert result.code == 0
    records = [json.loads(printed) for printed in result.out.splitlines()]
    assert len(records) == 2
    assert {key: records[0][key] for key in ("status", "index", "kind")} == {
        "status": status,
        "index": index,
        "kind": kind,
    }


@pytest.mark.parametrize("line", ["{}", "x", '{"options": [{"text": "A"}], "reply": "A"}'])
def test_parse_of_something_else_is_one_clear_line(
    askfirst: Command, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    result = askfirst("parse")
    assert result.code == 2
    assert result.err.startswith("askfirst: line 1 is not")


def test_help_of_every_command_teaches(askfirst: Command) -> None:
    for words in ([], ["run"], ["replay"], ["parse"]):
        result = askfirst(*words, "--help")
        assert result.code == 0
        assert "askfirst" in result.out
