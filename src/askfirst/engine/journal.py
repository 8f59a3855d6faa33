"""The journal of a run: `episodes.jsonl`, one line an episode, written the moment it is finished.

The file is the run's memory. A process that is killed leaves every finished episode behind, at
worst with a torn last line, which is cut off; the next process plays what is missing. When a run is
complete the lines are put in order, one for each sample.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from askfirst.errors import RunError
from askfirst.protocol.episode import Episode, from_json, to_json

Key = tuple[str, str, int]


def _line(episode: Episode) -> str:
    return json.dumps(to_json(episode), separators=(",", ":")) + "\n"


def read_episodes(file: Path) -> list[Episode]:
    """Read finished lines of an episode file, in file order; a torn last line is left out.

    Raises:
        RunError: A finished line is not an episode of this version.
    """
    content = file.read_bytes()
    finished = content[: content.rfind(b"\n") + 1].decode("utf-8")
    episodes = []
    for number, line in enumerate(finished.split("\n")[:-1], start=1):
        try:
            episodes.append(from_json(json.loads(line)))
        except (ValueError, AttributeError) as error:
            raise RunError(f"{file} line {number} is no episode: {error}") from error
    return episodes


def merge(episodes: Iterable[Episode]) -> dict[Key, Episode]:
    """One episode a (model, scenario, sample): the last, but never an error over a result."""
    merged: dict[Key, Episode] = {}
    for episode in episodes:
        known = merged.get(episode.key)
        if known is None or known.failed or not episode.failed:
            merged[episode.key] = episode
    return merged


class Journal:
    """An open episode file.

    Attributes:
        file: Where it lies.
        episodes: What it holds, by (model, scenario, sample).
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.episodes: dict[Key, Episode] = {}
        if file.exists():
            self.episodes = merge(read_episodes(file))
            _cut_torn_line(file)
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def finished(self, key: Key) -> Episode | None:
        """The episode of a key that need not be played again."""
        episode = self.episodes.get(key)
        return None if episode is None or episode.failed else episode

    def append(self, episode: Episode) -> None:
        """Write a finished episode; it survives the process from here on."""
        os.write(self._descriptor, _line(episode).encode("utf-8"))
        self.episodes[episode.key] = episode

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _cut_torn_line(file: Path) -> None:
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(file, whole)


def write_episodes(file: Path, episodes: Iterable[Episode]) -> None:
    """Replace an episode file in one step by these episodes, in this order."""
    draft = file.with_suffix(".jsonl.part")
    with draft.open("w", encoding="utf-8") as lines:
        lines.writelines(_line(episode) for episode in episodes)
    draft.replace(file)
