"""Run folders as a report reads them: finished episodes with what the manifest says of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askfirst.engine.journal import merge, read_episodes
from askfirst.engine.provenance import MANIFEST_FILE
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode

EPISODES_FILE = "episodes.jsonl"


@dataclass(frozen=True, slots=True)
class SuiteName:
    """Which suite a run played.

    Attributes:
        name, version: As in the suite's manifest.
        sha256: Hex digest of that manifest, which pins every sample and picture.
    """

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Run:
    """One or more runs of the same suite under the same protocol.

    Attributes:
        folders: Where they lie.
        suite: What was played.
        suite_folders: Where the suite was when it was played, if the manifests say so.
        protocol: Name of the protocol.
        protocol_sha256: Hex digest over its fields.
        scenarios: Scenario keys in the order of the suite.
        models: Model names in the order of the runs.
        episodes: Finished episodes, one for each model, scenario and sample.
    """

    folders: tuple[Path, ...]
    suite: SuiteName
    suite_folders: tuple[Path, ...]
    protocol: str
    protocol_sha256: str
    scenarios: tuple[str, ...]
    models: tuple[str, ...]
    episodes: tuple[Episode, ...]

    def groups(self, model: str) -> dict[str, list[Episode]]:
        """The episodes of a model by scenario key; scenarios that it did not play are left out."""
        played: dict[str, list[Episode]] = {key: [] for key in self.scenarios}
        for episode in self.episodes:
            if episode.model == model:
                played[episode.scenario].append(episode)
        return {key: group for key, group in played.items() if group}


def read_run(folder: Path) -> Run:
    """Read a run's folder, complete or not.

    Raises:
        RunError: It is no run's folder, it holds no finished episode, or its files are broken.
    """
    manifest = _read_manifest(folder)
    try:
        suite = SuiteName(*(str(manifest["suite"][key]) for key in SuiteName.__slots__))
        protocol = manifest["protocol"]
        name, sha256 = str(protocol["name"]), str(protocol["sha256"])
        models, scenarios = tuple(manifest["models"]), tuple(manifest["scenarios"])
        recorded = manifest.get("suite_folder")
    except (KeyError, TypeError) as error:
        raise RunError(f"{folder / MANIFEST_FILE} is not a run's manifest: {error!r}") from error
    file = folder / EPISODES_FILE
    if not file.exists():
        raise RunError(f"{folder} holds no {EPISODES_FILE}: play the run first")
    episodes = tuple(merge(read_episodes(file)).values())
    if not episodes:
        raise RunError(f"{file} holds no finished episode: play the run first")
    strangers = {e.scenario for e in episodes} - set(scenarios) | {e.model for e in episodes} - set(
        models
    )
    if strangers:
        raise RunError(f"{file} holds episodes that the manifest does not name: {min(strangers)}")
    folders = (Path(recorded),) if isinstance(recorded, str) else ()
    return Run((folder,), suite, folders, name, sha256, scenarios, models, episodes)


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST_FILE
    try:
        manifest = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(
            f"{folder} is no run's folder: {file.name} cannot be read ({error})"
        ) from error
    if not isinstance(manifest, dict):
        raise RunError(f"{file} is not a run's manifest")
    return manifest


def join_runs(runs: Sequence[Run]) -> Run:
    """Put the models of several runs together.

    Raises:
        RunError: Their numbers cannot stand in one table: another suite or protocol, or the same
            episode twice.
    """
    first = runs[0]
    for other in runs[1:]:
        _check_comparable(first, other)
    owners: dict[tuple[str, str, int], Path] = {}
    for run in runs:
        for episode in run.episodes:
            owner = owners.setdefault(episode.key, run.folders[0])
            if owner is not run.folders[0]:
                raise RunError(
                    f"{owner} and {run.folders[0]} both hold {episode.model} on "
                    f"{episode.scenario} {episode.sample}: give one of them"
                )
    return Run(
        folders=tuple(folder for run in runs for folder in run.folders),
        suite=first.suite,
        suite_folders=tuple(dict.fromkeys(f for run in runs for f in run.suite_folders)),
        protocol=first.protocol,
        protocol_sha256=first.protocol_sha256,
        scenarios=tuple(dict.fromkeys(key for run in runs for key in run.scenarios)),
        models=tuple(dict.fromkeys(model for run in runs for model in run.models)),
        episodes=tuple(episode for run in runs for episode in run.episodes),
    )


def _check_comparable(one: Run, other: Run) -> None:
    if one.suite != other.suite:
        differing = f"suite {_suite_words(one.suite)} and {_suite_words(other.suite)}"
    elif one.protocol_sha256 != other.protocol_sha256:
        differing = f"protocol {one.protocol} and {other.protocol}"
    else:
        return
    raise RunError(
        f"{one.folders[0]} and {other.folders[0]} cannot stand in one report: they played "
        f"{differing}; make a report of each"
    )


def _suite_words(suite: SuiteName) -> str:
    return f"{suite.name} {suite.version} ({suite.sha256[:8]})"
