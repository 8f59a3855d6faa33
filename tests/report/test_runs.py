"""Reading run folders, and which of them may stand in one report."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from askfirst.errors import AskFirstError, RunError
from askfirst.protocol.episode import Episode
from askfirst.report.runs import join_runs, read_run


def change_manifest(folder: Path, **changes: object) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


def rename_models(folder: Path) -> None:
    """Let a copied run be that of other models."""
    for name in ("manifest.json", "episodes.jsonl"):
        file = folder / name
        file.write_text(file.read_text("utf-8").replace("baseline/", "other/"), "utf-8")


@pytest.fixture
def own_run(run_folder: Path, tmp_path: Path) -> Path:
    """A copy of the run, for tests that change it."""
    return Path(copytree(run_folder, tmp_path / "own"))


def test_a_run_is_read_as_it_was_played(run_folder: Path, episodes: list[Episode]) -> None:
    run = read_run(run_folder)
    assert run.episodes == tuple(episodes)
    assert run.models == tuple(dict.fromkeys(e.model for e in episodes))
    assert run.scenarios == ("ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO")
    groups = run.groups("baseline/oracle")
    assert list(groups) == list(run.scenarios)
    assert all(e.model == "baseline/oracle" for group in groups.values() for e in group)


def test_models_of_several_runs_are_put_together(run_folder: Path, own_run: Path) -> None:
    rename_models(own_run)
    one, other = read_run(run_folder), read_run(own_run)
    joined = join_runs([one, other])
    assert joined.models == one.models + other.models
    assert joined.episodes == one.episodes + other.episodes
    assert joined.folders == (run_folder, own_run)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"suite": {"name": "tiny", "version": "2", "sha256": "0"}}, "suite tiny 1"),
        ({"protocol": {"name": "mine", "sha256": "0"}}, "protocol askfirst-v1 and mine"),
    ],
)
def test_runs_that_played_something_else_are_refused(
    run_folder: Path, own_run: Path, changes: dict[str, object], message: str
) -> None:
    rename_models(own_run)
    change_manifest(own_run, **changes)
    with pytest.raises(RunError, match=message):
        join_runs([read_run(run_folder), read_run(own_run)])


def test_the_same_episode_twice_is_refused(run_folder: Path, own_run: Path) -> None:
    with pytest.raises(RunError, match="both hold baseline/never-ask on ROD 1"):
        join_runs([read_run(run_folder), read_run(own_run)])


def test_a_torn_last_line_is_left_out(own_run: Path, episodes: list[Episode]) -> None:
    file = own_run / "episodes.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    assert read_run(own_run).episodes == tuple(episodes[:-1])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("manifest.json", None, "is no run's folder"),
        ("manifest.json", "{", "is no run's folder"),
        ("manifest.json", "[]", "is not a run's manifest"),
        ("manifest.json", "{}", "is not a run's manifest"),
        ("episodes.jsonl", None, "play the run first"),
        ("episodes.jsonl", "", "holds no finished episode"),
        ("episodes.jsonl", "{}\n", "line 1|schema"),
    ],
)
def test_a_folder_that_is_no_run_is_named(
    own_run: Path, name: str, content: str | None, message: str
) -> None:
    file = own_run / name
    if content is None:
        file.unlink()
    else:
        file.write_text(content, "utf-8")
    with pytest.raises(AskFirstError, match=message):
        read_run(own_run)


def test_episodes_that_the_manifest_does_not_name_are_refused(own_run: Path) -> None:
    change_manifest(own_run, models=["baseline/oracle"])
    with pytest.raises(RunError, match="does not name: baseline/always-ask"):
        read_run(own_run)
