"""Dependencies point one way."""

import subprocess
import sys

import pytest

CORE = ("askfirst.scenarios", "askfirst.protocol.play", "askfirst.suites", "askfirst.metrics")
HEAVY = {"inspect_ai", "torch", "transformers", "typer", "rich", "pydantic", "aiohttp", "requests"}


@pytest.mark.parametrize("module", CORE)
def test_the_core_needs_neither_engine_nor_network_nor_torch(module: str) -> None:
    code = f"import {module}, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {name.split(".")[0] for name in loaded} & HEAVY == set()
    assert [n for n in loaded if n.startswith(("askfirst.engine", "askfirst.cli"))] == []


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("askfirst.scenarios", ("askfirst.protocol", "askfirst.suites", "askfirst.metrics")),
        ("askfirst.protocol.play", ("askfirst.suites", "askfirst.metrics")),
        ("askfirst.suites", ("askfirst.protocol", "askfirst.metrics")),
    ],
)
def test_rooms_of_the_core_look_downwards_only(module: str, forbidden: tuple[str, ...]) -> None:
    code = f"import {module}, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in loaded if name.startswith(forbidden)] == []
