"""What makes two runs one: which arguments of a model decide its replies."""

from dataclasses import fields, replace

import pytest

from askfirst.engine.provenance import SPEED_ARGUMENTS, RunSpec
from askfirst.engine.run import plan_run
from askfirst.providers.local.settings import LocalSettings
from askfirst.providers.server.settings import ServerSettings

TELLING = {"dtype", "attention", "adapter", "mode", "chat_template", "early_stop"}
"""Arguments that change what a local model replies, or what is recorded of it."""

NAMES = {field.name for kind in (LocalSettings, ServerSettings) for field in fields(kind)}


def test_every_argument_is_known_to_change_replies_or_only_their_speed() -> None:
    assert NAMES - {"model"} == TELLING | SPEED_ARGUMENTS
    assert not TELLING & SPEED_ARGUMENTS


@pytest.fixture(scope="module")
def spec() -> RunSpec:
    return plan_run(["baseline/oracle"], limit=1)


@pytest.mark.parametrize("name", sorted(NAMES - {"model"}))
def test_a_run_is_the_same_with_another_speed_only(name: str, spec: RunSpec) -> None:
    first, second = (replace(spec, model_args={name: value}) for value in ("1", "2"))
    assert (first.identity == second.identity) == (name in SPEED_ARGUMENTS)
