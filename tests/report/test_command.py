"""`askfirst report` as it is typed."""

import json
from pathlib import Path

import pytest

from tests.command import Command

FEW = ("--resamples", 100)


def test_a_page_is_written_into_the_run_by_default(
    askfirst: Command, run_folder: Path, tiny_suite: Path
) -> None:
    result = askfirst("report", run_folder, "--suite", tiny_suite, *FEW)
    assert (result.code, result.out) == (0, f"Report: {run_folder / 'report.html'}\n")
    page = (run_folder / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "A suite for tests" in page
    (run_folder / "report.html").unlink()


@pytest.mark.parametrize(
    ("form", "suffix", "begins"),
    [("md", ".md", "# Suite tiny"), ("csv", ".csv", "scope,model,"), ("latex", ".tex", "% Suite")],
)
def test_other_formats_are_tables(
    askfirst: Command, run_folder: Path, tmp_path: Path, form: str, suffix: str, begins: str
) -> None:
    out = tmp_path / f"numbers{suffix}"
    result = askfirst("report", run_folder, "--format", form, "--out", out, *FEW)
    assert result.code == 0
    assert out.read_text("utf-8").startswith(begins)
    assert [file.name for file in tmp_path.iterdir()] == [out.name]


def test_json_says_what_was_played(askfirst: Command, run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "numbers.json"
    assert askfirst("report", run_folder, "--format", "json", "--out", out, *FEW).code == 0
    content = json.loads(out.read_text("utf-8"))
    assert content["suite"]["name"] == "tiny"
    assert content["scopes"]["micro"]["baseline/oracle"]["acc"]["value"] == 100


def test_without_the_suite_the_page_says_why_it_has_no_pictures(
    askfirst: Command, run_folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "run"
    moved.mkdir()
    manifest = json.loads((run_folder / "manifest.json").read_text("utf-8"))
    manifest["suite_folder"] = str(tmp_path / "gone")
    (moved / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (moved / "episodes.jsonl").write_bytes((run_folder / "episodes.jsonl").read_bytes())
    result = askfirst("report", moved, *FEW)
    assert result.code == 0
    assert "Pictures: none, because" in result.err
    page = (moved / "report.html").read_text("utf-8")
    assert "Pictures: none, because" in page
    assert "data:image/webp" not in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "nowhere is no run's folder"),
        (("RUN", "RUN"), "both hold baseline/never-ask"),
        (("RUN", "--out", "RUN"), "is a folder: give the name of a file"),
        (("RUN", "--suite", "nowhere"), "unknown suite 'nowhere'"),
    ],
)
def test_what_cannot_be_reported_is_one_line(
    askfirst: Command, run_folder: Path, words: tuple[str, ...], message: str
) -> None:
    result = askfirst("report", *(run_folder if word == "RUN" else word for word in words))
    assert result.code == 2
    assert message in result.err.splitlines()[-1]
    assert result.err.splitlines()[-1].startswith("askfirst: ")
