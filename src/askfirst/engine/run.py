"""A run from selection to summary: plays what is missing, survives being killed, writes the files.

Files of a run's folder: `manifest.json` (what it is), `episodes.jsonl` (its memory and result),
`summary.json` (the table), `logs/` and `shard-logs/` (logs of
the models that inspect_ai calls, for its viewer).
"""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from askfirst.engine.journal import Journal
from askfirst.engine.playing import model_of, play_selection
from askfirst.engine.provenance import MANIFEST_FILE, RunSpec, check_same_run, run_manifest
from askfirst.engine.shard_worker import SHARD_LOGS_FOLDER, job_of, one_line
from askfirst.engine.shards import Shards, Watcher, play_shards
from askfirst.engine.shares import units_to_play
from askfirst.engine.store import EpisodeStore, Recorder
from askfirst.errors import AskFirstError, RunError
from askfirst.metrics.published import summarise
from askfirst.protocol.episode import Episode
from askfirst.protocol.protocol import ASKFIRST_V1
from askfirst.protocol.protocol import protocol as protocol_named
from askfirst.providers.local.provider import DEFAULT_MODEL
from askfirst.suites.selection import select, with_twins
from askfirst.suites.suite import load_suite
from askfirst.suites.verify import check_pictures

SECRET = re.compile(r"(^|_)(key|token|secret|password|credentials)$", re.IGNORECASE)
"""Names of arguments that hold what nobody else should read."""

EPISODES_FILE = "episodes.jsonl"
SUMMARY_FILE = "summary.json"
LOGS_FOLDER = "logs"
LOCK_FILE = ".lock"
LOGS_FOLDERS = (LOGS_FOLDER, SHARD_LOGS_FOLDER)
OWN_FOLDERS = (*LOGS_FOLDERS, "report_files")
REPORT_FILE = "report.html"
DRAFTS = tuple(f"{name}.part" for name in (EPISODES_FILE, SUMMARY_FILE, MANIFEST_FILE))
OWN_FILES = (EPISODES_FILE, SUMMARY_FILE, REPORT_FILE, *DRAFTS, MANIFEST_FILE)


@dataclass(frozen=True)
class RunResult:
    """What a run left behind.

    Attributes:
        folder: Where its files are.
        summary: The content of `summary.json`.
        errors: Number of episodes that an error ended, to be redone by the same command.
    """

    folder: Path
    summary: dict[str, Any]
    errors: int


def plan_run(
    models: Sequence[str] = (),
    suite: str = "studio",
    scenarios: Sequence[str] = (),
    protocol: str = ASKFIRST_V1.name,
    limit: int | None = None,
    seed: int = 0,
    twins: bool | None = None,
    plays_here: bool = True,
    model_args: Mapping[str, Any] | None = None,
) -> RunSpec:
    """Check everything that a run needs before anything is written.

    Args:
        models: inspect_ai model names; none means the model that ships with this package.
        suite: Name of an embedded suite, or the folder of another.
        scenarios: Keys to play; none means all of the suite.
        protocol: Name of the protocol.
        limit: Most samples a scenario, twins not counted; None means all.
        seed: Seed of every draw.
        twins: Whether answerable twins are played too; None leaves it to the protocol.
        plays_here: Whether this process is to play, so that the models must work in it. Where
            workers play they are not even tried: to try one may mean to load it.
        model_args: What the models' providers are told.

    Raises:
        AskFirstError: An unknown name, an empty selection, a broken suite, an unusable model.
    """
    _check_arguments(model_args or {})
    rules, loaded = protocol_named(protocol), load_suite(suite)
    selection = select(loaded, scenarios, limit, seed)
    if rules.twins if twins is None else twins:
        selection = with_twins(selection)
    check_pictures(
        loaded, [(key, sample) for key, group in selection.items() for sample in group], rules.mode
    )
    names = tuple(dict.fromkeys(models)) or (DEFAULT_MODEL,)
    for name in names if plays_here else ():
        _check_model(name, model_args or {})
    return RunSpec(names, loaded, selection, rules, seed, limit, model_args or {})


def _check_arguments(model_args: Mapping[str, Any]) -> None:
    """Keep secrets out: arguments are part of what a run is, and stand in its manifest."""
    for name in model_args:
        if SECRET.search(name):
            raise RunError(
                f"the argument {name} would be written into the run's files: put it into the "
                f"environment instead (ASKFIRST_SERVER_KEY for server/, else the provider's own "
                f"variable, such as OPENAI_API_KEY)"
            )


def _check_model(name: str, model_args: Mapping[str, Any]) -> None:
    try:
        model_of(name, model_args)
    except AskFirstError:
        raise
    except Exception as error:  # a provider may raise anything for a name, package or key it lacks
        raise RunError(f"model {name!r} cannot be used: {one_line(error)}") from error


def default_folder(spec: RunSpec) -> Path:
    """The folder of a run that names none: the same for the same run, so that it can go on."""
    digest = hashlib.sha256(json.dumps(spec.identity, sort_keys=True).encode()).hexdigest()[:8]
    return Path("askfirst-runs") / f"{spec.suite.manifest.name}-{spec.protocol.name}-{digest}"


