"""`askfirst run`, from the command line to the files it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from askfirst.engine.journal import read_episodes
from askfirst.protocol.episode import EpisodeOutcome
from askfirst.suites import load_suite
from tests.command import Command

BASELINES = ["never-ask", "always-ask", "uniform", "oracle", "blind"]


FIVE = [word for name in BASELINES for word in ("--model", f"baseline/{name}")]


def summary(folder: Path) -> dict[str, dict[str, dict[str, dict[str, dict[str, float]]]]]:
    loaded: dict[str, dict[str, dict[str, dict[str, dict[str, float]]]]] = json.loads(
        (folder / "summary.json").read_text("utf-8")
    )
    return loaded


def official(suite: Path | str) -> list[str]:
    """The words of a run by the paper's rules."""
    return ["run", "--suite", str(suite), "--protocol", "official-v1"]


@pytest.fixture(scope="module")
def baseline_run(tiny_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of all baselines over the tiny suite."""
    folder = tmp_path_factory.mktemp("run") / "out"
    done = subprocess.run(
        [sys.executable, "-m", "askfirst", *official(tiny_suite), *FIVE, "--out", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "baseline/oracle" in done.stdout
    assert str(folder) in done.stdout
    return folder


def test_without_a_model_the_shipped_one_plays(
    tiny_suite: Path, tmp_path: Path, askfirst: Command
) -> None:
    result = askfirst("run", "--suite", tiny_suite, "--scenario", "QD", "--out", tmp_path / "out")
    assert result.code == 0, result.err
    episodes = read_episodes(tmp_path / "out" / "episodes.jsonl")
    assert {episode.model for episode in episodes} == {"askfirst/mini"}
    assert not any(episode.failed for episode in episodes)
    assert all(turn.reply for episode in episodes for turn in episode.turns)


def test_models_play_in_the_order_in_which_they_were_named(baseline_run: Path) -> None:
    assert list(summary(baseline_run)["models"]) == [f"baseline/{name}" for name in BASELINES]


def test_the_oracle_is_always_right_and_asks_as_little_as_possible(baseline_run: Path) -> None:
    scenarios = summary(baseline_run)["models"]["baseline/oracle"]["scenarios"]
    assert {row["acc"] for row in scenarios.values()} == {100.0}
    assert [row["psr"] for row in scenarios.values()] == [4, 2, 2, 2, 2, 2, 2]


def test_who_always_asks_is_never_right_and_asks_until_the_horizon(baseline_run: Path) -> None:
    scenarios = summary(baseline_run)["models"]["baseline/always-ask"]["scenarios"]
    assert {row["acc"] for row in scenarios.values()} == {0.0}
    horizons = {"ROD": 14, "VSOD": 5, "MVP-N": 3, "IN-C": 4, "QD": 3, "CIT": 4, "COCO": 3}
    assert {key: row["psr"] + 1 for key, row in scenarios.items()} == horizons


def test_who_never_asks_has_no_intervention(baseline_run: Path) -> None:
    for name in ("never-ask", "blind"):
        scenarios = summary(baseline_run)["models"][f"baseline/{name}"]["scenarios"]
        assert {row["psr"] for row in scenarios.values()} == {0}


def test_by_our_own_protocol_every_sample_is_played_beside_its_twin(
    askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    words = ["--model", "baseline/oracle", "--model", "baseline/always-ask"]
    result = askfirst("run", "--suite", tiny_suite, "--out", tmp_path / "out", *words)
    assert result.code == 0
    models = summary(tmp_path / "out")["models"]
    for key in ("ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO"):
        oracle, asker = (
            models[f"baseline/{name}"]["scenarios"][key] for name in ("oracle", "always-ask")
        )
        assert (oracle["n"], oracle["acc"], asker["acc"]) == (2, 100, 0)
        assert isinstance(oracle["twins"], dict)
        assert isinstance(asker["twins"], dict)
        assert (oracle["twins"]["n"], oracle["twins"]["acc"], oracle["twins"]["psr"]) == (2, 100, 0)
        assert asker["twins"]["acc"] == 0


def test_every_episode_is_written_once_with_all_that_was_said(
    baseline_run: Path, tiny_suite: Path
) -> None:
    episodes = read_episodes(baseline_run / "episodes.jsonl")
    assert len({episode.key for episode in episodes}) == len(episodes) == 5 * 14
    pictures = load_suite(str(tiny_suite)).manifest.pictures
    for episode in episodes:
        assert episode.suite == "tiny"
        assert episode.protocol == "official-v1"
        for turn in episode.turns:
            assert set(turn.readings) == {"official", "robust-v1"}
            assert turn.readings["official"].index == turn.readings["robust-v1"].index
            if turn.picture.view is None:
                assert turn.image_sha256 == pictures[turn.picture.path].sha256


def test_the_shares_of_the_nine_outcomes_sum_to_one(baseline_run: Path) -> None:
    for model in summary(baseline_run)["models"].values():
        for row in model["scenarios"].values():
            outcomes = row["outcomes"]
            assert isinstance(outcomes, dict)
            assert set(outcomes) == {outcome.value for outcome in EpisodeOutcome}
            assert sum(outcomes.values()) == pytest.approx(1)


def test_the_manifest_says_what_was_played(baseline_run: Path, tiny_suite: Path) -> None:
    manifest = json.loads((baseline_run / "manifest.json").read_text("utf-8"))
    assert manifest["suite"]["sha256"] == load_suite(str(tiny_suite)).manifest.sha256
    assert manifest["protocol"]["name"] == "official-v1"
    assert {"sha256", "template_sha256"} <= set(manifest["protocol"])
    assert "run" in manifest["command"]
    assert {"askfirst", "python", "inspect-ai"} <= set(manifest["versions"])


def test_a_finished_run_is_not_played_again(baseline_run: Path, askfirst: Command) -> None:
    file = baseline_run / "episodes.jsonl"
    lines = file.read_text("utf-8")
    marked = lines.replace('"note":null', '"note":"from the first run"')
    assert marked != lines
    file.write_text(marked, "utf-8")
    manifest = json.loads((baseline_run / "manifest.json").read_text("utf-8"))
    suite = manifest["command"][manifest["command"].index("--suite") + 1]
    result = askfirst(*official(suite), *FIVE, "--out", baseline_run)
    assert result.code == 0
    assert file.read_text("utf-8") == marked
    file.write_text(lines, "utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenario", "XYZ"], "unknown scenario 'XYZ': choose from ROD"),
        (["--model", "baseline/prophet"], "unknown model 'baseline/prophet': choose from"),
        (["--model", "nobody/knows"], "model 'nobody/knows' cannot be used"),
        (["--protocol", "official-v9"], "unknown protocol 'official-v9': choose from askfirst-v1"),
        (["--suite", "nowhere"], "unknown suite 'nowhere'"),
        (["--model", "askfirst/huge"], "unknown model 'askfirst/huge': this package ships"),
        (["--model", "local/./nowhere"], "there is no such folder"),
        (["-M", "batch"], "-M 'batch' is not NAME=VALUE"),
        (["-M", "bach=3"], "a local model has no argument 'bach': choose from"),
        (["--mode", "logprobs", "--model", "baseline/oracle"], "is for local models"),
    ],
)
def test_bad_words_end_in_one_clear_line_and_no_folder(
    askfirst: Command, tiny_suite: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    out = tmp_path / "out"
    result = askfirst("run", "--suite", tiny_suite, "--out", out, *words)
    assert result.code == 2
    assert message in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_broken_picture_stops_the_run_before_it_begins(
    askfirst: Command, own_suite: Path, tmp_path: Path
) -> None:
    (own_suite / "rod/3.webp").write_bytes(b"")
    words = ["--model", "baseline/oracle", "--out", tmp_path / "out"]
    result = askfirst("run", "--suite", own_suite, *words)
    assert result.code == 2
    assert "rod/3.webp is broken" in result.err
    assert not (tmp_path / "out").exists()


def test_the_folder_of_another_run_is_left_alone(
    askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    common = ["run", "--suite", tiny_suite, "--scenario", "QD", "--out", tmp_path / "out"]
    assert askfirst(*common, "--model", "baseline/oracle").code == 0
    before = (tmp_path / "out" / "episodes.jsonl").read_bytes()
    refused = askfirst(*common, "--model", "baseline/blind")
    assert refused.code == 2
    assert "belongs to another run (different models)" in refused.err
    assert (tmp_path / "out" / "episodes.jsonl").read_bytes() == before
    assert askfirst(*common, "--model", "baseline/blind", "--fresh").code == 0
    assert list(summary(tmp_path / "out")["models"]) == ["baseline/blind"]


def test_a_folder_with_other_files_is_left_alone_even_when_fresh(
    askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    words = ["--model", "baseline/oracle", "--out", tmp_path, "--fresh"]
    result = askfirst("run", "--suite", tiny_suite, *words)
    assert result.code == 2
    assert "no run of ours" in result.err
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("name", ["api_key", "OPENAI_API_KEY", "hf_token"])
def test_a_secret_among_the_arguments_is_refused_and_not_repeated(
    name: str, askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    words = ["--suite", tiny_suite, "--model", "baseline/oracle", "--out", tmp_path / "out"]
    result = askfirst("run", *words, "-M", f"{name}=sk-geheim")
    assert result.code == 2
    assert name in result.err
    assert "environment" in result.err
    assert "geheim" not in result.err + result.out
    assert not (tmp_path / "out").exists()


def test_a_folder_that_a_kill_left_half_made_or_half_cleared_can_be_played_in(
    askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    words = ["--suite", tiny_suite, "--model", "baseline/oracle", "--out", tmp_path / "out"]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json.part").write_text('{"sche')
    assert askfirst("run", *words).code == 0
    for name in ("summary.json", "episodes.jsonl"):  # the manifest is what `--fresh` removes last
        (tmp_path / "out" / name).unlink()
    assert askfirst("run", *words, "--fresh").code == 0
    assert summary(tmp_path / "out")


def test_episodes_lost_from_the_file_are_played_again_though_logs_have_them(
    askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    words = ["--suite", tiny_suite, "--model", "baseline/oracle", "--out", tmp_path / "out"]
    assert askfirst("run", *words).code == 0
    file = tmp_path / "out" / "episodes.jsonl"
    whole = file.read_text("utf-8")
    file.write_text("".join(whole.splitlines(keepends=True)[:-2]), "utf-8")
    (tmp_path / "out" / "summary.json").unlink()
    assert askfirst("run", *words).code == 0
    assert file.read_text("utf-8") == whole


def test_a_killed_run_goes_on_without_loss_or_repetition(tiny_suite: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    played = [*official(tiny_suite), *FIVE, "--out", str(out)]
    command = [sys.executable, "-m", "askfirst", *played]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    file = out / "episodes.jsonl"
    until = time.monotonic() + 120
    while not (file.exists() and file.read_bytes().count(b"\n") >= 5):
        assert time.monotonic() < until, "the run wrote no episodes"
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    finished = read_episodes(file)
    assert 5 <= len(finished) < 70, "killed too late to show anything"
    assert not (out / "summary.json").exists()
    with file.open("ab") as torn:
        torn.write(b'{"schema": "askfirst-epi')  # what a kill in the middle of a write leaves

    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    episodes = {episode.key: episode for episode in read_episodes(file)}
    assert len(file.read_text("utf-8").splitlines()) == len(episodes) == 70
    for episode in finished:
        assert episodes[episode.key] == episode
