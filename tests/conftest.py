"""Fixtures that several folders of tests share."""

from pathlib import Path

import pytest

from tests.command import Command
from tests.tiny_suite import write_tiny_suite


@pytest.fixture(scope="session")
def tiny_suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A suite with two samples of each of the seven scenarios; do not change it."""
    return write_tiny_suite(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def own_suite(tmp_path: Path) -> Path:
    """The same, for tests that break it."""
    return write_tiny_suite(tmp_path / "suite")


@pytest.fixture
def askfirst(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command `askfirst`."""
    return Command(monkeypatch, capsys)
