"""Arguments of a local model, as a user gives them."""

import pytest

from askfirst.errors import RunError
from askfirst.providers.local.settings import LocalSettings, local_settings


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, LocalSettings("m")),
        ({"batch": "4", "window": "0.5"}, LocalSettings("m", batch=4, window=0.5)),
        ({"devices": "cuda:0, cuda:1"}, LocalSettings("m", devices=("cuda:0", "cuda:1"))),
        ({"devices": ["cpu"]}, LocalSettings("m", devices=("cpu",))),
        ({"early_stop": "no", "offline": True}, LocalSettings("m", early_stop=False, offline=True)),
        (
            {"mode": "logprobs", "dtype": "float16", "threads": 3},
            LocalSettings("m", mode="logprobs", dtype="float16", threads=3),
        ),
    ],
)
def test_values_may_be_texts(given: dict[str, object], wanted: LocalSettings) -> None:
    assert local_settings("m", given) == wanted


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"bacth": 4}, "no argument 'bacth'.*batch"),
        ({"batch": "many"}, "batch must be a int, not 'many'"),
        ({"batch": 0}, "batch must be 1 or more"),
        ({"window": -1}, "window, threads and prefixes 0 or more"),
        ({"prefixes": True}, "prefixes must be a int, not True"),
        ({"batch": 1.5}, "batch must be a int, not 1.5"),
        ({"mode": "guess"}, "mode 'guess' is none of text, logprobs"),
        ({"dtype": "float8"}, "dtype 'float8' is none of auto"),
        ({"early_stop": "perhaps"}, "early_stop must be a bool"),
        ({"devices": 3}, "devices must be a tuple"),
    ],
)
def test_what_cannot_be_is_said(given: dict[str, object], complaint: str) -> None:
    with pytest.raises(RunError, match=complaint):
        local_settings("m", given)
