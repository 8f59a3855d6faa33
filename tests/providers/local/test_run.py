"""Whole runs with local models: through the engine, worker processes and all."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser, ContentImage, ContentText, GenerateConfig
from inspect_ai.solver import generate
from PIL import Image

from askfirst.engine.journal import read_episodes
from askfirst.engine.run import plan_run, run
from askfirst.engine.shard_worker import Player, job_of
from askfirst.engine.shares import Share, units_to_play
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode
from askfirst.protocol.play import play
from askfirst.protocol.protocol import protocol as protocol_named
from askfirst.providers.local.pool import close_pools, pool_of
from askfirst.providers.local.provider import BATCHES_WAITING, DEFAULT_MODEL, OFFERED, Local
from askfirst.providers.local.settings import local_settings
from askfirst.scenarios.registry import scenario
from askfirst.suites.suite import load_suite
from tests.providers.local.test_pictures import data_uri

ONE = {"devices": "cpu", "window": 1, "threads": 1}
ALONE, TOGETHER = {**ONE, "batch": 1}, {**ONE, "batch": 16}
SCORED = {"mode": "logprobs"}


@pytest.fixture(scope="module", autouse=True)
def _workers_end() -> Any:
    yield
    close_pools()


def choices(episodes: list[Episode]) -> dict[tuple[str, int], list[int | None]]:
    return {(e.scenario, e.sample): [turn.choice for turn in e.turns] for e in episodes}


def played(
    model: str, arguments: Mapping[str, Any], suite: str, folder: Path, **settings: Any
) -> list[Episode]:
    result = run(plan_run([model], suite, model_args=arguments, **settings), folder)
    assert result.errors == 0
    return read_episodes(folder / "episodes.jsonl")


def test_choices_do_not_depend_on_the_batch(
    tiny_model: Path, tiny_suite: Path, tmp_path: Path
) -> None:
    alone, together = (
        played(f"local/{tiny_model}", {**size, **SCORED}, str(tiny_suite), tmp_path / name)
        for name, size in (("alone", ALONE), ("together", TOGETHER))
    )
    assert choices(alone) == choices(together)
    assert len({tuple(turns) for turns in choices(alone).values()}) > 2
    for one, other in zip(alone, together, strict=True):
        for turn, same in zip(one.turns, other.turns, strict=True):
            assert turn.option_logprobs is not None
            assert turn.option_logprobs == pytest.approx(same.option_logprobs, abs=1e-3)
            assert turn.choice == turn.option_logprobs.index(max(turn.option_logprobs))


def test_the_shipped_model_chooses_the_same_alone_and_together(tmp_path: Path) -> None:
    alone, together = (
        played(DEFAULT_MODEL, size, "studio", tmp_path / name, limit=1, twins=False)
        for name, size in (("alone", ALONE), ("together", TOGETHER))
    )
    assert choices(alone) == choices(together)
    replies, same = (
        [[turn.reply for turn in episode.turns] for episode in episodes]
        for episodes in (alone, together)
    )
    assert replies == same
    assert len({turns[0] for turns in replies}) > 2


def test_a_killed_worker_costs_the_requests_that_it_had(
    tiny_model: Path, tiny_suite: Path, tmp_path: Path
) -> None:
    arguments = {**ALONE, **SCORED}  # so three requests are under way at a time
    workers = pool_of(local_settings(str(tiny_model), arguments))
    spec = plan_run([f"local/{tiny_model}"], str(tiny_suite), model_args=arguments)
    killed: list[int] = []

    def kill_once(episode: Episode) -> None:
        if not killed:
            killed.append(workers.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    first = run(spec, tmp_path / "out", recorded=kill_once)
    assert 0 < first.errors <= 2 * BATCHES_WAITING
    failed = [e for e in read_episodes(tmp_path / "out" / "episodes.jsonl") if e.failed]
    assert {e.error for e in failed} == {
        "RunError: the worker of the local model on cpu ended (signal 9)"
    }
    assert workers.workers[0].pid != killed[0], "another one took its place"
    faster = replace(spec, model_args={**arguments, "batch": 2})  # the same run all the same
    assert run(faster, tmp_path / "out").errors == 0
    assert len(read_episodes(tmp_path / "out" / "episodes.jsonl")) == spec.size


def test_a_worker_that_is_given_another_model_lets_go_of_the_first(
    tiny_model: Path, tiny_suite: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_model, tmp_path / "second")
    models = [f"local/{tiny_model}", f"local/{tmp_path / 'second'}"]
    spec = plan_run(models, str(tiny_suite), ["QD"], model_args=ONE, plays_here=False)
    first, second = (
        Share(tuple(units_to_play(replace(spec, models=(model,)), frozenset()))) for model in models
    )
    player = Player(job_of(spec, tmp_path, None), 0)
    assert player.ready() == ()
    pids = []
    for share, model in ((first, models[0]), (second, models[1]), (first, models[0])):
        player.begin(share)
        episodes = []
        while taken := player.take():
            assert isinstance(taken, tuple), taken
            episodes += taken
        assert len(episodes) == 4
        assert not any(episode.failed for episode in episodes)
        folder = model.removeprefix("local/")
        pids.append(pool_of(local_settings(folder, ONE)).workers[0].pid)
        assert not any(psutil.pid_exists(pid) for pid in pids[:-1])


def test_a_task_of_somebody_else_sends_pictures_inline_and_by_path(
    tiny_model: Path, tmp_path: Path
) -> None:
    image = Image.effect_noise((40, 30), 70).convert("RGB")
    image.save(tmp_path / "picture.png")
    rows = [
        Sample(
            input=[ChatMessageUser(content=[ContentImage(image=uri), ContentText(text="What?")])],
            target="",
        )
        for uri in (data_uri(image), str(tmp_path / "picture.png"))
    ]
    task = Task(dataset=MemoryDataset(rows), solver=generate(), config=GenerateConfig(max_tokens=8))
    (log,) = inspect_eval(
        task,
        model=f"local/{tiny_model}",
        model_args=TOGETHER,
        display="none",
        log_dir=str(tmp_path / "logs"),
    )
    assert log.status == "success", log.error
    assert log.samples is not None
    inline, by_path = (sample.output for sample in log.samples)
    assert inline.completion == by_path.completion != ""
    assert inline.usage is not None
    assert inline.usage.input_tokens > 4


@pytest.mark.parametrize("name", ["/no/such/folder", "nobody/no-such-model"])
def test_a_model_that_cannot_be_had_ends_the_run_before_it_starts(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    before = _children()
    with pytest.raises(RunError, match=name) as caught:
        plan_run([f"local/{name}"], model_args=ONE)
    assert "\n" not in str(caught.value)
    assert _children() == before, "no worker is left behind"


CHILD = """
import asyncio, sys, time
from askfirst.providers.local.job import Job, Line, Writing
from askfirst.providers.local.pool import Pool
from askfirst.providers.local.settings import local_settings
pool = Pool(local_settings(sys.argv[1], {"devices": "cpu", "threads": 1}))
print(pool.workers[0].pid, flush=True)
job = Job(1, (Line("user", "Go on and on.", (sys.argv[2],)),), Writing(1500))
asyncio.run(pool.ask(job))
"""


def test_no_worker_outlives_the_run_that_started_it(tiny_model: Path, tmp_path: Path) -> None:
    Image.new("RGB", (32, 32)).save(tmp_path / "picture.png")
    parent = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tiny_model), str(tmp_path / "picture.png")],
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    before = _cpu_ticks(worker)
    assert _within(20, lambda: _cpu_ticks(worker) > before + 10), "it is writing"
    assert parent.poll() is None
    parent.kill()
    parent.wait()
    assert _within(5, lambda: not _runs(worker))


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _cpu_ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12])


def _runs(pid: int) -> bool:
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False


def _children() -> set[int]:
    """Processes of this one that are alive."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(int(folder.name))
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(folder.name))
    return found


@pytest.mark.parametrize(("protocol", "cuttable"), [("official-v1", True), ("askfirst-v1", False)])
def test_replies_may_end_early_only_where_the_official_parser_decides(
    protocol: str, cuttable: bool, tiny_model: Path, tiny_suite: Path
) -> None:
    """The other one reads the whole reply, and more in it than the beginning tells."""
    sample = load_suite(str(tiny_suite)).samples["QD"][0]
    request = next(play(scenario("QD"), sample, protocol_named(protocol)))
    told = Local(str(tiny_model), **ONE).told(request, "")
    offered = json.loads(told[OFFERED])
    assert offered["cuttable"] == cuttable
    assert offered["labels"] == list(request.labels)
    assert offered["options"] == [option.text for option in request.observation.options]
