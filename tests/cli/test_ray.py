"""`askfirst run --ray`: the same, on a Ray cluster of two workers."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from askfirst.engine.journal import read_episodes
from tests.command import Command
from tests.spread_run import begun, command, kill, played, wait_for, wait_for_episodes
from tests.worker_models import write_package

pytest.importorskip("ray")

OPEN = {"RAY_AUTH_MODE": "disabled"}
"""Without a token: Ray would leave one in the home folder of whoever runs the tests."""

BASELINES = ["--model", "baseline/uniform", "--model", "baseline/oracle"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the models `patient/…` lie."""
    return str(write_package(tmp_path_factory.mktemp("package")))


@pytest.fixture(scope="module")
def head(package: str) -> Iterator[tuple[psutil.Process, str]]:
    """A cluster with room for two workers: its first process and its address."""
    port, client_port = free_port(), free_port()
    words = [
        "start",
        "--head",
        "--block",
        f"--port={port}",
        f"--ray-client-server-port={client_port}",
        "--num-cpus=2",
        "--object-store-memory=100000000",
        "--include-dashboard=false",
        "--disable-usage-stats",
    ]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("ray")), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": package} | OPEN,
    )
    wait_for(lambda: listens(port), "Ray did not start")
    yield psutil.Process(process.pid), f"127.0.0.1:{port}"
    helpers = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    process.wait(30)
    _, alive = psutil.wait_procs(helpers, 10)
    for helper in alive:
        helper.kill()


def results(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ("episodes.jsonl", "summary.json")]


def actors(head: psutil.Process) -> list[psutil.Process]:
    """The processes of our workers in a cluster."""
    return [p for p in head.children(recursive=True) if "ray::Player" in " ".join(p.cmdline())]


def test_a_ray_run_gives_the_same_result_as_one_process(
    head: tuple[psutil.Process, str], askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    _, address = head
    alone = ["--suite", tiny_suite, "--out", tmp_path / "alone", "--no-report", *BASELINES]
    assert askfirst("run", *alone).code == 0
    spread = played(command(tiny_suite, tmp_path / "spread", *BASELINES, "--ray", address), **OPEN)
    assert spread.returncode == 0, spread.stderr
    assert "of 2 workers" in spread.stderr
    assert results(tmp_path / "spread") == results(tmp_path / "alone")


def test_a_ray_worker_that_is_killed_costs_time_only(
    head: tuple[psutil.Process, str], package: str, tiny_suite: Path, tmp_path: Path
) -> None:
    cluster, address = head
    words = ["--model", "patient/x", "--max-connections", 1]
    alone = played(command(tiny_suite, tmp_path / "alone", *words), PYTHONPATH=package)
    assert alone.returncode == 0, alone.stderr

    out = tmp_path / "spread"
    run = begun(command(tiny_suite, out, *words, "--ray", address), PYTHONPATH=package, **OPEN)
    wait_for(lambda: len(actors(cluster)) == 2, "Ray started no two workers")
    first, _ = actors(cluster)
    wait_for_episodes(out, 3)
    kill(first)
    assert len(read_episodes(out / "episodes.jsonl")) < 28, "killed too late to show anything"
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert "was lost" in said
    assert results(out) == results(tmp_path / "alone")
    wait_for(lambda: not actors(cluster), "workers stay after the run", 20)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("127.0.0.1:1", "no Ray cluster can be used at '127.0.0.1:1': "),
        ("ray://127.0.0.1:1", "no Ray cluster can be used at 'ray://127.0.0.1:1': "),
        ("nonsense", "give auto, local, HOST:PORT or ray://HOST:PORT"),
    ],
)
def test_an_address_where_no_cluster_is_ends_in_one_line(
    askfirst: Command, tiny_suite: Path, tmp_path: Path, address: str, message: str
) -> None:
    words = ["--suite", tiny_suite, "--out", tmp_path / "out", *BASELINES, "--ray", address]
    ended = askfirst("run", *words)
    assert ended.code == 2
    assert message in ended.err.splitlines()[-1]
