"""Workers that cannot play, and workers that are lost again and again."""

from dataclasses import replace
from pathlib import Path

import pytest
from inspect_ai._util.error import PrerequisiteError

from askfirst.engine.provenance import RunSpec
from askfirst.engine.run import plan_run
from askfirst.engine.shard_worker import Job, Player, Unable, job_of, one_line
from askfirst.engine.shards import CrewState, Shards, play_shards
from askfirst.engine.shares import Share, units_to_play
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode
from tests.tiny_suite import rewrite_manifest
from tests.worker_models import write_package


@pytest.fixture
def spec(own_suite: Path) -> RunSpec:
    return plan_run(["baseline/oracle"], str(own_suite), ["QD"])


def test_a_player_hands_out_every_episode_of_its_share(spec: RunSpec, tmp_path: Path) -> None:
    player = Player(job_of(spec, tmp_path, None), 0)
    assert player.ready() == ()
    for units in ([u] for u in units_to_play(spec, ())):
        share = Share(tuple(units))
        player.begin(share)
        taken: list[Episode] = []
        while isinstance(some := player.take(), tuple) and some:
            taken += some
        assert {episode.key for episode in taken} == share.keys
    assert [entry.name for entry in tmp_path.iterdir()] == ["suite"]  # no run's folder, no logs


def test_a_suite_that_is_another_where_the_worker_is_is_refused(
    spec: RunSpec, own_suite: Path, tmp_path: Path
) -> None:
    rewrite_manifest(own_suite, title="Changed since")
    assert Player(job_of(spec, tmp_path, None), 0).ready() == Unable(
        "it has another suite than the run"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"suite": "/nowhere/at/all"}, "unknown suite '/nowhere/at/all'"),
        ({"identity": {"version of askfirst": "0"}}, "it has another version of askfirst than"),
    ],
)
def test_a_worker_that_lacks_what_the_run_has_says_so(
    spec: RunSpec, tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    job: Job = replace(job_of(spec, tmp_path, None), **change)  # type: ignore[arg-type]
    with pytest.raises(RunError, match="worker 0 cannot play: ") as ended:
        play_shards(Shards(1), job, units_to_play(spec, ()), lambda episode: None)
    assert reason in str(ended.value)


def test_a_model_that_a_worker_does_not_find_ends_the_run(spec: RunSpec, tmp_path: Path) -> None:
    strange = replace(spec, models=("nobody/knows",))
    with pytest.raises(RunError, match=r"worker 0 cannot play: .*nobody"):
        play_shards(
            Shards(1),
            job_of(strange, tmp_path, None),
            units_to_play(strange, ()),
            lambda episode: None,
        )


def test_what_kills_every_worker_ends_the_run_and_says_how_much_is_missing(
    spec: RunSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trouble").touch()
    monkeypatch.setenv("TROUBLE", str(tmp_path / "trouble"))
    monkeypatch.syspath_prepend(write_package(tmp_path / "package"))
    deadly = replace(spec, models=("patient/deadly",))
    states: list[CrewState] = []
    with pytest.raises(RunError, match=r"^3 workers .* SIGKILL\); 4 episodes are missing"):
        play_shards(
            Shards(1),
            job_of(deadly, tmp_path, None),
            units_to_play(deadly, ()),
            lambda episode: None,
            states.append,
        )
    assert [state.notice for state in states if state.notice] == [
        "Worker 0 was lost (ended by SIGKILL); what it left is dealt again: 4"
    ] * 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("no [/INST] in\n  the template"), "no [/INST] in the template"),
        (RuntimeError('pip install "askfirst[local]"'), 'pip install "askfirst[local]"'),
        (PrerequisiteError("[bold]ERROR[/bold]: no key\nset one"), "no key set one"),
        (PrerequisiteError("ERROR: no [/INST]"), "no [/INST]"),
        (ValueError(), "ValueError()"),
    ],
)
def test_an_error_is_told_in_one_line_as_it_was_written(error: Exception, words: str) -> None:
    assert one_line(error) == words
