"""A tiny model with random weights on disk, loaded here, and its pictures."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from askfirst.protocol.play import play
from askfirst.protocol.protocol import protocol
from askfirst.providers.local.job import Job, Line, Writing
from askfirst.providers.local.loader import LoadedModel, load
from askfirst.providers.local.pictures import Opened
from askfirst.providers.local.settings import local_settings
from askfirst.scenarios.registry import scenario
from askfirst.suites.pixels import open_picture
from askfirst.suites.selection import select
from askfirst.suites.suite import load_suite
from tests.providers.local.tiny_model import save_tiny_model

Loader = Callable[..., LoadedModel]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, tiny_suite: Path) -> Path:
    """Folder of a LLaVA-class model with random weights; do not change it."""
    torch.set_num_threads(1)  # more only get into each other's way on a model of this size
    words = [
        text
        for samples in load_suite(str(tiny_suite)).samples.values()
        for sample in samples
        for text in (sample.prompt, *sample.options, *sample.categories)
    ]
    return save_tiny_model(tmp_path_factory.mktemp("model"), words)


@pytest.fixture(scope="session")
def loaded(tiny_model: Path) -> LoadedModel:
    """That model in this process, which writes its replies."""
    return load(local_settings(str(tiny_model), {}), "cpu")


@pytest.fixture(scope="session")
def questions(tiny_suite: Path) -> Sequence[Opened]:
    """The first question of every sample of the tiny suite, twice: the pictures differ."""
    suite, rules = load_suite(str(tiny_suite)), protocol("askfirst-v1")
    asked: list[Opened] = []
    for key, samples in select(suite, [], None, 0).items():
        for sample in samples:
            request = next(play(scenario(key), sample, rules))
            picture = request.messages[-1].picture
            assert picture is not None
            image = open_picture(suite, picture)
            options = tuple(option.text for option in request.observation.options)
            for shown in (image, Image.effect_noise(image.size, 80).convert("RGB")):
                line = Line("user", request.messages[-1].text, ("a picture",))
                job = Job(len(asked), (line,), Writing(12), request.labels, options)
                asked.append(Opened(job, (shown,)))
    return asked


def question(number: int = 0, text: str = "What is it?", **other: Any) -> Opened:
    """One question about a picture."""
    image = other.pop("image", Image.new("RGB", (48, 40), (200, 30, 30)))
    writing = other.pop("writing", Writing(8))
    line = Line("user", text, ("a picture",))
    return Opened(Job(number, (line,), writing, **other), (image,))
