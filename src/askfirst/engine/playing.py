"""Playing a selection: providers of ours here, all others by inspect_ai with its logs."""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from inspect_ai import eval_set
from inspect_ai.model import GenerateConfig, Model, get_model

from askfirst.engine.chat import picture_encoder
from askfirst.engine.exchange import exchange
from askfirst.engine.provenance import RunSpec
from askfirst.engine.store import EpisodeStore
from askfirst.engine.tasks import scenario_task
from askfirst.errors import RunError
from askfirst.providers.direct import DirectModel, opens_pictures
from askfirst.providers.local.provider import LOCAL_PROVIDERS

REALTIME_LIMIT = 1_000
"""Number of samples above which inspect_ai's live view costs more than it shows."""


LOCAL_MODE = "mode"
"""The argument that only local models understand."""


def model_of(name: str, model_args: Mapping[str, Any], max_connections: int | None = None) -> Model:
    """The model of a name: the same object for the same name and arguments.

    Args:
        name: inspect_ai model name.
        model_args: What its provider is told.
        max_connections: Most simultaneous requests; None leaves it to inspect_ai, which tunes it
            by what it sees, or to a provider of ours.

    Raises:
        RunError: The mode that only local models have is asked of another.
        Exception: Whatever a provider raises for a name, package or key that it lacks.
    """
    if LOCAL_MODE in model_args and not name.startswith(LOCAL_PROVIDERS):
        raise RunError(f"--mode {model_args[LOCAL_MODE]} is for local models, not for {name}")
    return get_model(name, config=GenerateConfig(max_connections=max_connections), **model_args)


def play_selection(
    spec: RunSpec, logs: Path, store: EpisodeStore, max_connections: int | None = None
) -> None:
    """Play all samples of a run with all of its models: first with ours, then with inspect_ai's.

    Args:
        spec: What to play.
        logs: Folder of inspect_ai's logs: a new one, or that of the same run.
        store: Episodes that need not be played again, and where new ones go.
        max_connections: Most simultaneous requests to a model; None leaves it to inspect_ai or to
            the provider.
    """
    models = [model_of(name, spec.model_args, max_connections) for name in spec.models]
    for model in models:
        if isinstance(model.api, DirectModel):
            _complete(_play_directly(spec, model, store))
    others = [model for model in models if not isinstance(model.api, DirectModel)]
    if others:
        _play_with_inspect(spec, others, logs, store)


def _complete(playing: Coroutine[Any, Any, None]) -> None:
    """Run to the end; in a notebook, whose own event loop is running, in a thread beside it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(playing)
        return
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, playing).result()


async def _play_directly(spec: RunSpec, model: Model, store: EpisodeStore) -> None:
    """Play with a provider of ours, which needs nothing of what inspect_ai does around a call.

    As many samples are under way as the model has connections: an episode has one request at a
    time.
    """
    encode = picture_encoder(spec.suite, opens_pictures(model))
    waiting = ((key, sample) for key, group in spec.selection.items() for sample in group)

    async def play_some() -> None:
        for key, sample in waiting:
            if store.finished((str(model), key, sample.id)) is None:
                played = await exchange(
                    model, spec.suite, key, sample, spec.protocol, spec.seed, encode
                )
                store.keep(played.episode)

    connections = model.config.max_connections or model.api.max_connections()
    try:
        await asyncio.gather(*(play_some() for _ in range(connections)))
    finally:
        await model.api.aclose()


def _play_with_inspect(spec: RunSpec, models: list[Model], logs: Path, store: EpisodeStore) -> None:
    tasks = [
        scenario_task(key, samples, spec.suite, spec.protocol, spec.seed, store)
        for key, samples in spec.selection.items()
    ]
    samples = max(len(group) for group in spec.selection.values())
    eval_set(
        tasks,
        log_dir=str(logs),
        model=models,
        display="none",
        score_display=False,
        # Every sample is tried; those that an error ends leave the log unfinished, so that the
        # same command takes it up again and redoes just them.
        fail_on_error=True,
        continue_on_fail=True,
        retry_attempts=0,
        retry_immediate=False,
        log_images=False,
        log_realtime=spec.size <= REALTIME_LIMIT,
        log_buffer=max(1, samples // 20),
        ctl_server=False,
        # For inspect_ai a log of other arguments is another run's, even if they change nothing but
        # how fast replies come. The journal is the run's memory: a strange log need not stop it.
        log_dir_allow_dirty=True,
    )
