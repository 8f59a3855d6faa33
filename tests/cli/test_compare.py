"""`askfirst compare` as somebody types it."""

import json
from pathlib import Path

import pytest

from tests.command import Command


@pytest.fixture(scope="module")
def runs(tiny_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of one model each, and one of both."""
    import subprocess
    import sys

    root = tmp_path_factory.mktemp("compare")
    models = {"a": ["uniform"], "b": ["oracle"], "both": ["uniform", "oracle"]}
    for name, played in models.items():
        words = [word for model in played for word in ("--model", f"baseline/{model}")]
        subprocess.run(
            [sys.executable, "-m", "askfirst", "run", "--suite", tiny_suite, "--scenario", "QD",
             "--scenario", "IN-C", "--out", root / name, *words],
            check=True, capture_output=True,
        )  # fmt: skip
    return root


def test_two_runs_are_compared_in_a_table_and_a_sentence(askfirst: Command, runs: Path) -> None:
    result = askfirst("compare", runs / "a", runs / "b", "--resamples", 200)
    assert result.code == 0, result.err
    for word in ("A: baseline/uniform", "B: baseline/oracle", "8 samples", "informedness J",
                 "macro", "baseline/oracle has"):  # fmt: skip
        assert word in result.out


def test_two_models_of_one_run_give_the_same_numbers(askfirst: Command, runs: Path) -> None:
    words = ("--format", "json", "--resamples", 200)
    apart = json.loads(askfirst("compare", runs / "a", runs / "b", *words).out)
    together = json.loads(askfirst("compare", runs / "both", *words).out)
    assert apart == together
    assert {row["scenario"] for row in apart["differences"]} == {"QD", "IN-C", "macro"}


def test_one_measure_only(askfirst: Command, runs: Path) -> None:
    words = ("--measure", "efficiency", "--format", "json", "--resamples", 200)
    found = json.loads(askfirst("compare", runs / "both", *words).out)
    assert {row["key"] for row in found["differences"]} == {"efficiency"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["both", "--model-a", "baseline/oracle"], "holds 2 models: choose --model-b from"),
        (["both", "--model-a", "nobody", "--model-b", "baseline/oracle"], "no model 'nobody'"),
        (["a"], "cannot be compared with itself"),
        (["nowhere", "b"], "is no run's folder"),
        (["a", "b", "--measure", "luck"], "unknown measure 'luck'"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    askfirst: Command, runs: Path, words: list[str], said: str
) -> None:
    places = [str(runs / w) if w in ("a", "b", "both", "nowhere") else w for w in words]
    result = askfirst("compare", *places)
    assert result.code == 2
    assert said in result.err
    assert result.err.count("\n") == 1