def run(
    spec: RunSpec,
    folder: Path,
    command: Sequence[str] = (),
    fresh: bool = False,
    max_connections: int | None = None,
    recorded: Recorder | None = None,
    shards: Shards | None = None,
    watch: Watcher | None = None,
) -> RunResult:
    """Play what a run's folder does not yet hold, and write its summary.

    Args:
        spec: What to play.
        folder: The run's own folder; made if it does not exist.
        command: What was typed, for the manifest.
        fresh: Whether to throw away what an earlier run left in the folder.
        max_connections: Most simultaneous requests to a model, of each worker if there are
            several; None leaves it to inspect_ai.
        recorded: Called with every episode: first those that the folder holds, then new ones.
        shards: Workers that play what is missing; None means this process does.
        watch: Called when workers come and go.

    Raises:
        RunError: The folder is another run's, somebody else's, or in use; workers cannot play.
    """
    check_folder(folder, spec, fresh)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK_FILE).acquire(timeout=0):
            if fresh:
                _clear(folder)
            if not (folder / MANIFEST_FILE).exists():
                _write_json(folder / MANIFEST_FILE, run_manifest(spec, command))
            with closing(Journal(folder / EPISODES_FILE)) as journal:
                _play_missing(spec, folder, journal, max_connections, recorded, shards, watch)
                return _finish(spec, folder, journal)
    except Timeout as error:
        raise RunError(f"another process is playing in {folder}: wait for it to end") from error


def check_folder(folder: Path, spec: RunSpec, fresh: bool = False) -> None:
    """Make sure that a run may write into a folder: a new or empty one, or its own.

    Raises:
        RunError: It is a file, another run's folder (unless `fresh`), or somebody else's.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RunError(f"{folder} is a file, not a folder")
    if (folder / MANIFEST_FILE).exists():
        if not fresh:
            check_same_run(folder, spec)
        return
    if any(entry.name not in (LOCK_FILE, *DRAFTS) for entry in folder.iterdir()):
        raise RunError(f"{folder} holds files that are no run of ours: choose another --out")


def _clear(folder: Path) -> None:
    """Remove a run's own files, and nothing else.

    The manifest goes last: as long as it is there, the folder is known to be a run's.
    """
    for name in OWN_FOLDERS:
        inner = folder / name
        if inner.is_symlink():
            inner.unlink()
        elif inner.exists():
            shutil.rmtree(inner)
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)


def _play_missing(
    spec: RunSpec,
    folder: Path,
    journal: Journal,
    max_connections: int | None,
    recorded: Recorder | None,
    shards: Shards | None,
    watch: Watcher | None,
) -> None:
    held = [episode for episode in journal.episodes.values() if not episode.failed]
    if recorded:
        for episode in held:
            recorded(episode)
    if len(held) == spec.size and (folder / SUMMARY_FILE).exists():
        return
    if shards:
        _play_in_shards(spec, folder, journal, max_connections, recorded, shards, watch)
    else:
        store = EpisodeStore(journal, recorded)
        before = len(journal.episodes)
        play_selection(spec, folder / LOGS_FOLDER, store, max_connections)
        if before == len(journal.episodes) < spec.size:
            # The logs know of episodes that the journal has lost; it alone is the run's memory.
            shutil.rmtree(folder / LOGS_FOLDER)
            play_selection(spec, folder / LOGS_FOLDER, store, max_connections)


def _play_in_shards(
    spec: RunSpec,
    folder: Path,
    journal: Journal,
    max_connections: int | None,
    recorded: Recorder | None,
    shards: Shards,
    watch: Watcher | None,
) -> None:
    def arrived(episode: Episode) -> None:
        journal.append(episode)
        if recorded:
            recorded(episode)

    finished = {key for key, episode in journal.episodes.items() if not episode.failed}
    units = units_to_play(spec, finished)
    if units:
        play_shards(shards, job_of(spec, folder, max_connections), units, arrived, watch)


def _finish(spec: RunSpec, folder: Path, journal: Journal) -> RunResult:
    """Put the episodes in order and write the summary."""
    keys = [
        (model, key, sample.id)
        for model in spec.models
        for key, samples in spec.selection.items()
        for sample in samples
    ]
    missing = sum(key not in journal.episodes for key in keys)
    if missing:
        raise RunError(
            f"{missing} of {spec.size} episodes are missing from {folder}: "
            f"run the same command again to play them"
        )
    journal.put_in_order(keys)
    episodes = [journal.episodes[key] for key in keys]
    summary = run_summary(spec, episodes)
    _write_json(folder / SUMMARY_FILE, summary)
    return RunResult(folder, summary, sum(episode.failed for episode in episodes))


def run_summary(spec: RunSpec, episodes: Sequence[Episode]) -> dict[str, Any]:
    """The content of `summary.json` from all episodes of a run."""
    groups: dict[str, dict[str, list[Episode]]] = {
        model: {key: [] for key in spec.selection} for model in spec.models
    }
    for episode in episodes:
        groups[episode.model][episode.scenario].append(episode)
    return {
        "protocol": spec.protocol.name,
        "suite": spec.suite.manifest.name,
        "models": {model: summarise(by_scenario) for model, by_scenario in groups.items()},
    }


def _write_json(file: Path, content: Mapping[str, Any]) -> None:
    draft = file.with_name(file.name + ".part")
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(file)
