"""Which GPUs a process may use."""

import pytest

from askfirst.providers.gpus import VISIBLE, machine_gpus


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        ("0,1", ["0", "1"]),
        (" 2 , GPU-1f3a ", ["2", "GPU-1f3a"]),
        ("", []),
        ("-1", []),
        ("0,", ["0"]),
    ],
)
def test_the_variable_decides(
    visible: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VISIBLE, visible)
    assert machine_gpus() == names


def test_without_variable_and_driver_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VISIBLE, raising=False)
    monkeypatch.setenv("PATH", "")
    assert machine_gpus() == []
