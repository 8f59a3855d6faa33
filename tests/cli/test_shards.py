"""`askfirst run --shards`: one result, whatever happens to whom."""

import signal
import sys
from pathlib import Path

import psutil
import pytest

from askfirst.engine.journal import read_episodes
from tests.command import Command
from tests.spread_run import begun, command, kill, played, wait_for, wait_for_episodes, workers
from tests.worker_models import write_package

RESULTS = ("episodes.jsonl", "summary.json")
BASELINES = ["--model", "baseline/uniform", "--model", "baseline/oracle"]


def results(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in RESULTS]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the models `patient/…` lie."""
    return str(write_package(tmp_path_factory.mktemp("package")))


@pytest.fixture(scope="module")
def alone(tiny_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of baselines by one process."""
    out = tmp_path_factory.mktemp("alone") / "out"
    assert played(command(tiny_suite, out, *BASELINES)).returncode == 0
    return out


@pytest.fixture(scope="module")
def patient_alone(tiny_suite: Path, package: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the patient model by one process."""
    out = tmp_path_factory.mktemp("patient") / "out"
    done = played(patient(tiny_suite, out), PYTHONPATH=package)
    assert done.returncode == 0, done.stderr
    return out


def patient(suite: Path, out: Path, *words: object, model: str = "x") -> list[str]:
    """A run of a model that takes some seconds: one request at a time."""
    return command(suite, out, "--model", f"patient/{model}", "--max-connections", 1, *words)


def test_shards_give_the_same_result_as_one_process(
    alone: Path, tiny_suite: Path, tmp_path: Path
) -> None:
    done = played(command(tiny_suite, tmp_path / "out", *BASELINES, "--shards", 2))
    assert done.returncode == 0, done.stderr
    assert "2 workers" in done.stderr
    assert results(tmp_path / "out") == results(alone)


def test_a_killed_worker_costs_time_only(
    patient_alone: Path, package: str, tiny_suite: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = begun(patient(tiny_suite, out, "--shards", 2), PYTHONPATH=package)
    wait_for_episodes(out, 3)
    before = read_episodes(out / "episodes.jsonl")
    assert len(before) < 28, "killed too late to show anything"
    kill(workers(run)[0])
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert "was lost (ended by SIGKILL)" in said
    assert results(out) == results(patient_alone)


def test_a_killed_run_is_taken_up_with_another_number_of_shards(
    patient_alone: Path, package: str, tiny_suite: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for words in (["--shards", 2], []):
        done = len(read_episodes(out / "episodes.jsonl")) if out.exists() else 0
        run = begun(patient(tiny_suite, out, *words), PYTHONPATH=package)
        wait_for_episodes(out, done + 4)
        run.kill()
        run.wait()
        assert not (out / "summary.json").exists(), "killed too late to show anything"
    finished = read_episodes(out / "episodes.jsonl")
    assert len({episode.key for episode in finished}) == len(finished) >= 8

    last = played(patient(tiny_suite, out, "--shards", 2), PYTHONPATH=package)
    assert last.returncode == 0, last.stderr
    assert results(out) == results(patient_alone)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_however_a_run_ends_its_workers_and_their_processes_do_too(
    package: str, tiny_suite: Path, tmp_path: Path, how: signal.Signals
) -> None:
    out = tmp_path / "out"
    run = begun(patient(tiny_suite, out, "--shards", 2, model="parent"), PYTHONPATH=package)
    wait_for_episodes(out, 2)
    helpers = psutil.Process(run.pid).children(recursive=True)
    assert len(workers(run)) == 2
    assert any("time.sleep" in " ".join(helper.cmdline()) for helper in helpers)
    run.send_signal(how)
    _, said = run.communicate(timeout=30)
    assert run.returncode != 0
    assert "Traceback" not in said
    wait_for(lambda: not any(helper.is_running() for helper in helpers), "orphans", 20)


def test_errors_of_the_model_are_counted_apart_and_redone(
    package: str, tiny_suite: Path, tmp_path: Path
) -> None:
    out, trouble = tmp_path / "out", tmp_path / "trouble"
    words = patient(tiny_suite, out, "--scenario", "QD", model="faulty")
    trouble.touch()
    ended = played([*words, "--shards", "2"], PYTHONPATH=package, TROUBLE=str(trouble))
    assert ended.returncode == 1
    assert "4 episodes ended in an error and count for nothing" in ended.stderr
    assert {episode.error for episode in read_episodes(out / "episodes.jsonl")} == {
        "RuntimeError: the server fell over"
    }
    trouble.unlink()
    assert played(words, PYTHONPATH=package, TROUBLE=str(trouble)).returncode == 0
    assert not any(episode.failed for episode in read_episodes(out / "episodes.jsonl"))


def test_a_finished_run_starts_no_workers(alone: Path, tiny_suite: Path) -> None:
    before = results(alone)
    again = played(command(tiny_suite, alone, *BASELINES, "--shards", 2))
    assert again.returncode == 0
    assert "workers" not in again.stderr
    assert results(alone) == before
    assert not (alone / "shard-logs").exists()


def test_without_ray_it_is_said_what_to_install(
    askfirst: Command, tiny_suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "askfirst.engine.crew_ray", raising=False)
    words = ["--suite", tiny_suite, "--out", tmp_path / "out", *BASELINES, "--ray", "local"]
    ended = askfirst("run", *words)
    assert ended.code == 2
    assert 'pip install "askfirst[ray]"' in ended.err
